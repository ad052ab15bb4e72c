/* How a figure compares with a threshold. Comparisons multiply out instead of dividing,
 * so that no threshold is missed by a rounding. */
#include "metric.h"

#include "wide.h"

#include <assert.h>

#define NANO INT64_C(1000000000)

static int64_t scaled(const struct decimal *number, int64_t num, int64_t den)
{
    int64_t value;

    /* Beyond every figure there can be, so the comparison still comes out right. */
    if (decimal_scale(number, num, den, &value))
        return number->negative ? -INT64_MAX : INT64_MAX;
    return value;
}

struct bound bound_make(const struct threshold *threshold, enum metric metric,
                        commodity_id commodity)
{
    struct bound b = {.num = 1, .den = 1};

    switch (metric_measure(metric)) {
    case MEASURE_AMOUNT:
        if (unit_factor(threshold->unit, commodity, FACTOR_SET_DEFAULT, &b.num, &b.den,
                        NULL)) {
            assert(false); /* the loader checks a threshold's unit */
        }
        b.value = (int128_t)scaled(&threshold->number, b.num, b.den) * PICO;
        return b;
    case MEASURE_DAYS:
        b.value = scaled(&threshold->number, DAY_US, 1);
        return b;
    case MEASURE_RATIO:
        b.value = scaled(&threshold->number, NANO, 1);
        return b;
    case MEASURE_PRICE:
        b.unit = threshold->unit;
        if (unit_factor(threshold->unit, commodity, FACTOR_SET_DEFAULT, &b.num, &b.den,
                        NULL))
            b.num = 0;
        b.value = scaled(&threshold->number, MONEY_ONE, 1);
        return b;
    case MEASURE_MONEY:
        b.value = scaled(&threshold->number, MONEY_ONE, 1);
        return b;
    }
    return b;
}

int64_t bound_value(const struct bound *bound, enum metric metric)
{
    switch (metric_measure(metric)) {
    case MEASURE_AMOUNT:
        return pico_round(bound->value);
    case MEASURE_DAYS:
        return wide_ratio_millionths(bound->value, DAY_US);
    case MEASURE_RATIO:
        return wide_ratio_millionths(bound->value, NANO);
    case MEASURE_PRICE:
    case MEASURE_MONEY:
        break;
    }
    return (int64_t)bound->value;
}

static enum order order_of(int128_t figure, int128_t bound)
{
    return figure < bound ? ORDER_LESS : figure > bound ? ORDER_GREATER : ORDER_EQUAL;
}

static enum order compare_cover(struct view *v, const struct bound *b)
{
    int128_t stock = run_stock(&v->now);

    if (!use_lies_ahead(v))
        return ORDER_NONE;
    if (b->value < 0)
        return ORDER_GREATER;
    int64_t days_max = TIME_MAX - v->clock;
    int64_t days = b->value > days_max ? days_max : (int64_t)b->value;

    if (days > 0 && used_until(v, v->clock + days - 1) >= stock)
        return ORDER_LESS;
    return used_until(v, v->clock + days) >= stock ? ORDER_EQUAL : ORDER_GREATER;
}

/* Both prices for one amount; false: there is no change to speak of. A price in another
 * unit than before is compared through the fractions of both units; money times one of
 * them fits 127 bits, the second is checked. */
static bool price_pair(const struct view *v, const struct term *term, int128_t *now,
                       int128_t *then)
{
    struct quote a = quote_at(v, term, v->clock);
    struct quote b = quote_at(v, term, v->clock - term->window);

    if (!a.known || !b.known || b.money == 0)
        return false;
    if (a.unit == b.unit) {
        *now = a.money;
        *then = b.money;
        return true;
    }
    /* Reported in another unit since; gas by its heat has no fraction to compare by. */
    return a.num != 0 && b.num != 0 &&
           !__builtin_mul_overflow((int128_t)a.money * a.den, (int128_t)b.num, now) &&
           !__builtin_mul_overflow((int128_t)b.money * b.den, (int128_t)a.num, then);
}

static enum order compare_price_change(struct view *v, const struct term *term,
                                       const struct bound *b)
{
    int128_t now;
    int128_t then;

    if (!price_pair(v, term, &now, &then))
        return ORDER_NONE;
    int sign = then < 0 ? -1 : 1;
    int order = wide_compare_products(now, NANO, then, NANO + b->value);

    return (enum order)(sign * order);
}

static enum order compare_cost(struct view *v, const struct term *term,
                               const struct bound *b, enum part part)
{
    struct quote now = quote_at(v, term, v->clock);

    if (!now.known || now.num == 0)
        return ORDER_NONE;
    return (enum order)wide_compare_products(shortfall_ahead(v, term->horizon, part),
                                             (int128_t)now.money * now.den, b->value,
                                             (int128_t)now.num * PICO);
}

