/* The oracle's expectations and metrics (semantics sections 4 and 5), word for word. */
#include "oracle.h"

#include <assert.h>
#include <string.h>

#define MILLION 1000000

/* P(c, u]: what is dated in the future, stock reports left out. */
static int128_t dated(const struct oracle_account *a, int64_t c, int64_t u, bool jump)
{
    int128_t sum = oracle_accrued(a, false, c, u, jump);

    for (size_t i = 0; i < a->adds_len; i++) {
        const struct oracle_add *add = &a->adds[i];

        if (add->time > c && (add->time < u || (add->time == u && jump)) && !add->report)
            sum += add->amount;
    }
    return sum;
}

static int128_t shortfall(const struct oracle_account *a, int64_t c, int64_t horizon)
{
    struct oracle_promise p[ORACLE_FACTS_MAX];
    size_t len = oracle_promises(a, c, p);
    int128_t stock = oracle_stock(a, c);
    int128_t deepest = 0;

    for (size_t i = 0; i <= a->instants_len + len; i++) {
        int64_t u = c + horizon;

        if (i < a->instants_len)
            u = a->instants[i];
        else if (i < a->instants_len + len)
            u = p[i - a->instants_len].date;
        if (u <= c || u > c + horizon)
            continue;
        for (int jump = 0; jump < 2; jump++) {
            int128_t gap = oracle_accrued(a, true, c, u, jump != 0) - stock -
                           dated(a, c, u, jump != 0) -
                           oracle_promised(p, len, u, jump != 0);

            deepest = gap > deepest ? gap : deepest;
        }
    }
    return deepest;
}

static int128_t unmet(const struct oracle_account *a, int64_t c)
{
    int64_t start;
    int64_t end;

    oracle_year(a->o, a->country, a->commodity, c, &start, &end);
    return oracle_unmet_total(a, c) - oracle_unmet_total(a, start);
}

static int128_t deficit(const struct oracle_account *a, int64_t c)
{
    struct oracle_promise p[ORACLE_FACTS_MAX];
    size_t len = oracle_promises(a, c, p);
    int64_t start;
    int64_t end;

    oracle_year(a->o, a->country, a->commodity, c, &start, &end);
    int128_t left = unmet(a, c) + oracle_accrued(a, true, c, end, true) -
                    oracle_stock(a, c) - dated(a, c, end, true) -
                    oracle_promised(p, len, end, true);

    return left > 0 ? left : 0;
}

/* The first u >= c with R(c, u] >= stock, by halving. */
static enum oracle_standing cover_end(const struct oracle_account *a, int64_t c,
                                      int64_t *u)
{
    int128_t have = oracle_stock(a, c);
    int64_t high = c;
    int64_t low = c;

    for (size_t i = 0; i < a->rates_len; i++) {
        if (a->rates[i].use && a->rates[i].until > high)
            high = a->rates[i].until;
    }
    if (oracle_accrued(a, true, c, high, true) == 0)
        return ORACLE_NONE;
    if (oracle_accrued(a, true, c, high, true) < have)
        return ORACLE_ABOVE_ALL;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;

        if (oracle_accrued(a, true, c, middle, true) >= have)
            high = middle;
        else
            low = middle + 1;
    }
    *u = high;
    return ORACLE_NUMBER;
}

/* What was pledged, what of it came by c (at most the pledge), and what is overdue. */
static void deliveries(const struct oracle_account *a, int64_t c, int128_t *pledged,
                       int128_t *came, int128_t *overdue)
{
    *pledged = *came = *overdue = 0;
    for (size_t i = 0; i < a->o->len; i++) {
        const struct event *ev = a->o->facts[i];
        const struct pledge *p = &ev->as.pledge;

        if (ev->kind != EVENT_PLEDGE || !oracle_counts(ev) ||
            !oracle_concerns(a, p->to, p->commodity) ||
            (p->status != PLEDGE_AGREED && p->status != PLEDGE_COMPLETE))
            continue;
        int128_t whole = oracle_amount(a->commodity, p->commodity, p->quantity.amount);
        int128_t credits = 0;

        for (size_t k = 0; k < a->o->len; k++) {
            const struct event *ship = a->o->facts[k];

            if (ship->kind != EVENT_SHIPMENT || !oracle_counts(ship) ||
                oracle_pledge_of(a->o, ship) != ev ||
                ship->as.shipment.arrived == TIME_NONE || ship->as.shipment.arrived > c)
                continue;
            credits +=
                oracle_amount(a->commodity, p->commodity, oracle_credit(a->o, ship));
        }
        credits = credits < whole ? credits : whole;
        *pledged += whole;
        *came += credits;
        if (p->status == PLEDGE_AGREED && p->due != TIME_NONE && p->due <= c)
            *overdue += whole - credits;
    }
}

