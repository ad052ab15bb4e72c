/* Rule files: YAML to a ruleset (docs: formats of rule files). */
#ifndef SHORTFALL_PROTO_RULES_H
#define SHORTFALL_PROTO_RULES_H

#include "shortfall/core/rule.h"
#include "shortfall/core/transition.h"
#include "shortfall/proto/config.h"

/* Reads a whole rule file. ST_INVALID: `errors` holds all that was found, in order of
 * their place; ST_NO_MEMORY. Free with rules_free. The result lends nothing of `text`. */
MUST_USE enum status rules_parse(struct text text, struct ruleset **out,
                                 struct config_errors *errors);
void rules_free(struct ruleset *rules);

/* A transition as one line for people: the rule's annotation `summary` with its figures
 * filled in, or "PRK food: DeficitUncovered firing" without one. Returns the length, cut
 * at size - 1 between two characters. */
size_t rules_summary(const struct rule *rule, const struct transition *t, char *out,
                     size_t size);

/* The value of a label, lent by the rule; NULL when the rule has none of that key. */
const char *rules_label(const struct rule *rule, const char *key);

#endif
