/* What is still expected, and what pledges have brought (semantics sections 4 and 5). */
#include "ledger.h"
#include "view.h"

#include <assert.h>

/* Calls for each pledge and open shipment of the account and, for a group, of its
 * members. */
struct expected_walk {
    const struct world *w;
    const struct account *account; /* whose list is walked */
    uint32_t next_member;
    uint32_t next_fact;
};

static struct expected_walk walk_begin(const struct view *v)
{
    return (struct expected_walk){v->w, v->account, v->account->first_member,
                                  v->account->first_expected};
}

/* The next fact of the walk, or NULL; w->account is then the account it belongs to. */
static const struct fact *walk_next(struct expected_walk *walk)
{
    while (walk->next_fact == INDEX_NONE) {
        if (walk->next_member == INDEX_NONE)
            return NULL;
        walk->account = account_at(walk->w, walk->next_member);
        walk->next_member = walk->account->next_member;
        walk->next_fact = walk->account->first_expected;
    }
    const struct fact *f = fact_at(walk->w, walk->next_fact);

    walk->next_fact = f->list_next;
    return f;
}

/* An amount of the walked account in pico-units of the one that asks. */
static int128_t amount_for(const struct view *v, const struct account *of,
                           struct qty amount)
{
    return of == v->account ? qty_pico(amount) : group_pico(of->commodity, amount);
}

/* The least factor of the policies that stand in the way on `date`, in thousandths. */
static int32_t policy_factor(const struct world *w, place_id from, place_id to,
                             commodity_id commodity, int64_t date)
{
    int32_t least = POLICY_FACTOR_ONE;

    for (uint32_t i = w->first_policy; i != INDEX_NONE; i = fact_at(w, i)->list_next) {
        const struct fact *f = fact_at(w, i);
        const struct policy_fact *p = &f->as.policy;
        bool parties = (p->actor == PLACE_ANY || p->actor == from) &&
                       (p->target == PLACE_ANY || p->target == to);
        bool goods = p->commodity == COMMODITY_ANY || p->commodity == commodity ||
                     p->commodity == commodity_get(commodity)->group;
        bool in_force = f->time <= date && (p->until == TIME_NONE || date < p->until);

        if (parties && goods && in_force && p->factor < least)
            least = p->factor;
    }
    return least;
}

static bool shipment_counted_on(const struct shipment_fact *s, int64_t clock)
{
    return s->arrived == TIME_NONE && !s->cancelled && s->eta != TIME_NONE &&
           s->eta > clock;
}

/* The pledge's quantity less what ships have credited or are counted on to credit. */
static struct qty pledge_remainder(const struct world *w, const struct fact *pledge,
                                   int64_t clock)
{
    struct qty rest = pledge->as.pledge.quantity;

    for (uint32_t i = pledge->first_shipment; i != INDEX_NONE;
         i = fact_at(w, i)->as.shipment.pledge_next) {
        const struct shipment_fact *s = &fact_at(w, i)->as.shipment;

        if (s->arrived != TIME_NONE || shipment_counted_on(s, clock))
            rest = qty_remainder(rest, s->credited);
    }
    return rest;
}

/* When an agreed pledge is expected: at its due date, else at the end of the balance year
 * of its own commodity that runs at `clock`. */
static int64_t pledge_date(const struct world *w, const struct pledge_fact *p,
                           int64_t clock)
{
    int64_t start;
    int64_t end;

    if (p->due != TIME_NONE)
        return p->due;
    balance_year(w, p->to, p->commodity, clock, &start, &end);
    return end;
}

static void expected_add(struct view *v, const struct account *of, const struct fact *f)
{
    bool ship = f->kind == EVENT_SHIPMENT;
    const struct shipment_fact *s = &f->as.shipment;
    const struct pledge_fact *p = &f->as.pledge;
    int64_t date;
    struct qty amount;

    if (ship) {
        if (!shipment_counted_on(s, v->clock))
            return;
        date = s->eta;
        amount = s->quantity;
    } else {
        date = pledge_date(v->w, p, v->clock);
        if (p->status != PLEDGE_AGREED || date <= v->clock)
            return;
        amount = pledge_remainder(v->w, f, v->clock);
    }
    int32_t factor =
        policy_factor(v->w, ship ? s->from : p->from, of->country, of->commodity, date);

    amount = qty_fraction(amount, factor, POLICY_FACTOR_ONE);
    assert(v->expected_len < v->w->expected_max);
    v->w->expected[v->expected_len++] =
        (struct expectation){date, amount_for(v, of, amount)};
}

