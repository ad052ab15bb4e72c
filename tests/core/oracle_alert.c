/* The oracle's alerts (semantics section 6): every instant at which a metric may change
 * its course is looked at, and between two of them a flip is sought by halving. */
#include "oracle.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define INSTANTS_MAX 32768

enum truth { IS_FALSE, IS_UNKNOWN, IS_TRUE };

enum stage { STAGE_INACTIVE, STAGE_PENDING, STAGE_FIRING };

struct watch {
    const struct rule *rule;
    const struct oracle_account *a;
    enum stage stage;
    int64_t since, clear_since;
    struct oracle_transition *out;
    size_t *len;
    size_t max;
};

struct instants {
    int64_t at[INSTANTS_MAX];
    size_t len;
};

static enum truth node_truth(const struct oracle_account *a, const struct expr_node *node,
                             int64_t c)
{
    struct oracle_value v = oracle_value(a, &node->term, c);
    int128_t excess = 1;

    if (node->op == EXPR_HAS)
        return v.standing != ORACLE_NONE ? IS_TRUE : IS_FALSE;
    if (v.standing == ORACLE_NONE)
        return IS_UNKNOWN;
    if (v.standing == ORACLE_NUMBER)
        excess = oracle_excess(a, node, &v);
    switch (node->comparison) {
    case LESS:
        return excess < 0 ? IS_TRUE : IS_FALSE;
    case LESS_EQUAL:
        return excess <= 0 ? IS_TRUE : IS_FALSE;
    case GREATER:
        return excess > 0 ? IS_TRUE : IS_FALSE;
    case GREATER_EQUAL:
        return excess >= 0 ? IS_TRUE : IS_FALSE;
    }
    return IS_UNKNOWN;
}

static enum truth truth(const struct oracle_account *a, const struct expr *expr,
                        int64_t c)
{
    enum truth at[EXPR_NODES_MAX];

    for (uint8_t i = 0; i < expr->len; i++) {
        const struct expr_node *n = &expr->nodes[i];

        if (n->op == EXPR_NOT)
            at[i] = IS_TRUE - at[n->left];
        else if (n->op == EXPR_AND)
            at[i] = at[n->left] < at[n->right] ? at[n->left] : at[n->right];
        else if (n->op == EXPR_OR)
            at[i] = at[n->left] > at[n->right] ? at[n->left] : at[n->right];
        else
            at[i] = node_truth(a, n, c);
    }
    return at[expr->len - 1];
}

/* Neighbours too: a course may change within the microsecond. */
static void put(struct instants *in, int64_t t, int64_t from, int64_t to)
{
    for (int64_t u = t - 1; u <= t + 1; u++) {
        if (u < from || u > to)
            continue;
        assert(in->len < INSTANTS_MAX);
        in->at[in->len++] = u;
    }
}

static int time_order(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;

    return x < y ? -1 : x > y;
}

static void sort(struct instants *in)
{
    size_t kept = 0;

    qsort(in->at, in->len, sizeof in->at[0], time_order);
    for (size_t i = 0; i < in->len; i++) {
        if (kept == 0 || in->at[i] != in->at[kept - 1])
            in->at[kept++] = in->at[i];
    }
    in->len = kept;
}

/* Days of a comparison in whole microseconds, rounded up. */
static int64_t days_compared(const struct expr_node *node)
{
    const struct decimal *d = &node->threshold.number;
    int128_t num = 0;
    int128_t den = 1;

    for (size_t i = 0; i < d->len; i++)
        num = 10 * num + d->digits[i];
    for (int i = 0; i < d->scale; i++)
        den *= 10;
    for (int i = d->scale; i < 0; i++)
        num *= 10;
    return (int64_t)((num * DAY_US + den - 1) / den);
}

/* By how much an instant may come earlier or later into a node's view. */
static int64_t shift_of(const struct expr_node *node)
{
    if (metric_measure(node->term.metric) == MEASURE_DAYS && node->op == EXPR_COMPARE) {
        int64_t days = days_compared(node);

        return node->term.metric == METRIC_AGE ? days : -days;
    }
    if (node->term.metric == METRIC_PRICE_CHANGE)
        return node->term.window;
    return -node->term.horizon;
}

static void put_shifted(struct instants *in, const struct expr *expr, int64_t t,
                        int64_t from, int64_t to)
{
    if (t == TIME_NONE)
        return;
    put(in, t, from, to);
    for (uint8_t i = 0; i < expr->len; i++) {
        if (expr->nodes[i].op == EXPR_COMPARE || expr->nodes[i].op == EXPR_HAS)
            put(in, t + shift_of(&expr->nodes[i]), from, to);
    }
}

