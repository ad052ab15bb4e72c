/* Entries in order of time, in blocks. Knows nothing of what entries mean. */
#include "timeline.h"

#include <assert.h>
#include <string.h>

void timeline_init(struct timeline *t)
{
    *t = (struct timeline){INDEX_NONE, INDEX_NONE, INDEX_NONE, INDEX_NONE, 0};
}

static struct block *block_at(const struct pool *blocks, uint32_t index)
{
    return pool_at(blocks, index);
}

static int64_t block_first_time(const struct pool *blocks, uint32_t index)
{
    return block_at(blocks, index)->entries[0].time;
}

/* The last block that begins at or before `time`, or the first block. A timeline without
 * entries has no block. */
static uint32_t block_for(struct timeline *t, const struct pool *blocks, int64_t time)
{
    uint32_t at = t->finger;

    while (block_first_time(blocks, at) > time &&
           block_at(blocks, at)->prev != INDEX_NONE)
        at = block_at(blocks, at)->prev;
    for (uint32_t next = block_at(blocks, at)->next;
         next != INDEX_NONE && block_first_time(blocks, next) <= time;
         next = block_at(blocks, at)->next)
        at = next;
    t->finger = at;
    return at;
}

static int entry_compare(const struct entry *a, const struct entry *b,
                         struct timeline_order order)
{
    if (a->time != b->time)
        return a->time < b->time ? -1 : 1;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->kind == ENTRY_SET || a->kind == ENTRY_PRICE)
        return order.compare(order.self, a->fact, b->fact);
    return 0;
}

/* Everything behind the start of `index` must be walked again. */
static void mark_stale(struct timeline *t, const struct pool *blocks, uint32_t index)
{
    if (index == INDEX_NONE)
        return;
    if (t->stale == INDEX_NONE ||
        block_first_time(blocks, index) <= block_first_time(blocks, t->stale)) {
        /* Of two blocks with one first time the earlier in the chain must win. */
        t->stale = index;
        uint32_t prev = block_at(blocks, index)->prev;

        while (prev != INDEX_NONE &&
               block_first_time(blocks, prev) == block_first_time(blocks, index)) {
            t->stale = prev;
            prev = block_at(blocks, prev)->prev;
        }
    }
}

static uint32_t block_new(struct pool *blocks, uint32_t prev, uint32_t next)
{
    uint32_t index = pool_take(blocks);
    struct block *b = block_at(blocks, index);

    b->prev = prev;
    b->next = next;
    b->before.set_time = TIME_NONE;
    b->before.time = TIME_NONE;
    if (prev != INDEX_NONE)
        block_at(blocks, prev)->next = index;
    if (next != INDEX_NONE)
        block_at(blocks, next)->prev = index;
    return index;
}

/* Moves the upper half of a full block into a new one behind it; a block that is only
 * appended to keeps all it has, so that events in order fill their blocks. */
static uint32_t block_split(struct timeline *t, struct pool *blocks, uint32_t index,
                            uint32_t keep)
{
    uint32_t fresh = block_new(blocks, index, block_at(blocks, index)->next);
    struct block *from = block_at(blocks, index);
    struct block *to = block_at(blocks, fresh);

    to->len = from->len - keep;
    memcpy(to->entries, from->entries + keep, to->len * sizeof to->entries[0]);
    from->len = keep;
    if (t->last == index)
        t->last = fresh;
    return fresh;
}

static void block_insert(struct block *b, uint32_t at, struct entry entry)
{
    assert(b->len < BLOCK_ENTRIES && at <= b->len);
    memmove(b->entries + at + 1, b->entries + at, (b->len - at) * sizeof entry);
    b->entries[at] = entry;
    b->len++;
}

/* Entries of one instant may lie over several blocks: the block in which `entry` belongs
 * is found by its full order, from the end of those that begin at or before its time. */
static uint32_t place_for(struct timeline *t, const struct pool *blocks,
                          const struct entry *entry, struct timeline_order order,
                          uint32_t *at)
{
    uint32_t index = block_for(t, blocks, entry->time);
    struct block *b = block_at(blocks, index);

    while (b->prev != INDEX_NONE && entry_compare(entry, &b->entries[0], order) < 0) {
        index = b->prev;
        b = block_at(blocks, index);
    }
    uint32_t place = b->len;

    while (place > 0 && entry_compare(entry, &b->entries[place - 1], order) < 0)
        place--;
    *at = place;
    return index;
}

void timeline_insert(struct timeline *t, struct pool *blocks, struct entry entry,
                     struct timeline_order order)
{
    t->len++;
    if (t->first == INDEX_NONE) {
        uint32_t index = block_new(blocks, INDEX_NONE, INDEX_NONE);

        t->first = t->last = t->finger = index;
        block_insert(block_at(blocks, index), 0, entry);
        return;
    }
    uint32_t at;
    uint32_t index = place_for(t, blocks, &entry, order, &at);

