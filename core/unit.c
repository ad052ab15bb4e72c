/* Units and the one conversion at the door. Every factor is an exact fraction in lowest
 * terms; nothing is rounded but the result. Energy is never made from mass here: what a
 * tonne of fuel is worth in kilojoules is the business of groups, not of units. */
#include "shortfall/core/unit.h"

#include "codes.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* With the NULs behind it a code is eight bytes: one word. */
#define UNIT_CODE_SIZE 8

/* num/den base units: grams, kilojoules, or barrels for a volume. */
struct unit {
    char code[UNIT_CODE_SIZE];
    enum dimension dimension;
    int64_t num, den;
};

/* Avoirdupois pound of 1959, 453.59237 g; 2,000 of them are a short ton, 907,184.74 g,
 * and 2,240 a long ton, 1,016,046.9088 g. */
#define LB_NUM 45359237
#define LB_DEN 100000
#define ST_NUM 45359237
#define ST_DEN 50
#define LT_NUM 635029318
#define LT_DEN 625

/* Tonne of oil equivalent of the IEA: 10^7 kcal of 4.1868 kJ, 41.868 GJ. */
#define TOE_KJ INT64_C(41868000)

/* A million Btu of 1.055056 kJ (ISO 31-4, 1 Btu rounded to 1,055.056 J). */
#define MMBTU_KJ INT64_C(1055056)

/* A barrel is 42 US gallons of 231 cubic inches, 158.987294928 l. So a litre is
 * 10^9 / 158,987,294,928 barrels; both divided by 16. */
#define LITRE_NUM  INT64_C(62500000)
#define BARREL_DEN INT64_C(9936705933)

#define TONNE_G    INT64_C(1000000)

static const struct unit UNITS[] = {
    {"t", DIMENSION_MASS, TONNE_G, 1},
    {"g", DIMENSION_MASS, 1, 1},
    {"kg", DIMENSION_MASS, 1000, 1},
    {"kt", DIMENSION_MASS, 1000000000, 1},
    {"Mt", DIMENSION_MASS, INT64_C(1000000000000), 1},
    {"lb", DIMENSION_MASS, LB_NUM, LB_DEN},
    {"st", DIMENSION_MASS, ST_NUM, ST_DEN},
    {"lt", DIMENSION_MASS, LT_NUM, LT_DEN},
    {"kJ", DIMENSION_ENERGY, 1, 1},
    {"MJ", DIMENSION_ENERGY, 1000, 1},
    {"GJ", DIMENSION_ENERGY, 1000000, 1},
    {"TJ", DIMENSION_ENERGY, 1000000000, 1},
    {"PJ", DIMENSION_ENERGY, INT64_C(1000000000000), 1},
    {"kWh", DIMENSION_ENERGY, 3600, 1},
    {"MWh", DIMENSION_ENERGY, 3600000, 1},
    {"GWh", DIMENSION_ENERGY, INT64_C(3600000000), 1},
    {"TWh", DIMENSION_ENERGY, INT64_C(3600000000000), 1},
    {"toe", DIMENSION_ENERGY, TOE_KJ, 1},
    {"ktoe", DIMENSION_ENERGY, TOE_KJ * 1000, 1},
    {"Mtoe", DIMENSION_ENERGY, TOE_KJ * 1000000, 1},
    {"MMBtu", DIMENSION_ENERGY, MMBTU_KJ, 1},
    {"bbl", DIMENSION_VOLUME, 1, 1},
    {"kbbl", DIMENSION_VOLUME, 1000, 1},
    {"l", DIMENSION_VOLUME, LITRE_NUM, BARREL_DEN},
    {"kl", DIMENSION_VOLUME, LITRE_NUM * 1000, BARREL_DEN},
    {"m3", DIMENSION_VOLUME, LITRE_NUM * 1000, BARREL_DEN},
};

/* Where the unit with this word stands in UNITS, by the highest six bits of the word
 * times a number that was found by trying: it gives each code a slot of its own (99:
 * empty). Whoever adds a unit tries again; a unit without its slot is not found, and a
 * test says so. */
#define SLOT_FACTOR UINT64_C(0x7e5d933d991ba3cf)

