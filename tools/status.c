/* shortfall status: how far a database is, what it holds, and what it could not use. */
#include "command.h"
#include "database.h"
#include "print.h"
#include "status_run.h"

#include "shortfall/core/hash.h"
#include "shortfall/daemons/options.h"
#include "shortfall/storage/journal.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct settings {
    const char *db, *config;
    int64_t quarantine, known;
    bool json;
} settings;

static const struct option_row rows[] = {
    {.name = "db",
     .kind = OPTION_PATH,
     .offset = offsetof(struct settings, db),
     .help = "database of replay or of the aggregator"},
    {.name = "config",
     .kind = OPTION_PATH,
     .offset = offsetof(struct settings, config),
     .word = "FILE",
     .help = "the configuration of `shortfall run`: its database, journal and daemons, "
             "running or not"},
    {.name = "known",
     .kind = OPTION_TIME,
     .offset = offsetof(struct settings, known),
     .help =
         "with --db: clock, digest, counts, alerts and quarantine as they were at this "
         "time"},
    {.name = "quarantine",
     .kind = OPTION_INTEGER,
     .offset = offsetof(struct settings, quarantine),
     .standard = "20",
     .least = 0,
     .most = 1000000,
     .unit = "events",
     .help = "how many quarantined events to list"},
    {.name = "json",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct settings, json),
     .help = "one JSON object a line: the status, then one for each quarantined event"},
};

static const struct program program = {
    .name = "shortfall status",
    .summary =
        "Prints position, clock and digest of a database, its distance from the end "
        "of its journal, and the events in quarantine; with --config also the daemons, "
        "the last commit and what the recorder refused. Needs no daemon.",
    .lists = {{rows, sizeof rows / sizeof rows[0], &settings}},
};

struct status_facts {
    struct store_origin origin;
    struct store_cursor cursor;
    bool has_journal;    /* the journal was found where the origin says it is */
    uint64_t tail;       /* its last position */
    int64_t last_commit; /* when that was recorded; TIME_NONE: not known */
    uint64_t firing, transitions;
    const struct status_run *run; /* NULL: no configuration was named */
};

/* The end of the journal, by the highest position that can be read. */
static enum status find_tail(struct status_facts *facts, struct why *why)
{
    struct journal_reader *reader;
    struct frame frame;
    uint64_t pos = facts->cursor.pos > 0 ? facts->cursor.pos - 1 : 0;
    enum status st = journal_reader_open(facts->origin.journal, &reader, why);

    if (st)
        return st;
    facts->tail = facts->cursor.pos;
    while ((st = journal_reader_next(reader, pos, &frame, why)) == ST_OK) {
        pos = frame.pos;
        facts->tail = pos;
        facts->last_commit = frame.clock;
    }
    journal_reader_close(reader);
    facts->has_journal = st == ST_NOT_FOUND;
    return st == ST_NOT_FOUND ? ST_OK : st;
}

static bool count_alert(void *self, uint64_t outbox_pos, const struct alert_row *row)
{
    struct status_facts *facts = self;

    (void)outbox_pos;
    if (settings.known != TIME_NONE && row->transition.at > settings.known)
        return true;
    facts->transitions++;
    facts->firing += row->transition.state == ALERT_FIRING;
    facts->firing -= row->transition.state == ALERT_RESOLVED;
    return true;
}

static void print_json(const struct status_facts *facts)
{
    char hex[HEX_SIZE(DIGEST_SIZE)];
    const struct store_cursor *c = &facts->cursor;

    (void)printf("{\"pos\":%" PRIu64 ",\"seq\":%" PRIu64 ",\"clock\":", c->pos, c->seq);
    print_time(stdout, c->clock);
    (void)printf(
        ",\"digest\":\"%s\",\"applied\":%" PRIu64 ",\"repeated\":%" PRIu64
        ",\"superseded\":%" PRIu64 ",\"quarantined\":%" PRIu64 ",\"late\":%" PRIu64
        ",\"transitions\":%" PRIu64 ",\"firing\":%" PRIu64 ",\"journal\":",
        hex_format(c->digest, DIGEST_SIZE, hex), c->applied, c->repeated, c->superseded,
        c->quarantined, c->late, facts->transitions, facts->firing);
    print_string(stdout, facts->origin.journal);
    if (facts->has_journal)
        (void)printf(",\"lag\":%" PRIu64, facts->tail - c->pos);
    if (facts->run) {
        (void)printf(",\"last_commit\":");
        print_time(stdout, facts->last_commit);
        status_run_print_json(facts->run);
    }
    (void)printf("}\n");
}

