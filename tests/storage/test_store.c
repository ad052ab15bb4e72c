/* The store on SQLite: the suite for every backend, and what only a file can do. */
#include "scratch.h"
#include "store_suite.h"

#include <criterion/criterion.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

TestSuite(store, .init = scratch_make, .fini = scratch_remove);

Test(store, sqlite_conforms)
{
    for (const struct store_case *row = store_suite; row->name; row++) {
        char path[SCRATCH_PATH];

        (void)fprintf(stderr, "store: %s\n", row->name); /* which one, if it fails */
        row->run(&store_sqlite, scratch_path(row->name, path));
    }
}

/* A store at pos 2 with two frames, an alert and a balance. */
static void make_store(const char *path, enum store_mode mode)
{
    struct frame frames[] = {frame_make("p", 1, 1, "body-1-end"),
                             frame_make("p", 2, 2, "body-2-end")};
    struct alert_row alert = alert_make(1);
    struct balance balances[2];
    struct quarantine_row row = {.seq = 2, .verdict = VERDICT_CONFLICT, .source = "gov"};
    struct effects effects = {.frames = frames,
                              .frames_len = 2,
                              .alerts = &alert,
                              .alerts_len = 1,
                              .quarantine = &row,
                              .quarantine_len = 1,
                              .balances = balances,
                              .balances_len = 2,
                              .cursor = cursor_at(2)};
    struct store *s = store_must_open(&store_sqlite, path, mode);

    frames[0].pos = frames[0].first_seq = 1;
    frames[1].pos = frames[1].first_seq = 2;
    balances[0] = alert.transition.balance;
    balances[1] = (struct balance){
        .country = alert.transition.country,
        .commodity = commodity_find(TEXT_LITERAL("electricity")),
        .as_of = 0,
        .stock = 12,
        .days_of_cover = VALUE_NONE,
        .stock_out = TIME_NONE,
    };
    store_must_commit(s, &effects);
    store_close(s);
}

Test(store, keeps_frames_that_the_journal_reader_reads)
{
    char path[SCRATCH_PATH];
    struct journal_reader *r = NULL;
    struct frame frame;
    struct effects effects = {.frames = &frame, .frames_len = 1};
    uint64_t frames = 0;
    struct store *s;
    struct why why;
    char body[32];

    make_store(scratch_path("out.db", path), STORE_CREATE);
    s = store_must_open(&store_sqlite, path, STORE_WRITE);
    for (uint64_t pos = 3; pos <= 4; pos++) {
        frame = frame_make("p", pos, (int64_t)pos, body_of(pos, body));
        frame.pos = frame.first_seq = pos;
        effects.cursor = cursor_at(pos);
        store_must_commit(s, &effects);
    }
    store_close(s);
    expect_status(journal_reader_open(path, &r, &why), ST_OK, &why, "open");
    for (uint64_t after = 0; after < 4; after++) {
        expect_status(journal_reader_next(r, after, &frame, &why), ST_OK, &why, "next");
        body_of(after + 1, body);
        cr_assert(frame.pos == after + 1 && frame.body.len == strlen(body) &&
                  memcmp(frame.body.at, body, frame.body.len) == 0);
    }
    expect_status(journal_reader_next(r, 4, &frame, &why), ST_NOT_FOUND, &why, "end");
    journal_reader_close(r);
    expect_status(journal_verify(path, &frames, &why), ST_OK, &why, "verify");
    cr_assert(frames == 4);
    scratch_flip(path, "body-2-end");
    expect_status(journal_verify(path, &frames, &why), ST_CORRUPT, &why, "flipped");
    expect_why(&why, "frame 2 ", "flipped");
}

Test(store, is_read_without_changing_a_byte)
{
    char path[SCRATCH_PATH];
    char dir[SCRATCH_PATH];
    struct store_cursor cursor;
    struct store *s;
    uint64_t before;
    struct why why;

    make_store(scratch_path("out.db", path), STORE_CREATE);
    scratch_path("", dir);
    before = scratch_fingerprint(dir);
    cr_assert(scratch_mode(path) == 0600);
    s = store_must_open(&store_sqlite, path, STORE_READ);
    expect_status(store_cursor(s, &cursor, &why), ST_OK, &why, "cursor");
    cr_assert(cursor.pos == 2);
    cr_assert(scratch_fingerprint(dir) == before, "while it is open");
    store_close(s);
    cr_assert(scratch_fingerprint(dir) == before, "afterwards");
}

