/* Ticks: the prices of one series in order of time, in a balanced tree of blocks (B+
 * tree) of nothing but numbers. Most events of a busy journal are prices, so a tick must
 * be small, and the next one cheap. */
#ifndef SHORTFALL_CORE_TICKS_H
#define SHORTFALL_CORE_TICKS_H

#include "pool.h"

#define LEAF_TICKS 64
#define LEAF_TICKS_FULL                                                                  \
    60 /* a leaf that is only appended to: room for some that come late */
#define TICK_CHILDREN   32
#define TICK_HEIGHT_MAX 9 /* 16^9 leaves: more than there can be */

struct tick {
    int64_t time, published;
    int64_t money; /* 1/10,000 of the currency's unit */
    uint32_t who;  /* stated it; see price.h */
};

/* Order of two who state a price for one time: < 0 when a's (source, id) is less. Never
 * asked about one and the same. */
typedef int tick_order_fn(const void *self, uint32_t a, uint32_t b, int64_t time);

struct tick_order {
    tick_order_fn *compare;
    const void *self;
};

/* Columns, so that a search reads times alone. */
struct tick_leaf {
    uint32_t prev, next; /* along time */
    uint32_t len;        /* 0: all of it was taken out */
    uint32_t who[LEAF_TICKS];
    int64_t time[LEAF_TICKS], published[LEAF_TICKS], money[LEAF_TICKS];
};

struct tick_node {
    uint32_t len;
    uint32_t child[TICK_CHILDREN];
    /* All ticks of child i stand at or behind (time[i], who[i]) and before those of
     * i + 1; those of child 0 say nothing. */
    uint32_t who[TICK_CHILDREN];
    int64_t time[TICK_CHILDREN];
};

/* What all ticks of a world live in. */
struct tick_pools {
    struct pool leaves, nodes;
    uint8_t tallest; /* height of the highest tree there ever was */
};

struct ticks {
    uint32_t root;  /* INDEX_NONE: there never was one */
    uint8_t height; /* 0: the root is a leaf */
};

void tick_pools_init(struct tick_pools *p, struct budget *budget);
void tick_pools_free(struct tick_pools *p);

/* Room for so many inserts, whatever series they go to. */
MUST_USE enum status tick_pools_reserve(struct tick_pools *p, size_t inserts);

void ticks_init(struct ticks *t);

/* Puts the tick in; false, and it is in *old: there is one of its time and who already.
 */
bool ticks_insert(struct ticks *t, struct tick_pools *p, const struct tick *tick,
                  struct tick_order order, struct tick *old);

/* The tick of that time and who; false: there is none. */
bool ticks_find(const struct ticks *t, const struct tick_pools *p, int64_t time,
                uint32_t who, struct tick_order order, struct tick *out);

/* Takes it out; it is there. */
void ticks_remove(struct ticks *t, struct tick_pools *p, int64_t time, uint32_t who,
                  struct tick_order order);

/* The last one at or before `time`; false: there is none. */
bool ticks_latest(const struct ticks *t, const struct tick_pools *p, int64_t time,
                  struct tick *out);

/* The time of the first one after `time`; TIME_NONE: there is none. */
int64_t ticks_next_time(const struct ticks *t, const struct tick_pools *p, int64_t time);

#endif
