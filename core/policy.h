/* Policies: what stands in the way of what is expected (semantics section 4). */
#ifndef SHORTFALL_CORE_POLICY_H
#define SHORTFALL_CORE_POLICY_H

#include "state.h"

/* The least factor of the policies that match the parties and goods and are in force on
 * `date`, in thousandths. */
int32_t policy_factor(const struct world *w, place_id from, place_id to,
                      commodity_id commodity, int64_t date);

/* Puts the policy among those in force or takes it away, and gives everything that its
 * target expects the amount that follows. */
void policy_apply(struct world *w, uint32_t fact, bool put);

#endif
