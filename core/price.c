/* Series, the lanes of ticks in them, and how a tick becomes a fact. */
#include "price.h"

#include "account.h"
#include "fact.h"
#include "fact_name.h"
#include "tick_name.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define PURPOSE_SERIES UINT64_C(0x73662d707269)
#define PURPOSE_LANE   UINT64_C(0x73662d6c616e)

#define TIME_DIGITS    21 /* of any time in microseconds, its sign, and a NUL */

/* Who stated a tick: a fact, where this bit is set, or else a lane. */
#define WHO_FACT (UINT32_C(1) << 31)

static struct lane *lane_at(const struct world *w, uint32_t index)
{
    return pool_at(&w->lanes, index);
}

enum status prices_reserve(struct world *w, size_t events)
{
    enum status st = pool_reserve(&w->series, events);

    if (w->facts.len + FACTS_PER_EVENT * events >= WHO_FACT ||
        w->lanes.len + events >= WHO_FACT)
        return ST_FULL;
    if (st == ST_OK)
        st = hash_index_reserve(&w->series_index, events);
    if (st == ST_OK)
        st = pool_reserve(&w->lanes, events);
    if (st == ST_OK)
        st = hash_index_reserve(&w->lane_index, events);
    /* A tick that becomes a fact of another time stands twice, for a moment. */
    return st == ST_OK ? tick_pools_reserve(&w->ticks, 2 * events) : st;
}

/* --- names ---------------------------------------------------------------------------
 */

static struct hash128 lane_identity(struct text source, struct text front)
{
    char name[EVENT_FACT_MAX + 1];

    memcpy(name, source.at, source.len);
    name[source.len] = '\0';
    memcpy(name + source.len + 1, front.at, front.len);
    return hash128_of(name, (size_t)source.len + 1 + front.len, PURPOSE_LANE);
}

/* The front that the default id of a price has. */
static bool is_own_front(struct text front, const struct price *p)
{
    char own[EVENT_ID_MAX + 1];
    int len = snprintf(own, sizeof own, "%s/%.*s/%s/%s/", commodity_code(p->commodity),
                       TEXT_ARGS(p->market), p->currency, unit_code(p->unit));

    return len > 0 && (size_t)len < sizeof own && text_is(front, own);
}

static struct text lane_name(const struct world *w, const struct lane *l)
{
    return (struct text){(const char *)w->texts + l->name.at, l->name.len};
}

/* "source\0id" of whoever stated a price for `time`. */
static struct text name_of(const struct world *w, uint32_t who, int64_t time,
                           char buffer[EVENT_FACT_MAX + TIME_DIGITS])
{
    if (who & WHO_FACT)
        return fact_name(w, who & ~WHO_FACT);
    struct text name = lane_name(w, lane_at(w, who));

    memcpy(buffer, name.at, name.len);
    int digits = snprintf(buffer + name.len, TIME_DIGITS, "%" PRId64, time);

    return (struct text){buffer, name.len + (uint32_t)digits};
}

/* The NUL between source and id sorts before every printable byte. */
static int who_compare(const void *self, uint32_t a, uint32_t b, int64_t time)
{
    char buffers[2][EVENT_FACT_MAX + TIME_DIGITS];

    return text_compare(name_of(self, a, time, buffers[0]),
                        name_of(self, b, time, buffers[1]));
}

static struct tick_order tick_order(const struct world *w)
{
    return (struct tick_order){who_compare, w};
}

int price_compare(const struct world *w, const struct tick *a, const struct tick *b)
{
    return who_compare(w, a->who, b->who, a->time);
}

/* --- series and lanes ----------------------------------------------------------------
 */

uint32_t series_get(struct world *w, const struct price *p)
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

    s->identity = identity;
    s->commodity = p->commodity;
    s->next_same_commodity = w->series_of_commodity[p->commodity];
    w->series_of_commodity[p->commodity] = index;
    text_copy(p->market, s->market, sizeof s->market);
    memcpy(s->currency, p->currency, sizeof s->currency);
    ticks_init(&s->prices);
    hash_index_put(&w->series_index, identity, index);
    return index;
}

static uint32_t lane_make(struct world *w, const struct event *ev, struct text front,
                          struct hash128 identity)
{
    uint32_t index = pool_take(&w->lanes);
    struct lane *l = lane_at(w, index);
    struct text_ref source = text_keep(w, ev->source);

    (void)text_keep(w, (struct text){"", 1});
    (void)text_keep(w, front);
    l->identity = identity;
    l->name = (struct text_ref){source.at, source.len + 1 + front.len};
    l->series = series_get(w, &ev->as.price);
    l->unit = ev->as.price.unit;
    hash_index_put(&w->lane_index, identity, index);
    return index;
}

/* The lane of a tick; INDEX_NONE: its id says something else than it does. */
static uint32_t lane_get(struct world *w, const struct event *ev, struct text front)
{
    struct hash128 identity = lane_identity(ev->source, front);
    uint32_t index = hash_index_find(&w->lane_index, identity);
    const struct price *p = &ev->as.price;

    if (index == INDEX_NONE)
        return is_own_front(front, p) ? lane_make(w, ev, front, identity) : INDEX_NONE;
    const struct lane *l = lane_at(w, index);
    const struct series *s = series_at(w, l->series);
    bool fits = s->commodity == p->commodity && l->unit == p->unit &&
                text_is(p->market, s->market) && strcmp(s->currency, p->currency) == 0;

    return fits ? index : INDEX_NONE;
}

