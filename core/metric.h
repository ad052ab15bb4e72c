/* The figures of semantics section 5, and how one compares with a threshold: exactly, in
 * integers. */
#ifndef SHORTFALL_CORE_METRIC_H
#define SHORTFALL_CORE_METRIC_H

#include "figure.h"

/* A threshold made ready for the commodity of one account. */
struct bound {
    int128_t value; /* pico-units, microseconds, 10^-9, or 1/10,000 of money */
    /* Of a price: its unit, as the fraction of base units; num 0: it has none in them
     * (gas by its heat), and only a price of the same unit can be compared. */
    unit_id unit;
    int64_t num, den;
};

struct bound bound_make(const struct threshold *threshold, enum metric metric,
                        commodity_id commodity);

enum order { ORDER_LESS = -1, ORDER_EQUAL = 0, ORDER_GREATER = 1, ORDER_NONE = 2 };

/* The figure against the bound; ORDER_NONE: there is no figure. */
enum order metric_compare(struct view *v, const struct term *term,
                          const struct bound *bound, enum part part);

/* Whether it is *none* on an account that no use, production or stock describes. */
bool metric_needs_description(enum metric metric);

/* Whether there is a figure. */
bool metric_has(struct view *v, const struct term *term);

/* The figure for people: unit as in struct reading, that of a price as in `bound` (of
 * other metrics it is not looked at); VALUE_NONE: none. */
int64_t metric_value(struct view *v, const struct term *term, const struct bound *bound);

/* The threshold in the same unit. */
int64_t bound_value(const struct bound *bound, enum metric metric);

/* All figures of a balance sheet's line. */
void metric_balance(struct view *v, int64_t horizon, struct balance *out);

#endif
