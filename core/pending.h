/* Postings that wait on their account until somebody looks at it. Most accounts are moved
 * far more often than they are looked at, and what waited is put on a path together,
 * while that is at hand. */
#ifndef SHORTFALL_CORE_PENDING_H
#define SHORTFALL_CORE_PENDING_H

#include "ledger.h"

/* Room for the postings of so many events to wait, and no more waiting than there should
 * be: the accounts that have waited longest are settled. Between steps. */
MUST_USE enum status pending_reserve(struct world *w, size_t events);

/* Lets the fact's posting (put), or its withdrawal, wait on its account. */
void pending_add(struct world *w, uint32_t account, uint32_t fact,
                 const struct posting *posting, bool put);

/* Puts all that waits on the account's paths, for a group also what waits on its members:
 * before they are read. Within a step, room was reserved for what came in it. */
void pending_settle(struct world *w, uint32_t account);

/* The same between steps, with the room it takes. ST_FULL, ST_NO_MEMORY. */
MUST_USE enum status pending_settle_now(struct world *w, uint32_t account);
MUST_USE enum status pending_settle_all(struct world *w);

#endif
