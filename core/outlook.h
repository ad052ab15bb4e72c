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

/* How many instants are looked through at one time. An account that events touch often
 * has its outlook thrown away as often, so the search begins short and grows while
 * nothing comes: only the far outlook of a quiet account is worth its price. */
#define PATIENCE_LEAST 2
#define PATIENCE_MOST  64

/* The first instant above `clock` at which a comparison or has() of the expression
 * changes, or at which it must be asked again because `patience` instants were looked
 * through; TIME_NONE: never, as things stand. */
int64_t expr_next_change(struct world *w, uint32_t account, int64_t clock,
                         const struct expr *expr, const struct bounds *bounds,
                         unsigned patience);

#endif
