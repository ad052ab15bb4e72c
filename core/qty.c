/* Amounts: the one place that looks inside a struct qty. Every division says how it
 * rounds, and no sum or product here can wrap. */
#include "shortfall/core/qty.h"

#include <assert.h>

static int64_t dimension_max(enum dimension dimension)
{
    return dimension == DIMENSION_ENERGY ? QTY_ENERGY_MAX : QTY_MASS_MAX;
}

/* n / d, rounded half to even. */
static uint128_t divide_half_even(uint128_t n, uint128_t d)
{
    uint128_t quotient = n / d;
    uint128_t rest = n % d;
    uint128_t missing = d - rest;

    if (rest > missing || (rest == missing && (quotient & 1) == 1))
        quotient++;
    return quotient;
}

enum status qty_make(int64_t base_units, enum dimension dimension, struct qty *out)
{
    if (base_units < 0)
        return ST_INVALID;
    if (base_units > dimension_max(dimension))
        return ST_OVERFLOW;
    out->base_units = base_units;
    return ST_OK;
}

int64_t qty_base_units(struct qty q)
{
    return q.base_units;
}

int128_t qty_pico(struct qty q)
{
    return (int128_t)q.base_units * PICO;
}

enum status qty_scale(struct qty amount, int64_t num, int64_t den,
                      enum dimension dimension, struct qty *out)
{
    uint128_t scaled;

    assert(amount.base_units >= 0 && num > 0 && den > 0);
    /* Two factors below 2^63 each: the product fits. */
    scaled =
        divide_half_even((uint128_t)amount.base_units * (uint128_t)num, (uint128_t)den);
    if (scaled > (uint128_t)dimension_max(dimension))
        return ST_OVERFLOW;
    out->base_units = (int64_t)scaled;
    return ST_OK;
}

struct qty qty_fraction(struct qty amount, int64_t num, int64_t den)
{
    assert(amount.base_units >= 0 && den > 0 && num >= 0 && num <= den);
    return (struct qty){(int64_t)((int128_t)amount.base_units * num / den)};
}

struct qty qty_remainder(struct qty a, struct qty b)
{
    assert(a.base_units >= 0 && b.base_units >= 0);
    return (struct qty){a.base_units > b.base_units ? a.base_units - b.base_units : 0};
}

int64_t pico_round(int128_t pico)
{
    uint128_t size = pico < 0 ? -(uint128_t)pico : (uint128_t)pico;
    uint128_t rounded = divide_half_even(size, (uint128_t)PICO);

    if (rounded > INT64_MAX)
        return pico < 0 ? INT64_MIN : INT64_MAX;
    return pico < 0 ? -(int64_t)rounded : (int64_t)rounded;
}
