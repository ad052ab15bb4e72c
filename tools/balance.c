/* shortfall balance: the sheets or figures of accounts, as of T by what was known at K.
 */
#include "command.h"
#include "database.h"
#include "print.h"
#include "sheet_book.h"
#include "sheet_print.h"

#include "shortfall/daemons/options.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static struct settings {
    const char *db, *country, *commodity;
    int64_t as_of, known, horizon;
    bool json, csv, sheet;
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
    {.name = "sheet",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct settings, sheet),
     .help = "with --json or --csv: the rows of the sheet in place of the figures"},
};

static const struct program program = {
    .name = "shortfall balance",
    .summary =
        "Prints the balance sheet of each country and commodity over the balance year: "
        "availability, use, imports, pledges and the uncovered deficit, to date and as "
        "expected, and what is not counted on. For programs: stock, unmet need, days of "
        "cover, the shortfall ahead and what pledges brought.",
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

/* What is asked, and the reports behind it where a sheet is. */
struct question {
    struct world *world;
    struct sheet_book *book; /* NULL: figures only */
    place_id country;
    commodity_id commodity;
    int64_t as_of, known;
    size_t printed; /* sheets */
};

static enum status print_sheet(struct question *q, place_id country,
                               commodity_id commodity, struct why *why)
{
    struct sheet_question asked = {.country = country,
                                   .commodity = commodity,
                                   .as_of = q->as_of,
                                   .horizon = settings.horizon};
    struct sheet sheet;
    enum status st = sheet_book_facts(q->book, country, &asked.facts, &asked.len, why);

    if (st == ST_OK)
        st = world_sheet(q->world, &asked, &sheet, why);
    if (st)
        return st;
    if (settings.json) {
        sheet_print_json(stdout, &sheet, q->known);
    } else if (settings.csv) {
        sheet_print_csv(stdout, &sheet, q->known);
    } else {
        if (q->printed++ > 0)
            (void)putchar('\n');
        sheet_print(stdout, &sheet, q->known);
    }
    return ST_OK;
}

static enum status print_account(struct question *q, const struct balance *b,
                                 struct why *why)
{
    if (q->book != NULL)
        return print_sheet(q, b->country, b->commodity, why);
    if (settings.json)
        print_balance_json(stdout, b, q->known);
    else
        print_csv(b, q->known);
    return ST_OK;
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

static bool is_asked(const struct question *q, const struct key *key)
{
    return (q->country == PLACE_ANY || key->country == q->country) &&
           (q->commodity == COMMODITY_ANY || key->commodity == q->commodity);
}

static enum status print_accounts(struct question *q, struct why *why)
{
    size_t len = world_accounts_len(q->world);
    struct key *keys = calloc(len + 1, sizeof *keys);
    enum status st = ST_OK;

    if (keys == NULL)
        return why_set(why, ST_NO_MEMORY, "list the accounts: no memory");
    for (size_t i = 0; i < len; i++)
        world_account_key(q->world, i, &keys[i].country, &keys[i].commodity);
    qsort(keys, len, sizeof keys[0], key_compare);
    for (size_t i = 0; i < len && st == ST_OK; i++) {
        struct balance b;

        if (!is_asked(q, &keys[i]))
            continue;
        st = world_balance(q->world, keys[i].country, keys[i].commodity, q->as_of,
                           settings.horizon, &b, why);
        if (st)
            break;
        if (says_something(&b))
            st = print_account(q, &b, why);
    }
    free(keys);
    return st;
}

static void print_heading(const struct question *q)
{
    if (settings.csv && q->book != NULL)
        sheet_print_csv_heading(stdout);
    else if (settings.csv)
        (void)printf(
            "country,commodity,as_of,known,unit,stock,unmet,days_of_cover,shortfall,"
            "shortfall_ratio,uncovered_deficit,delivery_ratio,overdue,expected,"
            "stock_out\n");
}

static enum status answer(struct database *r, struct question *q, struct why *why)
{
    enum status st = database_fold(r, settings.db, settings.known, why);

    if (st)
        return st;
    q->world = fold_world(r->fold);
    q->known = settings.known == TIME_NONE ? r->cursor.clock : settings.known;
    q->as_of = settings.as_of == TIME_NONE ? q->known : settings.as_of;
    if (q->as_of == TIME_NONE)
        return why_set(why, ST_NOT_FOUND, "%s: no event has been applied yet",
                       settings.db);
    print_heading(q);
    if (q->country == PLACE_ANY || q->commodity == COMMODITY_ANY)
        return print_accounts(q, why);
    struct balance b;

    st = world_balance(q->world, q->country, q->commodity, q->as_of, settings.horizon, &b,
                       why);
    return st ? st : print_account(q, &b, why);
}

static enum status run(struct database *r, struct why *why)
{
    struct question q = {0};
    enum status st = find_codes(&q.country, &q.commodity, why);

    if (st == ST_OK)
        st = database_open(settings.db, r, why);
    if (st == ST_OK && (settings.sheet || (!settings.json && !settings.csv))) {
        st = sheet_book_new(q.country, &q.book, why);
        r->watch = sheet_book_watch;
        r->watch_wants = sheet_book_wants;
        r->watch_self = q.book;
    }
    if (st == ST_OK)
        st = answer(r, &q, why);
    sheet_book_free(q.book);
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
