/* What a line of JSON means: the members of the event that it becomes. */
#include "shortfall/proto/json.h"

#include "json_lines.h"

#include <criterion/criterion.h>
#include <string.h>

#define DAY_2008_01_21 INT64_C(1200873600000000)
#define DAY_2008_02_02 INT64_C(1201910400000000)
#define DAY_2008_07_03 INT64_C(1215043200000000)

static struct json_reader *reader;
static struct event ev;
static struct json_error error;

static void open_reader(void)
{
    cr_assert_eq(json_reader_new(&reader), ST_OK);
}

static void close_reader(void)
{
    json_reader_free(reader);
}

TestSuite(json_read, .init = open_reader, .fini = close_reader);

static enum status read_line(const char *line)
{
    memset(&error, 0, sizeof error);
    return json_read_event(reader, text_of(line), FACTOR_SET_DEFAULT, &ev, &error);
}

static void accept(const char *line)
{
    enum status st = read_line(line);

    cr_assert_eq(st, ST_OK, "%s\n%s: column %u: %s: %s", line, status_text(st),
                 error.column, error.field, error.text);
}

Test(json_read, a_shipment_has_its_milestones)
{
    const struct shipment *s = &ev.as.shipment;

    accept(SHIPMENT ",\"departed\":\"2008-01-20T12:00:00Z\",\"arrived\":\"2008-01-21\","
                    "\"terms\":\"grant\",\"pledge\":\"rus-hfo\",\"credit\":\"49999.5\","
                    "\"arrived_quantity\":49000.25,\"revision\":2,"
                    "\"published\":\"2008-02-02\",\"note\":\"by rail\",\"ref\":\"p. 3\","
                    "\"alternative_to\":\"other/fact\",\"cancelled\":true}");
    cr_assert_eq(ev.kind, EVENT_SHIPMENT);
    cr_assert(text_is(ev.source, "s"));
    cr_assert(text_is(ev.id, "i"));
    cr_assert_eq(ev.revision, 2);
    cr_assert(!ev.retract);
    cr_assert_eq(ev.time, DAY_2008_01_21);
    cr_assert_eq(ev.published, DAY_2008_02_02);
    cr_assert(ev.states_published);
    cr_assert(text_is(ev.note, "by rail"));
    cr_assert(text_is(ev.ref, "p. 3"));
    cr_assert(text_is(ev.alternative_to, "other/fact"));
    cr_assert_str_eq(place_code(s->from), "RUS");
    cr_assert_str_eq(place_code(s->to), "PRK");
    cr_assert_str_eq(commodity_code(s->commodity), "heavy_fuel_oil");
    cr_assert_eq(qty_base_units(s->quantity.amount), INT64_C(50000000000));
    cr_assert(text_is(s->quantity.number, "50000"));
    cr_assert_str_eq(unit_code(s->quantity.unit), "t");
    cr_assert_eq(qty_base_units(s->arrived_quantity.amount), INT64_C(49000250000));
    cr_assert(text_is(s->arrived_quantity.number, "49000.25"));
    cr_assert_eq(s->arrived_quantity.unit, s->quantity.unit);
    cr_assert_eq(s->departed, DAY_2008_01_21 - DAY_US / 2);
    cr_assert_eq(s->eta, TIME_NONE);
    cr_assert_eq(s->arrived, DAY_2008_01_21);
    cr_assert(s->cancelled);
    cr_assert_eq(s->terms, TERMS_GRANT);
    cr_assert(text_is(s->pledge, "rus-hfo"));
    cr_assert(text_is(s->credit, "49999.5"));
}

Test(json_read, what_a_shipment_does_not_state_has_its_default)
{
    const struct shipment *s = &ev.as.shipment;

    accept(SHIPMENT "}");
    cr_assert_eq(ev.revision, 0);
    cr_assert_eq(ev.published, ev.time);
    cr_assert(!ev.states_published);
    cr_assert_eq(s->departed, TIME_NONE);
    cr_assert_eq(s->eta, TIME_NONE);
    cr_assert_eq(s->arrived, TIME_NONE);
    cr_assert(!s->cancelled);
    cr_assert_eq(s->terms, TERMS_UNKNOWN);
    cr_assert_eq(s->pledge.len, 0);
    cr_assert_eq(s->credit.len, 0);
    cr_assert_eq(s->arrived_quantity.number.len, 0);
    cr_assert_eq(qty_base_units(s->arrived_quantity.amount), INT64_C(50000000000));
    cr_assert_eq(ev.note.len, 0);
}

