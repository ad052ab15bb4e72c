/* Times: int64_t microseconds since 1970-01-01T00:00:00Z, UTC, without leap seconds. */
#ifndef SHORTFALL_CORE_TIMESTAMP_H
#define SHORTFALL_CORE_TIMESTAMP_H

#include "shortfall/core/status.h"
#include "shortfall/core/text.h"

#define TIME_NONE      INT64_MIN                   /* not stated */
#define TIME_MIN       INT64_C(-62135596800000000) /* 0001-01-01T00:00:00Z */
#define TIME_MAX       INT64_C(253402300799999999) /* 9999-12-31T23:59:59.999999Z */
#define TIME_END       INT64_MAX /* after every time: a promise of "no more" */

#define SECOND_US      INT64_C(1000000)
#define HOUR_US        INT64_C(3600000000)
#define DAY_US         INT64_C(86400000000)

#define TIMESTAMP_SIZE 28 /* bytes for a formatted time, with the final NUL */

/* Reads a date (midnight UTC) or an RFC 3339 time with `Z` or an offset and at most six
 * decimals of a second. ST_INVALID: another form, a day that does not exist, a leap
 * second; ST_OVERFLOW: a year outside 0001 to 9999. `why` may be NULL. */
MUST_USE enum status timestamp_parse(struct text text, int64_t *out, struct why *why);

/* RFC 3339 in UTC; microseconds only where they are not zero. TIME_NONE gives "-",
 * TIME_END "end", another time outside the range "before 0001" or "after 9999". Returns
 * `buffer`. */
const char *timestamp_format(int64_t time, char buffer[TIMESTAMP_SIZE]);

/* The last start of a year (month 1-12, day 1-31 as it exists in every year; 29 February
 * is not one) at or before `time`. It may lie in the year 0. */
int64_t timestamp_year_start(int64_t time, unsigned month, unsigned day);

/* The start of the year after the one that starts at `start`. */
int64_t timestamp_year_next(int64_t start, unsigned month, unsigned day);

/* A duration such as `90d`, `36h`, `2w` (also `30m`, `10s`, `500ms`, `5us` for options)
 * in microseconds, above zero and at most 100 years. ST_INVALID: another form, or zero;
 * ST_OVERFLOW: longer. */
MUST_USE enum status duration_parse(struct text text, int64_t *out, struct why *why);

#define DURATION_SIZE 24
/* In the longest of d, h, m, s, ms, us that divides it: "90d", "36h". Returns `buffer`.
 */
const char *duration_format(int64_t duration, char buffer[DURATION_SIZE]);

#endif
