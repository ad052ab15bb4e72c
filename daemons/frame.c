/* The frame of a daemon: signals, readiness, logging, exit codes. Knows nothing of what
 * the daemon does, and is the only place that logs why a daemon ended. */
#include "frame.h"

#include "shortfall/daemons/log.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct frame_settings {
    int64_t log_level;
    int64_t ready_fd; /* 0: none */
} settings;

static const struct option_row frame_options[] = {
    {.name = "log-level",
     .kind = OPTION_CHOICE,
     .offset = offsetof(struct frame_settings, log_level),
     .word = "LEVEL",
     .standard = "info",
     .choices = log_level_names,
     .help = "Log lines of this level and above, on standard error."},
    {.name = "ready-fd",
     .kind = OPTION_INTEGER,
     .offset = offsetof(struct frame_settings, ready_fd),
     .least = 1,
     .most = 65535,
     .help = "When set up, write a newline to this open file descriptor and close it."},
};

const struct option_row *frame_option_rows(size_t *len)
{
    *len = sizeof frame_options / sizeof frame_options[0];
    return frame_options;
}

/* The handler's end of the pipe; a handler can be told nothing else. */
static int stop_write_fd = -1;

static void on_stop_signal(int number)
{
    int saved = errno;
    ssize_t written = write(stop_write_fd, "", 1);

    (void)number;
    (void)written; /* a full pipe is readable already */
    errno = saved;
}

/* A descriptor 0, 1 or 2 that is closed would be given to the next file opened, and log
 * lines would end in a database. */
static enum status fill_standard_fds(struct why *why)
{
    for (int fd = 0; fd <= 2; fd++) {
        if (fcntl(fd, F_GETFD) >= 0)
            continue;
        if (open("/dev/null", O_RDWR) != fd)
            return why_set(why, ST_IO, "open /dev/null: %s", strerror(errno));
    }
    return ST_OK;
}

static enum status make_stop_pipe(int *stop_fd, struct why *why)
{
    int fds[2];

    if (pipe(fds))
        return why_set(why, ST_IO, "make a pipe: %s", strerror(errno));
    for (int i = 0; i < 2; i++)
        if (fcntl(fds[i], F_SETFD, FD_CLOEXEC) || fcntl(fds[i], F_SETFL, O_NONBLOCK))
            return why_set(why, ST_IO, "set up a pipe: %s", strerror(errno));
    *stop_fd = fds[0];
    stop_write_fd = fds[1];
    return ST_OK;
}

static enum status catch_signals(struct why *why)
{
    static const struct {
        int number;
        void (*handler)(int);
    } signals[] = {
        {SIGTERM, on_stop_signal}, {SIGINT, on_stop_signal}, {SIGPIPE, SIG_IGN}};

    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        struct sigaction action = {.sa_handler = signals[i].handler,
                                   .sa_flags = SA_RESTART};

        (void)sigemptyset(&action.sa_mask);
        if (sigaction(signals[i].number, &action, NULL))
            return why_set(why, ST_IO, "catch signal %d: %s", signals[i].number,
                           strerror(errno));
    }
    return ST_OK;
}

static enum status set_up(int *stop_fd, struct why *why)
{
    enum status st = fill_standard_fds(why);

    if (!st)
        st = make_stop_pipe(stop_fd, why);
    if (!st)
        st = catch_signals(why);
    (void)umask(0077);
    return st;
}

static enum status check_ready_fd(struct why *why)
{
    if (settings.ready_fd == 0 || fcntl((int)settings.ready_fd, F_GETFD) >= 0)
        return ST_OK;
    return why_set(why, ST_INVALID, "--ready-fd: descriptor %d is not open",
                   (int)settings.ready_fd);
}

/* Nobody who waited is left to be told when this fails. */
static void tell_ready(void)
{
    ssize_t written;

    if (settings.ready_fd == 0)
        return;
    do
        written = write((int)settings.ready_fd, "\n", 1);
    while (written < 0 && errno == EINTR);
    (void)close((int)settings.ready_fd);
}

/* What a restart may mend, or must not go on. */
static bool is_fatal(enum status st)
{
    return st == ST_NO_MEMORY || st == ST_CORRUPT || st == ST_IO;
}

static void log_end(enum status st, const struct why *why)
{
    if (st == ST_STOPPED) {
        log_line(LOG_INFO, "stopped", NULL, 0);
        return;
    }
    log_write(is_fatal(st) ? LOG_FATAL : LOG_ERROR, "failed",
              log_string("status", status_text(st)), log_string("why", why->text));
}

static enum status run(const struct daemon *daemon, int stop_fd, bool *opened,
                       struct why *why)
{
    void *self = NULL;
    enum status st = daemon->open(stop_fd, &self, why);

    if (st)
        return st;
    *opened = true;
    tell_ready();
    while (!st)
        st = daemon->step(self, stop_fd, why);
    /* Before closing: what is logged there comes after the reason. */
    log_end(st, why);
    daemon->close(self);
    return st;
}

int daemon_main(const struct daemon *daemon, int argc, char **argv)
{
    char name[64];
    const struct program program = {
        .name = name,
        .summary = daemon->summary,
        .lists = {
            {daemon->options, daemon->options_len, daemon->settings},
            {frame_options, sizeof frame_options / sizeof frame_options[0], &settings}}};
    struct command_line line;
    struct why why = {""};
    bool opened = false;
    int stop_fd = -1;
    enum status st;
    int code;

    (void)snprintf(name, sizeof name, "shortfall-%s", daemon->name);
    code = options_begin(&program, argc, argv, &line);
    if (code >= 0)
        return code;
    log_begin(daemon->name, (enum log_level)settings.log_level, STDERR_FILENO);
    st = check_ready_fd(&why);
    if (!st)
        st = set_up(&stop_fd, &why);
    if (!st)
        st = run(daemon, stop_fd, &opened, &why);
    if (opened)
        return status_exit_code(st);
    log_end(st, &why);
    return st == ST_INVALID || st == ST_OVERFLOW ? EXIT_CONFIG : status_exit_code(st);
}
