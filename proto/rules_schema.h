/* What the reader of rule files shares between its parts: the ruleset in the making, and
 * mappings with known keys. Private to proto. */
#ifndef PROTO_RULES_SCHEMA_H
#define PROTO_RULES_SCHEMA_H

#include "rules_yaml.h"
#include "shortfall/proto/rules.h"

#define RULE_TEXT_MAX 1024 /* bytes of a label's or an annotation's value */

struct reader {
    struct arena *arena; /* owns everything of the ruleset */
    struct rules_errors *errors;
    struct rule *rules;
    struct place *uids; /* of each rule's uid; line 0: none that can be used */
    size_t rules_len, rules_max;
    struct year_setting *years;
    size_t years_len;
};

struct schema_key {
    const char *name;
    const char *also; /* what users of other systems write for it; or NULL */
    bool required;
};

/* Finds the known keys of a mapping: found[i] becomes the value of keys[i], NULL where it
 * is missing or refused. Reports what is unknown, missing or not a mapping; false: it is
 * not one. `what` names it in messages, "a rule". */
bool schema_map(struct reader *r, const struct node *node, const char *what,
                const struct schema_key *keys, size_t keys_len,
                const struct node **found);

/* Whether the node is a list, or text (without the end of lines); if not, reports that
 * `what` must be one. */
bool schema_is_list(struct reader *r, const struct node *node, const char *what);
bool schema_is_text(struct reader *r, const struct node *node, const char *what);

/* A country with a balance; an unknown one is reported. `*` gives PLACE_ANY. */
bool schema_country(struct reader *r, const struct node *node, place_id *out);
/* The same for a commodity and COMMODITY_ANY. */
bool schema_commodity(struct reader *r, const struct node *node, commodity_id *out);

/* Reads one rule into r->rules[r->rules_len] and counts it, whether it is right or not.
 */
void rule_read(struct reader *r, const struct node *node);

/* Read into `rule`, whose conditions have been read before. `terms_known`: they were
 * right, so a metric named in an annotation that is not in them is an error. */
void labels_read(struct reader *r, const struct node *map, struct rule *rule);
void annotations_read(struct reader *r, const struct node *map, struct rule *rule,
                      bool terms_known);

#endif
