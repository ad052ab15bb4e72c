/* The commodities that everybody counts on, with their exact factors, and what holds of
 * every row of the table. */
#include "shortfall/core/commodity.h"

#include <criterion/criterion.h>
#include <string.h>

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

static const struct commodity *must_get(const char *code)
{
    commodity_id id = commodity_find(text_of(code));

    cr_assert(id != COMMODITY_NONE, "%s is in the table", code);
    return commodity_get(id);
}

static bool is_fraction(struct factor f, int64_t num, int64_t den)
{
    return num == 0 ? f.num == 0 : f.num * den == num * f.den;
}

Test(commodity, published_factors_are_exact)
{
    static const struct {
        const char *code;
        enum dimension dimension;
        const char *group;
        int64_t num, den; /* into the group; 0: no group */
        int64_t ei, un;   /* barrels per tonne, in hundredths; 0: not stated */
    } ROWS[] = {
        {"crude_oil", DIMENSION_MASS, "energy", 423, 10, 733, 732},
        {"heavy_fuel_oil", DIMENSION_MASS, "energy", 404, 10, 635, 662},
        {"gas_diesel_oil", DIMENSION_MASS, "energy", 43, 1, 746, 723},
        {"gasoline", DIMENSION_MASS, "energy", 443, 10, 835, 850},
        {"kerosene", DIMENSION_MASS, "energy", 438, 10, 788, 777},
        {"lpg", DIMENSION_MASS, "energy", 473, 10, 1160, 1165},
        {"natural_gas", DIMENSION_MASS, "energy", 48, 1, 0, 0},
        {"anthracite", DIMENSION_MASS, "energy", 267, 10, 0, 0},
        {"coal", DIMENSION_MASS, "energy", 258, 10, 0, 0},
        {"electricity", DIMENSION_ENERGY, "energy", 1, 1, 0, 0},
        {"wheat", DIMENSION_MASS, "food", 1, 1, 0, 0},
        {"maize", DIMENSION_MASS, "food", 1, 1, 0, 0},
        {"barley", DIMENSION_MASS, "food", 1, 1, 0, 0},
        {"cereals", DIMENSION_MASS, "food", 1, 1, 0, 0},
        {"rice", DIMENSION_MASS, "food", 1, 1, 0, 0},
        {"paddy", DIMENSION_MASS, "food", 667, 1000, 0, 0},
        {"wheat_flour", DIMENSION_MASS, "food", 133, 100, 0, 0},
        {"potatoes", DIMENSION_MASS, "food", 1, 4, 0, 0},
        {"soybeans", DIMENSION_MASS, "food", 12, 10, 0, 0},
        {"fertilizer", DIMENSION_MASS, NULL, 0, 1, 0, 0},
        {"steel", DIMENSION_MASS, NULL, 0, 1, 0, 0},
        {"food", DIMENSION_MASS, "food", 1, 1, 0, 0},
        {"energy", DIMENSION_ENERGY, "energy", 1, 1, 0, 0},
        {"peat", DIMENSION_MASS, "energy", 976, 100, 0, 0},
        {"naphtha", DIMENSION_MASS, "energy", 445, 10, 0, 874},
    };

    for (size_t i = 0; i < LEN(ROWS); i++) {
        const struct commodity *c = must_get(ROWS[i].code);
        const char *group = c->group == COMMODITY_NONE ? NULL : commodity_code(c->group);
        cr_assert(c->dimension == ROWS[i].dimension, "%s: dimension", ROWS[i].code);
        cr_assert((group == NULL) == (ROWS[i].group == NULL), "%s: in a group",
                  ROWS[i].code);
        if (group)
            cr_assert_str_eq(group, ROWS[i].group, "%s: group", ROWS[i].code);
        cr_assert(is_fraction(c->to_group, ROWS[i].num, ROWS[i].den),
                  "%s: factor %lld/%lld", ROWS[i].code, (long long)c->to_group.num,
                  (long long)c->to_group.den);
        cr_assert(is_fraction(c->barrels[0], ROWS[i].ei, 100), "%s: ei2021",
                  ROWS[i].code);
        cr_assert(is_fraction(c->barrels[1], ROWS[i].un, 100), "%s: un", ROWS[i].code);
    }
}

Test(commodity, every_row_is_found_and_whole)
{
    cr_assert(commodity_count() >= 60, "a table worth having");
    for (size_t i = 0; i < commodity_count(); i++) {
        commodity_id id = (commodity_id)i;
        const struct commodity *c = commodity_get(id);
        cr_assert(commodity_find(text_of(c->code)) == id, "%s is found", c->code);
        cr_assert_str_eq(commodity_code(id), c->code);
        cr_assert(c->name[0] != '\0' && c->hs != NULL, "%s: name, hs", c->code);
        cr_assert(c->to_group.den > 0, "%s: a factor is a fraction", c->code);
        cr_assert((c->group == COMMODITY_NONE) == (c->to_group.num == 0),
                  "%s: a group needs a factor, a factor a group", c->code);
        if (c->group != COMMODITY_NONE) {
            cr_assert(commodity_is_group(c->group), "%s: its group is one", c->code);
            cr_assert(c->source[0] != '\0', "%s: the factor has a source", c->code);
        }
        for (size_t set = 0; set < FACTOR_SETS_MAX; set++)
            cr_assert(
                c->barrels[set].den > 0 && c->barrels[set].num >= 0 &&
                    (c->barrels[set].num == 0 || factor_set_name((factor_set_id)set)),
                "%s: density of set %zu", c->code, set);
    }
}

