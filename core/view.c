/* An account at an instant. */
#include "view.h"

#include "pending.h"
#include "report.h"

struct view view_open(struct world *w, uint32_t account, int64_t clock)
{
    struct view v; /* `known` is written before it is read */

    v.w = w;
    v.account = account_at(w, account);
    v.index = account;
    v.clock = clock;
    v.year_start = v.year_end = TIME_NONE;
    v.known_len = 0;
    pending_settle(w, account);
    reports_refresh(w, v.account);
    v.now = path_at(&v.account->own, &w->paths, clock);
    return v;
}

const struct run *view_ahead(struct view *v, int64_t time)
{
    const struct run *nearest = &v->known[0];

    if (v->known_len == 0) {
        struct run *start = &v->known[v->known_len++];

        *start = v->now;
        start->lowest = start->highest = start->position;
        start->gap = run_gap(start);
    }
    for (unsigned i = 1; i < v->known_len; i++) {
        if (v->known[i].time <= time && v->known[i].time > nearest->time)
            nearest = &v->known[i];
    }
    if (nearest->time == time)
        return nearest;
    unsigned at = v->known_len < VIEW_KNOWN_MAX ? v->known_len++ : VIEW_KNOWN_MAX - 1;
    struct run *there = &v->known[at];

    if (there != nearest)
        *there = *nearest;
    path_carry(&v->account->own, &v->w->paths, there, time);
    return there;
}

static bool year_matches(const struct year_setting *y, place_id country,
                         commodity_id commodity)
{
    if (y->country != PLACE_ANY && y->country != country)
        return false;
    return y->commodity == COMMODITY_ANY || y->commodity == commodity ||
           y->commodity == commodity_get(commodity)->group;
}

void balance_year(const struct world *w, place_id country, commodity_id commodity,
                  int64_t time, int64_t *start, int64_t *end)
{
    unsigned month = 1;
    unsigned day = 1;
    size_t len = w->rules == NULL ? 0 : w->rules->years_len;

    for (size_t i = 0; i < len; i++) {
        const struct year_setting *y = &w->rules->years[i];

        if (year_matches(y, country, commodity)) {
            month = y->month;
            day = y->day;
            break;
        }
    }
    *start = timestamp_year_start(time, month, day);
    *end = timestamp_year_next(*start, month, day);
}

static void find_year(struct view *v)
{
    if (v->year_start == TIME_NONE)
        balance_year(v->w, v->account->country, v->account->commodity, v->clock,
                     &v->year_start, &v->year_end);
}

int64_t view_year_start(struct view *v)
{
    find_year(v);
    return v->year_start;
}

int64_t view_year_end(struct view *v)
{
    find_year(v);
    return v->year_end;
}
