/* shortfall alerts: the transitions of a database, oldest first. */
#include "command.h"
#include "print.h"

#include "shortfall/daemons/options.h"

#include <stddef.h>

static struct settings {
    const char *db;
    bool json;
} settings;

static const struct option_row rows[] = {
    {.name = "db",
     .kind = OPTION_PATH,
     .offset = offsetof(struct settings, db),
     .required = true,
     .help = "database of replay or of the aggregator"},
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

static bool print_row(void *self, uint64_t outbox_pos, const struct alert_row *row)
{
    const struct transition *t = &row->transition;
    char at[TIMESTAMP_SIZE];

    (void)self;
    (void)outbox_pos;
    if (settings.json)
        print_alert_json(stdout, row);
    else
        (void)printf("%-27s %-8s %-8s %s %-14s %s\n", timestamp_format(t->at, at),
                     alert_state_name(t->state), row->severity, place_code(t->country),
                     commodity_code(t->commodity), row->summary);
    return !ferror(stdout);
}

int command_alerts(int argc, char **argv)
{
    struct command_line line;
    struct store *store;
    struct why why = {""};
    int code = options_begin(&program, argc, argv, &line);

    if (code >= 0)
        return code;
    enum status st = store_open(&store_sqlite, settings.db, STORE_READ, &store, &why);

    if (st)
        return command_fail("alerts", st, &why);
    st = store_alerts(store, 0, SIZE_MAX, print_row, NULL, &why);
    store_close(store);
    return st ? command_fail("alerts", st, &why) : command_done("alerts");
}
