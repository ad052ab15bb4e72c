/* Units of measure and the one conversion, at the door, from a stated number to base
 * units. */
#ifndef SHORTFALL_CORE_UNIT_H
#define SHORTFALL_CORE_UNIT_H

#include "shortfall/core/commodity.h"
#include "shortfall/core/decimal.h"
#include "shortfall/core/qty.h"

typedef uint8_t unit_id; /* index into the table of units; UNIT_NONE: not stated */
#define UNIT_NONE UINT8_MAX

size_t unit_count(void);

/* UNIT_NONE when there is no such unit (case matters: Mt is not mt). */
unit_id unit_find(struct text code);
const char *unit_code(unit_id unit);
/* The code's text as a number: the same wherever the unit stands in its table. */
uint64_t unit_digest(unit_id unit);
enum dimension unit_dimension(unit_id unit);

/* One unit as the fraction num/den of grams, kilojoules or, of a volume, barrels. */
void unit_size(unit_id unit, int64_t *num, int64_t *den);

/* The known unit whose name is nearest, or NULL when none is near. */
const char *unit_suggest(struct text code);

/* One `unit` of `commodity` in the commodity's base units, as the fraction num/den, both
 * > 0. Volume goes through the commodity's barrels per tonne of the factor set.
 * ST_INVALID, with the reason, when the dimensions do not fit or the set has no density.
 */
MUST_USE enum status unit_factor(unit_id unit, commodity_id commodity, factor_set_id set,
                                 int64_t *num, int64_t *den, struct why *why);

/* `number` of `unit` as an amount of `commodity`: one conversion, rounded half to even.
 * ST_INVALID: negative, wrong dimension; ST_OVERFLOW: beyond the largest fact. */
MUST_USE enum status unit_convert(const struct decimal *number, unit_id unit,
                                  commodity_id commodity, factor_set_id set,
                                  struct qty *out, struct why *why);

#endif
