/* The sheet put together. Stock, unmet and the uncovered deficit are the world's own
 * figures; the lines are sums over the reports; what stock reports corrected is what is
 * left between the two. Must never use paths: a sheet has to follow from the reports. */
#include "shortfall/core/sheet.h"

#include "fact.h"
#include "sheet_parts.h"
#include "view.h"

#include <string.h>

struct hash128 sheet_key(struct text source, struct text id)
{
    return fact_identity(source, id);
}

static void take_shipment(struct sheet_fact *f, const struct event *ev)
{
    const struct shipment *s = &ev->as.shipment;
    struct text source;
    struct text id;

    f->from = s->from;
    f->to = s->to;
    f->commodity = s->commodity;
    f->quantity = s->quantity.amount;
    f->arrived_quantity = s->arrived_quantity.amount;
    f->departed = s->departed;
    f->eta = s->eta;
    f->arrived = s->arrived;
    f->cancelled = s->cancelled;
    f->terms = s->terms;
    f->credit = s->credit;
    f->unit = s->quantity.unit;
    f->set = s->quantity.set;
    f->has_pledge = s->pledge.len > 0;
    if (!f->has_pledge)
        return;
    fact_name_split(s->pledge, ev->source, &source, &id);
    f->key = sheet_key(source, id);
}

static void take_level(struct sheet_fact *f, const struct level *l)
{
    f->to = l->country;
    f->commodity = l->commodity;
    f->quantity = l->quantity.amount;
    f->until = l->until;
    f->line = l->line;
}

struct sheet_fact sheet_fact_of(const struct event *ev)
{
    struct sheet_fact f = {.key = sheet_key(ev->source, ev->id),
                           .kind = ev->kind,
                           .from = PLACE_NONE,
                           .to = PLACE_NONE,
                           .commodity = COMMODITY_NONE,
                           .time = ev->time,
                           .published = ev->published,
                           .departed = TIME_NONE,
                           .eta = TIME_NONE,
                           .arrived = TIME_NONE,
                           .until = TIME_NONE};

    switch (ev->kind) {
    case EVENT_SHIPMENT:
        take_shipment(&f, ev);
        break;
    case EVENT_PLEDGE:
        f.from = ev->as.pledge.from;
        f.to = ev->as.pledge.to;
        f.commodity = ev->as.pledge.commodity;
        f.quantity = ev->as.pledge.quantity.amount;
        f.until = ev->as.pledge.due;
        f.status = ev->as.pledge.status;
        break;
    case EVENT_POLICY:
        f.from = ev->as.policy.actor;
        f.to = ev->as.policy.target;
        f.commodity = ev->as.policy.commodity;
        f.factor = ev->as.policy.factor;
        f.until = ev->as.policy.until;
        break;
    case EVENT_STOCK:
        take_level(&f, &ev->as.stock);
        f.until = TIME_NONE;
        break;
    case EVENT_PRODUCTION:
        take_level(&f, &ev->as.production);
        break;
    case EVENT_USE:
        take_level(&f, &ev->as.use);
        break;
    case EVENT_PRICE:
    case EVENT_KIND_COUNT:
        break;
    }
    return f;
}

int sheet_fact_compare(const void *a_fact, const void *b_fact)
{
    const struct sheet_fact *a = a_fact;
    const struct sheet_fact *b = b_fact;

    if (a->key.high != b->key.high)
        return a->key.high < b->key.high ? -1 : 1;
    if (a->key.low != b->key.low)
        return a->key.low < b->key.low ? -1 : 1;
    return (b->kind == EVENT_PLEDGE) - (a->kind == EVENT_PLEDGE);
}

static bool uses_twice(const struct sheet_maker *m)
{
    bool of_group = false;
    bool of_member = false;

    if (!commodity_is_group(m->commodity))
        return false;
    for (size_t i = 0; i < m->len; i++) {
        const struct sheet_fact *f = &m->facts[i];

        if (f->kind != EVENT_USE || f->to != m->country || f->time >= m->year_end ||
            f->until <= m->year_start)
            continue;
        of_group |= f->commodity == m->commodity;
        of_member |= f->commodity != m->commodity && sheet_concerns(m, f->commodity);
    }
    return of_group && of_member;
}

static void gather(struct sheet_maker *m)
{
    for (size_t i = 0; i < SHEET_LINES; i++)
        m->lines[i].newest = TIME_NONE;
    for (size_t i = 0; i < ASIDE_COUNT; i++)
        m->asides[i].newest = TIME_NONE;
    m->pledged.newest = m->delivered.newest = TIME_NONE;

    const struct sheet_fact *pledge = NULL; /* the last one met */

    for (size_t i = 0; i < m->len; i++) {
        const struct sheet_fact *f = &m->facts[i];
        bool is_its = pledge != NULL && hash128_equal(pledge->key, f->key);

        sheet_flow(m, f);
        if (f->kind == EVENT_SHIPMENT)
            sheet_expect_shipment(m, is_its ? pledge : NULL, f);
        if (f->kind != EVENT_PLEDGE)
            continue;
        pledge = f;
        sheet_expect_pledge(m, i);
    }
}

