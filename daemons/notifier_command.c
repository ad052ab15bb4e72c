/* Runs a command beside us. Must never leave it running when its time is up, and never
 * wait for a command that does not read what it is told. */
#include "notifier_command.h"

#include "frame_clock.h"

#include "shortfall/core/timestamp.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <unistd.h>

/* A command that runs when we are told to stop may finish: less is delivered twice. */
#define STOP_GRACE_US (2 * SECOND_US)

extern char **environ; /* POSIX leaves its declaration to us */

/* SIGCHLD is blocked but within pselect, so that none is missed; its handler does
 * nothing, it is there to end the wait. */
static sigset_t waiting_mask;

static void on_child(int number)
{
    (void)number;
}

enum status command_prepare(struct why *why)
{
    struct sigaction action = {.sa_handler = on_child, .sa_flags = SA_NOCLDSTOP};
    sigset_t child;

    (void)sigemptyset(&action.sa_mask);
    (void)sigemptyset(&child);
    (void)sigaddset(&child, SIGCHLD);
    if (sigaction(SIGCHLD, &action, NULL) ||
        sigprocmask(SIG_BLOCK, &child, &waiting_mask))
        return why_set(why, ST_IO, "watch for children: %s", strerror(errno));
    (void)sigdelset(&waiting_mask, SIGCHLD);
    return ST_OK;
}

/* --- its environment ---------------------------------------------------------------- */

static bool is_set_by(const struct command *command, const char *entry)
{
    for (size_t i = 0; i < command->variables_len; i++) {
        size_t len = strlen(command->variables[i].name);

        if (strncmp(entry, command->variables[i].name, len) == 0 && entry[len] == '=')
            return true;
    }
    return false;
}

/* "NAME=value"; NULL: no memory. */
static char *variable_text(const struct command_variable *variable)
{
    size_t size = strlen(variable->name) + 1 + strlen(variable->value) + 1;
    char *text = malloc(size);

    if (text != NULL)
        (void)snprintf(text, size, "%s=%s", variable->name, variable->value);
    return text;
}

static void environment_free(const struct command *command, char **environment)
{
    for (size_t i = 0; environment != NULL && i < command->variables_len; i++)
        free(environment[i]);
    free(environment);
}

/* The command's own variables first, then those of ours that they do not replace. NULL:
 * no memory. */
static char **environment_new(const struct command *command)
{
    size_t len = 0;

    while (environ != NULL && environ[len] != NULL)
        len++;
    char **environment = calloc(command->variables_len + len + 1, sizeof *environment);

    if (environment == NULL)
        return NULL;
    size_t at = 0;

    for (; at < command->variables_len; at++) {
        environment[at] = variable_text(&command->variables[at]);
        if (environment[at] == NULL) {
            environment_free(command, environment);
            return NULL;
        }
    }
    for (size_t i = 0; i < len; i++) {
        if (!is_set_by(command, environ[i]))
            environment[at++] = environ[i];
    }
    return environment;
}

/* --- starting it -------------------------------------------------------------------- */

struct child {
    pid_t pid;
    int input_fd;      /* our end; -1: all is written, or it reads no more */
    struct text input; /* what is left of it */
};

static void close_input(struct child *child)
{
    if (child->input_fd >= 0)
        (void)close(child->input_fd);
    child->input_fd = -1;
}

/* Neither end is inherited: the child gets a copy of the first as its standard input. */
static enum status make_input(int fds[2], struct why *why)
{
    if (pipe(fds))
        return why_set(why, ST_REFUSED, "make a pipe: %s", strerror(errno));
    if (fds[1] < FD_SETSIZE && !fcntl(fds[0], F_SETFD, FD_CLOEXEC) &&
        !fcntl(fds[1], F_SETFD, FD_CLOEXEC) && !fcntl(fds[1], F_SETFL, O_NONBLOCK))
        return ST_OK;
    (void)close(fds[0]);
    (void)close(fds[1]);
    return why_set(why, ST_REFUSED, "set up a pipe: it cannot be waited for");
}

/* As fresh as a shell would start it: no signal blocked or ignored. */
static int set_attributes(posix_spawnattr_t *attributes)
{
    sigset_t none;
    sigset_t standard;

    (void)sigemptyset(&none);
    (void)sigemptyset(&standard);
    (void)sigaddset(&standard, SIGPIPE);
    int failed = posix_spawnattr_setflags(
        attributes,
        (short)(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF));

    if (!failed)
        failed = posix_spawnattr_setpgroup(attributes, 0);
    if (!failed)
        failed = posix_spawnattr_setsigmask(attributes, &none);
    return failed ? failed : posix_spawnattr_setsigdefault(attributes, &standard);
}

static int set_files(posix_spawn_file_actions_t *files, int input_fd)
{
    int failed = posix_spawn_file_actions_adddup2(files, input_fd, STDIN_FILENO);

    return failed ? failed
                  : posix_spawn_file_actions_adddup2(files, STDERR_FILENO, STDOUT_FILENO);
}

