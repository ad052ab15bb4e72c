/* Amounts as entries on paths. An amount of a group's member stands on its account's own
 * path and, converted, on the group's. */
#include "ledger.h"

#include "fact_name.h"
#include "report.h"

#include <assert.h>

enum status paths_reserve(struct world *w, size_t events)
{
    return timeline_pools_reserve(&w->paths, INSERTS_PER_EVENT * events + 2 * w->undated);
}

static int128_t units_in_group(commodity_id commodity, int64_t units)
{
    const struct factor f = commodity_get(commodity)->to_group;

    if (f.num == f.den)
        return units;
    int64_t short_product;

    if (!__builtin_mul_overflow(units, f.num, &short_product)) {
        int64_t rest = short_product % f.den;
        bool up = rest > f.den - rest ||
                  (rest == f.den - rest && short_product / f.den % 2 != 0);

        return short_product / f.den + up;
    }
    int128_t product = (int128_t)units * f.num;
    int128_t quotient = product / f.den;
    int128_t twice = 2 * (product - quotient * f.den);

    if (twice > f.den || (twice == f.den && quotient % 2 != 0))
        quotient++;
    return quotient;
}

int128_t group_units(commodity_id commodity, struct qty amount)
{
    return units_in_group(commodity, qty_base_units(amount));
}

int128_t group_pico(commodity_id commodity, struct qty amount)
{
    return group_units(commodity, amount) * PICO;
}

/* --- entries --------------------------------------------------------------------- */

struct line {
    struct entry_key key;
    int128_t value;
};

#define LINES_MAX 3

struct lines {
    size_t len;
    struct line list[LINES_MAX];
};

/* A rate over [time, until) in whole pico-units per microsecond, rounded down, and the
 * rest as one jump at the end, so that the total is exact. */
static struct lines lines_rate(const struct posting *p, uint32_t fact, int128_t units)
{
    bool use = p->shape == SHAPE_USE;
    enum entry_kind rate_kind = use ? ENTRY_USE_RATE : ENTRY_SUPPLY_RATE;
    enum entry_kind rest_kind = use ? ENTRY_USE_REST : ENTRY_SUPPLY_REST;
    int128_t total = units * PICO;
    int128_t span = (int128_t)p->until - p->time;
    int128_t rate = total / span;

    return (struct lines){
        3,
        {{{p->time, fact, rate_kind, p->commodity}, rate},
         {{p->until, fact, rate_kind, p->commodity}, -rate},
         {{p->until, fact, rest_kind, p->commodity}, total - rate * span}}};
}

static struct lines lines_of(const struct posting *p, uint32_t fact, int128_t units)
{
    switch (p->shape) {
    case SHAPE_ADD:
        return (struct lines){1, {{{p->time, fact, ENTRY_ADD, p->commodity}, units}}};
    case SHAPE_TAKE:
        return (struct lines){1, {{{p->time, fact, ENTRY_ADD, p->commodity}, -units}}};
    case SHAPE_SET:
        return (struct lines){1, {{{p->time, fact, ENTRY_SET, p->commodity}, units}}};
    case SHAPE_EXPECTED:
        return (struct lines){1,
                              {{{p->time, fact, ENTRY_EXPECTED, p->commodity}, units}}};
    case SHAPE_PRODUCTION:
    case SHAPE_USE:
        break;
    }
    return lines_rate(p, fact, units);
}

static void timeline_apply(struct world *w, struct timeline *t, const struct lines *l,
                           bool put)
{
    for (size_t i = 0; i < l->len; i++) {
        if (put) {
            timeline_insert(t, &w->paths, l->list[i].key, l->list[i].value,
                            fact_order(w));
            continue;
        }
        bool found = timeline_remove(t, &w->paths, l->list[i].key, fact_order(w));

        assert(found);
        (void)found;
    }
}

/* The rate and what it leaves are of the converted amount. */
static int128_t rate_in_group_unit(const struct fact *f, const struct level_fact *l,
                                   const struct entry *e)
{
    int128_t total = units_in_group(l->commodity, qty_base_units(l->quantity)) * PICO;
    int128_t span = (int128_t)l->until - f->time;
    int128_t rate = total / span;

    if (e->kind == ENTRY_SUPPLY_REST || e->kind == ENTRY_USE_REST)
        return total - rate * span;
    return e->time == f->time ? rate : -rate;
}

int128_t ledger_in_group_unit(const struct world *w, const struct entry *e)
{
    const struct fact *f = fact_at(w, e->fact);

    if (e->kind != ENTRY_ADD && e->kind != ENTRY_SET && e->kind != ENTRY_EXPECTED)
        return rate_in_group_unit(f, level_of(w, f), e);
    commodity_id commodity = fact_commodity(w, f);

    return e->value < 0 ? -units_in_group(commodity, -e->value)
                        : units_in_group(commodity, e->value);
}

/* --- one amount on its paths ------------------------------------------------------- */

static void member_apply(struct world *w, uint32_t member, uint32_t fact,
                         const struct posting *p, bool put)
{
    struct account *a = account_at(w, member);
    struct lines l = lines_of(p, fact, group_units(a->commodity, p->amount));

    if (p->shape == SHAPE_SET) {
        timeline_apply(w, &a->reports, &l, put);
        /* What it shows is found when somebody looks at the group. */
        l = (struct lines){1, {{{p->time, fact, ENTRY_DIFFERENCE, p->commodity}, 0}}};
    }
    timeline_apply(w, &account_at(w, a->group)->own, &l, put);
    if (p->shape != SHAPE_EXPECTED)
        reports_stale(w, member, p->time, p->until);
}

void ledger_apply(struct world *w, uint32_t account, uint32_t fact,
                  const struct posting *p, bool put)
{
    struct account *a = account_at(w, account);
    struct lines l = lines_of(p, fact, qty_base_units(p->amount));

    timeline_apply(w, &a->own, &l, put);
    if (a->group != INDEX_NONE)
        member_apply(w, account, fact, p, put);
}
