/* Where followers read from: the newest frames in memory, so that those who keep up cost
 * the journal nothing, and all others from the journal's files. */
#ifndef SHORTFALL_DAEMONS_RECORDER_TAIL_H
#define SHORTFALL_DAEMONS_RECORDER_TAIL_H

#include "shortfall/core/frame.h"
#include "shortfall/core/status.h"

struct tail;

/* Reads the journal in this folder, which exists. */
MUST_USE enum status tail_open(const char *dir, struct tail **out, struct why *why);
void tail_close(struct tail *t);

/* Keeps a copy of a frame that is durable; positions come in order. */
void tail_keep(struct tail *t, const struct frame *frame);

/* The frame at that position, lent until the next call. A bus_read_fn. */
MUST_USE enum status tail_read(void *self, uint64_t pos, struct frame *out,
                               struct why *why);

#endif
