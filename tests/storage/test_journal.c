/* The journal's writer: positions, order, producers, opening and what it refuses. */
#include "scratch.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

TestSuite(journal, .init = scratch_make, .fini = scratch_remove);

#define FIRST_FILE "journal-00000000000000000001.db"

Test(journal, gives_positions_without_gaps)
{
    char dir[SCRATCH_PATH];
    struct journal *j = NULL;
    struct why why;
    struct frame frames[] = {
        frame_make("a", 1, 10, "one"),
        frame_make("b", 1, 11, ""),
        frame_make("a", 2, 12, "three"),
    };
    struct journal_tail tail;

    frames[0].events = FRAME_EVENTS_MAX;
    frames[1].events = 0;
    journal_must_open(scratch_path("new/journal", dir), JOURNAL_ROTATE_BYTES, &j);
    tail = journal_tail(j);
    cr_assert(tail.pos == 0 && tail.seq == 0 && tail.clock == TIME_NONE);
    expect_status(journal_append(j, frames, 3, &why), ST_OK, &why, "append");
    cr_assert(frames[0].pos == 1 && frames[0].first_seq == 1);
    cr_assert(frames[1].pos == 2 && frames[1].first_seq == FRAME_EVENTS_MAX + 1);
    cr_assert(frames[2].pos == 3 && frames[2].first_seq == FRAME_EVENTS_MAX + 1);
    cr_assert(memcmp(frames[0].hash, frames[1].hash, FRAME_HASH_SIZE) != 0);
    journal_close(j);

    journal_must_open(dir, JOURNAL_ROTATE_BYTES, &j);
    tail = journal_tail(j);
    cr_assert(tail.pos == 3 && tail.seq == FRAME_EVENTS_MAX + 1 && tail.clock == 12);
    journal_close(j);
}

Test(journal, is_kept_from_others)
{
    char dir[SCRATCH_PATH];
    char path[SCRATCH_PATH];
    static const char *const names[] = {"j/" FIRST_FILE, "j/" FIRST_FILE "-wal",
                                        "j/" FIRST_FILE "-shm", "j/journal.lock"};
    struct journal *j = NULL;

    journal_must_open(scratch_path("j", dir), JOURNAL_ROTATE_BYTES, &j);
    journal_must_append(j, 1, 1);
    cr_assert(scratch_mode(dir) == 0700);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        cr_assert(scratch_mode(scratch_path(names[i], path)) == 0600, "%s", names[i]);
    journal_close(j);
    cr_assert(scratch_count(dir, "", "") == 3, "one plain file and the two dots");
}

struct refusal {
    const char *label;
    enum status expected;
    const char *producer;
    uint64_t number;
    int64_t clock;
    enum frame_type type;
    uint32_t events;
    size_t cursor_len, body_len;
};

static struct frame frame_of_refusal(const struct refusal *row, const uint8_t *zeros)
{
    struct frame frame = frame_make(row->producer, row->number, row->clock, "");

    frame.type = row->type;
    frame.events = row->events;
    frame.cursor = (struct bytes){zeros, row->cursor_len};
    frame.body = (struct bytes){zeros, row->body_len};
    return frame;
}

Test(journal, refuses_what_is_out_of_order_and_changes_nothing)
{
    /* Each row comes after frame 1 of "p" with clock 1. */
    static const struct refusal rows[] = {
        {"clock before", ST_INVALID, "p", 2, 0, FRAME_DATA, 1, 0, 0},
        {"clock the same", ST_INVALID, "p", 2, 1, FRAME_DATA, 1, 0, 0},
        {"number again", ST_INVALID, "p", 1, 2, FRAME_DATA, 1, 0, 0},
        {"number left out", ST_INVALID, "p", 3, 2, FRAME_DATA, 1, 0, 0},
        {"number zero", ST_INVALID, "p", 0, 2, FRAME_DATA, 1, 0, 0},
        {"new producer, number 2", ST_INVALID, "q", 2, 2, FRAME_DATA, 1, 0, 0},
        {"no producer", ST_INVALID, "", 1, 2, FRAME_DATA, 1, 0, 0},
        {"events beyond", ST_INVALID, "p", 2, 2, FRAME_DATA, FRAME_EVENTS_MAX + 1, 0, 0},
        {"cursor beyond", ST_INVALID, "p", 2, 2, FRAME_DATA, 1, FRAME_CURSOR_MAX + 1, 0},
        {"body beyond", ST_INVALID, "p", 2, 2, FRAME_DATA, 1, 0, FRAME_BODY_MAX + 1},
        {"type beyond", ST_INVALID, "p", 2, 2, FRAME_TYPE_COUNT, 1, 0, 0},
        {"all at the limit", ST_OK, "p", 2, 2, FRAME_TYPE_COUNT - 1, FRAME_EVENTS_MAX,
         FRAME_CURSOR_MAX, FRAME_BODY_MAX},
    };
    static const uint8_t zeros[FRAME_BODY_MAX + 1];
    char dir[SCRATCH_PATH];
    struct journal *j = NULL;

    journal_must_open(scratch_path("j", dir), JOURNAL_ROTATE_BYTES, &j);
    journal_must_append(j, 1, 1);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct frame frame = frame_of_refusal(&rows[i], zeros);
        bool taken = rows[i].expected == ST_OK;
        struct why why;

        expect_status(journal_append(j, &frame, 1, &why), rows[i].expected, &why,
                      rows[i].label);
        cr_assert(frame.pos == (taken ? 2 : 0), "%s", rows[i].label);
        cr_assert(journal_tail(j).pos == (taken ? 2 : 1), "%s", rows[i].label);
    }
    journal_close(j);
}

