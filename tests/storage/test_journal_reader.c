/* Reading a journal by position, while it is written and across its files. */
#include "scratch.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

TestSuite(journal_reader, .init = scratch_make, .fini = scratch_remove);

static struct journal_reader *must_open(const char *path)
{
    struct journal_reader *r = NULL;
    struct why why;

    expect_status(journal_reader_open(path, &r, &why), ST_OK, &why, "open reader");
    return r;
}

/* Reads the frame after `after` and checks that it is the one journal_must_append made.
 */
static void must_read(struct journal_reader *r, uint64_t after)
{
    struct frame frame;
    struct why why;
    char body[32];

    expect_status(journal_reader_next(r, after, &frame, &why), ST_OK, &why, "next");
    cr_assert(frame.pos == after + 1 && frame.number == after + 1, "%llu after %llu",
              (unsigned long long)frame.pos, (unsigned long long)after);
    cr_assert(frame.first_seq == after + 1 && frame.events == 1);
    cr_assert(frame.type == FRAME_DATA && frame.clock == (int64_t)after + 1);
    cr_assert(text_is(frame.producer, "p"));
    cr_assert(frame.cursor.len == 2 && memcmp(frame.cursor.at, "at", 2) == 0);
    body_of(after + 1, body);
    cr_assert(frame.body.len == strlen(body) &&
              memcmp(frame.body.at, body, frame.body.len) == 0);
}

static void must_end(struct journal_reader *r, uint64_t after)
{
    struct frame frame = {.pos = 77};
    struct why why;

    expect_status(journal_reader_next(r, after, &frame, &why), ST_NOT_FOUND, &why, "end");
    cr_assert(frame.pos == 77, "the output is left alone");
}

Test(journal_reader, reads_from_anywhere_over_all_files)
{
    static const struct {
        const char *label;
        int64_t rotate_bytes;
        uint64_t frames;
        size_t files;
    } rows[] = {
        {"a file a frame", 1, 7, 7},
        {"one file, more than a batch", JOURNAL_ROTATE_BYTES, 150, 1},
        {"two files", 6 * 32768, 700, 2},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char dir[SCRATCH_PATH];
        struct journal *j = NULL;
        struct journal_reader *r;
        uint64_t frames = rows[i].frames;

        journal_must_open(scratch_path(rows[i].label, dir), rows[i].rotate_bytes, &j);
        if (rows[i].rotate_bytes == 1)
            journal_must_append(j, 1, frames);
        else
            journal_must_append_fast(j, 1, frames);
        cr_assert(scratch_count(dir, "journal-", ".db") == rows[i].files);
        r = must_open(dir);
        for (int round = 0; round < 2; round++) {
            for (uint64_t after = 0; after < frames; after++)
                must_read(r, after);
            must_end(r, frames);
            for (uint64_t after = frames; after > 0; after--)
                must_read(r, after - 1);
            for (uint64_t step = 0; step < 40; step++) /* to and fro */
                must_read(r, step * 131 % frames);
            must_end(r, UINT64_MAX);
            if (!round) /* closed: no WAL any more */
                journal_close(j);
        }
        journal_reader_close(r);
    }
}

Test(journal_reader, follows_a_journal_that_grows)
{
    static const int64_t rotations[] = {1, JOURNAL_ROTATE_BYTES};

    for (size_t i = 0; i < sizeof(rotations) / sizeof(rotations[0]); i++) {
        char dir[SCRATCH_PATH];
        struct journal *j = NULL;
        struct journal_reader *r;

        journal_must_open(scratch_path(i ? "one" : "many", dir), rotations[i], &j);
        r = must_open(dir);
        must_end(r, 0);
        for (uint64_t pos = 1; pos <= 20; pos++) {
            struct why why;

            journal_must_append(j, pos, pos);
            must_read(r, pos - 1);
            must_end(r, pos);
            if (pos % 4 == 0) /* begins an empty file */
                expect_status(journal_idle(j, &why), ST_OK, &why, "idle");
            must_end(r, pos);
            if (pos % 7 != 0)
                continue;
            journal_close(j);
            must_read(r, pos - 1);
            journal_must_open(dir, rotations[i], &j);
        }
        journal_close(j);
        must_end(r, 20);
        journal_reader_close(r);
    }
}

