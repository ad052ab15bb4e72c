/* The tree of a timeline: where entries go, how blocks split and vanish. Knows nothing of
 * what entries mean. A block that loses entries is not joined with its neighbours before
 * it is empty: facts are revised far more often than they are withdrawn. */
#include "timeline.h"

#include <assert.h>
#include <string.h>

void timeline_pools_init(struct timeline_pools *p, struct budget *budget)
{
    pool_init(&p->leaves, budget, sizeof(struct leaf));
    pool_init(&p->nodes, budget, sizeof(struct node));
    pool_init(&p->wides, budget, sizeof(int128_t));
    p->tallest = 0;
}

void timeline_pools_free(struct timeline_pools *p)
{
    pool_free(&p->leaves);
    pool_free(&p->nodes);
    pool_free(&p->wides);
}

/* Each insert may split a leaf and every node above it. */
enum status timeline_pools_reserve(struct timeline_pools *p, size_t inserts)
{
    enum status st = pool_reserve(&p->leaves, inserts);

    if (st == ST_OK)
        st = pool_reserve(&p->nodes, inserts * (p->tallest + (size_t)1));
    if (st == ST_OK)
        st = pool_reserve(&p->wides, inserts);
    return st;
}

void timeline_init(struct timeline *t)
{
    *t = (struct timeline){.root = INDEX_NONE};
}

static struct leaf *leaf_at(const struct timeline_pools *p, uint32_t index)
{
    return pool_at(&p->leaves, index);
}

static struct node *node_at(const struct timeline_pools *p, uint32_t index)
{
    return pool_at(&p->nodes, index);
}

/* --- order ------------------------------------------------------------------------ */

/* Of one time: by kind, then by fact: by name where the order of facts means something.
 */
static int compare_of_time(struct entry_key key, const struct entry *e,
                           struct timeline_order order)
{
    if ((uint8_t)key.kind != e->kind)
        return (uint8_t)key.kind < e->kind ? -1 : 1;
    if (key.fact == e->fact)
        return (int)key.commodity - (int)e->commodity;
    if (key.kind == ENTRY_SET) {
        int names = order.compare(order.self, key.fact, e->fact);

        if (names != 0)
            return names;
    }
    return key.fact < e->fact ? -1 : 1;
}

/* How many of the entries stand before the key. Nearly always their times decide. */
static inline uint32_t rank_of(const struct entry *entries, uint32_t len,
                               struct entry_key key, struct timeline_order order)
{
    const struct entry *from = entries;

    /* Reports come in order more often than not. */
    if (len > 0 && entries[len - 1].time < key.time)
        return len;
    while (len > 0) {
        const struct entry *middle = from + len / 2;

        if (middle->time < key.time ||
            (middle->time == key.time && compare_of_time(key, middle, order) > 0)) {
            from = middle + 1;
            len = (len - 1) / 2;
        } else {
            len /= 2;
        }
    }
    return (uint32_t)(from - entries);
}

/* --- the way down ------------------------------------------------------------------ */

static bool is_of_key(const struct entry *e, struct entry_key key)
{
    return e->time == key.time && e->fact == key.fact && e->kind == (uint8_t)key.kind &&
           e->commodity == key.commodity;
}

/* From the root to the leaf in which a key stands or would stand; nodes[0] is the root.
 */
struct descent {
    uint32_t nodes[HEIGHT_MAX];
    uint32_t at[HEIGHT_MAX]; /* which child was taken */
    uint32_t leaf;
    uint32_t index; /* in the leaf: how many of its entries stand before the key */
};

static struct descent descend(const struct timeline *t, const struct timeline_pools *p,
                              struct entry_key key, struct timeline_order order)
{
    struct descent d;
    uint32_t at = t->root;

    for (unsigned level = 0; level < t->height; level++) {
        const struct node *n = node_at(p, at);
        uint32_t child = rank_of(n->first + 1, n->len - 1, key, order);

        /* A key that is the first of its child stands in that child. */
        if (child + 1 < n->len && is_of_key(&n->first[child + 1], key))
            child++;
        d.nodes[level] = at;
        d.at[level] = child;
        at = n->child[child];
    }
    d.leaf = at;
    d.index = rank_of(leaf_at(p, at)->entries, leaf_at(p, at)->len, key, order);
    return d;
}

/* The runs above and at the leaf are not those of the entries any more. */
static void make_stale(const struct timeline *t, const struct timeline_pools *p,
                       const struct descent *d)
{
    leaf_at(p, d->leaf)->fresh = false;
    for (unsigned level = 0; level < t->height; level++) {
        for (unsigned way = 0; way < READ_WAYS; way++)
            node_at(p, d->nodes[level])->fresh[way] = false;
    }
}

