/* Double entry. Every quantity has two sides: what is made, sent, received, used, lost on
 * the way, corrected by a count or missing stands somewhere else too. Sums the facts by
 * themselves, by definition, and holds stocks and sheets against them. */
#include "judge.h"

#include "story.h"

#include "shortfall/core/sheet.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDING                                                                         \
    SHEET_LINES /* base units: what rounding leaves goes to the greatest line */

/* Where a quantity can be, in pico-units; stocks are what the facts bring into them. */
enum side {
    SIDE_STOCKS,
    SIDE_MADE,
    SIDE_TRANSIT,
    SIDE_LOST,   /* departed and did not arrive with the rest */
    SIDE_ABROAD, /* with parties that have no balance, and where nothing says from where
                  */
    SIDE_USED,
    SIDES = SIDE_USED + USE_LINE_COUNT
};

struct books {
    int128_t sides[SIDES];
};

static void post(struct books *b, enum side from, enum side to, int128_t amount)
{
    b->sides[from] -= amount;
    b->sides[to] += amount;
}

static int128_t pico_of(commodity_id account, commodity_id fact, struct qty amount)
{
    return (int128_t)oracle_amount(account, fact, amount) * PICO;
}

/* What of a level has flowed by `time`, that instant included. */
static int128_t flowed(const struct event *ev, int128_t total, int64_t time)
{
    int64_t until = ev->as.use.until;

    if (time < ev->time)
        return 0;
    if (until == TIME_NONE || time >= until)
        return total;
    return total / (until - ev->time) * (time - ev->time);
}

static void post_shipment(struct books *b, const struct shipment *s, commodity_id account,
                          int64_t time)
{
    int128_t sent = pico_of(account, s->commodity, s->quantity.amount);
    int128_t came = pico_of(account, s->commodity, s->arrived_quantity.amount);
    bool has_left = s->departed != TIME_NONE && s->departed <= time;
    bool has_come = s->arrived != TIME_NONE && s->arrived <= time;

    if (has_left)
        post(b, place_has_balance(s->from) ? SIDE_STOCKS : SIDE_ABROAD, SIDE_TRANSIT,
             sent);
    if (!has_come)
        return;
    post(b, has_left ? SIDE_TRANSIT : SIDE_ABROAD,
         place_has_balance(s->to) ? SIDE_STOCKS : SIDE_ABROAD, came);
    if (has_left)
        post(b, SIDE_TRANSIT, SIDE_LOST, sent - came);
}

/* All that the facts about a commodity (of a group: its members too) say by `time`. */
static struct books books_of(const struct oracle *o, commodity_id account, int64_t time)
{
    struct books b = {{0}};
    struct oracle_account asked = {.commodity = account};

    for (size_t i = 0; i < o->len; i++) {
        const struct event *ev = o->facts[i];
        const struct level *l = &ev->as.use;

        if (!oracle_counts(ev))
            continue;
        if (ev->kind == EVENT_SHIPMENT &&
            oracle_concerns(&asked, asked.country, ev->as.shipment.commodity))
            post_shipment(&b, &ev->as.shipment, account, time);
        if ((ev->kind != EVENT_PRODUCTION && ev->kind != EVENT_USE) ||
            !oracle_concerns(&asked, asked.country, l->commodity))
            continue;
        int128_t amount =
            flowed(ev, pico_of(account, l->commodity, l->quantity.amount), time);

        if (ev->kind == EVENT_PRODUCTION)
            post(&b, SIDE_MADE, SIDE_STOCKS, amount);
        else
            post(&b, SIDE_STOCKS, SIDE_USED + (enum side)l->line, amount);
    }
    return b;
}

static int128_t sum_of(const struct books *b)
{
    int128_t sum = 0;

    for (size_t i = 0; i < SIDES; i++)
        sum += b->sides[i];
    return sum;
}

static const char *const places[] = {"PRK", "USA", "RUS"}; /* all that have balances */
#define PLACES (sizeof places / sizeof places[0])

