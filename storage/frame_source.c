/* One file with a table of frames, opened for reading. It never changes one. */
#include "frame_source.h"

#include "journal_file.h"
#include "kinds.h"

enum status frame_source_open(const char *path, bool closed, struct frame_source *out,
                              struct why *why)
{
    static const struct sql_kind *const kinds[] = {&journal_kind, &store_kind, NULL};
    static const char *const text = FRAME_AFTER;
    struct frame_source source = {.closed = closed, .start = frame_chain_start()};
    const struct sql_kind *kind = NULL;
    enum status st = sql_open_read(path, kinds, closed, &source.db, &kind, why);

    if (st)
        return st;
    source.is_journal = kind == &journal_kind;
    if (source.is_journal)
        st = journal_file_start(source.db, &source.start, why);
    if (!st)
        st = sql_prepare(source.db, &text, 1, &source.after, why);
    if (st) {
        frame_source_close(&source);
        return st;
    }
    *out = source;
    return ST_OK;
}

void frame_source_close(struct frame_source *source)
{
    sql_finalize(&source->after, 1);
    sql_close(source->db);
    source->db = NULL;
}

enum status frame_source_row(struct frame_source *source, struct frame *out,
                             struct why *why)
{
    enum status st = sql_row(source->after, why);

    if (!st)
        st = frame_read(source->after, out, why);
    if (st == ST_CORRUPT)
        return why_wrap(why, st, "%s", frame_source_path(source));
    return st;
}

const char *frame_source_path(const struct frame_source *source)
{
    return sqlite3_db_filename(source->db, "main");
}
