/* Instances of rules on accounts. */
#include "instance.h"

#include "account.h"
#include "pending.h"

#include <assert.h>
#include <string.h>

const struct rule *instance_rule(const struct world *w, const struct instance *i)
{
    return &w->rules->rules[i->rule];
}

/* --- agenda ------------------------------------------------------------------------ */

/* The order of instances that are due at one instant, as a number. */
static uint64_t rank_of(const struct world *w, const struct instance *i)
{
    const struct account *a = account_at(w, i->account);

    /* Places stand in their table in the order of their codes. */
    return (uint64_t)w->rule_ranks[i->rule] << 32 | (uint64_t)a->country << 16 |
           w->commodity_ranks[a->commodity];
}

void instance_schedule(struct world *w, uint32_t instance, int64_t due)
{
    agenda_put(&w->due,
               (struct agenda_item){due, rank_of(w, instance_at(w, instance)), instance});
}

void account_schedule(struct world *w, const struct account *a, int64_t time)
{
    for (uint32_t n = a->first_instance; n != INDEX_NONE;
         n = instance_at(w, n)->next_of_account) {
        int64_t due = instance_due(w, n);

        if (due == TIME_NONE || due > time)
            instance_schedule(w, n, time);
    }
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

static bool asks_prices(const struct expr *expr)
{
    for (size_t n = 0; n < expr->len; n++) {
        const struct expr_node *node = &expr->nodes[n];

        if ((node->op == EXPR_COMPARE || node->op == EXPR_HAS) &&
            (node->term.metric == METRIC_PRICE ||
             node->term.metric == METRIC_PRICE_CHANGE ||
             node->term.metric == METRIC_COST_TO_COVER))
            return true;
    }
    return false;
}

static void watch_init(struct instance *i, uint32_t rule, uint32_t account)
{
    *i = (struct instance){.rule = rule,
                           .account = account,
                           .next_of_account = INDEX_NONE,
                           .agenda_at = INDEX_NONE,
                           .since = TIME_NONE,
                           .clear_since = TIME_NONE,
                           .last_begun = TIME_NONE};
}

/* A new instance is looked at in the step that brings it. */
static uint32_t watch_make(struct world *w, struct pool *pool,
                           const struct ruleset *rules, uint32_t rule, uint32_t account)
{
    struct account *a = account_at(w, account);
    uint32_t index = pool_take(pool);
    struct instance *i = pool_at(pool, index);

    watch_init(i, rule, account);
    i->next_of_account = a->first_instance;
    a->first_instance = index;
    if (!a->asks_prices && (asks_prices(&rules->rules[rule].when) ||
                            asks_prices(&rules->rules[rule].clear))) {
        a->asks_prices = true;
        a->next_asking = w->asking_of_commodity[a->commodity];
        w->asking_of_commodity[a->commodity] = account;
    }
    return index;
}

void account_watch(struct world *w, uint32_t account)
{
    const struct account *a = account_at(w, account);

    for (size_t r = 0; w->rules != NULL && r < w->rules->rules_len; r++) {
        const struct rule *rule = &w->rules->rules[r];

        if (is_star(rule) && lists_country(rule, a->country) &&
            lists_commodity(rule, a->commodity) && fits(rule, a->commodity))
            (void)watch_make(w, &w->instances, w->rules, (uint32_t)r, account);
    }
}

enum status instances_reserve(struct world *w, size_t accounts)
{
    size_t more = accounts * w->star_rules;
    enum status st = pool_reserve(&w->instances, more);

    if (st)
        return st;
    return agenda_reserve(&w->due, w->instances.len + more);
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
    enum status st = accounts_reserve(w, more);

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
        uint32_t index = watch_make(w, pool, rules, (uint32_t)r, account);
        const struct instance *old =
            w->rules == NULL ? NULL : instance_of_uid(w, old_first, rules->rules[r].uid);

        if (old != NULL)
            inherit(pool_at(pool, index), old);
    }
}

/* The rank of each rule in the order of uids. */
static enum status ranks_make(struct world *w, const struct ruleset *rules,
                              uint32_t **out, size_t *bytes)
{
    void *block = NULL;
    enum status st =
        budget_resize(&w->budget, &block, bytes, rules->rules_len + 1, sizeof **out);

    *out = block;
    for (size_t r = 0; st == ST_OK && r < rules->rules_len; r++) {
        (*out)[r] = 0;
        for (size_t other = 0; other < rules->rules_len; other++)
            (*out)[r] += strcmp(rules->rules[other].uid, rules->rules[r].uid) < 0;
    }
    return st;
}

static void ranks_replace(struct world *w, uint32_t *ranks, size_t bytes)
{
    void *old = w->rule_ranks;

    budget_free(&w->budget, &old, &w->rule_ranks_bytes);
    w->rule_ranks = ranks;
    w->rule_ranks_bytes = bytes;
}

/* What the new rules need, before anything of the old is touched. */
static enum status replace_reserve(struct world *w, const struct ruleset *rules,
                                   struct pool *fresh)
{
    enum status st = named_accounts(w, rules);

    if (st == ST_OK)
        st = pool_reserve(fresh, instances_needed(w, rules));
    if (st == ST_OK)
        st = agenda_reserve(&w->due, instances_needed(w, rules));
    if (st == ST_OK)
        st = pending_settle_all(w); /* an account may be looked at that nobody watched */
    if (st == ST_OK)
        st = pending_reserve(w, w->step_events);
    return st == ST_OK ? paths_reserve(w, w->step_events) : st;
}

enum status instances_replace(struct world *w, const struct ruleset *rules,
                              void (*gone)(struct world *w, struct instance *i,
                                           void *self),
                              void *self)
{
    struct pool fresh;
    uint32_t *ranks;
    size_t ranks_bytes = 0;

    pool_init(&fresh, &w->budget, sizeof(struct instance));
    enum status st = replace_reserve(w, rules, &fresh);

    if (st == ST_OK)
        st = ranks_make(w, rules, &ranks, &ranks_bytes);
    if (st) {
        pool_free(&fresh);
        return st;
    }
    for (uint32_t a = 0; w->rules != NULL && a < w->accounts.len; a++)
        report_gone(w, rules, a, gone, self);
    for (size_t k = 0; k < commodity_count(); k++)
        w->asking_of_commodity[k] = INDEX_NONE;
    for (uint32_t a = 0; a < w->accounts.len; a++) {
        account_at(w, a)->asks_prices = false;
        rewatch(w, rules, &fresh, a);
    }
    pool_free(&w->instances);
    w->instances = fresh;
    w->due.len = 0;
    ranks_replace(w, ranks, ranks_bytes);
    w->rules = rules;
    w->star_rules = 0;
    for (size_t r = 0; r < rules->rules_len; r++)
        w->star_rules += is_star(&rules->rules[r]);
    return ST_OK;
}