/* Shell sort: lists are short, and the C library's sort may allocate. */
static void expected_sort(struct expectation *list, size_t len)
{
    for (size_t gap = len / 2; gap > 0; gap /= 2) {
        for (size_t i = gap; i < len; i++) {
            struct expectation e = list[i];
            size_t at = i;

            for (; at >= gap && list[at - gap].date > e.date; at -= gap)
                list[at] = list[at - gap];
            list[at] = e;
        }
    }
}

const struct expectation *view_expected(struct view *v, size_t *len)
{
    if (!v->has_expected) {
        struct expected_walk walk = walk_begin(v);

        v->expected_len = 0;
        for (const struct fact *f = walk_next(&walk); f != NULL; f = walk_next(&walk))
            expected_add(v, walk.account, f);
        expected_sort(v->w->expected, v->expected_len);
        v->has_expected = true;
    }
    *len = v->expected_len;
    return v->w->expected;
}

int128_t view_expected_until(struct view *v, int64_t until)
{
    size_t len;
    const struct expectation *list = view_expected(v, &len);
    int128_t sum = 0;

    for (size_t i = 0; i < len && list[i].date <= until; i++)
        sum += list[i].amount;
    return sum;
}

/* What ships that have arrived by `clock` credit to the pledge, in the asker's unit. */
static int128_t pledge_arrived(const struct view *v, const struct account *of,
                               const struct fact *pledge)
{
    int128_t sum = 0;

    for (uint32_t i = pledge->first_shipment; i != INDEX_NONE;
         i = fact_at(v->w, i)->as.shipment.pledge_next) {
        const struct shipment_fact *s = &fact_at(v->w, i)->as.shipment;

        if (s->arrived != TIME_NONE && s->arrived <= v->clock)
            sum += amount_for(v, of, s->credited);
    }
    return sum;
}

struct deliveries view_deliveries(const struct view *v)
{
    struct deliveries d = {0};
    struct expected_walk walk = walk_begin(v);

    for (const struct fact *f = walk_next(&walk); f != NULL; f = walk_next(&walk)) {
        const struct pledge_fact *p = &f->as.pledge;

        if (f->kind != EVENT_PLEDGE ||
            (p->status != PLEDGE_AGREED && p->status != PLEDGE_COMPLETE))
            continue;
        int128_t pledged = amount_for(v, walk.account, p->quantity);
        int128_t arrived = pledge_arrived(v, walk.account, f);

        d.any = true;
        d.pledged += pledged;
        d.arrived += arrived < pledged ? arrived : pledged;
        if (p->status == PLEDGE_AGREED && p->due != TIME_NONE && p->due <= v->clock &&
            arrived < pledged)
            d.overdue += pledged - arrived;
    }
    return d;
}

static void earlier(int64_t *best, int64_t candidate, int64_t after)
{
    if (candidate != TIME_NONE && candidate > after &&
        (*best == TIME_NONE || candidate < *best))
        *best = candidate;
}

int64_t view_next_date(const struct view *v, int64_t time)
{
    int64_t best = TIME_NONE;
    struct expected_walk walk = walk_begin(v);

    for (const struct fact *f = walk_next(&walk); f != NULL; f = walk_next(&walk)) {
        if (f->kind == EVENT_SHIPMENT) {
            earlier(&best, f->as.shipment.eta, time);
            continue;
        }
        earlier(&best, pledge_date(v->w, &f->as.pledge, time), time);
        for (uint32_t i = f->first_shipment; i != INDEX_NONE;
             i = fact_at(v->w, i)->as.shipment.pledge_next) {
            earlier(&best, fact_at(v->w, i)->as.shipment.arrived, time);
            earlier(&best, fact_at(v->w, i)->as.shipment.eta, time);
        }
    }
    return best;
}

static void later(int64_t *best, int64_t candidate)
{
    if (candidate != TIME_NONE && (*best == TIME_NONE || candidate > *best))
        *best = candidate;
}

int64_t view_last_date(const struct view *v)
{
    int64_t best = TIME_NONE;
    struct expected_walk walk = walk_begin(v);

    for (const struct fact *f = walk_next(&walk); f != NULL; f = walk_next(&walk)) {
        if (f->kind == EVENT_SHIPMENT) {
            later(&best, f->as.shipment.eta);
            continue;
        }
        later(&best, f->as.pledge.due);
        for (uint32_t i = f->first_shipment; i != INDEX_NONE;
             i = fact_at(v->w, i)->as.shipment.pledge_next) {
            later(&best, fact_at(v->w, i)->as.shipment.arrived);
            later(&best, fact_at(v->w, i)->as.shipment.eta);
        }
    }
    return best;
}
