/* Judges expressions that were read: whether their thresholds fit a commodity, and
 * whether two of them can be true at once. Numbers are compared digit by digit, never
 * rounded. */
#include "shortfall/core/expr.h"

#include "shortfall/core/commodity.h"
#include "shortfall/core/unit.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define FACTOR_DIGITS 19 /* of the largest int64_t */
#define PRODUCT_MAX   (DECIMAL_DIGITS_MAX + 2 * FACTOR_DIGITS)

/* 0.digits * 10^exponent, most significant digit first and not zero; len 0 is zero. */
struct product {
    bool negative;
    size_t len;
    int exponent;
    uint8_t digits[PRODUCT_MAX];
};

static enum status misfit(struct expr_error *error, uint32_t offset, const char *format,
                          ...) PRINTF_LIKE(3, 4);

static enum status misfit(struct expr_error *error, uint32_t offset, const char *format,
                          ...)
{
    va_list args;

    va_start(args, format);
    error->offset = offset;
    (void)vsnprintf(error->text, sizeof(error->text), format, args);
    va_end(args);
    return ST_INVALID;
}

static enum status unit_misfit(struct expr_error *error, const struct expr_node *node,
                               const struct commodity *commodity)
{
    unit_id unit = node->threshold.unit;

    if (unit_dimension(unit) == DIMENSION_VOLUME &&
        commodity->dimension == DIMENSION_MASS)
        return misfit(error, node->threshold_offset,
                      "\"%s\" cannot measure %s: its barrels per tonne are not known",
                      unit_code(unit), commodity->code);
    return misfit(
        error, node->threshold_offset, "\"%s\" cannot measure %s, which is counted in %s",
        unit_code(unit), commodity->code,
        commodity->dimension == DIMENSION_MASS ? "mass (t, kt)" : "energy (GJ, TJ)");
}

/* Gas, coal and oil are also sold by their heat; such a price is compared with prices of
 * the same unit only. */
static bool is_price_of_heat(enum measure measure, unit_id unit, commodity_id commodity)
{
    commodity_id group = commodity_get(commodity)->group;

    return measure == MEASURE_PRICE && unit_dimension(unit) == DIMENSION_ENERGY &&
           group != COMMODITY_NONE && commodity_get(group)->dimension == DIMENSION_ENERGY;
}

static enum status check_node(const struct expr_node *node, commodity_id commodity,
                              struct expr_error *error)
{
    enum measure measure = metric_measure(node->term.metric);
    unit_id unit = node->threshold.unit;
    int64_t num;
    int64_t den;
    struct qty amount;

    if (measure != MEASURE_AMOUNT && measure != MEASURE_PRICE)
        return ST_OK;
    if (is_price_of_heat(measure, unit, commodity))
        return ST_OK;
    if (unit_factor(unit, commodity, FACTOR_SET_DEFAULT, &num, &den, NULL))
        return unit_misfit(error, node, commodity_get(commodity));
    if (measure == MEASURE_AMOUNT &&
        unit_convert(&node->threshold.number, unit, commodity, FACTOR_SET_DEFAULT,
                     &amount, NULL))
        return misfit(error, node->threshold_offset,
                      "more than the largest amount that can be stated");
    return ST_OK;
}

enum status expr_check_commodity(const struct expr *expr, commodity_id commodity,
                                 struct expr_error *error)
{
    assert(commodity < commodity_count());
    for (uint8_t i = 0; i < expr->len; i++) {
        if (expr->nodes[i].op != EXPR_COMPARE)
            continue;
        enum status st = check_node(&expr->nodes[i], commodity, error);
        if (st)
            return st;
    }
    return ST_OK;
}

/* digits *= factor, from the last digit up; the carry's own digits go in front. */
static void product_multiply(struct product *p, int64_t factor)
{
    uint8_t digits[PRODUCT_MAX + FACTOR_DIGITS];
    size_t at = sizeof(digits);
    uint128_t carry = 0;

    assert(factor > 0 && p->len + FACTOR_DIGITS <= PRODUCT_MAX);
    for (size_t i = p->len; i > 0; i--) {
        carry += (uint128_t)p->digits[i - 1] * (uint64_t)factor;
        digits[--at] = (uint8_t)(carry % 10);
        carry /= 10;
    }
    size_t grown = 0;
    for (; carry > 0; carry /= 10, grown++)
        digits[--at] = (uint8_t)(carry % 10);
    p->len += grown;
    p->exponent += (int)grown;
    memcpy(p->digits, digits + at, p->len);
}

