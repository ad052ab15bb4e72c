/* The bus, as the daemon that owns a stream sees it: the recorder (ingest and reader),
 * the aggregator (reader). Knows peers and credit, not what a frame means and not a
 * journal. */
#ifndef SHORTFALL_BUS_SERVER_H
#define SHORTFALL_BUS_SERVER_H

#include "shortfall/bus/bus.h"

struct bus_server;

struct bus_server_options {
    const char *ingest;       /* endpoint to bind; NULL: none */
    const char *reader;       /* endpoint to bind; NULL: none */
    const uint8_t *stream_id; /* FRAME_HASH_SIZE bytes that name the stream: followers
                                 that come back and meet another are told */
    uint64_t oldest;          /* first position that can be served, normally 1 */
};

#define BUS_PRODUCERS_MAX                                                                \
    1024 /* known at a time; one more, and the most silent is asked                      \
            for its hello again */
#define BUS_FOLLOWERS_MAX 1024 /* at a time; one more is told to wait */

/* Binds; the socket file of an ipc endpoint is for its owner only. ST_CONFLICT: the
 * endpoint is in use. ST_INVALID: not an endpoint, or one that strangers can reach (tcp
 * off loopback, an abstract or wildcard ipc name). ST_IO. Keeps a copy of everything. */
MUST_USE enum status bus_server_open(const struct bus_server_options *options,
                                     struct bus_server **out, struct why *why);
void bus_server_close(struct bus_server *s);

/* Who asked, and in which round of its asking: hand it back with the answer, which may
 * come before or after the release. 0 is never one. Says nothing when compared. */
typedef uint64_t bus_peer;

enum bus_request_kind { BUS_HELLO, BUS_SUBMIT };

struct bus_request {
    enum bus_request_kind kind;
    bus_peer peer;
    struct text producer; /* well formed; owned by this peer as far as is known here */
    struct frame frame;   /* submit: type, producer, number, cursor, body */
};

/* Waits until something can be done: a request came, or a follower has credit for a
 * position <= tail. `tail` is the last position that may be served: what is durable.
 * ST_AGAIN: timeout (-1: for ever; 0: does not wait); ST_STOPPED: stop_fd readable. */
MUST_USE enum status bus_server_wait(struct bus_server *s, int stop_fd,
                                     int64_t timeout_ms, uint64_t tail, struct why *why);

#define BUS_LENT_MAX 1024 /* requests lent before a release */
#define BUS_LENT_BYTES_MAX                                                               \
    ((size_t)64 * 1024 * 1024) /* and their bytes, less the last one's */

/* The next request that has arrived; does not wait. ST_AGAIN: none, or as many are lent
 * as may be: commit and release. Malformed messages, and frames of peers without a hello
 * or displaced by a newer one, are answered, counted and never shown. What a request
 * lends is valid until bus_server_release.
 *
 * Requests come in the order of each connection, and the newest hello of a name owns it
 * from here on. So a hello that comes behind submits of the same batch is answered with
 * the numbers that the batch will have taken, after its commit. */
MUST_USE enum status bus_server_next(struct bus_server *s, struct bus_request *out,
                                     struct why *why);

/* Gives back everything lent by bus_server_next so far: after the group commit. */
void bus_server_release(struct bus_server *s);

/* Answers. A peer that is gone, or does not read, is no error: it will ask again. `text`
 * is cut at BUS_REFUSAL_TEXT_MAX bytes. */
#define BUS_REFUSAL_TEXT_MAX 32768
void bus_server_greet(struct bus_server *s, bus_peer peer,
                      const struct bus_greeting *greeting);
void bus_server_position(struct bus_server *s, bus_peer peer, uint64_t number,
                         uint64_t pos, bool repeated);
void bus_server_refuse(struct bus_server *s, bus_peer peer, uint64_t number,
                       enum refusal refusal, uint64_t expected, struct text text);

/* Serves followers in turn: calls `read` for the position each one wants next, as long as
 * it has credit and the position is <= tail, a bounded number of frames a call. What
 * `read` lends must be valid until its next call. Fails only when `read` does, or the
 * stored frame is above a limit (ST_CORRUPT). */
typedef enum status bus_read_fn(void *self, uint64_t pos, struct frame *out,
                                struct why *why);
MUST_USE enum status bus_server_serve(struct bus_server *s, uint64_t tail,
                                      bus_read_fn *read, void *self, struct why *why);

struct bus_server_counts {
    uint64_t malformed;          /* messages that broke the protocol */
    uint64_t refused;            /* by this side: not greeted, displaced, above a limit */
    uint64_t submitted;          /* frames shown by bus_server_next */
    uint64_t served;             /* frames sent to followers */
    size_t producers, followers; /* connections known now */
};
struct bus_server_counts bus_server_counts(const struct bus_server *s);

#endif
