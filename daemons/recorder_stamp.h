/* The recorder's clock: one stamp a frame, strictly increasing, and never from a wall
 * clock that cannot be right. Reads no clock itself. */
#ifndef SHORTFALL_DAEMONS_RECORDER_STAMP_H
#define SHORTFALL_DAEMONS_RECORDER_STAMP_H

#include "shortfall/core/status.h"

#include <stdint.h>

struct stamp {
    int64_t last;             /* of the last frame; TIME_NONE: none yet */
    int64_t jump_max_us;      /* what the wall clock may be wrong by */
    int64_t wall_us, mono_us; /* both clocks at the last commit */
};

/* `last` is the journal's, TIME_NONE when it is empty. ST_CONFLICT: the wall clock stands
 * more than jump_max_us before it. */
MUST_USE enum status stamp_begin(struct stamp *s, int64_t last, int64_t jump_max_us,
                                 int64_t wall_us, int64_t mono_us, struct why *why);

/* Before each commit. ST_CONFLICT: since the last one the wall clock went further than
 * the monotonic clock, or less far, by more than jump_max_us: nothing may be stamped. */
MUST_USE enum status stamp_commit(struct stamp *s, int64_t wall_us, int64_t mono_us,
                                  struct why *why);

/* The next frame's stamp: max(wall clock at the commit, last + 1). */
int64_t stamp_next(struct stamp *s);

#endif
