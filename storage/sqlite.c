/* Statements, and the one place that turns SQLite's result codes into a status. */
#include "sqlite.h"

enum status sql_error(sqlite3 *db, struct why *why)
{
    static const struct {
        int code;
        enum status status;
        const char *text; /* NULL: SQLite's own */
    } meanings[] = {
        {SQLITE_CORRUPT, ST_CORRUPT, NULL},       {SQLITE_NOTADB, ST_CORRUPT, NULL},
        {SQLITE_BUSY, ST_CONFLICT, NULL},         {SQLITE_LOCKED, ST_CONFLICT, NULL},
        {SQLITE_CONSTRAINT, ST_INVALID, NULL},    {SQLITE_NOMEM, ST_NO_MEMORY, NULL},
        {SQLITE_FULL, ST_IO, "the disk is full"},
    };
    int code = sqlite3_extended_errcode(db);
    const char *path = sqlite3_db_filename(db, "main");
    const char *text = sqlite3_errmsg(db);
    enum status st = ST_IO;

    for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++) {
        if (meanings[i].code != (code & 0xff))
            continue;
        st = meanings[i].status;
        text = meanings[i].text ? meanings[i].text : text;
    }
    return why_set(why, st, "%s: %s (%d)", path ? path : "database", text, code);
}

enum status sql_exec(sqlite3 *db, const char *text, struct why *why)
{
    if (sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
        return sql_error(db, why);
    return ST_OK;
}

enum status sql_number(sqlite3 *db, const char *text, int64_t *out, struct why *why)
{
    sqlite3_stmt *stmt = NULL;
    enum status st = sql_prepare(db, &text, 1, &stmt, why);

    if (st)
        return st;
    st = sql_row(stmt, why);
    if (!st)
        *out = sqlite3_column_int64(stmt, 0);
    sql_finalize(&stmt, 1);
    return st;
}

enum status sql_prepare(sqlite3 *db, const char *const *texts, size_t len,
                        sqlite3_stmt **stmts, struct why *why)
{
    for (size_t i = 0; i < len; i++)
        stmts[i] = NULL;
    for (size_t i = 0; i < len; i++) {
        int code = sqlite3_prepare_v3(db, texts[i], -1, SQLITE_PREPARE_PERSISTENT,
                                      &stmts[i], NULL);

        if (code != SQLITE_OK) {
            enum status st = sql_error(db, why);

            sql_finalize(stmts, len);
            return st;
        }
    }
    return ST_OK;
}

void sql_finalize(sqlite3_stmt **stmts, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        sqlite3_finalize(stmts[i]);
        stmts[i] = NULL;
    }
}

enum status sql_row(sqlite3_stmt *stmt, struct why *why)
{
    int code = sqlite3_step(stmt);
    enum status st;

    if (code == SQLITE_ROW)
        return ST_OK;
    st = code == SQLITE_DONE ? ST_NOT_FOUND : sql_error(sqlite3_db_handle(stmt), why);
    sqlite3_reset(stmt);
    return st;
}

enum status sql_run(sqlite3_stmt *stmt, struct why *why)
{
    int code = sqlite3_step(stmt);
    enum status st = ST_OK;

    if (code != SQLITE_DONE && code != SQLITE_ROW)
        st = sql_error(sqlite3_db_handle(stmt), why);
    sqlite3_reset(stmt);
    return st;
}

enum status sql_end(sqlite3 *db, enum status st, struct why *why)
{
    if (!st)
        st = sql_exec(db, "COMMIT", why);
    /* After some errors SQLite has rolled back by itself; and a rollback that fails
     * leaves what recovery will undo. */
    if (st && !sqlite3_get_autocommit(db))
        (void)sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    return st;
}