/* Reads as somebody who may write neither the file nor its folder. */
static int read_as_guest(const char *dir, const char *path)
{
    struct store *s = NULL;
    struct store_cursor cursor;
    int state = 0;
    pid_t child;

    cr_assert(chmod(path, 0444) == 0 && chmod(dir, 0555) == 0);
    child = fork();
    cr_assert(child >= 0);
    if (child == 0) {
        if (geteuid() == 0 && setuid(65534) != 0)
            _exit(3);
        if (access(path, R_OK) != 0) /* the folders above are closed to guests */
            _exit(0);
        if (store_open(&store_sqlite, path, STORE_READ, &s, NULL) ||
            store_cursor(s, &cursor, NULL))
            _exit(1);
        store_close(s);
        _exit(cursor.pos == 2 ? 0 : 2);
    }
    cr_assert(waitpid(child, &state, 0) == child && WIFEXITED(state));
    cr_assert(chmod(dir, 0700) == 0 && chmod(path, 0600) == 0);
    return WEXITSTATUS(state);
}

Test(store, is_read_from_a_folder_without_write_permission)
{
    char path[SCRATCH_PATH];
    char dir[SCRATCH_PATH];

    make_store(scratch_path("out.db", path), STORE_CREATE);
    cr_assert(read_as_guest(scratch_path("", dir), path) == 0, "as it was closed");
    /* A copy of a store that was being written, taken without its WAL. */
    scratch_sql(path, "PRAGMA journal_mode = WAL");
    cr_assert(read_as_guest(dir, path) == 0, "in WAL mode, without a WAL");
}

Test(store, has_views_for_people)
{
    static const struct {
        const char *query, *expected;
    } rows[] = {
        {"SELECT group_concat(commodity || ' ' || unit) FROM balance_now",
         "electricity kJ,rice g"},
        {"SELECT as_of || ' ' || stock || ' ' || days_of_cover || ' ' || stock_out "
         "FROM balance_now WHERE commodity = 'rice'",
         "2009-05-30T21:01:01.940814Z 3342000000000 237.876365 "
         "2009-05-30T21:01:01.940819Z"},
        {"SELECT as_of FROM balance_now WHERE commodity = 'electricity'",
         "1970-01-01T00:00:00Z"},
        {"SELECT days_of_cover IS NULL AND stock_out IS NULL FROM balance_now", "1"},
        {"SELECT at || ' ' || state || ' ' || rule || ' ' || country FROM alert_history",
         "2009-05-30T21:01:01.940814Z firing rule-1 PRK"},
        {"SELECT severity || ' ' || summary FROM alert_history",
         "warning PRK rice: 1 days \xC3\xA9"},
        {"SELECT episode FROM alert_history", "02020202020202020202020202020202"},
        {"SELECT count(*) FROM quarantine WHERE reason <> '' AND advice <> ''", "1"},
    };
    char path[SCRATCH_PATH];

    make_store(scratch_path("out.db", path), STORE_CREATE);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        cr_assert(strcmp(scratch_query(path, rows[i].query), rows[i].expected) == 0,
                  "%s: %s", rows[i].query, scratch_query(path, rows[i].query));
}

Test(store, keeps_one_row_an_account)
{
    char path[SCRATCH_PATH];
    struct alert_row alert = alert_make(1);
    struct balance *balance = &alert.transition.balance;
    struct effects effects = {
        .balances = balance, .balances_len = 1, .cursor = cursor_at(3)};
    struct store *s;

    make_store(scratch_path("out.db", path), STORE_CREATE);
    s = store_must_open(&store_sqlite, path, STORE_WRITE);
    balance->stock = 99;
    store_must_commit(s, &effects);
    store_close(s);
    cr_assert(strcmp(scratch_query(path, "SELECT count(*) || ' ' || max(CASE commodity "
                                         "WHEN 'rice' THEN stock END) FROM balance_now"),
                     "2 99") == 0);
}