static void print_text(const struct status_facts *facts)
{
    char hex[HEX_SIZE(DIGEST_SIZE)];
    char clock[TIMESTAMP_SIZE];
    const struct store_cursor *c = &facts->cursor;

    if (facts->run)
        status_run_print(facts->run);
    (void)printf("journal      %s\n", facts->origin.journal[0] == '\0'
                                          ? "(in the database)"
                                          : facts->origin.journal);
    (void)printf("position     %" PRIu64 " frames, %" PRIu64 " events", c->pos, c->seq);
    if (facts->has_journal)
        (void)printf(", %" PRIu64 " frames behind the journal", facts->tail - c->pos);
    if (facts->run && facts->last_commit != TIME_NONE)
        (void)printf("\nlast commit  %s", timestamp_format(facts->last_commit, clock));
    (void)printf("\nclock        %s\n",
                 c->clock == TIME_NONE ? "none yet" : timestamp_format(c->clock, clock));
    (void)printf("digest       %s\n", hex_format(c->digest, DIGEST_SIZE, hex));
    (void)printf("events       %" PRIu64 " applied, %" PRIu64 " repeated, %" PRIu64
                 " superseded, %" PRIu64 " late\n",
                 c->applied, c->repeated, c->superseded, c->late);
    (void)printf("alerts       %" PRIu64 " firing, %" PRIu64 " transitions\n",
                 facts->firing, facts->transitions);
    if (facts->run)
        status_run_print_refusals(facts->run);
    (void)printf("quarantine   %" PRIu64 "\n", c->quarantined);
}

static bool print_quarantine(void *self, const struct quarantine_row *row)
{
    char clock[TIMESTAMP_SIZE];

    size_t *left = self; /* of those that were known then; NULL: all are */

    if (left != NULL && row->clock > settings.known)
        return true;
    if (left != NULL && (*left)-- == 0)
        return false;
    if (settings.json)
        print_quarantine_json(stdout, row);
    else
        (void)printf("  position %" PRIu64 ", event %u, %s: %s/%s revision %d: %s: %s\n",
                     row->pos, (unsigned)row->index + 1,
                     timestamp_format(row->clock, clock), row->source, row->id,
                     row->revision, verdict_name(row->verdict),
                     verdict_advice(row->verdict));
    return !ferror(stdout);
}

/* What a database says; with a configuration there may be none yet. */
static enum status read_store(struct store *store, struct status_facts *facts,
                              struct why *why)
{
    enum status st = store_origin(store, &facts->origin, why);

    if (st && st != ST_NOT_FOUND)
        return st;
    st = store_cursor(store, &facts->cursor, why);
    return st ? st : store_alerts(store, 0, SIZE_MAX, count_alert, facts, why);
}

static enum status read_journal(struct status_facts *facts, struct why *why)
{
    enum status st = ST_OK;

    if (facts->origin.journal[0] != '\0')
        st = find_tail(facts, why);
    if (st != ST_NOT_FOUND)
        return st;
    /* It may lie on another machine. */
    (void)fprintf(stderr, "shortfall status: %s\n", why->text);
    return ST_OK;
}

static enum status print_status(struct store *store, struct status_facts *facts,
                                struct why *why)
{
    enum status st = store ? read_store(store, facts, why) : ST_OK;

    if (st == ST_OK)
        st = read_journal(facts, why);
    if (st)
        return st;
    (settings.json ? print_json : print_text)(facts);
    return store ? store_quarantine(store, (size_t)settings.quarantine, print_quarantine,
                                    NULL, why)
                 : ST_OK;
}

static enum status status_of_db(const char *db, struct status_facts *facts,
                                struct why *why)
{
    struct store *store = NULL;
    enum status st = store_open(&store_sqlite, db, STORE_READ, &store, why);

    if (st == ST_NOT_FOUND && facts->run) /* the aggregator has not made it yet */
        st = ST_OK;
    if (st == ST_OK)
        st = print_status(store, facts, why);
    store_close(store);
    return st;
}

