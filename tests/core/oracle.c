/* The oracle's facts and accounts (semantics sections 2 and 3), word for word. */
#include "oracle.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static bool same_fact(const struct event *a, const struct event *b)
{
    return text_equal(a->source, b->source) && text_equal(a->id, b->id);
}

bool oracle_counts(const struct event *ev)
{
    return !ev->retract && ev->alternative_to.len == 0;
}

/* The fact by the name that a shipment gives its pledge, whatever it is; NULL: unknown.
 */
static const struct event *pledge_named(const struct oracle *o, const struct event *ship)
{
    struct event name = {.source = ship->source, .id = ship->as.shipment.pledge};

    for (uint32_t i = 0; i < name.id.len; i++) {
        if (name.id.at[i] == '/') {
            name.source = (struct text){name.id.at, i};
            name.id = (struct text){name.id.at + i + 1, name.id.len - i - 1};
            break;
        }
    }
    for (size_t i = 0; name.id.len > 0 && i < o->len; i++) {
        if (same_fact(o->facts[i], &name))
            return o->facts[i];
    }
    return NULL;
}

/* A report that stands now, with a pledge or without. */
static enum verdict applied(const struct oracle *o, const struct event *ev)
{
    if (ev->kind != EVENT_SHIPMENT || !oracle_counts(ev) ||
        ev->as.shipment.pledge.len == 0)
        return VERDICT_APPLIED;
    const struct event *pledge = pledge_named(o, ev);

    return pledge != NULL && pledge->kind == EVENT_PLEDGE ? VERDICT_APPLIED
                                                          : VERDICT_DANGLING;
}

/* Generated reports of one revision are either the same object or differ. */
enum verdict oracle_apply(struct oracle *o, const struct event *ev)
{
    size_t i = 0;

    while (i < o->len && !same_fact(o->facts[i], ev))
        i++;
    if (i == o->len) {
        assert(o->len < ORACLE_FACTS_MAX);
        o->facts[o->len++] = ev;
        return applied(o, ev);
    }
    if (ev->kind != o->facts[i]->kind)
        return VERDICT_KIND;
    if (ev->revision < o->facts[i]->revision)
        return VERDICT_SUPERSEDED;
    if (ev->revision == o->facts[i]->revision)
        return ev == o->facts[i] ? VERDICT_REPEAT : VERDICT_CONFLICT;
    o->facts[i] = ev;
    return applied(o, ev);
}

const struct event *oracle_pledge_of(const struct oracle *o, const struct event *ship)
{
    const struct event *ev = pledge_named(o, ship);

    return ev != NULL && ev->kind == EVENT_PLEDGE && oracle_counts(ev) ? ev : NULL;
}

int128_t oracle_round(int128_t num, int128_t den)
{
    int128_t down = num / den;

    if (num % den < 0)
        down--;
    int128_t twice = 2 * (num - down * den);

    if (twice > den || (twice == den && down % 2 != 0))
        return down + 1;
    return down;
}

int64_t oracle_amount(commodity_id account, commodity_id fact, struct qty amount)
{
    struct factor f = commodity_get(fact)->to_group;

    if (account == fact)
        return qty_base_units(amount);
    return (int64_t)oracle_round((int128_t)qty_base_units(amount) * f.num, f.den);
}

/* Whether facts of this commodity stand on the account. */
static bool belongs(const struct oracle_account *a, commodity_id fact)
{
    if (fact == a->commodity)
        return true;
    return commodity_is_group(a->commodity) && commodity_get(fact)->group == a->commodity;
}

static int128_t pico(const struct oracle_account *a, commodity_id fact, struct qty amount)
{
    return (int128_t)oracle_amount(a->unit_of, fact, amount) * PICO;
}

static void put_add(struct oracle_account *a, int64_t time, int128_t amount, bool report)
{
    assert(a->adds_len < ORACLE_POINTS_MAX);
    a->adds[a->adds_len++] = (struct oracle_add){time, amount, report};
}

