/* shortfall balance: the figures of accounts, as of T by what was known at K. */
#include "command.h"
#include "print.h"
#include "database.h"

#include "shortfall/daemons/options.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static struct settings {
    const char *db, *country, *commodity;
    int64_t as_of, known, horizon;
    bool json, csv;
} settings;

static const struct option_row rows[] = {
    {.name = "db",
     .kind = OPTION_PATH,
     .offset = offsetof(struct settings, db),
     .required = true,
     .help = "database of replay or of the aggregator"},
    {.name = "country",
     .kind = OPTION_TEXT,
     .offset = offsetof(struct settings, country),
     .word = "CODE",
     .help = "only this country (ISO 3166-1 alpha-3)"},
    {.name = "commodity",
     .kind = OPTION_TEXT,
     .offset = offsetof(struct settings, commodity),
     .word = "CODE",
     .help = "only this commodity or group"},
    {.name = "as-of",
     .kind = OPTION_TIME,
     .offset = offsetof(struct settings, as_of),
     .help = "the instant of the balance; without it, the time of --known"},
    {.name = "known",
     .kind = OPTION_TIME,
     .offset = offsetof(struct settings, known),
     .help = "use only what was known by then; without it, all the database knows"},
    {.name = "horizon",
     .kind = OPTION_DURATION,
     .offset = offsetof(struct settings, horizon),
     .standard = "90d",
     .least = DAY_US,
     .most = 3650 * DAY_US,
     .help = "how far shortfall, its ratio and what is expected look ahead"},
    {.name = "json",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct settings, json),
     .help = "one JSON object a line; amounts in g or kJ"},
    {.name = "csv",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct settings, csv),
     .help = "comma-separated, with a heading; amounts in g or kJ"},
};

static const struct program program = {
    .name = "shortfall balance",
    .summary =
        "Prints the balance of each country and commodity: stock, unmet need, days "
        "of cover, the shortfall ahead and what pledges brought.",
    .lists = {{rows, sizeof rows / sizeof rows[0], &settings}},
};

/* --- output ----------------------------------------------------------------------- */

static void print_csv(const struct balance *b, int64_t known)
{
    char as_of[TIMESTAMP_SIZE];
    char at[TIMESTAMP_SIZE];
    char out[TIMESTAMP_SIZE];
    const struct {
        int64_t value;
        bool millionths;
    } cells[] = {{b->stock, false},          {b->unmet, false},
                 {b->days_of_cover, true},   {b->shortfall, false},
                 {b->shortfall_ratio, true}, {b->uncovered_deficit, false},
                 {b->delivery_ratio, true},  {b->overdue, false},
                 {b->expected, false}};

    (void)printf("%s,%s,%s,%s,%s", place_code(b->country), commodity_code(b->commodity),
                 timestamp_format(b->as_of, as_of), timestamp_format(known, at),
                 base_unit(b->commodity));
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
        (void)putchar(',');
        if (cells[i].value != VALUE_NONE)
            (cells[i].millionths ? print_millionths : print_amount)(stdout,
                                                                    cells[i].value);
    }
    (void)printf(",%s\n",
                 b->stock_out == TIME_NONE ? "" : timestamp_format(b->stock_out, out));
}

/* The field's own rows (docs/how-to/read-a-balance.md). */
static void print_sheet(const struct balance *b, int64_t known)
{
    char a[FIGURE_SIZE];
    char as_of[TIMESTAMP_SIZE];
    char at[TIMESTAMP_SIZE];
    char horizon[DURATION_SIZE];
    char out[TIMESTAMP_SIZE];
    const struct {
        const char *label;
        int64_t value;
    } amounts[] = {{"Stock", b->stock},
                   {"Unmet so far this balance year", b->unmet},
                   {"Expected within the horizon", b->expected},
                   {"Shortfall within the horizon", b->shortfall},
                   {"Uncovered deficit to the year's end", b->uncovered_deficit},
                   {"Pledged, due and not delivered", b->overdue}};

    (void)printf("%s %s (%s)  as of %s, known %s, horizon %s\n", place_code(b->country),
                 commodity_code(b->commodity), commodity_get(b->commodity)->name,
                 timestamp_format(b->as_of, as_of), timestamp_format(known, at),
                 duration_format(b->horizon, horizon));
    for (size_t i = 0; i < sizeof amounts / sizeof amounts[0]; i++)
        (void)printf("  %-36s %18s\n", amounts[i].label,
                     figure_amount(amounts[i].value, b->commodity, a));
    (void)printf("  %-36s %18s\n", "Share of use that falls short",
                 figure_decimal(b->shortfall_ratio, 3, a));
    (void)printf("  %-36s %18s\n", "Share of pledges delivered",
                 figure_decimal(b->delivery_ratio, 3, a));
    (void)printf("  %-36s %18s\n", "Days of cover",
                 figure_decimal(b->days_of_cover, 1, a));
    if (b->stock_out != TIME_NONE)
        (void)printf("  %-36s %18.10s\n", "Stock out on",
                     timestamp_format(b->stock_out, out));
    (void)printf("\n");
}

