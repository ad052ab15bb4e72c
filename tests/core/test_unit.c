/* Units: exact fractions, amounts rounded once and half to even, and reasons that name
 * the units that would do. */
#include "shortfall/core/unit.h"

#include <criterion/criterion.h>
#include <string.h>

#define LEN(array) (sizeof(array) / sizeof((array)[0]))
#define EI         FACTOR_SET_DEFAULT
#define UN         1

static commodity_id commodity(const char *code)
{
    commodity_id id = commodity_find(text_of(code));

    cr_assert(id != COMMODITY_NONE, "%s is in the table", code);
    return id;
}

static enum status convert(const char *number, const char *unit, const char *code,
                           factor_set_id set, int64_t *out, struct why *why)
{
    struct decimal decimal;
    struct qty qty;
    enum status st;

    cr_assert(decimal_parse(text_of(number), &decimal) == ST_OK, "%s is a number",
              number);
    st =
        unit_convert(&decimal, unit_find(text_of(unit)), commodity(code), set, &qty, why);
    if (!st)
        *out = qty_base_units(qty);
    return st;
}

static int64_t common_divisor(int64_t a, int64_t b)
{
    while (b != 0) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

Test(unit, factors_are_exact_and_in_lowest_terms)
{
    static const struct {
        const char *unit, *code;
        int64_t num, den;
    } ROWS[] = {
        {"g", "rice", 1, 1},
        {"kg", "rice", 1000, 1},
        {"t", "rice", 1000000, 1},
        {"kt", "rice", 1000000000, 1},
        {"Mt", "rice", 1000000000000, 1},
        {"lb", "rice", 45359237, 100000},
        {"st", "rice", 45359237, 50},
        {"lt", "rice", 635029318, 625},
        {"kJ", "electricity", 1, 1},
        {"MJ", "electricity", 1000, 1},
        {"GJ", "electricity", 1000000, 1},
        {"TJ", "electricity", 1000000000, 1},
        {"PJ", "electricity", 1000000000000, 1},
        {"kWh", "electricity", 3600, 1},
        {"MWh", "electricity", 3600000, 1},
        {"GWh", "electricity", 3600000000, 1},
        {"TWh", "electricity", 3600000000000, 1},
        {"toe", "energy", 41868000, 1},
        {"ktoe", "energy", 41868000000, 1},
        {"Mtoe", "energy", 41868000000000, 1},
        {"MMBtu", "energy", 1055056, 1},
        {"bbl", "heavy_fuel_oil", 20000000, 127}, /* 10^6 g / 6.35 */
        {"kbbl", "heavy_fuel_oil", 20000000000, 127},
        {"bbl", "lpg", 2500000, 29}, /* 10^6 g / 11.6 */
        /* 10^6 g / (6.35 * 158.987294928 l) */
        {"l", "heavy_fuel_oil", 1250000000000000, 1261961653491},
        {"kl", "heavy_fuel_oil", 1250000000000000000, 1261961653491},
        {"m3", "heavy_fuel_oil", 1250000000000000000, 1261961653491},
    };

    for (size_t i = 0; i < LEN(ROWS); i++) {
        int64_t num, den;
        struct why why;
        unit_id unit = unit_find(text_of(ROWS[i].unit));
        cr_assert(unit != UNIT_NONE, "%s is a unit", ROWS[i].unit);
        cr_assert_str_eq(unit_code(unit), ROWS[i].unit);
        cr_assert(unit_factor(unit, commodity(ROWS[i].code), EI, &num, &den, &why) ==
                      ST_OK,
                  "%s of %s: %s", ROWS[i].unit, ROWS[i].code, why.text);
        cr_assert(num == ROWS[i].num && den == ROWS[i].den, "%s of %s: %lld/%lld",
                  ROWS[i].unit, ROWS[i].code, (long long)num, (long long)den);
    }
}

/* How many sets allow this pair; each factor must be whole and as short as it gets. */
static size_t check_pair(unit_id unit, commodity_id id)
{
    size_t allowed = 0;

    for (factor_set_id set = 0; factor_set_name(set); set++) {
        int64_t num, den;
        if (unit_factor(unit, id, set, &num, &den, NULL))
            continue;
        allowed++;
        cr_assert(num > 0 && den > 0 && den <= (INT64_C(1) << 50) &&
                      common_divisor(num, den) == 1,
                  "%s of %s in %s", unit_code(unit), commodity_code(id),
                  factor_set_name(set));
    }
    return allowed;
}

Test(unit, every_factor_of_the_table_fits)
{
    static const char *const UNITS[] = {
        "g",    "kg",   "t",     "kt",  "Mt",   "lb",  "st",  "lt",  "kJ",
        "MJ",   "GJ",   "TJ",    "PJ",  "kWh",  "MWh", "GWh", "TWh", "toe",
        "ktoe", "Mtoe", "MMBtu", "bbl", "kbbl", "l",   "kl",  "m3"};
    size_t allowed = 0;

    for (size_t u = 0; u < LEN(UNITS); u++) {
        unit_id unit = unit_find(text_of(UNITS[u]));
        cr_assert(unit != UNIT_NONE, "%s is a unit", UNITS[u]);
        for (size_t c = 0; c < commodity_count(); c++)
            allowed += check_pair(unit, (commodity_id)c);
    }
    cr_assert(allowed > 2000, "only %zu pairs", allowed);
}

Test(unit, amounts_are_rounded_once_and_half_to_even)
{
    static const struct {
        const char *number, *unit, *code;
        factor_set_id set;
        int64_t expected;
    } ROWS[] = {
        {"50000", "t", "heavy_fuel_oil", EI, 50000000000},
        {"1e3", "t", "heavy_fuel_oil", EI, 1000000000},
        {"0", "t", "rice", EI, 0},
        {"0.5", "g", "rice", EI, 0},
        {"1.5", "g", "rice", EI, 2},
        {"2.5", "g", "rice", EI, 2},
        {"2.50000000000000000000001", "g", "rice", EI, 3},
        {"0.1", "t", "rice", EI, 100000},
        {"1", "lb", "rice", EI, 454},
        {"100000", "lb", "rice", EI, 45359237},
        {"1", "st", "coal", EI, 907185},
        {"100", "st", "coal", EI, 90718474},
        {"10000", "lt", "coal", EI, 10160469088},
        {"6.35", "bbl", "heavy_fuel_oil", EI, 1000000},
        {"6.62", "bbl", "heavy_fuel_oil", UN, 1000000},
        {"6.62", "bbl", "heavy_fuel_oil", EI, 1042520},
        {"1", "kbbl", "crude_oil", EI, 136425648},
        {"1", "bbl", "naphtha", UN, 114416},
        {"1", "m3", "crude_oil", EI, 858092},
        {"1000", "l", "crude_oil", EI, 858092},
        {"158.987294928", "l", "crude_oil", EI, 136426},
        {"7.008", "TWh", "electricity", EI, 25228800000000},
        {"1", "toe", "energy", EI, 41868000},
        {"1", "MMBtu", "electricity", EI, 1055056},
        {"10000000000000000", "g", "rice", EI, 10000000000000000}, /* at the limit */
        {"10000", "Mt", "rice", EI, 10000000000000000},
        {"10000000000000000.5", "g", "rice", EI, 10000000000000000},
        {"500000", "PJ", "energy", EI, 500000000000000000},
    };

    for (size_t i = 0; i < LEN(ROWS); i++) {
        int64_t got = -1;
        struct why why = {{0}};
        enum status st =
            convert(ROWS[i].number, ROWS[i].unit, ROWS[i].code, ROWS[i].set, &got, &why);
        cr_assert(st == ST_OK && got == ROWS[i].expected, "%s %s of %s: %d, %lld, %s",
                  ROWS[i].number, ROWS[i].unit, ROWS[i].code, (int)st, (long long)got,
                  why.text);
    }
}

Test(unit, refusals_say_what_would_do)
{
    static const struct {
        const char *number, *unit, *code;
        factor_set_id set;
        enum status st;
        const char *says[3];
    } ROWS[] = {
        {"1",
         "TJ",
         "heavy_fuel_oil",
         EI,
         ST_INVALID,
         {"TJ is a unit of energy", "heavy_fuel_oil is counted as mass", "t, g, kg"}},
        {"1", "TJ", "crude_oil", EI, ST_INVALID, {"bbl, kbbl, l, kl, m3", "", ""}},
        {"1",
         "t",
         "electricity",
         EI,
         ST_INVALID,
         {"t is a unit of mass", "electricity is counted as energy", "kWh, MWh"}},
        {"1",
         "bbl",
         "electricity",
         EI,
         ST_INVALID,
         {"unit of volume", "counted as energy", ""}},
        {"1",
         "bbl",
         "coal",
         EI,
         ST_INVALID,
         {"factor set ei2021 has no barrels per tonne of coal", "t, g, kg", ""}},
        {"1", "bbl", "naphtha", EI, ST_INVALID, {"ei2021", "naphtha", ""}},
        {"1", "l", "food", UN, ST_INVALID, {"factor set un", "food", ""}},
        {"1", "none", "rice", EI, ST_INVALID, {"unit", "", ""}},
        {"-1", "t", "rice", EI, ST_INVALID, {"rice", "negative", ""}},
        {"-0.0000001", "g", "rice", EI, ST_INVALID, {"negative", "", ""}},
        {"10000000000000001",
         "g",
         "rice",
         EI,
         ST_OVERFLOW,
         {"rice", "10000000000000000 g", ""}},
        {"10000000000000000.6", "g", "rice", EI, ST_OVERFLOW, {"rice", "", ""}},
        {"500000.000000000001",
         "PJ",
         "energy",
         EI,
         ST_OVERFLOW,
         {"energy", "500000000000000000 kJ", ""}},
        {"1e300", "Mt", "rice", EI, ST_OVERFLOW, {"rice", "", ""}},
    };

    for (size_t i = 0; i < LEN(ROWS); i++) {
        int64_t got = -1;
        struct why why = {{0}};
        enum status st =
            convert(ROWS[i].number, ROWS[i].unit, ROWS[i].code, ROWS[i].set, &got, &why);
        cr_assert(st == ROWS[i].st && got == -1, "%s %s of %s: %d", ROWS[i].number,
                  ROWS[i].unit, ROWS[i].code, (int)st);
        for (size_t k = 0; k < LEN(ROWS[i].says); k++)
            cr_assert(strstr(why.text, ROWS[i].says[k]),
                      "%s %s of %s: \"%s\" not in \"%s\"", ROWS[i].number, ROWS[i].unit,
                      ROWS[i].code, ROWS[i].says[k], why.text);
    }
}

Test(unit, a_refusal_lists_only_what_fits)
{
    struct why why;
    int64_t got;

    cr_assert(convert("1", "bbl", "coal", EI, &got, &why) == ST_INVALID, "no density");
    cr_assert_str_eq(why.text,
                     "bbl is a unit of volume, and factor set ei2021 has no barrels "
                     "per tonne of coal: use one of t, g, kg, kt, Mt, lb, st, lt");
}

Test(unit, a_refusal_leaves_the_outputs_alone)
{
    int64_t num = 7, den = 8;

    cr_assert(unit_factor(unit_find(TEXT_LITERAL("bbl")), commodity("coal"), EI, &num,
                          &den, NULL) == ST_INVALID,
              "no density");
    cr_assert(num == 7 && den == 8, "%lld/%lld", (long long)num, (long long)den);
}

Test(unit, case_matters_and_nothing_else_is_a_unit)
{
    static const struct text ROWS[] = {
        {"", 0},      {"mt", 2},  {"T", 1},  {"MWH", 3},         {"t ", 2},
        {"t\0", 2},   {"\0t", 2}, {"bb", 2}, {"kbblkbbl", 8},    {"kbbl\0\0\0", 7},
        {"tonne", 5}, {"*", 1},   {"-", 1},  {"MMBtuMMBtu", 10},
    };

    for (size_t i = 0; i < LEN(ROWS); i++)
        cr_assert(unit_find(ROWS[i]) == UNIT_NONE, "row %zu: %s", i, ROWS[i].at);
    cr_assert_str_eq(unit_code(UNIT_NONE), "-");
    cr_assert(unit_dimension(unit_find(TEXT_LITERAL("kt"))) == DIMENSION_MASS, "kt");
    cr_assert(unit_dimension(unit_find(TEXT_LITERAL("ktoe"))) == DIMENSION_ENERGY,
              "ktoe");
    cr_assert(unit_dimension(unit_find(TEXT_LITERAL("kbbl"))) == DIMENSION_VOLUME,
              "kbbl");
}

Test(unit, suggests_what_the_writer_may_have_meant)
{
    static const struct {
        const char *written, *meant;
    } ROWS[] = {
        {"MT", "t"}, /* of shipping papers: never a million tonnes */
        {"mt", "t"},        {"tonnes", "t"},      {"tonnnes", "t"}, {"MWH", "MWh"},
        {"mmbtu", "MMBtu"}, {"barels", "bbl"},    {"BBL", "bbl"},   {"toes", "toe"},
        {"kgg", "kg"},      {"short tons", "st"}, {"kW", NULL},     {"foo", NULL},
        {"", NULL},         {"quintal", NULL},
    };

    for (size_t i = 0; i < LEN(ROWS); i++) {
        const char *meant = unit_suggest(text_of(ROWS[i].written));
        if (ROWS[i].meant)
            cr_assert(meant && strcmp(meant, ROWS[i].meant) == 0, "%s: %s",
                      ROWS[i].written, meant ? meant : "nothing");
        else
            cr_assert(meant == NULL, "%s: %s", ROWS[i].written, meant);
    }
}

Test(unit, sizes_are_exact_fractions_of_gram_kilojoule_and_barrel)
{
    static const struct {
        const char *unit;
        int64_t num, den;
    } cases[] = {
        {"t", 1000000, 1},
        {"st", 45359237, 50},
        {"toe", 41868000, 1},
        {"kbbl", 1000, 1},
        {"l", 62500000, INT64_C(9936705933)},
    };
    size_t seen = 0;

    for (size_t i = 0; i < LEN(cases); i++) {
        int64_t num;
        int64_t den;

        unit_size(unit_find(text_of(cases[i].unit)), &num, &den);
        cr_assert(num == cases[i].num && den == cases[i].den, "%s", cases[i].unit);
    }
    while (seen < unit_count() && unit_find(text_of(unit_code((unit_id)seen))) == seen)
        seen++;
    cr_assert(seen == unit_count() && unit_find(text_of("m3")) == seen - 1);
}

Test(unit, every_unit_is_found_and_its_digest_is_its_code)
{
    for (size_t i = 0; i < unit_count(); i++) {
        const char *code = unit_code((unit_id)i);
        uint64_t digest = 0;

        for (size_t k = strlen(code); k > 0; k--)
            digest = digest << 8 | (unsigned char)code[k - 1];
        cr_assert(unit_find(text_of(code)) == (unit_id)i, "%s", code);
        cr_assert(unit_digest((unit_id)i) == digest, "%s", code);
    }
    cr_assert(unit_digest(UNIT_NONE) == '-');
}
