/* Double entry as a check: the paths of the accounts against the facts themselves. */
#include "state.h"

/* What the fact takes from outside the accounts of its commodity and puts into them. */
static int128_t fact_flow(const struct fact *f, commodity_id commodity)
{
    const struct shipment_fact *s = &f->as.shipment;
    const struct level_fact *l = &f->as.level;
    int128_t flow = 0;

    if (f->kind == EVENT_SHIPMENT && s->commodity == commodity) {
        if (s->departed != TIME_NONE && place_has_balance(s->from))
            flow -= qty_pico(s->quantity);
        if (s->arrived != TIME_NONE && place_has_balance(s->to))
            flow += qty_pico(s->arrived_quantity);
    }
    if (f->kind == EVENT_PRODUCTION && l->commodity == commodity)
        flow += qty_pico(l->quantity);
    if (f->kind == EVENT_USE && l->commodity == commodity)
        flow -= qty_pico(l->quantity);
    return flow;
}

int128_t world_imbalance(struct world *w, commodity_id commodity)
{
    int128_t sum = 0;

    for (uint32_t i = w->by_commodity[commodity]; i != INDEX_NONE;
         i = account_at(w, i)->next_same_commodity) {
        struct path_state end = path_at(&account_at(w, i)->own, &w->blocks, TIME_MAX);

        /* A group's path holds its members' entries too: only its own facts are asked
         * for here, so groups are left to their members. */
        if (account_at(w, i)->first_member != INDEX_NONE)
            return 0;
        sum += end.supplied - end.used;
    }
    for (uint32_t i = 0; i < w->facts.len; i++) {
        if (fact_counts(fact_at(w, i)))
            sum -= fact_flow(fact_at(w, i), commodity);
    }
    return sum;
}
