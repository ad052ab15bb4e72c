/* The step: facts -> accounts -> figures -> alert transitions. */
#include "shortfall/core/world.h"

#include "account.h"
#include "alert.h"
#include "fact.h"
#include "ledger.h"
#include "metric.h"
#include "state.h"

#include <assert.h>
#include <string.h>

#define PURPOSE_DIGEST UINT64_C(0x73662d646967)

/* --- life ------------------------------------------------------------------------- */

static void world_init(struct world *w, const struct budget *budget)
{
    *w = (struct world){.budget = *budget,
                        .first_policy = INDEX_NONE,
                        .first_touched = INDEX_NONE,
                        .clock = TIME_NONE};
    pool_init(&w->facts, &w->budget, sizeof(struct fact));
    pool_init(&w->blocks, &w->budget, sizeof(struct block));
    pool_init(&w->accounts, &w->budget, sizeof(struct account));
    pool_init(&w->series, &w->budget, sizeof(struct series));
    pool_init(&w->instances, &w->budget, sizeof(struct instance));
    hash_index_init(&w->fact_index, &w->budget);
    hash_index_init(&w->account_index, &w->budget);
    hash_index_init(&w->series_index, &w->budget);
}

enum status world_new(const struct memory *memory, struct world **out, struct why *why)
{
    struct budget budget = {.memory = *memory};
    void *block = NULL;
    size_t bytes = 0;
    enum status st = budget_resize(&budget, &block, &bytes, 1, sizeof(struct world));

    if (st)
        return why_set(why, st, "make the world: %s", status_text(st));
    struct world *w = block;
    void *first = NULL;

    world_init(w, &budget);
    st = budget_resize(&w->budget, &first, &w->by_commodity_bytes, commodity_count(),
                       sizeof w->by_commodity[0]);
    if (st) {
        world_free(w);
        return why_set(why, st, "make the world: %s", status_text(st));
    }
    w->by_commodity = first;
    for (size_t i = 0; i < commodity_count(); i++)
        w->by_commodity[i] = INDEX_NONE;
    *out = w;
    return ST_OK;
}

static void free_block(struct world *w, void *block, size_t *bytes)
{
    budget_free(&w->budget, &block, bytes);
}

void world_free(struct world *w)
{
    if (w == NULL)
        return;
    struct budget budget;
    void *self = w;
    size_t bytes = sizeof *w;

    pool_free(&w->facts);
    pool_free(&w->blocks);
    pool_free(&w->accounts);
    pool_free(&w->series);
    pool_free(&w->instances);
    hash_index_free(&w->fact_index);
    hash_index_free(&w->account_index);
    hash_index_free(&w->series_index);
    free_block(w, w->heap, &w->heap_bytes);
    free_block(w, w->expected, &w->expected_bytes);
    free_block(w, w->texts, &w->texts_bytes);
    free_block(w, w->by_commodity, &w->by_commodity_bytes);
    budget = w->budget;
    budget_free(&budget, &self, &bytes);
}

/* --- room ------------------------------------------------------------------------- */

static enum status scratch_reserve(struct world *w, size_t events)
{
    size_t needed = w->facts.len + FACTS_PER_EVENT * events;
    void *block = w->expected;

    if (needed <= w->expected_max)
        return ST_OK;
    size_t max = needed + needed / 2;
    enum status st =
        budget_resize(&w->budget, &block, &w->expected_bytes, max, sizeof w->expected[0]);

    if (st)
        return st;
    w->expected = block;
    w->expected_max = max;
    return ST_OK;
}

static enum status texts_reserve(struct world *w, size_t events)
{
    size_t needed = w->texts_len + TEXT_PER_EVENT * events;
    void *block = w->texts;

    if (needed <= w->texts_bytes)
        return ST_OK;
    if (needed + needed / 2 > UINT32_MAX) /* text_ref */
        return ST_FULL;
    enum status st =
        budget_resize(&w->budget, &block, &w->texts_bytes, needed + needed / 2, 1);

    if (st == ST_OK)
        w->texts = block;
    return st;
}

enum status world_reserve(struct world *w, size_t events, struct why *why)
{
    size_t accounts = ACCOUNTS_PER_EVENT * events;
    enum status st = pool_reserve(&w->facts, FACTS_PER_EVENT * events);

    assert(!w->open);
    if (st == ST_OK)
        st = hash_index_reserve(&w->fact_index, FACTS_PER_EVENT * events);
    if (st == ST_OK)
        st = pool_reserve(&w->blocks, BLOCKS_PER_EVENT * events);
    if (st == ST_OK)
        st = pool_reserve(&w->accounts, accounts);
    if (st == ST_OK)
        st = hash_index_reserve(&w->account_index, accounts);
    if (st == ST_OK)
        st = pool_reserve(&w->series, events);
    if (st == ST_OK)
        st = hash_index_reserve(&w->series_index, events);
    if (st == ST_OK)
        st = instances_reserve(w, accounts);
    if (st == ST_OK)
        st = scratch_reserve(w, events);
    if (st == ST_OK)
        st = texts_reserve(w, events);
    if (st == ST_FULL)
        return why_set(
            why, st, "the world holds %u facts in %zu bytes and may not grow beyond %zu",
            (unsigned)w->facts.len, w->budget.used, w->budget.memory.limit);
    if (st)
        return why_set(why, st, "grow the world beyond %zu bytes: %s", w->budget.used,
                       status_text(st));
    w->step_events = events;
    return ST_OK;
}