Test(json_read, keys_may_come_in_any_order_and_kind_last)
{
    accept(
        "{ \"unit\" :\"kbbl\" ,\t\"quantity\":\"1\",\"commodity\":\"heavy_fuel_oil\","
        "\"status\":\"agreed\",\"due\":\"2008-02-02\",\"to\":\"PRK\",\"from\":\"RUS\","
        "\"time\":\"2008-01-21\",\"id\":\"i\",\"source\":\"s\",\"kind\":\"pledge\" }\r");
    cr_assert_eq(ev.kind, EVENT_PLEDGE);
    /* 1000 / 6.35 t; half to even of 157480314.96 g */
    cr_assert_eq(qty_base_units(ev.as.pledge.quantity.amount), INT64_C(157480315));
    cr_assert_eq(ev.as.pledge.status, PLEDGE_AGREED);
    cr_assert_eq(ev.as.pledge.due, DAY_2008_02_02);
}

Test(json_read, a_pledge_needs_no_due)
{
    accept(PLEDGE_ROUTE ",\"status\":\"offered\"}");
    cr_assert_eq(ev.as.pledge.status, PLEDGE_OFFERED);
    cr_assert_eq(ev.as.pledge.due, TIME_NONE);
}

Test(json_read, a_price_is_named_by_its_series_and_time)
{
    const struct price *p = &ev.as.price;

    accept(PRICE ",\"price\":143.95}");
    cr_assert(text_is(ev.id, "crude_oil/brent/USD/bbl/1215043200000000"), "%.*s",
              TEXT_ARGS(ev.id));
    cr_assert_eq(ev.time, DAY_2008_07_03);
    cr_assert_eq(p->money, 1439500);
    cr_assert(text_is(p->number, "143.95"));
    cr_assert(text_is(p->market, "brent"));
    cr_assert_str_eq(p->currency, "USD");
    cr_assert_str_eq(unit_code(p->unit), "bbl");
    cr_assert_str_eq(commodity_code(p->commodity), "crude_oil");
    accept(PRICE ",\"price\":143.95,\"id\":\"own\"}");
    cr_assert(text_is(ev.id, "own"));
    accept(PRICE ",\"price\":143.95,\"id\":\"\"}");
    cr_assert(text_is(ev.id, "crude_oil/brent/USD/bbl/1215043200000000"));
}

Test(json_read, money_is_rounded_half_to_even)
{
    static const struct {
        const char *line;
        int64_t money;
    } rows[] = {
        {PRICE ",\"price\":0.00005}", 0},
        {PRICE ",\"price\":0.00015}", 2},
        {PRICE ",\"price\":\"0.000050000000000000000000000001\"}", 1},
        {PRICE ",\"price\":-37.63}", -376300},
        {PRICE ",\"price\":1.5e2}", 1500000},
        {PRICE ",\"price\":922337203685477.5807}", INT64_MAX},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        accept(rows[i].line);
        cr_assert_eq(ev.as.price.money, rows[i].money, "%s: %lld", rows[i].line,
                     (long long)ev.as.price.money);
    }
}

Test(json_read, a_policy_may_concern_all)
{
    const struct policy *p = &ev.as.policy;

    accept(HEAD("policy") "\"actor\":\"*\",\"target\":\"*\",\"commodity\":\"*\","
                          "\"instrument\":\"embargo\",\"factor\":0.125}");
    cr_assert_eq(p->actor, PLACE_ANY);
    cr_assert_eq(p->target, PLACE_ANY);
    cr_assert_eq(p->commodity, COMMODITY_ANY);
    cr_assert(text_is(p->instrument, "embargo"));
    cr_assert_eq(p->factor, 125);
    cr_assert_eq(p->until, TIME_NONE);
    accept(POLICY ",\"commodity\":\"energy\",\"factor\":\"1.000000\","
                  "\"until\":\"2008-02-02\"}");
    cr_assert_str_eq(commodity_code(p->commodity), "energy");
    cr_assert_eq(p->factor, 1000);
    cr_assert_eq(p->until, DAY_2008_02_02);
    accept(POLICY ",\"commodity\":\"rice\",\"factor\":0}");
    cr_assert_eq(p->factor, 0);
    accept(POLICY ",\"commodity\":\"rice\",\"factor\":5e-3}");
    cr_assert_eq(p->factor, 5);
}

