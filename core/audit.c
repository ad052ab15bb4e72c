/* Double entry as a check: the paths of the accounts against the facts themselves. */
#include "state.h"

static int128_t shipment_flow(const struct shipment_fact *s)
{
    int128_t flow = 0;

    if (s->departed != TIME_NONE && place_has_balance(s->from))
        flow -= qty_pico(s->quantity);
    if (s->arrived != TIME_NONE && place_has_balance(s->to))
        flow += qty_pico(s->arrived_quantity);
    return flow;
}

/* What the fact takes from outside the accounts of its commodity and puts into them. */
static int128_t fact_flow(const struct world *w, const struct fact *f,
                          commodity_id commodity)
{
    if (f->kind == EVENT_SHIPMENT)
        return shipment_of(w, f)->commodity == commodity
                   ? shipment_flow(shipment_of(w, f))
                   : 0;
    if ((f->kind != EVENT_PRODUCTION && f->kind != EVENT_USE) ||
        level_of(w, f)->commodity != commodity)
        return 0;
    int128_t flow = qty_pico(level_of(w, f)->quantity);

    return f->kind == EVENT_USE ? -flow : flow;
}

int128_t world_imbalance(struct world *w, commodity_id commodity)
{
    int128_t sum = 0;

    for (uint32_t i = w->accounts_of_commodity[commodity]; i != INDEX_NONE;
         i = account_at(w, i)->next_same_commodity) {
        struct run end = path_at(&account_at(w, i)->own, &w->paths, TIME_MAX);

        /* A group's path holds its members' entries too: only its own facts are asked
         * for here, so groups are left to their members. */
        if (account_at(w, i)->first_member != INDEX_NONE)
            return 0;
        sum += end.supplied - end.used;
    }
    for (uint32_t i = 0; i < w->facts.len; i++) {
        if (fact_counts(fact_at(w, i)))
            sum -= fact_flow(w, fact_at(w, i), commodity);
    }
    return sum;
}
