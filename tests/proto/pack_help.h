/* What the tests of the msgpack codec share: sample events of every kind, a comparison
 * that knows nothing of the codec's own tables, bytes from hexadecimal. */
#ifndef TESTS_PROTO_PACK_HELP_H
#define TESTS_PROTO_PACK_HELP_H

#include "shortfall/proto/pack.h"

#define SAMPLES 16

/* The sample's label; `out` lends static texts. */
const char *sample_event(unsigned index, struct event *out);

/* `number` of `unit`, converted. Fails the test when that cannot be. */
struct amount amount_of(const char *number, const char *unit, const char *commodity,
                        const char *set);

/* What the first difference is, or NULL. */
const char *event_difference(const struct event *a, const struct event *b);

/* Reads hexadecimal, blanks allowed, into `out`; returns the length. */
size_t from_hex(const char *hex, uint8_t *out, size_t size);

/* The same numbers on every machine and every day. */
uint64_t next_random(uint64_t *state);

#endif
