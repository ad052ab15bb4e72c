/* The bus, as the daemon that owns a stream sees it: the recorder (ingest and reader), the
 * aggregator (reader). Knows peers and credit, not what a frame means and not a journal. */
#ifndef SHORTFALL_BUS_SERVER_H
#define SHORTFALL_BUS_SERVER_H

#include "shortfall/bus/bus.h"

struct bus_server;

struct bus_server_options {
    const char *ingest; /* endpoint to bind; NULL: none */
    const char *reader; /* endpoint to bind; NULL: none */
    const uint8_t *stream_id; /* FRAME_HASH_SIZE bytes that name the stream: followers that
                                 come back and meet another are told */
    uint64_t oldest;          /* first position that can be served, normally 1 */
};

/* Binds. ST_CONFLICT: the endpoint is in use; ST_INVALID; ST_IO. */
MUST_USE enum status bus_server_open(const struct bus_server_options *options,
                                     struct bus_server **out, struct why *why);
void bus_server_close(struct bus_server *s);

/* A connection; 0 is never one. The newest hello of a producer's name owns it. */
typedef uint64_t bus_peer;

enum bus_request_kind { BUS_HELLO, BUS_SUBMIT };

struct bus_request {
    enum bus_request_kind kind;
    bus_peer peer;
    struct text producer;
    struct frame frame; /* submit: type, producer, number, cursor, body; lent until the
                           next `count` requests are taken by bus_server_release */
};

/* Waits until something can be done: a request came, or a follower has credit for a
 * position <= tail. ST_AGAIN: timeout; ST_STOPPED: stop_fd readable. */
MUST_USE enum status bus_server_wait(struct bus_server *s, int stop_fd, int64_t timeout_ms,
                                     uint64_t tail, struct why *why);

/* The next request that has arrived; does not wait. ST_AGAIN: none. Malformed messages,
 * and frames of peers without a hello or displaced by a newer one, are answered, counted
 * and never shown. Lent until bus_server_release. */
MUST_USE enum status bus_server_next(struct bus_server *s, struct bus_request *out,
                                     struct why *why);

/* Gives back everything lent by bus_server_next so far: after the group commit. */
void bus_server_release(struct bus_server *s);

/* Answers. A peer that is gone is no error: it will ask again. */
void bus_server_greet(struct bus_server *s, bus_peer peer,
                      const struct bus_greeting *greeting);
void bus_server_position(struct bus_server *s, bus_peer peer, uint64_t number, uint64_t pos,
                         bool repeated);
void bus_server_refuse(struct bus_server *s, bus_peer peer, uint64_t number,
                       enum refusal refusal, uint64_t expected, struct text text);

/* Serves followers: calls `read` for the position each one wants next, as long as it has
 * credit and the position is <= tail, a bounded number of frames a call. */
typedef enum status bus_read_fn(void *self, uint64_t pos, struct frame *out,
                                struct why *why);
MUST_USE enum status bus_server_serve(struct bus_server *s, uint64_t tail, bus_read_fn *read,
                                      void *self, struct why *why);

struct bus_server_counts {
    uint64_t malformed, refused, submitted, served;
    size_t producers, followers;
};
struct bus_server_counts bus_server_counts(const struct bus_server *s);

#endif
