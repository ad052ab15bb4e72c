/* Decimals: the grammar, and scaling that is exact to the last unit on both of its paths.
 */
#include "shortfall/core/decimal.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define TEN_DIGITS "1234567890"
#define DIGITS_120                                                                       \
    TEN_DIGITS TEN_DIGITS TEN_DIGITS TEN_DIGITS TEN_DIGITS TEN_DIGITS TEN_DIGITS         \
        TEN_DIGITS TEN_DIGITS TEN_DIGITS TEN_DIGITS TEN_DIGITS
#define DIGITS_128 DIGITS_120 "12345678"
#define NINES_16   "9999999999999999"
#define NINES_128  NINES_16 NINES_16 NINES_16 NINES_16 NINES_16 NINES_16 NINES_16 NINES_16
#define ZEROS_30   "000000000000000000000000000000"
#define TWO_50     INT64_C(1125899906842624)
#define TWO_60     INT64_C(1152921504606846976)

Test(decimal, reads_the_grammar_of_json_numbers_and_nothing_else)
{
    static const struct {
        const char *text;
        enum status st;
    } rows[] = {
        {"0", ST_OK},
        {"-0", ST_OK},
        {"7", ST_OK},
        {"-7.25", ST_OK},
        {"0.5", ST_OK},
        {"1e3", ST_OK},
        {"1E+3", ST_OK},
        {"1.50e-3", ST_OK},
        {"1e007", ST_OK},
        {"", ST_INVALID},
        {"-", ST_INVALID},
        {"+1", ST_INVALID},
        {".5", ST_INVALID},
        {"5.", ST_INVALID},
        {"5.e1", ST_INVALID},
        {"007", ST_INVALID},
        {"-01", ST_INVALID},
        {"00", ST_INVALID},
        {"1e", ST_INVALID},
        {"1e+", ST_INVALID},
        {"1e1.5", ST_INVALID},
        {"1,5", ST_INVALID},
        {"1 000", ST_INVALID},
        {" 1", ST_INVALID},
        {"1 ", ST_INVALID},
        {"1x", ST_INVALID},
        {"--1", ST_INVALID},
        {"0x10", ST_INVALID},
        {"NaN", ST_INVALID},
        {"nan", ST_INVALID},
        {"Infinity", ST_INVALID},
        {"-inf", ST_INVALID},
        {"\xD9\xA1", ST_INVALID}, /* an Arabic digit */
        {"1e400", ST_OK},
        {"1e-400", ST_OK},
        {"1e401", ST_OVERFLOW},
        {"1e-401", ST_OVERFLOW},
        {"1e99999999999999999999", ST_OVERFLOW},
        {"0e401", ST_OVERFLOW},
        {"1e401x", ST_INVALID},
        {DIGITS_128, ST_OK},
        {DIGITS_128 "0", ST_OVERFLOW},
        {DIGITS_128 "9x", ST_INVALID},
        {"0." ZEROS_30 DIGITS_128, ST_OK},
        {DIGITS_120 ".123456789", ST_OVERFLOW},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct decimal d;
        enum status st = decimal_parse(text_of(rows[i].text), &d);

        cr_assert(st == rows[i].st, "\"%s\": %s, expected %s", rows[i].text,
                  status_text(st), status_text(rows[i].st));
    }
}