/* Money per base unit at t, as a fraction in 1/10,000. */
static bool price_at(const struct oracle_account *a, const struct term *term, int64_t t,
                     struct oracle_value *out)
{
    const struct event *last = NULL;
    int64_t num;
    int64_t den;

    for (size_t i = 0; i < a->o->len; i++) {
        const struct event *ev = a->o->facts[i];
        const struct price *p = &ev->as.price;

        if (ev->kind != EVENT_PRICE || !oracle_counts(ev) || ev->time > t ||
            p->commodity != a->commodity || !text_is(p->market, term->market) ||
            (term->currency[0] != '\0' && strcmp(p->currency, term->currency) != 0))
            continue;
        if (last != NULL && last->time > ev->time)
            continue;
        if (last != NULL && last->time == ev->time) {
            int order = text_compare(ev->source, last->source);

            if (order < 0 || (order == 0 && text_compare(ev->id, last->id) < 0))
                continue;
        }
        last = ev;
    }
    if (last == NULL || unit_factor(last->as.price.unit, a->commodity, FACTOR_SET_DEFAULT,
                                    &num, &den, NULL) != ST_OK)
        return false;
    *out =
        (struct oracle_value){ORACLE_NUMBER, (int128_t)last->as.price.money * den, num};
    return true;
}

static struct oracle_value age(const struct oracle_account *a, int64_t c)
{
    int64_t latest = INT64_MIN;

    for (size_t i = 0; i < a->adds_len; i++) {
        if (a->adds[i].time <= c && a->adds[i].time > latest)
            latest = a->adds[i].time;
    }
    for (size_t i = 0; i < a->sets_len; i++) {
        if (a->sets[i].time <= c && a->sets[i].time > latest)
            latest = a->sets[i].time;
    }
    if (latest == INT64_MIN)
        return (struct oracle_value){ORACLE_NONE, 0, 1};
    return (struct oracle_value){ORACLE_NUMBER, c - latest, DAY_US};
}

static struct oracle_value number(int128_t num, int128_t den)
{
    if (den == 0)
        return (struct oracle_value){ORACLE_NONE, 0, 1};
    if (den < 0) /* a change from a price below zero */
        return (struct oracle_value){ORACLE_NUMBER, -num, -den};
    return (struct oracle_value){ORACLE_NUMBER, num, den};
}

static struct oracle_value price_value(const struct oracle_account *a,
                                       const struct term *term, int64_t c)
{
    struct oracle_value now;
    struct oracle_value then;

    if (!price_at(a, term, c, &now))
        return number(0, 0);
    if (term->metric == METRIC_PRICE)
        return now;
    if (term->metric == METRIC_COST_TO_COVER)
        return number(shortfall(a, c, term->horizon) * now.num, PICO * now.den);
    if (!price_at(a, term, c - term->window, &then))
        return number(0, 0);
    return number(now.num * then.den - then.num * now.den, then.num * now.den);
}

