/* Which rule watches which account, and the heap of the instants at which each of these
 * instances must be looked at next. */
#ifndef SHORTFALL_CORE_INSTANCE_H
#define SHORTFALL_CORE_INSTANCE_H

#include "state.h"

/* Room for the instances that `accounts` new accounts may need. */
MUST_USE enum status instances_reserve(struct world *w, size_t accounts);

/* Gives a new account its instances of the rules that have no list of their own. */
void account_watch(struct world *w, uint32_t account);

/* Makes the instances of another ruleset; those that live on (same rule uid and account)
 * keep their state, and `gone` is called for each firing one whose rule is not there any
 * more, before it goes. ST_FULL, ST_NO_MEMORY: nothing was changed. */
MUST_USE enum status instances_replace(struct world *w, const struct ruleset *rules,
                                       void (*gone)(struct world *w, struct instance *i,
                                                    void *self),
                                       void *self);

/* Puts the instance into the heap at `due`, moves it there, or (TIME_NONE) takes it out.
 */
void instance_schedule(struct world *w, uint32_t instance, int64_t due);

/* The instance with the earliest due; of one instant, in the order of rule uid, country,
 * commodity. INDEX_NONE: none is scheduled. */
uint32_t instance_earliest(const struct world *w);

const struct rule *instance_rule(const struct world *w, const struct instance *i);

#endif
