/* The journal: a folder of SQLite files with one row a frame. It is the truth; a position
 * is handed out only for what is durable. One process writes (a lock file says which);
 * any number read. */
#ifndef SHORTFALL_STORAGE_JOURNAL_H
#define SHORTFALL_STORAGE_JOURNAL_H

#include "shortfall/core/frame.h"
#include "shortfall/core/status.h"

struct journal;

struct journal_options {
    int64_t rotate_bytes; /* a file past this is closed and a new one begun */
};
#define JOURNAL_ROTATE_BYTES (INT64_C(256) * 1024 * 1024)

/* Opens the folder for writing, or makes it (mode 0700, files 0600). A full checkpoint of
 * the newest file's WAL has succeeded when this returns. ST_CONFLICT: another process
 * writes here (its pid is in `why`); ST_VERSION: made by another version, named;
 * ST_CORRUPT: the chain or a file is damaged; ST_IO. */
MUST_USE enum status journal_open(const char *dir, const struct journal_options *options,
                                  struct journal **out, struct why *why);
void journal_close(struct journal *j);

/* Where the journal ends: pos and seq of the last frame and event (0: empty), the last
 * clock (TIME_NONE: empty). */
struct journal_tail {
    uint64_t pos, seq;
    int64_t clock;
};
struct journal_tail journal_tail(const struct journal *j);

/* Appends frames as one durable transaction and fills in pos, first_seq and hash of each.
 * The caller has set type, clock (each above the one before), events, producer, number
 * (last of that producer + 1), cursor and body. On failure pos is 0 in each. ST_IO and
 * ST_CORRUPT: nothing is promised and the process must end (a journal that refused once
 * refuses for ever); ST_INVALID: a clock, number, name or length out of order, nothing
 * done. */
MUST_USE enum status journal_append(struct journal *j, struct frame *frames, size_t len,
                                    struct why *why);

/* To be called when nothing waits: copies the WAL into its file if it has grown, and
 * begins the next file if this one is full. Cheap when there is nothing to do. ST_IO,
 * ST_CORRUPT: the process must end. */
MUST_USE enum status journal_idle(struct journal *j, struct why *why);

/* What is known of a producer: its last number (0: none) and the cursor that came with
 * it; the cursor is lent until the next call on the journal. */
MUST_USE enum status journal_producer(struct journal *j, struct text producer,
                                      uint64_t *last_number, struct bytes *cursor,
                                      struct why *why);

/* The frame that was taken with this producer and number: its position, and whether it
 * had the same bytes (type and body) as this one. ST_NOT_FOUND. */
MUST_USE enum status journal_find(struct journal *j, const struct frame *frame,
                                  uint64_t *pos, bool *same, struct why *why);

/* Reads frames by position: of a journal folder, or of one SQLite file that holds the
 * same frame table (an output of replay). Several readers may be open while one process
 * writes; between calls a reader holds no lock and no snapshot. ST_NOT_FOUND: no journal
 * there (yet); ST_VERSION; ST_CORRUPT; ST_IO. */
struct journal_reader;
MUST_USE enum status journal_reader_open(const char *path, struct journal_reader **out,
                                         struct why *why);
void journal_reader_close(struct journal_reader *r);

/* The frame with position `after` + 1, lent until the next call. ST_NOT_FOUND: none yet.
 * ST_CORRUPT: it is missing, with later ones there, or it does not agree with its hash
 * over the frame before it (of which a reader that begins in the middle believes the
 * hash). Reading in order costs one step of a cursor and one hash. */
MUST_USE enum status journal_reader_next(struct journal_reader *r, uint64_t after,
                                         struct frame *out, struct why *why);

/* Recomputes the chain of hashes over the whole journal, or over the frames of one file,
 * and counts them. ST_CORRUPT names file and position of the first frame that does not
 * agree. */
MUST_USE enum status journal_verify(const char *path, uint64_t *frames, struct why *why);

#endif
