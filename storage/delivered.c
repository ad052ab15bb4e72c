/* The ledger of deliveries. It is made of nothing else and cannot be made again, so that
 * every note is durable before the call returns. */
#include "shortfall/storage/store.h"

#include "file_lock.h"
#include "kinds.h"
#include "paths.h"

#include <stdlib.h>
#include <string.h>

enum {
    LEDGER_BEGIN,
    LEDGER_FIND,
    LEDGER_PUT,
    LEDGER_LAST,
    LEDGER_HAS_POS,
    LEDGER_PUT_LAST,
    LEDGER_STATEMENTS
};

static const char *const statement_texts[LEDGER_STATEMENTS] = {
    [LEDGER_BEGIN] = "BEGIN IMMEDIATE",
    [LEDGER_FIND] = "SELECT pos FROM delivered WHERE target = ? AND notification = ?",
    [LEDGER_PUT] = "INSERT INTO delivered (target, pos, notification) VALUES (?, ?, ?)",
    [LEDGER_LAST] = "SELECT last_pos FROM target WHERE name = ?",
    [LEDGER_HAS_POS] = "SELECT 1 FROM delivered WHERE target = ? AND pos = ?",
    [LEDGER_PUT_LAST] = "INSERT OR REPLACE INTO target (name, last_pos) VALUES (?, ?)",
};

struct delivered {
    sqlite3 *db;
    sqlite3_stmt *stmts[LEDGER_STATEMENTS];
    struct file_lock *lock;
    bool broken; /* the disk refused; no more is written */
};

static enum status open_file(struct delivered *d, const char *path, struct why *why)
{
    char lock_path[PATH_SIZE];
    enum status st = path_format(lock_path, why, "%s.lock", path);

    if (!st)
        st = file_lock_take(lock_path, &d->lock, why);
    if (!st && !path_exists(path))
        st = sql_create(path, &delivered_kind, NULL, NULL, why);
    if (!st)
        st = sql_open_write(path, &delivered_kind, &d->db, why);
    if (!st)
        st = sql_prepare(d->db, statement_texts, LEDGER_STATEMENTS, d->stmts, why);
    return st;
}

enum status delivered_open(const char *path, struct delivered **out, struct why *why)
{
    struct delivered *d = calloc(1, sizeof(*d));
    enum status st;

    if (!d)
        return why_set(why, ST_NO_MEMORY, "%s: no memory", path);
    st = open_file(d, path, why);
    if (st) {
        d->broken = true; /* so that closing writes nothing */
        delivered_close(d);
        return why_wrap(why, st, "open ledger");
    }
    *out = d;
    return ST_OK;
}

void delivered_close(struct delivered *d)
{
    if (!d)
        return;
    sql_finalize(d->stmts, LEDGER_STATEMENTS);
    if (d->broken)
        sql_close(d->db);
    else
        sql_close_write(d->db);
    file_lock_release(d->lock);
    free(d);
}

enum status delivered_last(struct delivered *d, const char *target, uint64_t *pos,
                           struct why *why)
{
    sqlite3_stmt *stmt = d->stmts[LEDGER_LAST];
    struct sql_args args = sql_args_of(stmt);
    struct sql_fields fields = sql_fields_of(stmt);
    uint64_t last = 0;
    enum status st;

    sql_put_string(&args, target);
    st = sql_row(stmt, why);
    if (!st) {
        last = sql_get_uint(&fields);
        st = sql_get_end(&fields, why);
    }
    sqlite3_reset(stmt);
    if (st && st != ST_NOT_FOUND)
        return st;
    *pos = last;
    return ST_OK;
}

/* Where a notification was noted. ST_NOT_FOUND: not yet. */
static enum status find(struct delivered *d, const char *target,
                        const uint8_t notification[ALERT_HASH_SIZE], uint64_t *pos,
                        struct why *why)
{
    sqlite3_stmt *stmt = d->stmts[LEDGER_FIND];
    struct sql_args args = sql_args_of(stmt);
    struct sql_fields fields = sql_fields_of(stmt);
    enum status st;

    sql_put_string(&args, target);
    sql_put_bytes(&args, notification, ALERT_HASH_SIZE);
    st = sql_row(stmt, why);
    if (st)
        return st;
    *pos = sql_get_uint(&fields);
    st = sql_get_end(&fields, why);
    sqlite3_reset(stmt);
    return st;
}

enum status delivered_check(struct delivered *d, const char *target,
                            const uint8_t notification[ALERT_HASH_SIZE], struct why *why)
{
    uint64_t pos = 0;
    enum status st = find(d, target, notification, &pos, why);

    if (st == ST_NOT_FOUND)
        return ST_OK;
    if (st)
        return st;
    return why_set(why, ST_CONFLICT, "delivered to %s before, as %llu", target,
                   (unsigned long long)pos);
}

static enum status has_pos(struct delivered *d, const char *target, uint64_t pos,
                           struct why *why)
{
    struct sql_args args = sql_args_of(d->stmts[LEDGER_HAS_POS]);
    enum status st;

    sql_put_string(&args, target);
    sql_put_uint(&args, pos);
    st = sql_row(d->stmts[LEDGER_HAS_POS], why);
    sqlite3_reset(d->stmts[LEDGER_HAS_POS]);
    return st;
}

/* Moves the target's last position over all that are delivered without a gap. */
static enum status move_last(struct delivered *d, const char *target, struct why *why)
{
    struct sql_args args = sql_args_of(d->stmts[LEDGER_PUT_LAST]);
    uint64_t last = 0;
    enum status st = delivered_last(d, target, &last, why);

    while (!st) {
        st = has_pos(d, target, last + 1, why);
        if (!st)
            last++;
    }
    if (st != ST_NOT_FOUND)
        return st;
    sql_put_string(&args, target);
    sql_put_uint(&args, last);
    return sql_run(d->stmts[LEDGER_PUT_LAST], why);
}

/* Within a transaction. */
static enum status put(struct delivered *d, const char *target, uint64_t pos,
                       const uint8_t notification[ALERT_HASH_SIZE], struct why *why)
{
    struct sql_args args = sql_args_of(d->stmts[LEDGER_PUT]);
    uint64_t noted = 0;
    enum status st = find(d, target, notification, &noted, why);

    if (!st && noted == pos)
        return ST_OK;
    if (st == ST_NOT_FOUND)
        st = has_pos(d, target, pos, why);
    if (!st)
        return why_set(why, ST_CONFLICT, "another delivery to %s is noted as %llu",
                       target, (unsigned long long)pos);
    if (st != ST_NOT_FOUND)
        return st;
    sql_put_string(&args, target);
    sql_put_uint(&args, pos);
    sql_put_bytes(&args, notification, ALERT_HASH_SIZE);
    st = sql_run(d->stmts[LEDGER_PUT], why);
    return st ? st : move_last(d, target, why);
}

enum status delivered_note(struct delivered *d, const char *target, uint64_t pos,
                           const uint8_t notification[ALERT_HASH_SIZE], struct why *why)
{
    enum status st;

    if (d->broken)
        return why_set(why, ST_IO, "the ledger: an earlier write failed");
    if (pos < 1 || pos > INT64_MAX)
        return why_set(why, ST_INVALID, "%llu is no position", (unsigned long long)pos);
    st = sql_run(d->stmts[LEDGER_BEGIN], why);
    if (!st)
        st = sql_end(d->db, put(d, target, pos, notification, why), why);
    d->broken |= st == ST_IO || st == ST_CORRUPT;
    if (st)
        return why_wrap(why, st, "note a delivery");
    return ST_OK;
}
