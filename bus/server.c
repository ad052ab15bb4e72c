/* The server's socket for producers, and what holds both sockets together. Must never
 * show a frame of a peer that does not own its name, and never wait but in
 * bus_server_wait. */
#include "server_parts.h"
#include "wait_items.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A peer that was silent for so long is forgotten, and told to say hello or to follow
 * again when it does come back. Followers never are silent for more than some seconds; a
 * producer may have nothing to say. */
#define PRODUCER_SILENCE_US (600 * SECOND_US)
#define FOLLOWER_SILENCE_US (60 * SECOND_US)
#define SWEEP_US            (5 * SECOND_US)

_Static_assert(BUS_PRODUCERS_MAX == PEERS_MAX && BUS_FOLLOWERS_MAX == PEERS_MAX,
               "each side has its own table of peers");

void bus_server_close(struct bus_server *s)
{
    if (!s)
        return;
    bus_server_release(s);
    if (s->ingest)
        zmq_close(s->ingest);
    if (s->reader)
        zmq_close(s->reader);
    if (s->context)
        while (zmq_ctx_term(s->context) && errno == EINTR)
            ;
    free(s);
}

static enum status bind_all(struct bus_server *s,
                            const struct bus_server_options *options, struct why *why)
{
    enum status st = ST_OK;

    s->context = zmq_ctx_new();
    if (!s->context)
        return why_set(why, ST_NO_MEMORY, "start ZeroMQ: %s", zmq_strerror(errno));
    if (options->ingest)
        st = socket_open(s->context, SOCKET_SERVER_INGEST, options->ingest, &s->ingest,
                         why);
    if (!st && options->reader)
        st = socket_open(s->context, SOCKET_SERVER_READER, options->reader, &s->reader,
                         why);
    return st;
}

enum status bus_server_open(const struct bus_server_options *options,
                            struct bus_server **out, struct why *why)
{
    struct bus_server *s = calloc(1, sizeof *s);
    enum status st;

    if (!s)
        return why_set(why, ST_NO_MEMORY, "open the server of a bus");
    memcpy(s->stream_id, options->stream_id, FRAME_HASH_SIZE);
    s->oldest = options->oldest ? options->oldest : 1;
    st = bind_all(s, options, why);
    if (st) {
        bus_server_close(s);
        return st;
    }
    *out = s;
    return ST_OK;
}

static void sweep(struct bus_server *s)
{
    int64_t now_us = monotonic_us();

    if (now_us < s->swept_us + SWEEP_US)
        return;
    s->swept_us = now_us;
    peers_sweep(&s->producers, now_us - PRODUCER_SILENCE_US);
    peers_sweep(&s->followers, now_us - FOLLOWER_SILENCE_US);
}

int bus_server_items(struct bus_server *s, uint64_t tail,
                     zmq_pollitem_t items[WAIT_ITEMS_MAX], bool *ready)
{
    int len = 0;

    s->tail = tail;
    sweep(s);
    if (s->ingest)
        items[len++] = (zmq_pollitem_t){s->ingest, -1, ZMQ_POLLIN, 0};
    if (s->reader)
        items[len++] = (zmq_pollitem_t){s->reader, -1, ZMQ_POLLIN, 0};
    streams_take(s);
    *ready = streams_wait_for_frames(s);
    return len;
}

enum status bus_server_wait(struct bus_server *s, int stop_fd, int64_t timeout_ms,
                            uint64_t tail, struct why *why)
{
    int64_t until_us = deadline_us(monotonic_us(), timeout_ms);

    for (bool last = false;; last = monotonic_us() >= until_us) {
        zmq_pollitem_t items[WAIT_ITEMS_MAX + 1] = {{0}};
        bool ready;
        int len = bus_server_items(s, tail, items, &ready);
        enum status st = socket_wait(items, len, stop_fd, ready ? 0 : until_us, why);

        if (st || ready || (s->ingest && items[0].revents))
            return st;
        if (last)
            return why_set(why, ST_AGAIN, "nobody asked");
    }
}

void envelope_close(struct envelope *e)
{
    zmq_msg_close(&e->id);
    zmq_msg_close(&e->part);
}

enum status answer(void *socket, struct bytes id, const struct wire_message *m)
{
    zmq_msg_t part;
    enum status st;

    if (zmq_msg_init_size(&part, wire_size(m)))
        return ST_AGAIN;
    wire_write(m, zmq_msg_data(&part));
    st = socket_send(socket, id, true);
    while (!st && zmq_msg_send(&part, socket, ZMQ_DONTWAIT) < 0)
        st = errno == EINTR ? ST_OK : ST_AGAIN;
    zmq_msg_close(&part);
    return st;
}

void answer_sorry(struct bus_server *s, void *socket, struct bytes id, uint16_t round,
                  enum wire_sorry sorry, const char *text)
{
    struct wire_message m = {.kind = WIRE_SORRY,
                             .round = round,
                             .sorry = (uint8_t)sorry,
                             .text = wire_bytes(text_of(text))};
    uint64_t *count = sorry == SORRY_FULL ? &s->counts.refused : &s->counts.malformed;

    (*count)++;
    m.text.len = m.text.len < WIRE_SORRY_MAX ? m.text.len : WIRE_SORRY_MAX;
    if (answer(socket, id, &m))
        return; /* it is gone, or does not read: it was our courtesy */
}

/* Both parts are taken and none is left of the message, whatever it is. */
static enum status parts_take(void *socket, struct envelope *e, size_t *parts)
{
    enum status st = socket_take(socket, &e->id);

    if (st)
        return st;
    *parts = 0;
    if (zmq_msg_more(&e->id) && !socket_take(socket, &e->part))
        *parts = 1 + socket_drain(socket, &e->part);
    return ST_OK;
}

enum status envelope_take(struct bus_server *s, void *socket, struct envelope *e,
                          struct wire_message *m)
{
    struct why why = {""};
    size_t parts;
    enum status st;

    zmq_msg_init(&e->id);
    zmq_msg_init(&e->part);
    if (parts_take(socket, e, &parts)) {
        envelope_close(e);
        return ST_AGAIN;
    }
    st = parts == 1 ? wire_read(part_bytes(&e->part), m, &why)
                    : why_set(&why, ST_INVALID, "%zu parts are no message", parts);
    if (!st)
        return ST_OK;
    answer_sorry(s, socket, part_bytes(&e->id), 0,
                 st == ST_VERSION ? SORRY_VERSION : SORRY_MALFORMED, why.text);
    envelope_close(e);
    return ST_INVALID;
}

struct bus_server_counts bus_server_counts(const struct bus_server *s)
{
    struct bus_server_counts counts = s->counts;

    counts.producers = s->producers.len;
    counts.followers = s->followers.len;
    return counts;
}
