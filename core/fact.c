/* Facts by identity: the highest revision stands, whichever comes first, and every
 * recorded event gets a verdict. */
#include "fact.h"

#include "credit.h"
#include "expectation.h"
#include "fact_name.h"
#include "posting.h"
#include "price.h"

#include <assert.h>
#include <string.h>

static const struct {
    const char *name, *advice;
} verdicts[VERDICT_COUNT] = {
    [VERDICT_APPLIED] = {"applied", ""},
    [VERDICT_DANGLING] = {"dangling",
                          "it names a pledge that is not known (yet): it counts, "
                          "but credits nothing until the pledge is reported"},
    [VERDICT_REPEAT] = {"repeat", ""},
    [VERDICT_SUPERSEDED] = {"superseded", ""},
    [VERDICT_CONFLICT] = {"conflict", "the same revision was recorded before with other "
                                      "content, which stands: send a higher revision"},
    [VERDICT_KIND] = {"kind changed",
                      "the fact was first reported as another kind: retract "
                      "it and report the new one under another id"},
};

const char *verdict_name(enum verdict verdict)
{
    assert(verdict < VERDICT_COUNT);
    return verdicts[verdict].name;
}

const char *verdict_advice(enum verdict verdict)
{
    assert(verdict < VERDICT_COUNT);
    return verdicts[verdict].advice;
}

static uint32_t fact_make(struct world *w, struct text id, struct hash128 identity)
{
    uint32_t index = pool_take(&w->facts);
    struct fact *f = fact_at(w, index);

    f->identity = identity;
    f->kind = KIND_UNSEEN;
    f->body = INDEX_NONE;
    f->first_shipment = INDEX_NONE;
    f->list_prev = f->list_next = INDEX_NONE;
    hash_index_put(&w->fact_index, identity, index);
    price_note_name(w, id);
    return index;
}

/* The fact of that name, made when it is not known yet. */
static uint32_t fact_get(struct world *w, struct text source, struct text id,
                         struct hash128 identity)
{
    uint32_t index = hash_index_find(&w->fact_index, identity);

    if (index == INDEX_NONE)
        index = price_make_fact(w, source, id, identity);
    return index == INDEX_NONE ? fact_make(w, id, identity) : index;
}

static uint32_t pledge_named(struct world *w, const struct event *ev)
{
    struct text source;
    struct text id;

    if (ev->as.shipment.pledge.len == 0)
        return INDEX_NONE;
    fact_name_split(ev->as.shipment.pledge, ev->source, &source, &id);
    return fact_get(w, source, id, fact_identity(source, id));
}

static void fill_shipment(struct world *w, struct shipment_fact *out,
                          const struct event *ev)
{
    const struct shipment *s = &ev->as.shipment;

    *out = (struct shipment_fact){
        .from = s->from,
        .to = s->to,
        .commodity = s->commodity,
        .unit = s->quantity.unit,
        .set = s->quantity.set,
        .cancelled = s->cancelled,
        .quantity = s->quantity.amount,
        .arrived_quantity = s->arrived_quantity.amount,
        .departed = s->departed,
        .eta = s->eta,
        .arrived = s->arrived,
        .pledge = pledge_named(w, ev),
        .pledge_prev = INDEX_NONE,
        .pledge_next = INDEX_NONE,
        .credit = text_keep(w, s->credit),
    };
    out->expected = shipment_expectation(w, out);
}

static void fill_pledge(struct pledge_fact *out, const struct pledge *p)
{
    out->from = p->from;
    out->to = p->to;
    out->commodity = p->commodity;
    out->status = (uint8_t)p->status;
    out->quantity = p->quantity.amount;
    out->due = p->due;
}

static void fill_price(struct world *w, struct price_fact *out, const struct event *ev)
{
    const struct price *p = &ev->as.price;

    fact_name_keep(w, &out->name, ev);
    out->series = series_get(w, p);
    out->unit = p->unit;
    out->money = p->money;
}

static void fill_policy(struct policy_fact *out, const struct policy *p)
{
    *out = (struct policy_fact){.actor = p->actor,
                                .target = p->target,
                                .commodity = p->commodity,
                                .factor = p->factor,
                                .until = p->until};
}

static void fill_level(struct level_fact *out, const struct level *l)
{
    out->country = l->country;
    out->commodity = l->commodity;
    out->quantity = l->quantity.amount;
    out->until = l->until;
}

/* A fact has its body from when it is first stated; a later revision writes over it. */
static uint32_t body_take(struct world *w, enum event_kind kind)
{
    switch (kind) {
    case EVENT_SHIPMENT:
        return pool_take(&w->shipments);
    case EVENT_PLEDGE: {
        uint32_t body = pool_take(&w->pledges);
        struct pledge_fact *p = pool_at(&w->pledges, body);

        p->review_at = INDEX_NONE;
        p->date = TIME_NONE;
        return body;
    }
    case EVENT_PRICE:
        return pool_take(&w->prices);
    case EVENT_POLICY:
        return pool_take(&w->policies);
    case EVENT_STOCK:
    case EVENT_PRODUCTION:
    case EVENT_USE:
        return pool_take(&w->levels);
    case EVENT_KIND_COUNT:
        break;
    }
    assert(false); /* an event of no kind */
    return INDEX_NONE;
}

