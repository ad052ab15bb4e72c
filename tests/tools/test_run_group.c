/* The order in which children start and stop, with shells in the place of daemons. */
#include "../../tools/run_group.h"

#include "shortfall/daemons/log.h"

#include <criterion/criterion.h>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/shortfall-group-XXXXXX";
static struct run_group group;

/* Ready at once, and ends when it is told. */
#define WILLING "echo >&3; exec 3>&-; exec sleep 100"
/* The same, but does not end. */
#define STUBBORN "trap '' TERM; echo >&3; exec 3>&-; while :; do sleep 1; done"

static struct moment at(int64_t us)
{
    return (struct moment){.wall_us = 1000000000 + us, .monotonic_us = us};
}

static void add(enum daemon_kind kind, const char *script)
{
    struct child *c = &group.list[group.len++];

    *c = (struct child){.kind = kind, .ready_fd = -1};
    (void)snprintf(c->name, sizeof c->name, "%s", daemon_name(kind));
    c->words = calloc(4, sizeof *c->words);
    c->words[0] = strdup("/bin/sh");
    c->words[1] = strdup("-c");
    c->words[2] = strdup(script);
}

static void set_up(void)
{
    cr_assert(mkdtemp(folder) != NULL);
    log_begin("run", LOG_FATAL, open("/dev/null", O_WRONLY | O_CLOEXEC));
    group = (struct run_group){.state = folder, .clock_jump_us = SECOND_US};
}

static void tear_down(void)
{
    char path[64];

    for (size_t i = 0; i < group.len; i++)
        if (group.list[i].pid > 0) {
            (void)kill(group.list[i].pid, SIGKILL);
            (void)waitpid(group.list[i].pid, NULL, 0);
        }
    group_free(&group);
    (void)snprintf(path, sizeof path, "%s/run.state", folder);
    (void)unlink(path);
    (void)rmdir(folder);
}

static void assert_states(const char *label, const char *expected)
{
    char states[256];
    size_t len = 0;

    for (size_t i = 0; i < group.len; i++)
        len += (size_t)snprintf(states + len, sizeof states - len, "%s%s",
                                i > 0 ? " " : "", child_state_names[group.list[i].state]);
    cr_assert_str_eq(states, expected, "%s: %s", label, states);
}

static void wait_until_ready(struct child *c)
{
    struct pollfd item = {.fd = c->ready_fd, .events = POLLIN};

    cr_assert(poll(&item, 1, 20000) == 1, "%s says nothing", c->name);
    group_look(&group, c, at(1));
    cr_assert(c->state == CHILD_READY, "%s", c->name);
}

/* Until that one has ended, which is left for the group to see. */
static void wait_for_end(const struct child *c)
{
    siginfo_t info;

    cr_assert(waitid(P_PID, (id_t)c->pid, &info, WEXITED | WNOWAIT) == 0, "%s", c->name);
}

static void start_all(void)
{
    for (int round = 0; round < 3; round++) {
        group_start_due(&group, at(0));
        for (size_t i = 0; i < group.len; i++)
            if (group.list[i].state == CHILD_STARTING)
                wait_until_ready(&group.list[i]);
    }
    for (size_t i = 0; i < group.len; i++)
        cr_assert(group.list[i].state == CHILD_READY, "%s", group.list[i].name);
}

static void add_four(const char *notifier)
{
    add(DAEMON_RECORDER, WILLING);
    add(DAEMON_AGGREGATOR, WILLING);
    add(DAEMON_NOTIFIER, notifier);
    add(DAEMON_FEED, WILLING);
}

Test(run_group, each_waits_for_the_one_it_needs, .init = set_up, .fini = tear_down)
{
    add_four(WILLING);
    group_start_due(&group, at(0));
    assert_states("first", "starting idle idle idle");
    group_start_due(&group, at(0));
    assert_states("not ready yet", "starting idle idle idle");
    wait_until_ready(&group.list[0]);
    group_start_due(&group, at(0));
    assert_states("second", "running starting idle starting");
    wait_until_ready(&group.list[1]);
    group_start_due(&group, at(0));
    assert_states("third", "running running starting starting");
}

