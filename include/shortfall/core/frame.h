/* A frame: what is sent, journaled, served and acknowledged as one. */
#ifndef SHORTFALL_CORE_FRAME_H
#define SHORTFALL_CORE_FRAME_H

#include "shortfall/core/text.h"
#include "shortfall/core/timestamp.h"

#define FRAME_EVENTS_MAX   256
#define FRAME_BODY_MAX     262144 /* bytes, 256 KiB */
#define FRAME_CURSOR_MAX   1024   /* bytes */
#define FRAME_PRODUCER_MAX 64     /* bytes of [a-z0-9._-] */
#define FRAME_HASH_SIZE    32     /* BLAKE2b-256 */

/* Stored and sent as these numbers: never renumber. */
enum frame_type {
    FRAME_OPENING = 0, /* first frame of a journal: its kind of clock, its feeds */
    FRAME_DATA = 1,    /* up to 256 events */
    FRAME_TICK = 2,    /* no events: the clock moves */
    FRAME_PROMISE = 3, /* exercise: nothing published before T follows of this producer */
    FRAME_RULES = 4,   /* the text of a rule file, in force from here */
    FRAME_ACKNOWLEDGEMENT = 5,
    FRAME_SILENCE = 6,
    FRAME_TRANSITION = 7, /* the aggregator's own stream: one alert transition */
    FRAME_TYPE_COUNT
};

/* A position is promised only for what is durable. `pos` counts frames and `seq` counts
 * events, both from 1, without gaps. Texts and bytes are lent by who hands the frame out.
 */
struct frame {
    uint64_t pos;       /* 0: not recorded yet */
    uint64_t first_seq; /* seq of its first event; events 0: of the next event to come */
    uint32_t events;
    enum frame_type type;
    int64_t clock; /* recorder's clock, strictly increasing from frame to frame */
    struct text producer;
    uint64_t number;     /* 1, 2, 3 ... of this producer */
    struct bytes cursor; /* the producer's own place in its source; opaque */
    struct bytes body;
    uint8_t hash[FRAME_HASH_SIZE]; /* of the chain up to and with this frame */
};

/* 1 to FRAME_PRODUCER_MAX bytes of [a-z0-9._-], the first a letter or digit. */
bool frame_producer_is_valid(struct text name);
const char *frame_type_name(enum frame_type type);

/* How a journal's clock runs; fixed by its opening frame. */
enum clock_kind { CLOCK_RECORDED = 0, CLOCK_PUBLISHED = 1 };

#define FEEDS_MAX 16

struct opening {
    enum clock_kind clock;
    struct text feeds[FEEDS_MAX]; /* producers whose promises move the clock */
    size_t feeds_len;
};

#endif