/* To the last pico-unit: what all stocks hold is what came into them, what counts
 * corrected, and what was taken though it was not there. */
static bool stocks_agree(const struct oracle *o, commodity_id goods, int64_t as_of,
                         struct difference *d)
{
    static struct oracle_account a;
    struct books b = books_of(o, goods, as_of);
    int128_t held = 0;

    for (size_t i = 0; i < PLACES; i++) {
        oracle_account(o, place(places[i]), goods, &a);
        held += oracle_stock(&a, as_of) - oracle_unmet_total(&a, as_of) -
                oracle_difference(&a, INT64_MIN, as_of);
    }
    if (held != b.sides[SIDE_STOCKS])
        return differs(d, "%s: the oracle's stocks are not what came into them",
                       commodity_code(goods));
    return sum_of(&b) == 0 ||
           differs(d, "%s: books that do not balance", commodity_code(goods));
}

/* --- sheets ---------------------------------------------------------------------------
 */

struct wanted {
    const char *name;
    int64_t core;
    int128_t oracle;
};

static bool rows_agree(const struct wanted *rows, size_t len, const struct balance *of,
                       struct difference *d)
{
    for (size_t i = 0; i < len; i++) {
        int64_t wanted = pico_round(rows[i].oracle);

        if (rows[i].core - wanted > ROUNDING || wanted - rows[i].core > ROUNDING)
            return differs(d, "the sheet of %s/%s: %s is %" PRId64 ", not %" PRId64,
                           place_code(of->country), commodity_code(of->commodity),
                           rows[i].name, rows[i].core, wanted);
    }
    return true;
}

/* The facts of one place only, so that one side of each is left. */
static struct oracle facts_of(const struct oracle *o, place_id country)
{
    struct oracle own = {.len = 0};

    for (size_t i = 0; i < o->len; i++) {
        const struct event *ev = o->facts[i];

        if (oracle_counts(ev) && ev->kind >= EVENT_STOCK && ev->as.use.country == country)
            own.facts[own.len++] = ev;
    }
    return own;
}

/* Arrived and sent by `time`, in pico-units of the account. */
static void traded(const struct oracle_account *a, int64_t time, int128_t *arrived,
                   int128_t *sent)
{
    *arrived = *sent = 0;
    for (size_t i = 0; i < a->o->len; i++) {
        const struct shipment *s = &a->o->facts[i]->as.shipment;

        if (!oracle_counts(a->o->facts[i]) || a->o->facts[i]->kind != EVENT_SHIPMENT)
            continue;
        if (oracle_concerns(a, s->to, s->commodity) && s->arrived != TIME_NONE &&
            s->arrived <= time)
            *arrived += pico_of(a->commodity, s->commodity, s->arrived_quantity.amount);
        if (oracle_concerns(a, s->from, s->commodity) && s->departed != TIME_NONE &&
            s->departed <= time)
            *sent += pico_of(a->commodity, s->commodity, s->quantity.amount);
    }
}

/* What flows into the stock in all, up to `time`. */
static int128_t inflow(const struct oracle_account *a, int64_t time)
{
    struct oracle own = facts_of(a->o, a->country);
    struct books b = books_of(&own, a->commodity, time);
    int128_t arrived;
    int128_t sent;

    traded(a, time, &arrived, &sent);
    return b.sides[SIDE_STOCKS] + arrived - sent;
}

static bool uses_agree(const struct oracle_account *a, const struct sheet *s,
                       struct difference *d)
{
    struct oracle own = facts_of(a->o, a->country);
    struct books now = books_of(&own, a->commodity, s->now.as_of);
    struct books start = books_of(&own, a->commodity, s->year_start - 1);
    struct wanted rows[USE_LINE_COUNT + 1];

