/* Random worlds: what sources report, in which steps it is recorded, which rules watch
 * and who looks when. A seed always gives the same scenario. */
#ifndef SHORTFALL_TESTS_CORE_SCENARIO_H
#define SHORTFALL_TESTS_CORE_SCENARIO_H

#include "oracle.h"

#define SCENARIO_STEPS_MAX 16
#define SCENARIO_RULES_MAX 6
#define SCENARIO_YEARS_MAX 2
#define SCENARIO_LOOKS_MAX 48
#define SCENARIO_TEXT_SIZE 256 /* bytes of `when` or `clear` */

struct random {
    uint64_t state;
};

uint64_t random_next(struct random *r);
/* 0 to `below` - 1. */
int64_t random_below(struct random *r, int64_t below);
bool random_chance(struct random *r, int percent);

extern const char *const scenario_uids[SCENARIO_RULES_MAX];

/* SMALL: some thirty reports on a handful of accounts. LARGE: some hundreds, most of them
 * on one account, so that its path is a tree of several levels; its alerts are not asked
 * of the oracle, which would take minutes to find them. */
enum scenario_size { SCENARIO_SMALL, SCENARIO_LARGE };

/* A balance that somebody asks for once step `step` has ended; the number of steps: at
 * the end. */
struct scenario_look {
    size_t step;
    place_id country;
    commodity_id commodity;
    int64_t as_of, horizon;
};

struct scenario {
    uint64_t seed;
    struct random random;
    enum scenario_size size;
    int64_t scale; /* base units of a common amount */
    commodity_id goods[4];
    size_t goods_len;
    bool is_dry;         /* little comes, and rules ask what is missing */
    bool has_odd_prices; /* also zero and below; then nothing is valued at them */
    struct event *events;
    size_t events_len, events_max;
    const struct event **order; /* as they are recorded */
    size_t order_len;
    struct oracle_step steps[SCENARIO_STEPS_MAX];
    size_t steps_len;
    int64_t until; /* after the last step */
    struct scenario_look looks[SCENARIO_LOOKS_MAX];
    size_t looks_len;
    struct rule rules[SCENARIO_RULES_MAX];
    char whens[SCENARIO_RULES_MAX][2]
              [SCENARIO_TEXT_SIZE]; /* `when` and `clear` as text */
    place_id countries[SCENARIO_RULES_MAX];
    commodity_id commodities[SCENARIO_RULES_MAX];
    struct year_setting years[SCENARIO_YEARS_MAX];
    struct ruleset set;
    char *texts;
    size_t texts_len, texts_size;
};

/* `conflicts`: also reports of which the first recorded stands, so that the order in
 * which they come matters. One block: free it with free(). */
struct scenario *scenario_new(uint64_t seed, bool conflicts);
struct scenario *scenario_sized(uint64_t seed, bool conflicts, enum scenario_size size);

/* Another order of the same reports, over other steps, with other looks. */
void scenario_shuffle(struct scenario *s);

/* Each report up to `times` times; to be shuffled then. */
void scenario_repeat(struct scenario *s, int times);

/* Another order of the reports within each step, the first of it said once more. */
void scenario_stir(struct scenario *s);

/* A time at which something may be going on. */
int64_t scenario_time(struct scenario *s);
place_id scenario_country(struct scenario *s);
commodity_id scenario_goods(struct scenario *s);

/* --- parts of a scenario (scenario_part.c) ------------------------------------------ */

/* What can be taken out of it: recorded reports, looks, rules, settings of years, and
 * steps of the clock, in this order. */
size_t scenario_parts(const struct scenario *s);

/* The scenario without the parts that are not kept; what was recorded in a step that is
 * gone is recorded in the next one. Lives as long as `s`; free with free(). */
struct scenario *scenario_part(const struct scenario *s, const bool *kept);

/* --- for whoever has to find out what went wrong (scenario_print.c) ------------------
 */

/* To stderr: the reports as lines of an event file, `published` being the step in which
 * they are recorded; the rules and years as a rule file; the looks as comments. */
void scenario_print(const struct scenario *s);

#endif
