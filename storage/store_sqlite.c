/* The store on SQLite: one file, one writer, one transaction a commit. It keeps effects
 * and judges none of them. */
#include "file_lock.h"
#include "frame_table.h"
#include "kinds.h"
#include "paths.h"
#include "store_rows.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

struct store_file {
    struct store base;
    sqlite3 *db;
    sqlite3_stmt *stmts[STORE_STATEMENTS];
    struct file_lock *lock;    /* NULL: opened for reading */
    uint64_t outbox;           /* position of the last alert; 0: none */
    struct frame_chain frames; /* where the frames that are kept here end */
    bool broken;               /* the disk refused; no more is written */
};

/* The base is the first member. */
static struct store_file *file_of(struct store *s)
{
    return (struct store_file *)(void *)s;
}

static enum status open_for_writing(struct store_file *f, const char *path,
                                    enum store_mode mode, struct why *why)
{
    const struct frame_chain start = frame_chain_start();
    char lock_path[PATH_SIZE];
    int64_t outbox = 0;
    enum status st = path_format(lock_path, why, "%s.lock", path);

    if (!st)
        st = file_lock_take(lock_path, &f->lock, why);
    if (st)
        return st;
    if (mode == STORE_CREATE && path_exists(path))
        return why_set(why, ST_CONFLICT, "%s: there is a file already", path);
    if (!path_exists(path))
        st = sql_create(path, mode == STORE_CREATE ? &replay_kind : &store_kind, NULL,
                        NULL, why);
    if (!st)
        st = sql_open_write(path, &store_kind, &f->db, why);
    if (!st)
        st = frame_table_end(f->db, &start, &f->frames, why);
    if (!st)
        st = sql_number(f->db, "SELECT coalesce(max(pos), 0) FROM alert", &outbox, why);
    f->outbox = (uint64_t)outbox;
    return st;
}

static void file_close(struct store *s)
{
    struct store_file *f = file_of(s);

    sql_finalize(f->stmts, STORE_STATEMENTS);
    if (f->lock && !f->broken)
        sql_close_write(f->db);
    else
        sql_close(f->db);
    file_lock_release(f->lock);
    free(f);
}

static enum status file_open(const char *path, enum store_mode mode, struct store **out,
                             struct why *why)
{
    static const struct sql_kind *const kinds[] = {&store_kind, NULL};
    const struct sql_kind *kind = NULL;
    struct store_file *f;
    enum status st;

    if (sodium_init() < 0)
        return why_set(why, ST_IO, "libsodium does not start");
    f = calloc(1, sizeof(*f));
    if (!f)
        return why_set(why, ST_NO_MEMORY, "%s: no memory", path);
    f->base.ops = &store_sqlite;
    if (mode == STORE_READ)
        st = sql_open_read(path, kinds, false, &f->db, &kind, why);
    else
        st = open_for_writing(f, path, mode, why);
    if (!st)
        st = sql_prepare(f->db, store_statement_texts, STORE_STATEMENTS, f->stmts, why);
    if (st) {
        f->broken = true; /* so that closing writes nothing */
        file_close(&f->base);
        return why_wrap(why, st, "open store");
    }
    *out = &f->base;
    return ST_OK;
}

static enum status file_cursor(struct store *s, struct store_cursor *out, struct why *why)
{
    enum status st = store_get_cursor(file_of(s)->stmts[STORE_GET_CURSOR], out, why);

    if (st == ST_NOT_FOUND) {
        *out = (struct store_cursor){.clock = TIME_NONE};
        return ST_OK;
    }
    return st;
}

static enum status check_cursor(struct store *s, const struct store_cursor *next,
                                struct why *why)
{
    struct store_cursor last;
    enum status st = file_cursor(s, &last, why);

    if (st)
        return st;
    if (next->pos >= last.pos && next->seq >= last.seq && next->clock >= last.clock)
        return ST_OK;
    return why_set(why, ST_INVALID,
                   "the cursor would go back from frame %llu, event %llu to %llu, %llu",
                   (unsigned long long)last.pos, (unsigned long long)last.seq,
                   (unsigned long long)next->pos, (unsigned long long)next->seq);
}

/* The hash is computed again: the chain of these frames is this file's own. */
static enum status put_frame(struct store_file *f, struct frame_chain *chain,
                             const struct frame *frame, struct why *why)
{
    struct frame copy = *frame;
    enum status st = frame_check(frame, why);

    if (st)
        return st;
    frame_chain_append(chain, &copy);
    if (frame->pos != copy.pos || frame->first_seq != copy.first_seq)
        return why_set(why, ST_INVALID,
                       "frame %llu with event %llu does not follow: %llu with %llu would",
                       (unsigned long long)frame->pos,
                       (unsigned long long)frame->first_seq, (unsigned long long)copy.pos,
                       (unsigned long long)copy.first_seq);
    return frame_insert(f->stmts[STORE_PUT_FRAME], &copy, why);
}

/* Within a transaction. `chain` moves with the frames. */
static enum status put_effects(struct store_file *f, const struct effects *e,
                               struct frame_chain *chain, struct why *why)
{
    enum status st = check_cursor(&f->base, &e->cursor, why);

