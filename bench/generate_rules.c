/* Which rules there are. A rule file has room for 131 bytes each: no words for people. */
#include "generate_rules.h"

#include "generate.h"
#include "measure.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

enum counted { PLAIN, AMOUNT, MONEY };

#define THRESHOLDS 6

/* A comparison with its thresholds, in thousandths; those of amounts in kt. It clears at
 * so many per cent of the threshold; 0: as soon as it does not hold. */
struct form {
    const char *term, *compare, *clear_compare, *hold;
    enum counted counted;
    int clear;
    int64_t thresholds[THRESHOLDS];
};

#define ANY_FORMS   10 /* of every account */
#define PRICE_FORMS 2  /* where one country is enough to watch a market */
#define FORMS       (ANY_FORMS + PRICE_FORMS)

/* Who watches everything wants to hear of what lasts. */
#define LASTING ", for: 14d, keep: 14d"

static const struct form forms[FORMS] = {
    {"stock", "<", ">=", "", AMOUNT, 120, {10000, 20000, 50000, 100000, 150000, 200000}},
    {"days_of_cover",
     "<",
     ">=",
     ", for: 3d",
     PLAIN,
     150,
     {3000, 7000, 14000, 30000, 45000, 60000}},
    {"shortfall(90d)",
     ">",
     "<",
     "",
     AMOUNT,
     80,
     {20000, 50000, 100000, 200000, 300000, 400000}},
    {"shortfall_ratio(90d)",
     ">",
     "<",
     ", for: 3d",
     PLAIN,
     70,
     {100, 200, 300, 500, 700, 900}},
    {"unmet", ">", "", "", AMOUNT, 0, {50000, 100000, 200000, 400000, 800000, 1600000}},
    {"uncovered_deficit",
     ">",
     "<",
     "",
     AMOUNT,
     90,
     {100000, 200000, 400000, 800000, 1200000, 2000000}},
    {"delivery_ratio", "<", "", "", PLAIN, 0, {100, 200, 300, 500, 700, 900}},
    {"overdue",
     ">",
     "",
     ", for: 14d",
     AMOUNT,
     0,
     {50000, 100000, 250000, 500000, 1000000, 2000000}},
    {"age", ">", "", "", PLAIN, 0, {30000, 45000, 60000, 90000, 120000, 180000}},
    {"shortfall(30d)",
     ">",
     "<",
     ", for: 1d",
     AMOUNT,
     80,
     {10000, 30000, 60000, 120000, 200000, 300000}},
    {"price(gulf)",
     ">",
     "<",
     ", for: 1d",
     MONEY,
     90,
     {100000, 300000, 500000, 700000, 900000, 1200000}},
    {"price_change(asia, 30d)",
     ">",
     "<",
     ", for: 3d",
     PLAIN,
     50,
     {100, 150, 200, 300, 400, 500}},
};

static const char *const goods[] = {
    "wheat",    "crude_oil", "rice",        "gas_diesel_oil", "food",       "maize",
    "coal",     "energy",    "electricity", "heavy_fuel_oil", "fertilizer", "barley",
    "kerosene", "soybeans",  "food",        "natural_gas",    "potatoes",   "gasoline",
    "sorghum",  "lpg",       "energy",      "wheat_flour",    "cereals",    "paddy"};
#define GOODS (sizeof goods / sizeof goods[0])

/* A group takes in ten commodities, and a petajoule of fuel is ten of its kilotonnes. */
static const struct {
    const char *code, *amount, *money;
    int tenths;
} scales[] = {{"electricity", " GWh", " USD/MWh", 10},
              {"food", " kt", "", 100},
              {"energy", " PJ", "", 10},
              {"fuels", " PJ", "", 1}, /* all that is counted in energy */
              {"", " kt", " USD/t", 10}};

static bool is_group(const char *commodity)
{
    return strcmp(commodity, "food") == 0 || strcmp(commodity, "energy") == 0;
}

/* The country of that index among those of the log, or among the others. */
static const char *country_of(size_t index, bool here)
{
    place_id list[GENERATE_COUNTRIES];
    size_t seen = 0;
    size_t len = 0;

    for (place_id p = 0; p < place_count() && len < GENERATE_COUNTRIES; p++) {
        if (place_has_balance(p) && (seen++ < GENERATE_COUNTRIES) == here)
            list[len++] = p;
    }
    assert(len > 0);
    return place_code(list[index % len]);
}

