/* The messages between a bus client and a bus server as bytes (PROTOCOL.md says who may
 * send which, and when). Every length is checked before anything is lent; no message is
 * copied, none is allocated for. */
#ifndef SHORTFALL_BUS_WIRE_H
#define SHORTFALL_BUS_WIRE_H

#include "shortfall/bus/bus.h"
#include "shortfall/bus/server.h"

#define WIRE_VERSION   1
#define WIRE_SORRY_MAX 256 /* bytes of text in a sorry */

/* Largest message: a frame with a full body, and what stands before the body. */
#define WIRE_HEAD_MAX    2048
#define WIRE_MESSAGE_MAX (FRAME_BODY_MAX + WIRE_HEAD_MAX)

/* Sent as these numbers: never renumber. */
enum wire_kind {
    WIRE_HELLO = 1,      /* ingest, to the server */
    WIRE_SUBMIT = 2,     /* ingest, to the server */
    WIRE_GREETING = 3,   /* ingest, to the client */
    WIRE_POSITION = 4,   /* ingest, to the client */
    WIRE_REFUSAL = 5,    /* ingest, to the client */
    WIRE_UNKNOWN = 6,    /* both, to the client: say hello or follow again */
    WIRE_SORRY = 7,      /* both, to the client */
    WIRE_FOLLOW = 8,     /* reader, to the server */
    WIRE_CREDIT = 9,     /* reader, to the server */
    WIRE_FOLLOWING = 10, /* reader, to the client */
    WIRE_ALIVE = 11,     /* reader, to the client */
    WIRE_FRAME = 12,     /* reader, to the client */
    WIRE_KIND_COUNT
};

enum wire_sorry {
    SORRY_VERSION = 1,   /* I speak WIRE_VERSION only */
    SORRY_MALFORMED = 2, /* your message breaks the protocol */
    SORRY_FULL = 3       /* as many producers or followers as I take */
};

/* One struct for all kinds; which fields a kind has stands in the table of wire.c. */
struct wire_message {
    uint8_t kind;
    uint16_t round;        /* of the client's asking; every answer repeats it */
    uint64_t instance;     /* of the client, drawn when it opens */
    uint64_t number;       /* of the frame; greeting: last number */
    uint64_t pos;          /* of the frame; follow: the one before the first wanted */
    uint64_t until;        /* frames up to this position may be sent */
    uint64_t expected;     /* the number wanted next */
    uint64_t oldest, tail; /* first and last position that the server has */
    uint64_t first_seq;
    int64_t clock;
    uint32_t events;
    uint8_t resume; /* hello: of the client itself, not of its caller */
    uint8_t clock_kind, type, repeated, refusal, sorry;
    struct bytes producer, cursor, text, body, hash;
};

/* Reads one message; lends out of `message`. ST_VERSION: another version of the protocol;
 * ST_INVALID: a length, a value or a kind that is none. */
MUST_USE enum status wire_read(struct bytes message, struct wire_message *out,
                               struct why *why);

/* Bytes that wire_write will write. The message is ours: its limits are asserted. */
size_t wire_size(const struct wire_message *m);
void wire_write(const struct wire_message *m, uint8_t *out);

/* Puts another round into a message that is written already. */
void wire_set_round(uint8_t *message, uint16_t round);

/* To and from the contract's plain values. Lent, nothing copied. */
struct wire_message wire_of_submit(const struct frame *frame);
struct wire_message wire_of_frame(const struct frame *frame);
struct frame wire_frame(const struct wire_message *m);
struct text wire_text(struct bytes b);
struct bytes wire_bytes(struct text t);

/* Whether `frame` keeps the limits of a message. */
bool wire_frame_fits(const struct frame *frame);

#endif