Test(json_read, levels_of_a_country)
{
    accept(STOCK ",\"quantity\":120000,\"unit\":\"t\"}");
    cr_assert_eq(ev.kind, EVENT_STOCK);
    cr_assert_eq(qty_base_units(ev.as.stock.quantity.amount), INT64_C(120000000000));
    cr_assert_str_eq(place_code(ev.as.stock.country), "PRK");
    accept(HEAD("production") "\"country\":\"PRK\",\"commodity\":\"electricity\","
                              "\"quantity\":\"0.5\",\"unit\":\"GWh\"}");
    cr_assert_eq(ev.kind, EVENT_PRODUCTION);
    cr_assert_eq(qty_base_units(ev.as.production.quantity.amount), INT64_C(1800000000));
    cr_assert_eq(ev.as.production.until, TIME_NONE);
    accept(USE ",\"until\":\"2008-02-02\",\"line\":\"seed\"}");
    cr_assert_eq(ev.kind, EVENT_USE);
    cr_assert_eq(ev.as.use.until, DAY_2008_02_02);
    cr_assert_eq(ev.as.use.line, USE_SEED);
}

Test(json_read, a_retraction_needs_only_its_identity)
{
    static const char *const rows[] = {
        HEAD("shipment") "\"revision\":1,\"retract\":true,\"published\":\"2008-02-02\"}",
        /* The whole fact again, withdrawn: nothing of it is kept. */
        SHIPMENT ",\"revision\":1,\"retract\":true,\"published\":\"2008-02-02\"}",
        /* Half of it, so that its amount cannot be counted. */
        HEAD("shipment") "\"quantity\":7,\"revision\":1,\"retract\":true,"
                         "\"published\":\"2008-02-02\"}",
    };
    static const struct shipment nothing;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        accept(rows[i]);
        cr_assert(ev.retract, "row %zu", i);
        cr_assert_eq(ev.revision, 1, "row %zu", i);
        cr_assert_eq(memcmp(&ev.as.shipment, &nothing, sizeof nothing), 0, "row %zu", i);
    }
    /* A price may be named by its series. */
    accept(PRICE ",\"revision\":1,\"retract\":true,\"published\":\"2008-08-01\"}");
    cr_assert(text_is(ev.id, "crude_oil/brent/USD/bbl/1215043200000000"));
    accept(HEAD("stock") "\"retract\":false," /* says nothing */
                         "\"country\":\"PRK\",\"commodity\":\"rice\",\"quantity\":1,"
                         "\"unit\":\"t\"}");
    cr_assert(!ev.retract);
}

Test(json_read, texts_are_decoded_and_outlive_the_line)
{
    char line[] = STOCK ",\"quantity\":1,\"unit\":\"t\",\"note\":\"a\\\"b\\\\c\\/d "
                        "\\u00e9 \\ud83c\\udf3e \xE7\xB1\xB3\",\"ref\":\"\"}";

    accept(line);
    memset(line, 'x', sizeof line);
    cr_assert(text_is(ev.note, "a\"b\\c/d \xC3\xA9 \xF0\x9F\x8C\xBE \xE7\xB1\xB3"));
    cr_assert(text_is(ev.source, "s"));
    cr_assert_eq(ev.ref.len, 0);
}

Test(json_read, the_factor_set_is_used_and_kept)
{
    const char *line = STOCK ",\"quantity\":1,\"unit\":\"bbl\"}";
    struct text un = TEXT_LITERAL("un");
    factor_set_id set = factor_set_find(un);

    cr_assert_neq(set, FACTOR_SET_NONE, "the UN's set has another name now");
    line = HEAD("stock") "\"country\":\"PRK\",\"commodity\":\"heavy_fuel_oil\","
                         "\"quantity\":662,\"unit\":\"bbl\"}";
    cr_assert_eq(json_read_event(reader, text_of(line), set, &ev, &error), ST_OK);
    cr_assert_eq(qty_base_units(ev.as.stock.quantity.amount), 100000000);
    cr_assert_eq(ev.as.stock.quantity.set, set);
}

Test(json_read, a_blank_line_is_no_event)
{
    static const char *const rows[] = {"", " ", "\t \r", "\n"};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_assert_eq(read_line(rows[i]), ST_NOT_FOUND, "row %zu", i);
}
