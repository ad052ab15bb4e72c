/* Policies by target and commodity, and what a new one changes. Those of one target and
 * commodity are a chain, the latest first; each knows until when it or any older one is
 * in force, so that what is over long since is never met again. */
#include "policy.h"

#include "account.h"
#include "expectation.h"
#include "list.h"

static uint32_t *chain_of(const struct world *w, place_id target, commodity_id commodity)
{
    size_t row = target == PLACE_ANY ? place_count() : target;
    size_t column = commodity == COMMODITY_ANY ? commodity_count() : commodity;

    return &w->policies_on[row * (commodity_count() + 1) + column];
}

static int64_t end_of(const struct policy_fact *p)
{
    return p->until == TIME_NONE ? INT64_MAX : p->until;
}

/* The least of `least` and the factors in the chain. */
static int32_t least_factor(const struct world *w, uint32_t first, place_id from,
                            int64_t date, int32_t least)
{
    for (uint32_t i = first; i != INDEX_NONE; i = fact_at(w, i)->list_next) {
        const struct fact *f = fact_at(w, i);
        const struct policy_fact *p = policy_of(w, f);

        if (p->reach <= date)
            break;
        if (p->factor < least && (p->actor == PLACE_ANY || p->actor == from) &&
            f->time <= date && date < end_of(p))
            least = p->factor;
    }
    return least;
}

int32_t policy_factor(const struct world *w, place_id from, place_id to,
                      commodity_id commodity, int64_t date)
{
    const place_id targets[] = {to, PLACE_ANY};
    const commodity_id goods[] = {commodity, COMMODITY_ANY,
                                  commodity_get(commodity)->group};
    int32_t least = POLICY_FACTOR_ONE;

    for (size_t t = 0; t < 2; t++) {
        for (size_t g = 0; g < 3; g++) {
            if (goods[g] != COMMODITY_NONE)
                least = least_factor(w, *chain_of(w, targets[t], goods[g]), from, date,
                                     least);
        }
    }
    return least;
}

/* --- the chain ------------------------------------------------------------------------
 */

/* From the policy on, toward later ones, until nothing changes. */
static void reach_renew(struct world *w, uint32_t fact)
{
    bool changed = true;

    for (uint32_t i = fact; i != INDEX_NONE && changed; i = fact_at(w, i)->list_prev) {
        const struct fact *f = fact_at(w, i);
        struct policy_fact *p = policy_of(w, f);
        int64_t reach = end_of(p);

        if (f->list_next != INDEX_NONE) {
            const struct policy_fact *older = policy_of(w, fact_at(w, f->list_next));

            reach = older->reach > reach ? older->reach : reach;
        }
        changed = i == fact || reach != p->reach;
        p->reach = reach;
    }
}

static void chain_put(struct world *w, uint32_t *first, uint32_t fact)
{
    struct fact *f = fact_at(w, fact);

    f->list_prev = INDEX_NONE;
    f->list_next = *first;
    while (f->list_next != INDEX_NONE && fact_at(w, f->list_next)->time > f->time) {
        f->list_prev = f->list_next;
        f->list_next = fact_at(w, f->list_next)->list_next;
    }
    if (f->list_next != INDEX_NONE)
        fact_at(w, f->list_next)->list_prev = fact;
    if (f->list_prev != INDEX_NONE)
        fact_at(w, f->list_prev)->list_next = fact;
    else
        *first = fact;
    reach_renew(w, fact);
}

static void chain_take(struct world *w, uint32_t *first, uint32_t fact)
{
    uint32_t later = fact_at(w, fact)->list_prev;

    list_put(w, first, fact, false);
    reach_renew(w, later);
}

/* --- what it changes ------------------------------------------------------------------
 */

static bool concerns(const struct policy_fact *p, commodity_id commodity)
{
    return p->commodity == COMMODITY_ANY || p->commodity == commodity ||
           p->commodity == commodity_get(commodity)->group;
}

static void account_revalue(struct world *w, uint32_t account)
{
    const struct account *a = account_at(w, account);
    bool moved = false;

    for (uint32_t i = a->first_open; i != INDEX_NONE; i = fact_at(w, i)->list_next)
        moved |= shipment_revalue(w, i);
    if (moved)
        account_touch(w, account, w->seq);
    for (uint32_t i = a->first_pledge; i != INDEX_NONE; i = fact_at(w, i)->list_next)
        pledge_refresh(w, i);
}

void policy_apply(struct world *w, uint32_t fact, bool put)
{
    const struct policy_fact *p = policy_of(w, fact_at(w, fact));
    uint32_t *first = chain_of(w, p->target, p->commodity);
    bool one = p->target != PLACE_ANY;
    uint32_t a = one ? w->accounts_of_place[p->target] : 0;

    if (put)
        chain_put(w, first, fact);
    else
        chain_take(w, first, fact);
    while (one ? a != INDEX_NONE : a < w->accounts.len) {
        if (concerns(p, account_at(w, a)->commodity))
            account_revalue(w, a);
        a = one ? account_at(w, a)->next_same_country : a + 1;
    }
}
