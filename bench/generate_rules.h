/* Rules for the generated log, as people would write them: the same figures with several
 * thresholds, most of them on one account that is named, some on all. Deterministic. */
#ifndef BENCH_GENERATE_RULES_H
#define BENCH_GENERATE_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct rules_wanted {
    size_t star; /* with `*` */
    size_t here; /* on an account of the log */
    /* On accounts of countries that the log never mentions; `markets`: on the price of
     * what they buy, which the log does move. */
    size_t elsewhere, markets;
};

/* A whole rule file of one group. */
void generate_rules(const struct rules_wanted *wanted, FILE *out);

#endif
