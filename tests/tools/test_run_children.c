/* A child of the supervisor: what its end means, and when it is started again. */
#include "../../tools/run_children.h"

#include <criterion/criterion.h>

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* As wait() tells them on every system that we run on. */
#define EXITED(code)     ((code) << 8)
#define KILLED_BY(which) (which)

static struct moment at(int64_t us)
{
    return (struct moment){.wall_us = 1000000000 + us, .monotonic_us = us};
}

static struct child running(enum daemon_kind kind, int64_t started_us)
{
    return (struct child){.kind = kind,
                          .name = "it",
                          .state = CHILD_READY,
                          .pid = 1,
                          .ready_fd = -1,
                          .started_us = started_us};
}

/* It lives so long, then ends so. */
static void live_and_end(struct child *c, int64_t *now_us, int64_t life_us, int status)
{
    c->pid = 1;
    c->started_us = *now_us;
    *now_us += life_us;
    child_ended(c, status, at(*now_us));
    cr_assert(c->pid == 0);
}

Test(child, waits_longer_with_each_quick_end_and_settles)
{
    static const int64_t waits[] = {200000,  400000,   800000,   1600000,  3200000,
                                    6400000, 12800000, 25600000, 30000000, 30000000};
    struct child c = running(DAEMON_RECORDER, 0);
    int64_t now_us = 5;

    for (size_t i = 0; i < sizeof waits / sizeof waits[0]; i++) {
        live_and_end(&c, &now_us, CHILD_SETTLED_US - 1, KILLED_BY(SIGKILL));
        cr_assert(c.state == CHILD_WAITING && c.backoff_us == waits[i], "%zu: %lld", i,
                  (long long)c.backoff_us);
        cr_assert(c.due_us == now_us + waits[i]);
        cr_assert(c.since_us == 1000000000 + now_us);
    }
    cr_assert(c.restarts == 10 && c.end == -SIGKILL && !c.is_repeat);
    live_and_end(&c, &now_us, CHILD_SETTLED_US, EXITED(74));
    cr_assert(c.backoff_us == CHILD_BACKOFF_LEAST_US, "it had lived long enough");
    cr_assert(c.end == 74);
}

Test(child, what_no_restart_mends_waits_longest_and_is_said_once)
{
    static const int codes[] = {78, 65, 2};

    for (size_t i = 0; i < 3; i++) {
        struct child c = running(DAEMON_AGGREGATOR, 0);
        int64_t now_us = 0;

        live_and_end(&c, &now_us, 1, EXITED(codes[i]));
        cr_assert(c.state == CHILD_WAITING && c.backoff_us == CHILD_BACKOFF_MOST_US);
        cr_assert(!c.is_repeat, "%d: news", codes[i]);
        live_and_end(&c, &now_us, 1, EXITED(codes[i]));
        cr_assert(c.is_repeat, "%d: known", codes[i]);
        live_and_end(&c, &now_us, 1, EXITED(74));
        cr_assert(!c.is_repeat, "another reason is news");
    }
}

Test(child, ends_as_its_kind_may)
{
    static const struct {
        const char *label;
        enum daemon_kind kind;
        bool told;
        int status;
        enum child_state state;
    } rows[] = {
        {"a feed at its end", DAEMON_FEED, false, EXITED(0), CHILD_DONE},
        {"a feed that failed", DAEMON_FEED, false, EXITED(65), CHILD_WAITING},
        {"somebody else stopped it", DAEMON_RECORDER, false, EXITED(0), CHILD_WAITING},
        {"we stopped it", DAEMON_RECORDER, true, EXITED(0), CHILD_STOPPED},
        {"we killed it", DAEMON_NOTIFIER, true, KILLED_BY(SIGKILL), CHILD_STOPPED},
        {"a feed we stopped", DAEMON_FEED, true, EXITED(0), CHILD_STOPPED},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct child c = running(rows[i].kind, 0);

        c.is_told = rows[i].told;
        child_ended(&c, rows[i].status, at(7));
        cr_assert(c.state == rows[i].state, "%s: %s", rows[i].label,
                  child_state_names[c.state]);
    }
}

