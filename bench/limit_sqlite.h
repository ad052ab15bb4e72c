/* SQLite with the fewest words, for the limit programs. */
#ifndef BENCH_LIMIT_SQLITE_H
#define BENCH_LIMIT_SQLITE_H

#include "measure.h"

#include <sqlite3.h>

static inline sqlite3 *limit_open(const char *path, const char *sql)
{
    sqlite3 *db;

    if (sqlite3_open(path, &db) != SQLITE_OK ||
        sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        measure_fail("%s: %s", path, sqlite3_errmsg(db));
    return db;
}

static inline sqlite3_stmt *limit_prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *stmt;

    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
        measure_fail("%s: %s", sql, sqlite3_errmsg(db));
    return stmt;
}

static inline void limit_step(sqlite3_stmt *stmt)
{
    if (sqlite3_step(stmt) != SQLITE_DONE || sqlite3_reset(stmt) != SQLITE_OK)
        measure_fail("%s", sqlite3_errmsg(sqlite3_db_handle(stmt)));
}

/* One row a frame, every commit on the disk, no checkpoint. */
#define LIMIT_JOURNAL                                                                    \
    "PRAGMA page_size = 32768; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"    \
    "PRAGMA wal_autocheckpoint = 0; CREATE TABLE frame (pos INTEGER PRIMARY KEY,"        \
    " first_seq INTEGER, events INTEGER, clock INTEGER, number INTEGER, body BLOB)"

static inline sqlite3_stmt *limit_prepare_frame(sqlite3 *db)
{
    return limit_prepare(db, "INSERT INTO frame VALUES (?1, ?2, ?3, ?1, ?1, ?4)");
}

static inline void limit_put_frame(sqlite3_stmt *insert, uint64_t pos, uint64_t seq,
                                   struct measure_body body)
{
    (void)sqlite3_bind_int64(insert, 1, (sqlite3_int64)pos);
    (void)sqlite3_bind_int64(insert, 2, (sqlite3_int64)seq);
    (void)sqlite3_bind_int64(insert, 3, body.events);
    (void)sqlite3_bind_blob(insert, 4, body.at, (int)body.len, SQLITE_STATIC);
    limit_step(insert);
}

#endif
