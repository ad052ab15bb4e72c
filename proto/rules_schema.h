/* What the reader of rule files shares between its parts: the ruleset in the making, and
 * values that several of them have. Private to proto. */
#ifndef PROTO_RULES_SCHEMA_H
#define PROTO_RULES_SCHEMA_H

#include "arena.h"
#include "config_text.h"

#include "shortfall/proto/rules.h"

#define RULE_TEXT_MAX 1024 /* bytes of a label's or an annotation's value */

struct reader {
    struct arena *arena; /* owns everything of the ruleset */
    struct config_errors *errors;
    struct rule *rules;
    struct config_place *uids; /* of each rule's uid; line 0: none that can be used */
    size_t rules_len, rules_max;
    struct year_setting *years;
    size_t years_len;
};

/* A country with a balance; an unknown one is reported. `*` gives PLACE_ANY. */
bool schema_country(struct reader *r, const struct config_node *node, place_id *out);
/* The same for a commodity and COMMODITY_ANY. */
bool schema_commodity(struct reader *r, const struct config_node *node,
                      commodity_id *out);

/* Reads one rule into r->rules[r->rules_len] and counts it, whether it is right or not.
 */
void rule_read(struct reader *r, const struct config_node *node);

/* Read into `rule`, whose conditions have been read before. `terms_known`: they were
 * right, so a metric named in an annotation that is not in them is an error. */
void labels_read(struct reader *r, const struct config_node *map, struct rule *rule);
void annotations_read(struct reader *r, const struct config_node *map, struct rule *rule,
                      bool terms_known);

#endif
