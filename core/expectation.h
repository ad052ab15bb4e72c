/* What is still expected of shipments and pledges (semantics section 4), as entries on
 * the paths of the receivers. */
#ifndef SHORTFALL_CORE_EXPECTATION_H
#define SHORTFALL_CORE_EXPECTATION_H

#include "ledger.h"

/* Whether the shipment is counted on at its eta, if that lies ahead: that is left to who
 * reads the path. */
bool shipment_is_expected(const struct shipment_fact *s);

/* What is counted on of it, after policies. Its `expected` is to be that. */
struct qty shipment_expectation(const struct world *w, const struct shipment_fact *s);

/* After a change of policies. True when another amount is expected now. */
bool shipment_revalue(struct world *w, uint32_t fact);

/* Makes what is expected of the pledge right at the world's clock, after a change of the
 * pledge, its shipments or policies; touches the account where that moves it. */
void pledge_refresh(struct world *w, uint32_t pledge);

/* The pledge counts no more: nothing is expected of it. */
void pledge_drop(struct world *w, uint32_t pledge);

/* The same at `time`, when a review is due: a ship becomes overdue, or a year ends. True
 * when the account moved; it is not touched. */
bool pledge_review(struct world *w, uint32_t pledge, int64_t time);

/* How many pledges there are to the account and its members. */
size_t pledges_count(const struct world *w, const struct account *a);

/* All pledges to the account and its members as of `time`, for a look at another instant
 * than the clock; to be taken back by the same call with the clock. */
void pledges_as_of(struct world *w, struct account *a, int64_t time);

/* All pledges, when the starts of balance years have changed. */
void pledges_refresh_all(struct world *w);

#endif
