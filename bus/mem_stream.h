/* A stream in memory with the rules of a recorder that concern the bus: positions,
 * numbers, repeats, gaps. Behind mem:// and behind the recorder that the tests of ZeroMQ
 * run. It does not look into a body: `events` and `first_seq` of its frames stay 0, and
 * its clock counts a microsecond a frame. */
#ifndef SHORTFALL_BUS_MEM_STREAM_H
#define SHORTFALL_BUS_MEM_STREAM_H

#include "shortfall/bus/bus.h"

struct mem_stream;

/* NULL: no memory. */
struct mem_stream *mem_stream_new(void);
void mem_stream_free(struct mem_stream *s);

uint64_t mem_stream_tail(const struct mem_stream *s);

/* ST_NOT_FOUND: no frame has this position. Lent as long as the stream lives. */
MUST_USE enum status mem_stream_read(const struct mem_stream *s, uint64_t pos,
                                     struct frame *out, struct why *why);

void mem_stream_greet(const struct mem_stream *s, struct text producer,
                      struct bus_greeting *out);

/* Judges the frame of `frame->producer`: a position or a refusal. ST_NO_MEMORY. */
MUST_USE enum status mem_stream_submit(struct mem_stream *s, const struct frame *frame,
                                       struct bus_message *out, struct why *why);

#endif