Test(commodity, only_food_and_energy_are_groups)
{
    for (size_t i = 0; i < commodity_count(); i++) {
        struct text code = text_of(commodity_code((commodity_id)i));
        cr_assert(commodity_is_group((commodity_id)i) ==
                      (text_is(code, "food") || text_is(code, "energy")),
                  "%s", commodity_code((commodity_id)i));
    }
    cr_assert(!commodity_is_group(COMMODITY_NONE), "none is no group");
    cr_assert(!commodity_is_group(COMMODITY_ANY), "any is no group");
}

Test(commodity, what_is_not_a_code_is_not_found)
{
    static const struct text ROWS[] = {
        {"", 0},
        {"*", 1},
        {"-", 1},
        {"Rice", 4},
        {"rice ", 5},
        {"ric", 3},
        {"rice", 3},
        {"rice\0", 5},
        {"ricerice", 8},
        {"corn", 4},
        {"heavy_fuel_oi", 13},
        {"heavy_xxxx_oil", 14},
        {"heavy_fuel_oil\0", 15},
    };
    static const char LONG[300] = "rice";

    for (size_t i = 0; i < LEN(ROWS); i++)
        cr_assert(commodity_find(ROWS[i]) == COMMODITY_NONE, "row %zu: %s", i,
                  ROWS[i].at);
    cr_assert(commodity_find((struct text){LONG, sizeof(LONG)}) == COMMODITY_NONE,
              "long");
    cr_assert(commodity_find((struct text){LONG, 256 + 4}) == COMMODITY_NONE,
              "a length is not cut to a byte");
    cr_assert_str_eq(commodity_code(COMMODITY_ANY), "*");
    cr_assert_str_eq(commodity_code(COMMODITY_NONE), "-");
}

/* A code is all of its bytes: whatever slot a part of one falls into. */
Test(commodity, a_part_of_a_code_is_another_code_or_none)
{
    for (size_t i = 0; i < commodity_count(); i++) {
        struct text part = text_of(commodity_code((commodity_id)i));
        while (--part.len > 0) {
            commodity_id found = commodity_find(part);
            cr_assert(found == COMMODITY_NONE || text_is(part, commodity_code(found)),
                      "%.*s", TEXT_ARGS(part));
        }
    }
}

Test(commodity, suggests_aliases_then_near_codes)
{
    static const struct {
        const char *written, *meant;
    } ROWS[] = {
        {"maze", "maize"},
        {"Heavy Fuel Oil", "heavy_fuel_oil"},
        {"HEAVY-FUEL-OIL", "heavy_fuel_oil"},
        {"hfo", "heavy_fuel_oil"},
        {"corn", "maize"}, /* an alias, though no code is near */
        {"diesel", "gas_diesel_oil"},
        {"disel", "gas_diesel_oil"}, /* near an alias */
        {"rcie", "rice"},
        {"electrycity", "electricity"},
        {"wwheaat", "wheat"}, /* two edits */
        {"wwheaatt", NULL},   /* three */
        {"qqqqqqqqqq", NULL},
        {"xx", NULL},
        {"", NULL},
    };

    for (size_t i = 0; i < LEN(ROWS); i++) {
        const char *meant = commodity_suggest(text_of(ROWS[i].written));
        if (ROWS[i].meant)
            cr_assert(meant && strcmp(meant, ROWS[i].meant) == 0, "%s: %s",
                      ROWS[i].written, meant ? meant : "nothing");
        else
            cr_assert(meant == NULL, "%s: %s", ROWS[i].written, meant);
    }
}

Test(commodity, factor_sets_have_names)
{
    cr_assert(factor_set_find(TEXT_LITERAL("ei2021")) == FACTOR_SET_DEFAULT, "default");
    cr_assert(factor_set_find(TEXT_LITERAL("un")) == 1, "un");
    cr_assert(factor_set_find(TEXT_LITERAL("UN")) == FACTOR_SET_NONE, "case matters");
    cr_assert(factor_set_find(TEXT_LITERAL("")) == FACTOR_SET_NONE, "empty");
    cr_assert_str_eq(factor_set_name(0), "ei2021");
    cr_assert_str_eq(factor_set_name(1), "un");
    cr_assert(factor_set_name(2) == NULL, "beyond the last");
    cr_assert(factor_set_name(FACTOR_SET_NONE) == NULL, "none");
}

Test(commodity, a_digest_is_of_the_code_alone)
{
    cr_assert(commodity_digest(commodity_find(text_of("rice"))) ==
                  UINT64_C(0xb2525a1ff8991e50),
              "rice");
    cr_assert(commodity_digest(COMMODITY_ANY) == UINT64_C(0xaf63a74c8601927d), "*");
    cr_assert(commodity_digest(COMMODITY_NONE) == UINT64_C(0xaf63a04c86018698), "-");
    for (size_t i = 0; i < commodity_count(); i++)
        for (size_t k = 0; k < i; k++)
            cr_assert(commodity_digest((commodity_id)i) !=
                          commodity_digest((commodity_id)k),
                      "%s and %s", commodity_code((commodity_id)i),
                      commodity_code((commodity_id)k));
}
