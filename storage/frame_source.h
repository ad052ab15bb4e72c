/* One file with a table of frames, opened for reading: of a journal or of a store. */
#ifndef SHORTFALL_STORAGE_FRAME_SOURCE_H
#define SHORTFALL_STORAGE_FRAME_SOURCE_H

#include "frame_table.h"

struct frame_source {
    sqlite3 *db;         /* NULL: closed */
    sqlite3_stmt *after; /* FRAME_AFTER: frame_seek, then frame_source_row */
    bool is_journal;
    bool closed;              /* as it was opened */
    struct frame_chain start; /* where the files before it end */
};

/* `closed`: a newer file of the journal follows it. */
MUST_USE enum status frame_source_open(const char *path, bool closed,
                                       struct frame_source *out, struct why *why);
void frame_source_close(struct frame_source *source);

/* The next frame, lent until the next call. ST_NOT_FOUND: no more; ST_CORRUPT. */
MUST_USE enum status frame_source_row(struct frame_source *source, struct frame *out,
                                      struct why *why);
const char *frame_source_path(const struct frame_source *source);

#endif
