/* The world's arrays, written one after the other and read back in the same order. Both
 * ways go through the same list of parts, so that they cannot disagree. Pointers,
 * callbacks and scratch are not written: a new world has its own. */
#include "shortfall/core/checkpoint.h"

#include "fact.h"

#include <assert.h>
#include <string.h>

/* Whoever gives the world another member comes by here: it is written below, or a new
 * world makes it by itself. */
_Static_assert(sizeof(void *) != 8 || sizeof(struct world) == 1136,
               "a member of struct world that checkpoints do not know");

#define PURPOSE_LAYOUT UINT64_C(0x73662d6c61796f)
#define RULES_NONE     UINT32_MAX

/* What stands before the arrays. */
struct head {
    struct hash128 layout, fact_sum;
    int64_t clock;
    uint64_t seq, texts_len, waits, undated, star_rules;
    uint32_t queue_first, queue_last, rules_len, tallest;
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

/* `count` items of a block; a world that is read makes room for them first. */
static void carry_block(struct carrier *c, void **block, size_t *bytes, size_t count,
                        size_t item_size)
{
    if (c->st == ST_OK && c->out == NULL && count > 0) {
        c->st = budget_resize(&c->w->budget, block, bytes, count, item_size);
        if (c->st)
            (void)why_set(c->why, c->st, "make room for %zu items of %zu bytes: %s",
                          count, item_size, status_text(c->st));
    }
    carry(c, *block, count * item_size);
}

/* --- what the bytes depend on ------------------------------------------------------ */

/* One number after the other into a running hash. */
static void mix(struct hash128 *sum, uint64_t number)
{
    uint64_t words[3] = {sum->low, sum->high, number};

    *sum = hash128_of(words, sizeof words, PURPOSE_LAYOUT);
}

static void mix_sizes(struct hash128 *sum)
{
    static const size_t sizes[] = {
        sizeof(struct head),           sizeof(struct world),
        sizeof(struct fact),           sizeof(struct shipment_fact),
        sizeof(struct pledge_fact),    sizeof(struct price_fact),
        sizeof(struct policy_fact),    sizeof(struct level_fact),
        sizeof(struct waiting),        sizeof(struct account),
        sizeof(struct series),         sizeof(struct instance),
        sizeof(struct leaf),           sizeof(struct node),
        sizeof(struct entry),          sizeof(struct run),
        sizeof(struct hash_slot),      sizeof(struct agenda_item),
        sizeof(struct waiting_posting)};

    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        mix(sum, sizes[i]);
}

/* Places, commodities and units stand in the arrays as numbers of their tables. */
static void mix_tables(struct hash128 *sum)
{
    for (size_t i = 0; i < place_count(); i++) {
        mix(sum, place_digest((place_id)i));
        mix(sum, place_has_balance((place_id)i));
    }
    for (size_t i = 0; i < commodity_count(); i++) {
        const struct commodity *c = commodity_get((commodity_id)i);

        mix(sum, commodity_digest((commodity_id)i));
        mix(sum, (uint64_t)c->dimension << 16 | c->group);
        mix(sum, (uint64_t)c->to_group.num);
        mix(sum, (uint64_t)c->to_group.den);
        for (size_t set = 0; set < FACTOR_SETS_MAX; set++) {
            mix(sum, (uint64_t)c->barrels[set].num);
            mix(sum, (uint64_t)c->barrels[set].den);
        }
    }
    for (size_t i = 0; i < unit_count(); i++) {
        int64_t num;
        int64_t den;

        unit_size((unit_id)i, &num, &den);
        mix(sum, unit_digest((unit_id)i));
        mix(sum, (uint64_t)num);
        mix(sum, (uint64_t)den);
    }
}

/* The words are hashed as they stand in memory, so their byte order counts too. */
static struct hash128 layout_of_core(void)
{
    struct hash128 sum = {UINT64_C(0x0123456789abcdef), 2};

    mix_sizes(&sum);
    mix_tables(&sum);
    return sum;
}

/* --- parts ---------------------------------------------------------------------------
 */

struct pool_head {
    uint64_t item_size;
    uint32_t len, free_first, free_len;
    uint32_t unused; /* no byte of it is left to chance */
};

static void carry_pool(struct carrier *c, struct pool *p)
{
    struct pool_head head = {p->item_size, p->len, p->free_first, p->free_len, 0};
    void *items = p->items;

    carry(c, &head, sizeof head);
    carry_check(c,
                head.item_size == p->item_size && head.len < INDEX_NONE &&
                    head.free_len <= head.len,
                "items");
    if (c->st)
        return;
    carry_block(c, &items, &p->size_bytes, head.len, p->item_size);
    if (c->out != NULL)
        return;
    p->items = items;
    if (c->st)
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
        &w->facts,        &w->shipments,   &w->pledges,    &w->prices,    &w->policies,
        &w->levels,       &w->accounts,    &w->series,     &w->instances, &w->waitings,
        &w->paths.leaves, &w->paths.nodes, &w->paths.wides};

    for (size_t i = 0; i < sizeof pools / sizeof pools[0]; i++)
        carry_pool(c, pools[i]);
    carry_index(c, &w->fact_index);
    carry_index(c, &w->series_index);
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
    struct head head = {.layout = layout_of_core(),
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
                        .tallest = w->paths.tallest};

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
    w->paths.tallest = (uint8_t)head->tallest;
}

static enum status head_check(const struct head *head, const struct ruleset *rules,
                              struct why *why)
{
    if (!hash128_equal(head->layout, layout_of_core()))
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

    return fact != INDEX_NONE && fact_at(w, fact)->kind != KIND_UNSEEN &&
           hash128_equal(fact_at(w, fact)->content, event_content(ev));
}
