/* Hints: what the next events touch is asked of memory while others are applied. Nothing
 * here changes the world or decides anything. */
#include "account.h"
#include "fact.h"
#include "price.h"

/* The accounts that the event moves, as far as they are there. */
static void account_approach(const struct world *w, place_id country,
                             commodity_id commodity)
{
    uint32_t index = account_find(w, country, commodity);

    if (index != INDEX_NONE) {
        const struct account *a = account_at(w, index);

        __builtin_prefetch(a, 1);
        __builtin_prefetch((const char *)a + 64, 1);
    }
}

void world_foresee(const struct world *w, const struct event *ev, struct foreseen *out)
{
    *out = (struct foreseen){.event = ev, .content = event_content(ev)};
    if (price_is_plain(ev)) /* a tick, which is found by its series */
        return;
    out->identity = fact_identity(ev->source, ev->id);
    hash_index_approach(&w->fact_index, out->identity);
    if (ev->kind == EVENT_SHIPMENT && !ev->retract) {
        account_approach(w, ev->as.shipment.from, ev->as.shipment.commodity);
        account_approach(w, ev->as.shipment.to, ev->as.shipment.commodity);
    } else if (ev->kind >= EVENT_STOCK && !ev->retract) {
        account_approach(w, ev->as.use.country, ev->as.use.commodity);
    }
}

static void waiting_approach(const struct world *w, place_id country,
                             commodity_id commodity)
{
    uint32_t index = account_find(w, country, commodity);

    if (index == INDEX_NONE || account_at(w, index)->last_waiting == INDEX_NONE)
        return;
    const char *last = pool_at(&w->waitings, account_at(w, index)->last_waiting);

    for (size_t line = 0; line < sizeof(struct waiting); line += 64)
        __builtin_prefetch(last + line, 1);
}

void world_approach(const struct world *w, const struct foreseen *f)
{
    const struct event *ev = f->event;

    if (price_is_plain(ev))
        return;
    uint32_t index = hash_index_guess(&w->fact_index, f->identity);

    if (index != INDEX_NONE)
        __builtin_prefetch(fact_at(w, index), 1);
    if (ev->kind == EVENT_SHIPMENT && !ev->retract) {
        waiting_approach(w, ev->as.shipment.from, ev->as.shipment.commodity);
        waiting_approach(w, ev->as.shipment.to, ev->as.shipment.commodity);
    } else if (ev->kind >= EVENT_STOCK && !ev->retract) {
        waiting_approach(w, ev->as.use.country, ev->as.use.commodity);
    }
}
