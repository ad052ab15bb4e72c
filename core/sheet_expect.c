/* Lines of a sheet that are expected (semantics section 4), and, as rows of their own,
 * what is known and not counted on. */
#include "sheet_parts.h"

#include "view.h"

/* The least factor of the policies in force on `date`, in thousandths. */
static int32_t factor_on(const struct sheet_maker *m, const struct sheet_fact *f,
                         int64_t date)
{
    int32_t least = POLICY_FACTOR_ONE;

    for (size_t i = 0; i < m->len; i++) {
        const struct sheet_fact *p = &m->facts[i];

        if (p->kind != EVENT_POLICY || p->factor >= least ||
            (p->from != PLACE_ANY && p->from != f->from) ||
            (p->to != PLACE_ANY && p->to != f->to))
            continue;
        bool goods = p->commodity == COMMODITY_ANY || p->commodity == f->commodity ||
                     p->commodity == commodity_get(f->commodity)->group;

        if (goods && p->time <= date && (p->until == TIME_NONE || date < p->until))
            least = p->factor;
    }
    return least;
}

/* An amount with a date after the clock: on its line, less what policies cut. */
static void expect(struct sheet_maker *m, size_t line, const struct sheet_fact *f,
                   struct qty amount, int64_t date)
{
    struct qty rest =
        qty_fraction(amount, factor_on(m, f, date), (int64_t)POLICY_FACTOR_ONE);
    int128_t counted = sheet_pico(m, f->commodity, rest);
    int128_t cut = sheet_pico(m, f->commodity, amount) - counted;

    if (date > m->year_end) {
        sheet_add(&m->asides[ASIDE_LATER], counted, 0, f->published);
        return;
    }
    sheet_add(&m->lines[line], 0, counted, f->published);
    sheet_add(&m->asides[ASIDE_POLICY], cut, 0, f->published);
}

static bool is_counted_on(const struct sheet_maker *m, const struct sheet_fact *ship)
{
    return ship->arrived == TIME_NONE && !ship->cancelled && ship->eta != TIME_NONE &&
           ship->eta > m->clock;
}

static struct qty credit_of(const struct sheet_fact *ship,
                            const struct sheet_fact *pledge)
{
    struct decimal number;
    struct qty credit = {0};

    if (ship->credit.len > 0) {
        if (decimal_parse(ship->credit, &number) ||
            unit_convert(&number, ship->unit, pledge->commodity, ship->set, &credit,
                         NULL))
            return (struct qty){0};
        return credit;
    }
    if (ship->commodity != pledge->commodity)
        return credit;
    return ship->arrived != TIME_NONE ? ship->arrived_quantity : ship->quantity;
}

/* A ship that is neither here nor counted on is in the pledge's remainder already. */
static bool is_in_pledge(const struct sheet_fact *pledge, const struct sheet_fact *ship)
{
    return pledge != NULL && pledge->status == PLEDGE_AGREED &&
           qty_base_units(credit_of(ship, pledge)) > 0;
}

void sheet_expect_shipment(struct sheet_maker *m, const struct sheet_fact *pledge,
                           const struct sheet_fact *ship)
{
    if (ship->arrived != TIME_NONE || ship->cancelled || ship->to != m->country ||
        !sheet_concerns(m, ship->commodity))
        return;
    bool at_sea = ship->departed != TIME_NONE && ship->departed <= m->clock;
    size_t line = (at_sea ? SHEET_AT_SEA : SHEET_CONTRACTED) + sheet_import_of(ship);

    if (is_counted_on(m, ship))
        expect(m, line, ship, ship->quantity, ship->eta);
    else if (!is_in_pledge(pledge, ship))
        sheet_add(
            &m->asides[ship->eta == TIME_NONE ? ASIDE_UNDATED : ASIDE_SHIPS_OVERDUE],
            sheet_pico(m, ship->commodity, ship->quantity), 0, ship->published);
}

/* What a pledge's shipments have brought, and what is left of it beside those under way.
 */
struct progress {
    struct qty left;
    int128_t arrived;
    int64_t newest;
};

static struct progress progress_of(const struct sheet_maker *m, size_t index)
{
    const struct sheet_fact *pledge = &m->facts[index];
    struct progress p = {pledge->quantity, 0, pledge->published};

    for (size_t i = index + 1; i < m->len && hash128_equal(m->facts[i].key, pledge->key);
         i++) {
        const struct sheet_fact *ship = &m->facts[i];
        struct qty credit = credit_of(ship, pledge);

        if (ship->arrived != TIME_NONE || is_counted_on(m, ship))
            p.left = qty_remainder(p.left, credit);
        if (ship->arrived == TIME_NONE || ship->arrived > m->clock)
            continue;
        p.arrived += sheet_pico(m, pledge->commodity, credit);
        p.newest = ship->published > p.newest ? ship->published : p.newest;
    }
    return p;
}

static int64_t pledge_date(const struct sheet_maker *m, const struct sheet_fact *pledge)
{
    int64_t start;
    int64_t end;

    if (pledge->until != TIME_NONE)
        return pledge->until;
    balance_year(m->w, pledge->to, pledge->commodity, m->clock, &start, &end);
    return end;
}

void sheet_expect_pledge(struct sheet_maker *m, size_t index)
{
    const struct sheet_fact *f = &m->facts[index];

    if (f->to != m->country || !sheet_concerns(m, f->commodity))
        return;
    struct progress p = progress_of(m, index);
    int128_t left = sheet_pico(m, f->commodity, p.left);
    int128_t pledged = sheet_pico(m, f->commodity, f->quantity);
    int64_t date = pledge_date(m, f);

    if (f->status == PLEDGE_AGREED && date > m->clock)
        expect(m, SHEET_PLEDGES, f, p.left, date);
    else if (f->status == PLEDGE_AGREED)
        sheet_add(&m->asides[ASIDE_PLEDGES_OVERDUE], left, 0, f->published);
    else if (f->status == PLEDGE_OFFERED || f->status == PLEDGE_SUSPENDED)
        sheet_add(&m->asides[ASIDE_NOT_AGREED], left, 0, f->published);
    if (f->status != PLEDGE_AGREED && f->status != PLEDGE_COMPLETE)
        return;
    sheet_add(&m->pledged, pledged, 0, f->published);
    sheet_add(&m->delivered, p.arrived < pledged ? p.arrived : pledged, 0, p.newest);
}
