/* The path of an account along effective time: position, unmet and stock at any instant,
 * as a pure function of the entries on its timeline (semantics section 3). */
#ifndef SHORTFALL_CORE_PATH_H
#define SHORTFALL_CORE_PATH_H

#include "timeline.h"

/* The path at `time`: all entries up to and with it, accrual included. */
struct run path_at(struct timeline *t, struct timeline_pools *p, int64_t time);

/* Carries `now`, which stands at its time, on to `time`, with all entries there. */
void path_carry(struct timeline *t, struct timeline_pools *p, struct run *now,
                int64_t time);

/* The first whole microsecond after `now` at which the stock is used up if nothing but
 * accrual happens; TIME_NONE: it is not going down, or nothing is there. */
int64_t path_dry_at(const struct run *now);

/* Time of the first entry after `time`, TIME_NONE: none. */
int64_t path_next_time(const struct timeline *t, const struct timeline_pools *p,
                       int64_t time);
/* Time of the last entry; TIME_NONE: none. */
int64_t path_last_time(const struct timeline *t, const struct timeline_pools *p);

#endif
