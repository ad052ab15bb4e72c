/* 256-bit products and ratios of 128-bit positions. Exact, or cut where the header says
 * so: never through a double and never by dropping low bits first. */
#include "wide.h"

#include <assert.h>

#define MILLION      1000000U
#define MILLION_BITS 20 /* MILLION < 2^20 */
#define LOW_HALF     ((uint128_t)UINT64_MAX)

struct wide {
    uint128_t high, low;
};

static uint128_t size_of(int128_t value)
{
    return value < 0 ? -(uint128_t)value : (uint128_t)value;
}

static int sign_of_product(int128_t a, int128_t b)
{
    if (a == 0 || b == 0)
        return 0;
    return (a < 0) == (b < 0) ? 1 : -1;
}

/* School multiplication in halves of 64 bits; `middle` cannot overflow, because
 * (2^64 - 1)^2 + 2 * (2^64 - 1) < 2^128. */
static struct wide wide_multiply(uint128_t a, uint128_t b)
{
    uint128_t a_low = a & LOW_HALF;
    uint128_t a_high = a >> 64;
    uint128_t b_low = b & LOW_HALF;
    uint128_t b_high = b >> 64;
    uint128_t low = a_low * b_low;
    uint128_t cross = a_high * b_low + (low >> 64);
    uint128_t middle = a_low * b_high + (cross & LOW_HALF);

    return (struct wide){
        .high = a_high * b_high + (cross >> 64) + (middle >> 64),
        .low = middle << 64 | (low & LOW_HALF),
    };
}

static int compare(uint128_t a, uint128_t b)
{
    return (a > b) - (a < b);
}

/* The sizes of the two products alone. */
static int compare_sizes(int128_t a, int128_t b, int128_t c, int128_t d)
{
    struct wide left = wide_multiply(size_of(a), size_of(b));
    struct wide right = wide_multiply(size_of(c), size_of(d));

    return left.high != right.high ? compare(left.high, right.high)
                                   : compare(left.low, right.low);
}

int wide_compare_products(int128_t a, int128_t b, int128_t c, int128_t d)
{
    int left = sign_of_product(a, b);
    int right = sign_of_product(c, d);

    if (left != right)
        return left < right ? -1 : 1;
    if (left == 0)
        return 0;
    return left * compare_sizes(a, b, c, d);
}

/* rest * MILLION / den for rest < den, where the product may pass 128 bits: the bits of
 * MILLION come in from the top, and what passes den goes into the quotient at once. */
static uint64_t fraction_in_steps(uint128_t rest, uint128_t den, uint128_t *left)
{
    uint128_t carried = 0;
    uint64_t quotient = 0;

    for (int bit = MILLION_BITS - 1; bit >= 0; bit--) {
        carried *= 2; /* < 2^128, as den < 2^127 */
        quotient *= 2;
        if (carried >= den) {
            carried -= den;
            quotient++;
        }
        if ((MILLION >> bit & 1) == 0)
            continue;
        carried += rest;
        if (carried >= den) {
            carried -= den;
            quotient++;
        }
    }
    *left = carried;
    return quotient;
}

static uint64_t fraction(uint128_t rest, uint128_t den, uint128_t *left)
{
    if (rest > ~(uint128_t)0 / MILLION)
        return fraction_in_steps(rest, den, left);
    *left = rest * MILLION % den;
    return (uint64_t)(rest * MILLION / den);
}

int64_t wide_ratio_millionths(int128_t num, int128_t den)
{
    uint128_t size = size_of(num);
    uint128_t unit = size_of(den);
    uint128_t whole;
    uint128_t left;
    uint128_t result;

    assert(den > 0);
    whole = size / unit;
    if (whole > INT64_MAX / MILLION)
        return num < 0 ? -INT64_MAX : INT64_MAX;
    result = whole * MILLION + fraction(size % unit, unit, &left);
    if (left > unit - left || (left == unit - left && (result & 1) == 1))
        result++;
    if (result > INT64_MAX)
        result = INT64_MAX;
    return num < 0 ? -(int64_t)result : (int64_t)result;
}
