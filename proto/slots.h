/* A map with small integer keys, taken apart: where each key's value begins. Every body
 * and every event is such a map, so the rules for keys stand here once: integers, each at
 * most once, in any order. Private to proto. */
#ifndef SHORTFALL_PROTO_SLOTS_H
#define SHORTFALL_PROTO_SLOTS_H

#include "cursor.h"

#define SLOTS_KEY_MAX 63 /* keys are 1 to 63: one bit each */

struct slots {
    uint64_t seen; /* bit k: key k is there */
    struct cursor from;
    const uint8_t *at[SLOTS_KEY_MAX + 1]; /* only where seen */
};

/* What a map of this kind may hold. */
struct slots_rule {
    unsigned last;     /* greatest key known */
    unsigned depth;    /* of lists and maps within one value */
    bool skip_unknown; /* else an unknown key is refused, with its number */
};

/* Reads a map at `c` and moves behind it. ST_INVALID with the reason; `c` is then
 * somewhere within. */
MUST_USE enum status slots_read(struct cursor *c, const struct slots_rule *rule,
                                struct slots *out, struct why *why);

bool slots_has(const struct slots *s, unsigned key);

/* A cursor at the value of a key that is there. */
struct cursor slots_cursor(const struct slots *s, unsigned key);

#endif
