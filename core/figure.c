/* Figures of an account at an instant, in pico-units: what is used, what is missing and
 * when, along the way ahead. */
#include "figure.h"

int128_t used_until(struct view *v, int64_t until)
{
    struct path_state s = path_at(&v->account->own, &v->w->blocks, until);

    return s.used - v->now.used;
}

int128_t unmet_this_year(struct view *v)
{
    struct path_state s = path_at(&v->account->own, &v->w->blocks, view_year_start(v));

    return path_unmet(&v->now) - path_unmet(&s);
}

/* Use that neither stock nor what comes covers, along the way to c + horizon. */
struct gaps gaps_ahead(struct view *v, int64_t horizon)
{
    struct gaps gaps = {0, 0, 0};
    struct path_walk walk = path_walk_from(&v->account->own, &v->w->blocks, &v->now);
    int64_t end = v->clock + horizon;
    int128_t covered = path_stock(&v->now) - v->now.supplied + v->now.used;
    size_t len;
    const struct expectation *expected = view_expected(v, &len);

    for (size_t i = 0;;) {
        int64_t next = path_walk_next(&walk);

        if (i < len && (next == TIME_NONE || expected[i].date < next))
            next = expected[i].date;
        if (next == TIME_NONE || next > end)
            break;
        path_walk_accrue(&walk, next);
        int128_t gap = walk.used - walk.supplied - covered; /* just before arrivals */

        gaps.inside = gap > gaps.inside ? gap : gaps.inside;
        path_walk_jump(&walk);
        for (; i < len && expected[i].date == next; i++)
            covered += expected[i].amount;
        gap = walk.used - walk.supplied - covered;
        gaps.inside = gap > gaps.inside ? gap : gaps.inside;
    }
    path_walk_accrue(&walk, end);
    gaps.edge = walk.used - walk.supplied - covered;
    gaps.used = walk.used - v->now.used;
    return gaps;
}

int128_t gap_of(const struct gaps *gaps, enum part part)
{
    int128_t edge = gaps->edge > 0 ? gaps->edge : 0;

    switch (part) {
    case PART_INSIDE:
        return gaps->inside;
    case PART_EDGE:
        return edge;
    case PART_WHOLE:
        break;
    }
    return gaps->inside > edge ? gaps->inside : edge;
}

int128_t uncovered_deficit(struct view *v)
{
    struct path_state end = path_at(&v->account->own, &v->w->blocks, view_year_end(v));
    int128_t deficit = unmet_this_year(v) + (end.used - v->now.used) -
                       path_stock(&v->now) - (end.supplied - v->now.supplied) -
                       view_expected_until(v, view_year_end(v));

    return deficit > 0 ? deficit : 0;
}

bool use_lies_ahead(struct view *v)
{
    return used_until(v, TIME_MAX) > 0;
}

/* The first microsecond at which use alone has eaten the stock; TIME_NONE: it never does.
 */
int64_t stock_out(struct view *v)
{
    struct path_walk walk = path_walk_from(&v->account->own, &v->w->blocks, &v->now);
    int128_t target = v->now.used + path_stock(&v->now);

    while (walk.used < target) {
        int64_t next = path_walk_next(&walk);

        if (walk.use_rate > 0) {
            int128_t span = (target - walk.used + walk.use_rate - 1) / walk.use_rate;

            if (next == TIME_NONE || walk.time + span <= next)
                return walk.time + span <= TIME_MAX ? walk.time + (int64_t)span
                                                    : TIME_NONE;
        }
        if (next == TIME_NONE)
            return TIME_NONE;
        path_walk_accrue(&walk, next);
        path_walk_jump(&walk);
    }
    return walk.time;
}

int64_t latest_report(const struct view *v)
{
    struct timeline *t = &v->account->own;
    struct timeline_place place = timeline_after(t, &v->w->blocks, v->clock);

    for (;;) {
        const struct entry *e = timeline_back(t, &v->w->blocks, &place);

        if (e == NULL)
            return TIME_NONE;
        if (e->kind == ENTRY_ADD || e->kind == ENTRY_SET || e->kind == ENTRY_DIFFERENCE)
            return e->time;
    }
}
