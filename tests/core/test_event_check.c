/* What can be judged from an event alone: each rule with a case at its limit that passes
 * and one beyond it that is refused in the right field. */
#include "shortfall/core/event.h"

#include <criterion/criterion.h>
#include <string.h>

#define TIME_2008 INT64_C(1225497600000000) /* 2008-11-01 */

static struct amount tonnes(const char *number, int64_t grams)
{
    struct amount a = {.number = text_of(number), .unit = unit_find(text_of("t"))};

    cr_assert(qty_make(grams, DIMENSION_MASS, &a.amount) == ST_OK, "%s", number);
    return a;
}

static struct event event(enum event_kind kind)
{
    return (struct event){.kind = kind,
                          .source = text_of("6pt"),
                          .id = text_of("rus-1"),
                          .time = TIME_2008,
                          .published = TIME_2008};
}

static place_id place(const char *code)
{
    place_id id = place_find(text_of(code));

    cr_assert(id != PLACE_NONE, "%s", code);
    return id;
}

static commodity_id goods(const char *code)
{
    commodity_id id = commodity_find(text_of(code));

    cr_assert(id != COMMODITY_NONE, "%s", code);
    return id;
}

static struct event shipment(void)
{
    struct event ev = event(EVENT_SHIPMENT);

    ev.as.shipment = (struct shipment){.from = place("RUS"),
                                       .to = place("PRK"),
                                       .commodity = goods("heavy_fuel_oil"),
                                       .quantity = tonnes("50000", 50000000000),
                                       .departed = TIME_NONE,
                                       .eta = TIME_NONE,
                                       .arrived = TIME_2008};
    ev.as.shipment.arrived_quantity = ev.as.shipment.quantity;
    ev.as.shipment.arrived_quantity.number = (struct text){NULL, 0};
    return ev;
}

static struct event pledge(void)
{
    struct event ev = event(EVENT_PLEDGE);

    ev.as.pledge = (struct pledge){.from = place("RUS"),
                                   .to = place("PRK"),
                                   .commodity = goods("heavy_fuel_oil"),
                                   .quantity = tonnes("200000", 200000000000),
                                   .due = TIME_NONE,
                                   .status = PLEDGE_AGREED};
    return ev;
}

static struct event price(void)
{
    struct event ev = event(EVENT_PRICE);

    ev.as.price = (struct price){.commodity = goods("crude_oil"),
                                 .market = text_of("brent"),
                                 .money = 1439500,
                                 .number = text_of("143.95"),
                                 .currency = "USD",
                                 .unit = unit_find(text_of("bbl"))};
    return ev;
}

static struct event policy(void)
{
    struct event ev = event(EVENT_POLICY);

    ev.as.policy = (struct policy){.actor = place("KOR"),
                                   .target = place("PRK"),
                                   .commodity = COMMODITY_ANY,
                                   .instrument = text_of("aid suspension"),
                                   .until = TIME_NONE};
    return ev;
}

static struct level level(void)
{
    return (struct level){.country = place("PRK"),
                          .commodity = goods("food"),
                          .quantity = tonnes("3342000", 3342000000000),
                          .until = TIME_NONE};
}

static struct event stock(void)
{
    struct event ev = event(EVENT_STOCK);

    ev.as.stock = level();
    return ev;
}

static struct event production(void)
{
    struct event ev = event(EVENT_PRODUCTION);

    ev.as.production = level();
    return ev;
}

static struct event use(void)
{
    struct event ev = event(EVENT_USE);

    ev.as.use = level();
    ev.as.use.until = TIME_2008 + 365 * DAY_US;
    return ev;
}

static void assert_passes(const struct event *ev, const char *label)
{
    struct event_problem problem = {0};
    enum status st = event_check(ev, &problem);

    cr_assert(st == ST_OK, "%s: %s: %s", label, event_field_name(problem.field),
              problem.text);
}

static void assert_refused(const struct event *ev, enum event_field field, enum status st,
                           const char *label)
{
    struct event_problem problem = {.field = FIELD_COUNT};
    enum status found = event_check(ev, &problem);

    cr_assert(found == st, "%s: %s, expected %s", label, status_text(found),
              status_text(st));
    cr_assert(problem.field == field, "%s: in %s: %s", label,
              problem.field < FIELD_COUNT ? event_field_name(problem.field) : "no field",
              problem.text);
    cr_assert(problem.text[0] != '\0', "%s: says nothing", label);
    cr_assert(event_check(ev, NULL) == st, "%s: without a problem", label);
}

