/* When a comparison changes of itself. Between two instants of `next_instant` each part
 * of a figure is a straight line, so its truth changes there at most once: if it differs
 * at the end from what it was at the start, bisection finds the very microsecond. */
#include "outlook.h"

#include <assert.h>

/* Behind the last entry nothing moves but year ends, and after two nothing at all. */
#define SETTLED_US (INT64_C(732) * DAY_US)

/* --- truth ------------------------------------------------------------------------ */

static enum truth truth_of(enum order order, enum comparison comparison)
{
    if (order == ORDER_NONE)
        return TRUTH_UNKNOWN;
    switch (comparison) {
    case LESS:
        return order == ORDER_LESS ? TRUTH_TRUE : TRUTH_FALSE;
    case LESS_EQUAL:
        return order != ORDER_GREATER ? TRUTH_TRUE : TRUTH_FALSE;
    case GREATER:
        return order == ORDER_GREATER ? TRUTH_TRUE : TRUTH_FALSE;
    case GREATER_EQUAL:
        return order != ORDER_LESS ? TRUTH_TRUE : TRUTH_FALSE;
    }
    return TRUTH_UNKNOWN;
}

static enum truth truth_and(enum truth a, enum truth b)
{
    if (a == TRUTH_FALSE || b == TRUTH_FALSE)
        return TRUTH_FALSE;
    return a == TRUTH_TRUE && b == TRUTH_TRUE ? TRUTH_TRUE : TRUTH_UNKNOWN;
}

static enum truth truth_not(enum truth a)
{
    return a == TRUTH_UNKNOWN ? a : a == TRUTH_TRUE ? TRUTH_FALSE : TRUTH_TRUE;
}

static enum truth node_truth(struct view *v, const struct expr_node *n,
                             const struct bound *bound, enum part part)
{
    if (n->op == EXPR_HAS)
        return metric_has(v, &n->term) ? TRUTH_TRUE : TRUTH_FALSE;
    return truth_of(metric_compare(v, &n->term, bound, part), n->comparison);
}

void bounds_make(const struct expr *expr, commodity_id commodity, struct bounds *out)
{
    for (size_t i = 0; i < expr->len; i++) {
        const struct expr_node *n = &expr->nodes[i];

        if (n->op == EXPR_COMPARE)
            out->list[i] = bound_make(&n->threshold, n->term.metric, commodity);
    }
}

enum truth expr_truth(struct view *v, const struct expr *expr,
                      const struct bounds *bounds)
{
    enum truth truths[EXPR_NODES_MAX];

    assert(expr->len > 0);
    for (size_t i = 0; i < expr->len; i++) { /* operands stand before their operator */
        const struct expr_node *n = &expr->nodes[i];

        switch (n->op) {
        case EXPR_AND:
            truths[i] = truth_and(truths[n->left], truths[n->right]);
            break;
        case EXPR_OR:
            truths[i] = truth_not(
                truth_and(truth_not(truths[n->left]), truth_not(truths[n->right])));
            break;
        case EXPR_NOT:
            truths[i] = truth_not(truths[n->left]);
            break;
        case EXPR_HAS:
        case EXPR_COMPARE:
            truths[i] = node_truth(v, n, &bounds->list[i], PART_WHOLE);
            break;
        }
    }
    return truths[expr->len - 1];
}

/* --- instants --------------------------------------------------------------------- */

/* What makes a metric change its course. */
enum cause {
    CAUSE_PATH = 1,     /* entries of the path, and the stock running dry */
    CAUSE_HORIZON = 2,  /* entries coming within the horizon */
    CAUSE_DAYS = 4,     /* entries coming within the compared number of days */
    CAUSE_EXPECTED = 8, /* dates of what is expected, and arrivals */
    CAUSE_YEAR = 16,    /* ends of balance years */
    CAUSE_PRICE = 32    /* prices, now and a window ago */
};

static const unsigned metric_causes[METRIC_COUNT] = {
    [METRIC_STOCK] = CAUSE_PATH,
    [METRIC_UNMET] = CAUSE_PATH | CAUSE_YEAR,
    [METRIC_DAYS_OF_COVER] = CAUSE_PATH | CAUSE_DAYS,
    [METRIC_SHORTFALL] = CAUSE_PATH | CAUSE_HORIZON | CAUSE_EXPECTED | CAUSE_YEAR,
    [METRIC_SHORTFALL_RATIO] = CAUSE_PATH | CAUSE_HORIZON | CAUSE_EXPECTED | CAUSE_YEAR,
    [METRIC_UNCOVERED_DEFICIT] = CAUSE_PATH | CAUSE_EXPECTED | CAUSE_YEAR,
    [METRIC_DELIVERY_RATIO] = CAUSE_EXPECTED,
    [METRIC_OVERDUE] = CAUSE_EXPECTED,
    [METRIC_PRICE] = CAUSE_PRICE,
    [METRIC_PRICE_CHANGE] = CAUSE_PRICE,
    [METRIC_COST_TO_COVER] =
        CAUSE_PATH | CAUSE_HORIZON | CAUSE_EXPECTED | CAUSE_YEAR | CAUSE_PRICE,
    [METRIC_AGE] = CAUSE_PATH,
};

/* Keeps the earliest candidate above the clock. */
struct earliest {
    int64_t clock, best;
};

