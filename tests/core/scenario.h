/* Small random worlds: what two sources report of a few accounts, awkward on purpose
 * (amounts that leave rests, equal instants, reports that come late or twice), the steps
 * in which it is recorded, and rules over it. The same seed gives the same scenario. */
#ifndef SHORTFALL_TESTS_CORE_SCENARIO_H
#define SHORTFALL_TESTS_CORE_SCENARIO_H

#include "oracle.h"

#define SCENARIO_EVENTS_MAX   96
#define SCENARIO_STEPS_MAX    16
#define SCENARIO_RULES_MAX    6
#define SCENARIO_ACCOUNTS_MAX 8
#define SCENARIO_TEXTS_SIZE   8192

struct random {
    uint64_t state;
};

uint64_t random_next(struct random *r);
/* 0 to `below` - 1. */
int64_t random_below(struct random *r, int64_t below);
bool random_chance(struct random *r, int percent);

extern const char *const scenario_uids[SCENARIO_RULES_MAX];

struct scenario {
    uint64_t seed;
    struct random random;
    int64_t scale; /* base units of a common amount */
    commodity_id goods[4];
    size_t goods_len;
    struct event events[SCENARIO_EVENTS_MAX];
    size_t events_len;
    const struct event *order[SCENARIO_EVENTS_MAX]; /* as they are recorded */
    size_t order_len;
    struct oracle_step steps[SCENARIO_STEPS_MAX];
    size_t steps_len;
    int64_t until; /* after the last step */
    struct rule rules[SCENARIO_RULES_MAX];
    char whens[SCENARIO_RULES_MAX][2][256]; /* `when` and `clear` as text */
    place_id countries[SCENARIO_RULES_MAX];
    commodity_id commodities[SCENARIO_RULES_MAX];
    struct year_setting years[2];
    struct ruleset set;
    char texts[SCENARIO_TEXTS_SIZE];
    size_t texts_len;
};

/* `conflicts`: also reports of which the first recorded stands, so that the order in
 * which they come matters. Free with free(). */
struct scenario *scenario_new(uint64_t seed, bool conflicts);

/* Another order of the same reports, over other steps. */
void scenario_shuffle(struct scenario *s);

/* A time at which something may be going on. */
int64_t scenario_time(struct scenario *s);
place_id scenario_country(struct scenario *s);
commodity_id scenario_goods(struct scenario *s);

/* For whoever has to find out what went wrong: reports, steps and rules to stderr. */
void scenario_print(const struct scenario *s);

#endif
