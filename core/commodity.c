/* The table of commodities, made from data/commodities.yaml when the program was built.
 * It must never be changed at run time: a replay counts on the same factors as the run.
 */
#include "shortfall/core/commodity.h"

#include "codes.h"

#include <assert.h>

#include "commodity_table.inc"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SETS_LEN     ((factor_set_id)COUNT(FACTOR_SETS))

static_assert(TABLE_SETS_MAX == FACTOR_SETS_MAX,
              "the generator knows as many factor sets");
static_assert(COUNT(COMMODITIES) < COMMODITY_ANY,
              "the highest ids have a meaning of their own");
static_assert(COMMODITY_NONE == CODE_NONE, "codes.c says none as this header does");

size_t commodity_count(void)
{
    return COUNT(COMMODITIES);
}

const struct commodity *commodity_get(commodity_id id)
{
    assert(id < COUNT(COMMODITIES));
    return &COMMODITIES[id];
}

commodity_id commodity_find(struct text code)
{
    return codes_find(COMMODITY_SLOTS, COUNT(COMMODITY_SLOTS), code);
}

const char *commodity_suggest(struct text code)
{
    uint16_t id =
        codes_suggest(COMMODITY_WORDS, COUNT(COMMODITY_WORDS), COUNT(COMMODITIES), code);

    return id == CODE_NONE ? NULL : COMMODITIES[id].code;
}

const char *commodity_code(commodity_id id)
{
    if (id == COMMODITY_ANY)
        return "*";
    return id == COMMODITY_NONE ? "-" : commodity_get(id)->code;
}

uint64_t commodity_digest(commodity_id id)
{
    if (id == COMMODITY_ANY)
        return code_digest("*", 1);
    if (id == COMMODITY_NONE)
        return code_digest("-", 1);
    assert(id < COUNT(COMMODITY_DIGESTS));
    return COMMODITY_DIGESTS[id];
}

bool commodity_is_group(commodity_id id)
{
    return id < COUNT(COMMODITIES) && COMMODITIES[id].group == id;
}

factor_set_id factor_set_find(struct text name)
{
    for (factor_set_id set = 0; set < SETS_LEN; set++) {
        if (text_is(name, FACTOR_SETS[set]))
            return set;
    }
    return FACTOR_SET_NONE;
}

const char *factor_set_name(factor_set_id set)
{
    return set < SETS_LEN ? FACTOR_SETS[set] : NULL;
}