    for (size_t i = 0; i < USE_LINE_COUNT; i++)
        rows[i] = (struct wanted){use_line_name((enum use_line)i),
                                  s->lines[SHEET_USE + i].to_date,
                                  now.sides[SIDE_USED + i] - start.sides[SIDE_USED + i]};
    rows[USE_LINE_COUNT] =
        (struct wanted){"production", s->lines[SHEET_PRODUCTION].to_date,
                        start.sides[SIDE_MADE] - now.sides[SIDE_MADE]};
    return rows_agree(rows, USE_LINE_COUNT + 1, &s->now, d);
}

static bool sheet_agrees(const struct oracle_account *a, const struct sheet *s,
                         struct difference *d)
{
    int64_t before = s->year_start - 1;
    int128_t came[2];
    int128_t sent[2];
    int64_t arrived = 0;
    int128_t opening =
        oracle_stock(a, s->year_start) - inflow(a, s->year_start) + inflow(a, before);

    for (size_t i = 0; i < IMPORT_COUNT; i++)
        arrived += s->lines[SHEET_ARRIVED + i].to_date;
    traded(a, before, &came[0], &sent[0]);
    traded(a, s->now.as_of, &came[1], &sent[1]);
    /* A stock cannot open below nothing: a report of the first instant makes up for it.
     */
    int128_t made_up = opening < 0 ? opening : 0;
    const struct wanted rows[] = {
        {"opening stock", s->lines[SHEET_OPENING].to_date, opening - made_up},
        {"difference", s->lines[SHEET_DIFFERENCE].to_date,
         oracle_difference(a, s->year_start, s->now.as_of) + made_up},
        {"imports", arrived, came[1] - came[0]},
        {"exports", s->lines[SHEET_EXPORTS].to_date, sent[1] - sent[0]},
        {"unmet", s->lines[SHEET_UNCOVERED].to_date,
         oracle_unmet_total(a, s->now.as_of) - oracle_unmet_total(a, s->year_start)},
        {"closing stock", s->lines[SHEET_CLOSING].to_date,
         oracle_stock(a, s->now.as_of)}};

    return rows_agree(rows, sizeof rows / sizeof rows[0], &s->now, d) &&
           uses_agree(a, s, d);
}

static size_t sheet_facts(const struct oracle *o, struct sheet_fact *out)
{
    size_t len = 0;

    for (size_t i = 0; i < o->len; i++) {
        if (oracle_counts(o->facts[i]) && o->facts[i]->kind != EVENT_PRICE)
            out[len++] = sheet_fact_of(o->facts[i]);
    }
    qsort(out, len, sizeof out[0], sheet_fact_compare);
    return len;
}

static bool sheets_agree(const struct scenario *s, const struct oracle *o,
                         struct world *w, int64_t as_of, struct difference *d)
{
    static struct sheet_fact facts[ORACLE_FACTS_MAX];
    static struct oracle_account a;
    size_t len = sheet_facts(o, facts);

    for (size_t i = 0; i < PLACES * s->goods_len; i++) {
        struct sheet sheet;
        const struct sheet_question question = {
            place(places[i % PLACES]), s->goods[i / PLACES], as_of, DAY_US, facts, len};

        oracle_account(o, question.country, question.commodity, &a);
        if (!a.described)
            continue;
        if (world_sheet(w, &question, &sheet, NULL))
            return differs(d, "no sheet");
        if (!sheet_agrees(&a, &sheet, d))
            return false;
    }
    return true;
}

bool books_agree(const struct scenario *s, const struct oracle *o, struct world *w,
                 int64_t as_of, struct difference *d)
{
    if (world_settle(w, NULL))
        return differs(d, "not settled");
    for (size_t i = 0; i < commodity_count(); i++) {
        if (world_imbalance(w, (commodity_id)i) != 0)
            return differs(d, "%s: the core's books do not balance",
                           commodity_code((commodity_id)i));
    }
    if (s->size == SCENARIO_LARGE)
        return true; /* the oracle's sums over sums would take too long */
    for (size_t i = 0; i < s->goods_len; i++) {
        if (!stocks_agree(o, s->goods[i], as_of, d))
            return false;
    }
    return sheets_agree(s, o, w, as_of, d);
}