static const unit_id SLOTS[64] = {
    20, 99, 99, 9,  99, 16, 10, 99, 5,  99, 6,  99, 99, 3,  99, 99,
    0,  99, 24, 23, 21, 99, 99, 18, 99, 99, 4,  13, 25, 2,  99, 99,
    11, 99, 12, 19, 99, 99, 99, 99, 14, 99, 15, 99, 99, 7,  99, 99,
    99, 99, 99, 99, 99, 1,  99, 8,  99, 99, 99, 17, 99, 99, 99, 22,
};

/* What people write instead. Looked at before the codes themselves: in shipping papers MT
 * is the metric ton, not a million of them. */
static const struct {
    const char *word, *code;
} ALIASES[] = {
    {"mt", "t"},
    {"ton", "t"},
    {"tons", "t"},
    {"tonne", "t"},
    {"tonnes", "t"},
    {"metric ton", "t"},
    {"metric tons", "t"},
    {"metric tonnes", "t"},
    {"gram", "g"},
    {"grams", "g"},
    {"kilogram", "kg"},
    {"kilograms", "kg"},
    {"kgs", "kg"},
    {"lbs", "lb"},
    {"pound", "lb"},
    {"pounds", "lb"},
    {"short ton", "st"},
    {"short tons", "st"},
    {"long ton", "lt"},
    {"long tons", "lt"},
    {"barrel", "bbl"},
    {"barrels", "bbl"},
    {"bbls", "bbl"},
    {"brl", "bbl"},
    {"mbbl", "kbbl"},
    {"liter", "l"},
    {"liters", "l"},
    {"litre", "l"},
    {"litres", "l"},
    {"cubic metre", "m3"},
    {"cubic metres", "m3"},
    {"cubic meter", "m3"},
    {"cubic meters", "m3"},
    {"cbm", "m3"},
    {"kiloton", "kt"},
    {"kilotonne", "kt"},
    {"kilotonnes", "kt"},
    {"thousand tonnes", "kt"},
};

#define UNITS_LEN   ((unit_id)(sizeof(UNITS) / sizeof(UNITS[0])))
#define ALIASES_LEN ((unsigned)(sizeof(ALIASES) / sizeof(ALIASES[0])))

static_assert(sizeof(UNITS) / sizeof(UNITS[0]) < UNIT_NONE, "the highest id means none");

size_t unit_count(void)
{
    return UNITS_LEN;
}

static uint64_t unit_word(const struct unit *unit)
{
    return code_load8((const unsigned char *)unit->code);
}

unit_id unit_find(struct text code)
{
    uint64_t word = 0;

    /* A NUL at the end would look like padding. */
    if (code.len == 0 || code.len >= UNIT_CODE_SIZE || code.at[code.len - 1] == '\0')
        return UNIT_NONE;
    for (uint32_t i = 0; i < code.len; i++)
        word |= (uint64_t)(unsigned char)code.at[i] << 8 * i;
    unit_id unit = SLOTS[word * SLOT_FACTOR >> 58];
    return unit < UNITS_LEN && unit_word(&UNITS[unit]) == word ? unit : UNIT_NONE;
}

const char *unit_code(unit_id unit)
{
    if (unit == UNIT_NONE)
        return "-";
    assert(unit < UNITS_LEN);
    return UNITS[unit].code;
}

uint64_t unit_digest(unit_id unit)
{
    if (unit == UNIT_NONE)
        return '-';
    assert(unit < UNITS_LEN);
    return unit_word(&UNITS[unit]);
}

enum dimension unit_dimension(unit_id unit)
{
    assert(unit < UNITS_LEN);
    return UNITS[unit].dimension;
}

void unit_size(unit_id unit, int64_t *num, int64_t *den)
{
    assert(unit < UNITS_LEN);
    *num = UNITS[unit].num;
    *den = UNITS[unit].den;
}

const char *unit_suggest(struct text code)
{
    struct code_word words[UNITS_LEN + ALIASES_LEN];
    uint16_t id;

    for (unsigned i = 0; i < ALIASES_LEN; i++) {
        if (codes_alike(text_of(ALIASES[i].word), code))
            return ALIASES[i].code;
        words[UNITS_LEN + i] =
            (struct code_word){ALIASES[i].word, unit_find(text_of(ALIASES[i].code))};
    }
    for (unit_id i = 0; i < UNITS_LEN; i++)
        words[i] = (struct code_word){UNITS[i].code, i};
    id = codes_suggest(words, UNITS_LEN + ALIASES_LEN, UNITS_LEN, code);
    return id == CODE_NONE ? NULL : UNITS[id].code;
}

