/* What yajl lets pass in a string's escapes and the house does not: half a surrogate pair
 * (yajl makes "?" of it in silence) and NUL. */
#ifndef PROTO_JSON_ESCAPE_H
#define PROTO_JSON_ESCAPE_H

#include "shortfall/core/text.h"

/* `raw` is a string as it stands in the line, quotes included, which yajl has accepted.
 * NULL when its escapes are right, else what is wrong, and where in *offset. */
const char *json_escape_problem(struct text raw, uint32_t *offset);

#endif
