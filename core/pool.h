/* Memory of the world: growing arrays of one item size, counted against one limit. They
 * grow only between steps (pool_reserve); within a step pool_take cannot fail. Items are
 * named by index, so that growing never breaks a reference. */
#ifndef SHORTFALL_CORE_POOL_H
#define SHORTFALL_CORE_POOL_H

#include "shortfall/core/hash.h"
#include "shortfall/core/status.h"
#include "shortfall/core/world.h"

#include <assert.h>

#define INDEX_NONE UINT32_MAX

/* The caller's memory and how much of it is in use. */
struct budget {
    struct memory memory;
    size_t used; /* bytes */
    bool lent;   /* an eighth more than the limit may be used just now */
};

/* Like realloc for `count` items, all old ones kept. ST_FULL, ST_NO_MEMORY: unchanged. */
MUST_USE enum status budget_resize(struct budget *b, void **block, size_t *size_bytes,
                                   size_t count, size_t item_size);
/* Whether so many bytes more would be within the limit: ST_FULL. Takes nothing. */
MUST_USE enum status budget_check(const struct budget *b, size_t bytes);
void budget_free(struct budget *b, void **block, size_t *size_bytes);

struct pool {
    struct budget *budget;
    unsigned char *items;
    size_t size_bytes;
    size_t item_size;
    uint32_t len; /* items ever taken; those given back are in the free list */
    uint32_t max;
    uint32_t free_first; /* chain through the first four bytes of free items */
    uint32_t free_len;
};

void pool_init(struct pool *p, struct budget *budget, size_t item_size);
void pool_free(struct pool *p);

/* Room for `more` further items. */
MUST_USE enum status pool_reserve(struct pool *p, size_t more);

/* A zeroed item; reserved before. */
uint32_t pool_take(struct pool *p);
/* The same, but what it holds is not known: for large ones that are filled bit by bit. */
uint32_t pool_take_raw(struct pool *p);
void pool_give(struct pool *p, uint32_t index);
/* In the header, as timeline_entry is: a walk along a path is made of these. */
static inline void *pool_at(const struct pool *p, uint32_t index)
{
    assert(index < p->len);
    return p->items + (size_t)index * p->item_size;
}

/* Which item of the caller's has which 128-bit hash: open addressing, nothing is ever
 * removed. Each slot holds part of the hash, so that the item itself is looked at only
 * when it is nearly certainly the one. */
struct hash_slot {
    uint32_t tag;
    uint32_t value; /* INDEX_NONE: empty */
};

/* The hash of the caller's item `value`. */
typedef struct hash128 hash_key_fn(const void *self, uint32_t value);

struct hash_index {
    struct budget *budget;
    struct hash_slot *slots;
    size_t size_bytes;
    size_t max; /* a power of two */
    size_t len;
    hash_key_fn *key;
    const void *self;
};

void hash_index_init(struct hash_index *h, struct budget *budget, hash_key_fn *key,
                     const void *self);
void hash_index_free(struct hash_index *h);
MUST_USE enum status hash_index_reserve(struct hash_index *h, size_t more);
uint32_t hash_index_find(const struct hash_index *h, struct hash128 key);
/* Brings the place of the key nearer; then says which item it is likely to be. */
static inline void hash_index_approach(const struct hash_index *h, struct hash128 key)
{
    if (h->max > 0)
        __builtin_prefetch(&h->slots[(size_t)key.low & (h->max - 1)]);
}

uint32_t hash_index_guess(const struct hash_index *h, struct hash128 key);

/* The item has its key already. */
void hash_index_put(struct hash_index *h, struct hash128 key, uint32_t value);

#endif
