/* An account seen at an instant: its path, its balance year, its deliveries. Everything a
 * figure needs is looked up once here. */
#ifndef SHORTFALL_CORE_VIEW_H
#define SHORTFALL_CORE_VIEW_H

#include "state.h"

/* A judgement looks ahead to few instants, and to each several times. */
#define VIEW_KNOWN_MAX 12

struct view {
    struct world *w;
    struct account *account;
    uint32_t index;               /* of the account */
    int64_t clock;                /* c */
    struct run now;               /* its path at c */
    int64_t year_start, year_end; /* Y0 <= c < Y1; TIME_NONE until asked for */
    unsigned known_len;
    struct run
        known[VIEW_KNOWN_MAX]; /* the path at later instants, as they were asked for */
};

/* Pledges are seen as of the world's last review, which is right at its clock and at each
 * instant that is judged (expectation.h). */
struct view view_open(struct world *w, uint32_t account, int64_t clock);

/* The balance year of the account that holds c: looked up when it is first asked for. */
int64_t view_year_start(struct view *v);
int64_t view_year_end(struct view *v);

/* The balance year of an account that holds `time`. */
void balance_year(const struct world *w, place_id country, commodity_id commodity,
                  int64_t time, int64_t *start, int64_t *end);

/* The path as it will be at `time`, not before c, with its extremes since c: lowest,
 * highest, gap. (Its unmet is not that of the path: that is reckoned from the last SET.)
 * Lent until the next call. */
const struct run *view_ahead(struct view *v, int64_t time);

/* Pledges to the account (semantics section 5): what was pledged and what of it has
 * arrived by c, each pledge's arrivals at most its quantity; and what is overdue. */
struct deliveries {
    int128_t pledged, arrived; /* agreed and complete pledges, pico-units */
    int128_t overdue;          /* agreed pledges that were due by c */
    bool any;                  /* there is an agreed or complete pledge */
};
struct deliveries view_deliveries(const struct view *v);

/* The next date after c on which deliveries change of themselves: due dates and arrivals.
 * TIME_NONE: none. */
int64_t view_next_delivery(const struct view *v);

#endif
