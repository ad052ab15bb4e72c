/* Amounts, credits and prices as they are judged from an event alone: each
 * rule with a case at its limit that passes and one beyond it that is refused. */
#include "event_samples.h"

#include <criterion/criterion.h>
#include <string.h>

/* Zero, spelled in `len` bytes; lent until the next call. */
static struct amount no_tonnes(uint32_t len)
{
    static char zeros[EVENT_NUMBER_MAX + 2];

    memset(zeros, '0', sizeof(zeros) - 1);
    zeros[1] = '.';
    zeros[len] = '\0';
    return sample_tonnes(zeros, 0);
}

Test(event_amounts, wants_amounts_that_are_what_was_stated)
{
    PASSES(sample_stock(), ev.as.stock.quantity = sample_tonnes("0", 0));
    PASSES(sample_stock(),
           ev.as.stock.quantity = sample_tonnes("1.0000005", 1000000)); /* half to even */
    PASSES(sample_stock(), ev.as.stock.quantity = sample_tonnes("1e10", QTY_MASS_MAX));
    INVALID(sample_stock(), ev.as.stock.quantity = sample_tonnes("1", 1000001),
            FIELD_QUANTITY);
    INVALID(sample_stock(), ev.as.stock.quantity = sample_tonnes("", 0), FIELD_QUANTITY);
    INVALID(sample_stock(), ev.as.stock.quantity = sample_tonnes("many", 0),
            FIELD_QUANTITY);
    INVALID(sample_stock(), ev.as.stock.quantity = sample_tonnes("-1", 0),
            FIELD_QUANTITY);
    PASSES(sample_stock(), ev.as.stock.quantity = sample_tonnes("-0", 0));
    BEYOND(sample_stock(), ev.as.stock.quantity = sample_tonnes("1e401", 0),
           FIELD_QUANTITY);
    BEYOND(sample_stock(), ev.as.stock.quantity = sample_tonnes("10000000000.000001", 0),
           FIELD_QUANTITY);
    PASSES(sample_stock(), ev.as.stock.quantity = no_tonnes(EVENT_NUMBER_MAX));
    BEYOND(sample_stock(), ev.as.stock.quantity = no_tonnes(EVENT_NUMBER_MAX + 1),
           FIELD_QUANTITY);
    INVALID(sample_stock(), ev.as.stock.quantity.unit = UNIT_NONE, FIELD_UNIT);
    INVALID(sample_stock(), ev.as.stock.quantity.unit = unit_find(text_of("GJ")),
            FIELD_UNIT);
    INVALID(sample_stock(), ev.as.stock.quantity.unit = unit_find(text_of("bbl")),
            FIELD_UNIT);
    INVALID(sample_stock(), ev.as.stock.quantity.unit = unit_find(text_of("kg")),
            FIELD_QUANTITY);
    INVALID(sample_stock(), ev.as.stock.quantity.set = FACTOR_SET_NONE, FIELD_UNIT);
}

static struct amount barrels(int64_t grams, factor_set_id set)
{
    struct amount a = sample_tonnes("6350", grams);

    a.unit = unit_find(text_of("bbl"));
    a.set = set;
    return a;
}

/* 6,350 bbl of heavy fuel oil are 1,000 t by one authority, 959.214502 t by another. */
Test(event_amounts, converts_with_the_events_own_factor_set)
{
    factor_set_id un = factor_set_find(text_of("un"));

    PASSES(sample_pledge(),
           ev.as.pledge.quantity = barrels(1000000000, FACTOR_SET_DEFAULT));
    INVALID(sample_pledge(), ev.as.pledge.quantity = barrels(1000000000, un),
            FIELD_QUANTITY);
    PASSES(sample_pledge(), ev.as.pledge.quantity = barrels(959214502, un));
}

Test(event_amounts, takes_the_arrived_quantity_as_the_quantity_is_taken)
{
    PASSES(sample_shipment(),
           ev.as.shipment.arrived_quantity = sample_tonnes("49000", 49000000000));
    PASSES(sample_shipment(), ev.as.shipment.arrived_quantity = sample_tonnes("0", 0));
    PASSES(sample_shipment(), ev.as.shipment.arrived_quantity.unit = UNIT_NONE);
    INVALID(sample_shipment(),
            ev.as.shipment.arrived_quantity = sample_tonnes("49000", 49000000001),
            FIELD_ARRIVED_QUANTITY);
    INVALID(sample_shipment(), ev.as.shipment.arrived_quantity.amount.base_units--,
            FIELD_ARRIVED_QUANTITY);
    INVALID(sample_shipment(), ev.as.shipment.arrived_quantity = barrels(1000000000, 0),
            FIELD_ARRIVED_QUANTITY);
    INVALID(sample_shipment(),
            (ev.as.shipment.arrived_quantity = sample_tonnes("1", 1000000),
             ev.as.shipment.arrived_quantity.set = factor_set_find(text_of("un"))),
            FIELD_ARRIVED_QUANTITY);
    INVALID(sample_shipment(), ev.as.shipment.arrived_quantity = sample_tonnes("-1", 0),
            FIELD_ARRIVED_QUANTITY);
}

Test(event_amounts, takes_any_decimal_of_zero_or_more_as_credit)
{
    PASSES(sample_shipment(), ev.as.shipment.credit = text_of("0"));
    PASSES(sample_shipment(), ev.as.shipment.credit = text_of("1250.5"));
    INVALID(sample_shipment(), ev.as.shipment.credit = text_of("-1"), FIELD_CREDIT);
    INVALID(sample_shipment(), ev.as.shipment.credit = text_of("all"), FIELD_CREDIT);
    BEYOND(sample_shipment(), ev.as.shipment.credit = text_of("1e401"), FIELD_CREDIT);
}

static struct event priced(const char *number, int64_t money)
{
    struct event ev = sample_price();

    ev.as.price.number = text_of(number);
    ev.as.price.money = money;
    return ev;
}

Test(event_amounts, takes_prices_as_stated)
{
    PASSES(priced("-37.63", -376300), (void)ev);
    PASSES(priced("0.00005", 0), (void)ev);
    PASSES(priced("0.00015", 2), (void)ev);
    PASSES(priced("922337203685477.5807", INT64_MAX), (void)ev);
    BEYOND(priced("922337203685477.5808", INT64_MAX), (void)ev, FIELD_PRICE);
    INVALID(priced("143.95", 1439501), (void)ev, FIELD_PRICE);
    INVALID(priced("", 0), (void)ev, FIELD_PRICE);
    INVALID(priced("NaN", 0), (void)ev, FIELD_PRICE);
    PASSES(sample_paid_in("KPW"), (void)ev);
    PASSES(sample_paid_in("AZN"), (void)ev);
    PASSES(sample_paid_in("ZAR"), (void)ev);
    INVALID(sample_paid_in("usd"), (void)ev, FIELD_CURRENCY);
    INVALID(sample_paid_in("US\0"), (void)ev, FIELD_CURRENCY);
    INVALID(sample_paid_in("USDX"), (void)ev, FIELD_CURRENCY);
    INVALID(sample_paid_in("U$D"), (void)ev, FIELD_CURRENCY);
    INVALID(sample_paid_in("\0\0\0"), (void)ev, FIELD_CURRENCY);
    INVALID(sample_price(), ev.as.price.unit = UNIT_NONE, FIELD_UNIT);
    PASSES(sample_price(), (ev.as.price.commodity = sample_goods("natural_gas"),
                            ev.as.price.unit = unit_find(text_of("MMBtu"))));
}
