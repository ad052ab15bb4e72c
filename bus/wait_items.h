/* What each end says of itself to whoever waits for both. */
#ifndef SHORTFALL_BUS_WAIT_ITEMS_H
#define SHORTFALL_BUS_WAIT_ITEMS_H

#include "shortfall/bus/server.h"

#include <zmq.h>

#define WAIT_ITEMS_MAX 2 /* sockets of one end */

/* The sockets of a client, and what to wait for on each. Brings *until_us forward to when
 * something is due to be sent again. Returns how many. `b` is a bus over ZeroMQ. */
int bus_zmq_items(struct bus *b, zmq_pollitem_t items[WAIT_ITEMS_MAX], int64_t *until_us);

/* The same of a server, which takes what followers asked first. *ready: one of them can
 * be served now. */
int bus_server_items(struct bus_server *s, uint64_t tail,
                     zmq_pollitem_t items[WAIT_ITEMS_MAX], bool *ready);

#endif
