/* Files of ours and their versions, with kinds of a schema that no release has. */
#include "scratch.h"

#include "../../storage/sqlite.h"

#include <criterion/criterion.h>
#include <string.h>

TestSuite(sqlite, .init = scratch_make, .fini = scratch_remove);

static const struct sql_step steps_of_1[] = {{1, "CREATE TABLE a (x)"}, {0, NULL}};
static const struct sql_step steps_of_3[] = {{1, "CREATE TABLE a (x)"},
                                             {2, "ALTER TABLE a ADD COLUMN y"},
                                             {3, "UPDATE a SET y = x + 1"},
                                             {3, "INSERT INTO a VALUES (3, 3)"},
                                             {0, NULL}};
static const struct sql_step steps_bad[] = {{1, "CREATE TABLE a (x)"},
                                            {2, "ALTER TABLE a ADD COLUMN y"},
                                            {2, "INSERT INTO nowhere VALUES (1)"},
                                            {0, NULL}};

static struct sql_kind kind_of(int version, const struct sql_step *steps)
{
    return (struct sql_kind){.noun = "test file",
                             .application_id = 0x11,
                             .version = version,
                             .page_size = 4096,
                             .steps = steps};
}

static void make_version_1(const char *path)
{
    struct sql_kind kind = kind_of(1, steps_of_1);
    sqlite3 *db = NULL;
    struct why why;

    expect_status(sql_create(path, &kind, NULL, NULL, &why), ST_OK, &why, "create");
    expect_status(sql_open_write(path, &kind, &db, &why), ST_OK, &why, "open");
    expect_status(sql_exec(db, "INSERT INTO a VALUES (1)", &why), ST_OK, &why, "insert");
    sql_close_write(db);
}

Test(sqlite, migrates_an_older_file_when_it_is_written)
{
    struct sql_kind kind = kind_of(3, steps_of_3);
    const struct sql_kind *const kinds[] = {&kind, NULL};
    const struct sql_kind *found = NULL;
    char path[SCRATCH_PATH];
    sqlite3 *db = NULL;
    struct why why;

    make_version_1(scratch_path("f.db", path));
    expect_status(sql_open_read(path, kinds, false, &db, &found, &why), ST_VERSION, &why,
                  "read an older one");
    expect_why(&why, "of the older schema 1, this program has 3", "read an older one");
    expect_status(sql_open_write(path, &kind, &db, &why), ST_OK, &why, "write");
    sql_close_write(db);
    expect_status(sql_open_read(path, kinds, false, &db, &found, &why), ST_OK, &why,
                  "read");
    cr_assert(found == &kind);
    sql_close(db);
    cr_assert(
        strcmp(scratch_query(path, "SELECT group_concat(x || y) FROM a"), "12,33") == 0);
    cr_assert(strcmp(scratch_query(path, "PRAGMA user_version"), "3") == 0);
}

Test(sqlite, leaves_a_file_as_it_was_when_a_migration_fails)
{
    struct sql_kind kind = kind_of(2, steps_bad);
    char path[SCRATCH_PATH];
    sqlite3 *db = NULL;
    struct why why;

    make_version_1(scratch_path("f.db", path));
    expect_status(sql_open_write(path, &kind, &db, &why), ST_IO, &why, "bad script");
    expect_why(&why, "schema 2", "bad script");
    cr_assert(db == NULL);
    cr_assert(strcmp(scratch_query(path, "PRAGMA user_version"), "1") == 0);
    cr_assert(strcmp(scratch_query(path, "SELECT count(*) FROM pragma_table_info('a')"),
                     "1") == 0);
}

Test(sqlite, replaces_what_an_interrupted_creation_left)
{
    struct sql_kind kind = kind_of(1, steps_of_1);
    char path[SCRATCH_PATH];
    struct why why;

    scratch_write(scratch_path("f.db.new", path), "half a file");
    scratch_write(scratch_path("f.db.new-journal", path), "half a journal");
    scratch_path("f.db", path);
    expect_status(sql_create(path, &kind, NULL, NULL, &why), ST_OK, &why, "create");
    cr_assert(strcmp(scratch_query(path, "SELECT count(*) FROM a"), "0") == 0);
    cr_assert(scratch_count(scratch_path("", path), "f.db.", "") == 0);
}

Test(sqlite, reads_closed_files_whatever_their_name)
{
    struct sql_kind kind = kind_of(1, steps_of_1);
    const struct sql_kind *const kinds[] = {&kind, NULL};
    static const char *const names[] = {"a?b.db", "a#b%41.db", "a b&c=d.db"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const struct sql_kind *found = NULL;
        char path[SCRATCH_PATH];
        sqlite3 *db = NULL;
        int64_t x = 0;
        struct why why;

        make_version_1(scratch_path(names[i], path));
        expect_status(sql_open_read(path, kinds, true, &db, &found, &why), ST_OK, &why,
                      names[i]);
        expect_status(sql_number(db, "SELECT x FROM a", &x, &why), ST_OK, &why, names[i]);
        cr_assert(x == 1, "%s", names[i]);
        sql_close(db);
    }
}

Test(sqlite, tells_a_full_disk_in_plain_words)
{
    struct sql_kind kind = kind_of(1, steps_of_1);
    char path[SCRATCH_PATH];
    sqlite3 *db = NULL;
    struct why why;

    make_version_1(scratch_path("f.db", path));
    expect_status(sql_open_write(path, &kind, &db, &why), ST_OK, &why, "open");
    expect_status(sql_exec(db, "PRAGMA max_page_count = 3", &why), ST_OK, &why, "bound");
    expect_status(sql_exec(db, "INSERT INTO a VALUES (zeroblob(99999))", &why), ST_IO,
                  &why, "full");
    expect_why(&why, "the disk is full", "full");
    expect_why(&why, "f.db", "full");
    sql_close(db);
}
