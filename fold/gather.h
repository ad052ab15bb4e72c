/* Effects as they gather between two commits. */
#ifndef SHORTFALL_FOLD_GATHER_H
#define SHORTFALL_FOLD_GATHER_H

#include "shortfall/core/world.h"
#include "shortfall/storage/store.h"

struct gather {
    struct alert_row *alerts;
    size_t alerts_len, alerts_max;
    struct quarantine_row *quarantine;
    size_t quarantine_len, quarantine_max;
    struct balance *balances;
    size_t balances_len, balances_max;
    /* One byte an account of the table of codes: its balance is to be taken yet. */
    unsigned char *changed;
    struct frame *frames; /* copies */
    size_t frames_len, frames_max;
    const struct ruleset *rules; /* for the texts of alerts */
    bool out_of_memory;          /* met in a callback, told at the next question */
};

MUST_USE enum status gather_init(struct gather *g);
void gather_free(struct gather *g);
void gather_clear(struct gather *g);

/* world_sink callbacks; self is the gather. */
void gather_transition(void *self, const struct transition *transition);
void gather_changed(void *self, place_id country, commodity_id commodity);

void gather_quarantine(struct gather *g, const struct quarantine_row *row);
MUST_USE enum status gather_frame(struct gather *g, const struct frame *frame);

/* Takes the balances of the changed accounts from the world, at its clock. */
MUST_USE enum status gather_balances(struct gather *g, struct world *w, struct why *why);

#endif
