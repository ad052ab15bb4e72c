/* Times and durations as text, and the calendar behind them. */
#include "shortfall/core/timestamp.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

Test(timestamp, reads_dates_and_times)
{
    static const struct {
        const char *text;
        int64_t time;
    } rows[] = {
        {"1970-01-01", 0},
        {"1970-01-01T00:00:00Z", 0},
        {"1970-01-01t00:00:00z", 0},
        {"1970-01-01T00:00:00-00:00", 0},
        {"1969-12-31T23:59:59.999999Z", -1},
        {"1970-01-01T00:00:00.5Z", 500000},
        {"1970-01-01T00:00:00.000001Z", 1},
        {"2008-11-01", INT64_C(1225497600000000)},
        {"2008-11-01T06:30:00Z", INT64_C(1225521000000000)},
        {"2008-11-01T06:30:00+09:00", INT64_C(1225488600000000)},
        {"2008-11-01T06:30:00-05:30", INT64_C(1225540800000000)},
        {"2000-02-29", INT64_C(951782400000000)},
        {"2008-02-29T23:59:59Z", INT64_C(1204329599000000)},
        {"1900-03-01", INT64_C(-2203891200000000)},
        {"0001-01-01", TIME_MIN},
        {"9999-12-31T23:59:59.999999Z", TIME_MAX},
        {"0001-01-01T23:59:00+23:59", TIME_MIN},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct why why = {""};
        int64_t time;
        enum status st = timestamp_parse(text_of(rows[i].text), &time, &why);

        cr_assert(st == ST_OK, "%s: %s", rows[i].text, why.text);
        cr_assert(time == rows[i].time, "%s: %" PRId64, rows[i].text, time);
    }
}

