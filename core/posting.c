/* What a fact that counts puts on accounts, lists and series, and takes away again: one
 * function a kind, the same one for both directions, so that they cannot drift apart. */
#include "posting.h"

#include "account.h"
#include "fact_name.h"
#include "ledger.h"

#include <assert.h>

static void list_put(struct world *w, uint32_t *first, uint32_t fact, bool put)
{
    struct fact *f = fact_at(w, fact);

    if (put) {
        f->list_prev = INDEX_NONE;
        f->list_next = *first;
        if (*first != INDEX_NONE)
            fact_at(w, *first)->list_prev = fact;
        *first = fact;
        return;
    }
    if (f->list_prev != INDEX_NONE)
        fact_at(w, f->list_prev)->list_next = f->list_next;
    else
        *first = f->list_next;
    if (f->list_next != INDEX_NONE)
        fact_at(w, f->list_next)->list_prev = f->list_prev;
}

static void pledge_link(struct world *w, uint32_t fact, bool put)
{
    struct shipment_fact *s = &fact_at(w, fact)->as.shipment;

    if (s->pledge == INDEX_NONE)
        return;
    struct fact *pledge = fact_at(w, s->pledge);

    if (put) {
        s->pledge_prev = INDEX_NONE;
        s->pledge_next = pledge->first_shipment;
        if (s->pledge_next != INDEX_NONE)
            fact_at(w, s->pledge_next)->as.shipment.pledge_prev = fact;
        pledge->first_shipment = fact;
    } else {
        if (s->pledge_prev != INDEX_NONE)
            fact_at(w, s->pledge_prev)->as.shipment.pledge_next = s->pledge_next;
        else
            pledge->first_shipment = s->pledge_next;
        if (s->pledge_next != INDEX_NONE)
            fact_at(w, s->pledge_next)->as.shipment.pledge_prev = s->pledge_prev;
    }
    /* A pledge that is known only by its retraction states no account. */
    if (pledge->kind == EVENT_PLEDGE && fact_counts(pledge) &&
        place_has_balance(pledge->as.pledge.to))
        account_touch(
            w, account_get(w, pledge->as.pledge.to, pledge->as.pledge.commodity), w->seq);
}

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

static void shipment_credit(struct world *w, uint32_t fact)
{
    struct shipment_fact *s = &fact_at(w, fact)->as.shipment;

    s->credited = (struct qty){0};
    if (s->pledge == INDEX_NONE || fact_at(w, s->pledge)->kind != EVENT_PLEDGE)
        return;
    s->credited = credit_of(w, s, &fact_at(w, s->pledge)->as.pledge);
}

static void pledge_credit_all(struct world *w, uint32_t pledge)
{
    for (uint32_t i = fact_at(w, pledge)->first_shipment; i != INDEX_NONE;
         i = fact_at(w, i)->as.shipment.pledge_next)
        shipment_credit(w, i);
}

static void shipment_apply(struct world *w, uint32_t fact, bool put)
{
    struct shipment_fact *s = &fact_at(w, fact)->as.shipment;

    const struct posting leaves = {SHAPE_TAKE, fact, s->departed, s->departed,
                                   s->quantity};
    const struct posting comes = {SHAPE_ADD, fact, s->arrived, s->arrived,
                                  s->arrived_quantity};

    if (s->departed != TIME_NONE)
        ledger_apply(w, s->from, s->commodity, &leaves, put);
    if (s->arrived != TIME_NONE)
        ledger_apply(w, s->to, s->commodity, &comes, put);
    pledge_link(w, fact, put);
    if (put)
        shipment_credit(w, fact);
    if (s->arrived != TIME_NONE || !place_has_balance(s->to))
        return;
    uint32_t to = account_get(w, s->to, s->commodity);

    list_put(w, &account_at(w, to)->first_expected, fact, put);
    account_touch(w, to, w->seq);
}

static void pledge_apply(struct world *w, uint32_t fact, bool put)
{
    struct pledge_fact *p = &fact_at(w, fact)->as.pledge;

    if (put)
        pledge_credit_all(w, fact);
    if (!place_has_balance(p->to))
        return;
    uint32_t to = account_get(w, p->to, p->commodity);

    list_put(w, &account_at(w, to)->first_expected, fact, put);
    account_touch(w, to, w->seq);
}

static void price_apply(struct world *w, uint32_t fact, bool put)
{
    struct fact *f = fact_at(w, fact);
    struct series *s = series_at(w, f->as.price.series);

    if (put)
        timeline_insert(&s->prices, &w->blocks,
                        (struct entry){.time = f->time,
                                       .fact = fact,
                                       .kind = ENTRY_PRICE,
                                       .value = f->as.price.money},
                        fact_order(w));
    else
        (void)timeline_remove(&s->prices, &w->blocks, f->time, fact, ENTRY_PRICE);
    for (uint32_t i = w->by_commodity[s->commodity]; i != INDEX_NONE;
         i = account_at(w, i)->next_same_commodity)
        account_touch_alone(w, i, w->seq);
}

/* A policy may change what is expected of anything its target expects. */
static void policy_apply(struct world *w, uint32_t fact, bool put)
{
    place_id target = fact_at(w, fact)->as.policy.target;

    list_put(w, &w->first_policy, fact, put);
    for (uint32_t i = 0; i < w->accounts.len; i++) {
        struct account *a = account_at(w, i);

        if ((target == PLACE_ANY || a->country == target) &&
            (a->first_expected != INDEX_NONE || a->first_member != INDEX_NONE))
            account_touch_alone(w, i, w->seq);
    }
}

static void level_apply(struct world *w, uint32_t fact, bool put)
{
    struct fact *f = fact_at(w, fact);
    struct level_fact *l = &f->as.level;
    enum shape shape = f->kind == EVENT_STOCK  ? SHAPE_SET
                       : f->kind == EVENT_USE  ? SHAPE_USE
                       : l->until == TIME_NONE ? SHAPE_ADD
                                               : SHAPE_PRODUCTION;
    int64_t until = l->until == TIME_NONE ? f->time : l->until;
    const struct posting posting = {shape, fact, f->time, until, l->quantity};

    ledger_apply(w, l->country, l->commodity, &posting, put);
    struct account *a = account_at(w, account_get(w, l->country, l->commodity));
    uint32_t change = put ? 1 : UINT32_MAX; /* adds 1 or, modulo 2^32, takes 1 */

    a->described += change;
    if (a->group != INDEX_NONE)
        account_at(w, a->group)->described += change;
}

static void fact_apply(struct world *w, uint32_t fact, bool put)
{
    switch ((enum event_kind)fact_at(w, fact)->kind) {
    case EVENT_SHIPMENT:
        shipment_apply(w, fact, put);
        return;
    case EVENT_PLEDGE:
        pledge_apply(w, fact, put);
        return;
    case EVENT_PRICE:
        price_apply(w, fact, put);
        return;
    case EVENT_POLICY:
        policy_apply(w, fact, put);
        return;
    case EVENT_STOCK:
    case EVENT_PRODUCTION:
    case EVENT_USE:
        level_apply(w, fact, put);
        return;
    case EVENT_KIND_COUNT:
        break;
    }
    assert(false); /* a fact of no kind */
}

void fact_post(struct world *w, uint32_t fact)
{
    fact_apply(w, fact, true);
}

void fact_unpost(struct world *w, uint32_t fact)
{
    fact_apply(w, fact, false);
}