    for (size_t i = 0; !st && i < e->frames_len; i++)
        st = put_frame(f, chain, &e->frames[i], why);
    for (size_t i = 0; !st && i < e->alerts_len; i++)
        st = store_put_alert(f->stmts, f->outbox + i + 1, &e->alerts[i], why);
    for (size_t i = 0; !st && i < e->quarantine_len; i++)
        st = store_put_quarantine(f->stmts[STORE_PUT_QUARANTINE], &e->quarantine[i], why);
    for (size_t i = 0; !st && i < e->balances_len; i++)
        st = store_put_balance(f->stmts[STORE_PUT_BALANCE], &e->balances[i], why);
    if (!st)
        st = store_put_cursor(f->stmts[STORE_PUT_CURSOR], &e->cursor, why);
    return st;
}

static enum status begin(struct store_file *f, struct why *why)
{
    const char *path = sqlite3_db_filename(f->db, "main");

    if (!f->lock)
        return why_set(why, ST_INVALID, "%s: opened for reading", path);
    if (f->broken)
        return why_set(why, ST_IO, "%s: an earlier write failed", path);
    return sql_run(f->stmts[STORE_BEGIN], why);
}

static enum status end(struct store_file *f, enum status st, struct why *why)
{
    st = sql_end(f->db, st, why);
    f->broken |= st == ST_IO || st == ST_CORRUPT;
    return st;
}

static enum status file_commit(struct store *s, const struct effects *effects,
                               struct why *why)
{
    struct store_file *f = file_of(s);
    struct frame_chain chain = f->frames;
    enum status st = begin(f, why);

    if (!st)
        st = end(f, put_effects(f, effects, &chain, why), why);
    if (st)
        return why_wrap(why, st, "commit to the store");
    f->frames = chain;
    f->outbox += effects->alerts_len;
    return ST_OK;
}

static enum status file_origin(struct store *s, struct store_origin *out, struct why *why)
{
    enum status st = store_get_origin(file_of(s)->stmts[STORE_GET_ORIGIN], out, why);

    if (st == ST_NOT_FOUND)
        return why_set(why, ST_NOT_FOUND, "the store has no origin yet");
    return st;
}

static enum status check_origin(const struct store_origin *set,
                                const struct store_origin *wanted, struct why *why)
{
    if (strcmp(set->journal, wanted->journal) == 0 &&
        memcmp(set->first_hash, wanted->first_hash, FRAME_HASH_SIZE) == 0)
        return ST_OK;
    return why_set(why, ST_CONFLICT, "the store belongs to %s journal \"%s\"",
                   strcmp(set->journal, wanted->journal) == 0 ? "an earlier" : "the",
                   set->journal);
}

static enum status put_first_origin(struct store_file *f,
                                    const struct store_origin *origin, struct why *why)
{
    struct store_cursor cursor;
    enum status st = store_get_cursor(f->stmts[STORE_GET_CURSOR], &cursor, why);

    if (!st)
        return why_set(why, ST_CONFLICT, "the store was begun without an origin");
    if (st != ST_NOT_FOUND)
        return st;
    return store_put_origin(f->stmts[STORE_PUT_ORIGIN], origin, why);
}

static enum status file_set_origin(struct store *s, const struct store_origin *origin,
                                   struct why *why)
{
    struct store_file *f = file_of(s);
    struct store_origin set;
    enum status st = store_get_origin(f->stmts[STORE_GET_ORIGIN], &set, why);

    if (!st)
        return check_origin(&set, origin, why);
    if (st != ST_NOT_FOUND)
        return st;
    st = begin(f, why);
    return st ? st : end(f, put_first_origin(f, origin, why), why);
}

static int64_t limit_of(size_t max)
{
    return max > INT64_MAX ? INT64_MAX : (int64_t)max;
}

static enum status file_alerts(struct store *s, uint64_t after, size_t max,
                               store_alert_fn *fn, void *self, struct why *why)
{
    sqlite3_stmt *const *stmts = file_of(s)->stmts;
    struct sql_args args = sql_args_of(stmts[STORE_GET_ALERTS]);
    struct alert_row row;
    uint64_t pos = 0;
    enum status st;

    sql_put_uint(&args, after > INT64_MAX ? INT64_MAX : after);
    sql_put_int(&args, limit_of(max));
    while ((st = sql_row(stmts[STORE_GET_ALERTS], why)) == ST_OK) {
        st = store_get_alert(stmts, &pos, &row, why);
        if (st || !fn(self, pos, &row))
            break;
    }
    sqlite3_reset(stmts[STORE_GET_ALERTS]);
    return st == ST_NOT_FOUND ? ST_OK : st;
}

static enum status file_quarantine(struct store *s, size_t max, store_quarantine_fn *fn,
                                   void *self, struct why *why)
{
    sqlite3_stmt *get = file_of(s)->stmts[STORE_GET_QUARANTINE];
    struct sql_args args = sql_args_of(get);
    struct quarantine_row row;
    enum status st;

    sql_put_int(&args, limit_of(max));
    while ((st = sql_row(get, why)) == ST_OK) {
        st = store_get_quarantine(get, &row, why);
        if (st || !fn(self, &row))
            break;
    }
    sqlite3_reset(get);
    return st == ST_NOT_FOUND ? ST_OK : st;
}

const struct store_ops store_sqlite = {
    .name = "sqlite",
    .open = file_open,
    .close = file_close,
    .commit = file_commit,
    .cursor = file_cursor,
    .set_origin = file_set_origin,
    .origin = file_origin,
    .alerts = file_alerts,
    .quarantine = file_quarantine,
};
