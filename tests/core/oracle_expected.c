/* The oracle's expectations (semantics section 4) and balance years, word for word. */
#include "oracle.h"

void oracle_year(const struct oracle *o, place_id country, commodity_id commodity,
                 int64_t c, int64_t *start, int64_t *end)
{
    unsigned month = 1;
    unsigned day = 1;

    for (size_t i = 0; i < o->years_len; i++) {
        const struct year_setting *y = &o->years[i];

        if (y->country != country && y->country != PLACE_ANY)
            continue;
        if (y->commodity != commodity && y->commodity != COMMODITY_ANY &&
            y->commodity != commodity_get(commodity)->group)
            continue;
        month = y->month;
        day = y->day;
        break;
    }
    *start = timestamp_year_start(c, month, day);
    *end = timestamp_year_next(*start, month, day);
}

struct qty oracle_credit(const struct oracle *o, const struct event *ship)
{
    const struct shipment *s = &ship->as.shipment;
    const struct event *pledge = oracle_pledge_of(o, ship);
    struct qty credit = {0};
    struct decimal number;

    if (pledge == NULL)
        return credit;
    if (s->credit.len > 0) {
        /* A credit that cannot be counted in the pledge's commodity credits nothing. */
        if (decimal_parse(s->credit, &number) != ST_OK ||
            unit_convert(&number, s->quantity.unit, pledge->as.pledge.commodity,
                         s->quantity.set, &credit, NULL) != ST_OK)
            return (struct qty){0};
        return credit;
    }
    if (s->commodity != pledge->as.pledge.commodity)
        return credit;
    return s->arrived != TIME_NONE ? s->arrived_quantity.amount : s->quantity.amount;
}

static bool counted_on(const struct shipment *s, int64_t c)
{
    return s->arrived == TIME_NONE && !s->cancelled && s->eta != TIME_NONE && s->eta > c;
}

/* The least factor, in thousandths, of the policies that match. */
static int64_t factor_of(const struct oracle *o, place_id from, place_id to,
                         commodity_id commodity, int64_t date)
{
    int64_t least = POLICY_FACTOR_ONE;

    for (size_t i = 0; i < o->len; i++) {
        const struct event *ev = o->facts[i];
        const struct policy *p = &ev->as.policy;

        if (ev->kind != EVENT_POLICY || !oracle_counts(ev))
            continue;
        bool actor = p->actor == PLACE_ANY || p->actor == from;
        bool target = p->target == PLACE_ANY || p->target == to;
        bool goods = p->commodity == COMMODITY_ANY || p->commodity == commodity ||
                     p->commodity == commodity_get(commodity)->group;
        bool in_force = ev->time <= date && (p->until == TIME_NONE || date < p->until);

        if (actor && target && goods && in_force && p->factor < least)
            least = p->factor;
    }
    return least;
}

bool oracle_concerns(const struct oracle_account *a, place_id to, commodity_id commodity)
{
    if (to != a->country)
        return false;
    return commodity == a->commodity || (commodity_is_group(a->commodity) &&
                                         commodity_get(commodity)->group == a->commodity);
}

/* The date and the amount still expected of a fact at c, before any policy. */
static bool expected_of(const struct oracle *o, const struct event *ev, int64_t c,
                        int64_t *date, int64_t *amount)
{
    const struct shipment *s = &ev->as.shipment;
    const struct pledge *p = &ev->as.pledge;
    int64_t year;

    if (ev->kind == EVENT_SHIPMENT) {
        *date = s->eta;
        *amount = qty_base_units(s->quantity.amount);
        return counted_on(s, c);
    }
    if (ev->kind != EVENT_PLEDGE || p->status != PLEDGE_AGREED)
        return false;
    *date = p->due;
    if (p->due == TIME_NONE)
        oracle_year(o, p->to, p->commodity, c, &year, date);
    *amount = qty_base_units(p->quantity.amount);
    for (size_t i = 0; i < o->len; i++) {
        const struct event *ship = o->facts[i];

        if (ship->kind != EVENT_SHIPMENT || !oracle_counts(ship) ||
            oracle_pledge_of(o, ship) != ev)
            continue;
        if (ship->as.shipment.arrived != TIME_NONE || counted_on(&ship->as.shipment, c))
            *amount -= qty_base_units(oracle_credit(o, ship));
    }
    if (*amount < 0)
        *amount = 0;
    return *date > c;
}

size_t oracle_promises(const struct oracle_account *a, int64_t c,
                       struct oracle_promise out[ORACLE_FACTS_MAX])
{
    size_t len = 0;

    for (size_t i = 0; i < a->o->len; i++) {
        const struct event *ev = a->o->facts[i];
        bool ship = ev->kind == EVENT_SHIPMENT;
        int64_t date;
        int64_t amount;

        if ((!ship && ev->kind != EVENT_PLEDGE) || !oracle_counts(ev))
            continue;
        place_id from = ship ? ev->as.shipment.from : ev->as.pledge.from;
        place_id to = ship ? ev->as.shipment.to : ev->as.pledge.to;
        commodity_id goods = ship ? ev->as.shipment.commodity : ev->as.pledge.commodity;

        if (!oracle_concerns(a, to, goods) || !expected_of(a->o, ev, c, &date, &amount))
            continue;
        struct qty kept = {amount * factor_of(a->o, from, to, goods, date) /
                           POLICY_FACTOR_ONE};

        out[len++] =
            (struct oracle_promise){date, oracle_amount(a->commodity, goods, kept)};
    }
    return len;
}

int128_t oracle_promised(const struct oracle_promise *p, size_t len, int64_t until,
                         bool jump)
{
    int128_t sum = 0;

    for (size_t i = 0; i < len; i++) {
        if (p[i].date < until || (p[i].date == until && jump))
            sum += p[i].amount;
    }
    return sum * PICO;
}
