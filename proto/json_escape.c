/* The check of \u escapes. Must not decode anything: yajl does. */
#include "json_escape.h"

#include <string.h>

#define UNIT_LEN 6 /* \uXXXX */

static bool is_high(unsigned unit)
{
    return unit >= 0xD800 && unit <= 0xDBFF;
}

static bool is_low(unsigned unit)
{
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

/* The code unit of a \u escape at `at`, or UINT_MAX where there is none. */
static unsigned unit_at(struct text raw, uint32_t at)
{
    static const char digits[] = "0123456789abcdef";
    unsigned unit = 0;

    if (at > raw.len || raw.len - at < UNIT_LEN || memcmp(raw.at + at, "\\u", 2) != 0)
        return (unsigned)-1;
    for (uint32_t i = at + 2; i < at + UNIT_LEN; i++) {
        const char *digit = memchr(digits, raw.at[i] | 0x20, sizeof digits - 1);

        unit = unit * 16 + (digit ? (unsigned)(digit - digits) : 0);
    }
    return unit;
}

const char *json_escape_problem(struct text raw, uint32_t *offset)
{
    uint32_t at = 0;

    while (at < raw.len) {
        unsigned unit = unit_at(raw, at);

        *offset = at;
        if (unit == 0)
            return "\\u0000: NUL has no place in a text";
        if (is_low(unit) || (is_high(unit) && !is_low(unit_at(raw, at + UNIT_LEN))))
            return "half a surrogate pair: \\ud800 to \\udbff and \\udc00 to \\udfff "
                   "go in twos";
        if (is_high(unit))
            at += 2 * UNIT_LEN;
        else
            at += raw.at[at] == '\\' ? 2 : 1;
    }
    return NULL;
}
