/* What a figure can be anywhere in (c, until], from a few folds of the path instead of a
 * look at every instant. Each figure gets a least and a greatest value; where both lie on
 * one side of the threshold, nothing changes. Used is monotone; what is expected falls
 * away as its date passes; the stock is X + U with U monotone until a report sets it. */
#include "steady.h"

#include "wide.h"

#define NANO INT64_C(1000000000)

/* The least and the greatest that a figure can be, as they compare with the bound. */
struct orders {
    enum order least, greatest;
};

static enum order order_of(int128_t figure, int128_t bound)
{
    return figure < bound ? ORDER_LESS : figure > bound ? ORDER_GREATER : ORDER_EQUAL;
}

static bool on_one_side(struct orders o, enum comparison comparison)
{
    switch (comparison) {
    case LESS:
    case GREATER_EQUAL:
        return (o.least == ORDER_LESS) == (o.greatest == ORDER_LESS);
    case LESS_EQUAL:
    case GREATER:
        break;
    }
    return (o.least == ORDER_GREATER) == (o.greatest == ORDER_GREATER);
}

/* --- the stretch
 * ------------------------------------------------------------------------ */

struct stretch {
    int128_t stock_min, stock_max;
    int128_t unmet;    /* U(until) - U(c) */
    int128_t expected; /* E(c, until] */
};

/* False: a stock report lies within it. */
static bool stretch_make(struct view *v, int64_t until, struct stretch *out)
{
    int128_t unmet = -v->now.lowest;
    const struct run *end = view_ahead(v, until);

    if (end->reports != v->now.reports)
        return false;
    int128_t more = -end->lowest - unmet;

    out->unmet = more > 0 ? more : 0;
    out->stock_min = end->lowest + unmet > 0 ? end->lowest + unmet : 0;
    out->stock_max = end->highest + unmet + out->unmet;
    out->expected = end->expected - v->now.expected;
    return true;
}

/* --- amounts
 * ---------------------------------------------------------------------------- */

static bool stock_orders(struct view *v, const struct bound *b, int64_t until,
                         struct orders *out)
{
    struct stretch s;

    if (!stretch_make(v, until, &s))
        return false;
    *out =
        (struct orders){order_of(s.stock_min, b->value), order_of(s.stock_max, b->value)};
    return true;
}

static bool unmet_orders(struct view *v, const struct bound *b, int64_t until,
                         struct orders *out)
{
    if (until >= view_year_end(v))
        return false;
    int128_t now = unmet_this_year(v);
    struct run end = v->now;

    path_carry(&v->account->own, &v->w->paths, &end, until);
    int128_t then = now + run_unmet(&end) - run_unmet(&v->now);

    *out = (struct orders){order_of(now, b->value), order_of(then, b->value)};
    return true;
}

/* All that moves within the year cancels out, but for what is overdue as it passes. */
static bool deficit_orders(struct view *v, const struct bound *b, int64_t until,
                           struct orders *out)
{
    struct stretch s;

    if (until >= view_year_end(v) || !stretch_make(v, until, &s))
        return false;
    int128_t now = deficit_at_year_end(v);
    int128_t then = now + s.expected;

    *out = (struct orders){order_of(now > 0 ? now : 0, b->value),
                           order_of(then > 0 ? then : 0, b->value)};
    return true;
}

struct extent {
    int128_t least, greatest;
};

/* Of the shortfall: a gap at u seen from c' is used - supplied - expected from c to u,
 * less the stock at c, more what was expected up to c' and is not any more, less what was
 * left unmet by c'. At least those u count that all c' see, at most those that any sees.
 */
static bool shortfall_extent(struct view *v, int64_t horizon, int64_t until,
                             struct extent *out)
{
    struct stretch s;
    int128_t covered = run_gap(&v->now) + run_stock(&v->now);

    if (!stretch_make(v, until, &s))
        return false;
    out->greatest = view_ahead(v, until + horizon)->gap - covered + s.expected;
    out->greatest = out->greatest > 0 ? out->greatest : 0;
    out->least = 0;
    if (out->greatest == 0 || v->clock + horizon <= until)
        return true;
    struct run common = *view_ahead(v, until);

    common.gap = RUN_LOWEST;
    path_carry(&v->account->own, &v->w->paths, &common, v->clock + horizon);
    int128_t least = common.gap - covered - s.unmet;

    out->least = least > 0 ? least : 0;
    return true;
}

static bool shortfall_orders(struct view *v, const struct term *term,
                             const struct bound *b, int64_t until, struct orders *out)
{
    struct extent e;

    if (!shortfall_extent(v, term->horizon, until, &e))
        return false;
    *out = (struct orders){order_of(e.least, b->value), order_of(e.greatest, b->value)};
    return true;
}

/* --- ratios, days, money
 * ------------------------------------------------------------------ */

/* R over a horizon that begins anywhere in the stretch. */
static struct extent used_extent(struct view *v, int64_t horizon, int64_t until)
{
    int128_t least = used_until(v, v->clock + horizon) - used_until(v, until);

    return (struct extent){least > 0 ? least : 0, used_until(v, until + horizon)};
}

static bool ratio_orders(struct view *v, const struct term *term, const struct bound *b,
                         int64_t until, struct orders *out)
{
    struct extent missing;
    struct extent used = used_extent(v, term->horizon, until);

    if (used.least == 0 || !shortfall_extent(v, term->horizon, until, &missing))
        return false;
    *out = (struct orders){
        (enum order)wide_compare_products(missing.least, NANO, b->value, used.greatest),
        (enum order)wide_compare_products(missing.greatest, NANO, b->value, used.least)};
    return true;
}

