/* Thin helpers over SQLite: files of ours with their version, statements, one place that
 * turns its result codes into a status. It knows nothing of frames or alerts. */
#ifndef SHORTFALL_STORAGE_SQLITE_H
#define SHORTFALL_STORAGE_SQLITE_H

#include "shortfall/core/status.h"
#include "shortfall/core/text.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

/* A script that brings a schema to `version`. Several may share one. */
struct sql_step {
    int version;
    const char *script;
};

/* A kind of file. */
struct sql_kind {
    const char *noun;             /* "journal file" */
    int64_t application_id;       /* which program a file belongs to */
    int version;                  /* newest schema known, as user_version */
    int page_size;                /* bytes */
    bool full_sync;               /* a commit that returned survives a power cut */
    bool auto_checkpoint;         /* else the owner calls sql_checkpoint */
    const struct sql_step *steps; /* rising versions, ended by a NULL script */
};

/* Fills a new file within the transaction that makes it. */
typedef enum status sql_fill_fn(void *self, sqlite3 *db, struct why *why);

/* Makes a file (mode 0600) of the newest version under another name and renames it when
 * it is complete and durable: a file of the right name is never half made. `fill` may be
 * NULL. Whatever stood at `path` is replaced. */
MUST_USE enum status sql_create(const char *path, const struct sql_kind *kind,
                                sql_fill_fn *fill, void *self, struct why *why);

/* Opens an existing file as its only writer, in WAL mode; an older schema is migrated.
 * ST_VERSION: a newer one, or the file of another program. */
MUST_USE enum status sql_open_write(const char *path, const struct sql_kind *kind,
                                    sqlite3 **out, struct why *why);

/* Opens a file of one of `kinds` (ended by NULL) for reading; `*kind` says which it is.
 * It never checkpoints. `closed`: the file is known never to be written again, then no
 * lock is taken either. ST_NOT_FOUND, ST_VERSION (older and newer). */
MUST_USE enum status sql_open_read(const char *path, const struct sql_kind *const *kinds,
                                   bool closed, sqlite3 **out,
                                   const struct sql_kind **kind, struct why *why);

/* Closes a writer and, when no reader is connected, leaves one plain file that can be
 * read from a folder without write permission. */
void sql_close_write(sqlite3 *db);
/* Closes without writing anything. Both accept NULL. */
void sql_close(sqlite3 *db);

/* Copies the WAL into the file. SQLITE_CHECKPOINT_TRUNCATE: all of it, or ST_CONFLICT
 * because of a reader; `wait_ms` is how long to wait for readers. `*all` (may be NULL)
 * tells whether nothing is left to copy. */
MUST_USE enum status sql_checkpoint(sqlite3 *db, int mode, int wait_ms, bool *all,
                                    struct why *why);

/* The status for the last error of `db`, with file and reason. */
enum status sql_error(sqlite3 *db, struct why *why);

MUST_USE enum status sql_exec(sqlite3 *db, const char *text, struct why *why);
/* One statement that gives one number. ST_NOT_FOUND: no row. */
MUST_USE enum status sql_number(sqlite3 *db, const char *text, int64_t *out,
                                struct why *why);
/* Prepares `len` statements; on failure none is left. */
MUST_USE enum status sql_prepare(sqlite3 *db, const char *const *texts, size_t len,
                                 sqlite3_stmt **stmts, struct why *why);
void sql_finalize(sqlite3_stmt **stmts, size_t len);
/* ST_OK: a row stands in `stmt`; ST_NOT_FOUND: no more, and the statement is reset. */
MUST_USE enum status sql_row(sqlite3_stmt *stmt, struct why *why);
/* Runs a statement that gives no rows, and resets it. */
MUST_USE enum status sql_run(sqlite3_stmt *stmt, struct why *why);
/* Ends a transaction in the way `st` asks for: COMMIT, or ROLLBACK and `st` again. */
MUST_USE enum status sql_end(sqlite3 *db, enum status st, struct why *why);

/* Parameters of a statement one after the other, then a run. Values are lent until then.
 */
struct sql_args {
    sqlite3_stmt *stmt;
    int at;
};
struct sql_args sql_args_of(sqlite3_stmt *stmt);
void sql_put_int(struct sql_args *args, int64_t value);
void sql_put_uint(struct sql_args *args, uint64_t value); /* at most INT64_MAX */
void sql_put_value(struct sql_args *args, int64_t value); /* INT64_MIN as NULL */
void sql_put_time(struct sql_args *args, int64_t time);   /* as text; TIME_NONE as NULL */
void sql_put_string(struct sql_args *args, const char *value);
void sql_put_text(struct sql_args *args, struct text value);
void sql_put_bytes(struct sql_args *args, const void *at, size_t len);

/* Columns of a row one after the other. `bad` becomes true at the first one that does not
 * fit what it is read into. Text and bytes are lent until the next step. */
struct sql_fields {
    sqlite3_stmt *stmt;
    int at;
    bool bad;
};
struct sql_fields sql_fields_of(sqlite3_stmt *stmt);
int64_t sql_get_int(struct sql_fields *fields, int64_t min, int64_t max);
uint64_t sql_get_uint(struct sql_fields *fields);
int64_t sql_get_value(struct sql_fields *fields);
struct text sql_get_text(struct sql_fields *fields, size_t max);
void sql_get_string(struct sql_fields *fields, char *out, size_t size);
struct bytes sql_get_bytes(struct sql_fields *fields, size_t max);
void sql_get_exactly(struct sql_fields *fields, uint8_t *out, size_t len);
/* ST_CORRUPT with the file's name if a field was bad. */
MUST_USE enum status sql_get_end(const struct sql_fields *fields, struct why *why);

#endif
