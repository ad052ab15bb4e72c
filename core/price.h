/* Prices. A price that is named by what it is (commodity/market/currency/unit/time, the
 * id it has by default) and stated plainly is a tick: its time and its money in its
 * series, and no fact of its own. Any other price is a fact like all others, and a tick
 * becomes one as soon as somebody revises it, retracts it or names it otherwise: which of
 * both it is can be seen by its memory alone. */
#ifndef SHORTFALL_CORE_PRICE_H
#define SHORTFALL_CORE_PRICE_H

#include "state.h"

/* Room for the prices of so many events. */
MUST_USE enum status prices_reserve(struct world *w, size_t events);

/* Nothing is stated but what a tick keeps: it is one if its name fits. */
bool price_is_plain(const struct event *ev);

/* Takes the event as a tick, if it is one, and says its verdict; false: it is none. */
bool price_take(struct world *w, const struct foreseen *f, enum verdict *verdict);

/* Whether the event states what a tick has stated. */
bool price_is_held(const struct world *w, const struct event *ev);

/* The tick of that name becomes a fact; INDEX_NONE: there is no such tick. */
uint32_t price_make_fact(struct world *w, struct text source, struct text id,
                         struct hash128 identity);

/* A fact of that name came into being, which a tick may have. */
void price_note_name(struct world *w, struct text id);

/* The series of the price, made when it is the first. */
uint32_t series_get(struct world *w, const struct price *p);

/* Puts the price, a fact that counts, into its series, or takes it out; whoever asks for
 * prices of the commodity is touched. */
void price_connect(struct world *w, uint32_t fact, bool put);

/* The unit for which the tick states its money. */
unit_id price_unit(const struct world *w, const struct tick *tick);

/* Of two prices of one time: < 0 when the (source, id) of `a` is less. */
int price_compare(const struct world *w, const struct tick *a, const struct tick *b);

#endif