Test(journal_reader, is_in_nobodys_way)
{
    char dir[SCRATCH_PATH];
    struct journal *j = NULL;
    struct journal_reader *r;

    journal_must_open(scratch_path("j", dir), JOURNAL_ROTATE_BYTES, &j);
    journal_must_append_fast(j, 1, 200);
    r = must_open(dir);
    must_read(r, 4); /* far from the end of what it could read */
    journal_close(j);
    /* Opening needs the whole WAL, rotation too. */
    journal_must_open(dir, 1, &j);
    must_read(r, 80);
    journal_must_append(j, 201, 202);
    cr_assert(scratch_count(dir, "journal-", ".db") == 3);
    for (uint64_t after = 81; after < 202; after++)
        must_read(r, after);
    journal_close(j);
    journal_reader_close(r);
}

Test(journal_reader, stops_before_a_hole)
{
    char dir[SCRATCH_PATH];
    char path[SCRATCH_PATH];
    struct journal *j = NULL;
    struct journal_reader *r;
    struct frame frame;
    struct why why;

    journal_must_open(scratch_path("j", dir), JOURNAL_ROTATE_BYTES, &j);
    journal_must_append(j, 1, 4);
    journal_close(j);
    scratch_sql(scratch_path("j/journal-00000000000000000001.db", path),
                "DELETE FROM frame WHERE pos = 3");
    r = must_open(dir);
    must_read(r, 0);
    must_read(r, 1);
    expect_status(journal_reader_next(r, 2, &frame, &why), ST_CORRUPT, &why, "the hole");
    expect_why(&why, "frame 3 is missing", "the hole");
    must_read(r, 3);
    journal_reader_close(r);
}

Test(journal_reader, believes_no_altered_frame)
{
    static const struct {
        const char *label;
        uint64_t from; /* where the reader begins */
    } rows[] = {{"from the first", 0}, {"from the middle", 1}, {"right before it", 2}};
    char dir[SCRATCH_PATH];
    char path[SCRATCH_PATH];
    struct journal *j = NULL;

    journal_must_open(scratch_path("j", dir), JOURNAL_ROTATE_BYTES, &j);
    journal_must_append(j, 1, 4);
    journal_close(j);
    scratch_flip(scratch_path("j/journal-00000000000000000001.db", path), "body-3-end");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct journal_reader *r = must_open(dir);
        struct frame frame;
        struct why why;

        for (uint64_t after = rows[i].from; after < 2; after++)
            must_read(r, after);
        expect_status(journal_reader_next(r, 2, &frame, &why), ST_CORRUPT, &why,
                      rows[i].label);
        expect_why(&why, "frame 3 does not agree with its hash", rows[i].label);
        journal_reader_close(r);
    }
}

/* Reads until frame `last`, however often there is nothing yet. */
static void read_until(const char *dir, uint64_t last)
{
    struct journal_reader *r = must_open(dir);
    uint64_t after = 0;

    (void)alarm(60); /* should the writer fail, this does not run for ever */
    while (after < last) {
        struct frame frame;
        enum status st = journal_reader_next(r, after, &frame, NULL);

        if (st != ST_OK && st != ST_NOT_FOUND)
            _exit(2);
        if (st == ST_OK && frame.pos != ++after)
            _exit(3);
    }
    journal_reader_close(r);
    _exit(0);
}