/* Every date that any fact states, wherever it stands, and the ends of years. */
static void put_dates(struct instants *in, const struct oracle_account *a,
                      const struct expr *expr, int64_t from, int64_t to)
{
    for (size_t i = 0; i < a->o->len; i++) {
        const struct event *ev = a->o->facts[i];

        put_shifted(in, expr, ev->time, from, to);
        if (ev->kind == EVENT_SHIPMENT && !ev->retract) {
            put_shifted(in, expr, ev->as.shipment.departed, from, to);
            put_shifted(in, expr, ev->as.shipment.eta, from, to);
            put_shifted(in, expr, ev->as.shipment.arrived, from, to);
        }
        if (ev->kind == EVENT_PLEDGE && !ev->retract) {
            int64_t due = ev->as.pledge.due;
            int64_t start;

            put_shifted(in, expr, due, from, to);
            oracle_year(a->o, a->country, ev->as.pledge.commodity, from, &start, &due);
            for (; due <= to + DAY_US * 800; oracle_year(
                     a->o, a->country, ev->as.pledge.commodity, due, &start, &due))
                put_shifted(in, expr, due, from, to);
        }
        if ((ev->kind == EVENT_USE || ev->kind == EVENT_PRODUCTION) && !ev->retract)
            put_shifted(in, expr, ev->as.use.until, from, to);
    }
    int64_t start;
    int64_t end;

    for (oracle_year(a->o, a->country, a->commodity, from, &start, &end); end <= to;
         oracle_year(a->o, a->country, a->commodity, end, &start, &end))
        put(in, end, from, to);
}

/* The first microsecond in (low, high] without stock, or at which L begins to grow. */
static void put_dry(struct instants *in, const struct oracle_account *a, int64_t low,
                    int64_t high)
{
    int64_t from = low;
    int64_t to = high;

    if (oracle_stock(a, low) == 0 || oracle_stock(a, high) > 0)
        return;
    while (low + 1 < high) {
        int64_t middle = low + (high - low) / 2;

        if (oracle_stock(a, middle) > 0)
            low = middle;
        else
            high = middle;
    }
    put(in, high, from, to);
}

static bool is_convex(const struct expr_node *node)
{
    return node->term.metric == METRIC_SHORTFALL ||
           node->term.metric == METRIC_SHORTFALL_RATIO ||
           node->term.metric == METRIC_COST_TO_COVER;
}

static int128_t excess_at(const struct oracle_account *a, const struct expr_node *node,
                          int64_t c)
{
    struct oracle_value v = oracle_value(a, &node->term, c);

    return v.standing == ORACLE_NUMBER ? oracle_excess(a, node, &v) : 0;
}

