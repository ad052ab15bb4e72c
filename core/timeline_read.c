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
    struct run *spare; /* of a leaf, seen through the lens */
    struct timeline_bound from, to;
};

static void enter_range(const struct stretch *s, struct run *run, const struct leaf *l,
                        uint32_t from, uint32_t to)
{
    while (from < to) {
        const struct entry *e = &l->entries[from];
        uint32_t adds = s->lens == NULL ? run_enter_adds(run, e, to - from) : 0;

        if (adds == 0)
            run_enter(run, e,
                      s->lens != NULL ? s->lens->value(s->lens->self, e)
                                      : entry_value(e, &s->p->wides));
        from += adds > 0 ? adds : 1;
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

static const struct run *leaf_run(const struct stretch *s, uint32_t leaf,
                                  int128_t use_rate, int128_t supply_rate)
{
    struct leaf *l = leaf_at(s->p, leaf);
    struct run *run = s->lens != NULL ? s->spare : &l->run;
    bool none = false;

    if (!is_kept(run, s->lens != NULL ? &none : &l->fresh, use_rate, supply_rate))
        enter_range(s, run, l, 0, l->len);
    return run;
}

/* A node whose run is being made, and how many of its children are in it. */
struct made {
    uint32_t node, children;
};

/* The run of the whole block `at`, `height` levels above the leaves, for these rates. The
 * nodes on the way down whose runs must be made anew wait in a list of their own. */
static const struct run *block_run(const struct stretch *s, uint32_t at, unsigned height,
                                   int128_t use_rate, int128_t supply_rate)
{
    enum reading_way way = s->lens != NULL ? READ_LENS : READ_PLAIN;
    struct made made[HEIGHT_MAX];
    unsigned depth = 0;

    for (;;) {
        const struct run *done = NULL;

        if (height == depth) {
            done = leaf_run(s, at, use_rate, supply_rate);
        } else {
            struct node *n = node_at(s->p, at);

            if (is_kept(&n->run[way], &n->fresh[way], use_rate, supply_rate))
                done = &n->run[way];
            else
                made[depth++] = (struct made){at, 0};
        }
        while (done != NULL && depth > 0) { /* up, to the node that has more children */
            struct node *n = node_at(s->p, made[depth - 1].node);

            run_append(&n->run[way], done);
            done = ++made[depth - 1].children == n->len ? &n->run[way] : NULL;
            depth -= done != NULL;
        }
        if (done != NULL)
            return done;
        const struct node *n = node_at(s->p, made[depth - 1].node);

        at = n->child[made[depth - 1].children];
        use_rate = n->run[way].use_rate;
        supply_rate = n->run[way].supply_rate;
    }
}

/* A block that the fold has before it. `begun`, `ends`: all of it is known to stand
 * behind `from`, before `to`. */
struct ahead {
    uint32_t at;
    uint8_t height;
    bool begun, ends;
};

#define AHEAD_MAX ((size_t)HEIGHT_MAX * NODE_CHILDREN)

static void fold_leaf(const struct stretch *s, const struct ahead *b)
{
    const struct leaf *l = leaf_at(s->p, b->at);

    enter_range(s, s->run, l, b->begun ? 0 : rank_of(l->entries, l->len, s->from),
                b->ends ? l->len : rank_of(l->entries, l->len, s->to));
}

/* The node's children that the fold meets, the first one on top. */
static size_t add_children(const struct stretch *s, const struct ahead *b,
                           struct ahead *list, size_t len)
{
    const struct node *n = node_at(s->p, b->at);
    uint32_t first = b->begun ? 0 : rank_of(n->first + 1, n->len - 1, s->from);
    uint32_t last = b->ends ? n->len - 1 : rank_of(n->first + 1, n->len - 1, s->to);

    for (uint32_t i = last + 1; i > first; i--) {
        assert(len < AHEAD_MAX);
        list[len++] = (struct ahead){n->child[i - 1], (uint8_t)(b->height - 1),
                                     b->begun || i - 1 > first, b->ends || i - 1 < last};
    }
    return len;
}

void timeline_fold(struct timeline *t, struct timeline_pools *p, const struct lens *lens,
                   struct run *run, struct timeline_bound from, struct timeline_bound to)
{
    struct run spare;
    const struct stretch s = {p, lens, run, &spare, from, to};
    struct ahead list[AHEAD_MAX];
    size_t len = 0;

    assert(from.time < to.time || (from.time == to.time && from.kind <= to.kind));
    if (t->root != INDEX_NONE)
        list[len++] = (struct ahead){t->root, t->height, from.time == INT64_MIN, false};
    while (len > 0) {
        const struct ahead b = list[--len];

        if (b.begun && b.ends)
            run_append(run,
                       block_run(&s, b.at, b.height, run->use_rate, run->supply_rate));
        else if (b.height == 0)
            fold_leaf(&s, &b);
        else
            len = add_children(&s, &b, list, len);
    }
}
