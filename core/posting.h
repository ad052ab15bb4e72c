/* What a fact puts on the accounts it concerns, and takes away again. */
#ifndef SHORTFALL_CORE_POSTING_H
#define SHORTFALL_CORE_POSTING_H

#include "state.h"

/* Puts the fact, which counts, on its accounts, lists and series; or takes it off. */
void fact_post(struct world *w, uint32_t fact);
void fact_unpost(struct world *w, uint32_t fact);

#endif