static const char *dimension_word(enum dimension dimension)
{
    static const char *const WORDS[] = {[DIMENSION_MASS] = "mass",
                                        [DIMENSION_ENERGY] = "energy",
                                        [DIMENSION_VOLUME] = "volume"};

    return WORDS[dimension];
}

/* "t, g, kg": the units in which the commodity can be stated. */
static void units_that_fit(const struct commodity *commodity, factor_set_id set,
                           char *buffer, size_t size)
{
    bool dense = commodity->barrels[set].num != 0;
    size_t len = 0;

    buffer[0] = '\0';
    for (unit_id unit = 0; unit < UNITS_LEN; unit++) {
        const struct unit *u = &UNITS[unit];
        if (u->dimension != commodity->dimension &&
            !(u->dimension == DIMENSION_VOLUME && dense))
            continue;
        int added = snprintf(buffer + len, size - len, "%s%s", len ? ", " : "", u->code);
        assert(added > 0 && (size_t)added < size - len);
        len += (size_t)added;
    }
}

static enum status refuse_dimension(const struct unit *unit,
                                    const struct commodity *commodity, factor_set_id set,
                                    struct why *why)
{
    char fitting[160];

    units_that_fit(commodity, set, fitting, sizeof(fitting));
    if (unit->dimension == DIMENSION_VOLUME && commodity->dimension == DIMENSION_MASS)
        return why_set(
            why, ST_INVALID,
            "%s is a unit of volume, and factor set %s has no barrels per tonne "
            "of %s: use one of %s",
            unit->code, factor_set_name(set), commodity->code, fitting);
    return why_set(why, ST_INVALID,
                   "%s is a unit of %s, and %s is counted as %s: use one of %s",
                   unit->code, dimension_word(unit->dimension), commodity->code,
                   dimension_word(commodity->dimension), fitting);
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

/* One unit of volume in grams: a tonne divided by its barrels, times the unit in barrels.
 * The generator lets no density through with which a product would pass 64 bits. */
static void volume_factor(const struct unit *v, struct factor barrels, int64_t *num,
                          int64_t *den)
{
    int64_t above = 0;
    int64_t below = 0;
    int64_t common;
    bool wide = __builtin_mul_overflow(v->num, TONNE_G * barrels.den, &above);

    wide = __builtin_mul_overflow(v->den, barrels.num, &below) || wide;
    assert(!wide);
    common = common_divisor(above, below);
    *num = above / common;
    *den = below / common;
}

enum status unit_factor(unit_id unit, commodity_id commodity, factor_set_id set,
                        int64_t *num, int64_t *den, struct why *why)
{
    const struct commodity *c = commodity_get(commodity);

    assert(set < FACTOR_SETS_MAX && factor_set_name(set) != NULL);
    if (unit == UNIT_NONE)
        return why_set(why, ST_INVALID, "the unit is not stated");
    assert(unit < UNITS_LEN);
    if (UNITS[unit].dimension == c->dimension) {
        *num = UNITS[unit].num;
        *den = UNITS[unit].den;
        return ST_OK;
    }
    if (UNITS[unit].dimension != DIMENSION_VOLUME || c->barrels[set].num == 0)
        return refuse_dimension(&UNITS[unit], c, set, why);
    volume_factor(&UNITS[unit], c->barrels[set], num, den);
    return ST_OK;
}

static enum status refuse_size(const struct commodity *commodity, struct why *why)
{
    bool mass = commodity->dimension == DIMENSION_MASS;

    return why_set(
        why, ST_OVERFLOW, "more %s than one fact may state: at most %" PRId64 " %s",
        commodity->code, mass ? QTY_MASS_MAX : QTY_ENERGY_MAX, mass ? "g" : "kJ");
}

enum status unit_convert(const struct decimal *number, unit_id unit,
                         commodity_id commodity, factor_set_id set, struct qty *out,
                         struct why *why)
{
    const struct commodity *c = commodity_get(commodity);
    int64_t num = 0;
    int64_t den = 0;
    int64_t amount;
    struct qty q;
    enum status st = unit_factor(unit, commodity, set, &num, &den, why);

    if (st)
        return st;
    if (number->negative)
        return why_set(why, ST_INVALID, "an amount of %s cannot be negative", c->code);
    if (decimal_scale(number, num, den, &amount) || qty_make(amount, c->dimension, &q))
        return refuse_size(c, why);
    *out = q;
    return ST_OK;
}