/* Where a convex excess is least in [low, high]; an end of it when nothing dips. */
static int64_t lowest(const struct oracle_account *a, const struct expr_node *node,
                      int64_t low, int64_t high)
{
    while (low < high) {
        int64_t middle = low + (high - low) / 2;

        if (excess_at(a, node, middle + 1) >= excess_at(a, node, middle))
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* The one flip in (low, high], if the ends differ. */
static void put_flip(struct instants *in, const struct oracle_account *a,
                     const struct expr_node *node, int64_t low, int64_t high)
{
    enum truth before = node_truth(a, node, low);

    if (low >= high || node_truth(a, node, high) == before)
        return;
    while (low + 1 < high) {
        int64_t middle = low + (high - low) / 2;

        if (node_truth(a, node, middle) == before)
            low = middle;
        else
            high = middle;
    }
    assert(in->len < INSTANTS_MAX);
    in->at[in->len++] = high;
}

static void put_flips(struct instants *in, const struct oracle_account *a,
                      const struct expr *expr, int64_t low, int64_t high)
{
    for (uint8_t i = 0; i < expr->len; i++) {
        const struct expr_node *node = &expr->nodes[i];
        bool dips = node->op == EXPR_COMPARE && is_convex(node) &&
                    excess_at(a, node, low) >= 0 && excess_at(a, node, high) >= 0 &&
                    excess_at(a, node, low + 1) < excess_at(a, node, low) &&
                    excess_at(a, node, high - 1) < excess_at(a, node, high);

        if (node->op != EXPR_COMPARE)
            continue;
        if (!dips) {
            put_flip(in, a, node, low, high);
            continue;
        }
        int64_t bottom = lowest(a, node, low, high);

        put_flip(in, a, node, low, bottom);
        put_flip(in, a, node, bottom, high);
    }
}

static void emit(struct watch *w, enum alert_state state, int64_t at)
{
    assert(*w->len < w->max);
    w->out[(*w->len)++] = (struct oracle_transition){.uid = w->rule->uid,
                                                     .country = w->a->country,
                                                     .commodity = w->a->commodity,
                                                     .state = state,
                                                     .at = at,
                                                     .begun = w->since};
    oracle_balance(w->a->o, w->a->country, w->a->commodity, at, HORIZON_DEFAULT,
                   &w->out[*w->len - 1].balance);
}

/* [from, to] is a time in which the conditions do not change. */
static void live(struct watch *w, int64_t from, int64_t to)
{
    enum truth when = truth(w->a, &w->rule->when, from);
    enum truth clear = IS_TRUE - when;

    if (w->rule->clear.len > 0)
        clear = when == IS_TRUE ? IS_FALSE : truth(w->a, &w->rule->clear, from);
    if (w->stage == STAGE_INACTIVE && when == IS_TRUE) {
        w->stage = STAGE_PENDING;
        w->since = from;
    }
    if (w->stage == STAGE_PENDING && when == IS_FALSE)
        w->stage = STAGE_INACTIVE;
    if (w->stage == STAGE_PENDING && when == IS_TRUE) {
        int64_t at = w->since + w->rule->hold;

        at = at > from ? at : from;
        if (at > to)
            return;
        w->stage = STAGE_FIRING;
        w->clear_since = TIME_NONE;
        emit(w, ALERT_FIRING, at);
        return; /* `clear` counts as false where `when` is true */
    }
    if (w->stage != STAGE_FIRING)
        return;
    if (clear == IS_FALSE)
        w->clear_since = TIME_NONE;
    if (clear != IS_TRUE)
        return;
    if (w->clear_since == TIME_NONE)
        w->clear_since = from;
    int64_t at = w->clear_since + w->rule->keep;

    at = at > from ? at : from;
    if (at > to)
        return;
    w->stage = STAGE_INACTIVE;
    emit(w, ALERT_RESOLVED, at);
}

/* [from, to]: the facts stay as they are. */
static void live_between_steps(struct watch *w, int64_t from, int64_t to)
{
    static struct instants in; /* too large for a stack */
    size_t len;

    in.len = 0;
    put(&in, from, from, to);
    put(&in, to, from, to);
    put_dates(&in, w->a, &w->rule->when, from, to);
    if (w->rule->clear.len > 0)
        put_dates(&in, w->a, &w->rule->clear, from, to);
    for (size_t i = 0; i < w->a->instants_len; i++)
        put(&in, w->a->instants[i], from, to);
    sort(&in);
    len = in.len;
    for (size_t i = 0; i + 1 < len; i++)
        put_dry(&in, w->a, in.at[i], in.at[i + 1] - 1);
    sort(&in);
    len = in.len;
    for (size_t i = 0; i + 1 < len; i++) {
        if (in.at[i + 1] - 1 == in.at[i])
            continue;
        put_flips(&in, w->a, &w->rule->when, in.at[i], in.at[i + 1] - 1);
        put_flips(&in, w->a, &w->rule->clear, in.at[i], in.at[i + 1] - 1);
    }
    sort(&in);
    for (size_t i = 0; i < in.len; i++)
        live(w, in.at[i], i + 1 < in.len ? in.at[i + 1] - 1 : to);
}

static int transition_order(const void *left, const void *right)
{
    const struct oracle_transition *a = left;
    const struct oracle_transition *b = right;
    int order = time_order(&a->at, &b->at);

    if (order == 0)
        order = strcmp(a->uid, b->uid);
    if (order == 0)
        order = strcmp(place_code(a->country), place_code(b->country));
    if (order == 0)
        order = strcmp(commodity_code(a->commodity), commodity_code(b->commodity));
    if (order == 0) /* one alert at one instant: it fires before it resolves again */
        order = a->begun < b->begun ? -1 : a->begun > b->begun;
    return order != 0 ? order : (int)a->state - (int)b->state;
}

size_t oracle_alerts(const struct ruleset *rules, const struct oracle_step *steps,
                     size_t steps_len, int64_t until, struct oracle_transition *out,
                     size_t max)
{
    static struct oracle_account a;
    size_t len = 0;

    for (size_t i = 0; i < rules->rules_len; i++) {
        const struct rule *rule = &rules->rules[i];
        struct watch w = {.rule = rule, .a = &a, .out = out, .len = &len, .max = max};
        struct oracle o = {.years = rules->years, .years_len = rules->years_len};

        for (size_t k = 0; k < steps_len && steps[k].clock <= until; k++) {
            int64_t to = until;

            for (size_t e = 0; e < steps[k].events_len; e++)
                (void)oracle_apply(&o, steps[k].events[e]);
            oracle_account(&o, rule->countries[0], rule->commodities[0], &a);
            if (k + 1 < steps_len && steps[k + 1].clock <= until)
                to = steps[k + 1].clock - 1;
            live_between_steps(&w, steps[k].clock, to);
        }
    }
    qsort(out, len, sizeof out[0], transition_order);
    return len;
}
