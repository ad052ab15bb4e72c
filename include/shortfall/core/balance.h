/* The figures of one account at one instant (semantics section 5; formats, `balance`). */
#ifndef SHORTFALL_CORE_BALANCE_H
#define SHORTFALL_CORE_BALANCE_H

#include "shortfall/core/commodity.h"
#include "shortfall/core/place.h"
#include "shortfall/core/timestamp.h"

#define VALUE_NONE INT64_MIN /* *none*: no such value */
#define MICRO      INT64_C(1000000)

/* Amounts in base units (g or kJ), rounded half to even; ratios and days in millionths.
 */
struct balance {
    place_id country;
    commodity_id commodity;
    int64_t as_of;
    int64_t horizon; /* microseconds */
    int64_t stock;
    int64_t unmet;
    int64_t days_of_cover; /* millionths; VALUE_NONE: none, or above every number */
    int64_t stock_out;     /* TIME_NONE where days_of_cover is VALUE_NONE */
    int64_t shortfall;
    int64_t shortfall_ratio;
    int64_t uncovered_deficit;
    int64_t delivery_ratio;
    int64_t overdue;
    int64_t expected;
};

#endif