static struct product product_of(const struct decimal *number, int64_t a, int64_t b)
{
    struct product p = {.negative = number->negative && number->len > 0,
                        .len = number->len,
                        .exponent = number->len - number->scale};

    memcpy(p.digits, number->digits, number->len);
    product_multiply(&p, a);
    product_multiply(&p, b);
    return p;
}

/* Of the sizes, the signs left aside. */
static int product_compare_sizes(const struct product *a, const struct product *b)
{
    if (a->len == 0 || b->len == 0)
        return (a->len > 0) - (b->len > 0);
    if (a->exponent != b->exponent)
        return a->exponent < b->exponent ? -1 : 1;
    for (size_t i = 0; i < a->len || i < b->len; i++) {
        int left = i < a->len ? a->digits[i] : 0;
        int right = i < b->len ? b->digits[i] : 0;
        if (left != right)
            return left < right ? -1 : 1;
    }
    return 0;
}

static int product_compare(const struct product *a, const struct product *b)
{
    if (a->negative != b->negative)
        return a->negative ? -1 : 1;
    return a->negative ? product_compare_sizes(b, a) : product_compare_sizes(a, b);
}

/* One unit of a in units of b's kind and the other way round, as two fractions over the
 * same base. Any commodity that knows both will do: their ratio does not depend on it. */
static bool common_factors(unit_id a, unit_id b, int64_t a_factor[2], int64_t b_factor[2])
{
    if (unit_dimension(a) != unit_dimension(b))
        return false;
    for (size_t i = 0; i < commodity_count(); i++) {
        commodity_id id = (commodity_id)i;
        if (!unit_factor(a, id, FACTOR_SET_DEFAULT, &a_factor[0], &a_factor[1], NULL) &&
            !unit_factor(b, id, FACTOR_SET_DEFAULT, &b_factor[0], &b_factor[1], NULL))
            return true;
    }
    return false;
}

/* false: they are not comparable without knowing the commodity. */
static bool threshold_compare(const struct threshold *a, const struct threshold *b,
                              enum measure measure, int *order)
{
    int64_t a_factor[2] = {1, 1};
    int64_t b_factor[2] = {1, 1};

    if (a->unit != b->unit && !common_factors(a->unit, b->unit, a_factor, b_factor))
        return false;
    /* Cross-multiplied; a price is per unit, so its factor divides. */
    bool divides = measure == MEASURE_PRICE;
    struct product left =
        product_of(&a->number, a_factor[divides ? 1 : 0], b_factor[divides ? 0 : 1]);
    struct product right =
        product_of(&b->number, b_factor[divides ? 1 : 0], a_factor[divides ? 0 : 1]);
    *order = product_compare(&left, &right);
    return true;
}

static bool term_equal(const struct term *a, const struct term *b)
{
    return a->metric == b->metric && a->horizon == b->horizon && a->window == b->window &&
           strcmp(a->market, b->market) == 0 && strcmp(a->currency, b->currency) == 0;
}

static bool is_upper_bound(enum comparison comparison)
{
    return comparison == LESS || comparison == LESS_EQUAL;
}

static bool is_inclusive(enum comparison comparison)
{
    return comparison == LESS_EQUAL || comparison == GREATER_EQUAL;
}

bool expr_overlaps(const struct expr *when, const struct expr *clear)
{
    int order;

    if (when->len != 1 || clear->len != 1)
        return false;
    const struct expr_node *a = &when->nodes[0];
    const struct expr_node *b = &clear->nodes[0];
    if (a->op != EXPR_COMPARE || b->op != EXPR_COMPARE ||
        !term_equal(&a->term, &b->term) ||
        !threshold_compare(&a->threshold, &b->threshold, metric_measure(a->term.metric),
                           &order))
        return false;
    if (is_upper_bound(a->comparison) == is_upper_bound(b->comparison))
        return true;
    /* The lower bound against the upper one. */
    int gap = is_upper_bound(a->comparison) ? -order : order;
    if (gap == 0)
        return is_inclusive(a->comparison) && is_inclusive(b->comparison);
    return gap < 0;
}
