/* The path of an account along effective time: position, unmet and stock at any instant,
 * as a pure function of the entries on its timeline (semantics section 3). */
#ifndef SHORTFALL_CORE_PATH_H
#define SHORTFALL_CORE_PATH_H

#include "timeline.h"

/* The state at `time`: all entries up to and with it, accrual included. */
struct path_state path_at(struct timeline *t, const struct pool *blocks, int64_t time);

/* The same, but without the SETs at `time` itself: what a stock report is held against.
 */
struct path_state path_before_set(struct timeline *t, const struct pool *blocks,
                                  int64_t time);

int128_t path_unmet_since_set(const struct path_state *s); /* U, pico-units */
int128_t path_unmet(const struct path_state *s);           /* L */
int128_t path_stock(const struct path_state *s);           /* X + U, never below zero */

/* The first whole microsecond after `s` at which the stock is used up if nothing but
 * accrual happens; TIME_NONE: it is not going down, or nothing is there. */
int64_t path_dry_at(const struct path_state *s);

/* Time of the first entry after `time`, TIME_NONE: none. */
int64_t path_next_time(struct timeline *t, const struct pool *blocks, int64_t time);
/* Time of the last entry; TIME_NONE: none. */
int64_t path_last_time(const struct timeline *t, const struct pool *blocks);

/* A walk over the future of a path: supply and use without regard to stock reports. */
struct path_walk {
    const struct pool *blocks;
    struct timeline_place place; /* the next entry */
    int64_t time;
    int128_t used, supplied; /* up to `time`, its jumps included */
    int128_t use_rate, supply_rate;
};

struct path_walk path_walk_from(struct timeline *t, const struct pool *blocks,
                                const struct path_state *now);

/* Time of the next entry, TIME_NONE: none. */
int64_t path_walk_next(const struct path_walk *walk);

/* Accrues up to `time`, at most the next entry's; the jumps there are not taken yet. */
void path_walk_accrue(struct path_walk *walk, int64_t time);

/* Takes all entries at the walk's time. */
void path_walk_jump(struct path_walk *walk);

#endif
