/* The frames of a publisher that are not answered yet: copies, as messages ready to go,
 * in the order of their numbers and without a gap in them. Knows nothing of sockets or
 * time. */
#ifndef SHORTFALL_BUS_WINDOW_H
#define SHORTFALL_BUS_WINDOW_H

#include "shortfall/bus/bus.h"

struct window_frame {
    uint64_t number;
    uint16_t round;   /* in which it was last sent */
    uint8_t *message; /* a submit; its buffer is kept for the next frame of this place */
    size_t len, room;
};

struct window {
    struct window_frame frames[BUS_WINDOW_MAX]; /* a ring */
    size_t first, len;
    size_t sent; /* of `len`, counted from the oldest, since the last rewind */
};

void window_free(struct window *w);

/* Forgets every frame. */
void window_clear(struct window *w);

/* Copies the frame behind the last one. The statuses of bus_send. */
MUST_USE enum status window_push(struct window *w, const struct frame *frame,
                                 struct why *why);

/* The oldest frame; NULL: none. Lent until it is popped. */
struct window_frame *window_front(struct window *w);
void window_pop(struct window *w);

/* The oldest frame that has not been sent since the last rewind; NULL: none. */
struct window_frame *window_unsent(struct window *w);

bool window_has(const struct window *w, uint64_t number);

#endif
