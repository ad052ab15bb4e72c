/* The hashes of an event: the same for the same content and for no other, and never
 * another value than they ever had. */
#include "../../core/fact.h"

#include "event_samples.h"

#include <criterion/criterion.h>
#include <string.h>

static const char *hex_of(struct hash128 h)
{
    static char hex[HEX_SIZE(16)];
    uint8_t bytes[16];

    hash128_bytes(h, bytes);
    return hex_format(bytes, sizeof(bytes), hex);
}

/* Digests of journals are sums of these: they must never change. */
Test(content, has_the_values_it_always_had)
{
    const struct {
        struct event ev;
        const char *hex;
    } rows[] = {
        {sample_shipment(), "a3043f2235f3c77001fcca607c60e618"},
        {sample_pledge(), "d5e14d22fdc28e2d4e7ac9f4ba18db18"},
        {sample_price(), "3be10e9028cec1023e11812ca2f27049"},
        {sample_policy(), "97f98ddecd319e4391fed1ff02d78a84"},
        {sample_stock(), "a5ba7629b17d9468c548d819c5a102bf"},
        {sample_production(), "f6abf4bf793e134656041a8cf85cece2"},
        {sample_use(), "5ed584d27451bea6946e57b74586e26c"},
    };
    struct hash128 name = fact_identity(TEXT_LITERAL("6pt"), TEXT_LITERAL("rus-1"));

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        cr_assert_str_eq(hex_of(event_content(&rows[i].ev)), rows[i].hex, "%s: %s",
                         event_kind_name(rows[i].ev.kind),
                         hex_of(event_content(&rows[i].ev)));
    cr_assert_str_eq(hex_of(name), "62d507395682fe1da7bbed264447d87f", "identity: %s",
                     hex_of(name));
}

