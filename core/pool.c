/* Memory of the world, in arrays that grow between steps. This file alone calls the
 * caller's memory function; nothing in core/ allocates in any other way. */
#include "pool.h"

#include <assert.h>
#include <string.h>

enum status budget_check(const struct budget *b, size_t bytes)
{
    size_t limit = b->memory.limit + (b->lent ? b->memory.limit / 8 : 0);

    return limit != 0 && (bytes > limit || b->used > limit - bytes) ? ST_FULL : ST_OK;
}

enum status budget_resize(struct budget *b, void **block, size_t *size_bytes,
                          size_t count, size_t item_size)
{
    size_t bytes;

    if (__builtin_mul_overflow(count, item_size, &bytes))
        return ST_NO_MEMORY;
    assert(bytes > *size_bytes);
    size_t more = bytes - *size_bytes;

    if (budget_check(b, more))
        return ST_FULL;
    void *grown = b->memory.resize(b->memory.self, *block, bytes);

    if (grown == NULL)
        return ST_NO_MEMORY;
    b->used += more;
    *block = grown;
    *size_bytes = bytes;
    return ST_OK;
}

void budget_free(struct budget *b, void **block, size_t *size_bytes)
{
    if (*block != NULL)
        (void)b->memory.resize(b->memory.self, *block, 0);
    assert(b->used >= *size_bytes);
    b->used -= *size_bytes;
    *block = NULL;
    *size_bytes = 0;
}

void pool_init(struct pool *p, struct budget *budget, size_t item_size)
{
    assert(item_size >= sizeof(uint32_t));
    *p =
        (struct pool){.budget = budget, .item_size = item_size, .free_first = INDEX_NONE};
}

void pool_free(struct pool *p)
{
    void *items = p->items;

    budget_free(p->budget, &items, &p->size_bytes);
    pool_init(p, p->budget, p->item_size);
}

enum status pool_reserve(struct pool *p, size_t more)
{
    size_t needed = (size_t)p->len + (more > p->free_len ? more - p->free_len : 0);

    if (needed <= p->max)
        return ST_OK;
    /* A quarter more, so that a growing world is not copied at every step. */
    size_t count = needed + needed / 4;

    if (count >= INDEX_NONE)
        return ST_FULL;
    void *items = p->items;
    enum status st =
        budget_resize(p->budget, &items, &p->size_bytes, count, p->item_size);

    if (st == ST_FULL && count > needed) { /* near the limit: no more than is needed */
        count = needed;
        st = budget_resize(p->budget, &items, &p->size_bytes, count, p->item_size);
    }
    if (st)
        return st;
    p->items = items;
    p->max = (uint32_t)count;
    return ST_OK;
}

uint32_t pool_take_raw(struct pool *p)
{
    uint32_t index = p->free_first;

    if (index == INDEX_NONE) {
        assert(p->len < p->max); /* pool_reserve was called for this step */
        index = p->len++;
    } else {
        memcpy(&p->free_first, pool_at(p, index), sizeof p->free_first);
        p->free_len--;
    }
    return index;
}

uint32_t pool_take(struct pool *p)
{
    uint32_t index = pool_take_raw(p);

    memset(pool_at(p, index), 0, p->item_size);
    return index;
}

void pool_give(struct pool *p, uint32_t index)
{
    memcpy(pool_at(p, index), &p->free_first, sizeof p->free_first);
    p->free_first = index;
    p->free_len++;
}

void hash_index_init(struct hash_index *h, struct budget *budget, hash_key_fn *key,
                     const void *self)
{
    *h = (struct hash_index){.budget = budget, .key = key, .self = self};
}

void hash_index_free(struct hash_index *h)
{
    void *slots = h->slots;

    budget_free(h->budget, &slots, &h->size_bytes);
    hash_index_init(h, h->budget, h->key, h->self);
}

static uint32_t tag_of(struct hash128 key)
{
    return (uint32_t)(key.high >> 32);
}

/* An empty slot for the key. There always is one. */
static void slot_put(struct hash_slot *slots, size_t max, struct hash128 key,
                     uint32_t value)
{
    size_t at = (size_t)key.low & (max - 1);

    while (slots[at].value != INDEX_NONE)
        at = (at + 1) & (max - 1);
    slots[at] = (struct hash_slot){tag_of(key), value};
}

enum status hash_index_reserve(struct hash_index *h, size_t more)
{
    size_t needed = h->len + more;
    size_t max = h->max == 0 ? 64 : h->max;

    while (needed > max / 4 * 3) /* a quarter stays empty: short probes */
        max *= 2;
    if (max == h->max)
        return ST_OK;
    void *fresh = NULL;
    size_t fresh_bytes = 0;
    enum status st =
        budget_resize(h->budget, &fresh, &fresh_bytes, max, sizeof(struct hash_slot));

    if (st)
        return st;
    struct hash_slot *slots = fresh;

    memset(slots, 0xff, fresh_bytes); /* INDEX_NONE everywhere */
    for (size_t i = 0; i < h->max; i++) {
        if (h->slots[i].value != INDEX_NONE)
            slot_put(slots, max, h->key(h->self, h->slots[i].value), h->slots[i].value);
    }
    void *old = h->slots;

    budget_free(h->budget, &old, &h->size_bytes);
    h->slots = slots;
    h->size_bytes = fresh_bytes;
    h->max = max;
    return ST_OK;
}

uint32_t hash_index_find(const struct hash_index *h, struct hash128 key)
{
    if (h->max == 0)
        return INDEX_NONE;
    for (size_t at = (size_t)key.low & (h->max - 1); h->slots[at].value != INDEX_NONE;
         at = (at + 1) & (h->max - 1)) {
        if (h->slots[at].tag == tag_of(key) &&
            hash128_equal(h->key(h->self, h->slots[at].value), key))
            return h->slots[at].value;
    }
    return INDEX_NONE;
}

uint32_t hash_index_guess(const struct hash_index *h, struct hash128 key)
{
    if (h->max == 0)
        return INDEX_NONE;
    for (size_t at = (size_t)key.low & (h->max - 1); h->slots[at].value != INDEX_NONE;
         at = (at + 1) & (h->max - 1)) {
        if (h->slots[at].tag == tag_of(key))
            return h->slots[at].value;
    }
    return INDEX_NONE;
}

void hash_index_put(struct hash_index *h, struct hash128 key, uint32_t value)
{
    assert(h->len < h->max / 4 * 3 && value != INDEX_NONE);
    slot_put(h->slots, h->max, key, value);
    h->len++;
}
