/* The single checks of an event's texts, times and numbers, with the words for what was
 * found and what is allowed. They look at what they are given and at nothing else. */
#include "check.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool check_fail(struct check *c, enum status st, enum event_field field,
                const char *format, ...)
{
    va_list args;

    c->st = st;
    if (!c->problem)
        return false;
    c->problem->field = field;
    va_start(args, format);
    if (vsnprintf(c->problem->text, sizeof(c->problem->text), format, args) < 0)
        c->problem->text[0] = '\0';
    va_end(args);
    return false;
}

bool check_fail_text(struct check *c, enum event_field field, struct text t,
                     const char *wrong)
{
    char quoted[TEXT_QUOTE_SIZE];

    return check_fail(c, ST_INVALID, field, "%s %s", text_quote(t, quoted), wrong);
}

bool check_size(struct check *c, enum event_field field, struct text t, unsigned max)
{
    if (t.len > max)
        return check_fail(c, ST_INVALID, field,
                          "%" PRIu32 " bytes, at most %u are allowed", t.len, max);
    return true;
}

bool check_prose(struct check *c, enum event_field field, struct text t)
{
    if (!check_size(c, field, t, EVENT_NOTE_MAX))
        return false;
    if (!c->recorded && !text_is_printable(t))
        return check_fail_text(
            c, field, t, "is not printable UTF-8: no control characters, no line breaks");
    return true;
}

bool check_name(struct check *c, enum event_field field, struct text t, unsigned max)
{
    if (t.len == 0)
        return check_fail(c, ST_INVALID, field,
                          "missing: 1 to %u bytes of printable UTF-8", max);
    if (!check_size(c, field, t, max))
        return false;
    if (c->recorded)
        return true;
    if (t.at[0] == ' ' || t.at[t.len - 1] == ' ')
        return check_fail_text(c, field, t, "begins or ends with a space");
    if (!text_is_printable(t))
        return check_fail_text(c, field, t,
                               "is not printable UTF-8: no control characters");
    return true;
}

bool check_source(struct check *c, enum event_field field, struct text source)
{
    if (!check_name(c, field, source, EVENT_SOURCE_MAX))
        return false;
    if (!c->recorded && memchr(source.at, '/', source.len))
        return check_fail_text(c, field, source,
                               "holds a '/', which ends the name of a source");
    return true;
}

bool check_time(struct check *c, enum event_field field, int64_t time)
{
    if (time == TIME_NONE)
        return check_fail(c, ST_INVALID, field, "missing: a time is required");
    if (time < TIME_MIN || time > TIME_MAX)
        return check_fail(c, ST_OVERFLOW, field,
                          "%" PRId64 " us since 1970 is outside the years 0001 to 9999",
                          time);
    return true;
}

bool check_time_optional(struct check *c, enum event_field field, int64_t time)
{
    return time == TIME_NONE || check_time(c, field, time);
}

bool check_number_size(struct check *c, enum event_field field, struct text number)
{
    if (number.len == 0)
        return check_fail(c, ST_INVALID, field, "missing: expected a decimal number");
    if (number.len > EVENT_NUMBER_MAX)
        return check_fail(c, ST_OVERFLOW, field,
                          "%" PRIu32 " bytes, at most %d are allowed", number.len,
                          EVENT_NUMBER_MAX);
    return true;
}

bool check_number(struct check *c, enum event_field field, struct text number,
                  struct decimal *out)
{
    enum status st;

    if (!check_number_size(c, field, number))
        return false;
    st = decimal_parse(number, out);
    if (st == ST_OVERFLOW)
        return check_fail(c, st, field,
                          "more than %d digits, or an exponent beyond +-400",
                          DECIMAL_DIGITS_MAX);
    if (st)
        return check_fail_text(c, field, number,
                               "is not a decimal number such as 1250.5");
    return true;
}

bool check_number_not_negative(struct check *c, enum event_field field,
                               struct text number, struct decimal *out)
{
    if (!check_number(c, field, number, out))
        return false;
    if (out->negative)
        return check_fail_text(c, field, number, "is negative: expected zero or more");
    return true;
}

bool check_choice(struct check *c, enum event_field field, unsigned value, unsigned count)
{
    if (value >= count)
        return check_fail(c, ST_INVALID, field, "%u is none of the %u known values",
                          value, count);
    return true;
}