/* --- putting in -------------------------------------------------------------------- */

static uint32_t leaf_new(struct timeline_pools *p, uint32_t prev, uint32_t next)
{
    uint32_t index = pool_take_raw(&p->leaves);
    struct leaf *l = leaf_at(p, index);

    l->prev = prev;
    l->next = next;
    l->len = 0;
    l->fresh = false;
    if (prev != INDEX_NONE)
        leaf_at(p, prev)->next = index;
    if (next != INDEX_NONE)
        leaf_at(p, next)->prev = index;
    return index;
}

static void node_put(struct node *n, uint32_t at, uint32_t child, struct entry first)
{
    assert(n->len < NODE_CHILDREN && at <= n->len);
    memmove(n->child + at + 1, n->child + at, (n->len - at) * sizeof n->child[0]);
    memmove(n->first + at + 1, n->first + at, (n->len - at) * sizeof n->first[0]);
    n->child[at] = child;
    n->first[at] = first;
    n->len++;
}

/* Moves what is behind `keep` into a new node, which is returned. */
static uint32_t node_split(struct timeline_pools *p, uint32_t index, uint32_t keep)
{
    uint32_t fresh = pool_take(&p->nodes);
    struct node *from = node_at(p, index);
    struct node *to = node_at(p, fresh);

    to->len = from->len - keep;
    memcpy(to->child, from->child + keep, to->len * sizeof to->child[0]);
    memcpy(to->first, from->first + keep, to->len * sizeof to->first[0]);
    from->len = keep;
    return fresh;
}

static void grow_root(struct timeline *t, struct timeline_pools *p, uint32_t child,
                      struct entry first)
{
    uint32_t root = pool_take(&p->nodes);

    assert(t->height < HEIGHT_MAX - 1);
    node_put(node_at(p, root), 0, t->root, (struct entry){.time = INT64_MIN});
    node_put(node_at(p, root), 1, child, first);
    t->root = root;
    t->height++;
    if (t->height > p->tallest)
        p->tallest = t->height;
}

/* Hangs a new child behind the one the descent took, splitting what is full. A node that
 * is only appended to keeps all it has, so that entries in order fill their blocks. */
static void add_child(struct timeline *t, struct timeline_pools *p,
                      const struct descent *d, uint32_t child, struct entry first)
{
    for (unsigned level = t->height; level > 0; level--) {
        uint32_t index = d->nodes[level - 1];
        uint32_t at = d->at[level - 1] + 1;
        struct node *n = node_at(p, index);

        if (n->len < NODE_CHILDREN) {
            node_put(n, at, child, first);
            return;
        }
        uint32_t keep = at == NODE_CHILDREN ? NODE_CHILDREN : NODE_CHILDREN / 2;
        uint32_t fresh = node_split(p, index, keep);
        struct entry boundary =
            keep == NODE_CHILDREN ? first : node_at(p, fresh)->first[0];

        if (at > keep || keep == NODE_CHILDREN)
            node_put(node_at(p, fresh), at - keep, child, first);
        else
            node_put(node_at(p, index), at, child, first);
        child = fresh;
        first = boundary;
    }
    grow_root(t, p, child, first);
}

static void leaf_put(struct leaf *l, uint32_t at, const struct entry *e)
{
    assert(l->len < LEAF_ENTRIES && at <= l->len);
    memmove(l->entries + at + 1, l->entries + at, (l->len - at) * sizeof *e);
    l->entries[at] = *e;
    l->len++;
}

static void leaf_split(struct timeline *t, struct timeline_pools *p,
                       const struct descent *d, const struct entry *e)
{
    struct leaf *from = leaf_at(p, d->leaf);
    bool append = d->index == LEAF_ENTRIES;
    /* Reports come in order, before the few that speak of the future: the entry before
     * which they come divides the leaf, so that they fill what is left of it. */
    uint32_t keep = d->index > LEAF_ENTRIES / 2 ? d->index : LEAF_ENTRIES / 2;
    uint32_t fresh = leaf_new(p, d->leaf, from->next);
    struct leaf *to = leaf_at(p, fresh);

    to->len = LEAF_ENTRIES - keep;
    memcpy(to->entries, from->entries + keep, to->len * sizeof to->entries[0]);
    from->len = keep;
    if (append)
        leaf_put(to, d->index - keep, e);
    else
        leaf_put(from, d->index, e);
    add_child(t, p, d, fresh, to->entries[0]);
}

