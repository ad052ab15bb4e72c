/* A transition as JSON: every field, every kind of number, and the limits of the buffer.
 */
#include "shortfall/proto/alert_json.h"

#include <criterion/criterion.h>
#include <string.h>

#define TEXT_IS(s)                                                                       \
    {                                                                                    \
        (s), (uint32_t)sizeof(s) - 1                                                     \
    }

static struct transition plain(void)
{
    struct transition t = {.uid = "prk-cover",
                           .country = place_find(TEXT_LITERAL("PRK")),
                           .commodity = commodity_find(TEXT_LITERAL("rice")),
                           .state = ALERT_FIRING,
                           .at = INT64_C(1243717317940813),
                           .clock = INT64_C(1243814400000000),
                           .seq = 7,
                           .begun = TIME_NONE};

    memset(t.episode, 0x0a, sizeof t.episode);
    memset(t.notification, 0xb0, sizeof t.notification);
    memset(t.rules_hash, 0xff, sizeof t.rules_hash);
    return t;
}

#define HEAD                                                                             \
    "{\"rule\":\"prk-cover\",\"country\":\"PRK\",\"commodity\":\"rice\","                \
    "\"state\":\"firing\",\"at\":\"2009-05-30T21:01:57.940813Z\","                       \
    "\"clock\":\"2009-06-01T00:00:00Z\","                                                \
    "\"episode\":\"0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a\","                                  \
    "\"notification\":\"b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0\",\"begun\":null,"
#define RULES ",\"rules\":\"ffffffffffffffffffffffffffffffff\",\"seq\":7,"

static void expect(const struct transition *t, const struct transition_texts *texts,
                   const char *want)
{
    char line[ALERT_JSON_SIZE];
    size_t len = 0;

    cr_assert_eq(alert_json_write(t, texts, line, sizeof line, &len), ST_OK);
    cr_assert_str_eq(line, want);
    cr_assert_eq(len, strlen(want));
}

Test(alert_json, texts_are_escaped_and_nothing_is_left_out)
{
    struct transition t = plain();
    const struct transition_texts texts = {TEXT_IS("Cover\"Low\""), TEXT_IS(""),
                                           TEXT_IS("a\\b \x01 \xc3\xa9")};

    expect(&t, &texts,
           HEAD "\"alert\":\"Cover\\\"Low\\\"\",\"severity\":\"\","
                "\"summary\":\"a\\\\b \\u0001 \xc3\xa9\"" RULES
                "\"readings\":[],\"moved\":{\"first\":0,\"last\":0,\"newest\":[]}}");
}

/* One reading a row: the metric decides whether a number is an integer or millionths. */
static const struct {
    const char *label;
    enum metric metric;
    enum comparison comparison;
    int64_t value, threshold;
    const char *json;
} readings[] = {
    {"amount", METRIC_STOCK, LESS, INT64_MAX, -5,
     "\"metric\":\"stock\",\"value\":9223372036854775807,\"compared\":\"<\","
     "\"threshold\":-5"},
    {"none", METRIC_STOCK, LESS_EQUAL, VALUE_NONE, 0,
     "\"metric\":\"stock\",\"value\":null,\"compared\":\"<=\",\"threshold\":0"},
    {"days", METRIC_DAYS_OF_COVER, GREATER, 237876365, 30000000,
     "\"metric\":\"days_of_cover\",\"value\":237.876365,\"compared\":\">\","
     "\"threshold\":30.0"},
    {"ratio below zero", METRIC_DELIVERY_RATIO, GREATER_EQUAL, -500000, 1,
     "\"metric\":\"delivery_ratio\",\"value\":-0.5,\"compared\":\">=\","
     "\"threshold\":0.000001"},
    {"ratio, least", METRIC_DELIVERY_RATIO, LESS, INT64_MIN + 1, 0,
     "\"metric\":\"delivery_ratio\",\"value\":-9223372036854.775807,\"compared\":\"<\","
     "\"threshold\":0.0"},
};

Test(alert_json, numbers_are_written_digit_by_digit)
{
    const struct transition_texts texts = {{"", 0}, {"", 0}, {"", 0}};

    for (size_t i = 0; i < sizeof readings / sizeof readings[0]; i++) {
        struct transition t = plain();
        char line[ALERT_JSON_SIZE];
        size_t len;

        t.readings_len = 1;
        t.readings[0] = (struct reading){.term = {.metric = readings[i].metric},
                                         .comparison = readings[i].comparison,
                                         .value = readings[i].value,
                                         .threshold = readings[i].threshold};
        cr_assert_eq(alert_json_write(&t, &texts, line, sizeof line, &len), ST_OK);
        cr_assert(strstr(line, readings[i].json) != NULL, "%s: %s", readings[i].label,
                  line);
    }
}

/* Every list full, every text as long as it may be and made of what escapes longest. */
static void fill(struct transition *t, char *long_text, size_t size)
{
    memset(long_text, 1, size);
    t->readings_len = TRANSITION_TERMS_MAX;
    for (size_t i = 0; i < TRANSITION_TERMS_MAX; i++) {
        struct reading *r = &t->readings[i];

        *r = (struct reading){.term = {.metric = METRIC_PRICE,
                                       .currency = "USD",
                                       .window = 1,
                                       .horizon = 1},
                              .comparison = GREATER_EQUAL,
                              .value = INT64_MIN + 1,
                              .threshold = INT64_MIN + 1};
        memset(r->term.market, 1, EVENT_MARKET_MAX);
    }
    t->movers_len = TRANSITION_MOVERS_MAX;
    t->moved_first = t->moved_last = t->seq = UINT64_MAX;
    for (size_t i = 0; i < TRANSITION_MOVERS_MAX; i++)
        t->movers[i] = UINT64_MAX;
}

Test(alert_json, the_largest_fits_and_a_buffer_one_too_small_is_refused)
{
    struct transition t = plain();
    char text[TRANSITION_SUMMARY_MAX];
    char line[ALERT_JSON_SIZE + 1];
    size_t len = 0;

    fill(&t, text, sizeof text);
    const struct transition_texts texts = {{text, RULE_NAME_MAX},
                                           {text, TRANSITION_SEVERITY_MAX},
                                           {text, TRANSITION_SUMMARY_MAX}};

    cr_assert_eq(alert_json_write(&t, &texts, line, ALERT_JSON_SIZE, &len), ST_OK);
    cr_assert_eq(len, strlen(line));
    size_t exact = len + 1;

    line[exact] = '#';
    cr_assert_eq(alert_json_write(&t, &texts, line, exact, &len), ST_OK);
    cr_assert_eq(line[exact], '#', "wrote behind its end");
    len = 0;
    for (size_t missing = 1; missing < exact; missing = 2 * missing + 1)
        cr_assert_eq(alert_json_write(&t, &texts, line, exact - missing, &len), ST_FULL,
                     "%zu of %zu bytes", exact - missing, exact);
    cr_assert_eq(alert_json_write(&t, &texts, line, 0, &len), ST_FULL);
    cr_assert_eq(len, 0, "a refusal sets no length");
}
