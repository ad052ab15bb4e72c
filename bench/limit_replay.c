/* The limit of replay: frames that stand in memory, one after the other into the least
 * that a balance is, and what changed written to SQLite every 100 ms. No paths, no
 * expectations, no digest. Reading the frames from their file is not counted. */
#include "limit_sqlite.h"
#include "limit_state.h"

#define EVERY_NS   INT64_C(100000000)
#define FRAMES_MAX 1024 /* in memory at one time */

static void write_changed(sqlite3_stmt *begin, sqlite3_stmt *put, sqlite3_stmt *commit)
{
    limit_step(begin);
    for (uint32_t i = 1; i < ACCOUNTS; i++) {
        if (!account_changed[i])
            continue;
        (void)sqlite3_bind_int64(put, 1, i);
        (void)sqlite3_bind_int64(put, 2, account_stock[i]);
        limit_step(put);
        account_changed[i] = false;
    }
    limit_step(commit);
}

int main(int argc, char **argv)
{
    if (argc != 5)
        measure_fail("usage: limit_replay NAME EVENTS FRAMES FILE");
    struct measure_frames frames = {0};
    struct measure_span sum = {0, 0};
    FILE *in = measure_frames_open(argv[3]);
    sqlite3 *db = limit_open(
        argv[4], "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
                 "CREATE TABLE account (id INTEGER PRIMARY KEY, stock INTEGER)");
    sqlite3_stmt *begin = limit_prepare(db, "BEGIN");
    sqlite3_stmt *put = limit_prepare(db, "INSERT OR REPLACE INTO account VALUES (?, ?)");
    sqlite3_stmt *commit = limit_prepare(db, "COMMIT");
    unsigned changes = 0;
    uint64_t events = 0;
    int64_t written_ns = measure_now_ns();

    limit_state_begin(measure_number(argv[2]));
    while (measure_frames_next(in, FRAMES_MAX, &frames)) {
        struct measure_span start = measure_begin();

        for (size_t i = 0; i < frames.len; i++)
            changes += limit_step_frame(frames.list[i]);
        if (measure_now_ns() - written_ns >= EVERY_NS) {
            write_changed(begin, put, commit);
            written_ns = measure_now_ns();
        }
        measure_add(&sum, start);
        events += frames.events;
    }
    struct measure_span last = measure_begin();

    write_changed(begin, put, commit);
    measure_add(&sum, last);
    measure_print_rate(argv[1], events, sum);
    measure_print_part(argv[1], "changes", "", changes);
    (void)sqlite3_finalize(begin), (void)sqlite3_finalize(put);
    (void)sqlite3_finalize(commit), (void)sqlite3_close(db), (void)fclose(in);
    measure_frames_free(&frames);
    return 0;
}