/* Both columns rounded so that the whole year is their sum. */
static struct sheet_figure rounded(const struct sheet_sum *sum)
{
    int64_t to_date = pico_round(sum->to_date);

    return (struct sheet_figure){
        to_date, pico_round(sum->to_date + sum->expected) - to_date, sum->newest};
}

/* What a column lacks to add up. */
static int64_t lack(const struct sheet *s, bool expected)
{
    int64_t sum = 0;

    for (size_t i = 0; i < SHEET_LINES; i++) {
        int64_t amount = expected ? s->lines[i].expected : s->lines[i].to_date;

        sum += i < SHEET_USE ? -amount : amount;
    }
    return sum;
}

/* Every line is rounded by itself: the few base units that are left between them go to
 * the greatest one. */
static void settle(struct sheet *s, bool expected)
{
    int64_t rest = lack(s, expected);
    size_t greatest = SHEET_PRODUCTION;
    int64_t most = -1;

    for (size_t i = SHEET_PRODUCTION; i < SHEET_CLOSING; i++) {
        int64_t amount = expected ? s->lines[i].expected : s->lines[i].to_date;

        if (i == SHEET_UNCOVERED || amount <= most)
            continue;
        most = amount;
        greatest = i;
    }
    int64_t *amount =
        expected ? &s->lines[greatest].expected : &s->lines[greatest].to_date;

    *amount += greatest < SHEET_USE ? rest : -rest;
}

/* What flowed at the year's first instant: the stock at that instant has it already. */
static int64_t flowed_at_start(const struct sheet_maker *m)
{
    struct sheet_maker first = {.w = m->w,
                                .country = m->country,
                                .commodity = m->commodity,
                                .clock = m->year_start,
                                .year_start = m->year_start,
                                .year_end = m->year_end};
    int128_t sum = 0;

    for (size_t i = 0; i < m->len; i++)
        sheet_flow(&first, &m->facts[i]);
    for (size_t i = 0; i < SHEET_LINES; i++)
        sum += i < SHEET_USE ? first.lines[i].to_date : -first.lines[i].to_date;
    return pico_round(sum);
}

/* Stocks, unmet and deficit. A stock report of the first instant moves the opening stock;
 * later ones show as the statistical difference. */
static void close_books(struct sheet_maker *m, const struct balance *start,
                        struct sheet *s)
{
    struct sheet_figure *l = s->lines;
    int64_t opening = start->stock - flowed_at_start(m);

    for (size_t i = 0; i < SHEET_LINES; i++) {
        if (l[i].newest > l[SHEET_UNCOVERED].newest)
            l[SHEET_UNCOVERED].newest = l[i].newest;
    }
    l[SHEET_OPENING].to_date = opening > 0 ? opening : 0;
    l[SHEET_UNCOVERED].to_date = s->now.unmet;
    l[SHEET_UNCOVERED].expected = s->now.uncovered_deficit - s->now.unmet;
    l[SHEET_CLOSING].to_date = s->now.stock;
    if (m->is_stock_reported || opening < 0)
        l[SHEET_DIFFERENCE].to_date = lack(s, false);
    else
        settle(s, false);
    if (s->now.uncovered_deficit == 0) {
        l[SHEET_CLOSING].expected -= lack(s, true);
        return;
    }
    l[SHEET_CLOSING].expected = -s->now.stock;
    settle(s, true);
}

static void fill(struct sheet_maker *m, const struct balance *start, struct sheet *s)
{
    gather(m);
    s->year_start = m->year_start;
    s->year_end = m->year_end;
    s->is_undescribed = s->now.stock == VALUE_NONE;
    s->is_use_double = uses_twice(m);
    for (size_t i = 0; i < SHEET_LINES; i++)
        s->lines[i] = rounded(&m->lines[i]);
    for (size_t i = 0; i < ASIDE_COUNT; i++)
        s->asides[i] = rounded(&m->asides[i]);
    s->pledged = rounded(&m->pledged);
    s->delivered = rounded(&m->delivered);
    if (!s->is_undescribed)
        close_books(m, start, s);
}

enum status world_sheet(struct world *w, const struct sheet_question *question,
                        struct sheet *out, struct why *why)
{
    struct sheet_maker m = {.w = w,
                            .country = question->country,
                            .commodity = question->commodity,
                            .clock = question->as_of,
                            .facts = question->facts,
                            .len = question->len};
    struct balance start;
    struct balance now;

    balance_year(w, m.country, m.commodity, m.clock, &m.year_start, &m.year_end);
    enum status st = world_balance(w, m.country, m.commodity, m.year_start,
                                   question->horizon, &start, why);

    if (st == ST_OK)
        st = world_balance(w, m.country, m.commodity, m.clock, question->horizon, &now,
                           why);
    if (st)
        return st;
    memset(out, 0, sizeof *out);
    out->now = now;
    fill(&m, &start, out);
    return ST_OK;
}
