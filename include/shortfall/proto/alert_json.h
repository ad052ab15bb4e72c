/* A transition as one JSON object: what `shortfall alerts --json` prints and what a
 * notifier hands on. */
#ifndef SHORTFALL_PROTO_ALERT_JSON_H
#define SHORTFALL_PROTO_ALERT_JSON_H

#include "shortfall/proto/pack.h"

#define ALERT_JSON_SIZE 16384 /* bytes: any transition fits in, with the final NUL */

/* Without a newline. ST_FULL: does not fit `size`. *len excludes the final NUL. */
MUST_USE enum status alert_json_write(const struct transition *transition,
                                      const struct transition_texts *texts, char *out,
                                      size_t size, size_t *len);

#endif
