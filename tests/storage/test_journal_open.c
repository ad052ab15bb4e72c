/* Opening a journal: one writer, and no file that is damaged or of another program. */
#include "scratch.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <unistd.h>

TestSuite(journal_open, .init = scratch_make, .fini = scratch_remove);

#define FIRST_FILE "journal-00000000000000000001.db"

Test(journal_open, refuses_a_second_writer_and_names_the_first)
{
    char dir[SCRATCH_PATH];
    char pid[32];
    struct journal_options options = {JOURNAL_ROTATE_BYTES};
    struct journal *j = NULL;
    struct journal *other = NULL;
    struct why why;

    journal_must_open(scratch_path("j", dir), JOURNAL_ROTATE_BYTES, &j);
    (void)snprintf(pid, sizeof(pid), "process %ld ", (long)getpid());
    expect_status(journal_open(dir, &options, &other, &why), ST_CONFLICT, &why, "second");
    expect_why(&why, pid, "second");
    cr_assert(other == NULL);
    journal_must_append(j, 1, 1); /* the first is not disturbed */
    journal_close(j);
    journal_must_open(dir, JOURNAL_ROTATE_BYTES, &other);
    journal_close(other);
}

Test(journal_open, refuses_files_that_are_not_its_own_or_damaged)
{
    static const struct {
        const char *label, *damage; /* in SQL */
        enum status expected;
        const char *reason;
    } rows[] = {
        {"newer schema", "PRAGMA user_version = 2", ST_VERSION,
         "of schema 2, this program has 1"},
        {"no schema", "PRAGMA user_version = 0", ST_VERSION, "of schema 0"},
        {"another program", "PRAGMA application_id = 305419896", ST_VERSION,
         "0x12345678"},
        {"last body", "UPDATE frame SET body = x'00' WHERE pos = 3", ST_CORRUPT,
         "frame 3 does not agree with its hash"},
        {"last clock", "UPDATE frame SET clock = 99 WHERE pos = 3", ST_CORRUPT,
         "frame 3"},
        {"hash before", "UPDATE frame SET hash = zeroblob(32) WHERE pos = 2", ST_CORRUPT,
         "frame 3"},
        {"a short hash", "UPDATE frame SET hash = x'00' WHERE pos = 3", ST_CORRUPT,
         "frame 3"},
        {"a hole", "DELETE FROM frame WHERE pos = 2", ST_CORRUPT, "frame 2 is missing"},
        {"meta gone", "DELETE FROM meta", ST_CORRUPT, "meta"},
        {"meta elsewhere", "UPDATE meta SET pos = 4", ST_CORRUPT, FIRST_FILE},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct journal_options options = {JOURNAL_ROTATE_BYTES};
        struct journal *j = NULL;
        char dir[SCRATCH_PATH];
        char path[SCRATCH_PATH];
        char name[64];
        struct why why;

        (void)snprintf(name, sizeof(name), "j%zu", i);
        journal_must_open(scratch_path(name, dir), JOURNAL_ROTATE_BYTES, &j);
        journal_must_append(j, 1, 3);
        journal_close(j);
        (void)snprintf(name, sizeof(name), "j%zu/%s", i, FIRST_FILE);
        scratch_sql(scratch_path(name, path), rows[i].damage);
        j = NULL;
        expect_status(journal_open(dir, &options, &j, &why), rows[i].expected, &why,
                      rows[i].label);
        expect_why(&why, rows[i].reason, rows[i].label);
        expect_why(&why, FIRST_FILE, rows[i].label);
        cr_assert(j == NULL);
    }
}

Test(journal_open, refuses_a_torn_file_and_one_that_does_not_follow)
{
    struct journal_options options = {1};
    char dir[SCRATCH_PATH];
    char path[SCRATCH_PATH];
    struct journal *j = NULL;
    struct why why;

    journal_must_open(scratch_path("j", dir), 1, &j);
    journal_must_append(j, 1, 2);
    journal_close(j);
    scratch_path("j/journal-00000000000000000001.db", path);
    scratch_sql(path, "UPDATE frame SET clock = 0; "
                      "UPDATE frame SET hash = zeroblob(32)");
    expect_status(journal_open(dir, &options, &j, &why), ST_CORRUPT, &why, "file before");

    scratch_cut(scratch_path("j/journal-00000000000000000002.db", path), 40000);
    expect_status(journal_open(dir, &options, &j, &why), ST_CORRUPT, &why, "torn");
    expect_why(&why, "journal-00000000000000000002.db", "torn");
    scratch_write(path,
                  "this is a text, longer than the header of a database, and nothing "
                  "that was ever written by the program itself, in whatever version");
    expect_status(journal_open(dir, &options, &j, &why), ST_CORRUPT, &why, "a text");
}
