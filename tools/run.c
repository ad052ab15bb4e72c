/* shortfall run: starts every daemon of a configuration in order, starts one again that
 * dies, and stops them in the opposite order. It knows nothing of what they do: all that
 * it can do for the data is to be out of the way. */
#include "command.h"
#include "run_group.h"

#include "shortfall/daemons/log.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static struct settings {
    const char *config;
} settings;

static const struct option_row rows[] = {
    {.name = "config",
     .kind = OPTION_PATH,
     .offset = offsetof(struct settings, config),
     .word = "FILE",
     .required = true,
     .help = "The configuration; `shortfall config check FILE` judges it."},
};

static const struct program program = {
    .name = "shortfall run",
    .summary =
        "Runs the recorder, the aggregator, the notifier and the feeds of a "
        "configuration until it is told to stop, and starts again what dies. Their log "
        "lines come on standard error, alerts on standard output.",
    .lists = {{rows, sizeof rows / sizeof rows[0], &settings}},
};

/* --- signals ------------------------------------------------------------------------ */

static int wake_fds[2] = {-1, -1};
static volatile sig_atomic_t stop_asked;
static volatile sig_atomic_t interrupts;

/* A full pipe is readable already. */
static void on_signal(int number)
{
    int saved = errno;
    ssize_t written;

    if (number != SIGCHLD)
        stop_asked = 1;
    if (number == SIGINT)
        interrupts++;
    written = write(wake_fds[1], "", 1);
    (void)written;
    errno = saved;
}

static enum status catch_signals(struct why *why)
{
    static const int numbers[] = {SIGCHLD, SIGTERM, SIGINT, SIGHUP};

    if (pipe(wake_fds))
        return why_set(why, ST_IO, "make a pipe: %s", strerror(errno));
    for (int i = 0; i < 2; i++)
        if (fcntl(wake_fds[i], F_SETFD, FD_CLOEXEC) ||
            fcntl(wake_fds[i], F_SETFL, O_NONBLOCK))
            return why_set(why, ST_IO, "set up a pipe: %s", strerror(errno));
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
        struct sigaction before;

        (void)sigemptyset(&action.sa_mask);
        if (sigaction(numbers[i], NULL, &before))
            return why_set(why, ST_IO, "catch a signal: %s", strerror(errno));
        if (numbers[i] == SIGHUP && before.sa_handler == SIG_IGN)
            continue; /* nohup */
        if (sigaction(numbers[i], &action, NULL))
            return why_set(why, ST_IO, "catch a signal: %s", strerror(errno));
    }
    return ST_OK;
}

static int64_t clock_us(clockid_t clock)
{
    struct timespec now = {0, 0};

    (void)clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * SECOND_US + now.tv_nsec / 1000;
}

static struct moment now_is(void)
{
    return (struct moment){clock_us(CLOCK_REALTIME), clock_us(CLOCK_MONOTONIC)};
}

/* --- the loop ----------------------------------------------------------------------- */

static void drain_wakes(void)
{
    char bytes[64];
    ssize_t got;

    do
        got = read(wake_fds[0], bytes, sizeof bytes);
    while (got > 0);
}

static void wait_for_news(struct run_group *g)
{
    struct pollfd items[1 + RUN_CHILDREN_MAX] = {{.fd = wake_fds[0], .events = POLLIN}};

    for (size_t i = 0; i < g->len; i++) /* poll passes over a descriptor of -1 */
        items[1 + i] = (struct pollfd){.fd = g->list[i].ready_fd, .events = POLLIN};
    if (poll(items, (nfds_t)(1 + g->len), group_patience_ms(g, now_is())) <= 0)
        return;
    drain_wakes();
    for (size_t i = 0; i < g->len; i++)
        if (items[1 + i].revents != 0)
            group_look(g, &g->list[i], now_is());
}

static void run_group(struct run_group *g)
{
    for (;;) {
        struct moment now = now_is();

        group_reap(g, now);
        if (stop_asked) /* who presses Ctrl-C twice does not want to wait */
            group_stop(g, now, interrupts > 1);
        else
            group_start_due(g, now);
        group_note(g);
        if (g->stopping && g->stage < 0)
            return;
        wait_for_news(g);
    }
}

static enum status run_setup(struct run_group *g, const struct setup *setup,
                             struct why *why)
{
    enum status st = group_add_all(g, setup, now_is(), why);

    if (!st)
        st = run_make_folders(setup, why);
    if (!st)
        st = run_take_lock(g->state, why);
    if (!st)
        st = catch_signals(why);
    if (st)
        return st;
    log_write(LOG_INFO, "opened", log_string("config", settings.config),
              log_string("state", g->state), log_count("feeds", setup->feeds_len));
    run_group(g);
    log_line(LOG_INFO, "stopped", NULL, 0);
    return ST_OK;
}

int command_run_daemons(int argc, char **argv)
{
    struct command_line line;
    struct setup *setup;
    struct why why = {""};
    int code = options_begin(&program, argc, argv, &line);

    if (code >= 0)
        return code;
    code = setup_load(settings.config, &setup);
    if (code != 0)
        return code;
    struct run_group *g = calloc(1, sizeof *g);

    if (!g) {
        setup_free(setup);
        return command_fail(
            "run", why_set(&why, ST_NO_MEMORY, "start the supervisor: no memory"), &why);
    }
    log_begin("run", (enum log_level)setup_find(&setup->top, "log_level")->read.number,
              STDERR_FILENO);
    enum status st = run_setup(g, setup, &why);

    code = st ? command_fail("run", st, &why) : g->was_unclean ? 1 : 0;
    group_free(g);
    free(g);
    setup_free(setup);
    return code;
}
