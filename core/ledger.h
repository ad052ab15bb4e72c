/* Amounts on the paths of accounts and of their groups. */
#ifndef SHORTFALL_CORE_LEDGER_H
#define SHORTFALL_CORE_LEDGER_H

#include "state.h"

/* How an amount stands on a path. */
enum shape {
    SHAPE_ADD,        /* comes at once */
    SHAPE_TAKE,       /* leaves at once */
    SHAPE_SET,        /* is what was observed */
    SHAPE_PRODUCTION, /* comes evenly over [time, until) */
    SHAPE_USE,        /* leaves evenly over [time, until) */
    SHAPE_EXPECTED    /* is counted on */
};

/* An amount of a fact: on which account, how, when and how much. */
struct posting {
    enum shape shape;
    place_id country;
    commodity_id commodity;
    int64_t time, until; /* until: of a rate; else the time again */
    struct qty amount;
};

/* Entries that the postings of one event may put in: of a shipment one that leaves and
 * one that comes on three paths each, one that is expected on two; of its old and its new
 * pledge one each on two. A rate, one posting, is three entries on three paths. */
#define INSERTS_PER_EVENT 12

/* Room for the entries of so many events or postings, and for pledges that a year's end
 * moves. */
MUST_USE enum status paths_reserve(struct world *w, size_t events);

/* An amount of `commodity` in whole base units of its group. Rounded half to even: the
 * conversion is of the fact, before any rate is formed. */
int128_t group_units(commodity_id commodity, struct qty amount);
/* The same in pico-units. */
int128_t group_pico(commodity_id commodity, struct qty amount);

/* Puts the fact's posting on the paths of its account, or takes it off. */
void ledger_apply(struct world *w, uint32_t account, uint32_t fact,
                  const struct posting *posting, bool put);

#endif