/* Whoever asks for prices of the commodity looks again. */
static void series_touch(struct world *w, const struct series *s)
{
    for (uint32_t i = w->asking_of_commodity[s->commodity]; i != INDEX_NONE;
         i = account_at(w, i)->next_asking)
        account_touch_alone(w, i, w->seq);
}

unit_id price_unit(const struct world *w, const struct tick *tick)
{
    return tick->who & WHO_FACT ? price_of(w, fact_at(w, tick->who & ~WHO_FACT))->unit
                                : lane_at(w, tick->who)->unit;
}

/* --- ticks ---------------------------------------------------------------------------
 */

bool price_is_plain(const struct event *ev)
{
    return ev->kind == EVENT_PRICE && ev->revision == 0 && !ev->retract &&
           ev->alternative_to.len + ev->note.len + ev->ref.len == 0;
}

bool price_take(struct world *w, const struct foreseen *f, enum verdict *verdict)
{
    const struct event *ev = f->event;
    struct tick_name name;

    if (!price_is_plain(ev) || !tick_name_read(ev->id, &name) || name.time != ev->time)
        return false;
    /* It may have become a fact. */
    if (w->facts_named_so > 0 &&
        hash_index_find(&w->fact_index, fact_identity(ev->source, ev->id)) != INDEX_NONE)
        return false;
    uint32_t lane = lane_get(w, ev, name.front);

    if (lane == INDEX_NONE)
        return false;
    struct series *s = series_at(w, lane_at(w, lane)->series);
    const struct tick tick = {ev->time, ev->published, ev->as.price.money, lane};
    struct tick old;

    if (!ticks_insert(&s->prices, &w->ticks, &tick, tick_order(w), &old)) {
        bool same = old.published == tick.published && old.money == tick.money;

        *verdict = same ? VERDICT_REPEAT : VERDICT_CONFLICT;
        return true;
    }
    w->ticks_len++;
    w->fact_sum = hash128_add(w->fact_sum, f->content);
    series_touch(w, s);
    *verdict = VERDICT_APPLIED;
    return true;
}

/* The tick that has the name, and its lane; false: there is none. */
static bool tick_named(const struct world *w, struct text source, struct text id,
                       struct tick *out)
{
    struct tick_name name;

    if (!tick_name_read(id, &name))
        return false;
    uint32_t lane = hash_index_find(&w->lane_index, lane_identity(source, name.front));

    return lane != INDEX_NONE &&
           ticks_find(&series_at(w, lane_at(w, lane)->series)->prices, &w->ticks,
                      name.time, lane, tick_order(w), out);
}

/* What stated the tick, but for its names, which are the caller's. */
static struct event event_of(const struct world *w, const struct tick *tick)
{
    const struct lane *l = lane_at(w, tick->who);
    const struct series *s = series_at(w, l->series);
    struct event ev = {
        .kind = EVENT_PRICE, .time = tick->time, .published = tick->published};

    ev.as.price = (struct price){.commodity = s->commodity,
                                 .market = text_of(s->market),
                                 .money = tick->money,
                                 .unit = l->unit};
    memcpy(ev.as.price.currency, s->currency, sizeof s->currency);
    return ev;
}

bool price_is_held(const struct world *w, const struct event *ev)
{
    struct tick tick;

    if (!price_is_plain(ev) || !tick_named(w, ev->source, ev->id, &tick))
        return false;
    struct event held = event_of(w, &tick);

    held.source = ev->source;
    held.id = ev->id;
    return hash128_equal(event_content(&held), event_content(ev));
}

/* --- facts ---------------------------------------------------------------------------
 */

static void series_put(struct world *w, uint32_t fact)
{
    const struct fact *f = fact_at(w, fact);
    const struct price_fact *p = price_of(w, f);
    const struct tick tick = {f->time, 0, p->money, fact | WHO_FACT};

    struct tick old;
    bool is_new = ticks_insert(&series_at(w, p->series)->prices, &w->ticks, &tick,
                               tick_order(w), &old);

    assert(is_new);
    (void)is_new;
}

void price_connect(struct world *w, uint32_t fact, bool put)
{
    const struct fact *f = fact_at(w, fact);
    struct series *s = series_at(w, price_of(w, f)->series);

    if (put)
        series_put(w, fact);
    else
        ticks_remove(&s->prices, &w->ticks, f->time, fact | WHO_FACT, tick_order(w));
    series_touch(w, s);
}

void price_note_name(struct world *w, struct text id)
{
    struct tick_name name;

    w->facts_named_so += tick_name_read(id, &name);
}

uint32_t price_make_fact(struct world *w, struct text source, struct text id,
                         struct hash128 identity)
{
    struct tick tick;

    if (w->ticks_len == 0 || !tick_named(w, source, id, &tick))
        return INDEX_NONE;
    struct series *s = series_at(w, lane_at(w, tick.who)->series);
    struct event ev = event_of(w, &tick);

    ev.source = source;
    ev.id = id;
    ticks_remove(&s->prices, &w->ticks, tick.time, tick.who, tick_order(w));
    w->ticks_len--;
    w->fact_sum = hash128_subtract(w->fact_sum, event_content(&ev));
    uint32_t fact = fact_of_price(w, &ev, identity);

    series_put(w, fact);
    return fact;
}
