/* The limit of the journal: one row a frame, so many a commit, synchronous FULL, nothing
 * else. No chain of hashes, no check of order, no index but the key. */
#include "limit_sqlite.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    if (argc != 5)
        measure_fail("usage: limit_journal FRAMES FILE FRAMES-A-COMMIT COUNT");
    struct measure_frames frames = measure_frames_read(argv[1]);
    sqlite3 *db = limit_open(argv[2], LIMIT_JOURNAL);
    size_t per_commit = measure_number(argv[3]);
    size_t len = measure_number(argv[4]);
    sqlite3_stmt *begin = limit_prepare(db, "BEGIN");
    sqlite3_stmt *commit = limit_prepare(db, "COMMIT");
    sqlite3_stmt *insert = limit_prepare_frame(db);
    uint64_t events = 0;
    char name[64];
    struct measure_span start = measure_begin();

    for (size_t i = 0; i < len && i < frames.len; i++) {
        if (i % per_commit == 0)
            limit_step(begin);
        limit_put_frame(insert, i + 1, events + 1, frames.list[i]);
        events += frames.list[i].events;
        if (i % per_commit == per_commit - 1)
            limit_step(commit);
    }
    if (sqlite3_get_autocommit(db) == 0)
        limit_step(commit);
    (void)snprintf(name, sizeof name, "limit/journal/%zu", per_commit);
    measure_print_rate(name, events, measure_since(start));
    (void)sqlite3_finalize(begin), (void)sqlite3_finalize(insert);
    (void)sqlite3_finalize(commit), (void)sqlite3_close(db);
    measure_frames_free(&frames);
    return 0;
}
