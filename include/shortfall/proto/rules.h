/* Rule files: YAML to a ruleset (docs: formats of rule files). */
#ifndef SHORTFALL_PROTO_RULES_H
#define SHORTFALL_PROTO_RULES_H

#include "shortfall/core/rule.h"
#include "shortfall/core/transition.h"

/* One error of a rule file. */
struct rules_error {
    unsigned line, column; /* from 1; column in bytes */
    char text[300];        /* with a suggestion where one is near */
};

#define RULES_ERRORS_MAX 100

struct rules_errors {
    size_t len;   /* as kept, at most RULES_ERRORS_MAX */
    size_t total; /* as found */
    struct rules_error list[RULES_ERRORS_MAX];
};

/* Reads a whole rule file. ST_INVALID: `errors` holds all that was found, in order of
 * their place; ST_NO_MEMORY. Free with rules_free. The result lends nothing of `text`. */
MUST_USE enum status rules_parse(struct text text, struct ruleset **out,
                                 struct rules_errors *errors);
void rules_free(struct ruleset *rules);

/* One error as it is printed: "name:line:column: error: text", the source line, and a
 * caret under the column; three lines with their newlines. Returns the length, cut at
 * size - 1. */
size_t rules_error_format(const struct rules_error *error, const char *name,
                          struct text source, char *out, size_t size);

/* A transition as one line for people: the rule's annotation `summary` with its figures
 * filled in, or "PRK food: DeficitUncovered firing" without one. Returns the length, cut
 * at size - 1 between two characters. */
size_t rules_summary(const struct rule *rule, const struct transition *t, char *out,
                     size_t size);

/* The value of a label, lent by the rule; NULL when the rule has none of that key. */
const char *rules_label(const struct rule *rule, const char *key);

#endif
