/* A wait for a client and a server at once. Judges nothing: both ends are asked again
 * after it. */
#include "shortfall/bus/wait.h"

#include "socket.h"
#include "wait_items.h"

enum status bus_wait_any(struct bus *b, struct bus_server *s, int stop_fd,
                         int64_t timeout_ms, uint64_t tail, struct why *why)
{
    zmq_pollitem_t items[2 * WAIT_ITEMS_MAX + 1];
    int64_t now_us = monotonic_us();
    int64_t until_us = deadline_us(now_us, timeout_ms);
    bool ready;

    if (b->ops != &bus_zmq)
        return why_set(why, ST_INVALID, "wait: not a bus over ZeroMQ");
    int len = bus_zmq_items(b, items, &until_us);

    len += bus_server_items(s, tail, items + len, &ready);
    return socket_wait(items, len, stop_fd, ready ? now_us : until_us, why);
}
