/* Values to store: with every field set, and with every field at its limit. */
#include "store_suite.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

struct store_cursor cursor_at(uint64_t pos)
{
    return (struct store_cursor){.pos = pos, .seq = pos, .clock = (int64_t)pos};
}

struct alert_row alert_make(unsigned seed)
{
    struct alert_row row;
    struct transition *t = &row.transition;

    /* With its padding, so that rows can be compared as bytes. */
    memset(&row, 0, sizeof(row));
    (void)snprintf(row.alert, sizeof(row.alert), "Alert%u", seed);
    (void)snprintf(row.severity, sizeof(row.severity), "warning");
    (void)snprintf(row.summary, sizeof(row.summary), "PRK rice: %u days \xC3\xA9", seed);
    (void)snprintf(t->uid, sizeof(t->uid), "rule-%u", seed);
    t->country = place_find(TEXT_LITERAL("PRK"));
    t->commodity = commodity_find(TEXT_LITERAL("rice"));
    cr_assert(t->country != PLACE_NONE && t->commodity != COMMODITY_NONE);
    t->state = seed % 2 ? ALERT_FIRING : ALERT_RESOLVED;
    t->at = 1243717261940813 + seed;
    t->clock = t->at + 1;
    t->seq = 100 + seed;
    t->begun = t->at - DAY_US;
    t->ordinal = seed;
    memset(t->episode, (int)(seed + 1), sizeof(t->episode));
    memset(t->notification, (int)(seed + 2), sizeof(t->notification));
    memset(t->rules_hash, (int)(seed + 3), sizeof(t->rules_hash));
    t->moved_first = 3;
    t->moved_last = 90 + seed;
    t->balance.country = t->country;
    t->balance.commodity = t->commodity;
    t->balance.as_of = t->at;
    t->balance.horizon = 90 * DAY_US;
    t->balance.stock = 3342000000000;
    t->balance.unmet = 2;
    t->balance.days_of_cover = 237876365;
    t->balance.stock_out = t->at + 5;
    t->balance.shortfall = 4;
    t->balance.shortfall_ratio = 5;
    t->balance.uncovered_deficit = 836000000000;
    t->balance.delivery_ratio = 7;
    t->balance.overdue = 8;
    t->balance.expected = 9;
    return row;
}

struct alert_row alert_at_its_limits(void)
{
    struct alert_row row = alert_make(1);
    struct transition *t = &row.transition;

    memset(row.summary, 's', sizeof(row.summary) - 1);
    memset(row.alert, 'a', sizeof(row.alert) - 1);
    memset(row.severity, 'v', sizeof(row.severity) - 1);
    memset(t->uid, 'u', sizeof(t->uid) - 1);
    t->seq = INT64_MAX;
    t->ordinal = UINT32_MAX;
    t->at = TIME_MAX;
    t->begun = TIME_MIN;
    t->balance.days_of_cover = VALUE_NONE;
    t->balance.stock_out = TIME_NONE;
    t->balance.stock = INT64_MAX;
    t->balance.unmet = -INT64_MAX;
    t->readings_len = TRANSITION_TERMS_MAX;
    for (size_t i = 0; i < TRANSITION_TERMS_MAX; i++) {
        struct reading *reading = &t->readings[i];

        reading->term.metric = (enum metric)(i % METRIC_COUNT);
        reading->term.horizon = (int64_t)i * DAY_US;
        reading->term.window = (int64_t)i;
        memset(reading->term.market, 'm', EVENT_MARKET_MAX);
        memcpy(reading->term.currency, "USD", 4);
        reading->comparison = (enum comparison)(i % 4);
        reading->value = i % 2 ? VALUE_NONE : INT64_MAX;
        reading->threshold = i % 3 ? -(int64_t)i : VALUE_NONE;
    }
    t->movers_len = TRANSITION_MOVERS_MAX;
    for (size_t i = 0; i < TRANSITION_MOVERS_MAX; i++)
        t->movers[i] = INT64_MAX - i;
    return row;
}