static int status_of_config(void)
{
    struct setup *setup;
    struct why why = {""};
    struct status_run *run = calloc(1, sizeof *run);
    struct status_facts facts = {
        .cursor.clock = TIME_NONE, .last_commit = TIME_NONE, .run = run};
    int code = setup_load(settings.config, &setup);

    if (code != 0) {
        free(run);
        return code;
    }
    enum status st = run ? status_run_read(setup, run, &why)
                         : why_set(&why, ST_NO_MEMORY, "read the run: no memory");

    (void)snprintf(facts.origin.journal, sizeof facts.origin.journal, "%s",
                   setup_top(setup, "journal"));
    if (st == ST_OK)
        st = status_of_db(
            settings.db ? settings.db
                        : setup_find(&setup->daemons[DAEMON_AGGREGATOR], "db")->value,
            &facts, &why);
    setup_free(setup);
    free(run);
    return st ? command_fail("status", st, &why) : command_done("status");
}

/* Only what no later event can change: a position counts all frames, an event that came
 * late may have come since. */
static void print_known(const struct status_facts *facts)
{
    const struct store_cursor *c = &facts->cursor;
    char hex[HEX_SIZE(DIGEST_SIZE)];
    char clock[TIMESTAMP_SIZE];

    hex_format(c->digest, DIGEST_SIZE, hex);
    timestamp_format(c->clock, clock);
    (void)printf(settings.json
                     ? "{\"clock\":\"%s\",\"digest\":\"%s\",\"applied\":%" PRIu64
                       ",\"repeated\":%" PRIu64 ",\"superseded\":%" PRIu64
                       ",\"firing\":%" PRIu64 ",\"transitions\":%" PRIu64
                       ",\"quarantined\":%" PRIu64 "}\n"
                     : "clock        %s\ndigest       %s\nevents       %" PRIu64
                       " applied, %" PRIu64 " repeated, %" PRIu64
                       " superseded\nalerts       %" PRIu64 " firing, %" PRIu64
                       " transitions\nquarantine   %" PRIu64 "\n",
                 clock, hex, c->applied, c->repeated, c->superseded, facts->firing,
                 facts->transitions, c->quarantined);
}

static enum status status_as_known(struct database *r, struct why *why)
{
    struct status_facts facts = {.last_commit = TIME_NONE};
    const struct effects *effects;
    size_t left = (size_t)settings.quarantine;
    enum status st = database_open(settings.db, r, why);

    if (st == ST_OK)
        st = database_fold(r, settings.db, settings.known, why);
    if (st == ST_OK)
        st = fold_advance(r->fold, settings.known, why);
    if (st == ST_OK)
        st = fold_effects(r->fold, false, &effects, why);
    if (st == ST_OK)
        st = store_alerts(r->store, 0, SIZE_MAX, count_alert, &facts, why);
    if (st)
        return st;
    for (size_t i = 0; i < effects->alerts_len; i++) {
        if (effects->alerts[i].transition.at > r->cursor.clock)
            (void)count_alert(&facts, 0, &effects->alerts[i]);
    }
    facts.cursor = effects->cursor;
    print_known(&facts);
    return store_quarantine(r->store, SIZE_MAX, print_quarantine, &left, why);
}

static int status_known(void)
{
    struct database database = {0};
    struct why why = {""};
    enum status st = status_as_known(&database, &why);

    database_close(&database);
    return st ? command_fail("status", st, &why) : command_done("status");
}

int command_status(int argc, char **argv)
{
    struct command_line line;
    struct why why = {""};
    struct status_facts facts = {.last_commit = TIME_NONE};
    int code = options_begin(&program, argc, argv, &line);

    if (code >= 0)
        return code;
    if (settings.config && settings.known != TIME_NONE) {
        (void)fputs("shortfall status: --known goes with --db\n", stderr);
        return EXIT_USAGE;
    }
    if (settings.config)
        return status_of_config();
    if (!settings.db) {
        (void)fprintf(stderr, "shortfall status: --db FILE or --config FILE is missing\n"
                              "Try \"shortfall status --help\".\n");
        return EXIT_USAGE;
    }
    if (settings.known != TIME_NONE)
        return status_known();
    enum status st = status_of_db(settings.db, &facts, &why);

    return st ? command_fail("status", st, &why) : command_done("status");
}
