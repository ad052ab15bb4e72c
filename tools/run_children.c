/* One child: how it is started, and what its end means. */
#include "run_children.h"

#include "shortfall/daemons/options.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#define EXIT_BAD_DATA    65
#define EXIT_NOT_STARTED 127

/* Stand in the note on the run: never rename. */
const char *const child_state_names[CHILD_STATE_COUNT] = {
    [CHILD_IDLE] = "idle",     [CHILD_STARTING] = "starting",
    [CHILD_READY] = "running", [CHILD_WAITING] = "waiting",
    [CHILD_DONE] = "done",     [CHILD_STOPPED] = "stopped",
    [CHILD_HELD] = "held",
};

static void enter(struct child *c, enum child_state state, struct moment now)
{
    c->state = state;
    c->since_us = now.wall_us;
}

/* --- starting ----------------------------------------------------------------------- */

/* What the child does before it is the daemon; nothing here may fail in silence. */
static _Noreturn void become_daemon(const struct child *c, int ready_fd, pid_t parent,
                                    const sigset_t *mask)
{
    static const int fresh[] = {SIGCHLD, SIGTERM, SIGINT, SIGHUP, SIGPIPE};
    int input = open("/dev/null", O_RDONLY);

    for (size_t i = 0; i < sizeof fresh / sizeof fresh[0]; i++)
        (void)signal(fresh[i], SIG_DFL);
    (void)sigprocmask(SIG_SETMASK, mask, NULL);
    (void)setpgid(0, 0);
#ifdef __linux__
    /* A supervisor that was killed stops nobody: the system does it instead. */
    (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
#endif
    if (getppid() != parent)
        _exit(EXIT_NOT_STARTED);
    if (input < 0 || dup2(input, STDIN_FILENO) < 0)
        _exit(EXIT_NOT_STARTED);
    if (ready_fd == CHILD_READY_FD ? fcntl(ready_fd, F_SETFD, 0) != 0
                                   : dup2(ready_fd, CHILD_READY_FD) < 0)
        _exit(EXIT_NOT_STARTED);
    (void)execv(c->words[0], c->words);
    _exit(EXIT_NOT_STARTED);
}

static enum status make_pipe(int fds[2], struct why *why)
{
    if (pipe(fds))
        return why_set(why, ST_IO, "make a pipe: %s", strerror(errno));
    for (int i = 0; i < 2; i++)
        (void)fcntl(fds[i], F_SETFD, FD_CLOEXEC);
    return ST_OK;
}

/* Signals wait until the child has no handler of ours any more, which would take them. */
static pid_t fork_daemon(const struct child *c, int ready_fd)
{
    pid_t parent = getpid();
    sigset_t all;
    sigset_t mask;

    (void)sigfillset(&all);
    (void)sigprocmask(SIG_SETMASK, &all, &mask);
    pid_t pid = fork();

    if (pid == 0)
        become_daemon(c, ready_fd, parent, &mask);
    (void)sigprocmask(SIG_SETMASK, &mask, NULL);
    return pid;
}

enum status child_start(struct child *c, struct moment now, struct why *why)
{
    int fds[2];
    enum status st = make_pipe(fds, why);

    assert(c->pid == 0 && c->ready_fd < 0);
    if (st)
        return st;
    pid_t pid = fork_daemon(c, fds[1]);

    if (pid < 0) {
        (void)close(fds[0]);
        (void)close(fds[1]);
        return why_set(why, ST_IO, "start %s: %s", c->name, strerror(errno));
    }
    (void)close(fds[1]);
    c->pid = pid;
    c->ready_fd = fds[0];
    c->is_told = false;
    c->is_killed = false;
    c->started_us = now.monotonic_us;
    c->offset_us = now.wall_us - now.monotonic_us;
    enter(c, CHILD_STARTING, now);
    return ST_OK;
}

bool child_look(struct child *c, struct moment now)
{
    char byte;
    ssize_t got = read(c->ready_fd, &byte, 1);

    if (got < 0 && errno == EINTR)
        return false;
    (void)close(c->ready_fd);
    c->ready_fd = -1;
    if (got <= 0 || c->state != CHILD_STARTING)
        return false; /* it ends: that will be told by wait() */
    c->was_ready = true;
    enter(c, CHILD_READY, now);
    return true;
}

/* --- ending ------------------------------------------------------------------------- */

bool child_end_is_lasting(int end)
{
    return end == EXIT_CONFIG || end == EXIT_BAD_DATA || end == EXIT_USAGE;
}

const char *child_end_text(int end)
{
    size_t len;
    const struct exit_code *codes = exit_codes(&len);

    if (end < 0)
        return strsignal(-end);
    if (end == EXIT_NOT_STARTED)
        return "the program cannot be started";
    for (size_t i = 0; i < len; i++)
        if (codes[i].code == end)
            return codes[i].meaning;
    return "an exit code that is not ours";
}

static void wait_longer(struct child *c, struct moment now)
{
    bool settled = now.monotonic_us - c->started_us >= CHILD_SETTLED_US;

    c->backoff_us = settled ? 0 : 2 * c->backoff_us;
    if (c->backoff_us < CHILD_BACKOFF_LEAST_US)
        c->backoff_us = CHILD_BACKOFF_LEAST_US;
    if (c->backoff_us > CHILD_BACKOFF_MOST_US || child_end_is_lasting(c->end))
        c->backoff_us = CHILD_BACKOFF_MOST_US;
    c->due_us = now.monotonic_us + c->backoff_us;
    c->restarts++;
}

void child_ended(struct child *c, int wait_status, struct moment now)
{
    int end = WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : -WTERMSIG(wait_status);

    if (c->ready_fd >= 0)
        (void)close(c->ready_fd);
    c->ready_fd = -1;
    c->pid = 0;
    c->is_repeat = c->has_ended && c->end == end && child_end_is_lasting(end);
    c->end = end;
    c->has_ended = true;
    if (c->is_told) {
        enter(c, CHILD_STOPPED, now);
    } else if (c->kind == DAEMON_FEED && c->end == 0) {
        enter(c, CHILD_DONE, now);
    } else {
        wait_longer(c, now);
        enter(c, CHILD_WAITING, now);
    }
}

bool child_hold(struct child *c, struct moment now, int64_t jump_us)
{
    int64_t by_us = now.wall_us - now.monotonic_us - c->offset_us;

    if (by_us >= -jump_us && by_us <= jump_us)
        return false;
    if (c->state != CHILD_HELD)
        enter(c, CHILD_HELD, now);
    c->due_us = now.monotonic_us + CHILD_BACKOFF_MOST_US;
    return true;
}

void child_tell(struct child *c, bool kill_it)
{
    if (c->pid == 0 || (kill_it ? c->is_killed : c->is_told))
        return;
    c->is_told = true;
    c->is_killed = kill_it;
    (void)kill(c->pid, kill_it ? SIGKILL : SIGTERM);
}
