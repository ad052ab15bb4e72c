/* One wait for a process that is a client of one stream and the server of another. */
#ifndef SHORTFALL_BUS_WAIT_H
#define SHORTFALL_BUS_WAIT_H

#include "shortfall/bus/server.h"

/* Waits until bus_receive, bus_server_next or bus_server_serve may have something to do,
 * at most timeout_ms (-1: for ever). `tail` as in bus_server_wait. ST_OK: call all of
 * those that are in use before waiting again (also after the time is up: the bus itself
 * may have to send again). ST_STOPPED: stop_fd (-1: none) is readable; ST_IO;
 * ST_INVALID: not a bus over ZeroMQ. */
MUST_USE enum status bus_wait_any(struct bus *b, struct bus_server *s, int stop_fd,
                                  int64_t timeout_ms, uint64_t tail, struct why *why);

#endif
