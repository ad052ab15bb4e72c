/* When a comparison changes of itself. Stretches over which it is certain to stay as it
 * is (steady.h) are stepped over whole; one that is not is cut, at last down to where
 * each part of the figure is a straight line: there its truth changes at most once, and
 * if it differs at the end from what it was at the start, bisection finds the very
 * microsecond.
 */
#include "outlook.h"

#include "steady.h"

#include <assert.h>

/* After so many stretches the search rests: it goes on when the clock has come there. */
#define STRETCHES_MAX 32

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
    CAUSE_DELIVERY = 8, /* arrivals and due dates */
    CAUSE_YEAR = 16,    /* ends of balance years */
    CAUSE_PRICE = 32    /* prices, now and a window ago */
};

static const unsigned metric_causes[METRIC_COUNT] = {
    [METRIC_STOCK] = CAUSE_PATH,
    [METRIC_UNMET] = CAUSE_PATH | CAUSE_YEAR,
    [METRIC_DAYS_OF_COVER] = CAUSE_PATH | CAUSE_DAYS,
    [METRIC_SHORTFALL] = CAUSE_PATH | CAUSE_HORIZON,
    [METRIC_SHORTFALL_RATIO] = CAUSE_PATH | CAUSE_HORIZON,
    [METRIC_UNCOVERED_DEFICIT] = CAUSE_PATH | CAUSE_YEAR,
    [METRIC_DELIVERY_RATIO] = CAUSE_DELIVERY,
    [METRIC_OVERDUE] = CAUSE_DELIVERY,
    [METRIC_PRICE] = CAUSE_PRICE,
    [METRIC_PRICE_CHANGE] = CAUSE_PRICE,
    [METRIC_COST_TO_COVER] = CAUSE_PATH | CAUSE_HORIZON | CAUSE_PRICE,
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

static void consider_path(struct earliest *e, const struct view *v, int64_t shift)
{
    consider(e, path_next_time(&v->account->own, &v->w->paths, v->clock + shift), shift);
}

static void consider_days(struct earliest *e, const struct view *v,
                          const struct bound *bound)
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

    if (causes & CAUSE_PATH) {
        consider_path(&e, v, 0);
        consider(&e, path_dry_at(&v->now), 0);
    }
    if (causes & CAUSE_HORIZON)
        consider_path(&e, v, term->horizon);
    if (causes & CAUSE_DAYS && bound != NULL)
        consider_days(&e, v, bound);
    if (causes & CAUSE_DELIVERY)
        consider(&e, view_next_delivery(v), 0);
    if (causes & CAUSE_YEAR)
        consider(&e, view_year_end(v), 0);
    if (causes & CAUSE_PRICE) {
        consider(&e, quote_next_time(v, term, v->clock), 0);
        consider(&e, quote_next_time(v, term, v->clock - term->window), -term->window);
    }
    return e.best;
}

/* --- the search ------------------------------------------------------------------- */

struct search {
    const struct expr_node *node;
    const struct bound *bound; /* NULL: of has() */
};

static struct view view_again(const struct view *v, int64_t time)
{
    return view_open(v->w, v->index, time);
}

static enum truth truth_at(const struct search *s, const struct view *v, int64_t time,
                           enum part part)
{
    struct view there = view_again(v, time);

    return node_truth(&there, s->node, s->bound, part);
}

/* The truth at the view's instant is `then`, at `until` another. */
static int64_t bisect(const struct search *s, const struct view *v, int64_t until,
                      enum truth then, enum part part)
{
    int64_t from = v->clock;

    while (until - from > 1) {
        int64_t middle = from + (until - from) / 2;

        if (truth_at(s, v, middle, part) == then)
            from = middle;
        else
            until = middle;
    }
    return until;
}

/* The first change of one part of the figure in (c, until], within which it is a straight
 * line but for a jump at the end. */
static int64_t part_change(const struct search *s, struct view *v, int64_t until,
                           enum part part)
{
    enum truth now = node_truth(v, s->node, s->bound, part);

    if (until - 1 > v->clock && truth_at(s, v, until - 1, part) != now)
        return bisect(s, v, until - 1, now, part);
    return truth_at(s, v, until, part) != now ? until : TIME_NONE;
}

static bool is_shortfall(enum metric metric)
{
    return metric == METRIC_SHORTFALL || metric == METRIC_SHORTFALL_RATIO ||
           metric == METRIC_COST_TO_COVER;
}

static int64_t line_change(const struct search *s, struct view *v, int64_t until)
{
    struct earliest e = {v->clock, TIME_NONE};

    if (s->bound == NULL || !is_shortfall(s->node->term.metric))
        return part_change(s, v, until, PART_WHOLE);
    consider(&e, part_change(s, v, until, PART_INSIDE), 0);
    consider(&e, part_change(s, v, until, PART_EDGE), 0);
    return e.best;
}

/* The end of a stretch, `until` at most, in which the figure is a straight line, or (then
 * it is `certain`) stays on its side. */
static int64_t stretch_end(const struct search *s, struct view *v, int64_t until,
                           bool *certain)
{
    int64_t next = next_instant(v, &s->node->term, s->bound);

    for (int64_t end = until;;) {
        int64_t middle = v->clock + (end - v->clock) / 2;

        if (next == TIME_NONE || next > end)
            return end;
        if (next >= middle)
            return next;
        end = middle;
        *certain = comparison_steady(v, s->node, s->bound, end);
        if (*certain)
            return end;
    }
}

/* The first change in (c, until]; or, above c, up to where there is none. */
static int64_t search_change(const struct search *s, struct view *from, int64_t until)
{
    struct view there;
    struct view *v = from;
    int64_t end = until;

    for (unsigned i = 0; i < STRETCHES_MAX; i++) {
        bool certain = comparison_steady(v, s->node, s->bound, end);
        int64_t change = TIME_NONE;

        if (!certain)
            end = stretch_end(s, v, end, &certain);
        if (!certain)
            change = line_change(s, v, end);
        if (change != TIME_NONE || end == until)
            return change != TIME_NONE ? change : until;
        int64_t length = end - v->clock; /* what went well once is tried twice as long */

        there = view_again(v, end);
        v = &there;
        end = (until - v->clock) / 2 < length ? until : v->clock + 2 * length;
    }
    return v->clock;
}

/* NULL: of has(), which is held against nothing. */
static const struct bound *bound_of(const struct expr *expr, const struct bounds *bounds,
                                    size_t node)
{
    return expr->nodes[node].op == EXPR_COMPARE ? &bounds->list[node] : NULL;
}

static bool is_leaf(const struct expr_node *n)
{
    return n->op == EXPR_COMPARE || n->op == EXPR_HAS;
}

bool expr_is_settled(struct view *v, const struct expr *expr, const struct bounds *bounds)
{
    for (size_t i = 0; i < expr->len; i++) {
        if (is_leaf(&expr->nodes[i]) &&
            !comparison_steady(v, &expr->nodes[i], bound_of(expr, bounds, i), TIME_MAX))
            return false;
    }
    return true;
}

int64_t expr_next_change(struct view *v, const struct expr *expr,
                         const struct bounds *bounds, int64_t until)
{
    int64_t first = until;

    for (size_t i = 0; i < expr->len && first > v->clock; i++) {
        const struct search s = {&expr->nodes[i], bound_of(expr, bounds, i)};

        if (is_leaf(s.node))
            first = search_change(&s, v, first);
    }
    return first == TIME_MAX ? TIME_NONE : first;
}
