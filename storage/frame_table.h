/* The table of frames that journal files and stores share, and the chain of hashes over
 * its rows. Private to storage. */
#ifndef SHORTFALL_STORAGE_FRAME_TABLE_H
#define SHORTFALL_STORAGE_FRAME_TABLE_H

#include "sqlite.h"

#include "shortfall/core/frame.h"

#define FRAME_COLUMNS                                                                    \
    "pos, first_seq, events, clock, type, producer, number, cursor, hash, body"
#define FRAME_INSERT "INSERT INTO frame (" FRAME_COLUMNS ") VALUES (?,?,?,?,?,?,?,?,?,?)"
#define FRAME_AFTER  "SELECT " FRAME_COLUMNS " FROM frame WHERE pos > ?1 ORDER BY pos"

/* Where a chain of frames ends: pos and seq of the last frame and event, its clock
 * (TIME_NONE: no frame yet) and its hash (zeros: no frame yet). */
struct frame_chain {
    uint64_t pos, seq;
    int64_t clock;
    uint8_t hash[FRAME_HASH_SIZE];
};

struct frame_chain frame_chain_start(void);

/* Gives `frame` the pos, first_seq and hash that follow `chain`, and moves the chain. */
void frame_chain_append(struct frame_chain *chain, struct frame *frame);

/* Moves the chain over a frame that has them already. ST_CORRUPT: they do not follow. */
MUST_USE enum status frame_chain_check(struct frame_chain *chain,
                                       const struct frame *frame, struct why *why);

/* ST_INVALID: lengths or type out of range, named. */
MUST_USE enum status frame_check(const struct frame *frame, struct why *why);

MUST_USE enum status frame_insert(sqlite3_stmt *insert, const struct frame *frame,
                                  struct why *why);

/* The frame in a row of FRAME_COLUMNS, lent until the statement moves. ST_CORRUPT. */
MUST_USE enum status frame_read(sqlite3_stmt *row, struct frame *out, struct why *why);

/* Starts a FRAME_AFTER statement; then sql_row. */
void frame_seek(sqlite3_stmt *after, uint64_t pos);

/* Where the frames of a file end, given where those before it end. The last frame is
 * checked against its hash: what was written last is what is least sure. ST_CORRUPT names
 * file and position. */
MUST_USE enum status frame_table_end(sqlite3 *db, const struct frame_chain *start,
                                     struct frame_chain *out, struct why *why);

#endif
