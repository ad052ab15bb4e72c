/* A journal whose writer is killed: what was promised is there, what was not may be sent
 * again, and nothing is there twice. */
#include "scratch.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

TestSuite(journal_crash, .init = scratch_make, .fini = scratch_remove);

static int commits_left;

static int count_commit(void *self)
{
    (void)self;
    if (commits_left-- == 0)
        _exit(9); /* as good as a kill: no handler, no close, no unlock */
    return 0;
}

/* An extension that every connection of this process gets. */
static int hook_commits(sqlite3 *db, char **error, const void *api)
{
    (void)error;
    (void)api;
    sqlite3_commit_hook(db, count_commit, NULL);
    return SQLITE_OK;
}

/* Runs `frames` appends in a process that dies within its commit number `commits`,
 * counted over whatever it commits. */
static void die_in_commit(const char *dir, int64_t rotate_bytes, int commits)
{
    pid_t child = fork();
    int state = 0;

    cr_assert(child >= 0);
    if (child == 0) {
        struct journal *j = NULL;

        commits_left = commits;
        (void)sqlite3_auto_extension((void (*)(void))hook_commits);
        journal_must_open(dir, rotate_bytes, &j);
        journal_must_append(j, journal_tail(j).pos + 1, 100);
        _exit(0);
    }
    cr_assert(waitpid(child, &state, 0) == child);
    cr_assert(WIFEXITED(state) && WEXITSTATUS(state) == 9, "died as planned");
}

Test(journal_crash, goes_on_after_a_death_in_any_commit)
{
    static const int64_t rotations[] = {JOURNAL_ROTATE_BYTES, 1};

    for (size_t r = 0; r < sizeof(rotations) / sizeof(rotations[0]); r++) {
        char dir[SCRATCH_PATH];
        struct journal *j = NULL;
        uint64_t before = 0;
        uint64_t frames = 0;
        struct why why;

        scratch_path(r ? "many" : "one", dir);
        /* Commits are those of a new file, of a change to WAL, and of appends: every kind
         * is cut off by one of these. */
        for (int commits = 0; commits < 14; commits++) {
            die_in_commit(dir, rotations[r], commits);
            journal_must_open(dir, rotations[r], &j);
            cr_assert(journal_tail(j).pos >= before, "nothing is lost");
            before = journal_tail(j).pos + 1;
            journal_must_append(j, before, before);
            journal_close(j);
            expect_status(journal_verify(dir, &frames, &why), ST_OK, &why, "verify");
            cr_assert(frames == before, "%llu frames", (unsigned long long)frames);
            cr_assert(scratch_count(dir, "", ".lock") == 0);
        }
        cr_assert(before > 14, "some frames came from those that died");
    }
}

/* Appends for ever and writes down each position that was given out. */
static void append_until_killed(const char *dir, int acks)
{
    struct journal *j = NULL;

    journal_must_open(dir, 200 * 1024, &j);
    for (;;) {
        uint64_t pos = journal_tail(j).pos + 1;

        journal_must_append(j, pos, pos);
        if (write(acks, &pos, sizeof(pos)) != (ssize_t)sizeof(pos))
            _exit(1);
    }
}

Test(journal_crash, keeps_every_promise_of_a_killed_writer)
{
    char dir[SCRATCH_PATH];

    scratch_path("j", dir);
    for (int round = 0; round < 10; round++) {
        int pipe_ends[2];
        uint64_t last = 0;
        uint64_t pos = 0;
        uint64_t frames = 0;
        struct journal *j = NULL;
        struct why why;
        pid_t child;

        cr_assert(pipe(pipe_ends) == 0);
        child = fork();
        cr_assert(child >= 0);
        if (child == 0)
            append_until_killed(dir, pipe_ends[1]);
        (void)close(pipe_ends[1]);
        for (int acks = 0; acks < 1 + 7 * round; acks++)
            cr_assert(read(pipe_ends[0], &last, sizeof(last)) == (ssize_t)sizeof(last));
        cr_assert(kill(child, SIGKILL) == 0 && waitpid(child, NULL, 0) == child);
        while (read(pipe_ends[0], &pos, sizeof(pos)) == (ssize_t)sizeof(pos))
            last = pos;
        (void)close(pipe_ends[0]);

        journal_must_open(dir, 200 * 1024, &j);
        pos = journal_tail(j).pos;
        journal_close(j);
        cr_assert(pos == last || pos == last + 1, "%llu after %llu",
                  (unsigned long long)pos, (unsigned long long)last);
        expect_status(journal_verify(dir, &frames, &why), ST_OK, &why, "verify");
        cr_assert(frames == pos);
    }
}

Test(journal_crash, is_read_before_it_is_opened_again)
{
    char dir[SCRATCH_PATH];
    struct journal_reader *r = NULL;
    struct frame frame;
    struct why why;

    scratch_path("j", dir);
    die_in_commit(dir, JOURNAL_ROTATE_BYTES, 12);
    expect_status(journal_reader_open(dir, &r, &why), ST_OK, &why, "open");
    expect_status(journal_reader_next(r, 0, &frame, &why), ST_OK, &why, "first");
    cr_assert(frame.pos == 1);
    journal_reader_close(r);
}
