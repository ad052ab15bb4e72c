/* Alert rules and the settings beside them, as the loader hands them to the core. */
#ifndef SHORTFALL_CORE_RULE_H
#define SHORTFALL_CORE_RULE_H

#include "shortfall/core/expr.h"

#define RULE_UID_MAX   64  /* bytes of [a-z0-9_-] */
#define RULE_NAME_MAX  128 /* bytes of alert names, label keys */
#define RULES_MAX      1000
#define RULES_TEXT_MAX (128 * 1024) /* bytes of one rule file */

struct label {
    const char *key, *value;
};

struct rule {
    const char *uid, *alert;
    const place_id *countries; /* countries_len 0: every place */
    size_t countries_len;
    const commodity_id *commodities; /* commodities_len 0: every commodity it fits */
    size_t commodities_len;
    struct expr when, clear; /* clear.len 0: not `when` */
    int64_t hold; /* `for`: microseconds the condition must last before it fires, >= 0 */
    int64_t keep; /* microseconds the recovery must last before it resolves, >= 0 */
    const struct label *labels, *annotations;
    size_t labels_len, annotations_len;
};

/* Start of the balance year; the first entry that matches counts. */
struct year_setting {
    place_id country;       /* or PLACE_ANY */
    commodity_id commodity; /* a code, a group (then of its members too), or ANY */
    uint8_t month, day;
};

/* Everything is owned by the loader that made it and never changes. */
struct ruleset {
    const struct rule *rules;
    size_t rules_len;
    const struct year_setting *years;
    size_t years_len;
    uint8_t hash[16]; /* of the text of the file */
};

#endif
