/* Instances of rules on accounts. The heap is a plain binary heap of indices; each
 * instance knows its place in it. */
#include "instance.h"

#include "account.h"
#include "outlook.h"

#include <assert.h>
#include <string.h>

const struct rule *instance_rule(const struct world *w, const struct instance *i)
{
    return &w->rules->rules[i->rule];
}

/* --- heap ------------------------------------------------------------------------- */

static int instance_compare(const struct world *w, uint32_t a_index, uint32_t b_index)
{
    const struct instance *a = instance_at(w, a_index);
    const struct instance *b = instance_at(w, b_index);

    if (a->due != b->due)
        return a->due < b->due ? -1 : 1;
    int order = strcmp(instance_rule(w, a)->uid, instance_rule(w, b)->uid);

    if (order != 0)
        return order;
    const struct account *x = account_at(w, a->account);
    const struct account *y = account_at(w, b->account);

    order = strcmp(place_code(x->country), place_code(y->country));
    if (order != 0)
        return order;
    return strcmp(commodity_code(x->commodity), commodity_code(y->commodity));
}

static void heap_put(struct world *w, uint32_t at, uint32_t instance)
{
    w->heap[at] = instance;
    instance_at(w, instance)->heap_at = at;
}

static void heap_up(struct world *w, uint32_t at)
{
    uint32_t instance = w->heap[at];

    while (at > 0 && instance_compare(w, instance, w->heap[(at - 1) / 2]) < 0) {
        heap_put(w, at, w->heap[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    heap_put(w, at, instance);
}

static void heap_down(struct world *w, uint32_t at)
{
    uint32_t instance = w->heap[at];

    for (;;) {
        uint32_t child = 2 * at + 1;

        if (child >= w->heap_len)
            break;
        if (child + 1 < w->heap_len &&
            instance_compare(w, w->heap[child + 1], w->heap[child]) < 0)
            child++;
        if (instance_compare(w, instance, w->heap[child]) <= 0)
            break;
        heap_put(w, at, w->heap[child]);
        at = child;
    }
    heap_put(w, at, instance);
}

static void heap_remove(struct world *w, uint32_t at)
{
    uint32_t last = w->heap[--w->heap_len];

    instance_at(w, w->heap[at])->heap_at = INDEX_NONE;
    if (at == w->heap_len)
        return;
    heap_put(w, at, last);
    heap_down(w, at);
    heap_up(w, instance_at(w, last)->heap_at);
}

void instance_schedule(struct world *w, uint32_t instance, int64_t due)
{
    struct instance *i = instance_at(w, instance);

    if (i->heap_at != INDEX_NONE)
        heap_remove(w, i->heap_at);
    i->due = due;
    if (due == TIME_NONE)
        return;
    assert(w->heap_len < w->heap_max);
    heap_put(w, w->heap_len, instance);
    w->heap_len++;
    heap_up(w, w->heap_len - 1);
}

uint32_t instance_earliest(const struct world *w)
{
    return w->heap_len == 0 ? INDEX_NONE : w->heap[0];
}

/* --- instances of rules ----------------------------------------------------------- */

static bool fits(const struct rule *rule, commodity_id commodity)
{
    struct expr_error error;

    return expr_check_commodity(&rule->when, commodity, &error) == ST_OK &&
           (rule->clear.len == 0 ||
            expr_check_commodity(&rule->clear, commodity, &error) == ST_OK);
}

static bool lists_country(const struct rule *rule, place_id country)
{
    for (size_t i = 0; i < rule->countries_len; i++) {
        if (rule->countries[i] == country)
            return true;
    }
    return rule->countries_len == 0;
}

static bool lists_commodity(const struct rule *rule, commodity_id commodity)
{
    for (size_t i = 0; i < rule->commodities_len; i++) {
        if (rule->commodities[i] == commodity)
            return true;
    }
    return rule->commodities_len == 0;
}

static bool is_star(const struct rule *rule)
{
    return rule->countries_len == 0 || rule->commodities_len == 0;
}

static void watch_init(struct instance *i, uint32_t rule, uint32_t account)
{
    *i = (struct instance){.rule = rule,
                           .account = account,
                           .next_of_account = INDEX_NONE,
                           .heap_at = INDEX_NONE,
                           .since = TIME_NONE,
                           .clear_since = TIME_NONE,
                           .last_begun = TIME_NONE,
                           .due = TIME_NONE,
                           .patience = PATIENCE_LEAST};
}

/* A new instance is looked at in the step that brings it. */
static uint32_t watch_make(struct world *w, struct pool *pool, uint32_t rule,
                           uint32_t account)
{
    struct account *a = account_at(w, account);
    uint32_t index = pool_take(pool);
    struct instance *i = pool_at(pool, index);

    watch_init(i, rule, account);
    i->next_of_account = a->first_instance;
    a->first_instance = index;
    return index;
}

void account_watch(struct world *w, uint32_t account)
{
    const struct account *a = account_at(w, account);

    for (size_t r = 0; w->rules != NULL && r < w->rules->rules_len; r++) {
        const struct rule *rule = &w->rules->rules[r];

        if (is_star(rule) && lists_country(rule, a->country) &&
            lists_commodity(rule, a->commodity) && fits(rule, a->commodity))
            (void)watch_make(w, &w->instances, (uint32_t)r, account);
    }
}

static enum status heap_reserve(struct world *w, size_t instances)
{
    void *heap = w->heap;

    if (instances <= w->heap_max)
        return ST_OK;
    size_t max = instances + instances / 2;
    enum status st =
        budget_resize(&w->budget, &heap, &w->heap_bytes, max, sizeof w->heap[0]);

    if (st)
        return st;
    w->heap = heap;
    w->heap_max = max;
    return ST_OK;
}

enum status instances_reserve(struct world *w, size_t accounts)
{
    size_t more = accounts * w->star_rules;
    enum status st = pool_reserve(&w->instances, more);

    if (st)
        return st;
    return heap_reserve(w, w->instances.len + more);
}

/* Rules may come within a step: the accounts that its events still bring are promised
 * their room, and under the new rules they are watched too. */
static size_t accounts_to_come(const struct world *w)
{
    return ACCOUNTS_PER_EVENT * w->step_events;
}

/* Accounts that a rule names, whether or not a fact has mentioned them yet. */
static enum status named_accounts(struct world *w, const struct ruleset *rules)
{
    size_t named = 0;

    for (size_t r = 0; r < rules->rules_len; r++)
        named += rules->rules[r].countries_len * rules->rules[r].commodities_len;
    size_t more = 2 * named + accounts_to_come(w);
    enum status st = pool_reserve(&w->accounts, more);

    if (st == ST_OK)
        st = hash_index_reserve(&w->account_index, more);
    if (st)
        return st;
    for (size_t r = 0; r < rules->rules_len; r++) {
        const struct rule *rule = &rules->rules[r];

        for (size_t c = 0; c < rule->countries_len; c++) {
            for (size_t k = 0; k < rule->commodities_len; k++)
                (void)account_get(w, rule->countries[c], rule->commodities[k]);
        }
    }
    return ST_OK;
}

static size_t instances_needed(const struct world *w, const struct ruleset *rules)
{
    size_t accounts = w->accounts.len + accounts_to_come(w);
    size_t needed = 0;

    for (size_t r = 0; r < rules->rules_len; r++) {
        const struct rule *rule = &rules->rules[r];

        needed += is_star(rule) ? accounts : rule->countries_len * rule->commodities_len;
    }
    return needed;
}

/* The state of the same rule, by uid, on the same account, under the old ruleset. */
static const struct instance *instance_of_uid(const struct world *w, uint32_t first,
                                              const char *uid)
{
    for (uint32_t i = first; i != INDEX_NONE; i = instance_at(w, i)->next_of_account) {
        if (strcmp(instance_rule(w, instance_at(w, i))->uid, uid) == 0)
            return instance_at(w, i);
    }
    return NULL;
}

static void inherit(struct instance *i, const struct instance *old)
{
    i->state = old->state;
    i->unknown = old->unknown;
    i->since = old->since;
    i->clear_since = old->clear_since;
    i->last_begun = old->last_begun;
    i->ordinal = old->ordinal;
    i->moved_first = old->moved_first;
    i->quiet_moves = old->quiet_moves;
}

static bool watches(const struct rule *rule, const struct account *a)
{
    return lists_country(rule, a->country) && lists_commodity(rule, a->commodity) &&
           fits(rule, a->commodity);
}

static void report_gone(struct world *w, const struct ruleset *rules, uint32_t account,
                        void (*gone)(struct world *w, struct instance *i, void *self),
                        void *self)
{
    const struct account *a = account_at(w, account);

    for (uint32_t n = a->first_instance; n != INDEX_NONE;
         n = instance_at(w, n)->next_of_account) {
        struct instance *i = instance_at(w, n);
        bool stays = false;

        for (size_t r = 0; r < rules->rules_len && !stays; r++)
            stays = strcmp(rules->rules[r].uid, instance_rule(w, i)->uid) == 0 &&
                    watches(&rules->rules[r], a);
        if (!stays && i->state == INSTANCE_FIRING)
            gone(w, i, self);
    }
}

/* The account's instances under the new rules, in `pool`. */
static void rewatch(struct world *w, const struct ruleset *rules, struct pool *pool,
                    uint32_t account)
{
    struct account *a = account_at(w, account);
    uint32_t old_first = a->first_instance;

    a->first_instance = INDEX_NONE;
    for (size_t r = 0; r < rules->rules_len; r++) {
        if (!watches(&rules->rules[r], a))
            continue;
        uint32_t index = watch_make(w, pool, (uint32_t)r, account);
        const struct instance *old =
            w->rules == NULL ? NULL : instance_of_uid(w, old_first, rules->rules[r].uid);

        if (old != NULL)
            inherit(pool_at(pool, index), old);
    }
}

enum status instances_replace(struct world *w, const struct ruleset *rules,
                              void (*gone)(struct world *w, struct instance *i,
                                           void *self),
                              void *self)
{
    struct pool fresh;
    enum status st = named_accounts(w, rules);

    pool_init(&fresh, &w->budget, sizeof(struct instance));
    if (st == ST_OK)
        st = pool_reserve(&fresh, instances_needed(w, rules));
    if (st == ST_OK)
        st = heap_reserve(w, instances_needed(w, rules));
    if (st) {
        pool_free(&fresh);
        return st;
    }
    for (uint32_t a = 0; w->rules != NULL && a < w->accounts.len; a++)
        report_gone(w, rules, a, gone, self);
    for (uint32_t a = 0; a < w->accounts.len; a++)
        rewatch(w, rules, &fresh, a);
    pool_free(&w->instances);
    w->instances = fresh;
    w->heap_len = 0;
    w->rules = rules;
    w->star_rules = 0;
    for (size_t r = 0; r < rules->rules_len; r++)
        w->star_rules += is_star(&rules->rules[r]);
    return ST_OK;
}
