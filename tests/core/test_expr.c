/* Rule expressions: how they are read, what is said of wrong ones, and the checks of a
 * rule that need a commodity or a second expression. */
#include "shortfall/core/expr.h"

#include "shortfall/core/decimal.h"
#include "shortfall/core/timestamp.h"

#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const op_names[] = {"and", "or", "not", "has", "compare"};
static const char *const signs[] = {"<", "<=", ">", ">="};

static void put_number(char *out, size_t size, const struct decimal *number)
{
    size_t len = 0;

    out[0] = '\0';
    if (number->negative)
        len += (size_t)snprintf(out, size, "-");
    for (uint8_t i = 0; i < number->len; i++)
        len += (size_t)snprintf(out + len, size - len, "%u", number->digits[i]);
    (void)snprintf(out + len, size - len, "e%d", -number->scale);
}

/* "0 stock < 5e0 kt|1 has(price(brent))|2 or 0 1": each node on its own. */
static void describe(const struct expr *expr, char *out, size_t size)
{
    size_t len = 0;

    out[0] = '\0';
    for (uint8_t i = 0; i < expr->len; i++) {
        const struct expr_node *node = &expr->nodes[i];
        char term[TERM_SIZE];
        char number[DECIMAL_DIGITS_MAX + 16];
        const char *bar = i > 0 ? "|" : "";

        if (node->op == EXPR_HAS) {
            len += (size_t)snprintf(out + len, size - len, "%shas(%s)", bar,
                                    term_format(&node->term, term));
            continue;
        }
        if (node->op != EXPR_COMPARE) {
            len += (size_t)snprintf(out + len, size - len, "%s%s %u", bar,
                                    op_names[node->op], node->left);
            if (node->op != EXPR_NOT)
                len += (size_t)snprintf(out + len, size - len, " %u", node->right);
            continue;
        }
        put_number(number, sizeof(number), &node->threshold.number);
        bool has_unit = node->threshold.unit != UNIT_NONE;
        len += (size_t)snprintf(out + len, size - len, "%s%s %s %s %s%s%s", bar,
                                term_format(&node->term, term), signs[node->comparison],
                                number, node->term.currency,
                                node->term.currency[0] && has_unit ? "/" : "",
                                has_unit ? unit_code(node->threshold.unit) : "");
    }
}