static bool cover_orders(struct view *v, const struct bound *b, int64_t until,
                         struct orders *out)
{
    struct stretch s;
    int64_t days_max = TIME_MAX - v->clock;
    int64_t days = b->value > days_max ? days_max : (int64_t)b->value;

    *out = (struct orders){ORDER_GREATER, ORDER_GREATER};
    if (b->value < 0)
        return true;
    if (!stretch_make(v, until, &s))
        return false;
    if (used_extent(v, days, until).greatest < s.stock_min)
        return true;
    *out = (struct orders){ORDER_LESS, ORDER_LESS};
    return days > 0 && used_extent(v, days - 1, until).least >= s.stock_max;
}

static bool cost_orders(struct view *v, const struct term *term, const struct bound *b,
                        int64_t until, struct orders *out)
{
    struct quote price = quote_at(v, term, v->clock);
    struct extent e;

    if (!shortfall_extent(v, term->horizon, until, &e))
        return false;
    int128_t money = (int128_t)price.money * price.den;
    int128_t units = (int128_t)price.num * PICO;

    *out = (struct orders){
        (enum order)wide_compare_products(e.least, money, b->value, units),
        (enum order)wide_compare_products(e.greatest, money, b->value, units)};
    return true;
}

static bool age_orders(struct view *v, const struct bound *b, int64_t until,
                       struct orders *out)
{
    int64_t latest = latest_report(v);
    int64_t next = path_next_time(&v->account->own, &v->w->paths, v->clock);
    bool alone = next == TIME_NONE || next > until;
    int128_t least = alone ? (int128_t)v->clock - latest : 0;

    *out = (struct orders){order_of(least, b->value),
                           order_of((int128_t)until - latest, b->value)};
    return true;
}

/* --- whether there is a figure
 * ------------------------------------------------------------- */

static bool lies_behind(int64_t time, int64_t until)
{
    return time == TIME_NONE || time > until;
}

static bool prices_stand(struct view *v, const struct term *term, int64_t until)
{
    if (!lies_behind(quote_next_time(v, term, v->clock), until))
        return false;
    return term->metric != METRIC_PRICE_CHANGE ||
           lies_behind(quote_next_time(v, term, v->clock - term->window),
                       until - term->window);
}

/* Whether the figure exists all along as it does now. */
static bool has_steady(struct view *v, const struct term *term, bool has, int64_t until)
{
    switch (term->metric) {
    case METRIC_STOCK:
    case METRIC_UNMET:
    case METRIC_SHORTFALL:
    case METRIC_UNCOVERED_DEFICIT:
    case METRIC_OVERDUE:
    case METRIC_DELIVERY_RATIO:
        return true; /* by the facts alone */
    case METRIC_DAYS_OF_COVER:
        return !has || used_until(v, TIME_MAX) > used_until(v, until);
    case METRIC_SHORTFALL_RATIO:
        return has ? used_extent(v, term->horizon, until).least > 0
                   : used_extent(v, term->horizon, until).greatest == 0;
    case METRIC_PRICE:
    case METRIC_PRICE_CHANGE:
    case METRIC_COST_TO_COVER:
        return prices_stand(v, term, until);
    case METRIC_AGE:
        return has ||
               lies_behind(path_next_time(&v->account->own, &v->w->paths, v->clock),
                           until);
    case METRIC_COUNT:
        break;
    }
    return false;
}

/* --- all of them
 * ---------------------------------------------------------------------------- */

static bool figure_orders(struct view *v, const struct term *term, const struct bound *b,
                          int64_t until, struct orders *out)
{
    switch (term->metric) {
    case METRIC_STOCK:
        return stock_orders(v, b, until, out);
    case METRIC_UNMET:
        return unmet_orders(v, b, until, out);
    case METRIC_DAYS_OF_COVER:
        return cover_orders(v, b, until, out);
    case METRIC_SHORTFALL:
        return shortfall_orders(v, term, b, until, out);
    case METRIC_SHORTFALL_RATIO:
        return ratio_orders(v, term, b, until, out);
    case METRIC_UNCOVERED_DEFICIT:
        return deficit_orders(v, b, until, out);
    case METRIC_COST_TO_COVER:
        return cost_orders(v, term, b, until, out);
    case METRIC_AGE:
        return age_orders(v, b, until, out);
    case METRIC_DELIVERY_RATIO:
    case METRIC_OVERDUE:
        *out = (struct orders){ORDER_EQUAL, ORDER_EQUAL};
        return lies_behind(view_next_delivery(v), until);
    case METRIC_PRICE:
    case METRIC_PRICE_CHANGE: /* prices_stand has said it */
        *out = (struct orders){ORDER_EQUAL, ORDER_EQUAL};
        return true;
    case METRIC_COUNT:
        break;
    }
    return false;
}

bool comparison_steady(struct view *v, const struct expr_node *n,
                       const struct bound *bound, int64_t until)
{
    struct orders o;

    if (metric_needs_description(n->term.metric) && v->account->described == 0)
        return true;
    bool has = metric_has(v, &n->term);

    if (!has_steady(v, &n->term, has, until))
        return false;
    if (!has || bound == NULL)
        return true;
    return figure_orders(v, &n->term, bound, until, &o) && on_one_side(o, n->comparison);
}
