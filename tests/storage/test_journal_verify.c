/* Every way to change a journal behind its back is found, with file and position. */
#include "scratch.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

TestSuite(journal_verify, .init = scratch_make, .fini = scratch_remove);

#define FILE_OF(digit) "journal-0000000000000000000" digit ".db"

/* Files 1 (frame 1 to 3), 4 (frame 4) and 5 (frames 5 to 7). */
static const char *make_journal(const char *name, char *dir)
{
    struct journal *j = NULL;

    scratch_path(name, dir);
    journal_must_open(dir, JOURNAL_ROTATE_BYTES, &j);
    journal_must_append(j, 1, 3);
    journal_close(j);
    journal_must_open(dir, 1, &j);
    journal_must_append(j, 4, 5);
    journal_close(j);
    journal_must_open(dir, JOURNAL_ROTATE_BYTES, &j);
    journal_must_append(j, 6, 7);
    journal_close(j);
    return dir;
}

Test(journal_verify, counts_the_frames_of_an_undamaged_journal)
{
    char dir[SCRATCH_PATH];
    char path[2 * SCRATCH_PATH];
    uint64_t frames = 0;
    struct why why;

    make_journal("j", dir);
    expect_status(journal_verify(dir, &frames, &why), ST_OK, &why, "all");
    cr_assert(frames == 7);
    (void)snprintf(path, sizeof(path), "%s/" FILE_OF("5"), dir);
    expect_status(journal_verify(path, &frames, &why), ST_OK, &why, "one file");
    cr_assert(frames == 3);
}

Test(journal_verify, finds_every_change_with_its_place)
{
    static const struct {
        const char *label, *file, *damage; /* NULL: a bit on the disk */
        const char *reason;
    } rows[] = {
        {"one bit of a body", FILE_OF("1"), NULL, "frame 2 "},
        {"clock", FILE_OF("1"), "UPDATE frame SET clock = clock + 1 WHERE pos = 3",
         "frame 3 "},
        {"events", FILE_OF("5"), "UPDATE frame SET events = 2 WHERE pos = 6", "frame 6 "},
        {"first_seq", FILE_OF("5"), "UPDATE frame SET first_seq = 9 WHERE pos = 7",
         "frame 7 "},
        {"type", FILE_OF("4"), "UPDATE frame SET type = 2", "frame 4 "},
        {"producer", FILE_OF("1"), "UPDATE frame SET producer = 'o' WHERE pos = 1",
         "frame 1 "},
        {"number", FILE_OF("1"), "UPDATE frame SET number = 12 WHERE pos = 1",
         "frame 1 "},
        {"cursor", FILE_OF("5"), "UPDATE frame SET cursor = x'00' WHERE pos = 5",
         "frame 5 "},
        {"hash", FILE_OF("5"), "UPDATE frame SET hash = zeroblob(32) WHERE pos = 5",
         "frame 5 "},
        {"a row in between", FILE_OF("5"), "DELETE FROM frame WHERE pos = 6", "frame 6 "},
        {"the first row", FILE_OF("1"), "DELETE FROM frame WHERE pos = 1", "frame 1 "},
        {"the last row of a file", FILE_OF("1"), "DELETE FROM frame WHERE pos = 3",
         "number"},
        {"the last row of all", FILE_OF("5"), "DELETE FROM frame WHERE pos = 7",
         "number"},
        {"what is remembered", FILE_OF("5"), "UPDATE producer SET last_number = 6",
         "number"},
        {"the link", FILE_OF("4"), "UPDATE meta SET hash = zeroblob(32)", "frame 4"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char dir[SCRATCH_PATH];
        char path[2 * SCRATCH_PATH];
        uint64_t frames = 99;
        struct why why;

        make_journal(rows[i].label, dir);
        (void)snprintf(path, sizeof(path), "%s/%s", dir, rows[i].file);
        if (rows[i].damage)
            scratch_sql(path, rows[i].damage);
        else
            scratch_flip(path, "body-2-end");
        expect_status(journal_verify(dir, &frames, &why), ST_CORRUPT, &why,
                      rows[i].label);
        expect_why(&why, rows[i].file, rows[i].label);
        expect_why(&why, rows[i].reason, rows[i].label);
        cr_assert(frames == 99, "%s", rows[i].label);
    }
}

Test(journal_verify, finds_files_that_are_gone_torn_or_swapped)
{
    char dir[SCRATCH_PATH];
    char other[SCRATCH_PATH];
    char path[2 * SCRATCH_PATH];
    char from[2 * SCRATCH_PATH];
    uint64_t frames = 0;
    struct why why;

    make_journal("gone", dir);
    (void)snprintf(path, sizeof(path), "%s/" FILE_OF("4"), dir);
    cr_assert(unlink(path) == 0);
    expect_status(journal_verify(dir, &frames, &why), ST_CORRUPT, &why, "gone");
    expect_why(&why, FILE_OF("5"), "gone");

    make_journal("torn", dir);
    (void)snprintf(path, sizeof(path), "%s/" FILE_OF("4"), dir);
    scratch_cut(path, scratch_size(path) - 32768);
    expect_status(journal_verify(dir, &frames, &why), ST_CORRUPT, &why, "torn");
    expect_why(&why, FILE_OF("4"), "torn");

    make_journal("swapped", dir);
    make_journal("other", other);
    (void)snprintf(path, sizeof(path), "%s/" FILE_OF("4"), dir);
    (void)snprintf(from, sizeof(from), "%s/" FILE_OF("5"), other);
    cr_assert(rename(from, path) == 0);
    expect_status(journal_verify(dir, &frames, &why), ST_CORRUPT, &why, "swapped");
    expect_why(&why, FILE_OF("4"), "swapped");
}