Test(timestamp, refuses_other_forms_and_says_why)
{
    static const struct {
        const char *text;
        enum status st;
        const char *reason; /* part of it */
    } rows[] = {
        {"", ST_INVALID, "expected a date"},
        {"2008", ST_INVALID, "expected a date"},
        {"2008-11", ST_INVALID, "expected a date"},
        {"2008-11-1", ST_INVALID, "expected a date"},
        {"08-11-01", ST_INVALID, "expected a date"},
        {"2008/11/01", ST_INVALID, "expected a date"},
        {"01.11.2008", ST_INVALID, "expected a date"},
        {"-2008-11-01", ST_INVALID, "expected a date"},
        {" 2008-11-01", ST_INVALID, "expected a date"},
        {"2008-11-01 ", ST_INVALID, "expected a date"},
        {"2008-11-01 06:30:00Z", ST_INVALID, "expected a date"},
        {"2008-11-01T", ST_INVALID, "expected a date"},
        {"2008-11-01T06:30Z", ST_INVALID, "expected a date"},
        {"1225497600", ST_INVALID, "expected a date"},
        {"2008-00-01", ST_INVALID, "no such day"},
        {"2008-13-01", ST_INVALID, "no such day"},
        {"2008-11-00", ST_INVALID, "no such day"},
        {"2008-11-31", ST_INVALID, "no such day"},
        {"2007-02-29", ST_INVALID, "no such day"},
        {"1900-02-29", ST_INVALID, "no such day"},
        {"2008-02-30", ST_INVALID, "no such day"},
        {"2008-11-01T24:00:00Z", ST_INVALID, "23:59:59"},
        {"2008-11-01T23:60:00Z", ST_INVALID, "23:59:59"},
        {"2008-11-01T23:59:61Z", ST_INVALID, "23:59:59"},
        {"2008-12-31T23:59:60Z", ST_INVALID, "leap second"},
        {"2008-11-01T06:30:00.Z", ST_INVALID, "decimals"},
        {"2008-11-01T06:30:00.1234567Z", ST_INVALID, "decimals"},
        {"2008-11-01T06:30:00", ST_INVALID, "offset"},
        {"2008-11-01T06:30:00+0900", ST_INVALID, "offset"},
        {"2008-11-01T06:30:00+24:00", ST_INVALID, "offset"},
        {"2008-11-01T06:30:00+09:60", ST_INVALID, "offset"},
        {"2008-11-01T06:30:00ZZ", ST_INVALID, "offset"},
        {"2008-11-01T06:30:00Z\n", ST_INVALID, "offset"},
        {"0000-12-31", ST_OVERFLOW, "0001 to 9999"},
        {"10000-01-01", ST_OVERFLOW, "0001 to 9999"},
        {"0001-01-01T00:00:00+00:01", ST_OVERFLOW, "0001 to 9999"},
        {"9999-12-31T23:59:59-00:01", ST_OVERFLOW, "0001 to 9999"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct why why = {""};
        int64_t time = 77;
        enum status st = timestamp_parse(text_of(rows[i].text), &time, &why);

        cr_assert(st == rows[i].st, "\"%s\": %s", rows[i].text, status_text(st));
        cr_assert(strstr(why.text, rows[i].reason), "\"%s\": %s", rows[i].text, why.text);
        cr_assert(time == 77, "\"%s\" wrote to its output", rows[i].text);
        cr_assert(timestamp_parse(text_of(rows[i].text), &time, NULL) == rows[i].st,
                  "\"%s\" without a why", rows[i].text);
    }
}

Test(timestamp, is_shown_in_utc)
{
    static const struct {
        int64_t time;
        const char *text;
    } rows[] = {
        {0, "1970-01-01T00:00:00Z"},
        {-1, "1969-12-31T23:59:59.999999Z"},
        {500000, "1970-01-01T00:00:00.500000Z"},
        {INT64_C(1246050117940812), "2009-06-26T21:01:57.940812Z"},
        {TIME_MIN, "0001-01-01T00:00:00Z"},
        {TIME_MAX, "9999-12-31T23:59:59.999999Z"},
        {TIME_MIN - 1, "before 0001"},
        {TIME_MAX + 1, "after 9999"},
        {TIME_NONE, "-"},
        {TIME_NONE + 1, "before 0001"},
        {TIME_END, "end"},
        {TIME_END - 1, "after 9999"},
    };
    char buffer[TIMESTAMP_SIZE];

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        cr_assert_str_eq(timestamp_format(rows[i].time, buffer), rows[i].text,
                         "%" PRId64 ": %s", rows[i].time, buffer);
}

/* Every day of two cycles of 400 years follows the one before it. */
Test(timestamp, has_every_day_once)
{
    static const unsigned days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int64_t time = INT64_C(-11676096000000000); /* 1600-01-01 */

    for (unsigned year = 1600; year < 2400; year++) {
        bool leap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0);

        for (unsigned month = 1; month <= 12; month++) {
            unsigned last = days[month - 1] + (month == 2 && leap);

            for (unsigned day = 1; day <= last; day++, time += DAY_US) {
                char wanted[64];
                char shown[TIMESTAMP_SIZE];
                int64_t read;

                (void)snprintf(wanted, sizeof(wanted), "%04u-%02u-%02uT00:00:00Z", year,
                               month, day);
                cr_assert(strcmp(timestamp_format(time, shown), wanted) == 0, "%s for %s",
                          shown, wanted);
                cr_assert(timestamp_parse(text_of(wanted), &read, NULL) == ST_OK, "%s",
                          wanted);
                cr_assert(read == time, "%s", wanted);
            }
        }
    }
}

static int64_t at(const char *text)
{
    int64_t time;

    cr_assert(timestamp_parse(text_of(text), &time, NULL) == ST_OK, "%s", text);
    return time;
}

