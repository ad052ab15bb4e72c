/* 256-bit comparisons and ratios, at and beyond the edge of 128 bits. */
#include "../../core/wide.h"

#include <criterion/criterion.h>
#include <inttypes.h>

#define INT128_MAX ((int128_t)(~(uint128_t)0 >> 1))
#define INT128_MIN (-INT128_MAX - 1)
#define TWO_64     ((int128_t)1 << 64)
#define TWO_126    ((int128_t)1 << 126)

Test(wide, compares_products_exactly)
{
    const struct {
        int128_t a, b, c, d;
        int result;
    } rows[] = {
        {2, 3, 1, 6, 0},
        {2, 3, 1, 7, -1},
        {2, 4, 1, 7, 1},
        {-2, 3, 2, 3, -1},
        {-2, -3, 2, 3, 0},
        {-2, 3, 1, -7, 1},
        {-2, 3, 1, -5, -1},
        {0, 5, 7, 0, 0},
        {0, -5, 1, 1, -1},
        {0, 5, -1, 1, 1},
        {-1, 1, 0, 9, -1},
        {INT128_MAX, INT128_MAX, INT128_MAX, INT128_MAX, 0},
        {INT128_MAX, INT128_MAX, INT128_MAX, INT128_MAX - 1, 1},
        {INT128_MAX, INT128_MAX, INT128_MIN, INT128_MIN, -1},
        {INT128_MIN, INT128_MIN, INT128_MAX, INT128_MAX, 1},
        {INT128_MIN, INT128_MIN, INT128_MIN, INT128_MIN, 0},
        {INT128_MIN, INT128_MAX, INT128_MAX, INT128_MIN, 0},
        {INT128_MIN, INT128_MAX, INT128_MIN, INT128_MIN, -1},
        {INT128_MIN, 1, INT128_MAX, -1, -1},
        /* (n + 1)(n - 1) = n * n - 1: they differ in the lowest bit alone. */
        {TWO_64 + 1, TWO_64 - 1, TWO_64, TWO_64, -1},
        {TWO_64, TWO_64, TWO_64 + 1, TWO_64 - 1, 1},
        {TWO_126 + 1, TWO_126 - 1, TWO_126, TWO_126, -1},
        /* Carries run through the middle of the product. */
        {TWO_64 - 1, TWO_64 - 1, TWO_126, 4, -1},
        {2 * TWO_64 - 1, 2 * TWO_64 - 1, 4 * TWO_64 - 4, TWO_64, 1},
        {2 * TWO_64 - 1, 2 * TWO_64 - 1, 4 * TWO_64 - 3, TWO_64, -1},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        int result = wide_compare_products(rows[i].a, rows[i].b, rows[i].c, rows[i].d);

        cr_assert(result == rows[i].result, "row %zu: %d", i, result);
        result = wide_compare_products(rows[i].c, rows[i].d, rows[i].a, rows[i].b);
        cr_assert(result == -rows[i].result, "row %zu the other way round: %d", i,
                  result);
        result = wide_compare_products(rows[i].b, rows[i].a, rows[i].d, rows[i].c);
        cr_assert(result == rows[i].result, "row %zu with factors swapped: %d", i,
                  result);
    }
}

/* Where the products fit, the compiler's own arithmetic is the judge. */
Test(wide, agrees_with_plain_products_where_they_fit)
{
    uint64_t state = 7;
    int64_t v[4];

    for (int i = 0; i < 40000; i++) {
        int128_t left;
        int128_t right;

        for (int j = 0; j < 4; j++) {
            state = state * 6364136223846793005U + 1442695040888963407U;
            v[j] = (int64_t)state >> (state >> 59);
        }
        left = (int128_t)v[0] * v[1];
        right = (int128_t)v[2] * v[3];
        cr_assert(wide_compare_products(v[0], v[1], v[2], v[3]) ==
                      (left > right) - (left < right),
                  "%" PRId64 " * %" PRId64 " : %" PRId64 " * %" PRId64, v[0], v[1], v[2],
                  v[3]);
    }
}

Test(wide, gives_ratios_in_millionths_half_to_even)
{
    const struct {
        int128_t num, den;
        int64_t result;
    } rows[] = {
        {0, 1, 0},
        {1, 1, 1000000},
        {1, 3, 333333},
        {2, 3, 666667},
        {-1, 3, -333333},
        {-2, 3, -666667},
        {1, 2000000, 0}, /* a half: to 0 */
        {3, 2000000, 2}, /* one and a half: to 2 */
        {5, 2000000, 2}, /* two and a half: to 2 */
        {-3, 2000000, -2},
        {-5, 2000000, -2},
        {500001, INT64_C(1000000000000), 1},
        {500000, INT64_C(1000000000000), 0},
        {INT128_MAX, INT128_MAX, 1000000},
        {INT128_MIN, INT128_MAX, -1000000},
        {INT128_MAX - 1, INT128_MAX, 1000000},
        {INT128_MAX / 3, INT128_MAX, 333333},
        {INT128_MAX / 3 * 2, INT128_MAX, 666667},
        {INT128_MAX / 2, INT128_MAX, 500000},
        {TWO_126 / 64 * 3, TWO_126 / 64 * 2, 1500000},
        {INT64_MAX, 1000000, INT64_MAX},
        {INT64_MAX - 1, 1000000, INT64_MAX - 1},
        {(int128_t)INT64_MAX + 1, 1000000, INT64_MAX},
        {-(int128_t)INT64_MAX, 1000000, -INT64_MAX},
        {INT64_MIN, 1000000, -INT64_MAX},
        {INT128_MAX, 1, INT64_MAX},
        {INT128_MIN, 1, -INT64_MAX},
        {INT64_MAX, 1, INT64_MAX},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        int64_t result = wide_ratio_millionths(rows[i].num, rows[i].den);

        cr_assert(result == rows[i].result, "row %zu: %" PRId64, i, result);
    }
}

/* The same ratio with both sides made larger by a power of two takes the other way, past
 * 128 bits, and must come out the same, halves included. */
Test(wide, gives_the_same_ratio_beyond_128_bits)
{
    uint64_t state = 11;

    for (int i = 0; i < 20000; i++) {
        int128_t num;
        int128_t den;

        state = state * 6364136223846793005U + 1442695040888963407U;
        den = 2000000 / (1 + (int64_t)(state % 5));
        num = (int64_t)(state >> 40) - (1 << 22);
        cr_assert(wide_ratio_millionths(num, den) ==
                      wide_ratio_millionths(num * ((int128_t)1 << 100),
                                            den * ((int128_t)1 << 100)),
                  "%" PRId64 " / %" PRId64, (int64_t)num, (int64_t)den);
    }
}
