/* Where a path stands: the runs of its timeline, folded from the start. */
#include "path.h"

#include <assert.h>

struct run path_at(struct timeline *t, struct timeline_pools *p, int64_t time)
{
    struct run r = run_origin();

    timeline_fold(t, p, NULL, &r, TIMELINE_START, timeline_behind(time));
    run_accrue(&r, time);
    run_close(&r);
    return r;
}

void path_carry(struct timeline *t, struct timeline_pools *p, struct run *now,
                int64_t time)
{
    assert(time >= now->time);
    if (time == now->time)
        return;
    timeline_fold(t, p, NULL, now, timeline_behind(now->time), timeline_behind(time));
    run_accrue(now, time);
    run_close(now);
}

int64_t path_dry_at(const struct run *now)
{
    int128_t stock = run_stock(now);
    int128_t fall = now->use_rate - now->supply_rate;

    if (fall <= 0 || stock == 0)
        return TIME_NONE;
    int128_t span = (stock + fall - 1) / fall;

    return span > TIME_MAX - now->time ? TIME_NONE : now->time + (int64_t)span;
}

int64_t path_next_time(const struct timeline *t, const struct timeline_pools *p,
                       int64_t time)
{
    const struct entry *e = timeline_entry(p, timeline_find(t, p, timeline_behind(time)));

    return e == NULL ? TIME_NONE : e->time;
}

int64_t path_last_time(const struct timeline *t, const struct timeline_pools *p)
{
    struct timeline_place end = {INDEX_NONE, 0};
    const struct entry *e = timeline_back(t, p, &end);

    return e == NULL ? TIME_NONE : e->time;
}
