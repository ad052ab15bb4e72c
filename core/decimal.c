/* Decimals read from text and scaled to integers, exactly. No number here may ever pass
 * through a floating-point value or depend on a locale. */
#include "shortfall/core/decimal.h"

#include <assert.h>
#include <string.h>

#define EXPONENT_MAX 400
#define FRACTION_MAX 1024 /* digits behind the point, leading zeros among them */
#define INT64_DIGITS 19   /* of the greatest int64 */
#define SMALL_DIGITS 18   /* digits whose number is below 10^18 */

/* The parts of a number's text, still as text. */
struct spelling {
    bool negative;
    struct text whole, fraction;
    int exponent; /* cut just beyond EXPONENT_MAX */
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static char peek(struct text rest)
{
    if (rest.len == 0)
        return '\0';
    return rest.at[0];
}

static void skip(struct text *rest, uint32_t len)
{
    rest->at += len;
    rest->len -= len;
}

static struct text take_digits(struct text *rest)
{
    struct text digits = {rest->at, 0};

    while (digits.len < rest->len && is_digit(rest->at[digits.len]))
        digits.len++;
    skip(rest, digits.len);
    return digits;
}

static enum status take_exponent(struct text *rest, int *exponent)
{
    bool negative;
    struct text digits;
    int value = 0;

    skip(rest, 1); /* e */
    negative = peek(*rest) == '-';
    if (negative || peek(*rest) == '+')
        skip(rest, 1);
    digits = take_digits(rest);
    if (digits.len == 0)
        return ST_INVALID;
    for (uint32_t i = 0; i < digits.len && value <= EXPONENT_MAX; i++)
        value = value * 10 + (digits.at[i] - '0');
    *exponent = negative ? -value : value;
    return ST_OK;
}

/* The grammar of a JSON number and nothing else: no plus sign, no leading zero, a digit
 * on both sides of the point. */
static enum status spelling_read(struct text text, struct spelling *out)
{
    struct spelling s = {.negative = peek(text) == '-'};

    if (s.negative)
        skip(&text, 1);
    s.whole = take_digits(&text);
    if (s.whole.len == 0 || (s.whole.len > 1 && s.whole.at[0] == '0'))
        return ST_INVALID;
    if (peek(text) == '.') {
        skip(&text, 1);
        s.fraction = take_digits(&text);
        if (s.fraction.len == 0)
            return ST_INVALID;
    }
    if ((peek(text) == 'e' || peek(text) == 'E') && take_exponent(&text, &s.exponent))
        return ST_INVALID;
    if (text.len > 0)
        return ST_INVALID;
    *out = s;
    return ST_OK;
}

/* Appends digits, but not leading zeros of the number. */
static enum status digits_append(struct decimal *d, struct text digits)
{
    for (uint32_t i = 0; i < digits.len; i++) {
        if (d->len == 0 && digits.at[i] == '0')
            continue;
        if (d->len == DECIMAL_DIGITS_MAX)
            return ST_OVERFLOW;
        d->digits[d->len++] = (uint8_t)(digits.at[i] - '0');
    }
    return ST_OK;
}

enum status decimal_parse(struct text text, struct decimal *out)
{
    struct spelling s;
    struct decimal d = {0};