static void put_rate(struct oracle_account *a, const struct event *ev,
                     const struct level *l)
{
    int128_t total = pico(a, l->commodity, l->quantity.amount);
    int128_t per_us = total / (l->until - ev->time);

    a->rates[a->rates_len++] = (struct oracle_rate){
        ev->time, l->until, per_us, total - per_us * (l->until - ev->time),
        ev->kind == EVENT_USE};
}

static void put_fact(struct oracle_account *a, const struct event *ev)
{
    const struct shipment *s = &ev->as.shipment;
    const struct level *l = &ev->as.stock;

    if (ev->kind == EVENT_SHIPMENT && belongs(a, s->commodity)) {
        if (s->from == a->country && s->departed != TIME_NONE)
            put_add(a, s->departed, -pico(a, s->commodity, s->quantity.amount), false);
        if (s->to == a->country && s->arrived != TIME_NONE)
            put_add(a, s->arrived, pico(a, s->commodity, s->arrived_quantity.amount),
                    false);
    }
    if (ev->kind != EVENT_STOCK && ev->kind != EVENT_PRODUCTION && ev->kind != EVENT_USE)
        return;
    if (l->country != a->country || !belongs(a, l->commodity))
        return;
    a->described = true;
    if (ev->kind == EVENT_STOCK) {
        if (l->commodity == a->commodity)
            a->sets[a->sets_len++] = (struct oracle_set){
                ev->time, pico(a, l->commodity, l->quantity.amount), ev};
        return;
    }
    if (l->until == TIME_NONE)
        put_add(a, ev->time, pico(a, l->commodity, l->quantity.amount), false);
    else
        put_rate(a, ev, l);
}

static int time_order(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;

    return x < y ? -1 : x > y;
}

static void sort_instants(struct oracle_account *a)
{
    a->instants_len = 0;
    for (size_t i = 0; i < a->adds_len; i++)
        a->instants[a->instants_len++] = a->adds[i].time;
    for (size_t i = 0; i < a->rates_len; i++) {
        a->instants[a->instants_len++] = a->rates[i].from;
        a->instants[a->instants_len++] = a->rates[i].until;
    }
    for (size_t i = 0; i < a->sets_len; i++)
        a->instants[a->instants_len++] = a->sets[i].time;
    qsort(a->instants, a->instants_len, sizeof a->instants[0], time_order);
}

static void build(const struct oracle *o, place_id country, commodity_id commodity,
                  commodity_id unit_of, struct oracle_account *out)
{
    out->o = o;
    out->country = country;
    out->commodity = commodity;
    out->unit_of = unit_of;
    out->described = false;
    out->adds_len = out->rates_len = out->sets_len = 0;
    for (size_t i = 0; i < o->len; i++) {
        if (oracle_counts(o->facts[i]))
            put_fact(out, o->facts[i]);
    }
    sort_instants(out);
}

static int128_t rate_accrued(const struct oracle_rate *r, int64_t t, bool jump)
{
    if (t <= r->from)
        return 0;
    if (t < r->until)
        return r->per_us * (t - r->from);
    return r->per_us * (r->until - r->from) + (t > r->until || jump ? r->rest : 0);
}

int128_t oracle_accrued(const struct oracle_account *a, bool use, int64_t from,
                        int64_t until, bool jump)
{
    int128_t sum = 0;

    for (size_t i = 0; i < a->rates_len; i++) {
        if (a->rates[i].use == use)
            sum += rate_accrued(&a->rates[i], until, jump) -
                   rate_accrued(&a->rates[i], from, true);
    }
    return sum;
}

/* The last SET before `t`, or at it too; of several at one time the greatest name. */
static const struct oracle_set *set_before(const struct oracle_account *a, int64_t t,
                                           bool at_it_too)
{
    const struct oracle_set *last = NULL;

    for (size_t i = 0; i < a->sets_len; i++) {
        const struct oracle_set *s = &a->sets[i];

        if (s->time > t || (s->time == t && !at_it_too))
            continue;
        if (last != NULL && s->time < last->time)
            continue;
        if (last != NULL && s->time == last->time) {
            int order = text_compare(s->by->source, last->by->source);

            if (order == 0)
                order = text_compare(s->by->id, last->by->id);
            if (order < 0)
                continue;
        }
        last = s;
    }
    return last;
}

