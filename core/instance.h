/* Which rule watches which account, and when each of these instances must be looked at
 * next: of one instant, in the order of rule uid, country, commodity. */
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

/* The instance is looked at again at `due`; TIME_NONE: never. */
void instance_schedule(struct world *w, uint32_t instance, int64_t due);

/* When it is due; TIME_NONE: never. */
static inline int64_t instance_due(const struct world *w, uint32_t instance)
{
    uint32_t at = instance_at(w, instance)->agenda_at;

    return at == INDEX_NONE ? TIME_NONE : w->due.heap[at].due;
}

/* All instances of the account, at `time` at the latest. */
void account_schedule(struct world *w, const struct account *a, int64_t time);

const struct rule *instance_rule(const struct world *w, const struct instance *i);

#endif