    if (spelling_read(text, &s))
        return ST_INVALID;
    if (s.exponent > EXPONENT_MAX || s.exponent < -EXPONENT_MAX)
        return ST_OVERFLOW;
    if (s.fraction.len > FRACTION_MAX)
        return ST_OVERFLOW;
    if (digits_append(&d, s.whole) || digits_append(&d, s.fraction))
        return ST_OVERFLOW;
    if (d.len > 0) {
        d.negative = s.negative;
        d.scale = (int16_t)((int)s.fraction.len - s.exponent);
    }
    *out = d;
    return ST_OK;
}

/* The sign goes on last; the least int64 is one larger in size than the greatest. */
static enum status sign_apply(uint128_t size, bool negative, int64_t *out)
{
    if (size > (uint128_t)INT64_MAX + (negative ? 1 : 0))
        return ST_OVERFLOW;
    *out = negative ? (int64_t) - (int128_t)size : (int64_t)size;
    return ST_OK;
}

static uint64_t power_of_ten(unsigned exponent)
{
    uint64_t power = 1;

    while (exponent-- > 0)
        power *= 10;
    return power;
}

/* At most 18 digits with at most 18 behind the point, as nearly every number has: the
 * products stay below 10^18 * 2^63 < 2^123, so one division does it. */
static bool is_small(const struct decimal *d)
{
    return d->len <= SMALL_DIGITS && d->scale >= 0 && d->scale <= SMALL_DIGITS;
}

static uint128_t scale_small(const struct decimal *d, int64_t num, int64_t den)
{
    uint64_t digits = 0;
    uint128_t product;
    uint128_t divisor = (uint128_t)den * power_of_ten((unsigned)d->scale);
    uint128_t quotient;
    uint128_t rest;

    for (unsigned i = 0; i < d->len; i++)
        digits = digits * 10 + d->digits[i];
    product = (uint128_t)digits * (uint128_t)num;
    quotient = product / divisor;
    rest = product % divisor;
    if (rest > divisor - rest || (rest == divisor - rest && (quotient & 1) == 1))
        quotient++;
    return quotient;
}

/* A whole number as base-10 digits, the most significant first. */
struct digit_row {
    int len;
    uint8_t digits[DECIMAL_DIGITS_MAX + INT64_DIGITS];
};

/* digits * num, filled in from the last place; leading zeros do no harm. */
static void row_multiply(const struct decimal *d, int64_t num, struct digit_row *out)
{
    uint128_t carry = 0;

    out->len = d->len + INT64_DIGITS;
    for (int i = 1; i <= out->len; i++) {
        if (i <= d->len)
            carry += (uint128_t)d->digits[d->len - i] * (uint128_t)num;
        out->digits[out->len - i] = (uint8_t)(carry % 10);
        carry /= 10;
    }
    assert(carry == 0);
}

/* The quotient of a long division as its digits come in, rounded half to even. */
struct quotient {
    uint64_t value;
    int half;  /* the first digit behind the point */
    bool more; /* whether anything but zeros stands behind that one */
};

static enum status quotient_append(struct quotient *q, unsigned digit)
{
    if (q->value > (UINT64_MAX - digit) / 10)
        return ST_OVERFLOW;
    q->value = q->value * 10 + digit;
    return ST_OK;
}

static uint128_t quotient_round(const struct quotient *q)
{
    bool up = q->half > 5 || (q->half == 5 && (q->more || (q->value & 1) == 1));

    return (uint128_t)q->value + (up ? 1 : 0);
}

/* row * 10^-scale / den. Places are counted from the row's first digit; the point stands
 * before place `point`, which may lie before the first digit or far behind the last. */
static enum status row_divide(const struct digit_row *row, int scale, int64_t den,
                              struct quotient *out)
{
    int point = row->len - scale;
    int places = row->len > point + 1 ? row->len : point + 1;
    struct quotient q = {0};
    uint128_t divisor = (uint128_t)den;
    uint128_t rest = 0;

    for (int i = 0; i < places; i++) {
        unsigned digit;

        rest = rest * 10 + (i < row->len ? row->digits[i] : 0);
        digit = (unsigned)(rest / divisor);
        rest = rest % divisor;
        if (i < point) {
            if (quotient_append(&q, digit))
                return ST_OVERFLOW;
        } else if (i == point) {
            q.half = (int)digit;
        } else {
            q.more = q.more || digit > 0;
        }
    }
    q.more = q.more || rest > 0;
    *out = q;
    return ST_OK;
}

enum status decimal_scale(const struct decimal *number, int64_t num, int64_t den,
                          int64_t *out)
{
    struct digit_row row;
    struct quotient q;

    assert(num > 0 && den > 0 && number->len <= DECIMAL_DIGITS_MAX);
    if (is_small(number))
        return sign_apply(scale_small(number, num, den), number->negative, out);
    row_multiply(number, num, &row);
    if (row_divide(&row, number->scale, den, &q))
        return ST_OVERFLOW;
    return sign_apply(quotient_round(&q), number->negative, out);
}
