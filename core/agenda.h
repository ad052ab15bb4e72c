/* An agenda: items by the instant at which each must be looked at again, the earliest
 * first. A binary heap that knows where each item stands. */
#ifndef SHORTFALL_CORE_AGENDA_H
#define SHORTFALL_CORE_AGENDA_H

#include "pool.h"

struct agenda_item {
    int64_t due;
    uint64_t rank; /* order of items that are due at one instant */
    uint32_t item;
};

/* Where the item notes its place in the heap; INDEX_NONE: not in it. */
typedef uint32_t *agenda_place_fn(void *self, uint32_t item);

struct agenda {
    struct budget *budget;
    struct agenda_item *heap;
    size_t size_bytes, max;
    uint32_t len;
    agenda_place_fn *place;
    void *self;
};

void agenda_init(struct agenda *a, struct budget *budget, agenda_place_fn *place,
                 void *self);
void agenda_free(struct agenda *a);
/* Room for so many items in all. */
MUST_USE enum status agenda_reserve(struct agenda *a, size_t items);

/* Puts the item in, or moves it; due TIME_NONE takes it out. Room was reserved. */
void agenda_put(struct agenda *a, struct agenda_item item);

/* NULL: nothing is due, ever. */
static inline const struct agenda_item *agenda_first(const struct agenda *a)
{
    return a->len == 0 ? NULL : &a->heap[0];
}

#endif
