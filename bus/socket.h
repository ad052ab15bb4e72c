/* What both ends do alike with ZeroMQ: the options of a socket, which endpoints may be
 * used, one message in or out without waiting. */
#ifndef SHORTFALL_BUS_SOCKET_H
#define SHORTFALL_BUS_SOCKET_H

#include "shortfall/core/status.h"
#include "shortfall/core/text.h"

#include <zmq.h>

/* CLOCK_MONOTONIC, in microseconds. */
int64_t monotonic_us(void);

/* ST_INVALID: not an endpoint, or one that strangers can reach: tcp off loopback, an ipc
 * name without a file. */
MUST_USE enum status endpoint_check(const char *endpoint, struct why *why);

enum socket_role {
    SOCKET_CLIENT_INGEST,
    SOCKET_CLIENT_READER,
    SOCKET_SERVER_INGEST,
    SOCKET_SERVER_READER
};

/* Connects (a client; nothing need listen) or binds (a server). ST_INVALID, ST_CONFLICT:
 * somebody listens there; ST_NO_MEMORY, ST_IO. */
MUST_USE enum status socket_open(void *context, enum socket_role role,
                                 const char *endpoint, void **out, struct why *why);

/* Sends one part, with more behind it or not; does not wait. ST_AGAIN: no room, or nobody
 * there yet; ST_UNREACHABLE: the peer is gone. */
MUST_USE enum status socket_send(void *socket, struct bytes part, bool more);

/* Takes the next part of a message into `part`, which is initialised; does not wait.
 * ST_AGAIN: none. */
MUST_USE enum status socket_take(void *socket, zmq_msg_t *part);

/* Takes what is left of a message whose last part taken was `part`, and drops it. Returns
 * how many parts that were. */
size_t socket_drain(void *socket, zmq_msg_t *part);

struct bytes part_bytes(zmq_msg_t *part);

/* Waits for `items` and stop_fd (-1: none) until `until_us`, INT64_MAX: for ever; a time
 * that is past: does not wait. `items` has room for one more. ST_OK: look again,
 * something may have come, or a signal; ST_STOPPED; ST_IO. */
MUST_USE enum status socket_wait(zmq_pollitem_t *items, int items_len, int stop_fd,
                                 int64_t until_us, struct why *why);

/* now + timeout, where -1 is for ever. */
int64_t deadline_us(int64_t now_us, int64_t timeout_ms);

#endif
