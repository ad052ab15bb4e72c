/* Decimal numbers as people write them, read digit by digit and never through a double.
 */
#ifndef SHORTFALL_CORE_DECIMAL_H
#define SHORTFALL_CORE_DECIMAL_H

#include "shortfall/core/qty.h"
#include "shortfall/core/status.h"
#include "shortfall/core/text.h"

#define DECIMAL_DIGITS_MAX 128 /* significant digits of one number; more are refused */

/* (-1)^negative * digits * 10^-scale; digits[0..len) are 0 to 9, without leading zeros,
 * len 0 is zero (then neither negative nor scaled). */
struct decimal {
    bool negative;
    uint8_t len;
    int16_t scale;
    uint8_t digits[DECIMAL_DIGITS_MAX];
};

/* Reads the grammar of a JSON number (sign, digits, fraction, exponent within +-400).
 * ST_INVALID for anything else, among it NaN and Infinity; ST_OVERFLOW for more than
 * DECIMAL_DIGITS_MAX digits, more than 1024 decimals or a wilder exponent. */
MUST_USE enum status decimal_parse(struct text text, struct decimal *out);

/* number * num / den as an integer, rounded half to even, exactly. num, den > 0.
 * ST_OVERFLOW when it does not fit an int64. */
MUST_USE enum status decimal_scale(const struct decimal *number, int64_t num, int64_t den,
                                   int64_t *out);

#endif