/* X(t) counted from the SET `s`; `jump` false: just before what happens at t. */
static int128_t position(const struct oracle_account *a, const struct oracle_set *s,
                         int64_t t, bool jump)
{
    int64_t since = s != NULL ? s->time : INT64_MIN;
    int128_t x = s != NULL ? s->level : 0;

    for (size_t i = 0; i < a->adds_len; i++) {
        if (a->adds[i].time > since &&
            (a->adds[i].time < t || (a->adds[i].time == t && jump)))
            x += a->adds[i].amount;
    }
    return x + oracle_accrued(a, false, since, t, jump) -
           oracle_accrued(a, true, since, t, jump);
}

/* U(t) counted from the SET `s`. */
static int128_t unmet_since(const struct oracle_account *a, const struct oracle_set *s,
                            int64_t t)
{
    int128_t least = s != NULL ? s->level : 0;

    for (size_t i = 0; i <= a->instants_len; i++) {
        int64_t u = i < a->instants_len ? a->instants[i] : t;

        if ((s != NULL && u <= s->time) || u > t)
            continue;
        int128_t before = position(a, s, u, false);
        int128_t after = position(a, s, u, true);

        least = before < least ? before : least;
        least = after < least ? after : least;
    }
    return least < 0 ? -least : 0;
}

int128_t oracle_stock(const struct oracle_account *a, int64_t t)
{
    const struct oracle_set *s = set_before(a, t, true);

    if (s != NULL && s->time == t)
        return s->level;
    return position(a, s, t, true) + unmet_since(a, s, t);
}

int128_t oracle_unmet_total(const struct oracle_account *a, int64_t t)
{
    const struct oracle_set *s = set_before(a, t, true);
    int128_t sum = s != NULL && s->time == t ? 0 : unmet_since(a, s, t);

    while (s != NULL) {
        const struct oracle_set *earlier = set_before(a, s->time, false);

        sum += unmet_since(a, earlier, s->time);
        s = earlier;
    }
    return sum;
}

/* The level of a report less the stock just before it; false: another one of the same
 * time counts. */
static bool corrected(const struct oracle_account *a, const struct oracle_set *s,
                      int128_t *by)
{
    if (set_before(a, s->time, true) != s)
        return false;
    const struct oracle_set *earlier = set_before(a, s->time, false);

    *by =
        s->level - position(a, earlier, s->time, true) - unmet_since(a, earlier, s->time);
    return true;
}

int128_t oracle_difference(const struct oracle_account *a, int64_t from, int64_t until)
{
    int128_t sum = 0;
    int128_t by;

    for (size_t i = 0; i < a->adds_len; i++) {
        if (a->adds[i].report && a->adds[i].time > from && a->adds[i].time <= until)
            sum += a->adds[i].amount;
    }
    for (size_t i = 0; i < a->sets_len; i++) {
        if (a->sets[i].time > from && a->sets[i].time <= until &&
            corrected(a, &a->sets[i], &by))
            sum += by;
    }
    return sum;
}

/* What a member's stock reports bring to its group, on the member's path in the group's
 * unit. */
static void put_reports(struct oracle_account *group, commodity_id member)
{
    static struct oracle_account m; /* too large for a stack under the sanitizers */
    int128_t by;

    build(group->o, group->country, member, group->commodity, &m);
    for (size_t i = 0; i < m.sets_len; i++) {
        if (corrected(&m, &m.sets[i], &by))
            put_add(group, m.sets[i].time, by, true);
    }
}

void oracle_account(const struct oracle *o, place_id country, commodity_id commodity,
                    struct oracle_account *out)
{
    build(o, country, commodity, commodity, out);
    if (!commodity_is_group(commodity))
        return;
    for (size_t i = 0; i < commodity_count(); i++) {
        if (i != commodity && commodity_get((commodity_id)i)->group == commodity)
            put_reports(out, (commodity_id)i);
    }
    sort_instants(out);
}