struct oracle_value oracle_value(const struct oracle_account *a, const struct term *term,
                                 int64_t c)
{
    int128_t pledged;
    int128_t came;
    int128_t overdue;
    int64_t u = c;
    enum oracle_standing cover;

    deliveries(a, c, &pledged, &came, &overdue);
    if (!a->described && term->metric != METRIC_DELIVERY_RATIO &&
        term->metric != METRIC_OVERDUE && term->metric != METRIC_PRICE &&
        term->metric != METRIC_PRICE_CHANGE)
        return number(0, 0);
    switch (term->metric) {
    case METRIC_STOCK:
        return number(oracle_stock(a, c), PICO);
    case METRIC_UNMET:
        return number(unmet(a, c), PICO);
    case METRIC_DAYS_OF_COVER:
        cover = cover_end(a, c, &u);
        return (struct oracle_value){cover, u - c, DAY_US};
    case METRIC_SHORTFALL:
        return number(shortfall(a, c, term->horizon), PICO);
    case METRIC_SHORTFALL_RATIO:
        return number(shortfall(a, c, term->horizon),
                      oracle_accrued(a, true, c, c + term->horizon, true));
    case METRIC_UNCOVERED_DEFICIT:
        return number(deficit(a, c), PICO);
    case METRIC_DELIVERY_RATIO:
        return number(came, pledged);
    case METRIC_OVERDUE:
        return number(overdue, 1);
    case METRIC_AGE:
        return age(a, c);
    case METRIC_PRICE:
    case METRIC_PRICE_CHANGE:
    case METRIC_COST_TO_COVER:
        return price_value(a, term, c);
    case METRIC_COUNT:
        break;
    }
    assert(!"no such metric");
    return number(0, 0);
}

/* Sign and course of value - threshold: both are brought to one denominator. */
int128_t oracle_excess(const struct oracle_account *a, const struct expr_node *node,
                       const struct oracle_value *value)
{
    const struct decimal *d = &node->threshold.number;
    int128_t num = 0;
    int128_t den = 1;
    int64_t unit_num = 1;
    int64_t unit_den = 1;
    enum measure measure = metric_measure(node->term.metric);

    for (size_t i = 0; i < d->len; i++)
        num = 10 * num + d->digits[i];
    for (int i = 0; i < d->scale; i++)
        den *= 10;
    for (int i = d->scale; i < 0; i++)
        num *= 10;
    num = d->negative ? -num : num;
    if (node->threshold.unit != UNIT_NONE) {
        enum status st = unit_factor(node->threshold.unit, a->commodity,
                                     FACTOR_SET_DEFAULT, &unit_num, &unit_den, NULL);

        assert(st == ST_OK);
    }
    if (measure == MEASURE_PRICE || measure == MEASURE_MONEY)
        num *= MONEY_ONE;
    if (measure == MEASURE_PRICE)
        return value->num * den * unit_num - num * unit_den * value->den;
    return value->num * den * unit_den - num * unit_num * value->den;
}

static int64_t figure(const struct oracle_account *a, enum metric metric, int64_t horizon,
                      int64_t c, int128_t one)
{
    struct term term = {.metric = metric, .horizon = horizon};
    struct oracle_value v = oracle_value(a, &term, c);

    if (v.standing != ORACLE_NUMBER)
        return VALUE_NONE;
    int128_t rounded = oracle_round(v.num * one, v.den);

    return rounded > INT64_MAX ? INT64_MAX : (int64_t)rounded; /* as balances are cut */
}

void oracle_balance(const struct oracle *o, place_id country, commodity_id commodity,
                    int64_t as_of, int64_t horizon, struct balance *out)
{
    static struct oracle_account a;
    struct oracle_promise p[ORACLE_FACTS_MAX];
    int64_t c = as_of;
    int64_t h = horizon;

    oracle_account(o, country, commodity, &a);
    *out = (struct balance){.country = country,
                            .commodity = commodity,
                            .as_of = as_of,
                            .horizon = horizon,
                            .stock_out = TIME_NONE};
    out->stock = figure(&a, METRIC_STOCK, h, c, 1);
    out->unmet = figure(&a, METRIC_UNMET, h, c, 1);
    out->days_of_cover = figure(&a, METRIC_DAYS_OF_COVER, h, c, MILLION);
    if (out->days_of_cover != VALUE_NONE)
        (void)cover_end(&a, c, &out->stock_out);
    out->shortfall = figure(&a, METRIC_SHORTFALL, h, c, 1);
    out->shortfall_ratio = figure(&a, METRIC_SHORTFALL_RATIO, h, c, MILLION);
    out->uncovered_deficit = figure(&a, METRIC_UNCOVERED_DEFICIT, h, c, 1);
    out->delivery_ratio = figure(&a, METRIC_DELIVERY_RATIO, h, c, MILLION);
    out->overdue = figure(&a, METRIC_OVERDUE, h, c, 1);
    out->expected = VALUE_NONE;
    if (a.described)
        out->expected =
            (int64_t)(oracle_promised(p, oracle_promises(&a, c, p), c + h, true) / PICO);
}