static void fact_fill(struct world *w, struct fact *f, const struct event *ev)
{
    if (f->body == INDEX_NONE)
        f->body = body_take(w, ev->kind);
    switch (ev->kind) {
    case EVENT_SHIPMENT:
        fill_shipment(w, shipment_of(w, f), ev);
        return;
    case EVENT_PLEDGE:
        fill_pledge(pledge_of(w, f), &ev->as.pledge);
        return;
    case EVENT_PRICE:
        fill_price(w, price_of(w, f), ev);
        return;
    case EVENT_POLICY:
        fill_policy(policy_of(w, f), &ev->as.policy);
        return;
    case EVENT_STOCK:
        fact_name_keep(w, &level_of(w, f)->name, ev);
        fill_level(level_of(w, f), &ev->as.stock);
        return;
    case EVENT_PRODUCTION:
        fill_level(level_of(w, f), &ev->as.production);
        return;
    case EVENT_USE:
        fill_level(level_of(w, f), &ev->as.use);
        return;
    case EVENT_KIND_COUNT:
        break;
    }
}

static enum verdict fact_judge(const struct fact *f, const struct event *ev,
                               struct hash128 content)
{
    if (f->kind == KIND_UNSEEN)
        return VERDICT_APPLIED;
    if (f->kind != (uint8_t)ev->kind)
        return VERDICT_KIND;
    if (ev->revision < f->revision)
        return VERDICT_SUPERSEDED;
    if (ev->revision > f->revision)
        return VERDICT_APPLIED;
    return hash128_equal(content, f->content) ? VERDICT_REPEAT : VERDICT_CONFLICT;
}

/* The content of facts that stand is in the digest: also of alternatives, which are kept
 * and shown, and never counted. */
static void fact_sum(struct world *w, const struct fact *f, bool put)
{
    if (f->kind == KIND_UNSEEN || f->retracted)
        return;
    w->fact_sum = put ? hash128_add(w->fact_sum, f->content)
                      : hash128_subtract(w->fact_sum, f->content);
}

/* The pledge a shipment that counts is credited to; INDEX_NONE: none. */
static uint32_t pledge_credited(const struct world *w, const struct fact *f)
{
    return f->kind == EVENT_SHIPMENT && fact_counts(f) ? shipment_of(w, f)->pledge
                                                       : INDEX_NONE;
}

static void fact_state(struct world *w, struct fact *f, const struct event *ev,
                       struct hash128 content)
{
    fact_sum(w, f, false);
    f->content = content;
    f->time = ev->time;
    f->revision = ev->revision;
    f->kind = (uint8_t)ev->kind;
    f->retracted = ev->retract;
    f->alternative = ev->alternative_to.len > 0;
    if (!ev->retract)
        fact_fill(w, f, ev);
    fact_sum(w, f, true);
}

uint32_t fact_of_price(struct world *w, const struct event *ev, struct hash128 identity)
{
    uint32_t index = fact_make(w, ev->id, identity);

    fact_state(w, fact_at(w, index), ev, event_content(ev));
    return index;
}

/* Another revision stands: what it changes is moved, the rest stays where it is. */
static void fact_replace(struct world *w, uint32_t index, const struct event *ev,
                         struct hash128 content)
{
    struct fact *f = fact_at(w, index);
    struct postings before = fact_postings(w, f);
    uint32_t pledge_before = pledge_credited(w, f);

    if (fact_counts(f))
        fact_connect(w, index, false);
    fact_state(w, f, ev, content);
    struct postings after = fact_postings(w, f);
    uint32_t pledge = pledge_credited(w, f);

    postings_change(w, index, &before, &after);
    if (fact_counts(f))
        fact_connect(w, index, true);
    pledge_moved(w, pledge_before);
    if (pledge != pledge_before)
        pledge_moved(w, pledge);
}

enum verdict world_apply(struct world *w, const struct event *ev, uint64_t seq)
{
    struct foreseen f;

    world_foresee(w, ev, &f);
    return world_apply_foreseen(w, &f, seq);
}

enum verdict world_apply_foreseen(struct world *w, const struct foreseen *f, uint64_t seq)
{
    const struct event *ev = f->event;
    enum verdict verdict;

    assert(w->open);
    w->seq = seq;
    if (price_take(w, f, &verdict))
        return verdict;
    struct hash128 identity =
        price_is_plain(ev) ? fact_identity(ev->source, ev->id) : f->identity;
    uint32_t index = fact_get(w, ev->source, ev->id, identity);

    verdict = fact_judge(fact_at(w, index), ev, f->content);
    if (verdict != VERDICT_APPLIED)
        return verdict;
    fact_replace(w, index, ev, f->content);
    uint32_t pledge = pledge_credited(w, fact_at(w, index));

    if (pledge != INDEX_NONE && fact_at(w, pledge)->kind != EVENT_PLEDGE)
        return VERDICT_DANGLING;
    return VERDICT_APPLIED;
}