Test(expr, reads_comparisons_with_the_usual_precedence)
{
    static const struct {
        const char *text, *expected;
    } rows[] = {
        {"stock < 5 kt", "stock < 5e0 kt"},
        {"  stock\t<\n5   kt ", "stock < 5e0 kt"},
        {"stock<5kt", "stock < 5e0 kt"},
        {"unmet <= 1.5e3 t", "unmet <= 15e2 t"},
        {"overdue > 1 bbl", "overdue > 1e0 bbl"},
        {"uncovered_deficit >= 0 TJ", "uncovered_deficit >= e0 TJ"},
        {"days_of_cover < 30", "days_of_cover < 30e0 "},
        {"age > 45.5", "age > 455e-1 "},
        {"delivery_ratio < 0.5", "delivery_ratio < 5e-1 "},
        {"shortfall > 1 t", "shortfall(90d) > 1e0 t"},
        {"shortfall(2w) > 1 t", "shortfall(14d) > 1e0 t"},
        {"shortfall_ratio ( 36h ) > 1", "shortfall_ratio(36h) > 1e0 "},
        {"price(brent) > 140 USD/bbl", "price(brent) > 140e0 USD/bbl"},
        {"price(brent) < -3 EUR / t", "price(brent) < -3e0 EUR/t"},
        {"price(\"Dubai, spot\") > 1 USD/t", "price(\"Dubai, spot\") > 1e0 USD/t"},
        {"price_change(nw-europe, 30d) <= -0.2",
         "price_change(nw-europe, 30d) <= -2e-1 "},
        {"cost_to_cover(brent) > 1000000 USD",
         "cost_to_cover(brent, 90d) > 1000000e0 USD"},
        {"cost_to_cover(brent, 30d) > 1 USD", "cost_to_cover(brent, 30d) > 1e0 USD"},
        {"has(stock)", "has(stock)"},
        {"has(price(brent)) and not has(age)",
         "has(price(brent))|has(age)|not 1|and 0 2"},
        {"has(age) or has(stock) and has(unmet)",
         "has(age)|has(stock)|has(unmet)|and 1 2|or 0 3"},
        {"(has(age) or has(stock)) and has(unmet)",
         "has(age)|has(stock)|or 0 1|has(unmet)|and 2 3"},
        {"has(age) and has(stock) and has(unmet)",
         "has(age)|has(stock)|and 0 1|has(unmet)|and 2 3"},
        {"not not (has(age))", "has(age)|not 0|not 1"},
        {"not has(age) or has(stock)", "has(age)|not 0|has(stock)|or 1 2"},
        {"not (has(age) or has(stock))", "has(age)|has(stock)|or 0 1|not 2"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct expr expr;
        struct expr_error error;
        char text[1024];
        enum status st = expr_parse(text_of(rows[i].text), &expr, &error);

        cr_assert(st == ST_OK, "%s: %s", rows[i].text, error.text);
        describe(&expr, text, sizeof(text));
        cr_assert_str_eq(text, rows[i].expected, "%s: %s", rows[i].text, text);
    }
}

Test(expr, says_where_and_what_is_wrong)
{
    static const struct {
        const char *text;
        uint32_t offset;
        const char *expected;
    } rows[] = {
        {"", 0,
         "the expression is empty: write a comparison such as \"days_of_cover < 30\""},
        {"stok < 5 kt", 0, "unknown metric \"stok\" (did you mean \"stock\"?)"},
        {"has(stok)", 4, "unknown metric \"stok\" (did you mean \"stock\"?)"},
        {"zzzzzzzz < 5", 0, "unknown metric \"zzzzzzzz\""},
        {"stock < 5 kT", 10, "unknown unit \"kT\" (did you mean \"kt\"?)"},
        {"stock < 5", 8,
         "\"stock\" is an amount: its number needs a unit such as t, kt or TJ"},
        {"stock < 5 and age > 1", 8,
         "\"stock\" is an amount: its number needs a unit such as t, kt or TJ"},
        {"stock < -5 kt", 8, "\"stock\" is never negative"},
        {"stock < .5 kt", 8, "\".5\" is not a decimal number such as 30 or 0.5"},
        {"stock < 1.2.3 kt", 8, "\"1.2.3\" is not a decimal number such as 30 or 0.5"},
        {"stock < 1,000 kt", 8,
         "\"stock\" is an amount: its number needs a unit such as t, kt or TJ"},
        {"age < 1e99", 6, "\"1e99\" is too large or too long a number"},
        {"stock < kt", 8, "expected a number, found \"kt\""},
        {"stock = 5 kt", 6, "expected a comparison (<, <=, >, >=), found \"=\""},
        {"stock", 5, "expected a comparison (<, <=, >, >=), found the end"},
        {"stock(90d) < 5 kt", 6, "\"stock\" takes no argument"},
        {"shortfall(90d, 30d) < 5 kt", 15, "\"shortfall\" takes no argument"},
        {"price(a, b) < 5 USD/t", 9, "\"price\" takes no more arguments"},
        {"shortfall(90) < 5 kt", 10, "\"90\" is not a duration such as 90d, 36h or 2w"},
        {"shortfall() < 5 kt", 10, "an argument is missing: write shortfall(90d)"},
        {"price > 140 USD/bbl", 0, "\"price\" needs its arguments: write price(market)"},
        {"price(brent > 140 USD/bbl", 12, "expected \")\" or \",\", found \">\""},
        {"price(\"brent) > 140 USD/bbl", 6, "the closing quote is missing"},
        {"price(brent) > 140", 15,
         "\"price\" needs a currency and a unit such as USD/bbl"},
        {"price(brent) > 140 USD", 22, "a price is per unit: write USD/t or USD/bbl"},
        {"price(brent) > 140 usd/bbl", 19,
         "\"usd\" is not a currency: three capital letters such as USD"},
        {"price(brent) > 140 USD/bbbl", 23,
         "unknown unit \"bbbl\" (did you mean \"bbl\"?)"},
        {"price(brent) > 140 USD/ and", 24,
         "expected a unit such as t or bbl after \"/\", found \"and\""},
        {"price(abcdefghijklmnopqrstuvwxyz0123456) > 1 USD/t", 6,
         "a market's name has at most 32 bytes"},
        {"price_change(brent) > 0.1", 0,
         "\"price_change\" needs its arguments: write price_change(market, 30d)"},
        {"cost_to_cover(brent) > 5", 23,
         "\"cost_to_cover\" is money: its number needs a currency such as USD"},
        {"cost_to_cover(brent) > -5 USD", 23, "\"cost_to_cover\" is never negative"},
        {"days_of_cover < 30 d", 19,
         "\"days_of_cover\" takes a bare number of days, without a unit"},
        {"days_of_cover < 30d", 18,
         "\"days_of_cover\" takes a bare number of days, without a unit"},
        {"delivery_ratio < 50%", 19,
         "\"%\" is not a unit: write a bare number, 0.25 for a quarter"},
        {"delivery_ratio < 0.5 kt", 21,
         "\"delivery_ratio\" takes a bare number, without a unit"},
        {"30 > days_of_cover", 0, "the metric stands first: write days_of_cover < 30"},
        {"age > 1 and", 11, "expected a metric, found the end"},
        {"age > 1 or or age > 2", 11, "expected a metric, found \"or\""},
        {"age > 1 && age > 2", 8, "expected \"and\", \"or\" or the end, found \"&\""},
        {"age > 1 age > 2", 8, "\"age\" takes a bare number of days, without a unit"},
        {"(age > 1", 0, "\"(\" is never closed"},
        {"age > 1 and (age > 2 or (age > 3)", 12, "\"(\" is never closed"},
        {"age > 1)", 7, "\")\" closes nothing"},
        {"has stock", 4, "expected \"(\" after has, found \"stock\""},
        {"has(stock < 5 kt)", 10, "expected \")\" after the metric of has, found \"<\""},
        {"has()", 4, "expected a metric, found \")\""},
        {"age > 1 \x01", 8,
         "expected \"and\", \"or\" or the end, found an unprintable character"},
        {"age > 1 \xE2\x82\xAC", 8,
         "expected \"and\", \"or\" or the end, found \"\xE2\x82\xAC\""},
        {"age > 1 \xE2", 8,
         "expected \"and\", \"or\" or the end, found an unprintable character"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct expr expr = {.len = 77};
        struct expr_error error = {0};
        enum status st = expr_parse(text_of(rows[i].text), &expr, &error);

        cr_assert(st == ST_INVALID, "%s: %s", rows[i].text, status_text(st));
        cr_assert_str_eq(error.text, rows[i].expected, "%s: %s", rows[i].text,
                         error.text);
        cr_assert(error.offset == rows[i].offset, "%s: offset %u", rows[i].text,
                  error.offset);
        cr_assert(expr.len == 77, "%s: the output was touched", rows[i].text);
    }
}

Test(expr, remembers_where_comparison_and_threshold_stand)
{
    struct expr expr;
    struct expr_error error;

    cr_assert(!expr_parse(text_of("age > 1 and stock < 5 kt"), &expr, &error));
    cr_assert(expr.nodes[0].offset == 0 && expr.nodes[0].threshold_offset == 6, "age");
    cr_assert(expr.nodes[1].offset == 12 && expr.nodes[1].threshold_offset == 20,
              "stock");
    cr_assert(expr.nodes[2].offset == 8, "and");
}

/* `count` comparisons joined by "and": 2 * count - 1 nodes. */
static struct text chain(char *buffer, size_t size, unsigned count)
{
    size_t len = 0;

    for (unsigned i = 0; i < count; i++)
        len += (size_t)snprintf(buffer + len, size - len, "%sage>1", i ? " and " : "");
    return (struct text){buffer, (uint32_t)len};
}

Test(expr, has_a_limit_of_nodes_and_of_nesting)
{
    char buffer[4096];
    struct expr expr;
    struct expr_error error;

    cr_assert(expr_parse(chain(buffer, sizeof(buffer), 32), &expr, &error) == ST_OK,
              "32");
    cr_assert(expr.len == 63, "32 comparisons are 63 nodes");
    cr_assert(expr_parse(chain(buffer, sizeof(buffer), 33), &expr, &error) == ST_FULL,
              "33");

    for (unsigned depth = 64; depth <= 65; depth++) {
        (void)snprintf(
            buffer, sizeof(buffer), "%.*sage>1%.*s", (int)depth,
            "((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((",
            (int)depth,
            "))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))");
        enum status st = expr_parse(text_of(buffer), &expr, &error);
        cr_assert(st == (depth == 64 ? ST_OK : ST_FULL), "depth %u: %s", depth,
                  status_text(st));
    }
}

Test(expr, never_reads_beyond_its_text)
{
    const char *whole =
        "not has(price(\"a\")) and price_change(b, 30d) >= -1.5e2 or stock<5kt";
    struct expr expr;
    struct expr_error error;
    size_t whole_len = strlen(whole);

    /* Each prefix in a block of its own size, where a sanitizer sees the next byte. */
    for (size_t len = 0; len <= whole_len; len++) {
        char *copy = malloc(len > 0 ? len : 1);
        memcpy(copy, whole, len);
        struct text text = {copy, (uint32_t)len};
        enum status st = expr_parse(text, &expr, &error);
        cr_assert(st == ST_OK || st == ST_INVALID, "%zu bytes", len);
        cr_assert(st == ST_OK || error.offset <= len, "%zu bytes: offset", len);
        free(copy);
    }
}

Test(expr, thresholds_must_fit_the_commodity)
{
    static const struct {
        const char *text, *commodity, *expected; /* NULL: fits */
        uint32_t offset;
    } rows[] = {
        {"stock < 5 kt", "wheat", NULL, 0},
        {"stock < 5 TJ", "wheat",
         "\"TJ\" cannot measure wheat, which is counted in mass (t, kt)", 8},
        {"stock < 5 TJ", "electricity", NULL, 0},
        {"stock < 5 kt", "electricity",
         "\"kt\" cannot measure electricity, which is counted in energy (GJ, TJ)", 8},
        {"age > 1 or stock < 5 kt", "energy",
         "\"kt\" cannot measure energy, which is counted in energy (GJ, TJ)", 19},
        {"stock < 5 bbl", "crude_oil", NULL, 0},
        {"stock < 5 bbl", "wheat",
         "\"bbl\" cannot measure wheat: its barrels per tonne are not known", 8},
        {"price(brent) > 140 USD/bbl", "crude_oil", NULL, 0},
        {"price(hub) > 3 USD/MMBtu", "natural_gas", NULL, 0},
        {"price(spot) > 140 USD/MWh", "wheat",
         "\"MWh\" cannot measure wheat, which is counted in mass (t, kt)", 14},
        {"stock < 5 MMBtu", "natural_gas",
         "\"MMBtu\" cannot measure natural_gas, which is counted in mass (t, kt)", 8},
        {"cost_to_cover(brent) > 140 USD", "electricity", NULL, 0},
        {"days_of_cover < 5 and has(stock)", "electricity", NULL, 0},
        {"stock < 10000000 kt", "wheat", NULL, 0},
        {"stock < 10000000.001 kt", "wheat",
         "more than the largest amount that can be stated", 8},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct expr expr;
        struct expr_error error = {0};

        cr_assert(!expr_parse(text_of(rows[i].text), &expr, &error), "%s", error.text);
        commodity_id id = commodity_find(text_of(rows[i].commodity));
        enum status st = expr_check_commodity(&expr, id, &error);
        cr_assert(st == (rows[i].expected ? ST_INVALID : ST_OK), "%s of %s: %s",
                  rows[i].text, rows[i].commodity, error.text);
        if (!rows[i].expected)
            continue;
        cr_assert_str_eq(error.text, rows[i].expected, "%s: %s", rows[i].text,
                         error.text);
        cr_assert(error.offset == rows[i].offset, "%s: offset %u", rows[i].text,
                  error.offset);
    }
}

Test(expr, finds_a_clear_that_overlaps_its_when)
{
    static const struct {
        const char *when, *clear;
        bool overlaps;
    } rows[] = {
        {"days_of_cover < 30", "days_of_cover >= 45", false},
        {"days_of_cover < 30", "days_of_cover >= 30", false},
        {"days_of_cover <= 30", "days_of_cover > 30", false},
        {"days_of_cover <= 30", "days_of_cover >= 30", true},
        {"days_of_cover < 30", "days_of_cover >= 29.999", true},
        {"days_of_cover < 30", "days_of_cover < 45", true},
        {"days_of_cover >= 45", "days_of_cover < 30", false},
        {"days_of_cover > 45", "days_of_cover < 45.0", false},
        {"days_of_cover > 45", "days_of_cover < 45.0000000000000000000000001", true},
        {"days_of_cover > 1e2", "days_of_cover < 100.0", false},
        {"days_of_cover > 0", "days_of_cover <= 0", false},
        {"days_of_cover >= 0", "days_of_cover <= 0.0", true},
        {"stock > 1 kt", "stock < 1000 t", false},
        {"stock > 1 kt", "stock < 1000.000001 t", true},
        {"stock >= 1 kt", "stock <= 1000 t", true},
        {"stock < 1 TJ", "stock > 999.999 GJ", true},
        {"stock < 1 TJ", "stock > 1000 GJ", false},
        {"stock < 1 toe", "stock > 41868000 kJ", false},
        {"stock < 1 bbl", "stock > 158.987294928 l", false},
        {"stock < 1 bbl", "stock > 158.987294927 l", true},
        {"stock < 1 bbl", "stock > 1 t", false}, /* nobody knows without a commodity */
        {"stock > 1 kt", "unmet < 2 kt", false}, /* another metric */
        {"shortfall(30d) > 1 kt", "shortfall < 2 kt", false}, /* another horizon */
        {"shortfall(90d) > 1 kt", "shortfall < 2 kt", true},
        {"price(a) > 1 USD/t", "price(b) < 2 USD/t", false},
        {"price(a) > 1 USD/t", "price(a) < 2 EUR/t", false},
        {"price(a) > 1 USD/t", "price(a) < 2 USD/t", true},
        {"price(a) > 1 USD/kt", "price(a) < 0.001 USD/t", false},
        {"price(a) > 1 USD/kt", "price(a) < 0.0011 USD/t", true},
        {"price(a) > -2 USD/t", "price(a) < -3 USD/t", false},
        {"price(a) > -3 USD/t", "price(a) < -2 USD/t", true},
        {"price(a) > -1 USD/t", "price(a) < 1 USD/t", true},
        {"price(a) > 1 USD/t", "price(a) < -1 USD/t", false},
        {"age > 1 or age > 2", "age < 3", false}, /* only single comparisons are judged */
        {"age > 1", "not age > 1", false},
        {"has(age)", "has(age)", false},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct expr when;
        struct expr clear;
        struct expr_error error = {0};

        cr_assert(!expr_parse(text_of(rows[i].when), &when, &error), "%s", error.text);
        cr_assert(!expr_parse(text_of(rows[i].clear), &clear, &error), "%s", error.text);
        cr_assert(expr_overlaps(&when, &clear) == rows[i].overlaps, "%s, %s",
                  rows[i].when, rows[i].clear);
        cr_assert(expr_overlaps(&clear, &when) == rows[i].overlaps, "%s, %s turned round",
                  rows[i].when, rows[i].clear);
    }
}

Test(expr, every_metric_has_a_name_that_is_read_back)
{
    for (unsigned i = 0; i < METRIC_COUNT; i++) {
        struct term term = {.metric = (enum metric)i,
                            .horizon = 30 * DAY_US,
                            .window = 36 * HOUR_US,
                            .market = "a market of thirty-two bytes, ok",
                            .currency = ""};
        char buffer[TERM_SIZE];
        char text[TERM_SIZE + 8];
        struct expr expr;
        struct expr_error error = {0};
        char again[TERM_SIZE];

        (void)snprintf(text, sizeof(text), "has(%s)", term_format(&term, buffer));
        cr_assert(!expr_parse(text_of(text), &expr, &error), "%s: %s", text, error.text);
        cr_assert_str_eq(term_format(&expr.nodes[0].term, again), buffer);
        cr_assert(strncmp(buffer, metric_name((enum metric)i),
                          strlen(metric_name((enum metric)i))) == 0,
                  "%s", buffer);
    }
}