    if (block_at(blocks, index)->len == BLOCK_ENTRIES) {
        bool append = at == BLOCK_ENTRIES && index == t->last;
        uint32_t keep = append ? BLOCK_ENTRIES : BLOCK_ENTRIES / 2;
        uint32_t fresh = block_split(t, blocks, index, keep);

        if (at > keep || append) {
            index = fresh;
            at -= keep;
        }
        block_insert(block_at(blocks, index), at, entry);
        mark_stale(t, blocks, fresh); /* its `before` was never walked */
    } else {
        block_insert(block_at(blocks, index), at, entry);
    }
    mark_stale(t, blocks, block_at(blocks, index)->next);
}

static void block_unlink(struct timeline *t, struct pool *blocks, uint32_t index)
{
    struct block *b = block_at(blocks, index);

    if (b->prev != INDEX_NONE)
        block_at(blocks, b->prev)->next = b->next;
    else
        t->first = b->next;
    if (b->next != INDEX_NONE)
        block_at(blocks, b->next)->prev = b->prev;
    else
        t->last = b->prev;
    if (t->stale == index)
        t->stale = b->next;
    t->finger = b->prev != INDEX_NONE ? b->prev : b->next;
    if (b->prev == INDEX_NONE && b->next != INDEX_NONE) {
        /* The new first block begins from nothing, as every first block. */
        block_at(blocks, b->next)->before =
            (struct path_state){.time = TIME_NONE, .set_time = TIME_NONE};
        if (t->stale == b->next)
            t->stale = block_at(blocks, b->next)->next;
    }
    pool_give(blocks, index);
}

/* Where the entry of this fact, time and kind stands; block INDEX_NONE: nowhere. Entries
 * of one instant may lie over several blocks. */
static struct timeline_place find_entry(struct timeline *t, const struct pool *blocks,
                                        int64_t time, uint32_t fact, enum entry_kind kind)
{
    uint32_t index = t->first == INDEX_NONE ? INDEX_NONE : block_for(t, blocks, time);

    while (index != INDEX_NONE) {
        const struct block *b = block_at(blocks, index);

        for (uint32_t i = b->len; i > 0 && b->entries[i - 1].time >= time; i--) {
            const struct entry *e = &b->entries[i - 1];

            if (e->time == time && e->fact == fact && e->kind == kind)
                return (struct timeline_place){index, i - 1};
        }
        if (b->entries[0].time < time)
            break;
        index = b->prev;
    }
    return (struct timeline_place){INDEX_NONE, 0};
}

bool timeline_remove(struct timeline *t, struct pool *blocks, int64_t time, uint32_t fact,
                     enum entry_kind kind)
{
    struct timeline_place place = find_entry(t, blocks, time, fact, kind);

    if (place.block == INDEX_NONE)
        return false;
    struct block *b = block_at(blocks, place.block);
    struct entry *e = &b->entries[place.index];

    memmove(e, e + 1, (b->len - place.index - 1) * sizeof *e);
    b->len--;
    t->len--;
    mark_stale(t, blocks, b->next);
    if (b->len == 0)
        block_unlink(t, blocks, place.block);
    return true;
}

bool timeline_replace(struct timeline *t, struct pool *blocks, int64_t time,
                      uint32_t fact, enum entry_kind kind, int128_t value)
{
    struct timeline_place place = find_entry(t, blocks, time, fact, kind);

    if (place.block == INDEX_NONE)
        return false;
    struct block *b = block_at(blocks, place.block);

    b->entries[place.index].value = value;
    mark_stale(t, blocks, b->next);
    return true;
}

struct timeline_place timeline_after(struct timeline *t, const struct pool *blocks,
                                     int64_t time)
{
    if (t->first == INDEX_NONE)
        return (struct timeline_place){INDEX_NONE, 0};
    uint32_t index = block_for(t, blocks, time);
    const struct block *b = block_at(blocks, index);
    uint32_t low = 0;
    uint32_t high = b->len;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (b->entries[middle].time <= time)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < b->len)
        return (struct timeline_place){index, low};
    return (struct timeline_place){b->next, 0};
}

const struct entry *timeline_back(const struct timeline *t, const struct pool *blocks,
                                  struct timeline_place *place)
{
    if (place->block == INDEX_NONE && t->last != INDEX_NONE)
        *place = (struct timeline_place){t->last, block_at(blocks, t->last)->len};
    else if (place->block != INDEX_NONE && place->index == 0) {
        uint32_t prev = block_at(blocks, place->block)->prev;

        *place = (struct timeline_place){
            prev, prev == INDEX_NONE ? 0 : block_at(blocks, prev)->len};
    }
    if (place->block == INDEX_NONE)
        return NULL;
    place->index--;
    return timeline_entry(blocks, *place);
}