static void print_balance(const struct balance *b, int64_t known)
{
    if (settings.json)
        print_balance_json(stdout, b, known);
    else if (settings.csv)
        print_csv(b, known);
    else
        print_sheet(b, known);
}

/* --- choice of accounts ---------------------------------------------------------------
 */

/* ST_INVALID with a suggestion for a code that does not exist. */
static enum status find_codes(place_id *country, commodity_id *commodity, struct why *why)
{
    const char *near;

    *country = PLACE_ANY;
    *commodity = COMMODITY_ANY;
    if (settings.country != NULL) {
        *country = place_find(text_of(settings.country));
        near = place_suggest(text_of(settings.country));
        if (*country == PLACE_NONE)
            return why_set(why, ST_INVALID, "unknown country \"%.64s\"%s%s%s",
                           settings.country, near == NULL ? "" : " (did you mean \"",
                           near == NULL ? "" : near, near == NULL ? "" : "\"?)");
    }
    if (settings.commodity != NULL) {
        *commodity = commodity_find(text_of(settings.commodity));
        near = commodity_suggest(text_of(settings.commodity));
        if (*commodity == COMMODITY_NONE)
            return why_set(why, ST_INVALID, "unknown commodity \"%.64s\"%s%s%s",
                           settings.commodity, near == NULL ? "" : " (did you mean \"",
                           near == NULL ? "" : near, near == NULL ? "" : "\"?)");
    }
    return ST_OK;
}

struct key {
    place_id country;
    commodity_id commodity;
};

static int key_compare(const void *a_key, const void *b_key)
{
    const struct key *a = a_key;
    const struct key *b = b_key;
    int order = strcmp(place_code(a->country), place_code(b->country));

    return order != 0
               ? order
               : strcmp(commodity_code(a->commodity), commodity_code(b->commodity));
}

/* An account that only a rule names has nothing to show. */
static bool says_something(const struct balance *b)
{
    return b->stock != VALUE_NONE || b->delivery_ratio != VALUE_NONE || b->overdue != 0;
}

static enum status print_accounts(struct world *w, place_id country,
                                  commodity_id commodity, int64_t as_of, int64_t known,
                                  struct why *why)
{
    size_t len = world_accounts_len(w);
    struct key *keys = calloc(len + 1, sizeof *keys);
    enum status st = ST_OK;

    if (keys == NULL)
        return why_set(why, ST_NO_MEMORY, "list the accounts: no memory");
    for (size_t i = 0; i < len; i++)
        world_account_key(w, i, &keys[i].country, &keys[i].commodity);
    qsort(keys, len, sizeof keys[0], key_compare);
    for (size_t i = 0; i < len; i++) {
        struct balance b;

        if ((country != PLACE_ANY && keys[i].country != country) ||
            (commodity != COMMODITY_ANY && keys[i].commodity != commodity))
            continue;
        st = world_balance(w, keys[i].country, keys[i].commodity, as_of, settings.horizon,
                           &b, why);
        if (st)
            break;
        if (says_something(&b))
            print_balance(&b, known);
    }
    free(keys);
    return st;
}

static enum status run(struct database *r, struct why *why)
{
    place_id country;
    commodity_id commodity;
    struct balance b;
    enum status st = find_codes(&country, &commodity, why);

    if (st == ST_OK)
        st = database_open(settings.db, r, why);
    if (st == ST_OK)
        st = database_fold(r, settings.db, settings.known, why);
    if (st)
        return st;
    int64_t known = settings.known == TIME_NONE ? r->cursor.clock : settings.known;
    int64_t as_of = settings.as_of == TIME_NONE ? known : settings.as_of;

    if (as_of == TIME_NONE)
        return why_set(why, ST_NOT_FOUND, "%s: no event has been applied yet",
                       settings.db);
    if (settings.csv)
        (void)printf(
            "country,commodity,as_of,known,unit,stock,unmet,days_of_cover,shortfall,"
            "shortfall_ratio,uncovered_deficit,delivery_ratio,overdue,expected,"
            "stock_out\n");
    if (country == PLACE_ANY || commodity == COMMODITY_ANY)
        return print_accounts(fold_world(r->fold), country, commodity, as_of, known, why);
    st = world_balance(fold_world(r->fold), country, commodity, as_of, settings.horizon,
                       &b, why);
    if (st == ST_OK)
        print_balance(&b, known);
    return st;
}

int command_balance(int argc, char **argv)
{
    struct command_line line;
    struct database database = {0};
    struct why why = {""};
    int code = options_begin(&program, argc, argv, &line);

    if (code >= 0)
        return code;
    if (settings.json && settings.csv) {
        (void)fputs("shortfall balance: --json and --csv exclude each other\n", stderr);
        return EXIT_USAGE;
    }
    enum status st = run(&database, &why);

    database_close(&database);
    return st ? command_fail("balance", st, &why) : command_done("balance");
}
