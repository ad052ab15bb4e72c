/* Putting many postings on paths at once, in the order of time. Private to pending.c. */
#ifndef SHORTFALL_CORE_SETTLE_H
#define SHORTFALL_CORE_SETTLE_H

#include "ledger.h"

struct sorted_posting {
    uint32_t account;
    struct waiting_posting posting;
};

/* Room for `len` postings and for sorting them; lent until the next call. */
MUST_USE enum status settle_scratch(struct world *w, size_t len,
                                    struct sorted_posting **out);

/* Sorts the `len` postings of the scratch by time, fact and what they are; those that are
 * equal stay in the order in which they came. Returns where they are now. */
struct sorted_posting *settle_sort(struct sorted_posting *list, size_t len);

/* Takes off the paths what had been there, all of it before anything is put: entries are
 * named by time, fact and kind, and a fact that keeps one end of its time has for a
 * moment two of one name. What is there at last remains at the front of the list, in
 * order; gives how many. */
size_t settle_take(struct world *w, struct sorted_posting *list, size_t len);

/* Puts them on the paths, with the room it takes. `done`: how many are settled, all
 * unless there is an error. */
MUST_USE enum status settle_put(struct world *w, const struct sorted_posting *list,
                                size_t len, size_t *done);

/* Puts one on the paths; room was reserved. */
void waiting_apply(struct world *w, uint32_t account, const struct waiting_posting *p);

#endif
