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

/* Entries that the postings of one event may put in: of a shipment one that leaves, one
 * that comes and one that is expected, and one each of its old and its new pledge, all on
 * two paths. A rate, one posting, is three entries. */
#define INSERTS_PER_EVENT 10

/* Room for the entries of so many events or postings, and for pledges that a year's end
 * moves. */
MUST_USE enum status paths_reserve(struct world *w, size_t events);

/* An amount of `commodity` in whole base units of its group. Rounded half to even: the
 * conversion is of the fact, before any rate is formed. */
int128_t group_units(commodity_id commodity, struct qty amount);
/* The same in pico-units. */
int128_t group_pico(commodity_id commodity, struct qty amount);

/* The value of an entry of a group's member as if it had been posted in the unit of its
 * group. */
int128_t ledger_in_group_unit(const struct world *w, const struct entry *e);

/* Puts the fact's posting on the paths of its account, or takes it off. */
void ledger_apply(struct world *w, uint32_t account, uint32_t fact,
                  const struct posting *posting, bool put);

#endif