static struct entry entry_make(struct timeline_pools *p, struct entry_key key,
                               int128_t value)
{
    struct entry e = {.time = key.time,
                      .fact = key.fact,
                      .kind = (uint8_t)key.kind,
                      .commodity = key.commodity};

    /* A difference is given other values later, which may be wide. */
    e.wide = key.kind == ENTRY_DIFFERENCE || value > INT64_MAX || value < INT64_MIN;
    if (!e.wide) {
        e.value = (int64_t)value;
        return e;
    }
    e.value = pool_take(&p->wides);
    *(int128_t *)pool_at(&p->wides, (uint32_t)e.value) = value;
    return e;
}

void timeline_insert(struct timeline *t, struct timeline_pools *p, struct entry_key key,
                     int128_t value, struct timeline_order order)
{
    const struct entry e = entry_make(p, key, value);

    t->len++;
    if (t->root == INDEX_NONE)
        t->root = leaf_new(p, INDEX_NONE, INDEX_NONE);
    struct descent d = descend(t, p, key, order);

    make_stale(t, p, &d);
    if (leaf_at(p, d.leaf)->len < LEAF_ENTRIES)
        leaf_put(leaf_at(p, d.leaf), d.index, &e);
    else
        leaf_split(t, p, &d, &e);
}

/* --- taking out -------------------------------------------------------------------- */

/* Takes the leaf's place out of its node, and every node above that has none left. */
static void drop_child(struct timeline *t, struct timeline_pools *p,
                       const struct descent *d)
{
    for (unsigned level = t->height; level > 0; level--) {
        struct node *n = node_at(p, d->nodes[level - 1]);
        uint32_t at = d->at[level - 1];

        n->len--;
        memmove(n->child + at, n->child + at + 1, (n->len - at) * sizeof n->child[0]);
        memmove(n->first + at, n->first + at + 1, (n->len - at) * sizeof n->first[0]);
        if (n->len > 0)
            return;
        pool_give(&p->nodes, d->nodes[level - 1]);
    }
    timeline_init(t);
}

static void shrink_root(struct timeline *t, struct timeline_pools *p)
{
    while (t->height > 0 && node_at(p, t->root)->len == 1) {
        uint32_t root = t->root;

        t->root = node_at(p, root)->child[0];
        t->height--;
        pool_give(&p->nodes, root);
    }
}

static void drop_leaf(struct timeline *t, struct timeline_pools *p,
                      const struct descent *d)
{
    const struct leaf *l = leaf_at(p, d->leaf);

    if (l->prev != INDEX_NONE)
        leaf_at(p, l->prev)->next = l->next;
    if (l->next != INDEX_NONE)
        leaf_at(p, l->next)->prev = l->prev;
    pool_give(&p->leaves, d->leaf);
    if (t->height == 0) {
        timeline_init(t);
        return;
    }
    drop_child(t, p, d);
    shrink_root(t, p);
}

/* The entry of that key, where the descent ended; NULL: there is none. */
static struct entry *entry_found(const struct timeline_pools *p, const struct descent *d,
                                 struct entry_key key)
{
    struct leaf *l = leaf_at(p, d->leaf);
    struct entry *e = &l->entries[d->index];

    return d->index < l->len && is_of_key(e, key) ? e : NULL;
}

bool timeline_remove(struct timeline *t, struct timeline_pools *p, struct entry_key key,
                     struct timeline_order order)
{
    if (t->root == INDEX_NONE)
        return false;
    struct descent d = descend(t, p, key, order);
    struct entry *e = entry_found(p, &d, key);

    if (e == NULL)
        return false;
    struct leaf *l = leaf_at(p, d.leaf);

    if (e->wide)
        pool_give(&p->wides, (uint32_t)e->value);
    make_stale(t, p, &d);
    memmove(e, e + 1, (l->len - d.index - 1) * sizeof *e);
    l->len--;
    t->len--;
    if (l->len == 0)
        drop_leaf(t, p, &d);
    return true;
}

bool timeline_replace(struct timeline *t, struct timeline_pools *p, struct entry_key key,
                      int128_t value, struct timeline_order order)
{
    if (t->root == INDEX_NONE)
        return false;
    struct descent d = descend(t, p, key, order);
    struct entry *e = entry_found(p, &d, key);

    if (e == NULL)
        return false;
    if (entry_value(e, &p->wides) == value)
        return true;
    make_stale(t, p, &d);
    if (e->wide) {
        *(int128_t *)pool_at(&p->wides, (uint32_t)e->value) = value;
    } else {
        assert(value <= INT64_MAX && value >= INT64_MIN);
        e->value = (int64_t)value;
    }
    return true;
}