static enum order compare_ratio(struct view *v, const struct term *term,
                                const struct bound *b, enum part part)
{
    int128_t used = used_until(v, v->clock + term->horizon);

    if (used == 0)
        return ORDER_NONE;
    return (enum order)wide_compare_products(shortfall_ahead(v, term->horizon, part),
                                             NANO, b->value, used);
}

/* Supplier accounts, known only by what left them, have no balance of their own. */
bool metric_needs_description(enum metric metric)
{
    switch (metric) {
    case METRIC_DELIVERY_RATIO:
    case METRIC_OVERDUE:
    case METRIC_PRICE:
    case METRIC_PRICE_CHANGE:
        return false;
    case METRIC_STOCK:
    case METRIC_UNMET:
    case METRIC_DAYS_OF_COVER:
    case METRIC_SHORTFALL:
    case METRIC_SHORTFALL_RATIO:
    case METRIC_UNCOVERED_DEFICIT:
    case METRIC_COST_TO_COVER:
    case METRIC_AGE:
    case METRIC_COUNT:
        break;
    }
    return true;
}

static enum order compare_deliveries(const struct view *v, const struct bound *b)
{
    struct deliveries d = view_deliveries(v);

    if (!d.any || d.pledged == 0)
        return ORDER_NONE;
    return (enum order)wide_compare_products(d.arrived, NANO, b->value, d.pledged);
}

static enum order compare_age(const struct view *v, const struct bound *b)
{
    int64_t latest = latest_report(v);

    return latest == TIME_NONE ? ORDER_NONE
                               : order_of((int128_t)v->clock - latest, b->value);
}

static enum order compare_price(const struct view *v, const struct term *term,
                                const struct bound *b)
{
    struct quote q = quote_at(v, term, v->clock);

    if (q.known && q.unit == b->unit)
        return order_of(q.money, b->value);
    if (!q.known || q.num == 0 || b->num == 0)
        return ORDER_NONE;
    /* money / (num / den) on both sides, multiplied out. */
    return (enum order)wide_compare_products((int128_t)q.money * q.den, b->num,
                                             b->value * b->den, q.num);
}

enum order metric_compare(struct view *v, const struct term *term,
                          const struct bound *bound, enum part part)
{
    if (metric_needs_description(term->metric) && v->account->described == 0)
        return ORDER_NONE;
    switch (term->metric) {
    case METRIC_STOCK:
        return order_of(run_stock(&v->now), bound->value);
    case METRIC_UNMET:
        return order_of(unmet_this_year(v), bound->value);
    case METRIC_DAYS_OF_COVER:
        return compare_cover(v, bound);
    case METRIC_SHORTFALL:
        return order_of(shortfall_ahead(v, term->horizon, part), bound->value);
    case METRIC_SHORTFALL_RATIO:
        return compare_ratio(v, term, bound, part);
    case METRIC_UNCOVERED_DEFICIT:
        return order_of(uncovered_deficit(v), bound->value);
    case METRIC_DELIVERY_RATIO:
        return compare_deliveries(v, bound);
    case METRIC_OVERDUE:
        return order_of(view_deliveries(v).overdue, bound->value);
    case METRIC_PRICE:
        return compare_price(v, term, bound);
    case METRIC_PRICE_CHANGE:
        return compare_price_change(v, term, bound);
    case METRIC_COST_TO_COVER:
        return compare_cost(v, term, bound, part);
    case METRIC_AGE:
        return compare_age(v, bound);
    case METRIC_COUNT:
        break;
    }
    return ORDER_NONE;
}

bool metric_has(struct view *v, const struct term *term)
{
    struct bound zero = {.unit = UNIT_NONE, .num = 1, .den = 1};

    /* Gas has a price by its heat, though not one that can be held against tonnes. */
    if (term->metric == METRIC_PRICE)
        return quote_at(v, term, v->clock).known;
    return metric_compare(v, term, &zero, PART_WHOLE) != ORDER_NONE;
}

/* --- for people ------------------------------------------------------------------- */

static int64_t value_cover(struct view *v)
{
    if (!use_lies_ahead(v))
        return VALUE_NONE;
    int64_t out = stock_out(v);

    return out == TIME_NONE ? VALUE_NONE : wide_ratio_millionths(out - v->clock, DAY_US);
}

static int64_t value_ratio(struct view *v, int64_t horizon)
{
    int128_t used = used_until(v, v->clock + horizon);

    return used == 0
               ? VALUE_NONE
               : wide_ratio_millionths(shortfall_ahead(v, horizon, PART_WHOLE), used);
}

static int64_t value_deliveries(const struct view *v)
{
    struct deliveries d = view_deliveries(v);

    return d.pledged == 0 ? VALUE_NONE : wide_ratio_millionths(d.arrived, d.pledged);
}

