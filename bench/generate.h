/* A deterministic stream of events as reports on many countries would give them: price
 * ticks most of all, shipments that depart, are put off and arrive, pledges that they are
 * credited to, uses and harvests, stock counts, a policy now and then; a few of each come
 * late, by up to a year. The same options give the same bytes on every machine. Must
 * never look at a clock. */
#ifndef BENCH_GENERATE_H
#define BENCH_GENERATE_H

#include "shortfall/core/event.h"

#define GENERATE_SEED        UINT64_C(20071101)
#define GENERATE_COUNTRIES   200
#define GENERATE_COMMODITIES 20
#define GENERATE_START_US    (INT64_C(1167609600) * SECOND_US) /* 2007-01-01 */
#define GENERATE_PACE_US     (30 * SECOND_US) /* a million events are 347 days */
#define GENERATE_EVENTS_MAX                                                              \
    UINT64_C(20000000) /* then late prices would repeat a time                           \
                        */

struct generate_options {
    uint64_t seed;
    size_t countries, commodities; /* at most those above */
    int64_t start;                 /* when the first event is reported: whole seconds */
    int64_t pace_us;               /* from one report to the next: hundreds */
    /* The last of each so many events is a stock count of steel, which nothing else
     * mentions: of each country in turn, low first, then high, and so on. With the rule
     * of rules/live.yaml each of them is a transition. 0: none. */
    uint64_t trigger_every;
};

struct generator;

struct generator *generator_new(const struct generate_options *options);
void generator_free(struct generator *g);

/* The next event; it passes event_check, and its texts are lent until the next call. */
void generator_next(struct generator *g, struct event *out);

/* What the log never mentions: stocks and uses of ten years, as of its start, of every
 * commodity in all countries that are none of its own. False: there are no more. */
bool generator_elsewhere(struct generator *g, struct event *out);

/* Distinct facts so far: events less revisions. */
uint64_t generator_facts(const struct generator *g);

/* Whether the event of that index (from 0) is such a stock count, and a low one. */
bool generate_is_trigger(const struct generate_options *options, uint64_t index);
bool generate_fires(const struct generate_options *options, uint64_t index);

#endif
