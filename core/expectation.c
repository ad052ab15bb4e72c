/* Expectations as entries. That of a shipment stands at its eta until it arrives, and is
 * overdue by itself once the clock has passed it. That of a pledge changes when a ship of
 * it is not counted on any more, and without a due date at the end of each year: the
 * agenda of reviews holds these instants. */
#include "expectation.h"

#include "account.h"
#include "pending.h"
#include "policy.h"
#include "view.h"

/* --- shipments ---------------------------------------------------------------------- */

bool shipment_is_expected(const struct shipment_fact *s)
{
    return s->arrived == TIME_NONE && !s->cancelled && s->eta != TIME_NONE &&
           place_has_balance(s->to);
}

struct qty shipment_expectation(const struct world *w, const struct shipment_fact *s)
{
    if (!shipment_is_expected(s))
        return (struct qty){0};
    int32_t factor = policy_factor(w, s->from, s->to, s->commodity, s->eta);

    return qty_fraction(s->quantity, factor, POLICY_FACTOR_ONE);
}

/* Moves what is expected of a fact from one posting to another; of no date: nothing. */
static void move(struct world *w, uint32_t fact, const struct posting *from,
                 const struct posting *to)
{
    uint32_t account = account_get(w, to->country, to->commodity);

    if (from->time != TIME_NONE)
        pending_add(w, account, fact, from, false);
    if (to->time != TIME_NONE)
        pending_add(w, account, fact, to, true);
}

bool shipment_revalue(struct world *w, uint32_t fact)
{
    struct shipment_fact *s = shipment_of(w, fact_at(w, fact));
    struct qty now = shipment_expectation(w, s);
    struct posting p = {SHAPE_EXPECTED, s->to, s->commodity, s->eta, s->eta, s->expected};
    struct posting q = p;

    if (qty_base_units(now) == qty_base_units(s->expected))
        return false;
    q.amount = s->expected = now;
    move(w, fact, &p, &q);
    return true;
}

/* --- pledges ------------------------------------------------------------------------ */

struct outstanding {
    int64_t date;      /* TIME_NONE: nothing is expected */
    struct qty amount; /* after policies */
    int64_t review;    /* when it may change of itself; TIME_NONE: never */
};

static int64_t sooner(int64_t a, int64_t b)
{
    return a == TIME_NONE || (b != TIME_NONE && b < a) ? b : a;
}

/* The pledge's quantity less what ships have credited or are counted on to credit. */
static struct qty remainder_of(const struct world *w, const struct fact *f,
                               const struct pledge_fact *p, int64_t clock,
                               int64_t *review)
{
    struct qty rest = p->quantity;

    for (uint32_t i = f->first_shipment; i != INDEX_NONE;) {
        const struct shipment_fact *s = shipment_of(w, fact_at(w, i));

        if (s->arrived != TIME_NONE) {
            rest = qty_remainder(rest, s->credited);
        } else if (!s->cancelled && s->eta != TIME_NONE && s->eta > clock) {
            rest = qty_remainder(rest, s->credited);
            *review = sooner(*review, s->eta);
        }
        i = s->pledge_next;
    }
    return rest;
}

static struct outstanding outstanding_at(const struct world *w, const struct fact *f,
                                         int64_t clock)
{
    const struct pledge_fact *p = pledge_of(w, f);
    struct outstanding o = {TIME_NONE, {0}, TIME_NONE};
    int64_t start;

    if (p->status != PLEDGE_AGREED || !place_has_balance(p->to))
        return o;
    o.date = p->due;
    if (p->due == TIME_NONE) {
        balance_year(w, p->to, p->commodity, clock, &start, &o.date);
        o.review = o.date;
    } else if (p->due <= clock) { /* overdue: it is looked at by nobody any more */
        return o;
    }
    struct qty rest = remainder_of(w, f, p, clock, &o.review);

    o.amount = qty_fraction(rest, policy_factor(w, p->from, p->to, p->commodity, o.date),
                            POLICY_FACTOR_ONE);
    return o;
}

static struct posting posting_of(const struct pledge_fact *p)
{
    return (struct posting){SHAPE_EXPECTED, p->to,   p->commodity,
                            p->date,        p->date, p->remains};
}

/* Moves the posting from where it stands to what is outstanding. */
static bool move_to(struct world *w, uint32_t pledge, const struct outstanding *o)
{
    struct pledge_fact *p = pledge_of(w, fact_at(w, pledge));
    struct posting old = posting_of(p);

    if (p->date == o->date && qty_base_units(p->remains) == qty_base_units(o->amount))
        return false;
    p->date = o->date;
    p->remains = o->amount;
    struct posting new = posting_of(p);

    move(w, pledge, &old, &new);
    return true;
}

static bool refresh_at(struct world *w, uint32_t pledge, int64_t clock)
{
    struct outstanding o = outstanding_at(w, fact_at(w, pledge), clock);

    agenda_put(&w->reviews, (struct agenda_item){o.review, pledge, pledge});
    return move_to(w, pledge, &o);
}

void pledge_refresh(struct world *w, uint32_t pledge)
{
    const struct pledge_fact *p = pledge_of(w, fact_at(w, pledge));

    if (refresh_at(w, pledge, w->clock))
        account_touch(w, account_get(w, p->to, p->commodity), w->seq);
}

void pledge_drop(struct world *w, uint32_t pledge)
{
    const struct outstanding nothing = {TIME_NONE, {0}, TIME_NONE};

    agenda_put(&w->reviews, (struct agenda_item){TIME_NONE, pledge, pledge});
    (void)move_to(w, pledge, &nothing);
}

bool pledge_review(struct world *w, uint32_t pledge, int64_t time)
{
    return refresh_at(w, pledge, time);
}

/* --- at other instants ----------------------------------------------------------------
 */

static void list_as_of(struct world *w, uint32_t first, int64_t time)
{
    for (uint32_t i = first; i != INDEX_NONE; i = fact_at(w, i)->list_next)
        (void)refresh_at(w, i, time);
}

static size_t list_count(const struct world *w, uint32_t first)
{
    size_t count = 0;

    for (uint32_t i = first; i != INDEX_NONE; i = fact_at(w, i)->list_next)
        count++;
    return count;
}

size_t pledges_count(const struct world *w, const struct account *a)
{
    size_t count = list_count(w, a->first_pledge);

    for (uint32_t m = a->first_member; m != INDEX_NONE; m = account_at(w, m)->next_member)
        count += list_count(w, account_at(w, m)->first_pledge);
    return count;
}

void pledges_as_of(struct world *w, struct account *a, int64_t time)
{
    list_as_of(w, a->first_pledge, time);
    for (uint32_t m = a->first_member; m != INDEX_NONE; m = account_at(w, m)->next_member)
        list_as_of(w, account_at(w, m)->first_pledge, time);
}

void pledges_refresh_all(struct world *w)
{
    for (uint32_t i = 0; i < w->accounts.len; i++)
        list_as_of(w, account_at(w, i)->first_pledge, w->clock);
}