static void consider(struct earliest *e, int64_t time, int64_t shift)
{
    if (time == TIME_NONE || time - shift <= e->clock)
        return;
    if (e->best == TIME_NONE || time - shift < e->best)
        e->best = time - shift;
}

static void consider_path(struct earliest *e, struct view *v, int64_t shift)
{
    consider(e, path_next_time(&v->account->own, &v->w->blocks, v->clock + shift), shift);
}

/* A pledge without a due date moves from the end of one year to that of the next. */
static void consider_years(struct earliest *e, struct view *v, int64_t horizon)
{
    consider(e, view_year_end(v), 0);
    consider(e, view_year_end(v), horizon);
}

static void consider_days(struct earliest *e, struct view *v, const struct bound *bound)
{
    int64_t days_max = TIME_MAX - v->clock;

    if (bound->value <= 0 || bound->value > days_max)
        return;
    consider_path(e, v, (int64_t)bound->value);
    consider_path(e, v, (int64_t)bound->value - 1);
}

/* The first instant after the view's at which the figure may change its course. */
static int64_t next_instant(struct view *v, const struct term *term,
                            const struct bound *bound)
{
    unsigned causes = metric_causes[term->metric];
    struct earliest e = {v->clock, TIME_NONE};
    int64_t horizon = causes & CAUSE_HORIZON ? term->horizon : 0;

    if (causes & CAUSE_PATH) {
        consider_path(&e, v, 0);
        consider(&e, path_dry_at(&v->now), 0);
    }
    if (causes & CAUSE_HORIZON)
        consider_path(&e, v, horizon);
    if (causes & CAUSE_DAYS && bound != NULL)
        consider_days(&e, v, bound);
    if (causes & CAUSE_EXPECTED) {
        consider(&e, view_next_date(v, v->clock), 0);
        if (horizon > 0)
            consider(&e, view_next_date(v, v->clock + horizon), horizon);
    }
    if (causes & CAUSE_YEAR)
        consider_years(&e, v, horizon);
    if (causes & CAUSE_PRICE) {
        consider(&e, quote_next_time(v, term, v->clock), 0);
        consider(&e, quote_next_time(v, term, v->clock - term->window), -term->window);
    }
    return e.best;
}

/* Nothing happens any more by itself after this instant. */
static int64_t settled_after(const struct view *v, const struct term *term)
{
    int64_t last = path_last_time(&v->account->own, &v->w->blocks);
    int64_t date = view_last_date(v);

    if (term->metric == METRIC_AGE || metric_causes[term->metric] & CAUSE_PRICE)
        return TIME_MAX; /* grows for ever; prices end by having no next one */
    last = last > date ? last : date; /* TIME_NONE is the least */
    last = last > v->clock ? last : v->clock;
    return last + SETTLED_US;
}

/* --- the search ------------------------------------------------------------------- */

struct search {
    struct world *w;
    uint32_t account;
    const struct expr_node *node;
    const struct bound *bound;
    enum part part;
    unsigned patience;
};

static enum truth truth_at(const struct search *s, int64_t time)
{
    struct view v = view_open(s->w, s->account, time);

    return node_truth(&v, s->node, s->bound, s->part);
}

/* from < until; the truth at `from` is `then`, at `until` another. */
static int64_t bisect(const struct search *s, int64_t from, int64_t until,
                      enum truth then)
{
    while (until - from > 1) {
        int64_t middle = from + (until - from) / 2;

        if (truth_at(s, middle) == then)
            from = middle;
        else
            until = middle;
    }
    return until;
}

static int64_t search_change(const struct search *s, int64_t clock)
{
    struct view v = view_open(s->w, s->account, clock);
    enum truth now = node_truth(&v, s->node, s->bound, s->part);
    int64_t settled = settled_after(&v, &s->node->term);
    int64_t from = clock;

    for (unsigned i = 0; i < s->patience; i++) {
        v = view_open(s->w, s->account, from);
        int64_t next = next_instant(&v, &s->node->term, s->bound);
        bool last = next == TIME_NONE || next > settled;

        if (last)
            next = settled;
        if (next <= from)
            return TIME_NONE;
        if (next - 1 > from && truth_at(s, next - 1) != now)
            return bisect(s, from, next - 1, now);
        if (truth_at(s, next) != now)
            return next;
        if (last)
            return TIME_NONE;
        from = next;
    }
    return from;
}

static bool is_shortfall(enum metric metric)
{
    return metric == METRIC_SHORTFALL || metric == METRIC_SHORTFALL_RATIO ||
           metric == METRIC_COST_TO_COVER;
}

int64_t expr_next_change(struct world *w, uint32_t account, int64_t clock,
                         const struct expr *expr, const struct bounds *bounds,
                         unsigned patience)
{
    struct earliest e = {clock, TIME_NONE};

    for (size_t i = 0; i < expr->len; i++) {
        const struct expr_node *n = &expr->nodes[i];
        struct search s = {w, account, n, &bounds->list[i], PART_WHOLE, patience};

        if (n->op != EXPR_COMPARE && n->op != EXPR_HAS)
            continue;
        if (n->op == EXPR_HAS)
            s.bound = NULL;
        if (n->op == EXPR_COMPARE && is_shortfall(n->term.metric)) {
            s.part = PART_INSIDE;
            consider(&e, search_change(&s, clock), 0);
            s.part = PART_EDGE;
        }
        consider(&e, search_change(&s, clock), 0);
    }
    return e.best;
}