/* A number of thousandths, no longer than it must be. */
static void write_number(FILE *out, int64_t thousandths)
{
    int64_t rest = thousandths % 1000;
    int digits = 3;

    (void)fprintf(out, "%" PRId64, thousandths / 1000);
    for (; rest != 0 && rest % 10 == 0; rest /= 10)
        digits--;
    if (rest != 0)
        (void)fprintf(out, ".%0*" PRId64, digits, rest);
}

static void write_condition(FILE *out, const char *key, const struct form *form,
                            const char *compare, int64_t threshold, const char *unit)
{
    /* A comma between arguments would end the value. */
    const char *quote = strchr(form->term, ',') == NULL ? "" : "\"";

    (void)fprintf(out, ", %s: %s%s %s ", key, quote, form->term, compare);
    write_number(out, threshold);
    (void)fprintf(out, "%s%s", unit, quote);
}

/* `counted_as`: a row of the scales. */
static void write_conditions(FILE *out, const struct form *form, size_t level,
                             const char *counted_as, const char *lasting)
{
    size_t s = 0;

    while (scales[s].code[0] != '\0' && strcmp(scales[s].code, counted_as) != 0)
        s++;
    const char *units[] = {
        [PLAIN] = "", [AMOUNT] = scales[s].amount, [MONEY] = scales[s].money};
    const char *unit = units[form->counted];
    int64_t threshold = form->thresholds[level];

    if (form->counted == AMOUNT)
        threshold = threshold * scales[s].tenths / 10;
    write_condition(out, "when", form, form->compare, threshold, unit);
    if (form->clear != 0)
        write_condition(out, "clear", form, form->clear_compare,
                        threshold * form->clear / 100, unit);
    (void)fprintf(out, "%s}\n", lasting);
}

static void write_head(FILE *out, const char *letter, size_t number, const char *country,
                       const char *commodity)
{
    (void)fprintf(out,
                  "  - {alert: %s%zu, uid: %s%zu, for_each: {country: %s, commodity: %s}",
                  letter, number, letter, number, country, commodity);
}

/* Sixty on every account that is counted in mass or of any, 24 on what is counted in
 * energy, fourteen on the prices of all that one country buys, two that join terms. */
static void write_star(FILE *out, size_t i)
{
    static const size_t amounts[] = {0, 2, 4, 5, 7, 9};
    static const char *const joined[] = {
        ", when: price(gulf) > 900 USD/t and days_of_cover < 30" LASTING "}\n",
        ", when: stock < 50 kt and shortfall(90d) > 100 kt" LASTING "}\n"};

    i %= 100;
    bool price = i >= 84 && i < 98;

    write_head(out, "s", i, price ? country_of(i * 12, true) : "\"*\"", "\"*\"");
    if (i < 60)
        write_conditions(out, &forms[i % ANY_FORMS], i / ANY_FORMS, "", LASTING);
    else if (i < 84)
        write_conditions(out, &forms[amounts[i % 6]], 1 + (i - 60) / 6, "fuels", LASTING);
    else if (price)
        write_conditions(out, &forms[ANY_FORMS + i % 2], (i - 84) / 2 % THRESHOLDS, "",
                         LASTING);
    else
        (void)fputs(joined[i - 98], out);
}

/* Three in a row are one figure of one account at three levels; the figure is one of so
 * many forms. */
static void write_named(FILE *out, const char *letter, size_t i, const struct form *form,
                        size_t forms_len)
{
    size_t which = i / 3;
    const char *commodity = goods[(which * 5 + which / forms_len) % GOODS];

    form += which % forms_len;
    if (form >= &forms[ANY_FORMS] && is_group(commodity))
        commodity = "wheat"; /* a group has no price */
    write_head(out, letter, i, country_of(which * 73, letter[0] == 'n'), commodity);
    write_conditions(out, form, which / forms_len % 2 * 3 + i % 3, commodity, form->hold);
}

void generate_rules(const struct rules_wanted *wanted, FILE *out)
{
    (void)fputs("version: 1\ngroups:\n- name: bench\n  rules:\n", out);
    for (size_t i = 0; i < wanted->star; i++)
        write_star(out, i);
    for (size_t i = 0; i < wanted->here; i++)
        write_named(out, "n", i, forms, FORMS);
    for (size_t i = 0; i < wanted->elsewhere; i++)
        write_named(out, "o", i, forms, ANY_FORMS);
    for (size_t i = 0; i < wanted->markets; i++)
        write_named(out, "m", i, &forms[ANY_FORMS], PRICE_FORMS);
}
