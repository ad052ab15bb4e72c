/* The outlook of a comparison: the first instant after now at which its truth changes, if
 * no event comes. Found by arithmetic over the instants at which a figure can change its
 * course (semantics section 6), not by polling. */
#ifndef SHORTFALL_CORE_OUTLOOK_H
#define SHORTFALL_CORE_OUTLOOK_H

#include "metric.h"

#include "shortfall/core/expr.h"

/* In three-valued logic. */
enum truth { TRUTH_FALSE, TRUTH_TRUE, TRUTH_UNKNOWN };

/* The bounds of an expression's comparisons for one commodity; index as its nodes. */
struct bounds {
    struct bound list[EXPR_NODES_MAX];
};
void bounds_make(const struct expr *expr, commodity_id commodity, struct bounds *out);

/* The expression at the view's instant. expr->len > 0. */
enum truth expr_truth(struct view *v, const struct expr *expr,
                      const struct bounds *bounds);

/* How far an outlook looks: 2^reach microseconds. An account that events touch often has
 * its outlook thrown away as often, so each instance has a reach of its own, which grows
 * while nothing comes. */
#define REACH_LEAST 31 /* 36 minutes */
#define REACH_FIRST 36 /* 19 hours */
#define REACH_MOST  58 /* to the end of time */

/* Whether none of its comparisons ever changes, as things stand. False says nothing. */
bool expr_is_settled(struct view *v, const struct expr *expr,
                     const struct bounds *bounds);

/* The first instant after the view's at which a comparison or has() of the expression
 * changes, or up to which it is certain that none does (`until` at the latest);
 * TIME_NONE: none ever changes, as things stand. */
int64_t expr_next_change(struct view *v, const struct expr *expr,
                         const struct bounds *bounds, int64_t until);

#endif
