/* The bus, as its clients see it: a stream with positions, not a socket. Publish gives a
 * durable position; following gives the frame after the last one, without gaps. Five
 * functions a backend must have (bus/PROTOCOL.md):
 *
 *   hello    who am I, and what was the last frame of mine that you have?
 *   send     a frame on its way; resent until its position comes back
 *   follow   the frames after a position, from now on
 *   receive  the next thing that came: a position, a refusal, a frame
 *   close
 */
#ifndef SHORTFALL_BUS_BUS_H
#define SHORTFALL_BUS_BUS_H

#include "shortfall/core/frame.h"
#include "shortfall/core/status.h"

#define BUS_WINDOW_MAX 64  /* frames sent and not yet answered, per client */
#define BUS_CREDIT_MAX 256 /* frames on their way to one follower */

struct bus_options {
    const char
        *ingest; /* endpoint for hello and send, e.g. "ipc:///run/x/ingest"; NULL: none */
    const char *reader; /* endpoint for follow; NULL: none */
    int64_t resend_us;  /* silence after which the bus sends or asks again; 0: 2 s */
    uint32_t credit;    /* frames asked ahead when following; 0: 64; at most 256 */
};

/* The answer to hello. */
struct bus_greeting {
    uint64_t last_number; /* of this producer; 0: none */
    uint8_t cursor[FRAME_CURSOR_MAX];
    size_t cursor_len;
    enum clock_kind clock;
};

/* Why a frame was refused. Stored and sent as these numbers. */
enum refusal {
    REFUSED_FORM = 1,     /* not a frame, or an event in it is wrong: `text` names each */
    REFUSED_GAP = 2,      /* number is above last + 1: `expected` is the one wanted */
    REFUSED_REUSED = 3,   /* number was taken before with other bytes */
    REFUSED_PRODUCER = 4, /* a newer connection has this name */
    REFUSED_ORDER = 5,    /* exercise: not a declared feed, or against its own promise */
    REFUSED_BUSY = 6      /* try again later: the recorder cannot take it now. The client
                             does so by itself; its caller never sees this one */
};

enum bus_message_kind { BUS_POSITION, BUS_REFUSAL, BUS_FRAME };

struct bus_message {
    enum bus_message_kind kind;
    uint64_t number; /* position, refusal: of the frame that was sent */
    uint64_t pos;    /* position */
    bool repeated;   /* position: the other side had it already */
    enum refusal refusal;
    uint64_t expected;  /* refusal: the number wanted next */
    struct text text;   /* refusal: one line for each bad event, "event 3: unit: ..." */
    struct frame frame; /* frame */
};

/* Whether processes may meet there. ST_INVALID says why not: it is not an endpoint, or
 * one that strangers can reach. */
MUST_USE enum status bus_check_endpoint(const char *endpoint, struct why *why);

struct bus;

/* `why` may be NULL nowhere; a backend keeps nothing of the arguments. */
struct bus_ops {
    enum status (*open)(const struct bus_options *options, struct bus **out,
                        struct why *why);
    void (*close)(struct bus *b);
    enum status (*hello)(struct bus *b, struct text producer, int64_t timeout_ms,
                         struct bus_greeting *out, struct why *why);
    enum status (*send)(struct bus *b, const struct frame *frame, struct why *why);
    enum status (*follow)(struct bus *b, uint64_t after, struct why *why);
    enum status (*receive)(struct bus *b, int stop_fd, int64_t timeout_ms,
                           struct bus_message *out, struct why *why);
    size_t (*unanswered)(const struct bus *b);
};

/* First member of every backend's struct. */
struct bus {
    const struct bus_ops *ops;
};

/* Finds the backend by the scheme of the endpoints. ST_INVALID: an endpoint that no
 * backend understands. Nothing need be listening yet. */
MUST_USE enum status bus_open(const struct bus_options *options, struct bus **out,
                              struct why *why);
void bus_close(struct bus *b);

/* Must be the first call of a producer, and again after REFUSED_PRODUCER. Forgets what is
 * unanswered, and takes the name from whoever had it before. ST_AGAIN: nobody answered
 * within `timeout_ms`; ST_INVALID: a bad name, or no ingest endpoint; ST_REFUSED: the
 * other side has as many producers as it takes; ST_VERSION: it speaks another version. */
MUST_USE enum status bus_hello(struct bus *b, struct text producer, int64_t timeout_ms,
                               struct bus_greeting *out, struct why *why);

/* Copies the frame (type, number, cursor, body; the producer is that of hello) and sends
 * it, again and again until it is answered, also over a restart of the other side. Does
 * not wait. ST_FULL: BUS_WINDOW_MAX frames are unanswered; receive first. ST_OVERFLOW:
 * body or cursor above its limit. ST_INVALID: no hello before, or while frames are
 * unanswered the number is not the last one's + 1. */
MUST_USE enum status bus_send(struct bus *b, const struct frame *frame, struct why *why);

/* From now on frames after `after` (0: from the first) come by receive, in order, without
 * gap or repeat, also over a restart of the other side. ST_INVALID: no reader endpoint.
 */
MUST_USE enum status bus_follow(struct bus *b, uint64_t after, struct why *why);

/* Waits for the next message, at most timeout_ms (-1: for ever; 0: does not wait). What
 * `out` lends is valid until the next call on the bus. ST_AGAIN: nothing came.
 * ST_STOPPED: stop_fd (-1: none) is readable. ST_CORRUPT: the other side broke the
 * protocol, serves another stream than before, or one that ends before the position
 * followed. ST_NOT_FOUND: it no longer serves the position followed. ST_VERSION.
 *
 * Positions come in the order of the numbers. After a refusal every later unanswered
 * frame of the window is forgotten: the caller decides what to send under that number. A
 * gap is closed from the window without a word, and told only when the number wanted is
 * not in it. Nothing is sent again, nor asked again, but within this call. */
MUST_USE enum status bus_receive(struct bus *b, int stop_fd, int64_t timeout_ms,
                                 struct bus_message *out, struct why *why);

/* Frames sent and not answered yet. */
size_t bus_unanswered(const struct bus *b);

extern const struct bus_ops bus_zmq; /* ipc:// and tcp:// */
extern const struct bus_ops bus_mem; /* mem://NAME: within one process, for tests */

#endif
