/* The tree of a series' ticks. A leaf from which ticks are taken stays, also when it is
 * empty: prices are revised rarely, and nearly never withdrawn. Knows nothing of what
 * ticks mean. */
#include "ticks.h"

#include "shortfall/core/timestamp.h"

#include <assert.h>
#include <string.h>

void tick_pools_init(struct tick_pools *p, struct budget *budget)
{
    pool_init(&p->leaves, budget, sizeof(struct tick_leaf));
    pool_init(&p->nodes, budget, sizeof(struct tick_node));
    p->tallest = 0;
}

void tick_pools_free(struct tick_pools *p)
{
    pool_free(&p->leaves);
    pool_free(&p->nodes);
}

/* Each insert may split a leaf and every node above it. */
enum status tick_pools_reserve(struct tick_pools *p, size_t inserts)
{
    enum status st = pool_reserve(&p->leaves, inserts);

    return st == ST_OK ? pool_reserve(&p->nodes, inserts * (p->tallest + (size_t)1)) : st;
}

void ticks_init(struct ticks *t)
{
    *t = (struct ticks){.root = INDEX_NONE};
}

static struct tick_leaf *leaf_of(const struct tick_pools *p, uint32_t index)
{
    return pool_at(&p->leaves, index);
}

static struct tick_node *node_of(const struct tick_pools *p, uint32_t index)
{
    return pool_at(&p->nodes, index);
}

/* --- by time and who --------------------------------------------------------------- */

struct tick_key {
    int64_t time;
    uint32_t who;
    struct tick_order order;
};

/* Whether the key stands before the tick of `time` and `who`. */
static bool key_before(const struct tick_key *key, int64_t time, uint32_t who)
{
    if (key->time != time)
        return key->time < time;
    return key->who != who &&
           key->order.compare(key->order.self, key->who, who, time) < 0;
}

/* How many of the ticks stand at or before the key. The next price is the latest one,
 * more often than not. */
