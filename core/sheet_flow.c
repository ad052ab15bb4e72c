/* Lines of a sheet that are dated: what was made, used, sent and received. A rate counts
 * as far as it has run, the rest of it at its end, as on the account's path. */
#include "sheet_parts.h"

#include "ledger.h"

bool sheet_concerns(const struct sheet_maker *m, commodity_id commodity)
{
    return commodity == m->commodity || (commodity_is_group(m->commodity) &&
                                         commodity_get(commodity)->group == m->commodity);
}

int128_t sheet_pico(const struct sheet_maker *m, commodity_id commodity,
                    struct qty amount)
{
    return commodity == m->commodity ? qty_pico(amount) : group_pico(commodity, amount);
}

static void newer(int64_t *newest, int64_t published)
{
    if (*newest == TIME_NONE || published > *newest)
        *newest = published;
}

void sheet_add(struct sheet_sum *sum, int128_t to_date, int128_t expected,
               int64_t published)
{
    if (to_date == 0 && expected == 0)
        return;
    sum->to_date += to_date;
    sum->expected += expected;
    newer(&sum->newest, published);
}

enum sheet_import sheet_import_of(const struct sheet_fact *ship)
{
    switch (ship->terms) {
    case TERMS_GRANT:
        return IMPORT_AID;
    case TERMS_LOAN:
        return IMPORT_LOAN;
    case TERMS_UNKNOWN:
        return ship->has_pledge ? IMPORT_AID : IMPORT_COMMERCIAL;
    case TERMS_COMMERCIAL:
    case TERMS_BARTER:
    case TERMS_COUNT:
        break;
    }
    return IMPORT_COMMERCIAL;
}

/* What has flowed up to and with `time`. */
static int128_t flowed(int64_t from, int64_t until, int128_t total, int64_t time)
{
    if (time < from)
        return 0;
    if (until == TIME_NONE || time >= until)
        return total;
    return total / ((int128_t)until - from) * (time - from);
}

static void line_add(struct sheet_maker *m, size_t line, const struct sheet_fact *f,
                     int64_t from, int64_t until, struct qty amount)
{
    int128_t total = sheet_pico(m, f->commodity, amount);
    int128_t before = flowed(from, until, total, m->year_start - 1);
    int128_t now = flowed(from, until, total, m->clock);
    int128_t end = flowed(from, until, total, m->year_end);

    sheet_add(&m->lines[line], now - before, end - now, f->published);
}

static void shipment_flow(struct sheet_maker *m, const struct sheet_fact *f)
{
    if (f->departed != TIME_NONE && f->from == m->country)
        line_add(m, SHEET_EXPORTS, f, f->departed, TIME_NONE, f->quantity);
    if (f->arrived != TIME_NONE && f->to == m->country)
        line_add(m, SHEET_ARRIVED + (size_t)sheet_import_of(f), f, f->arrived, TIME_NONE,
                 f->arrived_quantity);
}

/* A report is behind the stock now; with its date, behind the opening stock or behind
 * what was corrected since. */
static void stock_seen(struct sheet_maker *m, const struct sheet_fact *f)
{
    bool is_later = f->time > m->year_start;

    if (f->time > m->clock)
        return;
    newer(&m->lines[SHEET_CLOSING].newest, f->published);
    newer(&m->lines[is_later ? SHEET_DIFFERENCE : SHEET_OPENING].newest, f->published);
    m->is_stock_reported |= is_later;
}

void sheet_flow(struct sheet_maker *m, const struct sheet_fact *f)
{
    if (f->kind == EVENT_POLICY || !sheet_concerns(m, f->commodity))
        return;
    if (f->kind == EVENT_SHIPMENT) {
        shipment_flow(m, f);
        return;
    }
    if (f->to != m->country)
        return;
    if (f->kind == EVENT_PRODUCTION)
        line_add(m, SHEET_PRODUCTION, f, f->time, f->until, f->quantity);
    if (f->kind == EVENT_USE)
        line_add(m, SHEET_USE + (size_t)f->line, f, f->time, f->until, f->quantity);
    if (f->kind == EVENT_STOCK)
        stock_seen(m, f);
}
