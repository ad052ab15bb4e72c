/* What a fact puts on the accounts it concerns, and takes away again. */
#ifndef SHORTFALL_CORE_POSTING_H
#define SHORTFALL_CORE_POSTING_H

#include "ledger.h"

#define POSTINGS_MAX 3

/* The amounts of a fact on accounts. */
struct postings {
    size_t len;
    struct posting list[POSTINGS_MAX];
};

/* Those of the fact as it stands; none if it does not count. Not those of pledges, which
 * depend on others (expectation.h). */
struct postings fact_postings(const struct world *w, const struct fact *f);

/* Puts on the accounts what is in `after` but not in `before`, and takes off what is only
 * in that, and notes the accounts as touched: a revision moves what it changes. */
void postings_change(struct world *w, uint32_t fact, const struct postings *before,
                     const struct postings *after);

/* Ties the fact, which counts, to the accounts, lists and series it belongs to, or unties
 * it. */
void fact_connect(struct world *w, uint32_t fact, bool put);

#endif
