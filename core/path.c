/* Walking a path. Integers only: between two entries every figure is a straight line, so
 * the state at any microsecond is exact. */
#include "path.h"

#include <assert.h>

static const struct path_state path_start = {.time = TIME_NONE, .set_time = TIME_NONE};

/* All jumps of an instant are one jump: the lowest position counts it only when the
 * instant is over. */
static void state_close_instant(struct path_state *s)
{
    if (s->position < s->lowest)
        s->lowest = s->position;
}

static void state_accrue(struct path_state *s, int64_t time)
{
    if (s->time == time)
        return;
    state_close_instant(s);
    if (s->time != TIME_NONE) {
        int128_t span = (int128_t)time - s->time;

        s->position += (s->supply_rate - s->use_rate) * span;
        s->used += s->use_rate * span;
        s->supplied += s->supply_rate * span;
        state_close_instant(s); /* the value just before the jump counts too */
    }
    s->time = time;
}

static void state_set(struct path_state *s, int128_t level)
{
    state_close_instant(s);
    s->closed -= s->lowest; /* U of the segment that ends; a second SET here adds 0 */
    s->position = level;
    s->lowest = 0;
    s->set_time = s->time;
}

static void state_enter(struct path_state *s, const struct entry *e)
{
    state_accrue(s, e->time);
    switch ((enum entry_kind)e->kind) {
    case ENTRY_ADD:
    case ENTRY_SUPPLY_REST:
        s->position += e->value;
        s->supplied += e->value;
        return;
    case ENTRY_DIFFERENCE:
        s->position += e->value;
        return;
    case ENTRY_SUPPLY_RATE:
        s->supply_rate += e->value;
        return;
    case ENTRY_USE_RATE:
        s->use_rate += e->value;
        return;
    case ENTRY_USE_REST:
        s->position -= e->value;
        s->used += e->value;
        return;
    case ENTRY_SET:
        state_set(s, e->value);
        return;
    case ENTRY_PRICE:
        break;
    }
    assert(false); /* an entry that does not belong on a path */
}

/* Walks the stale blocks again as far as they begin at or before `time`. */
static void path_refresh(struct timeline *t, const struct pool *blocks, int64_t time)
{
    while (t->stale != INDEX_NONE) {
        struct block *b = pool_at(blocks, t->stale);

        if (b->entries[0].time > time)
            return;
        if (b->prev == INDEX_NONE) {
            b->before = path_start;
        } else {
            const struct block *prev = pool_at(blocks, b->prev);
            struct path_state s = prev->before;

            for (uint32_t i = 0; i < prev->len; i++)
                state_enter(&s, &prev->entries[i]);
            b->before = s;
        }
        t->stale = b->next;
    }
}

static struct path_state path_walk_to(struct timeline *t, const struct pool *blocks,
                                      int64_t time, bool sets_of_time)
{
    struct path_state s = path_start;

    path_refresh(t, blocks, time);
    struct timeline_place end = timeline_after(t, blocks, time);
    uint32_t index = end.block != INDEX_NONE ? end.block : t->last;

    /* Back to a block from whose start the whole of `time` lies ahead: with the SETs left
     * out, its entries must be walked one by one. */
    while (index != INDEX_NONE) {
        const struct block *b = pool_at(blocks, index);

        if (b->prev == INDEX_NONE || b->entries[0].time < time ||
            (sets_of_time && b->entries[0].time <= time)) {
            s = b->before;
            break;
        }
        index = b->prev;
    }
    for (struct timeline_place p = {index, 0};
         p.block != INDEX_NONE && timeline_entry(blocks, p)->time <= time;
         p = timeline_next(blocks, p)) {
        const struct entry *e = timeline_entry(blocks, p);

        if (e->time == time && e->kind == ENTRY_SET && !sets_of_time)
            continue;
        state_enter(&s, e);
    }
    state_accrue(&s, time);
    state_close_instant(&s);
    return s;
}

struct path_state path_at(struct timeline *t, const struct pool *blocks, int64_t time)
{
    return path_walk_to(t, blocks, time, true);
}

struct path_state path_before_set(struct timeline *t, const struct pool *blocks,
                                  int64_t time)
{
    return path_walk_to(t, blocks, time, false);
}

int128_t path_unmet_since_set(const struct path_state *s)
{
    return -s->lowest;
}

int128_t path_unmet(const struct path_state *s)
{
    return s->closed - s->lowest;
}

int128_t path_stock(const struct path_state *s)
{
    int128_t stock = s->position - s->lowest;

    assert(stock >= 0);
    return stock;
}

int64_t path_dry_at(const struct path_state *s)
{
    int128_t stock = path_stock(s);
    int128_t fall = s->use_rate - s->supply_rate;

    if (fall <= 0 || stock == 0)
        return TIME_NONE;
    int128_t span = (stock + fall - 1) / fall;

    return span > TIME_MAX - s->time ? TIME_NONE : s->time + (int64_t)span;
}

int64_t path_next_time(struct timeline *t, const struct pool *blocks, int64_t time)
{
    const struct entry *e = timeline_entry(blocks, timeline_after(t, blocks, time));

    return e == NULL ? TIME_NONE : e->time;
}

int64_t path_last_time(const struct timeline *t, const struct pool *blocks)
{
    struct timeline_place end = {INDEX_NONE, 0};
    const struct entry *e = timeline_back(t, blocks, &end);

    return e == NULL ? TIME_NONE : e->time;
}

struct path_walk path_walk_from(struct timeline *t, const struct pool *blocks,
                                const struct path_state *now)
{
    return (struct path_walk){.blocks = blocks,
                              .place = timeline_after(t, blocks, now->time),
                              .time = now->time,
                              .used = now->used,
                              .supplied = now->supplied,
                              .use_rate = now->use_rate,
                              .supply_rate = now->supply_rate};
}

int64_t path_walk_next(const struct path_walk *walk)
{
    const struct entry *e = timeline_entry(walk->blocks, walk->place);

    return e == NULL ? TIME_NONE : e->time;
}

void path_walk_accrue(struct path_walk *walk, int64_t time)
{
    int128_t span = (int128_t)time - walk->time;

    assert(span >= 0);
    walk->used += walk->use_rate * span;
    walk->supplied += walk->supply_rate * span;
    walk->time = time;
}

void path_walk_jump(struct path_walk *walk)
{
    for (;;) {
        const struct entry *e = timeline_entry(walk->blocks, walk->place);

        if (e == NULL || e->time != walk->time)
            return;
        switch ((enum entry_kind)e->kind) {
        case ENTRY_ADD:
        case ENTRY_SUPPLY_REST:
            walk->supplied += e->value;
            break;
        case ENTRY_USE_REST:
            walk->used += e->value;
            break;
        case ENTRY_SUPPLY_RATE:
            walk->supply_rate += e->value;
            break;
        case ENTRY_USE_RATE:
            walk->use_rate += e->value;
            break;
        case ENTRY_DIFFERENCE: /* stock reports ahead are not counted on */
        case ENTRY_SET:
        case ENTRY_PRICE:
            break;
        }
        walk->place = timeline_next(walk->blocks, walk->place);
    }
}
