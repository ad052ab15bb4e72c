/* Events that are due at fixed instants, whether or not anybody keeps up (an open loop),
 * and how long after it was due each one had its effect. So a pause of the system counts
 * for every event that fell into it. */
#ifndef BENCH_SCHEDULE_H
#define BENCH_SCHEDULE_H

#include "measure.h"

#include <stdbool.h>
#include <stddef.h>

#define SCHEDULE_FRAME_SIZE ((size_t)256 * 1024)

/* Encoded events, one after the other. */
struct stream {
    uint8_t *bytes;
    size_t bytes_len, bytes_max;
    size_t *ends; /* of each event */
    size_t len, max;
};

void stream_add(struct stream *s, const uint8_t *event, size_t len);
void stream_free(struct stream *s);

struct schedule {
    const struct stream *stream;
    uint64_t rate;    /* events a second; 0: each one is due at once */
    uint64_t sampled; /* the last of each so many events is looked at */
    uint64_t next;    /* index of the next event to be sent */
    int64_t start_ns, sent_ns;
};

/* A hundred samples a second, or of each thousand events one. */
uint64_t schedule_sampled(uint64_t rate);

int64_t schedule_due_ns(const struct schedule *s, uint64_t index);

/* A data frame of all events that are due, at most 256; returns its length and how many
 * events. 0: none is due, or the frame before left less than SCHEDULE_LINGER_NS ago and
 * this one is not full. */
#define SCHEDULE_LINGER_NS 200000
size_t schedule_frame(struct schedule *s, uint8_t out[SCHEDULE_FRAME_SIZE],
                      uint32_t *events);
bool schedule_is_done(const struct schedule *s);

/* The instant at which schedule_frame will have something. */
int64_t schedule_next_ns(const struct schedule *s);

struct latencies {
    int64_t *ns;
    size_t len, max;
    int64_t last_ns; /* when the last one was noted */
};

void latencies_open(struct latencies *l, const struct schedule *s);
void latencies_free(struct latencies *l);

/* The effect of this event is there now. */
void latencies_note(struct latencies *l, const struct schedule *s, uint64_t index);

/* With a rate: NAME/RATE/p50 and so on, and the rate that was kept; without one:
 * NAME/rate, all events by the time of the last effect. */
void latencies_print(struct latencies *l, const struct schedule *s, const char *name);

#endif
