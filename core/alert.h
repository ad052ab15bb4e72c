/* The state machine of an alert (semantics section 6). */
#ifndef SHORTFALL_CORE_ALERT_H
#define SHORTFALL_CORE_ALERT_H

#include "instance.h"

/* What an evaluation tells the outside: the sink, and the clock of the step that found
 * it. */
struct alert_context {
    const struct world_sink *sink;
    int64_t clock;
};

/* Judges the instance at `time` by the facts known now, moves its state, tells the sink
 * of a transition, and schedules the instance at its next instant. */
void alert_judge(struct world *w, uint32_t instance, int64_t time,
                 const struct alert_context *context);

/* The same for all instances of the account that are due at `time`, or all of them where
 * a step's events touched it, with one look at it. Those that bring a transition are left
 * for alert_judge, at `time`, in the order in which transitions are told. */
void account_judge(struct world *w, uint32_t account, int64_t time);

/* The alert ends because its rule was taken away. */
void alert_withdraw(struct world *w, struct instance *i, int64_t time,
                    const struct alert_context *context);

/* Of pending and firing alerts, for the digest: independent of order. */
struct hash128 alert_sum(const struct world *w);

#endif
