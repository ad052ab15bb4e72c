/* Figures of an account at an instant, in pico-units: what is used, what is missing and
 * when, along the way ahead. */
#include "figure.h"

int128_t used_until(struct view *v, int64_t until)
{
    return view_ahead(v, until)->used - v->now.used;
}

int128_t unmet_this_year(struct view *v)
{
    struct run start = path_at(&v->account->own, &v->w->paths, view_year_start(v));

    return run_unmet(&v->now) - run_unmet(&start);
}

/* At the jumps in (c, c + horizon], just before each and after it. */
static int128_t greatest_gap_inside(const struct view *v, int64_t horizon)
{
    struct run r = v->now;

    r.gap = RUN_LOWEST;
    timeline_fold(&v->account->own, &v->w->paths, NULL, &r, timeline_behind(v->clock),
                  timeline_behind(v->clock + horizon));
    run_close(&r);
    return r.gap;
}

int128_t shortfall_ahead(struct view *v, int64_t horizon, enum part part)
{
    const struct run *end = view_ahead(v, v->clock + horizon);
    int128_t gap = part == PART_EDGE     ? run_gap(end)
                   : part == PART_INSIDE ? greatest_gap_inside(v, horizon)
                                         : end->gap;

    gap -= run_gap(&v->now) + run_stock(&v->now);
    return gap > 0 ? gap : 0;
}

int128_t deficit_at_year_end(struct view *v)
{
    int128_t gap = run_gap(view_ahead(v, view_year_end(v)));

    return unmet_this_year(v) + gap - run_gap(&v->now) - run_stock(&v->now);
}

int128_t uncovered_deficit(struct view *v)
{
    int128_t deficit = deficit_at_year_end(v);

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
    struct run r = v->now;
    int128_t target = r.used + run_stock(&r);
    struct timeline_place place =
        timeline_find(&v->account->own, &v->w->paths, timeline_behind(v->clock));

    while (r.used < target) {
        const struct entry *e = timeline_entry(&v->w->paths, place);

        if (r.use_rate > 0) {
            int128_t span = (target - r.used + r.use_rate - 1) / r.use_rate;

            if (e == NULL || r.time + span <= e->time)
                return r.time + span <= TIME_MAX ? r.time + (int64_t)span : TIME_NONE;
        }
        if (e == NULL)
            return TIME_NONE;
        run_enter(&r, e, entry_value(e, &v->w->paths.wides));
        place = timeline_next(&v->w->paths, place);
    }
    return r.time;
}

int64_t latest_report(const struct view *v)
{
    const struct timeline *t = &v->account->own;
    struct timeline_place place =
        timeline_find(t, &v->w->paths, timeline_behind(v->clock));

    for (;;) {
        const struct entry *e = timeline_back(t, &v->w->paths, &place);

        if (e == NULL)
            return TIME_NONE;
        if (e->kind == ENTRY_ADD || e->kind == ENTRY_SET || e->kind == ENTRY_DIFFERENCE)
            return e->time;
    }
}
