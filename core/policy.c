/* Policies by their target, and what a new one changes. */
#include "policy.h"

#include "account.h"
#include "expectation.h"
#include "list.h"

static int32_t least_factor(const struct world *w, uint32_t first, place_id from,
                            commodity_id commodity, int64_t date)
{
    commodity_id group = commodity_get(commodity)->group;
    int32_t least = POLICY_FACTOR_ONE;

    for (uint32_t i = first; i != INDEX_NONE; i = fact_at(w, i)->list_next) {
        const struct fact *f = fact_at(w, i);
        const struct policy_fact *p = policy_of(w, f);

        if (p->factor < least && (p->actor == PLACE_ANY || p->actor == from) &&
            (p->commodity == COMMODITY_ANY || p->commodity == commodity ||
             p->commodity == group) &&
            f->time <= date && (p->until == TIME_NONE || date < p->until))
            least = p->factor;
    }
    return least;
}

int32_t policy_factor(const struct world *w, place_id from, place_id to,
                      commodity_id commodity, int64_t date)
{
    int32_t own = least_factor(w, w->policies_on[to], from, commodity, date);
    int32_t general =
        least_factor(w, w->policies_on[place_count()], from, commodity, date);

    return own < general ? own : general;
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
    place_id target = policy_of(w, fact_at(w, fact))->target;

    if (target != PLACE_ANY) {
        list_put(w, &w->policies_on[target], fact, put);
        for (uint32_t a = w->accounts_of_place[target]; a != INDEX_NONE;
             a = account_at(w, a)->next_same_country)
            account_revalue(w, a);
        return;
    }
    list_put(w, &w->policies_on[place_count()], fact, put);
    for (uint32_t a = 0; a < w->accounts.len; a++)
        account_revalue(w, a);
}
