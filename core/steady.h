/* Whether a comparison is certain to stay as it is over a stretch of time. */
#ifndef SHORTFALL_CORE_STEADY_H
#define SHORTFALL_CORE_STEADY_H

#include "metric.h"

/* True only if the comparison (bound NULL: has()) has the same truth at every instant of
 * (c, until] as at c, if no event comes. False says nothing. */
bool comparison_steady(struct view *v, const struct expr_node *n,
                       const struct bound *bound, int64_t until);

#endif