Test(timestamp, finds_the_balance_year)
{
    static const struct {
        const char *time;
        unsigned month, day;
        const char *start, *next;
    } rows[] = {
        {"2008-11-01", 11, 1, "2008-11-01", "2009-11-01"},
        {"2008-10-31T23:59:59.999999Z", 11, 1, "2007-11-01", "2008-11-01"},
        {"2008-01-01", 11, 1, "2007-11-01", "2008-11-01"},
        {"2008-12-31T23:59:59Z", 1, 1, "2008-01-01", "2009-01-01"},
        {"2009-01-01", 1, 1, "2009-01-01", "2010-01-01"},
        {"2008-02-29", 2, 28, "2008-02-28", "2009-02-28"},
        {"2008-02-29", 3, 1, "2007-03-01", "2008-03-01"},
        {"2009-02-28", 3, 1, "2008-03-01", "2009-03-01"},
        {"1969-06-30", 7, 1, "1968-07-01", "1969-07-01"},
        {"2100-03-01", 2, 28, "2100-02-28", "2101-02-28"},
        {"2008-12-31", 12, 31, "2008-12-31", "2009-12-31"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        int64_t start =
            timestamp_year_start(at(rows[i].time), rows[i].month, rows[i].day);
        char shown[TIMESTAMP_SIZE];

        cr_assert(start == at(rows[i].start), "%s: starts %s", rows[i].time,
                  timestamp_format(start, shown));
        start = timestamp_year_next(start, rows[i].month, rows[i].day);
        cr_assert(start == at(rows[i].next), "%s: next %s", rows[i].time,
                  timestamp_format(start, shown));
    }
}

Test(timestamp, has_a_balance_year_at_both_ends_of_time)
{
    int64_t first = timestamp_year_start(TIME_MIN, 11, 1);
    int64_t last = timestamp_year_start(TIME_MAX, 11, 1);

    cr_assert(first == TIME_MIN - 61 * DAY_US, "the year 0: %" PRId64, first);
    cr_assert(timestamp_year_next(first, 11, 1) == at("0001-11-01"), "after the year 0");
    cr_assert(last == at("9999-11-01"), "the last year");
    cr_assert(timestamp_year_next(last, 11, 1) == last + 366 * DAY_US,
              "10000 is a leap year");
}

Test(timestamp, reads_durations)
{
    static const struct {
        const char *text;
        enum status st;
        int64_t us;
    } rows[] = {
        {"90d", ST_OK, 90 * DAY_US},
        {"36h", ST_OK, 36 * HOUR_US},
        {"2w", ST_OK, 14 * DAY_US},
        {"30m", ST_OK, 1800 * SECOND_US},
        {"10s", ST_OK, 10 * SECOND_US},
        {"500ms", ST_OK, 500000},
        {"5us", ST_OK, 5},
        {"007d", ST_OK, 7 * DAY_US},
        {"36525d", ST_OK, 36525 * DAY_US},
        {"36526d", ST_OVERFLOW, 0},
        {"876601h", ST_OVERFLOW, 0},
        {"3155760000000000us", ST_OK, 36525 * DAY_US},
        {"3155760000000001us", ST_OVERFLOW, 0},
        {"99999999999999999999999999d", ST_OVERFLOW, 0},
        {"0d", ST_INVALID, 0},
        {"000s", ST_INVALID, 0},
        {"", ST_INVALID, 0},
        {"d", ST_INVALID, 0},
        {"90", ST_INVALID, 0},
        {"90 d", ST_INVALID, 0},
        {"90D", ST_INVALID, 0},
        {"-90d", ST_INVALID, 0},
        {"+90d", ST_INVALID, 0},
        {"1.5d", ST_INVALID, 0},
        {"1d12h", ST_INVALID, 0},
        {"1y", ST_INVALID, 0},
        {"90days", ST_INVALID, 0},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct why why;
        int64_t us = 0;
        enum status st = duration_parse(text_of(rows[i].text), &us, &why);

        cr_assert(st == rows[i].st, "\"%s\": %s", rows[i].text, status_text(st));
        cr_assert(us == rows[i].us, "\"%s\": %" PRId64, rows[i].text, us);
    }
}

Test(timestamp, shows_durations_in_the_longest_unit_that_fits)
{
    static const struct {
        int64_t us;
        const char *text;
    } rows[] = {
        {90 * DAY_US, "90d"},    {14 * DAY_US, "14d"},
        {36 * HOUR_US, "36h"},   {90 * 60 * SECOND_US, "90m"},
        {90 * SECOND_US, "90s"}, {1500000, "1500ms"},
        {1500001, "1500001us"},  {0, "0d"},
        {-DAY_US, "-1d"},        {INT64_MIN, "-9223372036854775808us"},
    };
    char buffer[DURATION_SIZE];

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        cr_assert_str_eq(duration_format(rows[i].us, buffer), rows[i].text, "%s for %s",
                         buffer, rows[i].text);
}
