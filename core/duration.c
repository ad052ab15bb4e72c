/* Durations as text: a whole number and one suffix. */
#include "shortfall/core/timestamp.h"

#include <inttypes.h>
#include <stdio.h>

#define DURATION_MAX (36525 * DAY_US) /* 100 years */

/* Longest first: a duration is shown with the first suffix that divides it. Weeks stand
 * last, because they are read but never shown: the field counts in days. */
static const struct {
    const char *suffix;
    int64_t us;
} steps[] = {
    {"d", DAY_US}, {"h", HOUR_US}, {"m", 60 * SECOND_US}, {"s", SECOND_US},
    {"ms", 1000},  {"us", 1},      {"w", 7 * DAY_US},
};

#define STEPS_LEN (sizeof(steps) / sizeof(steps[0]))

static enum status fail(struct why *why, enum status st, struct text text,
                        const char *reason)
{
    char quoted[TEXT_QUOTE_SIZE];

    return why_set(why, st, "%s: %s", text_quote(text, quoted), reason);
}

/* Microseconds of one step of that suffix; 0: no such suffix. */
static int64_t step_find(struct text suffix)
{
    for (size_t i = 0; i < STEPS_LEN; i++)
        if (text_is(suffix, steps[i].suffix))
            return steps[i].us;
    return 0;
}

enum status duration_parse(struct text text, int64_t *out, struct why *why)
{
    struct text suffix = text;
    int64_t count = 0;
    int64_t step;

    while (suffix.len > 0 && suffix.at[0] >= '0' && suffix.at[0] <= '9') {
        /* Beyond the limit the count stands still: it is refused below. */
        if (count <= DURATION_MAX)
            count = count * 10 + (suffix.at[0] - '0');
        suffix.at++;
        suffix.len--;
    }
    step = step_find(suffix);
    if (suffix.len == text.len || step == 0)
        return fail(why, ST_INVALID, text, "expected a duration such as 90d, 36h or 2w");
    if (count == 0)
        return fail(why, ST_INVALID, text, "a duration is above zero");
    if (count > DURATION_MAX / step)
        return fail(why, ST_OVERFLOW, text, "a duration is at most 100 years (36525d)");
    *out = count * step;
    return ST_OK;
}

const char *duration_format(int64_t duration, char buffer[DURATION_SIZE])
{
    size_t i = 0;

    while (duration % steps[i].us != 0)
        i++; /* ends at microseconds */
    (void)snprintf(buffer, DURATION_SIZE, "%" PRId64 "%s", duration / steps[i].us,
                   steps[i].suffix);
    return buffer;
}