static uint32_t rank_of_key(const int64_t *times, const uint32_t *whos, uint32_t len,
                            const struct tick_key *key)
{
    uint32_t low = 0;

    if (len > 0 && times[len - 1] < key->time)
        return len;
    while (low < len) {
        uint32_t middle = low + (len - low) / 2;

        if (key_before(key, times[middle], whos[middle]))
            len = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* From the root to the leaf in which a key stands or would stand. */
struct tick_path {
    uint32_t nodes[TICK_HEIGHT_MAX]; /* nodes[0] is the root */
    uint32_t at[TICK_HEIGHT_MAX];    /* which child was taken */
    uint32_t leaf;
    uint32_t index; /* in the leaf: how many of its ticks stand at or before the key */
};

static struct tick_path path_to(const struct ticks *t, const struct tick_pools *p,
                                const struct tick_key *key)
{
    struct tick_path path;
    uint32_t at = t->root;

    for (unsigned level = 0; level < t->height; level++) {
        const struct tick_node *n = node_of(p, at);

        path.nodes[level] = at;
        path.at[level] = rank_of_key(n->time + 1, n->who + 1, n->len - 1, key);
        at = n->child[path.at[level]];
    }
    const struct tick_leaf *l = leaf_of(p, at);

    path.leaf = at;
    path.index = rank_of_key(l->time, l->who, l->len, key);
    return path;
}

/* --- putting in -------------------------------------------------------------------- */

static uint32_t leaf_make(struct tick_pools *p, uint32_t prev, uint32_t next)
{
    uint32_t index = pool_take_raw(&p->leaves);
    struct tick_leaf *l = leaf_of(p, index);

    l->prev = prev;
    l->next = next;
    l->len = 0;
    if (prev != INDEX_NONE)
        leaf_of(p, prev)->next = index;
    if (next != INDEX_NONE)
        leaf_of(p, next)->prev = index;
    return index;
}

/* Moves `len` ticks from one place to another, in one leaf or two. */
static void ticks_move(struct tick_leaf *to, uint32_t to_at, const struct tick_leaf *from,
                       uint32_t from_at, uint32_t len)
{
    memmove(to->who + to_at, from->who + from_at, len * sizeof to->who[0]);
    memmove(to->time + to_at, from->time + from_at, len * sizeof to->time[0]);
    memmove(to->published + to_at, from->published + from_at,
            len * sizeof to->published[0]);
    memmove(to->money + to_at, from->money + from_at, len * sizeof to->money[0]);
}

static void tick_write(struct tick_leaf *l, uint32_t at, const struct tick *tick)
{
    assert(l->len < LEAF_TICKS && at <= l->len);
    ticks_move(l, at + 1, l, at, l->len - at);
    l->who[at] = tick->who;
    l->time[at] = tick->time;
    l->published[at] = tick->published;
    l->money[at] = tick->money;
    l->len++;
}

struct tick_child {
    uint32_t index, who;
    int64_t time;
};

static void child_write(struct tick_node *n, uint32_t at, const struct tick_child *child)
{
    uint32_t behind = n->len - at;

    assert(n->len < TICK_CHILDREN && at <= n->len);
    memmove(n->child + at + 1, n->child + at, behind * sizeof n->child[0]);
    memmove(n->who + at + 1, n->who + at, behind * sizeof n->who[0]);
    memmove(n->time + at + 1, n->time + at, behind * sizeof n->time[0]);
    n->child[at] = child->index;
    n->who[at] = child->who;
    n->time[at] = child->time;
    n->len++;
}

/* A node of what stands behind `keep`, which `from` loses. */
static struct tick_child node_divide(struct tick_pools *p, uint32_t index, uint32_t keep)
{
    struct tick_child half = {.index = pool_take(&p->nodes)};
    struct tick_node *from = node_of(p, index);
    struct tick_node *to = node_of(p, half.index);

    to->len = from->len - keep;
    memcpy(to->child, from->child + keep, to->len * sizeof to->child[0]);
    memcpy(to->who, from->who + keep, to->len * sizeof to->who[0]);
    memcpy(to->time, from->time + keep, to->len * sizeof to->time[0]);
    from->len = keep;
    half.who = to->who[0];
    half.time = to->time[0];
    return half;
}

static void root_raise(struct ticks *t, struct tick_pools *p,
                       const struct tick_child *child)
{
    const struct tick_child old = {t->root, 0, INT64_MIN};
    uint32_t root = pool_take(&p->nodes);

    assert(t->height < TICK_HEIGHT_MAX - 1);
    child_write(node_of(p, root), 0, &old);
    child_write(node_of(p, root), 1, child);
    t->root = root;
    t->height++;
    if (t->height > p->tallest)
        p->tallest = t->height;
}

/* Hangs a new child behind the one that the path took, and divides nodes that are full:
 * one that is only appended to keeps all it has. */
static void child_add(struct ticks *t, struct tick_pools *p, const struct tick_path *path,
                      struct tick_child child)
{
    for (unsigned level = t->height; level > 0; level--) {
        uint32_t index = path->nodes[level - 1];
        uint32_t at = path->at[level - 1] + 1;

        if (node_of(p, index)->len < TICK_CHILDREN) {
            child_write(node_of(p, index), at, &child);
            return;
        }
        bool append = at == TICK_CHILDREN;
        uint32_t keep = append ? TICK_CHILDREN : TICK_CHILDREN / 2;
        struct tick_child half = node_divide(p, index, keep);

        if (append) {
            half.who = child.who;
            half.time = child.time;
        }
        if (append || at > keep)
            child_write(node_of(p, half.index), at - keep, &child);
        else
            child_write(node_of(p, index), at, &child);
        child = half;
    }
    root_raise(t, p, &child);
}

static void leaf_divide(struct ticks *t, struct tick_pools *p,
                        const struct tick_path *path, const struct tick *tick)
{
    struct tick_leaf *from = leaf_of(p, path->leaf);
    bool append = path->index == from->len && from->next == INDEX_NONE;
    uint32_t keep = append ? from->len : from->len / 2;
    uint32_t fresh = leaf_make(p, path->leaf, from->next);
    struct tick_leaf *to = leaf_of(p, fresh);

    to->len = from->len - keep;
    ticks_move(to, 0, from, keep, to->len);
    from->len = keep;
    if (append || path->index > keep)
        tick_write(to, path->index - keep, tick);
    else
        tick_write(from, path->index, tick);
    child_add(t, p, path, (struct tick_child){fresh, to->who[0], to->time[0]});
}

/* --- one tick ----------------------------------------------------------------------- */

static struct tick tick_read(const struct tick_leaf *l, uint32_t at)
{
    return (struct tick){l->time[at], l->published[at], l->money[at], l->who[at]};
}

/* It is the last of those at or before its key, where it is there at all. */
static bool path_ends_at(const struct tick_pools *p, const struct tick_path *path,
                         int64_t time, uint32_t who)
{
    const struct tick_leaf *l = leaf_of(p, path->leaf);

    return path->index > 0 && l->time[path->index - 1] == time &&
           l->who[path->index - 1] == who;
}

bool ticks_insert(struct ticks *t, struct tick_pools *p, const struct tick *tick,
                  struct tick_order order, struct tick *old)
{
    const struct tick_key key = {tick->time, tick->who, order};

    if (t->root == INDEX_NONE)
        t->root = leaf_make(p, INDEX_NONE, INDEX_NONE);
    struct tick_path path = path_to(t, p, &key);
    struct tick_leaf *l = leaf_of(p, path.leaf);
    bool append = path.index == l->len && l->next == INDEX_NONE;

    if (path_ends_at(p, &path, tick->time, tick->who)) {
        *old = tick_read(l, path.index - 1);
        return false;
    }
    if (l->len < (append ? LEAF_TICKS_FULL : LEAF_TICKS))
        tick_write(l, path.index, tick);
    else
        leaf_divide(t, p, &path, tick);
    return true;
}

bool ticks_find(const struct ticks *t, const struct tick_pools *p, int64_t time,
                uint32_t who, struct tick_order order, struct tick *out)
{
    const struct tick_key key = {time, who, order};

    if (t->root == INDEX_NONE)
        return false;
    struct tick_path path = path_to(t, p, &key);

    if (!path_ends_at(p, &path, time, who))
        return false;
    *out = tick_read(leaf_of(p, path.leaf), path.index - 1);
    return true;
}

void ticks_remove(struct ticks *t, struct tick_pools *p, int64_t time, uint32_t who,
                  struct tick_order order)
{
    const struct tick_key key = {time, who, order};
    struct tick_path path = path_to(t, p, &key);
    struct tick_leaf *l = leaf_of(p, path.leaf);

    assert(path_ends_at(p, &path, time, who));
    ticks_move(l, path.index - 1, l, path.index, l->len - path.index);
    l->len--;
}

/* --- by time alone ------------------------------------------------------------------ */

/* How many of the times are at or before `time`. */
static uint32_t rank_of_time(const int64_t *times, uint32_t len, int64_t time)
{
    uint32_t low = 0;

    if (len > 0 && times[len - 1] <= time)
        return len;
    while (low < len) {
        uint32_t middle = low + (len - low) / 2;

        if (times[middle] <= time)
            low = middle + 1;
        else
            len = middle;
    }
    return low;
}

/* The leaf in which the last tick at or before `time` stands, unless it is empty there.
 */
static const struct tick_leaf *leaf_at_time(const struct ticks *t,
                                            const struct tick_pools *p, int64_t time)
{
    uint32_t at = t->root;

    for (unsigned level = 0; level < t->height; level++) {
        const struct tick_node *n = node_of(p, at);

        at = n->child[rank_of_time(n->time + 1, n->len - 1, time)];
    }
    return leaf_of(p, at);
}

bool ticks_latest(const struct ticks *t, const struct tick_pools *p, int64_t time,
                  struct tick *out)
{
    if (t->root == INDEX_NONE)
        return false;
    const struct tick_leaf *l = leaf_at_time(t, p, time);
    uint32_t rank = rank_of_time(l->time, l->len, time);

    while (rank == 0 && l->prev != INDEX_NONE) {
        l = leaf_of(p, l->prev);
        rank = l->len;
    }
    if (rank == 0)
        return false;
    *out = tick_read(l, rank - 1);
    return true;
}

int64_t ticks_next_time(const struct ticks *t, const struct tick_pools *p, int64_t time)
{
    if (t->root == INDEX_NONE)
        return TIME_NONE;
    const struct tick_leaf *l = leaf_at_time(t, p, time);
    uint32_t rank = rank_of_time(l->time, l->len, time);

    while (rank == l->len && l->next != INDEX_NONE) {
        l = leaf_of(p, l->next);
        rank = 0;
    }
    return rank < l->len ? l->time[rank] : TIME_NONE;
}
