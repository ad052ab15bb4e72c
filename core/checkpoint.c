/* The world's arrays, written one after the other and read back in the same order. Both
 * ways go through the same list of parts, so that they cannot disagree. Pointers,
 * callbacks and scratch are not written: a new world has its own. */
#include "shortfall/core/checkpoint.h"

#include "fact.h"
#include "layout.h"
#include "price.h"

#include <assert.h>
#include <string.h>

/* Whoever gives the world another member comes by here: it is written below, or a new
 * world makes it by itself. */
_Static_assert(sizeof(void *) != 8 || sizeof(struct world) == 1360,
               "a member of struct world that checkpoints do not know");

#define RULES_NONE UINT32_MAX

/* What stands before the arrays. */
struct head {
    struct hash128 layout, fact_sum;
    int64_t clock;
    uint64_t seq, texts_len, waits, undated, star_rules, ticks_len, facts_named_so;
    uint32_t queue_first, queue_last, rules_len;
    uint16_t tallest_path, tallest_ticks;
    uint8_t rules_hash[16];
};

/* The way of the bytes. After the first error nothing more happens. */
struct carrier {
    struct world *w;
    const struct checkpoint_writer *out; /* NULL: reading */
    const struct checkpoint_reader *in;
    enum status st;
    struct why *why;
};

static void carry(struct carrier *c, void *bytes, size_t len)
{
    if (c->st || len == 0)
        return;
    assert(c->out != NULL || c->in != NULL);
    c->st = c->out != NULL ? c->out->write(c->out->self, bytes, len, c->why)
                           : c->in->read(c->in->self, bytes, len, c->why);
}

static void carry_check(struct carrier *c, bool is_right, const char *part)
{
    if (c->st == ST_OK && !is_right)
        c->st = why_set(c->why, ST_CORRUPT, "the %s contradict themselves", part);
}

/* A world that is read makes room for its items first. */
static void carry_room(struct carrier *c, void **block, size_t *bytes, size_t count,
                       size_t item_size)
{
    if (c->st || c->out != NULL || count == 0)
        return;
    c->st = budget_resize(&c->w->budget, block, bytes, count, item_size);
    if (c->st)
        (void)why_set(c->why, c->st, "make room for %zu items of %zu bytes: %s", count,
                      item_size, status_text(c->st));
}

static void carry_block(struct carrier *c, void **block, size_t *bytes, size_t count,
                        size_t item_size)
{
    carry_room(c, block, bytes, count, item_size);
    carry(c, *block, count * item_size);
}

/* --- parts ---------------------------------------------------------------------------
 */

struct pool_head {
    uint64_t item_size;
    uint32_t len, free_first, free_len;
    uint32_t unused; /* no byte of it is left to chance */
};

/* One leaf of a path: its entries and neighbours. Its run is made again in no time when
 * somebody asks. */
static void carry_leaf(struct carrier *c, struct leaf *l)
{
    uint32_t head[] = {l->prev, l->next, l->len};

    _Static_assert(offsetof(struct leaf, prev) == 0,
                   "a free leaf names the next one there");
    carry(c, head, sizeof head);
    carry_check(c, head[2] <= LEAF_ENTRIES, "entries");
    if (c->st)
        return;
    if (c->out == NULL) {
        l->prev = head[0];
        l->next = head[1];
        l->len = head[2];
        l->fresh = false;
    }
    carry(c, l->entries, l->len * sizeof l->entries[0]);
}

static void carry_leaves(struct carrier *c, struct pool *p, uint32_t len)
{
    void *items = p->items;

    carry_room(c, &items, &p->size_bytes, len, p->item_size);
    p->items = items;
    for (uint32_t i = 0; c->st == ST_OK && i < len; i++)
        carry_leaf(c, (struct leaf *)items + i);
}

static void carry_items(struct carrier *c, struct pool *p, uint32_t len)
{
    void *items = p->items;

    carry_block(c, &items, &p->size_bytes, len, p->item_size);
    p->items = items;
}

static void carry_pool(struct carrier *c, struct pool *p)
{
    struct pool_head head = {p->item_size, p->len, p->free_first, p->free_len, 0};

    carry(c, &head, sizeof head);
    carry_check(c,
                head.item_size == p->item_size && head.len < INDEX_NONE &&
                    head.free_len <= head.len,
                "items");
    if (c->st)
        return;
    if (p == &c->w->paths.leaves)
        carry_leaves(c, p, head.len);
    else
        carry_items(c, p, head.len);
    if (c->st || c->out != NULL)
        return;
    p->len = p->max = head.len;
    p->free_first = head.free_first;
    p->free_len = head.free_len;
}

static void carry_index(struct carrier *c, struct hash_index *h)
{
    uint64_t head[2] = {h->max, h->len};
    void *slots = h->slots;

    carry(c, head, sizeof head);
    carry_check(c,
                (head[0] & (head[0] - 1)) == 0 && head[0] <= UINT32_MAX &&
                    head[1] <= head[0] / 4 * 3,
                "hashes");
    if (c->st)
        return;
    carry_block(c, &slots, &h->size_bytes, (size_t)head[0], sizeof h->slots[0]);
    if (c->out != NULL)
        return;
    h->slots = slots;
    if (c->st)
        return;
    h->max = (size_t)head[0];
    h->len = (size_t)head[1];
}

static void carry_agenda(struct carrier *c, struct agenda *a)
{
    uint64_t len = a->len;
    void *heap = a->heap;

    carry(c, &len, sizeof len);
    carry_check(c, len < INDEX_NONE, "instants");
    if (c->st)
        return;
    carry_block(c, &heap, &a->size_bytes, (size_t)len, sizeof a->heap[0]);
    if (c->out != NULL)
        return;
    a->heap = heap;
    if (c->st)
        return;
    a->len = (uint32_t)len;
    a->max = (size_t)len;
}