Test(decimal, keeps_digits_without_leading_zeros)
{
    static const struct {
        const char *text;
        bool negative;
        uint8_t len;
        int16_t scale;
        const char *digits;
    } rows[] = {
        {"0", false, 0, 0, ""},           {"-0.000e7", false, 0, 0, ""},
        {"143.95", false, 5, 2, "14395"}, {"-0.0050", true, 2, 4, "50"},
        {"12e3", false, 2, -3, "12"},     {"1.5e-400", false, 2, 401, "15"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct decimal d;

        cr_assert(decimal_parse(text_of(rows[i].text), &d) == ST_OK, "%s", rows[i].text);
        cr_assert(d.negative == rows[i].negative, "%s: sign", rows[i].text);
        cr_assert(d.len == rows[i].len, "%s: %d digits", rows[i].text, d.len);
        cr_assert(d.scale == rows[i].scale, "%s: scale %d", rows[i].text, d.scale);
        for (size_t j = 0; j < d.len; j++)
            cr_assert(d.digits[j] == rows[i].digits[j] - '0', "%s: digit %zu",
                      rows[i].text, j);
    }
}

Test(decimal, refuses_too_many_decimals_and_leaves_the_output_alone)
{
    static char text[2 + 1025 + 1] = "0.";
    struct decimal d = {.len = 77};

    memset(text + 2, '0', 1025);
    cr_assert(decimal_parse((struct text){text, 2 + 1024}, &d) == ST_OK, "1024 decimals");
    cr_assert(d.len == 0, "zero has no digits, got %d", d.len);
    d.len = 77;
    cr_assert(decimal_parse((struct text){text, 2 + 1025}, &d) == ST_OVERFLOW,
              "1025 decimals");
    cr_assert(decimal_parse(text_of("x"), &d) == ST_INVALID, "not a number");
    cr_assert(d.len == 77, "a failed call wrote to its output");
}

struct scaling {
    const char *text;
    int64_t num, den;
    enum status st;
    int64_t result;
};

/* The results were computed with rational numbers of another language. */
static const struct scaling scalings[] = {
    {"0", 7, 3, ST_OK, 0},
    {"-0", 7, 3, ST_OK, 0},
    {"120000", 1000000, 1, ST_OK, 120000000000},
    {"143.95", 10000, 1, ST_OK, 1439500},
    {"1", 158987294928, 7330, ST_OK, 21689945},
    {"0.333333", 907184740, 1000, ST_OK, 302395},
    {"7", 1, 3, ST_OK, 2},
    {"7", TWO_60, TWO_50 - 1, ST_OK, 7168},
    /* Halves go to the even neighbour, on either side of zero. */
    {"1", 1, 2, ST_OK, 0},
    {"3", 1, 2, ST_OK, 2},
    {"5", 1, 2, ST_OK, 2},
    {"-1", 1, 2, ST_OK, 0},
    {"-2.5", 1, 1, ST_OK, -2},
    {"-3.5", 1, 1, ST_OK, -4},
    {"5e-1", 1, 1, ST_OK, 0},
    {"15e-1", 1, 1, ST_OK, 2},
    {"1", 1, 3, ST_OK, 0},
    {"2", 1, 3, ST_OK, 1},
    {"0.4999999999999999999999999", 1, 1, ST_OK, 0},
    {"2.4999999999999999999999999", 1, 1, ST_OK, 2},
    {"2.5000000000000000000000001", 1, 1, ST_OK, 3},
    {"0.5" ZEROS_30 ZEROS_30, 1, 1, ST_OK, 0},
    {"1.5" ZEROS_30 ZEROS_30, 1, 1, ST_OK, 2},
    {"0.05", 1, 1, ST_OK, 0},
    {"0.0" ZEROS_30 "5", 1, 1, ST_OK, 0},
    {"0.0000000000000000005", INT64_C(1000000000000000000), 1, ST_OK, 0},
    {"0.00000000000000000050000000000000001", INT64_C(1000000000000000000), 1, ST_OK, 1},
    /* The half comes from the remainder of the division, or is broken by it. */
    {"1e20", 1, INT64_C(8000000000000000000), ST_OK, 12},
    {"100000000000000000001", 1, INT64_C(8000000000000000000), ST_OK, 13},
    /* Many digits, far exponents. */
    {DIGITS_128 "e-120", 1, 1, ST_OK, 12345679},
    {DIGITS_128 "e-110", 1, 1, ST_OK, 123456789012345679},
    {"0." DIGITS_128, TWO_60, TWO_50, ST_OK, 126},
    {DIGITS_128 "e-109", 7, 3, ST_OK, 2880658410288065841},
    {DIGITS_128 "e-109", TWO_60 - 1, TWO_50 - 1, ST_OVERFLOW, 0},
    {NINES_128 "e-128", TWO_60, 1, ST_OK, TWO_60},
    {NINES_128 "e-128", INT64_MAX, 1, ST_OK, INT64_MAX},
    {"1e-400", INT64_MAX, 1, ST_OK, 0},
    {"1e400", 1, INT64_MAX, ST_OVERFLOW, 0},
    {"1e18", 9, 1, ST_OK, 9000000000000000000},
    {"1e19", 1, 2, ST_OK, 5000000000000000000},
    {"1e30", 1, 1000000000000, ST_OK, 1000000000000000000},
    {"1e20", 1, 11, ST_OK, 9090909090909090909},
    /* The edges of int64. */
    {"9223372036854775807", 1, 1, ST_OK, INT64_MAX},
    {"9223372036854775807.5", 1, 1, ST_OVERFLOW, 0},
    {"9223372036854775807.4", 1, 1, ST_OK, INT64_MAX},
    {"9223372036854775808", 1, 1, ST_OVERFLOW, 0},
    {"-9223372036854775808", 1, 1, ST_OK, INT64_MIN},
    {"-9223372036854775808.5", 1, 1, ST_OK, INT64_MIN},
    {"-9223372036854775809", 1, 1, ST_OVERFLOW, 0},
    {"18446744073709551615.5", 1, 1, ST_OVERFLOW, 0},
    {"18446744073709551616", 1, 1, ST_OVERFLOW, 0},
    {"4611686018427387904", 2, 1, ST_OVERFLOW, 0},
    {"999999999999999999", INT64_MAX, INT64_MAX, ST_OK, 999999999999999999},
    {"0.999999999999999999", INT64_MAX, INT64_MAX, ST_OK, 1},
};

static void assert_scaling(const struct scaling *row, const char *text, const char *label)
{
    struct decimal d;
    int64_t result = -77;
    enum status st;

    cr_assert(decimal_parse(text_of(text), &d) == ST_OK, "%s: %s", label, text);
    st = decimal_scale(&d, row->num, row->den, &result);
    cr_assert(st == row->st, "%s: %s * %" PRId64 " / %" PRId64 ": %s", label, text,
              row->num, row->den, status_text(st));
    cr_assert(result == (st ? -77 : row->result),
              "%s: %s * %" PRId64 " / %" PRId64 " = %" PRId64, label, text, row->num,
              row->den, result);
}

Test(decimal, scales_exactly_and_rounds_half_to_even)
{
    for (size_t i = 0; i < sizeof(scalings) / sizeof(scalings[0]); i++)
        assert_scaling(&scalings[i], scalings[i].text, "row");
}

/* Trailing zeros change the way the result is found, never the result. */
Test(decimal, gives_the_same_with_trailing_zeros)
{
    for (size_t i = 0; i < sizeof(scalings) / sizeof(scalings[0]); i++) {
        char text[256];

        if (strlen(scalings[i].text) > 40 || strchr(scalings[i].text, 'e'))
            continue;
        (void)snprintf(text, sizeof(text), "%s%s" ZEROS_30, scalings[i].text,
                       strchr(scalings[i].text, '.') ? "" : ".");
        assert_scaling(&scalings[i], text, "with zeros");
    }
}

/* Both ways of finding the result, against each other over many numbers. */
Test(decimal, agrees_with_itself_over_both_ways)
{
    uint64_t state = 42;

    for (int i = 0; i < 20000; i++) {
        char text[64];
        char padded[128];
        struct scaling row = {.st = ST_OK};
        struct decimal d;

        state = state * 6364136223846793005U + 1442695040888963407U;
        row.num = (int64_t)(state >> 33) + 1;
        row.den = (int64_t)(state >> (24 + state % 30) & 0xFFFFF) + 1;
        (void)snprintf(text, sizeof(text), "%s%u.%09u", i % 3 ? "" : "-",
                       (unsigned)(state >> 40 & 0xFFFF),
                       (unsigned)(state >> 7 & 0x3FFFFFF));
        cr_assert(decimal_parse(text_of(text), &d) == ST_OK, "%s", text);
        cr_assert(decimal_scale(&d, row.num, row.den, &row.result) == ST_OK, "%s", text);
        (void)snprintf(padded, sizeof(padded), "%s" ZEROS_30, text);
        assert_scaling(&row, padded, "long way");
    }
}
