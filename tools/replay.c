/* shortfall replay: event files, or a recorder's journal, into a new database. What
 * stands in no journal as it was replayed is kept in it; else it names the journal, where
 * the facts live once. */
#include "command.h"
#include "print.h"
#include "replay_source.h"

#include "shortfall/core/hash.h"
#include "shortfall/daemons/options.h"
#include "shortfall/fold/checkpoint.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *const clocks[] = {"recorded", "published", NULL};
static const char *const speeds[] = {"max", "1x", "60x", "3600x", NULL};
static const char *const progress_names[] = {"auto", "bar", "json", "none", NULL};
static const int64_t speed_factors[] = {0, 1, 60, 3600};
enum { PROGRESS_AUTO, PROGRESS_BAR, PROGRESS_JSON, PROGRESS_NONE };

static struct settings {
    const char *db, *rules, *journal, *factors;
    int64_t until, clock, speed, progress, memory, checkpoint_events;
} settings;

static const struct option_row rows[] = {
    {.name = "db",
     .kind = OPTION_PATH,
     .offset = offsetof(struct settings, db),
     .word = "OUT",
     .required = true,
     .help = "database to make; it must not exist"},
    {.name = "rules",
     .kind = OPTION_PATH,
     .offset = offsetof(struct settings, rules),
     .word = "FILE",
     .help = "rule file; with --journal in place of the rules that stand in it"},
    {.name = "journal",
     .kind = OPTION_PATH,
     .offset = offsetof(struct settings, journal),
     .word = "DIR",
     .help = "replay a recorder's journal instead of event files"},
    {.name = "clock",
     .kind = OPTION_CHOICE,
     .offset = offsetof(struct settings, clock),
     .choices = clocks,
     .help = "with --journal: the clock to run by; without it, the journal's own"},
    {.name = "until",
     .kind = OPTION_TIME,
     .offset = offsetof(struct settings, until),
     .help = "run the rules to this instant and leave out what was known later; without "
             "it, to the last event's clock"},
    {.name = "speed",
     .kind = OPTION_CHOICE,
     .offset = offsetof(struct settings, speed),
     .standard = "max",
     .choices = speeds,
     .help = "how fast the clock runs; slower than max prints alerts as they fire"},
    {.name = "factors",
     .kind = OPTION_TEXT,
     .offset = offsetof(struct settings, factors),
     .word = "SET",
     .standard = "ei2021",
     .help = "factor set for volumes in event files"},
    {.name = "memory",
     .kind = OPTION_SIZE,
     .offset = offsetof(struct settings, memory),
     .standard = "0",
     .help = "limit of the memory for facts; 0 for none"},
    {.name = "checkpoint-events",
     .kind = OPTION_INTEGER,
     .offset = offsetof(struct settings, checkpoint_events),
     .standard = "100000",
     .least = 1,
     .most = INT64_MAX,
     .unit = "events",
     .help =
         "from so many on, write a checkpoint beside the database at the end, so that "
         "reading commands need not apply them all again"},
    {.name = "progress",
     .kind = OPTION_CHOICE,
     .offset = offsetof(struct settings, progress),
     .standard = "auto",
     .choices = progress_names,
     .help = "auto shows a bar on a terminal"},
};

static const struct program program = {
    .name = "shortfall replay",
    .summary =
        "Applies event files (JSON lines, - for standard input) by their `published` "
        "clock, or the journal of a recorder, into a new database, runs the rules, "
        "and prints the digest of the facts and alerts that stand at the end.",
    .operands = "[FILE...]",
    .lists = {{rows, sizeof rows / sizeof rows[0], &settings}},
};

#define FRAMES_PER_COMMIT 64

struct replay {
    struct replay_source *source;
    struct fold *fold;
    struct store *store;
    size_t since_commit;
    uint64_t events, alerts;
    struct store_origin origin;
    int64_t started_us; /* monotonic */
    int64_t first_clock;
};

static int64_t monotonic_us(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * SECOND_US + now.tv_nsec / 1000;
}