/* --- the step --------------------------------------------------------------------- */

/* Judges what falls due before `end`, in the order of semantics section 6. */
static void settle(struct world *w, int64_t end, const struct alert_context *context)
{
    for (;;) {
        uint32_t next = instance_earliest(w);

        if (next == INDEX_NONE || instance_at(w, next)->due >= end)
            return;
        uint32_t account = instance_at(w, next)->account;

        alert_judge(w, next, instance_at(w, next)->due, account_at(w, account)->touched,
                    context);
    }
}

void world_begin(struct world *w, int64_t clock, const struct world_sink *sink)
{
    struct alert_context context = {sink, clock};

    assert(!w->open && clock >= w->clock);
    if (w->clock == TIME_NONE) {
        /* Nothing is evaluated before the first step: then everything is, once. */
        for (uint32_t i = 0; i < w->instances.len; i++)
            instance_schedule(w, i, clock);
    }
    settle(w, clock, &context);
    w->clock = clock;
    w->open = true;
}

/* Everything that watches a touched account is judged at the step's own instant. */
static void schedule_touched(struct world *w, const struct world_sink *sink)
{
    for (uint32_t a = w->first_touched; a != INDEX_NONE;) {
        struct account *account = account_at(w, a);

        if (account->mentioned == 0 && account->first_instance == INDEX_NONE)
            account_watch(w, a);
        account->mentioned++;
        for (uint32_t i = account->first_instance; i != INDEX_NONE;
             i = instance_at(w, i)->next_of_account)
            instance_schedule(w, i, w->clock);
        if (sink->changed != NULL)
            sink->changed(sink->self, account->country, account->commodity);
        a = account->next_touched;
    }
}

static void release_touched(struct world *w)
{
    for (uint32_t a = w->first_touched; a != INDEX_NONE;) {
        struct account *account = account_at(w, a);

        a = account->next_touched;
        account->touched = false;
        account->next_touched = INDEX_NONE;
    }
    w->first_touched = INDEX_NONE;
}

void world_end(struct world *w, const struct world_sink *sink)
{
    struct alert_context context = {sink, w->clock};

    assert(w->open);
    schedule_touched(w, sink);
    settle(w, w->clock + 1, &context);
    release_touched(w);
    w->step_events = 0;
    w->open = false;
}

struct withdrawal {
    int64_t clock;
    struct alert_context context;
};

static void withdraw(struct world *w, struct instance *i, void *self)
{
    const struct withdrawal *d = self;

    alert_withdraw(w, i, d->clock, &d->context);
}

enum status world_rules(struct world *w, const struct ruleset *rules,
                        const struct world_sink *sink, struct why *why)
{
    struct withdrawal d = {w->clock, {sink, w->clock}};
    enum status st = instances_replace(w, rules, withdraw, &d);

    if (st)
        return why_set(why, st, "put %zu rules in force: %s", rules->rules_len,
                       status_text(st));
    /* Judged in this step; before the first one, world_begin sees to it. */
    for (uint32_t i = 0; w->clock != TIME_NONE && i < w->instances.len; i++)
        instance_schedule(w, i, w->clock);
    return ST_OK;
}

/* --- questions -------------------------------------------------------------------- */

int64_t world_clock(const struct world *w)
{
    return w->clock;
}

int64_t world_next_instant(const struct world *w)
{
    uint32_t next = instance_earliest(w);

    return next == INDEX_NONE ? TIME_NONE : instance_at(w, next)->due;
}

void world_digest(const struct world *w, uint8_t digest[DIGEST_SIZE])
{
    struct hash128 sum = hash128_add(w->fact_sum, alert_sum(w));
    uint8_t bytes[16];

    hash128_bytes(sum, bytes);
    hash128_bytes(hash128_of(bytes, sizeof bytes, PURPOSE_DIGEST), digest);
}

void world_balance(struct world *w, place_id country, commodity_id commodity,
                   int64_t as_of, int64_t horizon, struct balance *out)
{
    uint32_t account = account_find(w, country, commodity);

    if (account != INDEX_NONE) {
        struct view v = view_open(w, account, as_of);

        metric_balance(&v, horizon, out);
        return;
    }
    *out = (struct balance){.country = country,
                            .commodity = commodity,
                            .as_of = as_of,
                            .horizon = horizon,
                            .stock = VALUE_NONE,
                            .unmet = VALUE_NONE,
                            .days_of_cover = VALUE_NONE,
                            .stock_out = TIME_NONE,
                            .shortfall = VALUE_NONE,
                            .shortfall_ratio = VALUE_NONE,
                            .uncovered_deficit = VALUE_NONE,
                            .delivery_ratio = VALUE_NONE,
                            .expected = VALUE_NONE};
}

size_t world_accounts_len(const struct world *w)
{
    return w->accounts.len;
}

void world_account_key(const struct world *w, size_t index, place_id *country,
                       commodity_id *commodity)
{
    const struct account *a = account_at(w, (uint32_t)index);

    *country = a->country;
    *commodity = a->commodity;
}

struct world_counts world_counts(const struct world *w)
{
    struct world_counts c = {.facts = w->facts.len,
                             .accounts = w->accounts.len,
                             .instances = w->instances.len,
                             .memory_bytes = w->budget.used};

    for (uint32_t i = 0; i < w->instances.len; i++) {
        c.pending += instance_at(w, i)->state == INSTANCE_PENDING;
        c.firing += instance_at(w, i)->state == INSTANCE_FIRING;
    }
    return c;
}
