/* Sample events and their comparison for the tests of the codec. */
#include "pack_help.h"

#include <criterion/criterion.h>

#include <ctype.h>
#include <string.h>

#define TIME_2008 INT64_C(1200873600000000) /* 2008-01-21 */

static commodity_id commodity(const char *code)
{
    commodity_id id = commodity_find(text_of(code));
    cr_assert(id != COMMODITY_NONE, "commodity %s", code);
    return id;
}

static place_id place(const char *code)
{
    place_id id = place_find(text_of(code));
    cr_assert(id != PLACE_NONE, "place %s", code);
    return id;
}

struct amount amount_of(const char *number, const char *unit, const char *code,
                        const char *set)
{
    struct amount amount = {.number = text_of(number),
                            .unit = unit_find(text_of(unit)),
                            .set =
                                set ? factor_set_find(text_of(set)) : FACTOR_SET_DEFAULT};
    struct decimal decimal;
    struct why why;
    cr_assert(decimal_parse(amount.number, &decimal) == ST_OK, "number %s", number);
    cr_assert(amount.set != FACTOR_SET_NONE, "set %s", set ? set : "-");
    enum status st = unit_convert(&decimal, amount.unit, commodity(code), amount.set,
                                  &amount.amount, &why);
    cr_assert(st == ST_OK, "%s %s of %s: %s", number, unit, code, why.text);
    return amount;
}

static struct event begin(enum event_kind kind, const char *id)
{
    return (struct event){.kind = kind,
                          .source = TEXT_LITERAL("6pt"),
                          .id = text_of(id),
                          .time = TIME_2008,
                          .published = TIME_2008};
}

static struct event shipment(const char *id, struct amount quantity)
{
    struct event ev = begin(EVENT_SHIPMENT, id);
    ev.as.shipment = (struct shipment){.from = place("RUS"),
                                       .to = place("PRK"),
                                       .commodity = commodity("heavy_fuel_oil"),
                                       .quantity = quantity,
                                       .arrived_quantity = quantity,
                                       .departed = TIME_NONE,
                                       .eta = TIME_NONE,
                                       .arrived = TIME_NONE};
    ev.as.shipment.arrived_quantity.number = (struct text){NULL, 0};
    return ev;
}

static struct event shipment_full(void)
{
    struct event ev =
        shipment("rus-hfo-1", amount_of("317500", "bbl", "heavy_fuel_oil", "un"));
    struct shipment *ship = &ev.as.shipment;
    ev.revision = EVENT_REVISION_MAX;
    ev.published = TIME_2008 + 1;
    ev.states_published = true;
    ev.alternative_to = TEXT_LITERAL("wfp/x1");
    ev.note = TEXT_LITERAL("diverted; see \"ref\"");
    ev.ref = TEXT_LITERAL("Bericht Nr. 7, Stra\xc3\x9f"
                          "e 1");
    ship->arrived_quantity = amount_of("3.1e5", "bbl", "heavy_fuel_oil", "un");
    ship->departed = TIME_MIN;
    ship->eta = -1;
    ship->arrived = TIME_MAX;
    ship->cancelled = true;
    ship->terms = TERMS_BARTER;
    ship->pledge = TEXT_LITERAL("6pt/rus-hfo");
    ship->credit = TEXT_LITERAL("310000.5");
    return ev;
}

static struct event pledge(int64_t due, enum pledge_status status)
{
    struct event ev = begin(EVENT_PLEDGE, "rus-hfo");
    ev.as.pledge =
        (struct pledge){.from = place("RUS"),
                        .to = place("PRK"),
                        .commodity = commodity("heavy_fuel_oil"),
                        .quantity = amount_of("200000", "t", "heavy_fuel_oil", NULL),
                        .due = due,
                        .status = status};
    return ev;
}

static struct event price(const char *number, int64_t money)
{
    struct event ev = begin(EVENT_PRICE, "crude_oil/brent/USD/bbl/1215043200000000");
    ev.as.price = (struct price){.commodity = commodity("crude_oil"),
                                 .market = TEXT_LITERAL("brent"),
                                 .money = money,
                                 .number = text_of(number),
                                 .currency = "USD",
                                 .unit = unit_find(TEXT_LITERAL("bbl"))};
    return ev;
}