Test(journal, takes_a_batch_whole_or_not_at_all)
{
    char dir[SCRATCH_PATH];
    struct journal *j = NULL;
    struct frame frames[] = {frame_make("p", 1, 1, "good"), frame_make("p", 3, 2, "bad")};
    struct bytes cursor;
    struct why why;
    uint64_t last = 7;
    uint64_t pos = 0;
    bool same = false;

    journal_must_open(scratch_path("j", dir), JOURNAL_ROTATE_BYTES, &j);
    expect_status(journal_append(j, frames, 2, &why), ST_INVALID, &why, "second is bad");
    cr_assert(frames[0].pos == 0 && journal_tail(j).pos == 0);
    expect_status(journal_producer(j, text_of("p"), &last, &cursor, &why), ST_OK, &why,
                  "");
    cr_assert(last == 0);
    expect_status(journal_find(j, &frames[0], &pos, &same, &why), ST_NOT_FOUND, &why,
                  "first was not kept");
    journal_must_append(j, 1, 3);
    journal_close(j);
}

static void check_producer(struct journal *j, const char *name, uint64_t number,
                           const char *cursor)
{
    struct bytes found = {NULL, 0};
    uint64_t last = UINT64_MAX;
    struct why why;

    expect_status(journal_producer(j, text_of(name), &last, &found, &why), ST_OK, &why,
                  name);
    cr_assert(last == number, "%s: %llu", name, (unsigned long long)last);
    cr_assert(found.len == strlen(cursor) &&
                  (!found.len || memcmp(found.at, cursor, found.len) == 0),
              "%s: cursor", name);
}

Test(journal, remembers_every_producer_for_ever)
{
    char dir[SCRATCH_PATH];
    struct journal *j = NULL;
    struct frame old = frame_make("old", 1, 1, "x");
    struct frame frame = frame_make("new", 1, 2, "y");
    struct why why;

    old.cursor = (struct bytes){(const uint8_t *)"f:1", 3};
    frame.cursor.len = 0;
    journal_must_open(scratch_path("j", dir), 1, &j); /* a file for every frame */
    check_producer(j, "old", 0, "");
    expect_status(journal_append(j, &old, 1, &why), ST_OK, &why, "old");
    expect_status(journal_append(j, &frame, 1, &why), ST_OK, &why, "new");
    frame = frame_make("new", 2, 3, "z");
    expect_status(journal_append(j, &frame, 1, &why), ST_OK, &why, "new again");
    for (int round = 0; round < 2; round++) {
        check_producer(j, "old", 1, "f:1");
        check_producer(j, "new", 2, "at");
        check_producer(j, "nobody", 0, "");
        journal_close(j);
        journal_must_open(dir, 1, &j);
    }
    cr_assert(scratch_count(dir, "journal-", ".db") == 3);
    journal_close(j);
}

Test(journal, finds_frames_of_all_files_by_number)
{
    static const struct {
        const char *label, *producer, *body;
        uint64_t number;
        enum frame_type type;
        enum status expected;
        uint64_t pos;
        bool same;
    } rows[] = {
        {"newest file", "p", "body-9-end", 9, FRAME_DATA, ST_OK, 9, true},
        {"first file", "p", "body-1-end", 1, FRAME_DATA, ST_OK, 1, true},
        {"in the middle", "p", "body-5-end", 5, FRAME_DATA, ST_OK, 5, true},
        {"below the middle", "p", "body-2-end", 2, FRAME_DATA, ST_OK, 2, true},
        {"above the middle", "p", "body-7-end", 7, FRAME_DATA, ST_OK, 7, true},
        {"last closed file", "p", "body-8-end", 8, FRAME_DATA, ST_OK, 8, true},
        {"other bytes", "p", "body-6-end", 5, FRAME_DATA, ST_OK, 5, false},
        {"other length", "p", "body-5-en", 5, FRAME_DATA, ST_OK, 5, false},
        {"other type", "p", "body-5-end", 5, FRAME_PROMISE, ST_OK, 5, false},
        {"not yet", "p", "body-10-end", 10, FRAME_DATA, ST_NOT_FOUND, 0, false},
        {"zero", "p", "", 0, FRAME_DATA, ST_NOT_FOUND, 0, false},
        {"beyond all", "p", "", UINT64_MAX, FRAME_DATA, ST_NOT_FOUND, 0, false},
        {"nobody", "q", "body-1-end", 1, FRAME_DATA, ST_NOT_FOUND, 0, false},
    };
    static const int64_t rotations[] = {1, JOURNAL_ROTATE_BYTES};

    for (size_t r = 0; r < sizeof(rotations) / sizeof(rotations[0]); r++) {
        char dir[SCRATCH_PATH];
        struct journal *j = NULL;

        journal_must_open(scratch_path(r ? "one" : "many", dir), rotations[r], &j);
        journal_must_append(j, 1, 9);
        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
            const struct frame frame = {
                .producer = text_of(rows[i].producer),
                .number = rows[i].number,
                .type = rows[i].type,
                .body = {(const uint8_t *)rows[i].body, strlen(rows[i].body)}};
            uint64_t pos = 0;
            bool same = false;
            struct why why;

            expect_status(journal_find(j, &frame, &pos, &same, &why), rows[i].expected,
                          &why, rows[i].label);
            cr_assert(pos == rows[i].pos && same == rows[i].same, "%s: %llu %d",
                      rows[i].label, (unsigned long long)pos, same);
        }
        journal_close(j);
    }
}

