/* Rows of the store, to statements and back. Codes stand in the database, never the
 * numbers of a table that another build may number differently. */
#ifndef SHORTFALL_STORAGE_STORE_ROWS_H
#define SHORTFALL_STORAGE_STORE_ROWS_H

#include "sqlite.h"

#include "shortfall/storage/store.h"

enum {
    STORE_BEGIN,
    STORE_PUT_FRAME,
    STORE_PUT_ALERT,
    STORE_PUT_READING,
    STORE_PUT_QUARANTINE,
    STORE_PUT_BALANCE,
    STORE_PUT_CURSOR,
    STORE_PUT_ORIGIN,
    STORE_GET_ALERTS,   /* after, at most */
    STORE_GET_READINGS, /* of one alert */
    STORE_GET_QUARANTINE,
    STORE_GET_CURSOR,
    STORE_GET_ORIGIN,
    STORE_STATEMENTS
};

extern const char *const store_statement_texts[STORE_STATEMENTS];

/* An alert with its readings, at its place in the outbox. */
MUST_USE enum status store_put_alert(sqlite3_stmt *const *stmts, uint64_t pos,
                                     const struct alert_row *row, struct why *why);
/* From a row of STORE_GET_ALERTS. ST_VERSION: a place, commodity or metric that this
 * program does not know; ST_CORRUPT. */
MUST_USE enum status store_get_alert(sqlite3_stmt *const *stmts, uint64_t *pos,
                                     struct alert_row *out, struct why *why);

MUST_USE enum status store_put_quarantine(sqlite3_stmt *put,
                                          const struct quarantine_row *row,
                                          struct why *why);
MUST_USE enum status store_get_quarantine(sqlite3_stmt *row, struct quarantine_row *out,
                                          struct why *why);

MUST_USE enum status store_put_balance(sqlite3_stmt *put, const struct balance *balance,
                                       struct why *why);
/* The figures of a balance, without its account, in the order of their columns. */
void store_put_figures(struct sql_args *args, const struct balance *balance);
void store_get_figures(struct sql_fields *fields, struct balance *balance);

/* Stand for one row each; ST_NOT_FOUND: not set yet. */
MUST_USE enum status store_put_cursor(sqlite3_stmt *put,
                                      const struct store_cursor *cursor, struct why *why);
MUST_USE enum status store_get_cursor(sqlite3_stmt *get, struct store_cursor *out,
                                      struct why *why);
MUST_USE enum status store_put_origin(sqlite3_stmt *put,
                                      const struct store_origin *origin, struct why *why);
MUST_USE enum status store_get_origin(sqlite3_stmt *get, struct store_origin *out,
                                      struct why *why);

#endif
