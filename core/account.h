/* Accounts: one for each place and commodity that a fact mentions. */
#ifndef SHORTFALL_CORE_ACCOUNT_H
#define SHORTFALL_CORE_ACCOUNT_H

#include "state.h"

#define ACCOUNTS_PER_EVENT 4 /* two ends and their groups */

/* Room for so many new ones, as far as there can be so many. */
MUST_USE enum status accounts_reserve(struct world *w, size_t more);

/* The account, made on its first mention; its group's is made with it. */
uint32_t account_get(struct world *w, place_id country, commodity_id commodity);
/* INDEX_NONE: never mentioned. */
uint32_t account_find(const struct world *w, place_id country, commodity_id commodity);

/* Notes that the event with `seq` moved the account, and so its group, in this step. */
void account_touch(struct world *w, uint32_t account, uint64_t seq);

/* The same without the group: what a price or a policy moves. */
void account_touch_alone(struct world *w, uint32_t account, uint64_t seq);

#endif
