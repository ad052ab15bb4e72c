/* Times as text, and the calendar behind them: the proleptic Gregorian one, in UTC,
 * without leap seconds. Reads no clock and no time zone of the system. */
#include "shortfall/core/timestamp.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#define EPOCH_DAY   INT64_C(719162) /* days from 0001-01-01 to 1970-01-01 */
#define CYCLE_YEARS 400
#define CYCLE_DAYS  146097 /* 400 years hold 97 leap days */
#define MINUTE_US   (60 * SECOND_US)

/* A date as the calendar says it. Years before 1 come out as 0, -1, ... */
struct date {
    int64_t year;
    unsigned month, day;
};

static bool year_is_leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Days of the year that lie before a month begins. */
static unsigned days_before_month(int64_t year, unsigned month)
{
    static const unsigned before[] = {0,   31,  59,  90,  120, 151, 181,
                                      212, 243, 273, 304, 334, 365};

    assert(month >= 1 && month <= 13);
    return before[month - 1] + (month > 2 && year_is_leap(year) ? 1 : 0);
}

static unsigned days_in_month(int64_t year, unsigned month)
{
    return days_before_month(year, month + 1) - days_before_month(year, month);
}

static int64_t floor_divide(int64_t n, int64_t d)
{
    return n / d - (n % d < 0 ? 1 : 0);
}

/* Days from 0001-01-01 to the first day of the year. */
static int64_t days_before_year(int64_t year)
{
    int64_t past = year - 1;

    return past * 365 + floor_divide(past, 4) - floor_divide(past, 100) +
           floor_divide(past, CYCLE_YEARS);
}

static int64_t date_to_us(struct date d)
{
    int64_t days =
        days_before_year(d.year) + days_before_month(d.year, d.month) + d.day - 1;

    return (days - EPOCH_DAY) * DAY_US;
}

/* The year in which a day, counted from 0001-01-01, lies: the mean length of a year gives
 * a guess that is at most one too low. */
static int64_t year_of_day(int64_t day)
{
    int64_t cycle = floor_divide(day, CYCLE_DAYS);
    int64_t year = cycle * CYCLE_YEARS + (day - cycle * CYCLE_DAYS) / 366 + 1;

    while (days_before_year(year + 1) <= day)
        year++;
    return year;
}

static struct date date_of_us(int64_t time)
{
    int64_t day = floor_divide(time, DAY_US) + EPOCH_DAY;
    struct date d = {.year = year_of_day(day), .month = 1};
    unsigned in_year = (unsigned)(day - days_before_year(d.year));

    while (days_before_month(d.year, d.month + 1) <= in_year)
        d.month++;
    d.day = in_year - days_before_month(d.year, d.month) + 1;
    return d;
}