/* --- talk ------------------------------------------------------------------------- */

static void show_progress(const struct replay *r, bool last)
{
    uint64_t total = replay_source_events(r->source);
    int64_t clock = world_clock(fold_world(r->fold));
    char at[TIMESTAMP_SIZE];
    char bar[31];

    if (settings.progress == PROGRESS_NONE ||
        (settings.progress == PROGRESS_AUTO && !isatty(STDERR_FILENO)))
        return;
    timestamp_format(clock, at);
    if (settings.progress == PROGRESS_JSON) {
        (void)fprintf(stderr,
                      "{\"events\":%" PRIu64 ",\"total\":%" PRIu64 ",\"at\":\"%s\"}\n",
                      r->events, total, at);
        return;
    }
    size_t full = total == 0 ? 30 : (size_t)(30 * r->events / total);

    memset(bar, ' ', sizeof bar);
    memset(bar, '=', full > 30 ? 30 : full);
    bar[30] = '\0';
    (void)fprintf(stderr, "\r[%s] %" PRIu64 "/%" PRIu64 " events at %.10s%s", bar,
                  r->events, total, at, last ? "\n" : "");
}

static void print_alerts(const struct effects *effects)
{
    for (size_t i = 0; i < effects->alerts_len; i++) {
        const struct alert_row *row = &effects->alerts[i];
        char at[TIMESTAMP_SIZE];

        (void)printf("%s %s %s %s\n", timestamp_format(row->transition.at, at),
                     alert_state_name(row->transition.state), row->severity,
                     row->summary);
    }
    (void)fflush(stdout);
}

static void print_result(const struct replay *r, const struct store_cursor *cursor)
{
    int64_t spent = monotonic_us() - r->started_us;
    char clock[TIMESTAMP_SIZE];
    char hex[HEX_SIZE(DIGEST_SIZE)];

    (void)printf("events      %" PRIu64 "\n", r->events);
    (void)printf("alerts      %" PRIu64 " transitions\n", r->alerts);
    (void)printf("quarantine  %" PRIu64 "\n", cursor->quarantined);
    (void)printf("clock       %s\n", timestamp_format(cursor->clock, clock));
    (void)printf("digest      %s\n", hex_format(cursor->digest, DIGEST_SIZE, hex));
    (void)printf("rate        %" PRId64 " events/s\n",
                 spent <= 0 ? 0 : (int64_t)r->events * SECOND_US / spent);
}

/* --- the run ---------------------------------------------------------------------- */

static enum status commit(struct replay *r, bool balances, struct why *why)
{
    const struct effects *effects;
    enum status st = fold_effects(r->fold, balances, &effects, why);

    if (st)
        return st;
    st = store_commit(r->store, effects, why);
    if (st)
        return why_wrap(why, st, "write %s", settings.db);
    r->alerts += effects->alerts_len;
    if (settings.speed != 0)
        print_alerts(effects);
    fold_clear(r->fold);
    r->since_commit = 0;
    return ST_OK;
}

/* Waits until the wall has moved on as far as the clock has, divided by the speed. */
static void pace(struct replay *r, int64_t clock)
{
    if (settings.speed == 0 || clock == TIME_NONE || clock <= TIME_MIN)
        return;
    if (r->first_clock == TIME_NONE)
        r->first_clock = clock;
    int64_t due = (clock - r->first_clock) / speed_factors[settings.speed];
    int64_t wait = r->started_us + due - monotonic_us();

    if (wait <= 0)
        return;
    struct timespec span = {wait / SECOND_US, wait % SECOND_US * 1000};

    (void)nanosleep(&span, NULL);
}

/* The database then is as an aggregator would have made it of the journal; one that was
 * run to an instant of its own is not. */
static bool refers_to_journal(const struct replay *r)
{
    return replay_source_is_journal(r->source) && settings.until == TIME_NONE;
}

static enum status set_origin(struct replay *r, const struct frame *opening,
                              struct why *why)
{
    enum status st =
        refers_to_journal(r)
            ? store_origin_make(settings.journal, opening->hash, &r->origin, why)
            : ST_OK;