static struct event policy(place_id actor, place_id target, commodity_id goods,
                           int32_t factor, int64_t until)
{
    struct event ev = begin(EVENT_POLICY, "kor-aid-stop");
    ev.as.policy = (struct policy){.actor = actor,
                                   .target = target,
                                   .commodity = goods,
                                   .instrument = TEXT_LITERAL("aid suspension"),
                                   .factor = factor,
                                   .until = until};
    return ev;
}

static struct event level(enum event_kind kind, const char *code, struct amount quantity,
                          int64_t until, enum use_line line)
{
    struct event ev = begin(kind, "prk-2008");
    struct level value = {.country = place("PRK"),
                          .commodity = commodity(code),
                          .quantity = quantity,
                          .until = until,
                          .line = line};
    if (kind == EVENT_STOCK)
        ev.as.stock = value;
    else if (kind == EVENT_PRODUCTION)
        ev.as.production = value;
    else
        ev.as.use = value;
    return ev;
}

static struct event retraction(void)
{
    struct event ev = begin(EVENT_SHIPMENT, "rus-hfo-1");
    ev.revision = 1;
    ev.retract = true;
    ev.published = TIME_2008 + DAY_US;
    ev.states_published = true;
    ev.note = TEXT_LITERAL("reported twice");
    return ev;
}

const char *sample_event(unsigned index, struct event *out)
{
    const int64_t later = TIME_2008 + DAY_US;
    switch (index) {
    case 0:
        *out = shipment("rus-hfo-2", amount_of("50000", "t", "heavy_fuel_oil", NULL));
        out->as.shipment.arrived = TIME_2008;
        out->as.shipment.terms = TERMS_GRANT;
        out->as.shipment.pledge = TEXT_LITERAL("rus-hfo");
        return "shipment";
    case 1:
        *out = shipment_full();
        return "shipment with everything";
    case 2:
        *out = pledge(TIME_NONE, PLEDGE_OFFERED);
        return "pledge";
    case 3:
        *out = pledge(later, PLEDGE_COMPLETE);
        return "pledge with due";
    case 4:
        *out = price("143.95", 1439500);
        return "price";
    case 5:
        *out = price("-37.63", -376300);
        return "negative price";
    case 6:
        *out = policy(place("KOR"), place("PRK"), COMMODITY_ANY, 0, later);
        return "policy";
    case 7:
        *out =
            policy(PLACE_ANY, PLACE_ANY, commodity("food"), POLICY_FACTOR_ONE, TIME_NONE);
        return "policy of all on all";
    case 8:
        *out =
            level(EVENT_STOCK, "rice", amount_of("0", "t", "rice", NULL), TIME_NONE, 0);
        return "stock of nothing";
    case 9:
        *out = level(EVENT_STOCK, "food", amount_of("1e16", "g", "food", NULL), TIME_NONE,
                     0);
        return "greatest mass";
    case 10:
        *out = level(EVENT_PRODUCTION, "electricity",
                     amount_of("500000", "PJ", "electricity", NULL), TIME_NONE, 0);
        return "greatest energy";
    case 11:
        *out = level(EVENT_PRODUCTION, "food", amount_of("3342000", "t", "food", NULL),
                     later, 0);
        return "production over time";
    case 12:
        *out = level(EVENT_USE, "food", amount_of("5128000", "t", "food", NULL), later,
                     USE_FOOD);
        return "use";
    case 13:
        *out = level(EVENT_USE, "crude_oil", amount_of("12.5", "kbbl", "crude_oil", NULL),
                     later, USE_OTHER);
        return "use, last line";
    case 14:
        *out = retraction();
        return "retraction";
    default:
        *out = level(EVENT_STOCK, "wheat", amount_of("0.0000005", "t", "wheat", NULL),
                     TIME_NONE, 0);
        out->states_published = true; /* the same as time, yet stated */
        return "rounded to nothing";
    }
}