Test(child, is_held_while_the_clock_is_off)
{
    static const struct {
        const char *label;
        int64_t wall_by_us;
        bool held;
    } rows[] = {
        {"as it was", 0, false},
        {"as far as may be", 600, false},
        {"forward by one more", 601, true},
        {"as far back", -600, false},
        {"back by one more", -601, true},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct child c = running(DAEMON_RECORDER, 0);
        struct moment now = at(50);

        c.offset_us = 1000000000;
        c.state = CHILD_WAITING;
        now.wall_us += rows[i].wall_by_us;
        cr_assert(child_hold(&c, now, 600) == rows[i].held, "%s", rows[i].label);
        cr_assert(c.state == (rows[i].held ? CHILD_HELD : CHILD_WAITING), "%s",
                  rows[i].label);
        cr_assert(c.due_us == (rows[i].held ? 50 + CHILD_BACKOFF_MOST_US : 0), "%s",
                  rows[i].label);
    }
}

Test(child, ends_have_words)
{
    cr_assert_str_eq(child_end_text(127), "the program cannot be started");
    cr_assert(strstr(child_end_text(78), "configuration") != NULL);
    cr_assert(strstr(child_end_text(-SIGKILL), "Killed") != NULL);
    cr_assert(child_end_text(200) != NULL);
}

/* --- real ones ---------------------------------------------------------------------- */

static char shell[] = "/bin/sh";
static char option[] = "-c";

static void start_shell(struct child *c, char *script, char **words)
{
    struct why why = {""};

    words[0] = shell;
    words[1] = option;
    words[2] = script;
    words[3] = NULL;
    *c = (struct child){
        .kind = DAEMON_RECORDER, .name = "sh", .words = words, .ready_fd = -1};
    cr_assert(child_start(c, at(1), &why) == ST_OK, "%s", why.text);
    cr_assert(c->state == CHILD_STARTING && c->pid > 0 && c->ready_fd >= 0);
    cr_assert(c->offset_us == 1000000000);
}

static bool look(struct child *c)
{
    struct pollfd item = {.fd = c->ready_fd, .events = POLLIN};

    cr_assert(poll(&item, 1, 20000) == 1, "nothing came");
    return child_look(c, at(2));
}

static int wait_for_end(struct child *c)
{
    int status = -1;

    cr_assert(waitpid(c->pid, &status, 0) == c->pid);
    child_ended(c, status, at(3));
    return c->end;
}

Test(child, says_that_it_is_ready_and_ends_when_told)
{
    char script[] = "kill -0 -$$ || exit 8; echo >&3; exec 3>&-; read x; exec sleep 99";
    char *words[4];
    struct child c;

    /* Standard input is nobody's: `read` ends at once. */
    start_shell(&c, script, words);
    cr_assert(look(&c), "it is ready");
    cr_assert(c.state == CHILD_READY && c.was_ready && c.ready_fd < 0);
    child_tell(&c, false);
    child_tell(&c, false);
    cr_assert(wait_for_end(&c) == -SIGTERM && c.state == CHILD_STOPPED);
}

Test(child, that_ignores_the_request_can_be_killed)
{
    char script[] = "trap '' TERM; echo >&3; exec 3>&-; while :; do sleep 1; done";
    char *words[4];
    struct child c;

    start_shell(&c, script, words);
    cr_assert(look(&c));
    child_tell(&c, false);
    child_tell(&c, true);
    cr_assert(c.is_killed);
    cr_assert(wait_for_end(&c) == -SIGKILL && c.state == CHILD_STOPPED);
}

Test(child, that_ends_before_it_is_ready_was_never_ready)
{
    char script[] = "exit 78";
    char *words[4];
    struct child c;

    start_shell(&c, script, words);
    cr_assert(!look(&c) && !c.was_ready && c.state == CHILD_STARTING);
    cr_assert(wait_for_end(&c) == 78 && c.state == CHILD_WAITING);

    start_shell(&c, script, words);
    words[0] = script; /* too late for that one */
    cr_assert(wait_for_end(&c) == 78 && c.ready_fd < 0);
}

Test(child, whose_program_is_missing_ends_with_127)
{
    char path[] = "/nowhere/shortfall-recorder";
    char *words[] = {path, NULL};
    struct child c = {.words = words, .ready_fd = -1};

    cr_assert(child_start(&c, at(1), NULL) == ST_OK);
    cr_assert(wait_for_end(&c) == 127);
}