Test(journal_reader, reads_in_one_process_what_another_writes)
{
    char dir[SCRATCH_PATH];
    struct journal *j = NULL;
    uint64_t frames = 0;
    struct why why;
    int state = 0;
    pid_t child;

    journal_must_open(scratch_path("j", dir), 1, &j);
    journal_must_append(j, 1, 1);
    child = fork();
    cr_assert(child >= 0);
    if (child == 0)
        read_until(dir, 500);
    journal_must_append(j, 2, 30);
    journal_must_append_fast(j, 31, 500);
    cr_assert(waitpid(child, &state, 0) == child);
    cr_assert(WIFEXITED(state) && WEXITSTATUS(state) == 0, "reader ended with %d",
              WEXITSTATUS(state));
    cr_assert(scratch_count(dir, "journal-", ".db") > 1);
    journal_close(j);
    expect_status(journal_verify(dir, &frames, &why), ST_OK, &why, "verify");
    cr_assert(frames == 500);
}

Test(journal_reader, changes_no_byte)
{
    char dir[SCRATCH_PATH];
    struct journal *j = NULL;
    struct journal_reader *r;
    uint64_t before;
    uint64_t frames = 0;
    struct why why;

    journal_must_open(scratch_path("j", dir), 1, &j);
    journal_must_append(j, 1, 3);
    journal_close(j);
    before = scratch_fingerprint(dir);
    r = must_open(dir);
    for (uint64_t after = 0; after < 3; after++)
        must_read(r, after);
    must_end(r, 3);
    cr_assert(scratch_fingerprint(dir) == before, "while it is open");
    journal_reader_close(r);
    expect_status(journal_verify(dir, &frames, &why), ST_OK, &why, "verify");
    cr_assert(scratch_fingerprint(dir) == before, "afterwards");
}

Test(journal_reader, says_what_is_missing_or_foreign)
{
    static const struct {
        const char *label;
        const char *file, *damage; /* SQL; NULL: the file is removed */
        enum status expected;      /* of opening, or of reading to the end */
    } rows[] = {
        {"file in the middle", "2", NULL, ST_CORRUPT},
        {"first file", "1", NULL, ST_CORRUPT},
        {"row at the end of a file", "1", "DELETE FROM frame WHERE pos = 1", ST_CORRUPT},
        {"newer schema", "1", "PRAGMA user_version = 9", ST_VERSION},
        {"another program", "3", "PRAGMA application_id = 1", ST_VERSION},
        {"type beyond", "2", "UPDATE frame SET type = 99", ST_CORRUPT},
        {"body beyond", "2", "UPDATE frame SET body = zeroblob(262145)", ST_CORRUPT},
        {"number below zero", "3", "UPDATE frame SET number = -1", ST_CORRUPT},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char dir[SCRATCH_PATH];
        char path[2 * SCRATCH_PATH];
        struct journal *j = NULL;
        struct journal_reader *r = NULL;
        struct frame frame;
        struct why why;
        enum status st;

        journal_must_open(scratch_path(rows[i].label, dir), 1, &j);
        journal_must_append(j, 1, 3);
        journal_close(j);
        (void)snprintf(path, sizeof(path), "%s/journal-0000000000000000000%s.db", dir,
                       rows[i].file);
        if (rows[i].damage)
            scratch_sql(path, rows[i].damage);
        else
            cr_assert(unlink(path) == 0);
        st = journal_reader_open(dir, &r, &why);
        for (uint64_t after = 0; !st && after < 3; after++)
            st = journal_reader_next(r, after, &frame, &why);
        expect_status(st, rows[i].expected, &why, rows[i].label);
        journal_reader_close(r);
    }
}

Test(journal_reader, needs_a_journal)
{
    struct journal_reader *r = NULL;
    char path[SCRATCH_PATH];
    uint64_t frames = 0;
    struct why why;

    expect_status(journal_reader_open(scratch_path("none", path), &r, &why), ST_NOT_FOUND,
                  &why, "no folder");
    expect_status(journal_reader_open(scratch_path("", path), &r, &why), ST_NOT_FOUND,
                  &why, "empty folder");
    expect_status(journal_verify(path, &frames, &why), ST_NOT_FOUND, &why, "verify");
    scratch_write(scratch_path("text", path), "certainly no database of any kind at all");
    expect_status(journal_reader_open(path, &r, &why), ST_CORRUPT, &why, "a text");
    cr_assert(r == NULL);
}