    return st ? st : store_set_origin(r->store, &r->origin, why);
}

static enum status fold_all(struct replay *r, struct why *why)
{
    struct frame frame;
    enum status st;

    for (;;) {
        st = replay_source_next(r->source, &frame, why);
        if (st)
            break;
        if (frame.pos == 1)
            st = set_origin(r, &frame, why);
        pace(r, frame.clock);
        if (st == ST_OK)
            st = fold_frame(r->fold, &frame, why);
        if (st)
            return st;
        r->events += frame.events;
        if (++r->since_commit >= FRAMES_PER_COMMIT || settings.speed != 0) {
            st = commit(r, false, why);
            if (st)
                return st;
            show_progress(r, false);
        }
    }
    return st == ST_NOT_FOUND ? ST_OK : st;
}

static enum status write_checkpoint(struct replay *r, uint64_t pos, struct why *why)
{
    struct journal_reader *frames;
    struct frame last;
    bool is_journal = r->origin.journal[0] != '\0';
    enum status st =
        journal_reader_open(is_journal ? r->origin.journal : settings.db, &frames, why);

    if (st)
        return st;
    st = journal_reader_next(frames, pos - 1, &last, why);
    if (st == ST_OK)
        st = checkpoint_make(settings.db, r->fold, (struct bytes){NULL, 0}, last.hash,
                             why);
    journal_reader_close(frames);
    return st;
}

/* Where --until left something out, the database still holds it: for who asks about a
 * later time it is folded from the start. */
static void make_checkpoint(struct replay *r, uint64_t pos)
{
    struct why why = {""};

    if (r->events < (uint64_t)settings.checkpoint_events || !fold_is_whole(r->fold))
        return;
    if (write_checkpoint(r, pos, &why))
        (void)fprintf(stderr, "shortfall replay: no checkpoint was written: %s\n",
                      why.text);
}

static enum status run(struct replay *r, struct why *why)
{
    struct fold_options options = {.memory_max = (size_t)settings.memory,
                                   .keep_frames = !refers_to_journal(r),
                                   .known = settings.until == TIME_NONE ? TIME_END
                                                                        : settings.until};
    struct store_cursor cursor;
    enum status st = fold_new(&options, &r->fold, why);

    if (st == ST_OK)
        st = store_open(&store_sqlite, settings.db, STORE_CREATE, &r->store, why);
    if (st == ST_OK)
        st = checkpoint_prune(settings.db, 0, why); /* of a database that is gone */
    if (st == ST_OK)
        st = fold_all(r, why);
    if (st == ST_OK)
        st = fold_finish(r->fold, why);
    if (st == ST_OK && settings.until != TIME_NONE)
        st = fold_advance(r->fold, settings.until, why);
    if (st == ST_OK)
        st = commit(r, true, why);
    if (st == ST_OK)
        st = store_cursor(r->store, &cursor, why);
    if (st)
        return st;
    show_progress(r, true);
    print_result(r, &cursor);
    make_checkpoint(r, cursor.pos);
    return ST_OK;
}

int command_replay(int argc, char **argv)
{
    struct command_line line;
    struct replay r = {.first_clock = TIME_NONE};
    struct why why = {""};
    int code = options_begin(&program, argc, argv, &line);

    if (code >= 0)
        return code;
    r.started_us = monotonic_us();
    struct replay_request request = {.journal = settings.journal,
                                     .by_published = settings.clock == 1,
                                     .own_clock = settings.clock < 0,
                                     .rules = settings.rules,
                                     .factors = settings.factors,
                                     .one_clock = settings.speed != 0,
                                     .files = line.operands,
                                     .files_len = (size_t)line.operands_len};

    code = replay_source_open(&request, &r.source);
    if (code != 0)
        return code;
    enum status st = run(&r, &why);

    replay_source_close(r.source);
    fold_free(r.fold);
    store_close(r.store);
    return st ? command_fail("replay", st, &why) : command_done("replay");
}
