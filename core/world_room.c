/* The world's memory: where it begins and ends, and the room that a step needs. */
#include "shortfall/core/world.h"

#include "account.h"
#include "fact.h"
#include "instance.h"
#include "pending.h"
#include "price.h"

#include <assert.h>
#include <string.h>

/* --- life ------------------------------------------------------------------------- */

static struct hash128 fact_key(const void *self, uint32_t value)
{
    return fact_at(self, value)->identity;
}

static struct hash128 series_key(const void *self, uint32_t value)
{
    return series_at(self, value)->identity;
}

static struct hash128 lane_key(const void *self, uint32_t value)
{
    const struct world *w = self;

    return ((const struct lane *)pool_at(&w->lanes, value))->identity;
}

static uint32_t *instance_place(void *self, uint32_t item)
{
    return &instance_at(self, item)->agenda_at;
}

static uint32_t *pledge_place(void *self, uint32_t item)
{
    return &pledge_of(self, fact_at(self, item))->review_at;
}

static void pools_init(struct world *w)
{
    pool_init(&w->facts, &w->budget, sizeof(struct fact));
    pool_init(&w->shipments, &w->budget, sizeof(struct shipment_fact));
    pool_init(&w->pledges, &w->budget, sizeof(struct pledge_fact));
    pool_init(&w->prices, &w->budget, sizeof(struct price_fact));
    pool_init(&w->policies, &w->budget, sizeof(struct policy_fact));
    pool_init(&w->levels, &w->budget, sizeof(struct level_fact));
    pool_init(&w->waitings, &w->budget, sizeof(struct waiting));
    pool_init(&w->accounts, &w->budget, sizeof(struct account));
    pool_init(&w->series, &w->budget, sizeof(struct series));
    pool_init(&w->instances, &w->budget, sizeof(struct instance));
    pool_init(&w->lanes, &w->budget, sizeof(struct lane));
    timeline_pools_init(&w->paths, &w->budget);
    tick_pools_init(&w->ticks, &w->budget);
}

static void world_init(struct world *w, const struct budget *budget)
{
    *w = (struct world){.budget = *budget,
                        .first_touched = INDEX_NONE,
                        .queue_first = INDEX_NONE,
                        .queue_last = INDEX_NONE,
                        .clock = TIME_NONE};
    pools_init(w);
    hash_index_init(&w->fact_index, &w->budget, fact_key, w);
    hash_index_init(&w->series_index, &w->budget, series_key, w);
    hash_index_init(&w->lane_index, &w->budget, lane_key, w);
    agenda_init(&w->due, &w->budget, instance_place, w);
    agenda_init(&w->reviews, &w->budget, pledge_place, w);
}

/* One block for all tables whose size is known: all empty. */
static enum status tables_make(struct world *w)
{
    size_t places = place_count();
    size_t goods = commodity_count();
    size_t cells = places * goods + 3 * goods + places + (places + 1) * (goods + 1);
    void *block = NULL;
    enum status st =
        budget_resize(&w->budget, &block, &w->tables_bytes, cells, sizeof w->tables[0]);

    if (st)
        return st;
    memset(block, 0xff, w->tables_bytes); /* INDEX_NONE everywhere */
    w->tables = block;
    w->account_of = w->tables;
    w->accounts_of_commodity = w->account_of + places * goods;
    w->asking_of_commodity = w->accounts_of_commodity + goods;
    w->series_of_commodity = w->asking_of_commodity + goods;
    w->accounts_of_place = w->series_of_commodity + goods;
    w->policies_on = w->accounts_of_place + places;
    return ST_OK;
}

static enum status commodity_ranks_make(struct world *w)
{
    size_t goods = commodity_count();
    void *block = NULL;
    enum status st = budget_resize(&w->budget, &block, &w->commodity_ranks_bytes, goods,
                                   sizeof w->commodity_ranks[0]);

    w->commodity_ranks = block;
    for (size_t i = 0; st == ST_OK && i < goods; i++) {
        w->commodity_ranks[i] = 0;
        for (size_t k = 0; k < goods; k++) {
            if (strcmp(commodity_code((commodity_id)k), commodity_code((commodity_id)i)) <
                0)
                w->commodity_ranks[i]++;
        }
    }
    return st;
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

    world_init(w, &budget);
    st = tables_make(w);
    if (st == ST_OK)
        st = commodity_ranks_make(w);
    if (st) {
        world_free(w);
        return why_set(why, st, "make the world: %s", status_text(st));
    }
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
    struct pool *pools[] = {&w->facts,     &w->shipments, &w->pledges,  &w->prices,
                            &w->policies,  &w->levels,    &w->accounts, &w->series,
                            &w->instances, &w->waitings,  &w->lanes};
    struct budget budget;
    void *self = w;
    size_t bytes = sizeof *w;

    for (size_t i = 0; i < sizeof pools / sizeof pools[0]; i++)
        pool_free(pools[i]);
    timeline_pools_free(&w->paths);
    tick_pools_free(&w->ticks);
    hash_index_free(&w->fact_index);
    hash_index_free(&w->series_index);
    hash_index_free(&w->lane_index);
    agenda_free(&w->due);
    agenda_free(&w->reviews);
    free_block(w, w->texts, &w->texts_bytes);
    free_block(w, w->sorted, &w->sorted_bytes);
    free_block(w, w->tables, &w->tables_bytes);
    free_block(w, w->rule_ranks, &w->rule_ranks_bytes);
    free_block(w, w->commodity_ranks, &w->commodity_ranks_bytes);
    budget = w->budget;
    budget_free(&budget, &self, &bytes);
}

/* --- room ------------------------------------------------------------------------- */

static enum status texts_reserve(struct world *w, size_t events)
{
    size_t needed = w->texts_len + TEXT_PER_EVENT * events;
    void *block = w->texts;

    if (needed <= w->texts_bytes)
        return ST_OK;
    if (needed + needed / 4 > UINT32_MAX) /* text_ref */
        return ST_FULL;
    enum status st =
        budget_resize(&w->budget, &block, &w->texts_bytes, needed + needed / 4, 1);

    if (st == ST_OK)
        w->texts = block;
    return st;
}

static enum status facts_reserve(struct world *w, size_t events)
{
    struct pool *bodies[] = {&w->shipments, &w->pledges, &w->prices, &w->policies,
                             &w->levels};
    enum status st = pool_reserve(&w->facts, FACTS_PER_EVENT * events);

    for (size_t i = 0; st == ST_OK && i < sizeof bodies / sizeof bodies[0]; i++)
        st = pool_reserve(bodies[i], events);
    if (st == ST_OK)
        st = hash_index_reserve(&w->fact_index, FACTS_PER_EVENT * events);
    if (st == ST_OK)
        st = agenda_reserve(&w->reviews, w->pledges.len + events);
    return st == ST_OK ? texts_reserve(w, events) : st;
}

enum status world_reserve(struct world *w, size_t events, struct why *why)
{
    size_t accounts = ACCOUNTS_PER_EVENT * events;
    enum status st = facts_reserve(w, events);

    assert(!w->open);
    if (st == ST_OK)
        st = prices_reserve(w, events);
    if (st == ST_OK)
        st = pending_reserve(w, events);
    if (st == ST_OK)
        st = paths_reserve(w, events);
    if (st == ST_OK)
        st = accounts_reserve(w, accounts);
    if (st == ST_OK)
        st = instances_reserve(w, accounts);
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
