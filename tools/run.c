/* shortfall run: starts every daemon of a configuration in order, starts one again that
 * dies, and stops them in the opposite order. It knows nothing of what they do: all that
 * it can do for the data is to be out of the way. */
#include "command.h"
#include "run_note.h"

#include "shortfall/daemons/log.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define GRACE_US (10 * SECOND_US) /* from being told to stop until being killed */

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

/* What must have been ready once before a daemon is started for the first time. */
static const enum daemon_kind needed[DAEMON_KIND_COUNT] = {
    [DAEMON_RECORDER] = DAEMON_KIND_COUNT, /* nothing */
    [DAEMON_AGGREGATOR] = DAEMON_RECORDER,
    [DAEMON_NOTIFIER] = DAEMON_AGGREGATOR,
    [DAEMON_FEED] = DAEMON_RECORDER,
};

struct run {
    const char *state;
    int64_t since_us;
    struct child list[RUN_CHILDREN_MAX];
    size_t len;
    bool changed;       /* since the note was written */
    bool stopping;      /* with the children of kind `stage` */
    int stage;          /* from feeds down to the recorder; -1: all have ended */
    int64_t kill_at_us; /* of the stage */
    bool was_unclean;   /* a child had to be killed, or ended badly when it was stopped */
    bool is_note_failed; /* said once */
};

/* --- signals ------------------------------------------------------------------------ */

static int wake_fds[2] = {-1, -1};
static volatile sig_atomic_t stop_count;