#define SAME(base, change)                                                               \
    do {                                                                                 \
        struct event a = base;                                                           \
        struct event ev = base;                                                          \
        change;                                                                          \
        cr_assert(hash128_equal(event_content(&a), event_content(&ev)), #change);        \
    } while (0)

#define OTHER(base, change)                                                              \
    do {                                                                                 \
        struct event a = base;                                                           \
        struct event ev = base;                                                          \
        change;                                                                          \
        cr_assert(!hash128_equal(event_content(&a), event_content(&ev)), #change);       \
    } while (0)

Test(content, counts_amounts_and_not_their_spelling)
{
    SAME(sample_stock(), ev.as.stock.quantity.number = TEXT_LITERAL("1"));
    SAME(sample_stock(), ev.as.stock.quantity.unit = unit_find(TEXT_LITERAL("kt")));
    SAME(sample_stock(), ev.as.stock.line = USE_OTHER);
    SAME(sample_stock(), ev.states_published = true);
    SAME(sample_shipment(), ev.as.shipment.quantity.unit = unit_find(TEXT_LITERAL("kt")));
    OTHER(sample_stock(), ev.as.stock.quantity.amount.base_units++);
}

Test(content, holds_everything_else_that_is_stated)
{
    OTHER(sample_stock(), ev.revision = 1);
    OTHER(sample_stock(), ev.retract = true);
    OTHER(sample_stock(), ev.kind = EVENT_PRODUCTION);
    OTHER(sample_stock(), ev.time++);
    OTHER(sample_stock(), ev.published++);
    OTHER(sample_stock(), ev.alternative_to = TEXT_LITERAL("a/b"));
    OTHER(sample_stock(), ev.as.stock.country = sample_place("KOR"));
    OTHER(sample_stock(), ev.as.stock.commodity = sample_goods("maize"));
    OTHER(sample_use(), ev.as.use.until++);
    OTHER(sample_use(), ev.as.use.line = USE_SEED);
    OTHER(sample_shipment(), ev.as.shipment.from = sample_place("CHN"));
    OTHER(sample_shipment(), ev.as.shipment.to = sample_place("CHN"));
    OTHER(sample_shipment(), ev.as.shipment.departed = 1);
    OTHER(sample_shipment(), ev.as.shipment.eta = 1);
    OTHER(sample_shipment(), ev.as.shipment.arrived = 1);
    OTHER(sample_shipment(), ev.as.shipment.arrived_quantity.amount.base_units = 1);
    OTHER(sample_shipment(), ev.as.shipment.cancelled = true);
    OTHER(sample_shipment(), ev.as.shipment.terms = TERMS_LOAN);
    OTHER(sample_pledge(), ev.as.pledge.due = 1);
    OTHER(sample_pledge(), ev.as.pledge.status = PLEDGE_LAPSED);
    OTHER(sample_price(), ev.as.price.money++);
    OTHER(sample_price(), memcpy(ev.as.price.currency, "EUR", 4));
    OTHER(sample_price(), ev.as.price.unit = unit_find(TEXT_LITERAL("kt")));
    OTHER(sample_policy(), ev.as.policy.actor = PLACE_ANY);
    OTHER(sample_policy(), ev.as.policy.target = PLACE_NONE);
    OTHER(sample_policy(), ev.as.policy.factor++);
    OTHER(sample_policy(), ev.as.policy.until = 1);
}

static struct event with_texts(const char *note, const char *ref, const char *pledge,
                               const char *credit)
{
    struct event ev = sample_shipment();

    ev.note = text_of(note);
    ev.ref = text_of(ref);
    ev.as.shipment.pledge = text_of(pledge);
    ev.as.shipment.credit = text_of(credit);
    return ev;
}

/* The same letters in other texts are other contents. */
Test(content, keeps_texts_apart)
{
    static const char *const rows[][4] = {
        {"", "", "", ""},   {"1", "", "", ""},  {"", "1", "", ""},  {"", "", "1", ""},
        {"", "", "", "1"},  {"11", "", "", ""}, {"1", "1", "", ""}, {"", "11", "", ""},
        {"", "1", "1", ""}, {"", "", "11", ""}, {"", "", "1", "1"}, {"", "", "", "11"},
        {"1", "", "1", ""}, {"", "1", "", "1"}, {"1", "", "", "1"},
    };
    const size_t len = sizeof(rows) / sizeof(rows[0]);

    for (size_t i = 0; i < len; i++)
        for (size_t k = 0; k < i; k++) {
            struct event a = with_texts(rows[i][0], rows[i][1], rows[i][2], rows[i][3]);
            struct event b = with_texts(rows[k][0], rows[k][1], rows[k][2], rows[k][3]);

            cr_assert(!hash128_equal(event_content(&a), event_content(&b)),
                      "rows %zu and %zu", i, k);
        }
    cr_assert(!hash128_equal(fact_identity(TEXT_LITERAL("ab"), TEXT_LITERAL("c")),
                             fact_identity(TEXT_LITERAL("a"), TEXT_LITERAL("bc"))),
              "names");
}

Test(content, a_credit_counts_in_its_unit)
{
    struct event t = with_texts("", "", "", "1");
    struct event kt = with_texts("", "", "", "1");

    kt.as.shipment.quantity.unit = unit_find(TEXT_LITERAL("kt"));
    cr_assert(!hash128_equal(event_content(&t), event_content(&kt)));
}

Test(content, holds_the_longest_event_there_can_be)
{
    static char bytes[EVENT_NOTE_MAX];
    struct event ev = sample_shipment();

    memset(bytes, 'x', sizeof(bytes));
    ev.source = (struct text){bytes, EVENT_SOURCE_MAX};
    ev.id = (struct text){bytes, EVENT_ID_MAX};
    ev.alternative_to = (struct text){bytes, EVENT_FACT_MAX};
    ev.note = (struct text){bytes, EVENT_NOTE_MAX};
    ev.ref = (struct text){bytes, EVENT_NOTE_MAX};
    ev.as.shipment.pledge = (struct text){bytes, EVENT_FACT_MAX};
    ev.as.shipment.credit = (struct text){bytes, EVENT_NUMBER_MAX};
    struct event other = ev;
    other.as.shipment.credit.len--;
    cr_assert(!hash128_equal(event_content(&ev), event_content(&other)));
}
