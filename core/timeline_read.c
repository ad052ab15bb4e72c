/* Reading a timeline: entry by entry, and a whole stretch at once from the runs that are
 * kept at its blocks. */
#include "timeline.h"

#include <assert.h>

static struct leaf *leaf_at(const struct timeline_pools *p, uint32_t index)
{
    return pool_at(&p->leaves, index);
}

static struct node *node_at(const struct timeline_pools *p, uint32_t index)
{
    return pool_at(&p->nodes, index);
}

static bool stands_before(const struct entry *e, struct timeline_bound bound)
{
    return e->time != bound.time ? e->time < bound.time : e->kind < bound.kind;
}

/* How many of the entries stand before the bound. */
static uint32_t rank_of(const struct entry *entries, uint32_t len,
                        struct timeline_bound bound)
{
    uint32_t low = 0;

    while (low < len) {
        uint32_t middle = low + (len - low) / 2;

        if (stands_before(&entries[middle], bound))
            low = middle + 1;
        else
            len = middle;
    }
    return low;
}

/* --- entry by entry ----------------------------------------------------------------- */

struct timeline_place timeline_find(const struct timeline *t,
                                    const struct timeline_pools *p,
                                    struct timeline_bound bound)
{
    uint32_t at = t->root;

    if (at == INDEX_NONE)
        return (struct timeline_place){INDEX_NONE, 0};
    for (unsigned level = 0; level < t->height; level++) {
        const struct node *n = node_at(p, at);

        at = n->child[rank_of(n->first + 1, n->len - 1, bound)];
    }
    const struct leaf *l = leaf_at(p, at);
    uint32_t index = rank_of(l->entries, l->len, bound);

    if (index < l->len)
        return (struct timeline_place){at, index};
    return (struct timeline_place){l->next, 0};
}

static uint32_t last_leaf(const struct timeline *t, const struct timeline_pools *p)
{
    uint32_t at = t->root;

    for (unsigned level = 0; level < t->height; level++)
        at = node_at(p, at)->child[node_at(p, at)->len - 1];
    return at;
}

const struct entry *timeline_back(const struct timeline *t,
                                  const struct timeline_pools *p,
                                  struct timeline_place *place)
{
    if (t->root == INDEX_NONE)
        return NULL;
    if (place->leaf == INDEX_NONE || place->index == 0) {
        uint32_t leaf =
            place->leaf == INDEX_NONE ? last_leaf(t, p) : leaf_at(p, place->leaf)->prev;

        if (leaf == INDEX_NONE)
            return NULL;
        *place = (struct timeline_place){leaf, leaf_at(p, leaf)->len};
    }
    place->index--;
    return timeline_entry(p, *place);
}

/* --- a stretch at once ---------------------------------------------------------------
 */

/* The part of a fold within one block. */
struct stretch {
    struct timeline_pools *p;
    const struct lens *lens;
    struct run *run;
    struct timeline_bound from, to;
};

static void enter_range(const struct stretch *s, struct run *run, const struct leaf *l,
                        uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to; i++) {
        const struct entry *e = &l->entries[i];

        run_enter(run, e,
                  s->lens != NULL ? s->lens->value(s->lens->self, e)
                                  : entry_value(e, &s->p->wides));
    }
}

/* Whether the kept run is that of the entries for these rates; if not, it is begun anew.
 */
static bool is_kept(struct run *run, bool *fresh, int128_t use_rate, int128_t supply_rate)
{
    if (*fresh && run->use_in == use_rate && run->supply_in == supply_rate)
        return true;
    *run = run_begin(use_rate, supply_rate);
    *fresh = true;
    return false;
}

/* The run of the whole block `at`, `height` levels above the leaves, for these rates. */
static const struct run *block_run(const struct stretch *s, uint32_t at, unsigned height,
                                   int128_t use_rate, int128_t supply_rate)
{
    enum reading_way way = s->lens != NULL ? READ_LENS : READ_PLAIN;

    if (height == 0) {
        struct leaf *l = leaf_at(s->p, at);

        if (!is_kept(&l->run[way], &l->fresh[way], use_rate, supply_rate))
            enter_range(s, &l->run[way], l, 0, l->len);
        return &l->run[way];
    }
    struct node *n = node_at(s->p, at);
    struct run *run = &n->run[way];

    if (is_kept(run, &n->fresh[way], use_rate, supply_rate))
        return run;
    for (uint32_t i = 0; i < n->len; i++)
        run_append(
            run, block_run(s, n->child[i], height - 1, run->use_rate, run->supply_rate));
    return run;
}

/* `begun`, `ends`: all of the block is known to stand behind `from`, before `to`. */
static void fold_block(const struct stretch *s, uint32_t at, unsigned height, bool begun,
                       bool ends)
{
    if (begun && ends) {
        run_append(s->run,
                   block_run(s, at, height, s->run->use_rate, s->run->supply_rate));
        return;
    }
    if (height == 0) {
        const struct leaf *l = leaf_at(s->p, at);

        enter_range(s, s->run, l, begun ? 0 : rank_of(l->entries, l->len, s->from),
                    ends ? l->len : rank_of(l->entries, l->len, s->to));
        return;
    }
    const struct node *n = node_at(s->p, at);
    uint32_t first = begun ? 0 : rank_of(n->first + 1, n->len - 1, s->from);
    uint32_t last = ends ? n->len - 1 : rank_of(n->first + 1, n->len - 1, s->to);

    for (uint32_t i = first; i <= last; i++)
        fold_block(s, n->child[i], height - 1, begun || i > first, ends || i < last);
}

void timeline_fold(struct timeline *t, struct timeline_pools *p, const struct lens *lens,
                   struct run *run, struct timeline_bound from, struct timeline_bound to)
{
    const struct stretch s = {p, lens, run, from, to};

    assert(from.time < to.time || (from.time == to.time && from.kind <= to.kind));
    if (t->root != INDEX_NONE)
        fold_block(&s, t->root, t->height, from.time == INT64_MIN, false);
}
