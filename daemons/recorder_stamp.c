/* The recorder's clock. A stamp that was given out binds all that come after it: a clock
 * that ran an hour ahead would keep every later frame an hour ahead, for ever. So a jump
 * is not followed; a person looks, and a restart takes the clock as it then is. */
#include "recorder_stamp.h"

#include "shortfall/core/timestamp.h"

static enum status refuse_jump(const struct stamp *s, int64_t by_us, int64_t wall_us,
                               const char *since, struct why *why)
{
    char now[TIMESTAMP_SIZE];
    char by[DURATION_SIZE];
    char allowed[DURATION_SIZE];
    int64_t seconds = (by_us < 0 ? -by_us : by_us) / SECOND_US;

    return why_set(why, ST_CONFLICT,
                   "the wall clock (%s) jumped %s by %s since %s, more than --clock-jump "
                   "%s: nothing is recorded until somebody has looked at the clock",
                   timestamp_format(wall_us, now), by_us < 0 ? "back" : "ahead",
                   duration_format(seconds * SECOND_US, by), since,
                   duration_format(s->jump_max_us, allowed));
}

enum status stamp_begin(struct stamp *s, int64_t last, int64_t jump_max_us,
                        int64_t wall_us, int64_t mono_us, struct why *why)
{
    *s = (struct stamp){last, jump_max_us, wall_us, mono_us};
    /* Ahead is no jump here: nobody knows for how long the recorder was down. */
    if (last != TIME_NONE && wall_us < last - jump_max_us)
        return refuse_jump(s, wall_us - last, wall_us, "the journal's last frame", why);
    return ST_OK;
}

enum status stamp_commit(struct stamp *s, int64_t wall_us, int64_t mono_us,
                         struct why *why)
{
    int64_t jump_us = (wall_us - s->wall_us) - (mono_us - s->mono_us);

    if (jump_us > s->jump_max_us || jump_us < -s->jump_max_us)
        return refuse_jump(s, jump_us, wall_us, "the last commit", why);
    s->wall_us = wall_us;
    s->mono_us = mono_us;
    return ST_OK;
}

int64_t stamp_next(struct stamp *s)
{
    bool ahead = s->last == TIME_NONE || s->wall_us > s->last;

    s->last = ahead ? s->wall_us : s->last + 1;
    return s->last;
}
