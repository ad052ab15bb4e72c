/* Every code that an event or a rule may name, from the tables of core: there is no
 * second list of them, so the pages of docs/reference cannot say anything else. */
#include "tables.h"

#include "shortfall/core/expr.h"
#include "shortfall/core/place.h"
#include "shortfall/daemons/options.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define DECIMALS 12 /* of a factor; what does not end there is rounded */

static const char *dimension_name(enum dimension dimension)
{
    static const char *const names[] = {[DIMENSION_MASS] = "mass",
                                        [DIMENSION_ENERGY] = "energy",
                                        [DIMENSION_VOLUME] = "volume"};

    return names[dimension];
}

static void put(struct table_row *row, size_t cell, const char *text)
{
    int len = snprintf(row->cells[cell], TABLE_CELL_SIZE, "%s", text);

    assert(len >= 0 && len < TABLE_CELL_SIZE);
}

/* num/den as a decimal without zeros at its end, and a unit behind it; empty for 0. */
static void put_fraction(struct table_row *row, size_t cell, int64_t num, int64_t den,
                         const char *unit)
{
    int128_t scaled;
    char digits[64];
    size_t end;

    put(row, cell, "");
    if (num == 0)
        return;
    scaled = ((int128_t)num * PICO + den / 2) / den;
    (void)snprintf(digits, sizeof digits, "%" PRId64 ".%0*" PRId64,
                   (int64_t)(scaled / PICO), DECIMALS, (int64_t)(scaled % PICO));
    for (end = strlen(digits); digits[end - 1] == '0'; end--)
        digits[end - 1] = '\0';
    if (digits[end - 1] == '.')
        digits[end - 1] = '\0';
    (void)snprintf(row->cells[cell], TABLE_CELL_SIZE, "%s%s%s", digits,
                   unit[0] ? " " : "", unit);
}

static void commodity_row(size_t index, struct table_row *out)
{
    const struct commodity *c = commodity_get((commodity_id)index);

    put(out, 0, c->code);
    put(out, 1, c->name);
    put(out, 2, c->hs);
    put(out, 3, dimension_name(c->dimension));
    put(out, 4, c->group == COMMODITY_NONE ? "" : commodity_code(c->group));
    put_fraction(out, 5, c->group == COMMODITY_NONE ? 0 : c->to_group.num,
                 c->to_group.den, "");
    for (factor_set_id set = 0; set < 2; set++)
        put_fraction(out, 6 + (size_t)set, c->barrels[set].num, c->barrels[set].den, "");
    put(out, 8, c->source == NULL ? "" : c->source);
}

static void unit_row(size_t index, struct table_row *out)
{
    static const char *const bases[] = {
        [DIMENSION_MASS] = "g", [DIMENSION_ENERGY] = "kJ", [DIMENSION_VOLUME] = "bbl"};
    unit_id unit = (unit_id)index;
    int64_t num;
    int64_t den;

    unit_size(unit, &num, &den);
    put(out, 0, unit_code(unit));
    put(out, 1, dimension_name(unit_dimension(unit)));
    put_fraction(out, 2, num, den, bases[unit_dimension(unit)]);
}

static size_t metric_count(void)
{
    return METRIC_COUNT;
}

static void metric_row(size_t index, struct table_row *out)
{
    static const char *const measures[] = {[MEASURE_AMOUNT] = "amount, 20 kt",
                                           [MEASURE_DAYS] = "days, 30",
                                           [MEASURE_RATIO] = "share, 0.5",
                                           [MEASURE_PRICE] = "price, 140 USD/bbl",
                                           [MEASURE_MONEY] = "money, 5000000 USD"};
    enum metric metric = (enum metric)index;

    put(out, 0, metric_usage(metric));
    put(out, 1, measures[metric_measure(metric)]);
    put(out, 2, metric_meaning(metric));
}

static void place_row(size_t index, struct table_row *out)
{
    place_id place = (place_id)index;

    put(out, 0, place_code(place));
    put(out, 1, place_name(place));
    put(out, 2, place_has_balance(place) ? "yes" : "no");
}

static size_t exit_code_count(void)
{
    size_t len;

    (void)exit_codes(&len);
    return len;
}

/* Behind the meaning: the statuses of the program that end with this code. */
static void exit_code_row(size_t index, struct table_row *out)
{
    size_t len;
    const struct exit_code *row = &exit_codes(&len)[index];
    size_t used = 0;

    (void)snprintf(out->cells[0], TABLE_CELL_SIZE, "%d", row->code);
    put(out, 1, row->meaning);
    put(out, 2, "");
    for (enum status st = ST_OK; st < ST_COUNT; st++)
        if (status_exit_code(st) == row->code)
            used += (size_t)snprintf(out->cells[2] + used, TABLE_CELL_SIZE - used, "%s%s",
                                     used > 0 ? ", " : "", status_text(st));
    assert(used < TABLE_CELL_SIZE);
}

static const struct table tables[] = {
    {"commodities",
     "What can be counted. factor: what one base unit (gram, kilojoule) is worth in the "
     "base units of its group: cereal equivalent for food, net calorific value for "
     "energy. barrels_...: barrels per tonne in this factor set; without one, volumes of "
     "the commodity are refused. A source with [R] is recalled: check it before you "
     "quote it.",
     {"code", "name", "hs", "dimension", "group", "factor", "barrels_ei2021",
      "barrels_un", "source"},
     commodity_count,
     commodity_row},
    {"units",
     "Units of quantities. A volume is converted through the barrels per tonne of its "
     "commodity. Upper and lower case matter: Mt is a million tonnes.",
     {"code", "dimension", "is"},
     unit_count,
     unit_row},
    {"metrics",
     "What a rule can compare with a number. A horizon (90d) may be left out and is 90 "
     "days then. none is neither true nor false: test for it with has(METRIC).",
     {"metric", "compared_with", "is"},
     metric_count,
     metric_row},
    {"places",
     "Countries (ISO 3166-1 alpha-3) and registered parties. Only a place with a balance "
     "can be the country of an account.",
     {"code", "name", "balance"},
     place_count,
     place_row},
    {"exit-codes",
     "What the exit code of a command or daemon says to a script.",
     {"code", "meaning", "statuses"},
     exit_code_count,
     exit_code_row},
};

const struct table *table_get(size_t index)
{
    return index < sizeof tables / sizeof tables[0] ? &tables[index] : NULL;
}
