/* One file of a journal: its schema and its statements. It knows no other file. */
#include "journal_file.h"

#include "kinds.h"

#include <string.h>

static const char insert_frame[] = FRAME_INSERT;

static const char *const statement_texts[JOURNAL_STATEMENTS] = {
    [JOURNAL_BEGIN] = "BEGIN IMMEDIATE",
    [JOURNAL_INSERT] = insert_frame,
    [JOURNAL_FIND] =
        "SELECT pos, type, body FROM frame WHERE producer = ? AND number = ?",
    [JOURNAL_GET_PRODUCER] = "SELECT last_number, cursor FROM producer WHERE name = ?",
    [JOURNAL_PUT_PRODUCER] = "INSERT OR REPLACE INTO producer VALUES (?, ?, ?)",
    [JOURNAL_PAGES] = "PRAGMA page_count",
};

static enum status put_start(sqlite3 *db, const struct frame_chain *chain,
                             struct why *why)
{
    static const char *const text =
        "INSERT INTO meta (one, pos, seq, clock, hash) VALUES (1, ?, ?, ?, ?)";
    sqlite3_stmt *stmt = NULL;
    struct sql_args args;
    enum status st = sql_prepare(db, &text, 1, &stmt, why);

    if (st)
        return st;
    args = sql_args_of(stmt);
    sql_put_uint(&args, chain->pos);
    sql_put_uint(&args, chain->seq);
    sql_put_value(&args, chain->clock);
    sql_put_bytes(&args, chain->hash, FRAME_HASH_SIZE);
    st = sql_run(stmt, why);
    sql_finalize(&stmt, 1);
    return st;
}

static enum status put_producer(sqlite3_stmt *put, struct text name, uint64_t number,
                                struct bytes cursor, struct why *why)
{
    struct sql_args args = sql_args_of(put);

    sql_put_text(&args, name);
    sql_put_uint(&args, number);
    sql_put_bytes(&args, cursor.at, cursor.len);
    return sql_run(put, why);
}

static enum status copy_producers(sqlite3_stmt *rows, sqlite3_stmt *put, struct why *why)
{
    for (;;) {
        enum status st = sql_row(rows, why);
        struct sql_fields fields = sql_fields_of(rows);
        struct text name;
        struct bytes cursor;
        uint64_t number;

        if (st)
            return st == ST_NOT_FOUND ? ST_OK : st;
        name = sql_get_text(&fields, FRAME_PRODUCER_MAX);
        number = sql_get_uint(&fields);
        cursor = sql_get_bytes(&fields, FRAME_CURSOR_MAX);
        st = sql_get_end(&fields, why);
        if (!st)
            st = put_producer(put, name, number, cursor, why);
        if (st)
            return st;
    }
}

static enum status carry_producers(sqlite3 *from, sqlite3 *to, struct why *why)
{
    static const char *const select = "SELECT name, last_number, cursor FROM producer";
    sqlite3_stmt *rows = NULL;
    sqlite3_stmt *put = NULL;
    enum status st = sql_prepare(from, &select, 1, &rows, why);

    if (!st)
        st = sql_prepare(to, &statement_texts[JOURNAL_PUT_PRODUCER], 1, &put, why);
    if (!st)
        st = copy_producers(rows, put, why);
    sql_finalize(&rows, 1);
    sql_finalize(&put, 1);
    return st;
}

struct beginning {
    const struct frame_chain *chain;
    sqlite3 *previous;
};

static enum status fill(void *self, sqlite3 *db, struct why *why)
{
    const struct beginning *beginning = self;
    enum status st = put_start(db, beginning->chain, why);

    if (!st && beginning->previous)
        st = carry_producers(beginning->previous, db, why);
    return st;
}

enum status journal_file_create(const char *path, const struct frame_chain *chain,
                                sqlite3 *previous, struct why *why)
{
    struct beginning beginning = {chain, previous};

    return sql_create(path, &journal_kind, fill, &beginning, why);
}

static enum status finish_opening(sqlite3 *db, struct journal_file *out, struct why *why)
{
    struct journal_file file = {.db = db};
    enum status st = journal_file_start(db, &file.start, why);

    if (!st)
        st = sql_prepare(db, statement_texts, JOURNAL_STATEMENTS, file.stmts, why);
    if (st) {
        sqlite3_close(db);
        return st;
    }
    *out = file;
    return ST_OK;
}

enum status journal_file_open_write(const char *path, struct journal_file *out,
                                    struct why *why)
{
    sqlite3 *db = NULL;
    enum status st = sql_open_write(path, &journal_kind, &db, why);

    return st ? st : finish_opening(db, out, why);
}

enum status journal_file_open_closed(const char *path, struct journal_file *out,
                                     struct why *why)
{
    static const struct sql_kind *const kinds[] = {&journal_kind, NULL};
    const struct sql_kind *kind = NULL;
    sqlite3 *db = NULL;
    enum status st = sql_open_read(path, kinds, true, &db, &kind, why);

