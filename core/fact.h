/* Facts by identity: which revision stands, and the verdict on a new one. */
#ifndef SHORTFALL_CORE_FACT_H
#define SHORTFALL_CORE_FACT_H

#include "state.h"

/* Facts that one event may bring into being: its own and the pledge it names. */
#define FACTS_PER_EVENT 2
/* Bytes of text it may leave: name, credit. */
#define TEXT_PER_EVENT (EVENT_FACT_MAX + 2 + EVENT_NUMBER_MAX)

/* The fact that a tick has been so far, with all that its event states (price.h). */
uint32_t fact_of_price(struct world *w, const struct event *ev, struct hash128 identity);

/* Of a fact's name, each part of it at most UINT16_MAX bytes. */
struct hash128 fact_identity(struct text source, struct text id);

/* Of everything the event states but when and where it was recorded; amounts as they are
 * counted, whatever their unit. The event has passed one of the checks of event.h. */
struct hash128 event_content(const struct event *ev);

#endif
