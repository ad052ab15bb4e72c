/* What a recorder has taken and refused, as it notes it in the folder of its journal, at
 * most once a second: refusals stand nowhere else, for they are not recorded. */
#ifndef SHORTFALL_DAEMONS_RECORDER_STATS_H
#define SHORTFALL_DAEMONS_RECORDER_STATS_H

#include "shortfall/core/status.h"

#include <stdint.h>

struct recorder_stats {
    uint64_t since;                   /* microseconds since 1970: its start */
    uint64_t frames, events, commits; /* recorded */
    uint64_t repeated;                /* frames that were recorded before */
    uint64_t refused;                 /* frames answered with a reason */
    uint64_t malformed;               /* messages that broke the protocol */
    uint64_t turned_away;             /* not greeted, displaced, above a limit */
};

/* ST_NOT_FOUND: no recorder has written there yet; ST_INVALID: it is something else;
 * ST_IO. */
MUST_USE enum status recorder_stats_read(const char *journal, struct recorder_stats *out,
                                         struct why *why);

#endif
