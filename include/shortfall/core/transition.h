/* An alert that begins or ends, with its evidence. A plain value that lends nothing. */
#ifndef SHORTFALL_CORE_TRANSITION_H
#define SHORTFALL_CORE_TRANSITION_H

#include "shortfall/core/balance.h"
#include "shortfall/core/rule.h"

#define TRANSITION_TERMS_MAX  16
#define TRANSITION_MOVERS_MAX 32
#define ALERT_HASH_SIZE       16

enum alert_state { ALERT_FIRING, ALERT_RESOLVED };

/* "firing", "resolved". */
const char *alert_state_name(enum alert_state state);

/* A metric of the condition at the instant. Amounts in base units, days and ratios in
 * millionths, prices and money in 1/10,000; VALUE_NONE where the metric has none. */
struct reading {
    struct term term;
    enum comparison comparison;
    int64_t value;
    int64_t threshold; /* in the same unit; an amount converted for the commodity */
};

struct transition {
    char uid[RULE_UID_MAX + 1];
    place_id country;
    commodity_id commodity;
    enum alert_state state;
    int64_t at;       /* the exact instant */
    int64_t clock;    /* when it became known: the step that found it */
    uint64_t seq;     /* the last event applied by then */
    int64_t begun;    /* instant at which the episode began (was first pending) */
    uint32_t ordinal; /* among the key's episodes that began at that instant */
    uint8_t episode[ALERT_HASH_SIZE];
    uint8_t notification[ALERT_HASH_SIZE];
    uint8_t rules_hash[16];
    struct balance balance; /* of the account at the instant, horizon 90 d */
    struct reading readings[TRANSITION_TERMS_MAX];
    size_t readings_len;
    uint64_t moved_first, moved_last; /* range of seq that moved the account since the
                                         condition last had the other value; 0: none */
    uint64_t movers[TRANSITION_MOVERS_MAX]; /* the newest of them, oldest first */
    size_t movers_len;
};

#endif
