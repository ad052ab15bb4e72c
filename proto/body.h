/* Reading the map that a small body is: a table says which key goes where. Private to
 * proto. */
#ifndef SHORTFALL_PROTO_BODY_H
#define SHORTFALL_PROTO_BODY_H

#include "cursor.h"
#include "slots.h"

/* Reads the value at `c` into its place; `name` is the key's, for the reason. */
typedef enum status body_read_fn(struct cursor *c, const char *name, void *to,
                                 struct why *why);

/* One key of a body; the table's first row is key 1, and so on without gaps. */
struct body_key {
    const char *name;
    body_read_fn *read;
    size_t offset; /* of the value's place in what is being read */
    bool required;
};

/* Reads into `out` the one map of `keys_len` keys that `body` must be, each value through
 * its row, in the order of the keys; nothing may follow it. ST_INVALID, ST_OVERFLOW with
 * `what`, the key's name and the reason. */
MUST_USE enum status body_read(struct bytes body, const char *what,
                               const struct body_key *keys, unsigned keys_len,
                               bool skip_unknown, void *out, struct why *why);

/* Values that several bodies have: int64_t, uint64_t, struct text. */
body_read_fn body_int, body_uint, body_text;

#endif
