/* Amounts as entries on paths. An amount of a group's member stands on three of them: its
 * account's own, the same converted into the group's unit, and the group's. Stock reports
 * stand on the first two; the group gets the difference they show (semantics section 3,
 * Groups). */
#include "ledger.h"

#include "account.h"
#include "fact_name.h"

#include <assert.h>

int128_t group_pico(commodity_id commodity, struct qty amount)
{
    const struct factor f = commodity_get(commodity)->to_group;
    int128_t product = (int128_t)qty_base_units(amount) * f.num;
    int128_t quotient = product / f.den;
    int128_t twice = 2 * (product % f.den);

    if (twice > f.den || (twice == f.den && quotient % 2 != 0))
        quotient++;
    return quotient * PICO;
}

/* --- entries --------------------------------------------------------------------- */

#define ENTRIES_MAX 3

struct entries {
    size_t len;
    struct entry list[ENTRIES_MAX];
};

static struct entries entries_jump(uint32_t fact, int64_t time, enum entry_kind kind,
                                   int128_t value)
{
    return (struct entries){
        1, {{.time = time, .fact = fact, .kind = (uint8_t)kind, .value = value}}};
}

/* A rate over [from, until) in whole pico-units per microsecond, rounded down, and the
 * rest as one jump at the end, so that the total is exact. */
static struct entries entries_rate(uint32_t fact, int64_t from, int64_t until, bool use,
                                   int128_t total)
{
    int128_t span = (int128_t)until - from;
    int128_t rate = total / span;
    uint8_t rate_kind = use ? ENTRY_USE_RATE : ENTRY_SUPPLY_RATE;
    uint8_t rest_kind = use ? ENTRY_USE_REST : ENTRY_SUPPLY_REST;

    return (struct entries){
        3,
        {{.time = from, .fact = fact, .kind = rate_kind, .value = rate},
         {.time = until, .fact = fact, .kind = rate_kind, .value = -rate},
         {.time = until, .fact = fact, .kind = rest_kind, .value = total - rate * span}}};
}

static void timeline_apply(struct world *w, struct timeline *t, const struct entries *e,
                           bool put)
{
    for (size_t i = 0; i < e->len; i++) {
        if (put) {
            timeline_insert(t, &w->blocks, e->list[i], fact_order(w));
            continue;
        }
        bool found = timeline_remove(t, &w->blocks, e->list[i].time, e->list[i].fact,
                                     (enum entry_kind)e->list[i].kind);

        assert(found);
        (void)found;
    }
}

/* --- stock reports of a group's members ------------------------------------------- */

/* The difference that the stock reports of one instant show on the member's converted
 * path: only the last in order counts. */
static void difference_put(struct world *w, struct account *member, struct account *group,
                           int64_t time)
{
    struct path_state before = path_before_set(&member->converted, &w->blocks, time);
    struct timeline_place p = timeline_after(&member->converted, &w->blocks, time - 1);
    const struct entry *counts = NULL;

    for (; p.block != INDEX_NONE; p = timeline_next(&w->blocks, p)) {
        const struct entry *e = timeline_entry(&w->blocks, p);

        if (e->time != time)
            break;
        if (e->kind != ENTRY_SET)
            continue;
        if (counts != NULL) /* outdone by the one after it */
            (void)timeline_remove(&group->own, &w->blocks, time, counts->fact,
                                  ENTRY_DIFFERENCE);
        counts = e;
    }
    if (counts == NULL)
        return;
    int128_t difference = counts->value - path_stock(&before);

    if (timeline_replace(&group->own, &w->blocks, time, counts->fact, ENTRY_DIFFERENCE,
                         difference))
        return;
    struct entries e = entries_jump(counts->fact, time, ENTRY_DIFFERENCE, difference);

    timeline_apply(w, &group->own, &e, true);
}

/* After a change of the member's path over [from, until]: every stock report in it and
 * the first one behind it may show another difference. */
static void differences_refresh(struct world *w, struct account *member, int64_t from,
                                int64_t until)
{
    struct account *group = account_at(w, member->group);
    int64_t done = TIME_NONE;

    if (member->sets == 0)
        return;
    struct timeline_place p = timeline_after(&member->converted, &w->blocks, from - 1);

    for (; p.block != INDEX_NONE; p = timeline_next(&w->blocks, p)) {
        const struct entry *e = timeline_entry(&w->blocks, p);

        if (e->kind != ENTRY_SET || e->time == done)
            continue;
        done = e->time;
        difference_put(w, member, group, done);
        if (done > until)
            return;
    }
}

/* --- one amount on the three paths ------------------------------------------------ */

static struct entries posting_entries(const struct posting *p, int128_t value)
{
    switch (p->shape) {
    case SHAPE_ADD:
        return entries_jump(p->fact, p->time, ENTRY_ADD, value);
    case SHAPE_TAKE:
        return entries_jump(p->fact, p->time, ENTRY_ADD, -value);
    case SHAPE_SET:
        return entries_jump(p->fact, p->time, ENTRY_SET, value);
    case SHAPE_PRODUCTION:
    case SHAPE_USE:
        break;
    }
    return entries_rate(p->fact, p->time, p->until, p->shape == SHAPE_USE, value);
}

static void member_apply(struct world *w, struct account *a, const struct posting *p,
                         bool put)
{
    struct account *group = account_at(w, a->group);
    struct entries e = posting_entries(p, group_pico(a->commodity, p->amount));

    timeline_apply(w, &a->converted, &e, put);
    if (p->shape != SHAPE_SET) {
        timeline_apply(w, &group->own, &e, put);
        differences_refresh(w, a, p->time, p->until);
        return;
    }
    if (put) {
        a->sets++;
    } else {
        a->sets--;
        (void)timeline_remove(&group->own, &w->blocks, p->time, p->fact,
                              ENTRY_DIFFERENCE);
    }
    differences_refresh(w, a, p->time, p->time);
}

void ledger_apply(struct world *w, place_id country, commodity_id commodity,
                  const struct posting *posting, bool put)
{
    if (!place_has_balance(country))
        return;
    uint32_t index = account_get(w, country, commodity);
    struct account *a = account_at(w, index);
    struct entries e = posting_entries(posting, qty_pico(posting->amount));

    timeline_apply(w, &a->own, &e, put);
    if (a->group != INDEX_NONE)
        member_apply(w, a, posting, put);
    account_touch(w, index, w->seq);
}
