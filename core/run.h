/* A run: what a stretch of entries, one after the other, does to a path. Runs can be
 * appended to each other, so the path of a million entries is known from the runs of a
 * few blocks (a monoid; semantics section 3). Private to core/. */
#ifndef SHORTFALL_CORE_RUN_H
#define SHORTFALL_CORE_RUN_H

#include "pool.h"

#include "shortfall/core/qty.h"
#include "shortfall/core/timestamp.h"

/* In the order in which entries of one instant stand: a SET comes after everything else.
 */
enum entry_kind {
    ENTRY_ADD,         /* base units that come (or, below zero, leave) at once */
    ENTRY_DIFFERENCE,  /* pico-units: what a member's stock report brings to its group */
    ENTRY_SUPPLY_RATE, /* change of the rate of production, pico-units per us */
    ENTRY_SUPPLY_REST, /* pico-units that rounding left of a production, at its end */
    ENTRY_USE_RATE,    /* change of the rate of use, pico-units per us */
    ENTRY_USE_REST,    /* pico-units that rounding left of a use, at its end */
    ENTRY_EXPECTED,    /* base units that are counted on; they move no position */
    ENTRY_SET          /* observed level, base units */
};

/* A value that does not fit 64 bits stands in the pool of wide ones; `value` is then its
 * index. */
struct entry {
    int64_t time;
    int64_t value;
    uint32_t fact; /* which fact put it there */
    uint8_t kind;  /* enum entry_kind */
    bool wide;
    uint16_t commodity; /* by which account: on a group's path, its own or a member's */
};

/* All amounts in pico-units of the account, accruals included. A run that is not `set`
 * starts from nothing: its position is what it adds, its extremes are relative to where
 * it starts. From a SET on, and on a path from its beginning, they are absolute. The
 * jumps at `time` itself count in the extremes only when the instant is over: all jumps
 * of one instant are one jump. */
struct run {
    int64_t first;    /* time of its first entry */
    int64_t time;     /* all entries up to here are in; TIME_NONE: no entry yet */
    int64_t set_time; /* of the last SET; TIME_NONE: none */
    uint32_t reports; /* SETs and DIFFERENCEs in it */
    bool set;
    int128_t use_in, supply_in;     /* rates it begins with */
    int128_t use_rate, supply_rate; /* rates it ends with */
    int128_t position;              /* X */
    int128_t lowest, highest;       /* least and greatest X since the start or last SET */
    int128_t head;                  /* least X before its first SET */
    int128_t closed;                /* sum of U of the segments that ended in it */
    int128_t used, supplied;        /* R; P with all ADDs */
    int128_t expected;              /* E */
    int128_t gap; /* greatest used - supplied - expected: RUN_LOWEST before any */
};

/* Beyond what 2^32 of the largest facts can add up to. */
#define RUN_HIGHEST ((int128_t)1 << 126)
#define RUN_LOWEST  (-RUN_HIGHEST)

/* Of no entries, with these rates coming in. */
struct run run_begin(int128_t use_rate, int128_t supply_rate);

/* A path before its first entry: nothing is there, and that is a level. */
struct run run_origin(void);

/* The next entry, not before `time`, with its value. */
void run_enter(struct run *r, const struct entry *e, int128_t value);

/* The same for those of the next `len` entries, up to the first that is none, which are
 * plain ADDs: how many they were; 0: enter the first one by itself. A path is made of
 * little else, and is walked anew when a rate that spans it changes. */
uint32_t run_enter_adds(struct run *r, const struct entry *list, uint32_t len);

/* The run that follows, made for the rates with which `r` ends. */
void run_append(struct run *r, const struct run *next);

/* Accrues up to `time`, whose own jumps are still to come. */
void run_accrue(struct run *r, int64_t time);

/* No more jumps at `time`. */
void run_close(struct run *r);

/* used - supplied - expected. */
static inline int128_t run_gap(const struct run *r)
{
    return r->used - r->supplied - r->expected;
}

int128_t run_unmet(const struct run *r); /* L, of a path; both closed */
int128_t run_stock(const struct run *r); /* X + U, never below zero */

static inline int128_t entry_value(const struct entry *e, const struct pool *wides)
{
    if (!e->wide)
        return e->value;
    return *(const int128_t *)pool_at(wides, (uint32_t)e->value);
}

#endif
