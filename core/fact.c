/* Facts by identity: the highest revision stands, whichever comes first, and every
 * recorded event gets a verdict. */
#include "fact.h"

#include "fact_name.h"
#include "posting.h"

#include <assert.h>
#include <string.h>

#define PURPOSE_SERIES UINT64_C(0x73662d707269)

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

static uint32_t fact_get(struct world *w, struct hash128 identity)
{
    uint32_t index = hash_index_find(&w->fact_index, identity);

    if (index != INDEX_NONE)
        return index;
    index = pool_take(&w->facts);
    struct fact *f = fact_at(w, index);

    f->kind = KIND_UNSEEN;
    f->first_shipment = INDEX_NONE;
    f->list_prev = f->list_next = INDEX_NONE;
    hash_index_put(&w->fact_index, identity, index);
    return index;
}

static uint32_t pledge_of(struct world *w, const struct event *ev)
{
    struct text source;
    struct text id;

    if (ev->as.shipment.pledge.len == 0)
        return INDEX_NONE;
    fact_name_split(ev->as.shipment.pledge, ev->source, &source, &id);
    return fact_get(w, fact_identity(source, id));
}

static void fill_shipment(struct world *w, struct fact *f, const struct event *ev)
{
    const struct shipment *s = &ev->as.shipment;

    f->as.shipment = (struct shipment_fact){
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
        .pledge = pledge_of(w, ev),
        .pledge_prev = INDEX_NONE,
        .pledge_next = INDEX_NONE,
        .credit = text_keep(w, s->credit),
    };
}

static void fill_pledge(struct fact *f, const struct pledge *p)
{
    f->as.pledge = (struct pledge_fact){.from = p->from,
                                        .to = p->to,
                                        .commodity = p->commodity,
                                        .status = p->status,
                                        .quantity = p->quantity.amount,
                                        .due = p->due};
}

static uint32_t series_get(struct world *w, const struct price *p)
{
    unsigned char key[sizeof p->commodity + EVENT_MARKET_MAX + 4] = {0};

    memcpy(key, &p->commodity, sizeof p->commodity);
    memcpy(key + sizeof p->commodity, p->market.at, p->market.len);
    memcpy(key + sizeof p->commodity + EVENT_MARKET_MAX, p->currency, 3);
    struct hash128 identity = hash128_of(key, sizeof key, PURPOSE_SERIES);
    uint32_t index = hash_index_find(&w->series_index, identity);

    if (index != INDEX_NONE)
        return index;
    index = pool_take(&w->series);
    struct series *s = series_at(w, index);

    s->commodity = p->commodity;
    text_copy(p->market, s->market, sizeof s->market);
    memcpy(s->currency, p->currency, sizeof s->currency);
    timeline_init(&s->prices);
    hash_index_put(&w->series_index, identity, index);
    return index;
}

static void fill_price(struct world *w, struct fact *f, const struct event *ev)
{
    const struct price *p = &ev->as.price;

    fact_name_keep(w, f, ev);
    f->as.price = (struct price_fact){
        .series = series_get(w, p), .unit = p->unit, .money = p->money};
}

static void fill_policy(struct fact *f, const struct policy *p)
{
    f->as.policy = (struct policy_fact){.actor = p->actor,
                                        .target = p->target,
                                        .commodity = p->commodity,
                                        .factor = p->factor,
                                        .until = p->until};
}

static void fill_level(struct fact *f, const struct level *l)
{
    f->as.level = (struct level_fact){.country = l->country,
                                      .commodity = l->commodity,
                                      .quantity = l->quantity.amount,
                                      .until = l->until};
}

static void fact_fill(struct world *w, struct fact *f, const struct event *ev)
{
    switch (ev->kind) {
    case EVENT_SHIPMENT:
        fill_shipment(w, f, ev);
        return;
    case EVENT_PLEDGE:
        fill_pledge(f, &ev->as.pledge);
        return;
    case EVENT_PRICE:
        fill_price(w, f, ev);
        return;
    case EVENT_POLICY:
        fill_policy(f, &ev->as.policy);
        return;
    case EVENT_STOCK:
        fact_name_keep(w, f, ev);
        fill_level(f, &ev->as.stock);
        return;
    case EVENT_PRODUCTION:
        fill_level(f, &ev->as.production);
        return;
    case EVENT_USE:
        fill_level(f, &ev->as.use);
        return;
    case EVENT_KIND_COUNT:
        break;
    }
    assert(false); /* an event of no kind */
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

enum verdict world_apply(struct world *w, const struct event *ev, uint64_t seq)
{
    struct hash128 content = event_content(ev);

    assert(w->open);
    w->seq = seq;
    uint32_t index = fact_get(w, fact_identity(ev->source, ev->id));
    struct fact *f = fact_at(w, index);
    enum verdict verdict = fact_judge(f, ev, content);

    if (verdict != VERDICT_APPLIED)
        return verdict;
    fact_sum(w, f, false);
    if (fact_counts(f))
        fact_unpost(w, index);
    f->content = content;
    f->time = ev->time;
    f->revision = ev->revision;
    f->kind = (uint8_t)ev->kind;
    f->retracted = ev->retract;
    f->alternative = ev->alternative_to.len > 0;
    if (!ev->retract)
        fact_fill(w, f, ev);
    fact_sum(w, f, true);
    if (!fact_counts(f))
        return VERDICT_APPLIED;
    fact_post(w, index);
    if (ev->kind == EVENT_SHIPMENT && f->as.shipment.pledge != INDEX_NONE &&
        fact_at(w, f->as.shipment.pledge)->kind != EVENT_PLEDGE)
        return VERDICT_DANGLING;
    return VERDICT_APPLIED;
}
