/* What msgpack-c packs, into a buffer of fixed size. A write that does not fit is
 * remembered and makes everything after it void, so writers are straight lines without
 * checks and ask once, at the end. Private to proto. */
#ifndef SHORTFALL_PROTO_SINK_H
#define SHORTFALL_PROTO_SINK_H

#include "shortfall/core/status.h"
#include "shortfall/core/text.h"

struct sink {
    uint8_t *at;
    size_t size, len;
    bool full;
};

void sink_open(struct sink *s, uint8_t *at, size_t size);

/* ST_FULL when anything did not fit; else the bytes written. */
MUST_USE enum status sink_close(const struct sink *s, size_t *len);

/* Integers and lengths take the shortest form. */
void sink_int(struct sink *s, int64_t value);
void sink_uint(struct sink *s, uint64_t value);
void sink_flag(struct sink *s, bool value);
void sink_nil(struct sink *s);
void sink_text(struct sink *s, struct text value);
void sink_code(struct sink *s, const char *value);
void sink_bytes(struct sink *s, const uint8_t *at, size_t len);
void sink_list(struct sink *s, size_t len);
void sink_map(struct sink *s, size_t pairs);

#endif