static int64_t value_price_change(const struct view *v, const struct term *term)
{
    int128_t now = 0;
    int128_t then = 1;
    bool known = price_pair(v, term, &now, &then);

    assert(known);
    (void)known;
    return then < 0 ? wide_ratio_millionths(then - now, -then)
                    : wide_ratio_millionths(now - then, then);
}

/* value * num / den, rounded half to even, cut at the int64 range. num, den > 0. */
static int64_t rounded_part(int128_t value, int128_t num, int128_t den)
{
    int128_t whole;
    int128_t rest;

    if (__builtin_mul_overflow(value / den, num, &whole) ||
        __builtin_mul_overflow(value % den, num, &rest))
        return value < 0 ? -INT64_MAX : INT64_MAX;
    int128_t twice = 2 * (rest % den < 0 ? -(rest % den) : rest % den);

    whole += rest / den;
    if (twice > den || (twice == den && whole % 2 != 0))
        whole += value < 0 ? -1 : 1;
    if (whole > INT64_MAX || whole < -INT64_MAX)
        return value < 0 ? -INT64_MAX : INT64_MAX;
    return (int64_t)whole;
}

/* In the threshold's unit, so that the two can be read side by side. */
static int64_t value_price(const struct view *v, const struct term *term,
                           const struct bound *b)
{
    struct quote q = quote_at(v, term, v->clock);

    if (q.unit == b->unit)
        return q.money;
    if (q.num == 0 || b->num == 0)
        return VALUE_NONE;
    return rounded_part((int128_t)q.money * q.den, b->num, (int128_t)q.num * b->den);
}

/* In 1/10,000 of the currency's unit. */
static int64_t value_cost(struct view *v, const struct term *term)
{
    struct quote now = quote_at(v, term, v->clock);

    /* Whole base units first, so that the product fits: to a gram or a kilojoule. */
    int128_t units = pico_round(shortfall_ahead(v, term->horizon, PART_WHOLE));

    return rounded_part(units * now.money, now.den, now.num);
}

int64_t metric_value(struct view *v, const struct term *term, const struct bound *bound)
{
    if (!metric_has(v, term))
        return VALUE_NONE;
    switch (term->metric) {
    case METRIC_STOCK:
        return pico_round(run_stock(&v->now));
    case METRIC_UNMET:
        return pico_round(unmet_this_year(v));
    case METRIC_DAYS_OF_COVER:
        return value_cover(v);
    case METRIC_SHORTFALL:
        return pico_round(shortfall_ahead(v, term->horizon, PART_WHOLE));
    case METRIC_SHORTFALL_RATIO:
        return value_ratio(v, term->horizon);
    case METRIC_UNCOVERED_DEFICIT:
        return pico_round(uncovered_deficit(v));
    case METRIC_DELIVERY_RATIO:
        return value_deliveries(v);
    case METRIC_OVERDUE:
        return pico_round(view_deliveries(v).overdue);
    case METRIC_PRICE:
        return value_price(v, term, bound);
    case METRIC_PRICE_CHANGE:
        return value_price_change(v, term);
    case METRIC_COST_TO_COVER:
        return value_cost(v, term);
    case METRIC_AGE:
        return wide_ratio_millionths((int128_t)v->clock - latest_report(v), DAY_US);
    case METRIC_COUNT:
        break;
    }
    return VALUE_NONE;
}

void metric_balance(struct view *v, int64_t horizon, struct balance *out)
{
    struct term term = {.horizon = horizon};
    static const enum metric metrics[] = {
        METRIC_STOCK,          METRIC_UNMET,           METRIC_DAYS_OF_COVER,
        METRIC_SHORTFALL,      METRIC_SHORTFALL_RATIO, METRIC_UNCOVERED_DEFICIT,
        METRIC_DELIVERY_RATIO, METRIC_OVERDUE};
    int64_t *values[] = {&out->stock,           &out->unmet,
                         &out->days_of_cover,   &out->shortfall,
                         &out->shortfall_ratio, &out->uncovered_deficit,
                         &out->delivery_ratio,  &out->overdue};

    out->country = v->account->country;
    out->commodity = v->account->commodity;
    out->as_of = v->clock;
    out->horizon = horizon;
    for (size_t i = 0; i < sizeof metrics / sizeof metrics[0]; i++) {
        term.metric = metrics[i];
        *values[i] = metric_value(v, &term, NULL);
    }
    out->stock_out = out->days_of_cover == VALUE_NONE ? TIME_NONE : stock_out(v);
    out->expected =
        v->account->described == 0
            ? VALUE_NONE
            : pico_round(view_ahead(v, v->clock + horizon)->expected - v->now.expected);
}