Test(run_group, stops_backwards_one_kind_at_a_time, .init = set_up, .fini = tear_down)
{
    static const struct {
        size_t child;
        const char *states;
    } rows[] = {{3, "running running running stopped"},
                {2, "running running stopped stopped"},
                {1, "running stopped stopped stopped"},
                {0, "stopped stopped stopped stopped"}};

    add_four(WILLING);
    start_all();
    cr_assert(group_patience_ms(&group, at(5)) == -1);
    for (size_t i = 0; i < 4; i++) {
        group_stop(&group, at(5), false);
        cr_assert(group.list[rows[i].child].is_told);
        cr_assert(rows[i].child == 0 || !group.list[rows[i].child - 1].is_told,
                  "%s is asked too early", group.list[rows[i].child - 1].name);
        cr_assert(group_patience_ms(&group, at(5)) == GROUP_GRACE_US / 1000);
        wait_for_end(&group.list[rows[i].child]);
        group_reap(&group, at(6));
        assert_states("stopping", rows[i].states);
    }
    group_stop(&group, at(7), false);
    cr_assert(group.stage < 0);
    /* A shell dies of the request, where a daemon ends with 0: that is unclean. */
    cr_assert(group.was_unclean);
}

Test(run_group, kills_what_does_not_end_in_time, .init = set_up, .fini = tear_down)
{
    add(DAEMON_NOTIFIER, STUBBORN);
    group.list[0].state = CHILD_WAITING;
    group_start_due(&group, at(0));
    wait_until_ready(&group.list[0]);
    group_stop(&group, at(10), false);
    group_stop(&group, at(10 + GROUP_GRACE_US - 1), false);
    cr_assert(!group.list[0].is_killed, "its time is not over");
    group_stop(&group, at(10 + GROUP_GRACE_US), false);
    cr_assert(group.list[0].is_killed);
    cr_assert(group_patience_ms(&group, at(11 + GROUP_GRACE_US)) == -1,
              "nothing can be done but wait");
    wait_for_end(&group.list[0]);
    group_reap(&group, at(12 + GROUP_GRACE_US));
    group_stop(&group, at(12 + GROUP_GRACE_US), false);
    cr_assert(group.stage < 0 && group.was_unclean);
}

Test(run_group, an_impatient_stop_kills_at_once, .init = set_up, .fini = tear_down)
{
    add(DAEMON_RECORDER, STUBBORN);
    group_start_due(&group, at(0));
    wait_until_ready(&group.list[0]);
    group_stop(&group, at(1), false);
    cr_assert(!group.list[0].is_killed);
    group_stop(&group, at(2), true);
    cr_assert(group.list[0].is_killed);
}

Test(run_group, a_dead_one_comes_back_when_its_time_has_come, .init = set_up,
     .fini = tear_down)
{
    struct child *c;

    add(DAEMON_RECORDER, WILLING);
    start_all();
    c = &group.list[0];
    (void)kill(c->pid, SIGKILL);
    wait_for_end(c);
    group_reap(&group, at(100));
    assert_states("dead", "waiting");
    cr_assert(group_patience_ms(&group, at(100)) == CHILD_BACKOFF_LEAST_US / 1000);
    group_start_due(&group, at(100 + CHILD_BACKOFF_LEAST_US - 1));
    assert_states("too early", "waiting");
    group_start_due(&group, at(100 + CHILD_BACKOFF_LEAST_US));
    assert_states("back", "starting");
    cr_assert(c->restarts == 1);
}

Test(run_group, a_recorder_is_held_when_the_clock_has_jumped, .init = set_up,
     .fini = tear_down)
{
    struct moment now = at(1000000);

    add_four(WILLING);
    start_all();
    for (size_t i = 0; i < 2; i++) {
        (void)kill(group.list[i].pid, SIGKILL);
        wait_for_end(&group.list[i]);
    }
    group_reap(&group, at(0));
    now.wall_us += SECOND_US + 1;
    group_start_due(&group, now);
    assert_states("the recorder only", "held starting running running");
    now.monotonic_us += CHILD_BACKOFF_MOST_US - 1;
    now.wall_us = 1000000000 + now.monotonic_us;
    group_start_due(&group, now);
    assert_states("not looked at again yet", "held starting running running");
    now.monotonic_us++;
    group_start_due(&group, now);
    assert_states("the clock is back", "starting starting running running");
}

Test(run_group, notes_what_it_knows, .init = set_up, .fini = tear_down)
{
    static struct run_note note;
    struct why why = {""};

    add_four(WILLING);
    group.changed = true;
    group.since_us = 77;
    group_start_due(&group, at(5));
    group_note(&group);
    cr_assert(!group.changed);
    cr_assert(run_note_read(folder, &note, &why) == ST_OK, "%s", why.text);
    cr_assert(note.pid == getpid() && note.since_us == 77 && note.len == 4);
    cr_assert(note.list[0].state == CHILD_STARTING &&
              note.list[0].pid == group.list[0].pid);
    cr_assert(note.list[0].since_us == 1000000005);
    cr_assert(note.list[3].state == CHILD_IDLE && note.list[3].pid == 0);
    cr_assert_str_eq(note.list[3].name, "feed");
}