/* A full pipe is readable already. */
static void on_signal(int number)
{
    int saved = errno;
    ssize_t written;

    if (number != SIGCHLD)
        stop_count++;
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

/* --- the children ------------------------------------------------------------------- */

/* The programs lie beside this one. */
static enum status find_programs(char *out, size_t size, struct why *why)
{
    char path[1024];
    ssize_t len = readlink("/proc/self/exe", path, sizeof path - 1);

    if (len <= 0)
        return why_set(why, ST_IO, "find the own program: %s", strerror(errno));
    path[len] = '\0';
    (void)snprintf(out, size, "%s", dirname(path));
    return ST_OK;
}

static enum status add_child(struct run *r, const struct setup *setup,
                             const struct section *section, const char *folder,
                             struct why *why)
{
    struct child *c = &r->list[r->len];
    const char *name = daemon_name(section->daemon);

    assert(r->len < RUN_CHILDREN_MAX);
    *c = (struct child){.kind = section->daemon, .ready_fd = -1};
    if (section->daemon == DAEMON_FEED)
        (void)snprintf(c->name, sizeof c->name, "%s/%s", name,
                       setup_find(section, "name")->value);
    else
        (void)snprintf(c->name, sizeof c->name, "%s", name);
    c->words = setup_words(setup, section, folder, CHILD_READY_FD);
    if (!c->words)
        return why_set(why, ST_NO_MEMORY, "start %s: no memory", c->name);
    c->since_us = r->since_us;
    r->len++;
    if (access(c->words[0], X_OK))
        return why_set(why, ST_NOT_FOUND, "%s: %s", c->words[0], strerror(errno));
    return ST_OK;
}

static enum status add_children(struct run *r, const struct setup *setup, struct why *why)
{
    char folder[1024];
    const struct section *section;
    enum status st = find_programs(folder, sizeof folder, why);

    for (size_t i = 1; !st && (section = setup_section(setup, i)) != NULL; i++)
        st = add_child(r, setup, section, folder, why);
    return st;
}

static void start(struct run *r, struct child *c, struct moment now)
{
    struct why why = {""};

    r->changed = true;
    if (child_start(c, now, &why) == ST_OK) {
        log_write(LOG_INFO, "started", log_string("name", c->name),
                  log_whole("pid", c->pid));
        return;
    }
    /* No process to be had now: as if it had ended at once. */
    log_write(LOG_ERROR, "not-started", log_string("name", c->name),
              log_string("why", why.text));
    c->state = CHILD_WAITING;
    c->due_us = now.monotonic_us + SECOND_US;
}

/* Whether one of that kind has been ready; nothing is needed: yes. */
static bool has_been_ready(const struct run *r, enum daemon_kind kind)
{
    for (size_t i = 0; i < r->len; i++)
        if (r->list[i].kind == kind && r->list[i].was_ready)
            return true;
    return kind == DAEMON_KIND_COUNT;
}

static void start_due(struct run *r, struct moment now)
{
    for (size_t i = 0; i < r->len; i++) {
        struct child *c = &r->list[i];

        if (c->state == CHILD_IDLE
                ? has_been_ready(r, needed[c->kind])
                : c->state == CHILD_WAITING && now.monotonic_us >= c->due_us)
            start(r, c, now);
    }
}

/* A lasting reason is said once, however often it is tried. */
static void log_end(const struct child *c)
{
    char wait[DURATION_SIZE];
    enum log_level level = child_end_is_lasting(c->end) ? LOG_ERROR : LOG_WARN;

    if (c->state == CHILD_DONE || c->state == CHILD_STOPPED)
        log_write(c->end == 0 ? LOG_INFO : LOG_WARN, child_state_names[c->state],
                  log_string("name", c->name), log_whole("end", c->end));
    else
        log_write(c->is_repeat ? LOG_DEBUG : level, "ended", log_string("name", c->name),
                  log_whole("end", c->end), log_string("why", child_end_text(c->end)),
                  log_string("restart", duration_format(c->backoff_us, wait)));
}

static void reap(struct run *r, struct moment now)
{
    for (size_t i = 0; i < r->len; i++) {
        struct child *c = &r->list[i];
        int wait_status;

        if (c->pid == 0 || waitpid(c->pid, &wait_status, WNOHANG) != c->pid)
            continue;
        child_ended(c, wait_status, now);
        log_end(c);
        r->changed = true;
        r->was_unclean = r->was_unclean || (c->state == CHILD_STOPPED && c->end != 0);
    }
}

/* --- stopping ----------------------------------------------------------------------- */

static size_t tell_stage(struct run *r, bool kill)
{
    size_t alive = 0;

    for (size_t i = 0; i < r->len; i++) {
        struct child *c = &r->list[i];

        if ((int)c->kind != r->stage)
            continue;
        if (c->pid == 0) {
            c->state = c->state == CHILD_DONE ? CHILD_DONE : CHILD_STOPPED;
            continue;
        }
        alive++;
        if (kill && !c->is_killed)
            log_write(LOG_WARN, "killed", log_string("name", c->name),
                      log_whole("pid", c->pid));
        child_tell(c, kill);
    }
    return alive;
}

/* Feeds first, the recorder last: so what was sent is still answered, and what was
 * recorded still applied and delivered. */
static void stop_more(struct run *r, struct moment now)
{
    if (!r->stopping) {
        r->stopping = true;
        r->stage = DAEMON_FEED;
        r->kill_at_us = now.monotonic_us + GRACE_US;
        log_line(LOG_INFO, "stopping", NULL, 0);
    }
    while (r->stage >= 0) {
        /* Who asks twice does not want to wait. */
        bool kill = now.monotonic_us >= r->kill_at_us || stop_count > 1;

        if (tell_stage(r, false) > 0) {
            if (kill)
                (void)tell_stage(r, true);
            return;
        }
        r->stage--;
        r->kill_at_us = now.monotonic_us + GRACE_US;
    }
}

/* --- the loop ----------------------------------------------------------------------- */

static void write_note(struct run *r)
{
    struct run_note note = {.pid = getpid(), .since_us = r->since_us, .len = r->len};
    struct why why = {""};

    if (!r->changed)
        return;
    r->changed = false;
    for (size_t i = 0; i < r->len; i++) {
        const struct child *c = &r->list[i];

        note.list[i] = (struct run_row){.state = c->state,
                                        .pid = c->pid,
                                        .since_us = c->since_us,
                                        .restarts = c->restarts,
                                        .end = c->end,
                                        .has_ended = c->has_ended};
        (void)text_copy(text_of(c->name), note.list[i].name, sizeof note.list[i].name);
    }
    if (run_note_write(r->state, &note, &why) && !r->is_note_failed) {
        r->is_note_failed = true;
        log_write(LOG_WARN, "no-note", log_string("why", why.text));
    }
}

/* Milliseconds until something is to be done unasked; -1: nothing is. */
static int patience_ms(const struct run *r, struct moment now)
{
    int64_t until_us = r->stopping ? r->kill_at_us : INT64_MAX;

    for (size_t i = 0; !r->stopping && i < r->len; i++)
        if (r->list[i].state == CHILD_WAITING && r->list[i].due_us < until_us)
            until_us = r->list[i].due_us;
    if (until_us == INT64_MAX)
        return -1;
    return until_us > now.monotonic_us ? (int)((until_us - now.monotonic_us + 999) / 1000)
                                       : 0;
}

static void drain_wakes(void)
{
    char bytes[64];
    ssize_t got;

    do
        got = read(wake_fds[0], bytes, sizeof bytes);
    while (got > 0);
}

static void wait_for_news(struct run *r)
{
    struct pollfd items[1 + RUN_CHILDREN_MAX] = {{.fd = wake_fds[0], .events = POLLIN}};

    for (size_t i = 0; i < r->len; i++) /* poll passes over a descriptor of -1 */
        items[1 + i] = (struct pollfd){.fd = r->list[i].ready_fd, .events = POLLIN};
    if (poll(items, (nfds_t)(1 + r->len), patience_ms(r, now_is())) <= 0)
        return;
    drain_wakes();
    for (size_t i = 0; i < r->len; i++) {
        if (items[1 + i].revents == 0 || !child_look(&r->list[i], now_is()))
            continue;
        r->changed = true;
        log_write(LOG_INFO, "ready", log_string("name", r->list[i].name),
                  log_whole("pid", r->list[i].pid));
    }
}

static void run_children(struct run *r)
{
    for (;;) {
        struct moment now = now_is();

        reap(r, now);
        if (stop_count > 0)
            stop_more(r, now);
        else
            start_due(r, now);
        write_note(r);
        if (r->stopping && r->stage < 0)
            return;
        wait_for_news(r);
    }
}

static enum status run_setup(struct run *r, const struct setup *setup, struct why *why)
{
    enum status st;

    r->state = setup_top(setup, "state");
    r->since_us = now_is().wall_us;
    r->changed = true;
    st = add_children(r, setup, why);
    if (!st)
        st = run_make_folders(setup, why);
    if (!st)
        st = run_take_lock(r->state, why);
    if (!st)
        st = catch_signals(why);
    if (st)
        return st;
    log_write(LOG_INFO, "opened", log_string("config", settings.config),
              log_string("state", r->state), log_count("feeds", setup->feeds_len));
    run_children(r);
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
    struct run *r = calloc(1, sizeof *r);
    enum status st = ST_NO_MEMORY;

    log_begin("run", (enum log_level)setup_find(&setup->top, "log_level")->read.number,
              STDERR_FILENO);
    if (r)
        st = run_setup(r, setup, &why);
    code = st ? command_fail("run", st, &why) : r->was_unclean ? 1 : 0;
    for (size_t i = 0; r && i < r->len; i++)
        setup_words_free(r->list[i].words);
    free(r);
    setup_free(setup);
    return code;
}