static bool amounts_same(const struct amount *a, const struct amount *b)
{
    return qty_base_units(a->amount) == qty_base_units(b->amount) &&
           text_equal(a->number, b->number) && a->unit == b->unit && a->set == b->set;
}

#define SAME(member)                                                                     \
    do {                                                                                 \
        if (!(a->member == b->member))                                                   \
            return #member;                                                              \
    } while (0)
#define SAME_TEXT(member)                                                                \
    do {                                                                                 \
        if (!text_equal(a->member, b->member))                                           \
            return #member;                                                              \
    } while (0)
#define SAME_AMOUNT(member)                                                              \
    do {                                                                                 \
        if (!amounts_same(&a->member, &b->member))                                       \
            return #member;                                                              \
    } while (0)

static const char *shipment_difference(const struct shipment *a, const struct shipment *b)
{
    SAME(from);
    SAME(to);
    SAME(commodity);
    SAME_AMOUNT(quantity);
    SAME_AMOUNT(arrived_quantity);
    SAME(departed);
    SAME(eta);
    SAME(arrived);
    SAME(cancelled);
    SAME(terms);
    SAME_TEXT(pledge);
    SAME_TEXT(credit);
    return NULL;
}

static const char *pledge_difference(const struct pledge *a, const struct pledge *b)
{
    SAME(from);
    SAME(to);
    SAME(commodity);
    SAME_AMOUNT(quantity);
    SAME(due);
    SAME(status);
    return NULL;
}

static const char *price_difference(const struct price *a, const struct price *b)
{
    SAME(commodity);
    SAME_TEXT(market);
    SAME(money);
    SAME_TEXT(number);
    SAME(unit);
    return memcmp(a->currency, b->currency, 4) == 0 ? NULL : "currency";
}

static const char *policy_difference(const struct policy *a, const struct policy *b)
{
    SAME(actor);
    SAME(target);
    SAME(commodity);
    SAME_TEXT(instrument);
    SAME(factor);
    SAME(until);
    return NULL;
}

static const char *level_difference(const struct level *a, const struct level *b)
{
    SAME(country);
    SAME(commodity);
    SAME_AMOUNT(quantity);
    SAME(until);
    SAME(line);
    return NULL;
}

static const char *content_difference(const struct event *a, const struct event *b)
{
    switch (a->kind) {
    case EVENT_SHIPMENT:
        return shipment_difference(&a->as.shipment, &b->as.shipment);
    case EVENT_PLEDGE:
        return pledge_difference(&a->as.pledge, &b->as.pledge);
    case EVENT_PRICE:
        return price_difference(&a->as.price, &b->as.price);
    case EVENT_POLICY:
        return policy_difference(&a->as.policy, &b->as.policy);
    case EVENT_STOCK:
        return level_difference(&a->as.stock, &b->as.stock);
    case EVENT_PRODUCTION:
        return level_difference(&a->as.production, &b->as.production);
    case EVENT_USE:
        return level_difference(&a->as.use, &b->as.use);
    case EVENT_KIND_COUNT:
        break;
    }
    return "kind";
}

const char *event_difference(const struct event *a, const struct event *b)
{
    SAME(kind);
    SAME_TEXT(source);
    SAME_TEXT(id);
    SAME(revision);
    SAME(retract);
    SAME(time);
    SAME(published);
    SAME(states_published);
    SAME_TEXT(alternative_to);
    SAME_TEXT(note);
    SAME_TEXT(ref);
    return a->retract ? NULL : content_difference(a, b);
}

static unsigned digit_of(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = strchr(digits, tolower((unsigned char)c));
    cr_assert(at && *at, "hexadecimal digit '%c'", c);
    return (unsigned)(at - digits);
}

size_t from_hex(const char *hex, uint8_t *out, size_t size)
{
    size_t len = 0;
    for (const char *at = hex; *at; at++) {
        if (isspace((unsigned char)*at))
            continue;
        cr_assert(at[1] && len < size, "hexadecimal of whole bytes that fit");
        out[len++] = (uint8_t)(digit_of(at[0]) << 4 | digit_of(at[1]));
        at++;
    }
    return len;
}

/* splitmix64. */
uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}
