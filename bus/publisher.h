/* What a client does to get its frames taken, without a socket and without a clock: bytes
 * that came go in with the time, bytes that must go out and messages for the caller come
 * out. The socket around it is bus_zmq.c. */
#ifndef SHORTFALL_BUS_PUBLISHER_H
#define SHORTFALL_BUS_PUBLISHER_H

#include "wire.h"
#include "window.h"

enum publisher_state {
    PUBLISHER_IDLE,   /* no hello yet, or another has the name now */
    PUBLISHER_ASKING, /* hello is on its way; frames wait */
    PUBLISHER_GREETED
};

/* Answers are believed by their round. A round begins with each hello and each rewind, so
 * that what was said to an earlier copy of a frame is told from what is said to the last
 * one; rounds before `base` are of frames that are forgotten. */
struct publisher {
    struct window window;
    enum publisher_state state;
    uint64_t instance; /* drawn at random: tells this client from others of its name */
    uint16_t round, base;
    bool hello_due, resume;
    int64_t resend_us;
    int64_t touched_us; /* last sign of life, or first send after it */
    int64_t hold_us;    /* the server is busy: nothing goes out before this */
    char producer[FRAME_PRODUCER_MAX + 1];
    uint8_t hello[WIRE_HEAD_MAX]; /* the hello that publisher_next lends */
    struct bus_greeting greeting; /* the last one */
};

/* Asks for the name, as the caller wants it; forgets the window. */
void publisher_hello(struct publisher *p, struct text producer, int64_t now_us);

/* Takes a frame into the window. The statuses of bus_send. */
MUST_USE enum status publisher_send(struct publisher *p, const struct frame *frame,
                                    struct why *why);

/* What must go out now; false: nothing. After it has gone, publisher_sent; before it has,
 * the same bytes come again. Lent until the next call. */
bool publisher_next(struct publisher *p, int64_t now_us, struct bytes *out);
void publisher_sent(struct publisher *p, int64_t now_us);

/* Looks at the time: what was not answered for too long is due again. */
void publisher_tick(struct publisher *p, int64_t now_us);

/* When publisher_tick or publisher_next will have something that it has not now;
 * INT64_MAX: never. */
int64_t publisher_due_us(const struct publisher *p, int64_t now_us);

/* A message that came. ST_OK: there is something for the caller, lent out of `message`;
 * ST_AGAIN: taken, nothing to tell. Else as bus_receive and bus_hello. */
MUST_USE enum status publisher_take(struct publisher *p, struct bytes message,
                                    int64_t now_us, struct bus_message *out,
                                    struct why *why);

#endif
