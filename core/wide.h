/* Arithmetic whose products pass 128 bits: comparing the slopes and ratios of accounts.
 * Private to core. */
#ifndef SHORTFALL_CORE_WIDE_H
#define SHORTFALL_CORE_WIDE_H

#include "shortfall/core/qty.h"

/* a * b against c * d, exactly, for any values: -1, 0 or 1. */
int wide_compare_products(int128_t a, int128_t b, int128_t c, int128_t d);

/* num / den in millionths, rounded half to even, for any num and any den > 0; cut at
 * +-INT64_MAX, so that INT64_MIN stays free to say "none". */
int64_t wide_ratio_millionths(int128_t num, int128_t den);

#endif
