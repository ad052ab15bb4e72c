/* Shipments and the pledges they are credited to. */
#ifndef SHORTFALL_CORE_CREDIT_H
#define SHORTFALL_CORE_CREDIT_H

#include "state.h"

/* Ties the shipment to the pledge it names, with what it credits, or unties it. */
void pledge_link(struct world *w, uint32_t shipment, bool put);

/* What the pledge's shipments credit, now that the pledge is known. */
void pledge_credit_all(struct world *w, uint32_t pledge);

/* A shipment of the pledge came, went or changed: more or less remains of it. INDEX_NONE:
 * nothing happens. */
void pledge_moved(struct world *w, uint32_t pledge);

#endif
