/* shortfall status: how far a database is, what it holds, and what it could not use. */
#include "command.h"
#include "print.h"

#include "shortfall/core/hash.h"
#include "shortfall/daemons/options.h"
#include "shortfall/storage/journal.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

static struct settings {
    const char *db;
    int64_t quarantine;
    bool json;
} settings;

static const struct option_row rows[] = {
    {.name = "db",
     .kind = OPTION_PATH,
     .offset = offsetof(struct settings, db),
     .required = true,
     .help = "database of replay or of the aggregator"},
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
        "of its journal, and the events in quarantine.",
    .lists = {{rows, sizeof rows / sizeof rows[0], &settings}},
};

struct status_facts {
    struct store_origin origin;
    struct store_cursor cursor;
    bool has_journal; /* the journal was found where the origin says it is */
    uint64_t tail;    /* its last position */
    uint64_t firing, transitions;
};

/* The end of the journal, by the highest position that can be read. */
static enum status find_tail(struct status_facts *facts, struct why *why)
{
    struct journal_reader *reader;
    struct frame frame;
    enum status st = journal_reader_open(facts->origin.journal, &reader, why);

    if (st)
        return st;
    facts->tail = facts->cursor.pos;
    while ((st = journal_reader_next(reader, facts->tail, &frame, why)) == ST_OK)
        facts->tail = frame.pos;
    journal_reader_close(reader);
    facts->has_journal = st == ST_NOT_FOUND;
    return st == ST_NOT_FOUND ? ST_OK : st;
}

static bool count_alert(void *self, uint64_t outbox_pos, const struct alert_row *row)
{
    struct status_facts *facts = self;

    facts->transitions = outbox_pos;
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
    (void)printf("}\n");
}

static void print_text(const struct status_facts *facts)
{
    char hex[HEX_SIZE(DIGEST_SIZE)];
    char clock[TIMESTAMP_SIZE];
    const struct store_cursor *c = &facts->cursor;

    (void)printf("journal      %s\n", facts->origin.journal[0] == '\0'
                                          ? "(in the database)"
                                          : facts->origin.journal);
    (void)printf("position     %" PRIu64 " frames, %" PRIu64 " events", c->pos, c->seq);
    if (facts->has_journal)
        (void)printf(", %" PRIu64 " frames behind the journal", facts->tail - c->pos);
    (void)printf("\nclock        %s\n", timestamp_format(c->clock, clock));
    (void)printf("digest       %s\n", hex_format(c->digest, DIGEST_SIZE, hex));
    (void)printf("events       %" PRIu64 " applied, %" PRIu64 " repeated, %" PRIu64
                 " superseded, %" PRIu64 " late\n",
                 c->applied, c->repeated, c->superseded, c->late);
    (void)printf("alerts       %" PRIu64 " firing, %" PRIu64 " transitions\n",
                 facts->firing, facts->transitions);
    (void)printf("quarantine   %" PRIu64 "\n", c->quarantined);
}

static bool print_quarantine(void *self, const struct quarantine_row *row)
{
    char clock[TIMESTAMP_SIZE];

    (void)self;
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

static enum status print_status(struct store *store, struct why *why)
{
    struct status_facts facts = {0};
    enum status st = store_origin(store, &facts.origin, why);

    if (st && st != ST_NOT_FOUND)
        return st;
    st = store_cursor(store, &facts.cursor, why);
    if (st == ST_OK)
        st = store_alerts(store, 0, SIZE_MAX, count_alert, &facts, why);
    if (st == ST_OK && facts.origin.journal[0] != '\0') {
        st = find_tail(&facts, why);
        if (st == ST_NOT_FOUND) { /* it may lie on another machine */
            (void)fprintf(stderr, "shortfall status: %s\n", why->text);
            st = ST_OK;
        }
    }
    if (st)
        return st;
    (settings.json ? print_json : print_text)(&facts);
    return store_quarantine(store, (size_t)settings.quarantine, print_quarantine, NULL,
                            why);
}

int command_status(int argc, char **argv)
{
    struct command_line line;
    struct store *store;
    struct why why = {""};
    int code = options_begin(&program, argc, argv, &line);

    if (code >= 0)
        return code;
    enum status st = store_open(&store_sqlite, settings.db, STORE_READ, &store, &why);

    if (st)
        return command_fail("status", st, &why);
    st = print_status(store, &why);
    store_close(store);
    return st ? command_fail("status", st, &why) : command_done("status");
}