Test(journal, begins_a_new_file_when_one_is_full)
{
    char dir[SCRATCH_PATH];
    char path[SCRATCH_PATH];
    struct journal *j = NULL;
    uint64_t frames = 0;
    struct why why;

    journal_must_open(scratch_path("j", dir), 1, &j);
    journal_must_append(j, 1, 3);
    cr_assert(scratch_count(dir, "journal-", ".db") == 3);
    scratch_path("j/journal-00000000000000000003.db", path);
    cr_assert(scratch_size(path) > 0 && scratch_mode(path) == 0600);
    /* A quiet moment begins the next one; a second finds nothing to do. */
    expect_status(journal_idle(j, &why), ST_OK, &why, "idle");
    expect_status(journal_idle(j, &why), ST_OK, &why, "idle again");
    cr_assert(scratch_count(dir, "journal-", ".db") == 4);
    journal_close(j);

    /* Opened again with an empty newest file. */
    journal_must_open(dir, JOURNAL_ROTATE_BYTES, &j);
    cr_assert(journal_tail(j).pos == 3 && journal_tail(j).clock == 3);
    journal_must_append(j, 4, 5);
    cr_assert(scratch_count(dir, "journal-", ".db") == 4);
    journal_close(j);
    expect_status(journal_verify(dir, &frames, &why), ST_OK, &why, "verify");
    cr_assert(frames == 5);
}

Test(journal, copies_its_wal_at_a_quiet_moment)
{
    static uint8_t body[FRAME_BODY_MAX];
    char dir[SCRATCH_PATH];
    char path[SCRATCH_PATH];
    struct journal *j = NULL;
    struct why why;

    journal_must_open(scratch_path("j", dir), JOURNAL_ROTATE_BYTES, &j);
    scratch_path("j/" FIRST_FILE, path);
    for (uint64_t i = 1; i <= 20; i++) {
        struct frame frame = frame_make("p", i, (int64_t)i, "");

        frame.body = (struct bytes){body, sizeof(body)};
        expect_status(journal_append(j, &frame, 1, &why), ST_OK, &why, "append");
    }
    cr_assert(scratch_size(path) < 20 * FRAME_BODY_MAX, "all is in the WAL yet");
    expect_status(journal_idle(j, &why), ST_OK, &why, "idle");
    cr_assert(scratch_size(path) > 20 * FRAME_BODY_MAX, "the WAL was copied");
    journal_close(j);
}

Test(journal, promises_nothing_after_the_disk_refused)
{
    static uint8_t body[FRAME_BODY_MAX];
    struct rlimit limit;
    struct rlimit small;
    char dir[SCRATCH_PATH];
    struct journal *j = NULL;
    struct frame frame = frame_make("p", 3, 3, "");
    uint64_t frames = 0;
    struct why why;

    journal_must_open(scratch_path("j", dir), JOURNAL_ROTATE_BYTES, &j);
    journal_must_append(j, 1, 2);
    frame.body = (struct bytes){body, sizeof(body)};
    cr_assert(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
    cr_assert(getrlimit(RLIMIT_FSIZE, &limit) == 0);
    small = limit;
    small.rlim_cur = 200 * 1024; /* less than the WAL with this frame */
    cr_assert(setrlimit(RLIMIT_FSIZE, &small) == 0);
    expect_status(journal_append(j, &frame, 1, &why), ST_IO, &why, "no room");
    cr_assert(setrlimit(RLIMIT_FSIZE, &limit) == 0);
    cr_assert(frame.pos == 0);
    expect_status(journal_append(j, &frame, 1, &why), ST_IO, &why, "room again");
    expect_status(journal_idle(j, &why), ST_IO, &why, "idle");
    journal_close(j);

    journal_must_open(dir, JOURNAL_ROTATE_BYTES, &j);
    cr_assert(journal_tail(j).pos == 2);
    expect_status(journal_append(j, &frame, 1, &why), ST_OK, &why, "after opening again");
    journal_close(j);
    expect_status(journal_verify(dir, &frames, &why), ST_OK, &why, "verify");
    cr_assert(frames == 3);
}
