/* The texts that the world keeps of facts: stated credits, and the names of those facts
 * whose order decides (stocks and prices of one time). */
#ifndef SHORTFALL_CORE_FACT_NAME_H
#define SHORTFALL_CORE_FACT_NAME_H

#include "state.h"

/* Copies the text into the world's arena; room was reserved for the step. */
struct text_ref text_keep(struct world *w, struct text text);

/* Keeps the name of the event's fact, once: a later revision has the same one. */
void fact_name_keep(struct world *w, struct text_ref *name, const struct event *ev);

/* "source\0id" of a fact whose name is kept. */
struct text fact_name(const struct world *w, uint32_t fact);

/* Order of (source, id), byte by byte, of facts whose names are kept. */
struct timeline_order fact_order(const struct world *w);

#endif
