/* What the two halves of a server share: ingest.c has the producers, streams.c the
 * followers, server.c what is common.
 */
#ifndef SHORTFALL_BUS_SERVER_PARTS_H
#define SHORTFALL_BUS_SERVER_PARTS_H

#include "peers.h"
#include "socket.h"
#include "wire.h"

/* Messages taken from one socket before the caller is asked again, so that no flood of
 * one kind holds up the rest. */
#define TAKEN_MAX 1024

struct lent {
    zmq_msg_t message;
    char producer[FRAME_PRODUCER_MAX]; /* the peer's place may be another's by then */
};

struct bus_server {
    void *context, *ingest, *reader; /* a socket that was not asked for: NULL */
    struct peers producers, followers;
    struct bus_server_counts counts;
    int64_t swept_us;

    struct lent lent[BUS_LENT_MAX];
    size_t lent_len, lent_bytes;

    uint8_t stream_id[FRAME_HASH_SIZE];
    uint64_t oldest, tail;
    size_t turn; /* the place of the follower that is served first */
};

/* One message of a peer: its routing id and one part. */
struct envelope {
    zmq_msg_t id, part;
};

/* Takes the next message. ST_OK: it keeps the protocol; the caller closes the envelope,
 * `m` lends out of it. ST_AGAIN: none. ST_INVALID: it was answered, counted and dropped.
 */
MUST_USE enum status envelope_take(struct bus_server *s, void *socket, struct envelope *e,
                                   struct wire_message *m);
void envelope_close(struct envelope *e);

/* Sends one message; does not wait. Statuses of socket_send. */
MUST_USE enum status answer(void *socket, struct bytes id, const struct wire_message *m);
void answer_sorry(struct bus_server *s, void *socket, struct bytes id, uint16_t round,
                  enum wire_sorry sorry, const char *text);

/* Takes what followers asked. */
void streams_take(struct bus_server *s);

/* Whether a follower has credit for a position up to the tail. */
bool streams_wait_for_frames(struct bus_server *s);

#endif
