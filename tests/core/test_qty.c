/* Amounts: their limits, and which way every division rounds. */
#include "shortfall/core/qty.h"

#include <criterion/criterion.h>
#include <inttypes.h>

static struct qty qty(int64_t base_units)
{
    struct qty q;

    cr_assert(qty_make(base_units, DIMENSION_ENERGY, &q) == ST_OK, "%" PRId64,
              base_units);
    return q;
}

Test(qty, is_made_within_the_limits_of_its_dimension)
{
    static const struct {
        int64_t base_units;
        enum dimension dimension;
        enum status st;
    } rows[] = {
        {0, DIMENSION_MASS, ST_OK},
        {QTY_MASS_MAX, DIMENSION_MASS, ST_OK},
        {QTY_MASS_MAX + 1, DIMENSION_MASS, ST_OVERFLOW},
        {QTY_MASS_MAX + 1, DIMENSION_ENERGY, ST_OK},
        {QTY_ENERGY_MAX, DIMENSION_ENERGY, ST_OK},
        {QTY_ENERGY_MAX + 1, DIMENSION_ENERGY, ST_OVERFLOW},
        {INT64_MAX, DIMENSION_ENERGY, ST_OVERFLOW},
        {-1, DIMENSION_MASS, ST_INVALID},
        {INT64_MIN, DIMENSION_ENERGY, ST_INVALID},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct qty q = {77};
        enum status st = qty_make(rows[i].base_units, rows[i].dimension, &q);

        cr_assert(st == rows[i].st, "row %zu: %s", i, status_text(st));
        cr_assert(qty_base_units(q) == (st ? 77 : rows[i].base_units),
                  "row %zu: %" PRId64, i, qty_base_units(q));
    }
}

Test(qty, has_pico_units_for_accounts)
{
    cr_assert(qty_pico(qty(0)) == 0, "none");
    cr_assert(qty_pico(qty(3)) == (int128_t)3 * PICO, "three");
    cr_assert(qty_pico(qty(QTY_ENERGY_MAX)) / PICO == QTY_ENERGY_MAX, "the greatest");
}

Test(qty, is_scaled_half_to_even)
{
    static const struct {
        int64_t amount, num, den;
        enum dimension dimension;
        enum status st;
        int64_t result;
    } rows[] = {
        {1, 1, 2, DIMENSION_MASS, ST_OK, 0},
        {3, 1, 2, DIMENSION_MASS, ST_OK, 2},
        {5, 1, 2, DIMENSION_MASS, ST_OK, 2},
        {2, 1, 3, DIMENSION_MASS, ST_OK, 1},
        {1, 1, 3, DIMENSION_MASS, ST_OK, 0},
        {0, 7, 3, DIMENSION_MASS, ST_OK, 0},
        {1000000, 404, 10, DIMENSION_ENERGY, ST_OK, 40400000},
        {1500, 667, 1000, DIMENSION_MASS, ST_OK, 1000}, /* 1000.5 */
        {QTY_MASS_MAX, 50, 1, DIMENSION_ENERGY, ST_OK, QTY_ENERGY_MAX},
        {QTY_MASS_MAX, 51, 1, DIMENSION_ENERGY, ST_OVERFLOW, 0},
        {QTY_ENERGY_MAX, INT64_MAX, INT64_MAX, DIMENSION_ENERGY, ST_OK, QTY_ENERGY_MAX},
        {QTY_ENERGY_MAX, INT64_MAX, 1, DIMENSION_ENERGY, ST_OVERFLOW, 0},
        {QTY_MASS_MAX, 1, 1, DIMENSION_MASS, ST_OK, QTY_MASS_MAX},
        {QTY_MASS_MAX + 1, 1, 1, DIMENSION_MASS, ST_OVERFLOW, 0},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct qty q = {0};
        enum status st = qty_scale(qty(rows[i].amount), rows[i].num, rows[i].den,
                                   rows[i].dimension, &q);

        cr_assert(st == rows[i].st, "row %zu: %s", i, status_text(st));
        cr_assert(qty_base_units(q) == rows[i].result, "row %zu: %" PRId64, i,
                  qty_base_units(q));
    }
}

Test(qty, gives_fractions_floored_and_remainders_never_negative)
{
    static const struct {
        int64_t amount, num, den, result;
    } rows[] = {
        {999, 1, 2, 499},
        {999, 0, 1000, 0},
        {999, 1000, 1000, 999},
        {999, 999, 1000, 998},
        {QTY_ENERGY_MAX, INT64_MAX - 1, INT64_MAX, QTY_ENERGY_MAX - 1},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct qty q = qty_fraction(qty(rows[i].amount), rows[i].num, rows[i].den);

        cr_assert(qty_base_units(q) == rows[i].result, "row %zu: %" PRId64, i,
                  qty_base_units(q));
    }
    cr_assert(qty_base_units(qty_remainder(qty(5), qty(3))) == 2, "5 - 3");
    cr_assert(qty_base_units(qty_remainder(qty(3), qty(3))) == 0, "3 - 3");
    cr_assert(qty_base_units(qty_remainder(qty(3), qty(5))) == 0, "3 - 5");
}

Test(qty, rounds_pico_units_half_to_even)
{
    const int128_t half = PICO / 2;
    const struct {
        int128_t pico;
        int64_t result;
    } rows[] = {
        {0, 0},
        {half, 0},
        {half + 1, 1},
        {half - 1, 0},
        {PICO + half, 2},
        {PICO + half - 1, 1},
        {2 * (int128_t)PICO + half, 2},
        {-half, 0},
        {-half - 1, -1},
        {-PICO - half, -2},
        {-2 * (int128_t)PICO - half, -2},
        {(int128_t)INT64_MAX * PICO, INT64_MAX},
        {(int128_t)INT64_MAX * PICO + half, INT64_MAX},
        {((int128_t)INT64_MAX + 7) * PICO, INT64_MAX},
        {(int128_t)INT64_MIN * PICO, INT64_MIN},
        {((int128_t)INT64_MIN - 7) * PICO, INT64_MIN},
        {-((int128_t)INT64_MAX) * PICO, -INT64_MAX},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        cr_assert(pico_round(rows[i].pico) == rows[i].result, "row %zu: %" PRId64, i,
                  pico_round(rows[i].pico));
}