static int spawn(const struct command *command, char **environment, int input_fd,
                 pid_t *pid)
{
    char shell[] = "sh";
    char option[] = "-c";
    char *text = strdup(command->text);
    char *arguments[] = {shell, option, text, NULL};
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t files;
    int failed = text == NULL ? ENOMEM : posix_spawnattr_init(&attributes);

    if (failed) {
        free(text);
        return failed;
    }
    failed = posix_spawn_file_actions_init(&files);
    if (!failed) {
        failed = set_attributes(&attributes);
        if (!failed)
            failed = set_files(&files, input_fd);
        if (!failed)
            failed =
                posix_spawn(pid, "/bin/sh", &files, &attributes, arguments, environment);
        (void)posix_spawn_file_actions_destroy(&files);
    }
    (void)posix_spawnattr_destroy(&attributes);
    free(text);
    return failed;
}

static enum status start(const struct command *command, struct child *out,
                         struct why *why)
{
    int fds[2];
    enum status st = make_input(fds, why);

    if (st)
        return st;
    struct child child = {.input_fd = fds[1], .input = command->input};
    char **environment = environment_new(command);
    int failed =
        environment == NULL ? ENOMEM : spawn(command, environment, fds[0], &child.pid);

    environment_free(command, environment);
    (void)close(fds[0]);
    if (failed) {
        close_input(&child);
        return why_set(why, ST_REFUSED, "it cannot be started: %s", strerror(failed));
    }
    *out = child;
    return ST_OK;
}

/* --- waiting for it ----------------------------------------------------------------- */

/* As much as the pipe takes. A command that closed its input has had what it wants. */
static void write_input(struct child *child)
{
    while (child->input_fd >= 0) {
        ssize_t written = write(child->input_fd, child->input.at, child->input.len);

        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0 && errno == EAGAIN)
            return;
        if (written > 0) {
            child->input.at += written;
            child->input.len -= (uint32_t)written;
        }
        if (written < 0 || child->input.len == 0)
            close_input(child);
    }
}

/* Until the child ends, takes more input, stop_fd (-1: none) is readable, or `left_us`
 * have gone by. Returns whether stop_fd is readable. */
static bool wait_for_any(const struct child *child, int stop_fd, int64_t left_us)
{
    struct timespec left = {.tv_sec = (time_t)(left_us / SECOND_US),
                            .tv_nsec = (long)(left_us % SECOND_US) * 1000};
    int highest = stop_fd > child->input_fd ? stop_fd : child->input_fd;
    fd_set readable;
    fd_set writable;

    assert(stop_fd < FD_SETSIZE && child->input_fd < FD_SETSIZE);
    FD_ZERO(&readable);
    FD_ZERO(&writable);
    if (stop_fd >= 0)
        FD_SET(stop_fd, &readable);
    if (child->input_fd >= 0)
        FD_SET(child->input_fd, &writable);
    int ready = pselect(highest + 1, &readable, &writable, NULL, &left, &waiting_mask);

    return ready > 0 && stop_fd >= 0 && FD_ISSET(stop_fd, &readable);
}

/* Its wait status, or that it was killed because the time was up. */
static bool wait_for_end(struct child *child, int stop_fd, int64_t until_us,
                         bool *stopped, int *end)
{
    *stopped = false;
    for (;;) {
        write_input(child);
        if (waitpid(child->pid, end, WNOHANG) == child->pid)
            return true;
        int64_t now_us = clock_monotonic_us();

        if (now_us >= until_us)
            break;
        if (wait_for_any(child, *stopped ? -1 : stop_fd, until_us - now_us)) {
            int64_t grace_us = clock_monotonic_us() + STOP_GRACE_US;

            *stopped = true;
            until_us = grace_us < until_us ? grace_us : until_us;
        }
    }
    (void)kill(-child->pid, SIGKILL);
    while (waitpid(child->pid, end, 0) < 0 && errno == EINTR)
        ;
    return false;
}

static enum status judge_end(int end, struct why *why)
{
    if (WIFSIGNALED(end))
        return why_set(why, ST_REFUSED, "ended by signal %d", WTERMSIG(end));
    if (WEXITSTATUS(end) != 0)
        return why_set(why, ST_REFUSED, "exit status %d", WEXITSTATUS(end));
    return ST_OK;
}

enum status command_run(const struct command *command, int stop_fd, struct why *why)
{
    char timeout[DURATION_SIZE];
    struct child child = {.pid = -1, .input_fd = -1};
    bool stopped;
    int end = 0;
    enum status st = start(command, &child, why);

    if (st)
        return st;
    bool ended = wait_for_end(&child, stop_fd, clock_monotonic_us() + command->timeout_us,
                              &stopped, &end);

    close_input(&child);
    if (ended)
        return judge_end(end, why);
    if (stopped)
        return why_set(why, ST_STOPPED, "told to stop");
    return why_set(why, ST_REFUSED, "not done within %s: killed",
                   duration_format(command->timeout_us, timeout));
}
