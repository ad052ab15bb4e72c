/* Commodities, their groups and factors: the table made from data/commodities.yaml when
 * the program is built, so that a replay never depends on a file beside it. */
#ifndef SHORTFALL_CORE_COMMODITY_H
#define SHORTFALL_CORE_COMMODITY_H

#include "shortfall/core/qty.h"
#include "shortfall/core/text.h"

typedef uint16_t commodity_id; /* index into the table */
#define COMMODITY_NONE UINT16_MAX
#define COMMODITY_ANY  (UINT16_MAX - 1) /* `*`: a policy, or a rule for all */

/* A named set of densities: authorities disagree on barrels per tonne. Index into the
 * table of sets; 0 is the default set (Energy Institute 2021). */
typedef uint8_t factor_set_id;
#define FACTOR_SET_DEFAULT 0
#define FACTOR_SET_NONE    UINT8_MAX

struct factor {
    int64_t num, den; /* both > 0; num 0: not stated */
};

#define FACTOR_SETS_MAX 4

struct commodity {
    const char *code;
    const char *name;
    const char *hs;                         /* HS heading(s), "" where none fits */
    enum dimension dimension;               /* mass or energy */
    commodity_id group;                     /* its group; a group is its own; or NONE */
    struct factor to_group;                 /* group base units per base unit */
    struct factor barrels[FACTOR_SETS_MAX]; /* barrels per tonne, by factor set */
    const char *source;                     /* where the factors come from */
};

size_t commodity_count(void);
const struct commodity *commodity_get(commodity_id id);
commodity_id commodity_find(struct text code);   /* COMMODITY_NONE: unknown. Not `*`. */
const char *commodity_suggest(struct text code); /* the nearest code, or NULL */

/* "*" for COMMODITY_ANY, "-" for COMMODITY_NONE. */
const char *commodity_code(commodity_id id);
/* A hash of the code's text: the same wherever the commodity stands in its table. */
uint64_t commodity_digest(commodity_id id);
bool commodity_is_group(commodity_id id);

factor_set_id factor_set_find(struct text name); /* FACTOR_SET_NONE: unknown */
const char *factor_set_name(factor_set_id set);  /* NULL beyond the last */

#endif