static void carry_texts(struct carrier *c, uint64_t len)
{
    struct world *w = c->w;
    void *texts = w->texts;

    carry_check(c, len <= UINT32_MAX, "texts");
    carry_block(c, &texts, &w->texts_bytes, (size_t)len, 1);
    w->texts = texts;
    if (c->st == ST_OK)
        w->texts_len = (size_t)len;
}

static void carry_ranks(struct carrier *c, uint32_t rules_len)
{
    struct world *w = c->w;
    void *ranks = w->rule_ranks;

    if (rules_len == RULES_NONE)
        return;
    /* One more, as where the ranks are made: no rules at all are rules too. */
    carry_block(c, &ranks, &w->rule_ranks_bytes, (size_t)rules_len + 1,
                sizeof w->rule_ranks[0]);
    w->rule_ranks = ranks;
}

/* Everything behind the head. */
static void carry_parts(struct carrier *c, const struct head *head)
{
    struct world *w = c->w;
    struct pool *pools[] = {
        &w->facts,       &w->shipments, &w->pledges,      &w->prices,
        &w->policies,    &w->levels,    &w->accounts,     &w->series,
        &w->instances,   &w->waitings,  &w->paths.leaves, &w->paths.nodes,
        &w->paths.wides, &w->lanes,     &w->ticks.leaves, &w->ticks.nodes};

    for (size_t i = 0; i < sizeof pools / sizeof pools[0]; i++)
        carry_pool(c, pools[i]);
    carry_index(c, &w->fact_index);
    carry_index(c, &w->series_index);
    carry_index(c, &w->lane_index);
    carry_agenda(c, &w->due);
    carry_agenda(c, &w->reviews);
    carry_texts(c, head->texts_len);
    carry(c, w->tables, w->tables_bytes);
    carry_ranks(c, head->rules_len);
}

/* --- the head ------------------------------------------------------------------------
 */

static struct head head_of(const struct world *w)
{
    struct head head = {.layout = layout_of_core(sizeof(struct head)),
                        .fact_sum = w->fact_sum,
                        .clock = w->clock,
                        .seq = w->seq,
                        .texts_len = w->texts_len,
                        .waits = w->waits,
                        .undated = w->undated,
                        .star_rules = w->star_rules,
                        .queue_first = w->queue_first,
                        .queue_last = w->queue_last,
                        .rules_len = RULES_NONE,
                        .ticks_len = w->ticks_len,
                        .facts_named_so = w->facts_named_so,
                        .tallest_path = w->paths.tallest,
                        .tallest_ticks = w->ticks.tallest};

    if (w->rules != NULL) {
        head.rules_len = (uint32_t)w->rules->rules_len;
        memcpy(head.rules_hash, w->rules->hash, sizeof head.rules_hash);
    }
    return head;
}

static void head_take(struct world *w, const struct head *head)
{
    w->fact_sum = head->fact_sum;
    w->clock = head->clock;
    w->seq = head->seq;
    w->waits = (size_t)head->waits;
    w->undated = (size_t)head->undated;
    w->star_rules = (uint32_t)head->star_rules;
    w->queue_first = head->queue_first;
    w->queue_last = head->queue_last;
    w->ticks_len = (size_t)head->ticks_len;
    w->facts_named_so = (size_t)head->facts_named_so;
    w->paths.tallest = (uint8_t)head->tallest_path;
    w->ticks.tallest = (uint8_t)head->tallest_ticks;
}

static enum status head_check(const struct head *head, const struct ruleset *rules,
                              struct why *why)
{
    if (!hash128_equal(head->layout, layout_of_core(sizeof(struct head))))
        return why_set(why, ST_VERSION,
                       "it was written by another build, or with other tables");
    bool is_same = rules == NULL ? head->rules_len == RULES_NONE
                                 : head->rules_len == rules->rules_len &&
                                       memcmp(head->rules_hash, rules->hash, 16) == 0;

    return is_same ? ST_OK : why_set(why, ST_CONFLICT, "other rules were in force");
}

enum status world_save(struct world *w, const struct checkpoint_writer *out,
                       struct why *why)
{
    struct carrier c = {.w = w, .out = out, .why = why};
    struct head head = head_of(w);

    assert(!w->open && w->first_touched == INDEX_NONE);
    carry(&c, &head, sizeof head);
    carry_parts(&c, &head);
    return c.st;
}

enum status world_load(const struct memory *memory, const struct ruleset *rules,
                       const struct checkpoint_reader *in, struct world **out,
                       struct why *why)
{
    struct carrier c = {.in = in, .why = why};
    struct head head;

    carry(&c, &head, sizeof head);
    if (c.st == ST_OK)
        c.st = head_check(&head, rules, why);
    if (c.st == ST_OK)
        c.st = world_new(memory, &c.w, why);
    if (c.st)
        return c.st;
    carry_parts(&c, &head);
    if (c.st) {
        world_free(c.w);
        return c.st;
    }
    head_take(c.w, &head);
    c.w->rules = rules;
    *out = c.w;
    return ST_OK;
}

bool world_holds(const struct world *w, const struct event *ev)
{
    uint32_t fact = hash_index_find(&w->fact_index, fact_identity(ev->source, ev->id));

    if (fact == INDEX_NONE)
        return price_is_held(w, ev);
    return fact_at(w, fact)->kind != KIND_UNSEEN &&
           hash128_equal(fact_at(w, fact)->content, event_content(ev));
}
