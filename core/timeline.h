/* A timeline: entries in order of time, in a chain of blocks, with the state of a path
 * kept at the start of each block. An entry that comes late makes only the states behind
 * it stale; they are walked again when somebody asks for a later time. */
#ifndef SHORTFALL_CORE_TIMELINE_H
#define SHORTFALL_CORE_TIMELINE_H

#include "pool.h"

#include "shortfall/core/qty.h"

/* In the order in which entries of one instant stand: a SET comes after all ADDs. */
enum entry_kind {
    ENTRY_ADD,         /* value: pico-units that come (or, below zero, leave) at once */
    ENTRY_DIFFERENCE,  /* the same, as a member's stock report brings it to its group */
    ENTRY_SUPPLY_RATE, /* value: change of the rate of production, pico-units per us */
    ENTRY_SUPPLY_REST, /* value: what rounding left of a production, at its end */
    ENTRY_USE_RATE,    /* value: change of the rate of use */
    ENTRY_USE_REST,    /* value: what rounding left of a use, at its end */
    ENTRY_SET,         /* value: observed level */
    ENTRY_PRICE        /* value: money; on timelines of prices only */
};

struct entry {
    int64_t time;
    uint32_t fact; /* which fact put it there */
    uint8_t kind;  /* enum entry_kind */
    int128_t value;
};

/* Where a path stands at an instant (semantics section 3). All in pico-units. */
struct path_state {
    int64_t time;      /* all entries up to here are in */
    int64_t set_time;  /* T of the last SET; TIME_NONE: none */
    int128_t position; /* X */
    int128_t lowest;   /* least X since T, at most 0: U = -lowest once settled */
    int128_t closed;   /* sum of U of the segments that ended */
    int128_t used;     /* accrual of use since ever */
    int128_t supplied; /* accrual of production and all ADDs since ever */
    int128_t use_rate; /* per us */
    int128_t supply_rate;
};

#define BLOCK_ENTRIES 30

struct block {
    uint32_t prev, next;
    uint32_t len;
    struct path_state before; /* state before the first entry; valid up to `stale` */
    struct entry entries[BLOCK_ENTRIES];
};

struct timeline {
    uint32_t first, last;
    uint32_t finger; /* block of the last search: most come back to the same place */
    uint32_t stale;  /* first block whose `before` must be walked again; NONE: none */
    uint32_t len;    /* entries */
};

/* Order of two facts whose SETs or prices have one time: < 0 when a's (source, id) is
 * less. */
typedef int timeline_order_fn(const void *self, uint32_t a, uint32_t b);

struct timeline_order {
    timeline_order_fn *compare;
    const void *self;
};

void timeline_init(struct timeline *t);

/* Blocks one insert may take. */
#define TIMELINE_BLOCKS_PER_INSERT 1

void timeline_insert(struct timeline *t, struct pool *blocks, struct entry entry,
                     struct timeline_order order);

/* Takes out the entry of this fact, time and kind; false when there is none. */
bool timeline_remove(struct timeline *t, struct pool *blocks, int64_t time, uint32_t fact,
                     enum entry_kind kind);

/* Gives the entry of this fact, time and kind another value; false when there is none. */
bool timeline_replace(struct timeline *t, struct pool *blocks, int64_t time,
                      uint32_t fact, enum entry_kind kind, int128_t value);

/* A place between entries. block INDEX_NONE: behind the last one. */
struct timeline_place {
    uint32_t block, index;
};

/* The first entry with a time above `time`. */
struct timeline_place timeline_after(struct timeline *t, const struct pool *blocks,
                                     int64_t time);

/* The entry at `place`; NULL behind the last one. */
static inline const struct entry *timeline_entry(const struct pool *blocks,
                                                 struct timeline_place place)
{
    if (place.block == INDEX_NONE)
        return NULL;
    return &((const struct block *)pool_at(blocks, place.block))->entries[place.index];
}

static inline struct timeline_place timeline_next(const struct pool *blocks,
                                                  struct timeline_place place)
{
    const struct block *b = pool_at(blocks, place.block);

    if (place.index + 1 < b->len)
        return (struct timeline_place){place.block, place.index + 1};
    return (struct timeline_place){b->next, 0};
}
/* Moves `place` one entry back and gives that entry; NULL: it was at the start. */
const struct entry *timeline_back(const struct timeline *t, const struct pool *blocks,
                                  struct timeline_place *place);

#endif
