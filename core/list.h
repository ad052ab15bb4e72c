/* Chains of facts: those of an account, the policies of a target. */
#ifndef SHORTFALL_CORE_LIST_H
#define SHORTFALL_CORE_LIST_H

#include "state.h"

/* Puts the fact at the head of the chain, or takes it out. */
static inline void list_put(struct world *w, uint32_t *first, uint32_t fact, bool put)
{
    struct fact *f = fact_at(w, fact);

    if (put) {
        f->list_prev = INDEX_NONE;
        f->list_next = *first;
        if (*first != INDEX_NONE)
            fact_at(w, *first)->list_prev = fact;
        *first = fact;
        return;
    }
    if (f->list_prev != INDEX_NONE)
        fact_at(w, f->list_prev)->list_next = f->list_next;
    else
        *first = f->list_next;
    if (f->list_next != INDEX_NONE)
        fact_at(w, f->list_next)->list_prev = f->list_prev;
}

#endif
