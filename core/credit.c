/* What shipments credit to their pledges. */
#include "credit.h"

#include "account.h"
#include "expectation.h"

static struct qty credit_of(const struct world *w, const struct shipment_fact *s,
                            const struct pledge_fact *p)
{
    struct qty credited = {0};

    if (s->credit.len > 0) {
        struct decimal number;
        struct text text = {(const char *)w->texts + s->credit.at, s->credit.len};

        /* A unit that does not fit the pledge's commodity, or too much, credits nothing.
         */
        if (decimal_parse(text, &number) ||
            unit_convert(&number, s->unit, p->commodity, s->set, &credited, NULL))
            return (struct qty){0};
        return credited;
    }
    if (s->commodity != p->commodity)
        return credited;
    return s->arrived != TIME_NONE ? s->arrived_quantity : s->quantity;
}

static void shipment_credit(struct world *w, uint32_t shipment)
{
    struct shipment_fact *s = shipment_of(w, fact_at(w, shipment));
    const struct fact *pledge = fact_at(w, s->pledge);

    s->credited = (struct qty){0};
    if (pledge->kind == EVENT_PLEDGE && pledge->body != INDEX_NONE)
        s->credited = credit_of(w, s, pledge_of(w, pledge));
}

void pledge_link(struct world *w, uint32_t shipment, bool put)
{
    struct shipment_fact *s = shipment_of(w, fact_at(w, shipment));

    if (s->pledge == INDEX_NONE)
        return;
    struct fact *pledge = fact_at(w, s->pledge);

    if (put) {
        s->pledge_prev = INDEX_NONE;
        s->pledge_next = pledge->first_shipment;
        if (s->pledge_next != INDEX_NONE)
            shipment_of(w, fact_at(w, s->pledge_next))->pledge_prev = shipment;
        pledge->first_shipment = shipment;
        shipment_credit(w, shipment);
        return;
    }
    if (s->pledge_prev != INDEX_NONE)
        shipment_of(w, fact_at(w, s->pledge_prev))->pledge_next = s->pledge_next;
    else
        pledge->first_shipment = s->pledge_next;
    if (s->pledge_next != INDEX_NONE)
        shipment_of(w, fact_at(w, s->pledge_next))->pledge_prev = s->pledge_prev;
}

void pledge_credit_all(struct world *w, uint32_t pledge)
{
    for (uint32_t i = fact_at(w, pledge)->first_shipment; i != INDEX_NONE;
         i = shipment_of(w, fact_at(w, i))->pledge_next)
        shipment_credit(w, i);
}

void pledge_moved(struct world *w, uint32_t pledge)
{
    if (pledge == INDEX_NONE)
        return;
    const struct fact *f = fact_at(w, pledge);

    /* A pledge that is known only by its retraction states no account. */
    if (f->kind != EVENT_PLEDGE || !fact_counts(f))
        return;
    const struct pledge_fact *p = pledge_of(w, f);

    if (!place_has_balance(p->to))
        return;
    pledge_refresh(w, pledge);
    account_touch(w, account_get(w, p->to, p->commodity), w->seq);
}
