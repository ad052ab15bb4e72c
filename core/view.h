/* An account seen at an instant: its path, what is expected, its balance year. Everything
 * a figure needs is looked up once here. */
#ifndef SHORTFALL_CORE_VIEW_H
#define SHORTFALL_CORE_VIEW_H

#include "state.h"

struct view {
    struct world *w;
    struct account *account;
    int64_t clock; /* c */
    struct path_state now;
    int64_t year_start, year_end; /* Y0 <= c < Y1; TIME_NONE until asked for */
    bool has_expected;            /* the scratch of the world holds this view's list */
    size_t expected_len;
};

/* Opening another view of the same world ends the list of expectations of this one. */
struct view view_open(struct world *w, uint32_t account, int64_t clock);

/* The balance year of the account that holds c: looked up when it is first asked for. */
int64_t view_year_start(struct view *v);
int64_t view_year_end(struct view *v);

/* The balance year of an account that holds `time`. */
void balance_year(const struct world *w, place_id country, commodity_id commodity,
                  int64_t time, int64_t *start, int64_t *end);

/* What is counted on at c, in order of its date, after policies, in pico-units of the
 * account (semantics section 4). Lent until another view is opened. */
const struct expectation *view_expected(struct view *v, size_t *len);

/* E(c, until]. */
int128_t view_expected_until(struct view *v, int64_t until);

/* Pledges to the account (semantics section 5): what was pledged and what of it has
 * arrived by c, each pledge's arrivals at most its quantity; and what is overdue. */
struct deliveries {
    int128_t pledged, arrived; /* agreed and complete pledges, pico-units */
    int128_t overdue;          /* agreed pledges that were due by c */
    bool any;                  /* there is an agreed or complete pledge */
};
struct deliveries view_deliveries(const struct view *v);

/* The next date after `time` on which expectations or deliveries may change of
 * themselves: etas, due dates, arrivals, ends of balance years. TIME_NONE: none. */
int64_t view_next_date(const struct view *v, int64_t time);

/* The last of those dates but for year ends; TIME_NONE: none. */
int64_t view_last_date(const struct view *v);

#endif
