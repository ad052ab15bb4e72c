/* What a fact that counts puts on accounts, lists and series, and takes away again: one
 * function a kind, the same one for both directions, so that they cannot drift apart. */
#include "posting.h"

#include "account.h"
#include "credit.h"
#include "expectation.h"
#include "fact_name.h"
#include "list.h"
#include "pending.h"
#include "policy.h"
#include "price.h"

#include <assert.h>

/* --- amounts on accounts --------------------------------------------------------------
 */

static void add(struct postings *out, const struct posting *p)
{
    assert(out->len < POSTINGS_MAX);
    if (place_has_balance(p->country))
        out->list[out->len++] = *p;
}

static void shipment_postings(const struct world *w, const struct fact *f,
                              struct postings *out)
{
    const struct shipment_fact *s = shipment_of(w, f);
    const struct posting leaves = {SHAPE_TAKE,  s->from,     s->commodity,
                                   s->departed, s->departed, s->quantity};
    const struct posting comes = {SHAPE_ADD,  s->to,      s->commodity,
                                  s->arrived, s->arrived, s->arrived_quantity};
    const struct posting expected = {SHAPE_EXPECTED, s->to,  s->commodity,
                                     s->eta,         s->eta, s->expected};

    if (s->departed != TIME_NONE)
        add(out, &leaves);
    if (s->arrived != TIME_NONE)
        add(out, &comes);
    if (shipment_is_expected(s))
        add(out, &expected);
}

static void level_postings(const struct world *w, const struct fact *f,
                           struct postings *out)
{
    const struct level_fact *l = level_of(w, f);
    bool spread = l->until != TIME_NONE;
    enum shape shape = f->kind == EVENT_STOCK ? SHAPE_SET
                       : f->kind == EVENT_USE ? SHAPE_USE
                       : spread               ? SHAPE_PRODUCTION
                                              : SHAPE_ADD;
    const struct posting p = {
        shape,      l->country, l->commodity, f->time, spread ? l->until : f->time,
        l->quantity};

    add(out, &p);
}

struct postings fact_postings(const struct world *w, const struct fact *f)
{
    struct postings out = {.len = 0};

    if (!fact_counts(f))
        return out;
    switch ((enum event_kind)f->kind) {
    case EVENT_SHIPMENT:
        shipment_postings(w, f, &out);
        break;
    case EVENT_STOCK:
    case EVENT_PRODUCTION:
    case EVENT_USE:
        level_postings(w, f, &out);
        break;
    case EVENT_PLEDGE:
    case EVENT_PRICE:
    case EVENT_POLICY:
    case EVENT_KIND_COUNT:
        break;
    }
    return out;
}

static bool holds(const struct postings *list, const struct posting *p)
{
    for (size_t i = 0; i < list->len; i++) {
        const struct posting *other = &list->list[i];

        if (other->shape == p->shape && other->country == p->country &&
            other->commodity == p->commodity && other->time == p->time &&
            other->until == p->until &&
            qty_base_units(other->amount) == qty_base_units(p->amount))
            return true;
    }
    return false;
}

static void change(struct world *w, uint32_t fact, const struct posting *p, bool put)
{
    uint32_t account = account_get(w, p->country, p->commodity);

    pending_add(w, account, fact, p, put);
    account_touch(w, account, w->seq);
}

void postings_change(struct world *w, uint32_t fact, const struct postings *before,
                     const struct postings *after)
{
    for (size_t i = 0; i < before->len; i++) {
        if (!holds(after, &before->list[i]))
            change(w, fact, &before->list[i], false);
    }
    for (size_t i = 0; i < after->len; i++) {
        if (!holds(before, &after->list[i]))
            change(w, fact, &after->list[i], true);
    }
}

/* --- ties -----------------------------------------------------------------------------
 */

static void shipment_connect(struct world *w, uint32_t fact, bool put)
{
    struct shipment_fact *s = shipment_of(w, fact_at(w, fact));

    pledge_link(w, fact, put);
    if (s->arrived != TIME_NONE || !place_has_balance(s->to))
        return;
    uint32_t to = account_get(w, s->to, s->commodity);

    list_put(w, &account_at(w, to)->first_open, fact, put);
    account_touch(w, to, w->seq);
}

static void pledge_connect(struct world *w, uint32_t fact, bool put)
{
    struct pledge_fact *p = pledge_of(w, fact_at(w, fact));

    if (put)
        pledge_credit_all(w, fact);
    if (p->due == TIME_NONE)
        w->undated += put ? 1 : SIZE_MAX; /* adds 1 or, modulo its size, takes 1 */
    if (!place_has_balance(p->to))
        return;
    uint32_t to = account_get(w, p->to, p->commodity);

    list_put(w, &account_at(w, to)->first_pledge, fact, put);
    if (put)
        pledge_refresh(w, fact);
    else
        pledge_drop(w, fact);
    account_touch(w, to, w->seq);
}

static void level_connect(struct world *w, uint32_t fact, bool put)
{
    const struct level_fact *l = level_of(w, fact_at(w, fact));
    struct account *a = account_at(w, account_get(w, l->country, l->commodity));
    uint32_t change = put ? 1 : UINT32_MAX; /* adds 1 or, modulo 2^32, takes 1 */

    a->described += change;
    if (a->group != INDEX_NONE)
        account_at(w, a->group)->described += change;
}

void fact_connect(struct world *w, uint32_t fact, bool put)
{
    switch ((enum event_kind)fact_at(w, fact)->kind) {
    case EVENT_SHIPMENT:
        shipment_connect(w, fact, put);
        return;
    case EVENT_PLEDGE:
        pledge_connect(w, fact, put);
        return;
    case EVENT_PRICE:
        price_connect(w, fact, put);
        return;
    case EVENT_POLICY:
        policy_apply(w, fact, put);
        return;
    case EVENT_STOCK:
    case EVENT_PRODUCTION:
    case EVENT_USE:
        level_connect(w, fact, put);
        return;
    case EVENT_KIND_COUNT:
        break;
    }
    assert(false); /* a fact of no kind */
}
