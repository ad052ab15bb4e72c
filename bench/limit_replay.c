/* The limit of replay: frames that stand in memory, one after the other into the least
 * that a balance is, and what changed written to SQLite every 100 ms. No paths, no
 * expectations, no digest. */
#include "limit_sqlite.h"
#include "limit_state.h"

#define EVERY_NS INT64_C(100000000)

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
    if (argc != 3)
        measure_fail("usage: limit_replay FRAMES FILE");
    struct measure_frames frames = measure_frames_read(argv[1]);
    sqlite3 *db = limit_open(
        argv[2], "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
                 "CREATE TABLE account (id INTEGER PRIMARY KEY, stock INTEGER)");
    sqlite3_stmt *begin = limit_prepare(db, "BEGIN");
    sqlite3_stmt *put = limit_prepare(db, "INSERT OR REPLACE INTO account VALUES (?, ?)");
    sqlite3_stmt *commit = limit_prepare(db, "COMMIT");
    unsigned changes = 0;

    limit_state_begin();
    struct measure_span start = measure_begin();
    int64_t written_ns = start.wall_ns;

    for (size_t i = 0; i < frames.len; i++) {
        changes += limit_step_frame(frames.list[i]);
        if (measure_now_ns() - written_ns < EVERY_NS)
            continue;
        write_changed(begin, put, commit);
        written_ns = measure_now_ns();
    }
    write_changed(begin, put, commit);
    measure_print_rate("limit/replay", frames.events, measure_since(start));
    measure_print("limit/replay/changes", "", changes);
    (void)sqlite3_finalize(begin), (void)sqlite3_finalize(put);
    (void)sqlite3_finalize(commit), (void)sqlite3_close(db);
    measure_frames_free(&frames);
    return 0;
}
