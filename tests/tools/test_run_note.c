/* The supervisor's folder: its note, its lock, and who may look into it. */
#include "../../tools/run_note.h"

#include "shortfall/daemons/note.h"

#include <criterion/criterion.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/shortfall-run-XXXXXX";

static const char *below(const char *name)
{
    static char path[256];

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void set_up(void)
{
    cr_assert(mkdtemp(folder) != NULL);
}

static void tear_down(void)
{
    (void)unlink(below("run.state"));
    (void)unlink(below("run.lock"));
    (void)rmdir(below("a/b/run"));
    (void)rmdir(below("a/b"));
    (void)rmdir(below("a"));
    cr_assert(rmdir(folder) == 0, "something was left in %s", folder);
}

Test(run_note, comes_back_as_it_was_written, .init = set_up, .fini = tear_down)
{
    static struct run_note note;
    static struct run_note back;
    struct why why = {""};

    cr_assert(run_note_read(folder, &back, &why) == ST_NOT_FOUND);
    note.pid = 41;
    note.since_us = 1767571200000000;
    note.len = RUN_CHILDREN_MAX;
    for (size_t i = 0; i < RUN_CHILDREN_MAX; i++) {
        struct run_row *row = &note.list[i];

        (void)snprintf(row->name, sizeof row->name, "feed/%064zu", i);
        row->state = (enum child_state)(i % CHILD_STATE_COUNT);
        row->pid = INT32_MAX;
        row->since_us = INT64_MAX;
        row->restarts = UINT64_MAX;
        row->has_ended = i % 3 > 0;
        row->end = i % 3 == 1 ? -64 : i % 3 == 2 ? 255 : 0;
    }
    cr_assert(run_note_write(folder, &note, &why) == ST_OK, "%s", why.text);
    cr_assert(run_note_read(folder, &back, &why) == ST_OK, "%s", why.text);
    cr_assert(back.pid == 41 && back.since_us == note.since_us && back.len == note.len);
    for (size_t i = 0; i < RUN_CHILDREN_MAX; i++) {
        const struct run_row *a = &note.list[i];
        const struct run_row *b = &back.list[i];

        cr_assert_str_eq(a->name, b->name);
        cr_assert(a->state == b->state && a->pid == b->pid &&
                      a->since_us == b->since_us && a->restarts == b->restarts &&
                      a->has_ended == b->has_ended && a->end == b->end,
                  "row %zu", i);
    }
}

Test(run_note, what_is_something_else_is_refused, .init = set_up, .fini = tear_down)
{
#define OWN "shortfall-run 1\nsupervisor running 1 2 0 -\n"
    static const char *const texts[] = {
        "",
        "shortfall-run 2\nsupervisor running 1 2 0 -\n",
        "shortfall-run 1\n",
        OWN "recorder asleep 1 2 0 -\n",
        OWN "recorder running x 2 0 -\n",
        OWN "recorder running 1 2 0 exit-256\n",
        OWN "recorder running 1 2 0 gone\n",
        OWN "recorder running 2147483648 2 0 -\n",
    };
    static struct run_note note;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        cr_assert(!note_write(below("run.state"), text_of(texts[i]), NULL));
        cr_assert(run_note_read(folder, &note, NULL) == ST_INVALID, "%s", texts[i]);
    }
}

/* A lock of this kind does not hold against its own process: so there is another. */
Test(run_note, one_supervisor_a_folder, .init = set_up, .fini = tear_down)
{
    struct why why = {""};
    char want[300];
    int fds[2];
    char byte;

    cr_assert(run_lock_holder(folder) == 0);
    cr_assert(pipe(fds) == 0);
    pid_t pid = fork();

    if (pid == 0) {
        enum status st = run_take_lock(folder, NULL);

        (void)!write(fds[1], st ? "n" : "y", 1);
        (void)pause();
        _exit(0);
    }
    cr_assert(read(fds[0], &byte, 1) == 1 && byte == 'y');
    cr_assert(run_lock_holder(folder) == pid);
    cr_assert(run_take_lock(folder, &why) == ST_CONFLICT);
    (void)snprintf(want, sizeof want, "%s: process %ld supervises there already", folder,
                   (long)pid);
    cr_assert_str_eq(why.text, want);
    (void)kill(pid, SIGKILL);
    cr_assert(waitpid(pid, NULL, 0) == pid);
    cr_assert(run_lock_holder(folder) == 0, "it ends with its process");
    cr_assert(run_take_lock(folder, &why) == ST_OK, "%s", why.text);
}

static mode_t mode_of(const char *name)
{
    struct stat info;

    return stat(below(name), &info) == 0 ? info.st_mode & 0777 : 0;
}

Test(run_note, the_folder_of_the_sockets_is_private, .init = set_up, .fini = tear_down)
{
    static struct config_errors errors;
    struct setup *setup = NULL;
    struct why why = {""};

    cr_assert(!setup_parse(text_of(""), "/", below("a/b"), &setup, &errors));
    cr_assert(run_make_folders(setup, &why) == ST_OK, "%s", why.text);
    cr_assert(mode_of("a") == 0700 && mode_of("a/b") == 0700);
    cr_assert(mode_of("a/b/run") == 0700);
    cr_assert(chmod(below("a/b/run"), 0755) == 0);
    cr_assert(run_make_folders(setup, &why) == ST_OK, "%s", why.text);
    cr_assert(mode_of("a/b/run") == 0700, "closed again");
    cr_assert(rmdir(below("a/b/run")) == 0);
    cr_assert(symlink(folder, below("a/b/run")) == 0);
    cr_assert(run_make_folders(setup, &why) == ST_INVALID, "not where a link leads");
    cr_assert(unlink(below("a/b/run")) == 0);
    setup_free(setup);
}
