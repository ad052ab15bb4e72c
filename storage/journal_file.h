/* One file of a journal: the one that is written, and closed ones that are looked into.
 */
#ifndef SHORTFALL_STORAGE_JOURNAL_FILE_H
#define SHORTFALL_STORAGE_JOURNAL_FILE_H

#include "frame_table.h"
#include "paths.h"

enum {
    JOURNAL_BEGIN,
    JOURNAL_INSERT,
    JOURNAL_FIND,
    JOURNAL_GET_PRODUCER,
    JOURNAL_PUT_PRODUCER,
    JOURNAL_PAGES,
    JOURNAL_STATEMENTS
};

struct journal_file {
    sqlite3 *db; /* NULL: closed */
    sqlite3_stmt *stmts[JOURNAL_STATEMENTS];
    struct frame_chain start;         /* where the files before it end */
    uint8_t cursor[FRAME_CURSOR_MAX]; /* of the producer that was asked for last */
};

/* Makes the file that follows `chain`; the producers of `previous` (may be NULL) are
 * carried over. Not opened. */
MUST_USE enum status journal_file_create(const char *path,
                                         const struct frame_chain *chain,
                                         sqlite3 *previous, struct why *why);
MUST_USE enum status journal_file_open_write(const char *path, struct journal_file *out,
                                             struct why *why);
/* A file that a newer one has followed. */
MUST_USE enum status journal_file_open_closed(const char *path, struct journal_file *out,
                                              struct why *why);
void journal_file_close_write(struct journal_file *file);
/* Writes nothing: for a closed file, and for one whose disk failed. */
void journal_file_close(struct journal_file *file);

/* Where the files before an open one end. ST_CORRUPT. */
MUST_USE enum status journal_file_start(sqlite3 *db, struct frame_chain *out,
                                        struct why *why);

/* A producer as this file knows it; the cursor is lent until the next call. Unknown:
 * number 0 and an empty cursor. */
MUST_USE enum status journal_file_producer(struct journal_file *file, struct text name,
                                           uint64_t *last_number, struct bytes *cursor,
                                           struct why *why);
/* Inserts a frame of the chain and notes its number and cursor. */
MUST_USE enum status journal_file_insert(struct journal_file *file,
                                         const struct frame *frame, struct why *why);
/* A frame that may have been taken before. */
struct journal_wanted {
    struct text producer;
    uint64_t number;
    enum frame_type type;
    struct bytes body;
};
/* ST_NOT_FOUND: not in this file. */
MUST_USE enum status journal_file_find(struct journal_file *file,
                                       const struct journal_wanted *wanted, uint64_t *pos,
                                       bool *same, struct why *why);
MUST_USE enum status journal_file_bytes(struct journal_file *file, int64_t *out,
                                        struct why *why);

#endif
