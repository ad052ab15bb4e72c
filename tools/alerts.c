/* shortfall alerts: the transitions of a database, oldest first; as of T by what was
 * known at K where that is asked. */
#include "command.h"
#include "database.h"
#include "print.h"

#include "shortfall/daemons/options.h"

#include <stddef.h>

static struct settings {
    const char *db;
    int64_t as_of, known;
    bool json;
} settings;

static const struct option_row rows[] = {
    {.name = "db",
     .kind = OPTION_PATH,
     .offset = offsetof(struct settings, db),
     .required = true,
     .help = "database of replay or of the aggregator"},
    {.name = "as-of",
     .kind = OPTION_TIME,
     .offset = offsetof(struct settings, as_of),
     .help =
         "only what happened by then, and beyond the time of --known what will happen "
         "if nothing more becomes known"},
    {.name = "known",
     .kind = OPTION_TIME,
     .offset = offsetof(struct settings, known),
     .help = "use only what was known by then; without it, all the database knows"},
    {.name = "json",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct settings, json),
     .help = "one JSON object a line"},
};

static const struct program program = {
    .name = "shortfall alerts",
    .summary = "Prints when alerts began (firing) and ended (resolved), oldest first.",
    .lists = {{rows, sizeof rows / sizeof rows[0], &settings}},
};

static void print_row(const struct alert_row *row)
{
    const struct transition *t = &row->transition;
    char at[TIMESTAMP_SIZE];

    if (settings.json)
        print_alert_json(stdout, row);
    else
        (void)printf("%-27s %-8s %-8s %s %-14s %s\n", timestamp_format(t->at, at),
                     alert_state_name(t->state), row->severity, place_code(t->country),
                     commodity_code(t->commodity), row->summary);
}

/* What happened by `until`, by what was known at `known`. What happened before an event
 * was recorded cannot depend on it: so the store's rows are right, but for the step in
 * which they were found, which may have come later. */
struct window {
    int64_t until, known;
    int64_t stored; /* up to here the store has them */
};

static bool print_stored(void *self, uint64_t outbox_pos, const struct alert_row *row)
{
    const struct window *w = self;
    struct alert_row then = *row;

    (void)outbox_pos;
    if (then.transition.at > w->until || then.transition.at > w->known)
        return !ferror(stdout);
    if (then.transition.clock > w->known)
        then.transition.clock = w->known;
    print_row(&then);
    return !ferror(stdout);
}

/* What will happen beyond that if nothing more becomes known. */
static enum status print_ahead(struct database *r, const struct window *w,
                               struct why *why)
{
    const struct effects *effects;
    enum status st = database_fold(r, settings.db, w->known, why);

    if (st == ST_OK)
        st = fold_advance(r->fold, w->until, why);
    if (st == ST_OK)
        st = fold_effects(r->fold, false, &effects, why);
    for (size_t i = 0; st == ST_OK && i < effects->alerts_len; i++) {
        if (effects->alerts[i].transition.at > w->stored)
            print_row(&effects->alerts[i]);
    }
    return st;
}

static enum status run(struct database *r, struct why *why)
{
    struct window w = {TIME_END, TIME_END, TIME_END};
    bool is_all = settings.as_of == TIME_NONE && settings.known == TIME_NONE;

    if (is_all) {
        enum status st =
            store_open(&store_sqlite, settings.db, STORE_READ, &r->store, why);

        return st ? st : store_alerts(r->store, 0, SIZE_MAX, print_stored, &w, why);
    }
    enum status st = database_open(settings.db, r, why);

    if (st)
        return st;
    w.known = settings.known == TIME_NONE ? r->cursor.clock : settings.known;
    w.until = settings.as_of == TIME_NONE ? w.known : settings.as_of;
    w.stored = w.known < r->cursor.clock ? w.known : r->cursor.clock;
    st = store_alerts(r->store, 0, SIZE_MAX, print_stored, &w, why);
    if (st || w.until <= w.stored)
        return st;
    return print_ahead(r, &w, why);
}

int command_alerts(int argc, char **argv)
{
    struct command_line line;
    struct database database = {0};
    struct why why = {""};
    int code = options_begin(&program, argc, argv, &line);

    if (code >= 0)
        return code;
    enum status st = run(&database, &why);

    database_close(&database);
    return st ? command_fail("alerts", st, &why) : command_done("alerts");
}
