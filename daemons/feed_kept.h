/* Frames of a feed that are sent and not answered yet, in the order of their numbers: as
 * many as the bus's window holds. Kept because a refusal makes the bus forget them, and
 * what is sent then under their numbers is the feed's to decide. */
#ifndef SHORTFALL_DAEMONS_FEED_KEPT_H
#define SHORTFALL_DAEMONS_FEED_KEPT_H

#include "shortfall/bus/bus.h"

struct kept_frame {
    enum frame_type type;
    uint64_t number;
    uint8_t *body;
    size_t body_len, body_room;
    uint8_t cursor[FRAME_CURSOR_MAX];
    size_t cursor_len;
    uint32_t events;
    uint64_t lines[FRAME_EVENTS_MAX]; /* where each event comes from */
};

struct kept {
    struct kept_frame frames[BUS_WINDOW_MAX];
    size_t first, len;
    uint64_t next_number; /* of the next frame that is added */
};

void kept_free(struct kept *k);
struct kept_frame *kept_at(struct kept *k, size_t index); /* 0: the oldest */

/* Where the next frame is made; kept_add then gives it its number. Not when
 * BUS_WINDOW_MAX are kept. */
struct kept_frame *kept_place(struct kept *k);
void kept_add(struct kept *k);

/* The oldest is answered. */
void kept_pop(struct kept *k);

/* The oldest is refused and will not be sent: the others move up by one number. */
void kept_drop(struct kept *k);

/* Copies the body. ST_NO_MEMORY. */
MUST_USE enum status kept_set_body(struct kept_frame *f, struct bytes body,
                                   struct why *why);

/* Leaves out the events that are marked, so that the frame can be sent again.
 * ST_NO_MEMORY.
 */
MUST_USE enum status kept_leave_out(struct kept_frame *f,
                                    const bool wrong[FRAME_EVENTS_MAX], struct why *why);

/* Takes the next line off a refusal's text: "event 3: unit: ...", counted from 0; *index
 * is f->events where it names none of the frame's events. False: that was all. */
bool kept_next_reason(const struct kept_frame *f, struct text *rest, struct text *reason,
                      uint32_t *index);

/* Marks the events that a refusal names. Returns how many. */
size_t kept_mark_refused(const struct kept_frame *f, struct text refusal,
                         bool wrong[FRAME_EVENTS_MAX]);

#endif
