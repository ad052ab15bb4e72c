/* The order of starting and stopping. What was sent should be answered, and what was
 * recorded applied and delivered, so whoever reads stops before whom he reads from. */
#include "run_group.h"

#include "shortfall/daemons/log.h"

#include <assert.h>
#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* What must have been ready once before a daemon is started for the first time. */
static const enum daemon_kind needed[DAEMON_KIND_COUNT] = {
    [DAEMON_RECORDER] = DAEMON_KIND_COUNT, /* nothing */
    [DAEMON_AGGREGATOR] = DAEMON_RECORDER,
    [DAEMON_NOTIFIER] = DAEMON_AGGREGATOR,
    [DAEMON_FEED] = DAEMON_RECORDER,
};

/* --- starting ----------------------------------------------------------------------- */

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

static enum status add_child(struct run_group *g, const struct setup *setup,
                             const struct section *section, const char *folder,
                             struct why *why)
{
    struct child *c = &g->list[g->len];
    const char *name = daemon_name(section->daemon);

    assert(g->len < RUN_CHILDREN_MAX);
    *c = (struct child){.kind = section->daemon, .ready_fd = -1};
    if (section->daemon == DAEMON_FEED)
        (void)snprintf(c->name, sizeof c->name, "%s/%s", name,
                       setup_find(section, "name")->value);
    else
        (void)snprintf(c->name, sizeof c->name, "%s", name);
    c->words = setup_words(setup, section, folder, CHILD_READY_FD);
    if (!c->words)
        return why_set(why, ST_NO_MEMORY, "start %s: no memory", c->name);
    c->since_us = g->since_us;
    g->len++;
    if (access(c->words[0], X_OK))
        return why_set(why, ST_NOT_FOUND, "%s: %s", c->words[0], strerror(errno));
    return ST_OK;
}

enum status group_add_all(struct run_group *g, const struct setup *setup,
                          struct moment now, struct why *why)
{
    char folder[1024];
    const struct section *section;
    enum status st = find_programs(folder, sizeof folder, why);

    g->state = setup_top(setup, "state");
    g->since_us = now.wall_us;
    g->clock_jump_us =
        setup_find(&setup->daemons[DAEMON_RECORDER], "clock_jump")->read.number;
    g->changed = true;
    for (size_t i = 1; !st && (section = setup_section(setup, i)) != NULL; i++)
        st = add_child(g, setup, section, folder, why);
    return st;
}

void group_free(struct run_group *g)
{
    for (size_t i = 0; i < g->len; i++)
        setup_words_free(g->list[i].words);
    g->len = 0;
}

static void start(struct run_group *g, struct child *c, struct moment now)
{
    struct why why = {""};

    g->changed = true;
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
static bool has_been_ready(const struct run_group *g, enum daemon_kind kind)
{
    for (size_t i = 0; i < g->len; i++)
        if (g->list[i].kind == kind && g->list[i].was_ready)
            return true;
    return kind == DAEMON_KIND_COUNT;
}

/* The recorder stops when the clock jumps, so that a person looks before its stamps bind
 * all that come after them; to start it again at once would take that away. */
static bool is_held(struct run_group *g, struct child *c, struct moment now)
{
    bool was_held = c->state == CHILD_HELD;

    if (c->kind != DAEMON_RECORDER || !child_hold(c, now, g->clock_jump_us))
        return false;
    if (!was_held) {
        g->changed = true;
        log_write(LOG_ERROR, "held", log_string("name", c->name),
                  log_string("why", "the wall clock has jumped: set it right, or start "
                                    "the supervisor again to go by it as it is"));
    }
    return true;
}

static bool is_waiting(const struct child *c)
{
    return c->state == CHILD_WAITING || c->state == CHILD_HELD;
}

static bool is_due(const struct child *c, struct moment now)
{
    return is_waiting(c) && now.monotonic_us >= c->due_us;
}

void group_start_due(struct run_group *g, struct moment now)
{
    for (size_t i = 0; i < g->len; i++) {
        struct child *c = &g->list[i];

        if (c->state == CHILD_IDLE ? has_been_ready(g, needed[c->kind])
                                   : is_due(c, now) && !is_held(g, c, now))
            start(g, c, now);
    }
}

void group_look(struct run_group *g, struct child *c, struct moment now)
{
    if (!child_look(c, now))
        return;
    g->changed = true;
    log_write(LOG_INFO, "ready", log_string("name", c->name), log_whole("pid", c->pid));
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

void group_reap(struct run_group *g, struct moment now)
{
    for (size_t i = 0; i < g->len; i++) {
        struct child *c = &g->list[i];
        int wait_status;

        if (c->pid == 0 || waitpid(c->pid, &wait_status, WNOHANG) != c->pid)
            continue;
        child_ended(c, wait_status, now);
        log_end(c);
        g->changed = true;
        g->was_unclean = g->was_unclean || (c->state == CHILD_STOPPED && c->end != 0);
    }
}

/* --- stopping ----------------------------------------------------------------------- */

static size_t tell_stage(struct run_group *g, bool kill)
{
    size_t alive = 0;

    for (size_t i = 0; i < g->len; i++) {
        struct child *c = &g->list[i];

        if ((int)c->kind != g->stage)
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

void group_stop(struct run_group *g, struct moment now, bool impatient)
{
    if (!g->stopping) {
        g->stopping = true;
        g->changed = true;
        g->stage = DAEMON_FEED;
        g->kill_at_us = now.monotonic_us + GROUP_GRACE_US;
        log_line(LOG_INFO, "stopping", NULL, 0);
    }
    while (g->stage >= 0) {
        bool kill = impatient || now.monotonic_us >= g->kill_at_us;

        if (tell_stage(g, false) > 0) {
            if (kill && tell_stage(g, true) > 0)
                g->kill_at_us = INT64_MAX; /* nothing more can be done but wait */
            return;
        }
        g->stage--;
        g->kill_at_us = now.monotonic_us + GROUP_GRACE_US;
    }
}

/* --- what others see ---------------------------------------------------------------- */

void group_note(struct run_group *g)
{
    struct run_note note = {.pid = getpid(), .since_us = g->since_us, .len = g->len};
    struct why why = {""};

    if (!g->changed)
        return;
    g->changed = false;
    for (size_t i = 0; i < g->len; i++) {
        const struct child *c = &g->list[i];

        note.list[i] = (struct run_row){.state = c->state,
                                        .pid = c->pid,
                                        .since_us = c->since_us,
                                        .restarts = c->restarts,
                                        .end = c->end,
                                        .has_ended = c->has_ended};
        (void)text_copy(text_of(c->name), note.list[i].name, sizeof note.list[i].name);
    }
    if (run_note_write(g->state, &note, &why) && !g->is_note_failed) {
        g->is_note_failed = true;
        log_write(LOG_WARN, "no-note", log_string("why", why.text));
    }
}

int group_patience_ms(const struct run_group *g, struct moment now)
{
    int64_t until_us = g->stopping ? g->kill_at_us : INT64_MAX;

    for (size_t i = 0; !g->stopping && i < g->len; i++)
        if (is_waiting(&g->list[i]) && g->list[i].due_us < until_us)
            until_us = g->list[i].due_us;
    if (until_us == INT64_MAX)
        return -1;
    return until_us > now.monotonic_us ? (int)((until_us - now.monotonic_us + 999) / 1000)
                                       : 0;
}