    return st ? st : finish_opening(db, out, why);
}

void journal_file_close_write(struct journal_file *file)
{
    sql_finalize(file->stmts, JOURNAL_STATEMENTS);
    sql_close_write(file->db);
    file->db = NULL;
}

void journal_file_close(struct journal_file *file)
{
    sql_finalize(file->stmts, JOURNAL_STATEMENTS);
    sql_close(file->db);
    file->db = NULL;
}

enum status journal_file_start(sqlite3 *db, struct frame_chain *out, struct why *why)
{
    static const char *const text = "SELECT pos, seq, clock, hash FROM meta";
    sqlite3_stmt *stmt = NULL;
    struct frame_chain chain;
    enum status st = sql_prepare(db, &text, 1, &stmt, why);
    struct sql_fields fields;

    if (st)
        return st;
    st = sql_row(stmt, why);
    fields = sql_fields_of(stmt);
    if (!st) {
        chain.pos = sql_get_uint(&fields);
        chain.seq = sql_get_uint(&fields);
        chain.clock = sql_get_value(&fields);
        sql_get_exactly(&fields, chain.hash, FRAME_HASH_SIZE);
        st = sql_get_end(&fields, why);
    } else if (st == ST_NOT_FOUND) {
        st = why_set(why, ST_CORRUPT, "%s: no row in meta",
                     sqlite3_db_filename(db, "main"));
    }
    sql_finalize(&stmt, 1);
    if (!st)
        *out = chain;
    return st;
}

enum status journal_file_producer(struct journal_file *file, struct text name,
                                  uint64_t *last_number, struct bytes *cursor,
                                  struct why *why)
{
    sqlite3_stmt *stmt = file->stmts[JOURNAL_GET_PRODUCER];
    struct sql_args args = sql_args_of(stmt);
    struct sql_fields fields = sql_fields_of(stmt);
    struct bytes stored = {NULL, 0};
    uint64_t number = 0;
    enum status st;

    sql_put_text(&args, name);
    st = sql_row(stmt, why);
    if (!st) {
        number = sql_get_uint(&fields);
        stored = sql_get_bytes(&fields, FRAME_CURSOR_MAX);
        st = sql_get_end(&fields, why);
    }
    if (st && st != ST_NOT_FOUND)
        return st;
    if (stored.len)
        memcpy(file->cursor, stored.at, stored.len);
    *last_number = number;
    *cursor = (struct bytes){file->cursor, stored.len};
    /* A statement that stands on a row would keep a checkpoint from finishing. */
    sqlite3_reset(stmt);
    return ST_OK;
}

enum status journal_file_insert(struct journal_file *file, const struct frame *frame,
                                struct why *why)
{
    enum status st = frame_insert(file->stmts[JOURNAL_INSERT], frame, why);

    if (st)
        return st;
    return put_producer(file->stmts[JOURNAL_PUT_PRODUCER], frame->producer, frame->number,
                        frame->cursor, why);
}

static bool same_bytes(struct bytes a, struct bytes b)
{
    return a.len == b.len && (!a.len || memcmp(a.at, b.at, a.len) == 0);
}

enum status journal_file_find(struct journal_file *file,
                              const struct journal_wanted *wanted, uint64_t *pos,
                              bool *same, struct why *why)
{
    sqlite3_stmt *stmt = file->stmts[JOURNAL_FIND];
    struct sql_args args = sql_args_of(stmt);
    struct sql_fields fields = sql_fields_of(stmt);
    struct bytes body;
    uint64_t found;
    int64_t type;
    enum status st;

    sql_put_text(&args, wanted->producer);
    sql_put_uint(&args, wanted->number);
    st = sql_row(stmt, why);
    if (st)
        return st;
    found = sql_get_uint(&fields);
    type = sql_get_int(&fields, 0, FRAME_TYPE_COUNT - 1);
    body = sql_get_bytes(&fields, FRAME_BODY_MAX);
    st = sql_get_end(&fields, why);
    if (!st) {
        *pos = found;
        *same = type == (int64_t)wanted->type && same_bytes(body, wanted->body);
    }
    sqlite3_reset(stmt);
    return st;
}

enum status journal_file_bytes(struct journal_file *file, int64_t *out, struct why *why)
{
    sqlite3_stmt *stmt = file->stmts[JOURNAL_PAGES];
    struct sql_fields fields = sql_fields_of(stmt);
    enum status st = sql_row(stmt, why);

    if (st)
        return st;
    *out = sql_get_int(&fields, 0, INT64_C(1) << 40) * journal_kind.page_size;
    st = sql_get_end(&fields, why);
    sqlite3_reset(stmt);
    return st;
}