/* An event, one change to it, and what becomes of it. */
#define PASSES(base, change)                                                             \
    do {                                                                                 \
        struct event ev = base;                                                          \
        change;                                                                          \
        assert_passes(&ev, #base ", " #change);                                          \
    } while (0)

#define REFUSED(base, change, field, st)                                                 \
    do {                                                                                 \
        struct event ev = base;                                                          \
        change;                                                                          \
        assert_refused(&ev, field, st, #base ", " #change);                              \
    } while (0)

#define INVALID(base, change, field) REFUSED(base, change, field, ST_INVALID)
#define BEYOND(base, change, field)  REFUSED(base, change, field, ST_OVERFLOW)

/* `len` bytes of text; lent until the next call. */
static struct text long_text(uint32_t len)
{
    static char bytes[1024];

    cr_assert(len <= sizeof(bytes), "%u", len);
    memset(bytes, 'x', sizeof(bytes));
    return (struct text){bytes, len};
}

Test(event_check, passes_every_kind)
{
    PASSES(shipment(), (void)ev);
    PASSES(pledge(), (void)ev);
    PASSES(price(), (void)ev);
    PASSES(policy(), (void)ev);
    PASSES(stock(), (void)ev);
    PASSES(production(), (void)ev);
    PASSES(use(), (void)ev);
    INVALID(use(), ev.kind = EVENT_KIND_COUNT, FIELD_KIND);
}

#define ROW(bytes, passes)                                                               \
    {                                                                                    \
        {bytes, sizeof(bytes) - 1}, passes                                               \
    }

Test(event_check, keeps_names_apart_that_look_alike)
{
    static const struct {
        struct text text;
        bool passes;
    } rows[] = {
        ROW("a", true),     ROW("two words", true), ROW("\xE6\xB0\xB4", true),
        ROW("", false),     ROW(" ", false),        ROW(" a", false),
        ROW("a ", false),   ROW("a\n", false),      ROW("a\0", false),
        ROW("a\tb", false), ROW("\xFF", false),     ROW("\xE2\x80\xAE", false),
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct text t = rows[i].text;

        if (rows[i].passes) {
            PASSES(shipment(), ev.source = t);
            PASSES(shipment(), ev.id = t);
            PASSES(price(), ev.as.price.market = t);
            PASSES(policy(), ev.as.policy.instrument = t);
        } else {
            INVALID(shipment(), ev.source = t, FIELD_SOURCE);
            INVALID(shipment(), ev.id = t, FIELD_ID);
            INVALID(price(), ev.as.price.market = t, FIELD_MARKET);
            INVALID(policy(), ev.as.policy.instrument = t, FIELD_INSTRUMENT);
        }
    }
    PASSES(shipment(), ev.id = text_of("a/b"));
    INVALID(shipment(), ev.source = text_of("a/b"), FIELD_SOURCE);
}

Test(event_check, limits_the_length_of_texts)
{
    PASSES(shipment(), ev.source = long_text(EVENT_SOURCE_MAX));
    INVALID(shipment(), ev.source = long_text(EVENT_SOURCE_MAX + 1), FIELD_SOURCE);
    PASSES(shipment(), ev.id = long_text(EVENT_ID_MAX));
    INVALID(shipment(), ev.id = long_text(EVENT_ID_MAX + 1), FIELD_ID);
    PASSES(shipment(), ev.note = long_text(EVENT_NOTE_MAX));
    INVALID(shipment(), ev.note = long_text(EVENT_NOTE_MAX + 1), FIELD_NOTE);
    PASSES(shipment(), ev.ref = long_text(EVENT_NOTE_MAX));
    INVALID(shipment(), ev.ref = long_text(EVENT_NOTE_MAX + 1), FIELD_REF);
    PASSES(price(), ev.as.price.market = long_text(EVENT_MARKET_MAX));
    INVALID(price(), ev.as.price.market = long_text(EVENT_MARKET_MAX + 1), FIELD_MARKET);
    PASSES(policy(), ev.as.policy.instrument = long_text(EVENT_INSTRUMENT_MAX));
    INVALID(policy(), ev.as.policy.instrument = long_text(EVENT_INSTRUMENT_MAX + 1),
            FIELD_INSTRUMENT);
    PASSES(shipment(), ev.note = text_of(" free, \"quoted\" and caf\xC3\xA9 "));
    INVALID(shipment(), ev.note = text_of("two\nlines"), FIELD_NOTE);
    INVALID(shipment(), ev.ref = text_of("\x1B[2J"), FIELD_REF);
}

Test(event_check, keeps_revisions_from_backdating_themselves)
{
    PASSES(stock(), ev.states_published = true);
    PASSES(stock(), (ev.states_published = true, ev.published = TIME_2008 - DAY_US));
    INVALID(stock(), ev.published = TIME_2008 + 1, FIELD_PUBLISHED);
    INVALID(stock(), ev.published = TIME_NONE, FIELD_PUBLISHED);
    INVALID(stock(), ev.revision = 1, FIELD_PUBLISHED);
    PASSES(stock(), (ev.revision = 1, ev.states_published = true));
    PASSES(stock(), (ev.revision = EVENT_REVISION_MAX, ev.states_published = true));
    INVALID(stock(), (ev.revision = -1, ev.states_published = true), FIELD_REVISION);
    INVALID(stock(), ev.retract = true, FIELD_PUBLISHED);
    PASSES(stock(), (ev.retract = true, ev.states_published = true));
}

Test(event_check, looks_at_nothing_but_the_identity_of_a_retraction)
{
    struct event ev = event(EVENT_USE);

    ev.retract = true;
    ev.states_published = true;
    ev.note = text_of("stated in error");
    assert_passes(&ev, "a retraction with a note");
    ev.id.len = 0;
    assert_refused(&ev, FIELD_ID, ST_INVALID, "a retraction without id");
}

Test(event_check, keeps_times_within_the_calendar)
{
    PASSES(stock(), (ev.time = TIME_MIN, ev.published = TIME_MIN));
    PASSES(stock(), (ev.time = TIME_MAX, ev.published = TIME_MAX));
    BEYOND(stock(), ev.time = TIME_MIN - 1, FIELD_TIME);
    BEYOND(stock(), ev.time = TIME_MAX + 1, FIELD_TIME);
    BEYOND(stock(), ev.time = TIME_END, FIELD_TIME);
    INVALID(stock(), ev.time = TIME_NONE, FIELD_TIME);
    BEYOND(stock(), (ev.states_published = true, ev.published = TIME_MAX + 1),
           FIELD_PUBLISHED);
    PASSES(shipment(), ev.as.shipment.departed = TIME_MIN);
    BEYOND(shipment(), ev.as.shipment.departed = TIME_MIN - 1, FIELD_DEPARTED);
    BEYOND(shipment(), ev.as.shipment.eta = TIME_MAX + 1, FIELD_ETA);
    BEYOND(shipment(), ev.as.shipment.arrived = TIME_END, FIELD_ARRIVED);
    BEYOND(pledge(), ev.as.pledge.due = TIME_MAX + 1, FIELD_DUE);
    PASSES(pledge(), ev.as.pledge.due = TIME_MAX);
}

/* Milestones in the wrong order are real data. */
Test(event_check, lets_milestones_stand_in_any_order)
{
    PASSES(shipment(), ev.as.shipment.departed = TIME_2008 + DAY_US);
    PASSES(shipment(), ev.as.shipment.eta = TIME_2008 - DAY_US);
    PASSES(shipment(), ev.as.shipment.cancelled = true);
}

Test(event_check, wants_until_after_time)
{
    PASSES(policy(), ev.as.policy.until = TIME_2008 + 1);
    INVALID(policy(), ev.as.policy.until = TIME_2008, FIELD_UNTIL);
    PASSES(production(), ev.as.production.until = TIME_2008 + 1);
    INVALID(production(), ev.as.production.until = TIME_2008, FIELD_UNTIL);
    INVALID(production(), ev.as.production.until = TIME_2008 - 1, FIELD_UNTIL);
    PASSES(use(), ev.as.use.until = TIME_2008 + 1);
    INVALID(use(), ev.as.use.until = TIME_2008, FIELD_UNTIL);
    INVALID(use(), ev.as.use.until = TIME_NONE, FIELD_UNTIL);
    BEYOND(use(), ev.as.use.until = TIME_END, FIELD_UNTIL);
}

Test(event_check, knows_who_may_be_where)
{
    PASSES(shipment(), ev.as.shipment.from = place("WFP"));
    PASSES(pledge(), ev.as.pledge.to = place("KEDO"));
    INVALID(shipment(), ev.as.shipment.to = ev.as.shipment.from, FIELD_TO);
    INVALID(pledge(), ev.as.pledge.to = ev.as.pledge.from, FIELD_TO);
    INVALID(shipment(), ev.as.shipment.from = PLACE_ANY, FIELD_FROM);
    INVALID(shipment(), ev.as.shipment.to = PLACE_NONE, FIELD_TO);
    INVALID(pledge(), ev.as.pledge.from = (place_id)place_count(), FIELD_FROM);
    INVALID(stock(), ev.as.stock.country = place("WFP"), FIELD_COUNTRY);
    INVALID(production(), ev.as.production.country = PLACE_ANY, FIELD_COUNTRY);
    INVALID(use(), ev.as.use.country = PLACE_NONE, FIELD_COUNTRY);
    PASSES(policy(), ev.as.policy.actor = PLACE_ANY);
    PASSES(policy(), ev.as.policy.target = PLACE_ANY);
    PASSES(policy(), ev.as.policy.actor = place("WFP"));
    INVALID(policy(), ev.as.policy.actor = PLACE_NONE, FIELD_ACTOR);
    INVALID(policy(), ev.as.policy.target = (place_id)place_count(), FIELD_TARGET);
}

Test(event_check, takes_groups_everywhere_and_all_goods_in_policies_only)
{
    PASSES(shipment(), ev.as.shipment.commodity = goods("food"));
    PASSES(price(), ev.as.price.commodity = goods("energy"));
    PASSES(policy(), ev.as.policy.commodity = goods("energy"));
    PASSES(policy(), ev.as.policy.commodity = goods("crude_oil"));
    INVALID(policy(), ev.as.policy.commodity = COMMODITY_NONE, FIELD_COMMODITY);
    INVALID(shipment(), ev.as.shipment.commodity = COMMODITY_ANY, FIELD_COMMODITY);
    INVALID(price(), ev.as.price.commodity = COMMODITY_ANY, FIELD_COMMODITY);
    INVALID(stock(), ev.as.stock.commodity = COMMODITY_NONE, FIELD_COMMODITY);
    INVALID(use(), ev.as.use.commodity = (commodity_id)commodity_count(),
            FIELD_COMMODITY);
}

/* Zero, spelled in `len` bytes; lent until the next call. */
static struct amount no_tonnes(uint32_t len)
{
    static char zeros[EVENT_NUMBER_MAX + 2];

    memset(zeros, '0', sizeof(zeros) - 1);
    zeros[1] = '.';
    zeros[len] = '\0';
    return tonnes(zeros, 0);
}

Test(event_check, wants_amounts_that_are_what_was_stated)
{
    PASSES(stock(), ev.as.stock.quantity = tonnes("0", 0));
    PASSES(stock(),
           ev.as.stock.quantity = tonnes("1.0000005", 1000000)); /* half to even */
    PASSES(stock(), ev.as.stock.quantity = tonnes("1e10", QTY_MASS_MAX));
    INVALID(stock(), ev.as.stock.quantity = tonnes("1", 1000001), FIELD_QUANTITY);
    INVALID(stock(), ev.as.stock.quantity = tonnes("", 0), FIELD_QUANTITY);
    INVALID(stock(), ev.as.stock.quantity = tonnes("many", 0), FIELD_QUANTITY);
    INVALID(stock(), ev.as.stock.quantity = tonnes("-1", 0), FIELD_QUANTITY);
    PASSES(stock(), ev.as.stock.quantity = tonnes("-0", 0));
    BEYOND(stock(), ev.as.stock.quantity = tonnes("1e401", 0), FIELD_QUANTITY);
    BEYOND(stock(), ev.as.stock.quantity = tonnes("10000000000.000001", 0),
           FIELD_QUANTITY);
    PASSES(stock(), ev.as.stock.quantity = no_tonnes(EVENT_NUMBER_MAX));
    BEYOND(stock(), ev.as.stock.quantity = no_tonnes(EVENT_NUMBER_MAX + 1),
           FIELD_QUANTITY);
    INVALID(stock(), ev.as.stock.quantity.unit = UNIT_NONE, FIELD_UNIT);
    INVALID(stock(), ev.as.stock.quantity.unit = unit_find(text_of("GJ")), FIELD_UNIT);
    INVALID(stock(), ev.as.stock.quantity.unit = unit_find(text_of("bbl")), FIELD_UNIT);
    INVALID(stock(), ev.as.stock.quantity.unit = unit_find(text_of("kg")),
            FIELD_QUANTITY);
    INVALID(stock(), ev.as.stock.quantity.set = FACTOR_SET_NONE, FIELD_UNIT);
}

static struct amount barrels(int64_t grams, factor_set_id set)
{
    struct amount a = tonnes("6350", grams);

    a.unit = unit_find(text_of("bbl"));
    a.set = set;
    return a;
}

/* 6,350 bbl of heavy fuel oil are 1,000 t by one authority, 959.214502 t by another. */
Test(event_check, converts_with_the_events_own_factor_set)
{
    factor_set_id un = factor_set_find(text_of("un"));

    PASSES(pledge(), ev.as.pledge.quantity = barrels(1000000000, FACTOR_SET_DEFAULT));
    INVALID(pledge(), ev.as.pledge.quantity = barrels(1000000000, un), FIELD_QUANTITY);
    PASSES(pledge(), ev.as.pledge.quantity = barrels(959214502, un));
}

Test(event_check, takes_the_arrived_quantity_as_the_quantity_is_taken)
{
    PASSES(shipment(), ev.as.shipment.arrived_quantity = tonnes("49000", 49000000000));
    PASSES(shipment(), ev.as.shipment.arrived_quantity = tonnes("0", 0));
    PASSES(shipment(), ev.as.shipment.arrived_quantity.unit = UNIT_NONE);
    INVALID(shipment(), ev.as.shipment.arrived_quantity = tonnes("49000", 49000000001),
            FIELD_ARRIVED_QUANTITY);
    INVALID(shipment(), ev.as.shipment.arrived_quantity.amount.base_units--,
            FIELD_ARRIVED_QUANTITY);
    INVALID(shipment(), ev.as.shipment.arrived_quantity = barrels(1000000000, 0),
            FIELD_ARRIVED_QUANTITY);
    INVALID(shipment(),
            (ev.as.shipment.arrived_quantity = tonnes("1", 1000000),
             ev.as.shipment.arrived_quantity.set = factor_set_find(text_of("un"))),
            FIELD_ARRIVED_QUANTITY);
    INVALID(shipment(), ev.as.shipment.arrived_quantity = tonnes("-1", 0),
            FIELD_ARRIVED_QUANTITY);
}

Test(event_check, takes_any_decimal_of_zero_or_more_as_credit)
{
    PASSES(shipment(), ev.as.shipment.credit = text_of("0"));
    PASSES(shipment(), ev.as.shipment.credit = text_of("1250.5"));
    INVALID(shipment(), ev.as.shipment.credit = text_of("-1"), FIELD_CREDIT);
    INVALID(shipment(), ev.as.shipment.credit = text_of("all"), FIELD_CREDIT);
    BEYOND(shipment(), ev.as.shipment.credit = text_of("1e401"), FIELD_CREDIT);
}

Test(event_check, knows_how_facts_are_named)
{
    static char longest[EVENT_FACT_MAX + 1];

    memset(longest, 'x', sizeof(longest));
    longest[EVENT_SOURCE_MAX] = '/';
    PASSES(shipment(), ev.as.shipment.pledge = text_of("rus-hfo"));
    PASSES(shipment(), ev.as.shipment.pledge = text_of("wfp/rus/hfo"));
    PASSES(shipment(), ev.as.shipment.pledge = ((struct text){longest, EVENT_FACT_MAX}));
    INVALID(shipment(),
            ev.as.shipment.pledge = ((struct text){longest, EVENT_FACT_MAX + 1}),
            FIELD_PLEDGE);
    PASSES(shipment(), ev.as.shipment.pledge = long_text(EVENT_ID_MAX));
    INVALID(shipment(), ev.as.shipment.pledge = long_text(EVENT_ID_MAX + 1),
            FIELD_PLEDGE);
    INVALID(shipment(), ev.as.shipment.pledge = text_of("/rus-hfo"), FIELD_PLEDGE);
    INVALID(shipment(), ev.as.shipment.pledge = text_of("wfp/"), FIELD_PLEDGE);
    INVALID(shipment(), ev.as.shipment.pledge = text_of("wfp /rus-hfo"), FIELD_PLEDGE);
    INVALID(shipment(), ev.as.shipment.pledge = text_of("wfp/ rus-hfo"), FIELD_PLEDGE);

    PASSES(stock(), ev.alternative_to = text_of("wfp/rus-1"));
    PASSES(stock(), ev.alternative_to = text_of("6pt/rus-2"));
    INVALID(stock(), ev.alternative_to = text_of("6pt/rus-1"), FIELD_ALTERNATIVE_TO);
    INVALID(stock(), ev.alternative_to = text_of("rus-2"), FIELD_ALTERNATIVE_TO);
    INVALID(stock(), ev.alternative_to = text_of("/rus-2"), FIELD_ALTERNATIVE_TO);
    INVALID(stock(), ev.alternative_to = text_of("wfp/"), FIELD_ALTERNATIVE_TO);
}

static struct event priced(const char *number, int64_t money)
{
    struct event ev = price();

    ev.as.price.number = text_of(number);
    ev.as.price.money = money;
    return ev;
}

static struct event paid_in(const char currency[4])
{
    struct event ev = price();

    memcpy(ev.as.price.currency, currency, sizeof(ev.as.price.currency));
    return ev;
}

Test(event_check, takes_prices_as_stated)
{
    PASSES(priced("-37.63", -376300), (void)ev);
    PASSES(priced("0.00005", 0), (void)ev);
    PASSES(priced("0.00015", 2), (void)ev);
    PASSES(priced("922337203685477.5807", INT64_MAX), (void)ev);
    BEYOND(priced("922337203685477.5808", INT64_MAX), (void)ev, FIELD_PRICE);
    INVALID(priced("143.95", 1439501), (void)ev, FIELD_PRICE);
    INVALID(priced("", 0), (void)ev, FIELD_PRICE);
    INVALID(priced("NaN", 0), (void)ev, FIELD_PRICE);
    PASSES(paid_in("KPW"), (void)ev);
    PASSES(paid_in("AZN"), (void)ev);
    PASSES(paid_in("ZAR"), (void)ev);
    INVALID(paid_in("usd"), (void)ev, FIELD_CURRENCY);
    INVALID(paid_in("US\0"), (void)ev, FIELD_CURRENCY);
    INVALID(paid_in("USDX"), (void)ev, FIELD_CURRENCY);
    INVALID(paid_in("U$D"), (void)ev, FIELD_CURRENCY);
    INVALID(paid_in("\0\0\0"), (void)ev, FIELD_CURRENCY);
    INVALID(price(), ev.as.price.unit = UNIT_NONE, FIELD_UNIT);
    PASSES(price(), (ev.as.price.commodity = goods("natural_gas"),
                     ev.as.price.unit = unit_find(text_of("MMBtu"))));
}

Test(event_check, knows_the_values_of_every_choice)
{
    PASSES(policy(), ev.as.policy.factor = POLICY_FACTOR_ONE);
    INVALID(policy(), ev.as.policy.factor = POLICY_FACTOR_ONE + 1, FIELD_FACTOR);
    INVALID(policy(), ev.as.policy.factor = -1, FIELD_FACTOR);
    PASSES(shipment(), ev.as.shipment.terms = TERMS_BARTER);
    INVALID(shipment(), ev.as.shipment.terms = TERMS_COUNT, FIELD_TERMS);
    PASSES(pledge(), ev.as.pledge.status = PLEDGE_COMPLETE);
    INVALID(pledge(), ev.as.pledge.status = PLEDGE_STATUS_COUNT, FIELD_STATUS);
    PASSES(use(), ev.as.use.line = USE_OTHER);
    INVALID(use(), ev.as.use.line = USE_LINE_COUNT, FIELD_LINE);
}

Test(event_check, says_what_was_found_and_what_is_allowed)
{
    struct event ev = use();
    struct event_problem problem;

    ev.as.use.until = TIME_2008;
    cr_assert(event_check(&ev, &problem) == ST_INVALID, "until");
    cr_assert_str_eq(problem.text,
                     "2008-11-01T00:00:00Z is not after time, 2008-11-01T00:00:00Z");
    ev = use();
    ev.source = text_of("a/\n");
    cr_assert(event_check(&ev, &problem) == ST_INVALID, "source");
    cr_assert_str_eq(problem.text,
                     "\"a/\\x0A\" is not printable UTF-8: no control characters");
    ev.source = long_text(65);
    cr_assert(event_check(&ev, &problem) == ST_INVALID, "source");
    cr_assert_str_eq(problem.text, "65 bytes, at most 64 are allowed");
    ev = paid_in("US$X");
    cr_assert(event_check(&ev, &problem) == ST_INVALID, "currency");
    cr_assert_str_eq(problem.text, "\"US$X\" is not three capital letters such as USD");
}
