/* An oracle: the specification's sections 2 to 6 once more, slow and plain, to hold the
 * core against. It keeps arrays of reports and sums over all of them whenever it is
 * asked. It shares no code with what it judges but the tables (commodities, places,
 * units), the calendar and the parser of rules. Must never be made fast. */
#ifndef SHORTFALL_TESTS_CORE_ORACLE_H
#define SHORTFALL_TESTS_CORE_ORACLE_H

#include "shortfall/core/world.h"

#define ORACLE_FACTS_MAX   640
#define ORACLE_POINTS_MAX  (3 * ORACLE_FACTS_MAX)
#define ORACLE_FACTORS_MAX 32

/* Reports are lent; two that say the same are one object. */
struct oracle {
    const struct event *facts[ORACLE_FACTS_MAX]; /* the highest revision of each fact */
    size_t len;
    const struct year_setting *years;
    size_t years_len;
};

enum verdict oracle_apply(struct oracle *o, const struct event *ev);

/* The pledge that a shipment names, or NULL. */
const struct event *oracle_pledge_of(const struct oracle *o, const struct event *ship);

/* Known, not withdrawn, not another source's word for the same thing. */
bool oracle_counts(const struct event *ev);

struct oracle_add {
    int64_t time;
    int128_t amount;
    bool report; /* the statistical difference of a member's stock report */
};

struct oracle_rate {
    int64_t from, until;
    int128_t per_us, rest;
    bool use;
};

struct oracle_set {
    int64_t time;
    int128_t level;
    const struct event *by;
};

/* What sections 3 puts on the path of one account, in no order. */
struct oracle_account {
    const struct oracle *o;
    place_id country;
    commodity_id commodity;
    commodity_id unit_of; /* amounts are in this commodity's base unit: itself or group */
    bool described;
    struct oracle_add adds[ORACLE_POINTS_MAX];
    struct oracle_rate rates[ORACLE_FACTS_MAX];
    struct oracle_set sets[ORACLE_FACTS_MAX];
    size_t adds_len, rates_len, sets_len;
    int64_t instants[ORACLE_POINTS_MAX * 2]; /* of all of these, in order */
    size_t instants_len;
};

void oracle_account(const struct oracle *o, place_id country, commodity_id commodity,
                    struct oracle_account *out);

int128_t oracle_stock(const struct oracle_account *a, int64_t t);
int128_t oracle_unmet_total(const struct oracle_account *a, int64_t t); /* L(t) */

/* What stock reports corrected in (from, until]: of the account and, for a group, of its
 * members. */
int128_t oracle_difference(const struct oracle_account *a, int64_t from, int64_t until);

/* Accrual and the rest at the end, over (from, until]; `jump` false: without a rest that
 * comes at `until` itself. */
int128_t oracle_accrued(const struct oracle_account *a, bool use, int64_t from,
                        int64_t until, bool jump);

/* num / den rounded half to even. den > 0. */
int128_t oracle_round(int128_t num, int128_t den);

/* An amount of a fact as counted on an account: converted for a group. */
int64_t oracle_amount(commodity_id account, commodity_id fact, struct qty amount);

/* What a shipment credits to its pledge, in the pledge's commodity. */
struct qty oracle_credit(const struct oracle *o, const struct event *ship);

/* The balance year that runs at c. */
void oracle_year(const struct oracle *o, place_id country, commodity_id commodity,
                 int64_t c, int64_t *start, int64_t *end);

/* Whether facts to this place of this commodity concern the account. */
bool oracle_concerns(const struct oracle_account *a, place_id to, commodity_id commodity);

/* What is still expected of one fact, after policies, in the account's base units. */
struct oracle_promise {
    int64_t date, amount;
};

/* All that the account counts on at c; gives how many. */
size_t oracle_promises(const struct oracle_account *a, int64_t c,
                       struct oracle_promise out[ORACLE_FACTS_MAX]);

/* In pico-units, of those before `until`, or (`jump`) at it too. */
int128_t oracle_promised(const struct oracle_promise *p, size_t len, int64_t until,
                         bool jump);

/* What a metric says at c: num / den in the unit in which thresholds are compared (see
 * oracle_threshold). */
enum oracle_standing { ORACLE_NONE, ORACLE_NUMBER, ORACLE_ABOVE_ALL };

struct oracle_value {
    enum oracle_standing standing;
    int128_t num, den;
};

struct oracle_value oracle_value(const struct oracle_account *a, const struct term *term,
                                 int64_t c);

/* Above zero when the value lies above the threshold, zero when on it. Linear or convex
 * in c wherever the metric is. Only of a NUMBER. */
int128_t oracle_excess(const struct oracle_account *a, const struct expr_node *node,
                       const struct oracle_value *value);

void oracle_balance(const struct oracle *o, place_id country, commodity_id commodity,
                    int64_t as_of, int64_t horizon, struct balance *out);

/* One step of the clock: these reports, in this order. */
struct oracle_step {
    int64_t clock;
    const struct event *const *events;
    size_t events_len;
};

struct oracle_transition {
    const char *uid;
    place_id country;
    commodity_id commodity;
    enum alert_state state;
    int64_t at, begun;
    struct balance balance; /* at the instant, horizon 90 days */
};

/* All transitions of the rules (each on one stated account) up to `until` inclusive, in
 * order; gives how many, at most `max`. */
size_t oracle_alerts(const struct ruleset *rules, const struct oracle_step *steps,
                     size_t steps_len, int64_t until, struct oracle_transition *out,
                     size_t max);

#endif
