/* What an account's figures are made of (semantics section 5), in pico-units. */
#ifndef SHORTFALL_CORE_FIGURE_H
#define SHORTFALL_CORE_FIGURE_H

#include "view.h"

/* Most figures are one straight line between two instants of outlook.h; a shortfall is
 * the greatest of several, so it is also looked at part by part: what lies within the
 * horizon, and what stands at its end. Each part is one line. */
enum part { PART_WHOLE, PART_INSIDE, PART_EDGE };

/* The greatest amount on the way to c + horizon that neither stock nor what comes covers,
 * of one part of it; at least 0. */
int128_t shortfall_ahead(struct view *v, int64_t horizon, enum part part);

/* R(c, until]. */
int128_t used_until(struct view *v, int64_t until);
bool use_lies_ahead(struct view *v);

/* L(c) - L(Y0). */
int128_t unmet_this_year(struct view *v);

/* What the year will have left uncovered, net at its end; below zero: more than enough.
 */
int128_t deficit_at_year_end(struct view *v);

/* The same, at least 0. */
int128_t uncovered_deficit(struct view *v);

/* The first microsecond at which use alone has eaten the stock; TIME_NONE: it never does.
 */
int64_t stock_out(struct view *v);

/* Time of the latest ADD or SET at or before c; TIME_NONE: none. */
int64_t latest_report(const struct view *v);

/* A price: money for one `unit`, which is `num / den` base units of the commodity; num 0:
 * it has none in them (gas by its heat). */
struct quote {
    bool known;
    int64_t money; /* 1/10,000 of the currency's unit */
    unit_id unit;
    int64_t num, den;
};

/* The last price at or before `time` of the market (and currency, where the term has one;
 * of several currencies the latest). */
struct quote quote_at(const struct view *v, const struct term *term, int64_t time);

/* The time of the first price after `time` in a series the term may look at; TIME_NONE.
 */
int64_t quote_next_time(const struct view *v, const struct term *term, int64_t time);

#endif
