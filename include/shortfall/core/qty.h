/* Amounts of facts: whole grams or kilojoules. Only qty.c looks inside a struct qty. */
#ifndef SHORTFALL_CORE_QTY_H
#define SHORTFALL_CORE_QTY_H

#include "shortfall/core/status.h"
#include "shortfall/core/text.h"

#include <stdint.h>

__extension__ typedef __int128 int128_t;
__extension__ typedef unsigned __int128 uint128_t;

enum dimension { DIMENSION_MASS, DIMENSION_ENERGY, DIMENSION_VOLUME };

/* Grams (mass) or kilojoules (energy), 0 to the maximum of its dimension. */
struct qty {
    int64_t base_units;
};

/* Limits of one fact (semantics: "at most 10^16 g or 5*10^17 kJ"), so that 128 bits of
 * pico-units hold any account. */
#define QTY_MASS_MAX   INT64_C(10000000000000000)
#define QTY_ENERGY_MAX INT64_C(500000000000000000)

#define PICO           INT64_C(1000000000000) /* pico-units in one base unit */

/* ST_OVERFLOW beyond the dimension's maximum, ST_INVALID below zero. */
MUST_USE enum status qty_make(int64_t base_units, enum dimension dimension,
                              struct qty *out);

/* The number of base units, for display and for the wire. */
int64_t qty_base_units(struct qty q);

/* The same amount in pico-units, for positions of an account. */
int128_t qty_pico(struct qty q);

/* amount * num / den, rounded half to even. ST_OVERFLOW when the result does not fit
 * the maximum of `dimension`. num, den > 0. */
MUST_USE enum status qty_scale(struct qty amount, int64_t num, int64_t den,
                               enum dimension dimension, struct qty *out);

/* floor(amount * num / den), 0 <= num <= den, den > 0. */
struct qty qty_fraction(struct qty amount, int64_t num, int64_t den);

/* a - b, at least zero. */
struct qty qty_remainder(struct qty a, struct qty b);

/* Pico-units to whole base units, rounded half to even, cut at the int64 range. */
int64_t pico_round(int128_t pico);

#endif
