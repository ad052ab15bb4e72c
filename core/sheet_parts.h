/* What the files of the sheet share: the account that is asked about, and the sums as
 * they gather. Private to sheet*.c; knows nothing of paths and pools. */
#ifndef SHORTFALL_CORE_SHEET_PARTS_H
#define SHORTFALL_CORE_SHEET_PARTS_H

#include "shortfall/core/sheet.h"

/* In pico-units of the account. */
struct sheet_sum {
    int128_t to_date, expected;
    int64_t newest;
};

struct sheet_maker {
    struct world *w;
    place_id country;
    commodity_id commodity;
    int64_t clock, year_start, year_end;
    const struct sheet_fact *facts;
    size_t len;
    struct sheet_sum lines[SHEET_LINES];
    struct sheet_sum asides[ASIDE_COUNT];
    struct sheet_sum pledged, delivered;
    bool is_stock_reported; /* dated after the year's first instant, up to the clock */
};

/* The fact is about the account, or about a member of it; its place is not looked at. */
bool sheet_concerns(const struct sheet_maker *m, commodity_id commodity);

/* An amount of a commodity in pico-units of the account. */
int128_t sheet_pico(const struct sheet_maker *m, commodity_id commodity,
                    struct qty amount);

void sheet_add(struct sheet_sum *sum, int128_t to_date, int128_t expected,
               int64_t published);

/* What crosses the account's border on a date that is stated: production, use, arrivals,
 * departures. */
void sheet_flow(struct sheet_maker *m, const struct sheet_fact *f);

/* What is still expected of the pledge at m->facts[index], or of a shipment. */
void sheet_expect_pledge(struct sheet_maker *m, size_t index);
void sheet_expect_shipment(struct sheet_maker *m, const struct sheet_fact *pledge,
                           const struct sheet_fact *ship);

enum sheet_import sheet_import_of(const struct sheet_fact *ship);

#endif