Test(store, refuses_files_that_are_not_its_own_or_damaged)
{
    static const struct {
        const char *label, *damage;
        enum status expected; /* of opening in either mode, or of reading the alerts */
        const char *reason;
    } rows[] = {
        {"newer schema", "PRAGMA user_version = 2", ST_VERSION,
         "of schema 2, this program has 1"},
        {"another program", "PRAGMA application_id = 7", ST_VERSION, "0x00000007"},
        {"unknown place", "UPDATE alert SET country = 'XYZ'", ST_VERSION, "\"XYZ\""},
        {"unknown commodity", "UPDATE alert SET commodity = 'x'", ST_VERSION, "\"x\""},
        {"unknown metric",
         "INSERT INTO alert_reading VALUES (1, 0, 'luck', 0, 0, '', '', '<', 1, 1)",
         ST_VERSION, "\"luck\""},
        {"unknown sign",
         "INSERT INTO alert_reading VALUES (1, 0, 'stock', 0, 0, '', '', '=', 1, 1)",
         ST_CORRUPT, "alert 1"},
        {"unknown state", "UPDATE alert SET state = 'odd'", ST_CORRUPT, "alert 1"},
        {"movers that are none", "UPDATE alert SET movers = '[1,x]'", ST_CORRUPT,
         "alert 1"},
        {"movers without end", "UPDATE alert SET movers = '[1'", ST_CORRUPT, "alert 1"},
        {"a short hash", "UPDATE alert SET episode = x'00'", ST_CORRUPT, "alert 1"},
        {"a long text", "UPDATE alert SET severity = printf('%32c', 'x')", ST_CORRUPT,
         "alert 1"},
        {"below zero", "UPDATE alert SET seq = -1", ST_CORRUPT, "alert 1"},
    };
    static const enum store_mode modes[] = {STORE_READ, STORE_WRITE};

    for (size_t i = 0; i < 2 * sizeof(rows) / sizeof(rows[0]); i++) {
        char path[SCRATCH_PATH];
        struct store *s = NULL;
        size_t row = i / 2;
        struct why why;
        enum status st;

        scratch_path(rows[row].label, path);
        if (i % 2 == 0) {
            make_store(path, STORE_CREATE);
            scratch_sql(path, rows[row].damage);
        }
        st = store_open(&store_sqlite, path, modes[i % 2], &s, &why);
        if (!st)
            st = store_alerts(s, 0, 8, NULL, NULL, &why);
        expect_status(st, rows[row].expected, &why, rows[row].label);
        expect_why(&why, rows[row].reason, rows[row].label);
        store_close(s);
    }
}

Test(store, leaves_a_foreign_file_as_it_is)
{
    char path[SCRATCH_PATH];
    char dir[SCRATCH_PATH];
    struct journal *j = NULL;
    struct store *s = NULL;
    uint64_t before;
    struct why why;

    journal_must_open(scratch_path("j", dir), JOURNAL_ROTATE_BYTES, &j);
    journal_must_append(j, 1, 1);
    journal_close(j);
    before = scratch_fingerprint(dir);
    scratch_path("j/journal-00000000000000000001.db", path);
    expect_status(store_open(&store_sqlite, path, STORE_WRITE, &s, &why), ST_VERSION,
                  &why, "a journal file");
    cr_assert(scratch_fingerprint(dir) == before);

    scratch_write(scratch_path("j/text", path),
                  "no database, but long enough to be one, if "
                  "one only looked at the size of it, which "
                  "is more than a hundred bytes of text");
    before = scratch_fingerprint(dir);
    expect_status(store_open(&store_sqlite, path, STORE_WRITE, &s, &why), ST_CORRUPT,
                  &why, "a text");
    cr_assert(scratch_fingerprint(dir) == before);
}

static int die(void *self)
{
    (void)self;
    _exit(9);
}

static int hook_commits(sqlite3 *db, char **error, const void *api)
{
    (void)error;
    (void)api;
    sqlite3_commit_hook(db, die, NULL);
    return SQLITE_OK;
}

Test(store, is_as_before_after_a_death_in_a_commit)
{
    char path[SCRATCH_PATH];
    struct alert_row alert = alert_make(2);
    struct effects effects = {.alerts = &alert, .alerts_len = 1, .cursor = cursor_at(3)};
    int state = 0;
    pid_t child;

    make_store(scratch_path("out.db", path), STORE_CREATE);
    child = fork();
    cr_assert(child >= 0);
    if (child == 0) {
        (void)sqlite3_auto_extension((void (*)(void))hook_commits);
        store_must_commit(store_must_open(&store_sqlite, path, STORE_WRITE), &effects);
        _exit(0);
    }
    cr_assert(waitpid(child, &state, 0) == child);
    cr_assert(WIFEXITED(state) && WEXITSTATUS(state) == 9);
    for (enum store_mode mode = STORE_READ; mode <= STORE_WRITE; mode++) {
        struct store *s = store_must_open(&store_sqlite, path, mode);
        struct store_cursor cursor;
        struct why why;

        expect_status(store_cursor(s, &cursor, &why), ST_OK, &why, "cursor");
        cr_assert(cursor.pos == 2);
        if (mode == STORE_WRITE)
            store_must_commit(s, &effects);
        store_close(s);
    }
    cr_assert(strcmp(scratch_query(path, "SELECT max(pos) FROM alert"), "2") == 0);
}
