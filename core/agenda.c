/* A plain binary heap; the items stand in it with their order, so that comparing two
 * never leaves the heap. */
#include "agenda.h"

#include "shortfall/core/timestamp.h"

#include <assert.h>

void agenda_init(struct agenda *a, struct budget *budget, agenda_place_fn *place,
                 void *self)
{
    *a = (struct agenda){.budget = budget, .place = place, .self = self};
}

void agenda_free(struct agenda *a)
{
    void *heap = a->heap;

    budget_free(a->budget, &heap, &a->size_bytes);
    agenda_init(a, a->budget, a->place, a->self);
}

enum status agenda_reserve(struct agenda *a, size_t items)
{
    void *heap = a->heap;

    if (items <= a->max)
        return ST_OK;
    size_t max = items + items / 4;
    enum status st =
        budget_resize(a->budget, &heap, &a->size_bytes, max, sizeof a->heap[0]);

    if (st)
        return st;
    a->heap = heap;
    a->max = max;
    return ST_OK;
}

static bool stands_before(const struct agenda_item *a, const struct agenda_item *b)
{
    return a->due != b->due ? a->due < b->due : a->rank < b->rank;
}

static void put_at(struct agenda *a, uint32_t at, struct agenda_item item)
{
    a->heap[at] = item;
    *a->place(a->self, item.item) = at;
}

static void sift_up(struct agenda *a, uint32_t at, struct agenda_item item)
{
    while (at > 0 && stands_before(&item, &a->heap[(at - 1) / 2])) {
        put_at(a, at, a->heap[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    put_at(a, at, item);
}

static void sift_down(struct agenda *a, uint32_t at, struct agenda_item item)
{
    for (;;) {
        uint32_t child = 2 * at + 1;

        if (child >= a->len)
            break;
        if (child + 1 < a->len && stands_before(&a->heap[child + 1], &a->heap[child]))
            child++;
        if (!stands_before(&a->heap[child], &item))
            break;
        put_at(a, at, a->heap[child]);
        at = child;
    }
    put_at(a, at, item);
}

static void settle_at(struct agenda *a, uint32_t at, struct agenda_item item)
{
    if (at > 0 && stands_before(&item, &a->heap[(at - 1) / 2]))
        sift_up(a, at, item);
    else
        sift_down(a, at, item);
}

void agenda_put(struct agenda *a, struct agenda_item item)
{
    uint32_t *place = a->place(a->self, item.item);
    uint32_t at = *place;

    if (item.due == TIME_NONE && at == INDEX_NONE)
        return;
    if (item.due == TIME_NONE) {
        struct agenda_item last = a->heap[--a->len];

        *place = INDEX_NONE;
        if (at < a->len)
            settle_at(a, at, last);
        return;
    }
    if (at == INDEX_NONE) {
        assert(a->len < a->max);
        at = a->len++;
    }
    settle_at(a, at, item);
}
