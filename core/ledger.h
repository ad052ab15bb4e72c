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
    SHAPE_USE         /* leaves evenly over [time, until) */
};

/* 3 entries on 3 paths, taken and put again, and two differences of stock reports. */
#define BLOCKS_PER_EVENT 20

/* An amount of `commodity` in pico-units of its group's unit. Rounded half to even to
 * whole base units first: the conversion is of the fact, before any rate is formed. */
int128_t group_pico(commodity_id commodity, struct qty amount);

/* An amount of a fact: how, when and how much. */
struct posting {
    enum shape shape;
    uint32_t fact;
    int64_t time, until; /* until: of a rate; else the time again */
    struct qty amount;
};

/* Puts the posting on the account (put) or takes it off, and marks the account as
 * touched. A party without a balance has no account: nothing happens. */
void ledger_apply(struct world *w, place_id country, commodity_id commodity,
                  const struct posting *posting, bool put);

#endif
