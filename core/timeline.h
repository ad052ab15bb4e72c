/* A timeline: entries in order of time in a balanced tree of blocks (B+ tree), with the
 * run of every block kept at it. An entry that comes late makes stale only the runs above
 * it, a few; a change of a rate those over which it reaches, by itself: each run knows
 * the rates it was made for. Stale runs are made again when somebody asks. */
#ifndef SHORTFALL_CORE_TIMELINE_H
#define SHORTFALL_CORE_TIMELINE_H

#include "run.h"

#define LEAF_ENTRIES  32
#define NODE_CHILDREN 16
#define HEIGHT_MAX    12 /* 8^12 leaves: more than there can be */

/* Entries are read as they stand, or through a lens that gives each another value: those
 * of a group's member in the unit of its group. Nodes keep the runs of both; leaves,
 * which are many, only the plain one. */
enum reading_way { READ_PLAIN, READ_LENS, READ_WAYS };

struct lens {
    int128_t (*value)(const void *self, const struct entry *e);
    const void *self;
};

struct leaf {
    uint32_t prev, next; /* along time */
    uint32_t len;
    bool fresh; /* `run` is that of the entries, for the rates it says */
    struct run run;
    struct entry entries[LEAF_ENTRIES];
};

struct node {
    uint32_t len;
    bool fresh[READ_WAYS];
    struct run run[READ_WAYS];
    uint32_t child[NODE_CHILDREN];
    /* All entries of child i stand at or behind first[i] and before first[i + 1];
     * first[0] says nothing. */
    struct entry first[NODE_CHILDREN];
};

/* What all timelines of a world live in. */
struct timeline_pools {
    struct pool leaves, nodes;
    struct pool wides; /* of int128_t */
    uint8_t tallest;   /* height of the highest tree there ever was */
};

struct timeline {
    uint32_t root;  /* INDEX_NONE: no entries */
    uint32_t len;   /* entries */
    uint8_t height; /* of the tree: 0: the root is a leaf */
};

/* Order of two facts whose SETs have one time: < 0 when a's (source, id) is
 * less. */
typedef int timeline_order_fn(const void *self, uint32_t a, uint32_t b);

struct timeline_order {
    timeline_order_fn *compare;
    const void *self;
};

void timeline_pools_init(struct timeline_pools *p, struct budget *budget);
void timeline_pools_free(struct timeline_pools *p);

/* Room for so many inserts, whatever timelines they go to. */
MUST_USE enum status timeline_pools_reserve(struct timeline_pools *p, size_t inserts);

void timeline_init(struct timeline *t);

/* Entries are named by time, fact, kind and commodity; a fact puts at most one of a kind
 * at a time by way of one account. While its revisions are settled account by account, a
 * fact that moved from one member of a group to another may stand there by way of both.
 */
struct entry_key {
    int64_t time;
    uint32_t fact;
    enum entry_kind kind;
    commodity_id commodity;
};

void timeline_insert(struct timeline *t, struct timeline_pools *p, struct entry_key key,
                     int128_t value, struct timeline_order order);

/* Takes the entry out; false when there is none. */
bool timeline_remove(struct timeline *t, struct timeline_pools *p, struct entry_key key,
                     struct timeline_order order);

/* Gives the entry another value; false when there is none. One that was wide stays so,
 * one that was not must stay within 64 bits. */
bool timeline_replace(struct timeline *t, struct timeline_pools *p, struct entry_key key,
                      int128_t value, struct timeline_order order);

/* --- reading ---------------------------------------------------------------------- */

/* A place between entries: before the first one of at least that time and kind. */
struct timeline_bound {
    int64_t time;
    uint8_t kind;
};

#define TIMELINE_START ((struct timeline_bound){INT64_MIN, 0})
#define TIMELINE_END   ((struct timeline_bound){INT64_MAX, UINT8_MAX})

/* Behind everything at `time`. */
static inline struct timeline_bound timeline_behind(int64_t time)
{
    return (struct timeline_bound){time, UINT8_MAX};
}

/* Carries `run` on over the entries of [from, to): it must have the rates of `from`. A
 * timeline is read through one lens at most, or none (NULL). */
void timeline_fold(struct timeline *t, struct timeline_pools *p, const struct lens *lens,
                   struct run *run, struct timeline_bound from, struct timeline_bound to);

/* The entry at which the reader stands. leaf INDEX_NONE: behind the last one. */
struct timeline_place {
    uint32_t leaf, index;
};

/* The first entry that is not before the bound. */
struct timeline_place timeline_find(const struct timeline *t,
                                    const struct timeline_pools *p,
                                    struct timeline_bound bound);

/* The entry at `place`; NULL behind the last one. */
static inline const struct entry *timeline_entry(const struct timeline_pools *p,
                                                 struct timeline_place place)
{
    if (place.leaf == INDEX_NONE)
        return NULL;
    return &((const struct leaf *)pool_at(&p->leaves, place.leaf))->entries[place.index];
}

static inline struct timeline_place timeline_next(const struct timeline_pools *p,
                                                  struct timeline_place place)
{
    const struct leaf *l = pool_at(&p->leaves, place.leaf);

    if (place.index + 1 < l->len)
        return (struct timeline_place){place.leaf, place.index + 1};
    return (struct timeline_place){l->next, 0};
}

/* Moves `place` one entry back and gives that entry; NULL: it was at the start. */
const struct entry *timeline_back(const struct timeline *t,
                                  const struct timeline_pools *p,
                                  struct timeline_place *place);

#endif