static bool take_char(struct text *rest, char wanted)
{
    if (rest->len == 0 || rest->at[0] != wanted)
        return false;
    rest->at++;
    rest->len--;
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Exactly `digits` digits. */
static bool take_number(struct text *rest, unsigned digits, unsigned *out)
{
    unsigned value = 0;

    if (rest->len < digits)
        return false;
    for (unsigned i = 0; i < digits; i++) {
        if (!is_digit(rest->at[i]))
            return false;
        value = value * 10 + (unsigned)(rest->at[i] - '0');
    }
    rest->at += digits;
    rest->len -= digits;
    *out = value;
    return true;
}

#define FORMS "a date (2008-11-01) or a time with its zone (2008-11-01T06:30:00Z)"

static enum status fail(struct why *why, struct text text, const char *reason)
{
    char quoted[TEXT_QUOTE_SIZE];

    return why_set(why, ST_INVALID, "%s: %s", text_quote(text, quoted), reason);
}

static enum status fail_year(struct why *why, struct text text)
{
    char quoted[TEXT_QUOTE_SIZE];

    return why_set(why, ST_OVERFLOW, "%s: years go from 0001 to 9999",
                   text_quote(text, quoted));
}

/* Whether the text begins as a date does, but with a year of more than four digits. */
static bool year_is_long(struct text text)
{
    uint32_t digits = 0;

    while (digits < text.len && is_digit(text.at[digits]))
        digits++;
    return digits > 4 && digits < text.len && text.at[digits] == '-';
}

static enum status date_read(struct text *rest, struct text text, int64_t *out,
                             struct why *why)
{
    unsigned year;
    struct date d;

    if (year_is_long(text))
        return fail_year(why, text);
    if (!take_number(rest, 4, &year) || !take_char(rest, '-') ||
        !take_number(rest, 2, &d.month) || !take_char(rest, '-') ||
        !take_number(rest, 2, &d.day))
        return fail(why, text, "expected " FORMS);
    d.year = year;
    if (d.month < 1 || d.month > 12 || d.day < 1 ||
        d.day > days_in_month(d.year, d.month))
        return fail(why, text, "there is no such day");
    if (year == 0)
        return fail_year(why, text);
    *out = date_to_us(d);
    return ST_OK;
}

/* The decimals of a second, in microseconds; none is zero. */
static bool take_fraction(struct text *rest, int64_t *out)
{
    int64_t unit = SECOND_US;

    *out = 0;
    if (!take_char(rest, '.'))
        return true;
    while (rest->len > 0 && is_digit(rest->at[0]) && unit > 1) {
        unit /= 10;
        *out += (rest->at[0] - '0') * unit;
        rest->at++;
        rest->len--;
    }
    return unit < SECOND_US;
}

/* `Z`, or the offset of a local time, in microseconds east of UTC. */
static bool take_zone(struct text *rest, int64_t *out)
{
    unsigned hours;
    unsigned minutes;
    bool west;

    *out = 0;
    if (take_char(rest, 'Z') || take_char(rest, 'z'))
        return true;
    west = take_char(rest, '-');
    if (!west && !take_char(rest, '+'))
        return false;
    if (!take_number(rest, 2, &hours) || !take_char(rest, ':') ||
        !take_number(rest, 2, &minutes))
        return false;
    if (hours > 23 || minutes > 59)
        return false;
    *out = (hours * HOUR_US + minutes * MINUTE_US) * (west ? -1 : 1);
    return true;
}

static enum status clock_read(struct text *rest, struct text text, int64_t *out,
                              struct why *why)
{
    unsigned hours;
    unsigned minutes;
    unsigned seconds;
    int64_t fraction;
    int64_t offset;

    if (!take_number(rest, 2, &hours) || !take_char(rest, ':') ||
        !take_number(rest, 2, &minutes) || !take_char(rest, ':') ||
        !take_number(rest, 2, &seconds))
        return fail(why, text, "expected " FORMS);
    if (seconds == 60)
        return fail(why, text, "leap seconds do not exist here; use second 59");
    if (hours > 23 || minutes > 59 || seconds > 59)
        return fail(why, text, "a clock shows 00:00:00 to 23:59:59");
    if (!take_fraction(rest, &fraction) || (rest->len > 0 && is_digit(rest->at[0])))
        return fail(why, text, "a second has one to six decimals");
    if (!take_zone(rest, &offset) || rest->len > 0)
        return fail(why, text, "a time ends with Z or an offset such as +09:00");
    *out =
        hours * HOUR_US + minutes * MINUTE_US + seconds * SECOND_US + fraction - offset;
    return ST_OK;
}

enum status timestamp_parse(struct text text, int64_t *out, struct why *why)
{
    struct text rest = text;
    int64_t midnight = 0;
    int64_t clock = 0;
    enum status st = date_read(&rest, text, &midnight, why);

    if (st)
        return st;
    if (rest.len > 0) {
        if (!take_char(&rest, 'T') && !take_char(&rest, 't'))
            return fail(why, text, "expected " FORMS);
        st = clock_read(&rest, text, &clock, why);
        if (st)
            return st;
    }
    /* An offset can carry the first and the last day over the edge. */
    if (midnight + clock < TIME_MIN || midnight + clock > TIME_MAX)
        return fail_year(why, text);
    *out = midnight + clock;
    return ST_OK;
}

static const char *put(char buffer[TIMESTAMP_SIZE], const char *text)
{
    return text_copy(text_of(text), buffer, TIMESTAMP_SIZE);
}

const char *timestamp_format(int64_t time, char buffer[TIMESTAMP_SIZE])
{
    char long_form[64];
    struct date d;
    int64_t us;
    int len;

    if (time == TIME_NONE)
        return put(buffer, "-");
    if (time == TIME_END)
        return put(buffer, "end");
    if (time < TIME_MIN || time > TIME_MAX)
        return put(buffer, time < 0 ? "before 0001" : "after 9999");
    d = date_of_us(time);
    us = time - floor_divide(time, DAY_US) * DAY_US;
    len = snprintf(long_form, sizeof(long_form),
                   "%04" PRId64 "-%02u-%02uT%02u:%02u:%02u.%06u", d.year, d.month, d.day,
                   (unsigned)(us / HOUR_US), (unsigned)(us / MINUTE_US % 60),
                   (unsigned)(us / SECOND_US % 60), (unsigned)(us % SECOND_US));
    assert(len == TIMESTAMP_SIZE - 2);
    if (us % SECOND_US == 0)
        len -= 7; /* the point and the decimals */
    long_form[len] = 'Z';
    long_form[len + 1] = '\0';
    return put(buffer, long_form);
}

int64_t timestamp_year_start(int64_t time, unsigned month, unsigned day)
{
    struct date start = {.month = month, .day = day};

    assert(month >= 1 && month <= 12 && day >= 1 && day <= days_in_month(1, month));
    assert(time > INT64_MIN / 2 && time < INT64_MAX / 2);
    start.year = date_of_us(time).year;
    if (date_to_us(start) > time)
        start.year--;
    return date_to_us(start);
}

int64_t timestamp_year_next(int64_t start, unsigned month, unsigned day)
{
    struct date next = date_of_us(start);

    assert(start > INT64_MIN / 2 && start < INT64_MAX / 2);
    assert(next.month == month && next.day == day);
    next.year++;
    return date_to_us(next);
}
