/* What is written is what was stated: reading a written line gives the same event, and
 * writing that gives the same line. */
#include "shortfall/proto/json.h"

#include "json_lines.h"
#include "pack_help.h"

#include <criterion/criterion.h>
#include <string.h>

static struct json_reader *first, *second;

static void open_readers(void)
{
    cr_assert_eq(json_reader_new(&first), ST_OK);
    cr_assert_eq(json_reader_new(&second), ST_OK);
}

static void close_readers(void)
{
    json_reader_free(first);
    json_reader_free(second);
}

TestSuite(json_write, .init = open_readers, .fini = close_readers);

static void read_with(struct json_reader *reader, const char *line, struct event *out)
{
    struct json_error error;
    enum status st =
        json_read_event(reader, text_of(line), FACTOR_SET_DEFAULT, out, &error);

    cr_assert_eq(st, ST_OK, "%s\n%u: %s: %s", line, error.column, error.field,
                 error.text);
}

#define BEGIN(kind) "{\"kind\":\"" kind "\",\"source\":\"s\",\"id\":\"i\","
#define TIME        "\"time\":\"2008-01-21T00:00:00Z\""
#define GOODS       "\"commodity\":\"rice\",\"quantity\":1.50,\"unit\":\"kt\""

/* Stated out of order or otherwise than written, and the line that is written. */
static const struct {
    const char *stated;
    const char *written;
} rows[] = {
    {SHIPMENT "}", BEGIN("shipment") TIME
     ",\"from\":\"RUS\",\"to\":\"PRK\",\"commodity\":\"heavy_fuel_oil\","
     "\"quantity\":50000,\"unit\":\"t\"}"},
    {"{\"credit\":\"1e3\",\"pledge\":\"a/b\",\"terms\":\"loan\",\"cancelled\":true,"
     "\"arrived_quantity\":\"49000.250\",\"arrived\":\"2008-01-21T09:00:00.5+09:00\","
     "\"eta\":\"2008-01-20\",\"departed\":\"2008-01-19\",\"unit\":\"bbl\","
     "\"quantity\":50000.0,\"commodity\":\"crude_oil\",\"to\":\"PRK\",\"from\":\"RUS\","
     "\"ref\":\"r\",\"note\":\"n\",\"alternative_to\":\"o/f\","
     "\"published\":\"2008-02-02\",\"time\":\"2008-01-21\",\"retract\":false,"
     "\"revision\":2,\"id\":\"i\",\"source\":\"s\",\"kind\":\"shipment\"}",
     BEGIN("shipment") "\"revision\":2," TIME ",\"published\":\"2008-02-02T00:00:00Z\","
                       "\"alternative_to\":\"o/f\",\"note\":\"n\",\"ref\":\"r\","
                       "\"from\":\"RUS\",\"to\":\"PRK\",\"commodity\":\"crude_oil\","
                       "\"quantity\":50000.0,\"unit\":\"bbl\","
                       "\"departed\":\"2008-01-19T00:00:00Z\","
                       "\"eta\":\"2008-01-20T00:00:00Z\","
                       "\"arrived\":\"2008-01-21T00:00:00.500000Z\","
                       "\"arrived_quantity\":49000.250,\"cancelled\":true,"
                       "\"terms\":\"loan\",\"pledge\":\"a/b\",\"credit\":1e3}"},
    {SHIPMENT ",\"terms\":\"unknown\",\"cancelled\":false,\"revision\":0,"
              "\"published\":\"2008-01-21\"}",
     BEGIN("shipment") TIME ",\"published\":\"2008-01-21T00:00:00Z\","
                            "\"from\":\"RUS\",\"to\":\"PRK\","
                            "\"commodity\":\"heavy_fuel_oil\","
                            "\"quantity\":50000,\"unit\":\"t\"}"},
    {SHIPMENT ",\"revision\":1,\"retract\":true,\"published\":\"2008-02-02\"}",
     BEGIN("shipment") "\"revision\":1,\"retract\":true," TIME
                       ",\"published\":\"2008-02-02T00:00:00Z\"}"},
    {PLEDGE_ROUTE ",\"status\":\"suspended\",\"due\":\"2008-10-31\"}",
     BEGIN("pledge") TIME
     ",\"from\":\"RUS\",\"to\":\"PRK\",\"commodity\":\"heavy_fuel_oil\","
     "\"quantity\":200000,\"unit\":\"t\",\"due\":\"2008-10-31T00:00:00Z\","
     "\"status\":\"suspended\"}"},
    {PRICE ",\"price\":\"-37.630\"}",
     "{\"kind\":\"price\",\"source\":\"eia\","
     "\"id\":\"crude_oil/brent/USD/bbl/1215043200000000\","
     "\"time\":\"2008-07-03T00:00:00Z\",\"commodity\":\"crude_oil\",\"unit\":\"bbl\","
     "\"market\":\"brent\",\"price\":-37.630,\"currency\":\"USD\"}"},
    {POLICY ",\"commodity\":\"*\",\"factor\":0}",
     BEGIN("policy") TIME ",\"commodity\":\"*\",\"actor\":\"KOR\",\"target\":\"PRK\","
                          "\"instrument\":\"aid stop\",\"factor\":0}"},
    {HEAD("policy") "\"actor\":\"*\",\"target\":\"*\",\"commodity\":\"energy\","
                    "\"instrument\":\"\\\"q\\\\\\\" \xE7\xB1\xB3\",\"factor\":0.050,"
                    "\"until\":\"2009-12-31\"}",
     BEGIN("policy") TIME ",\"commodity\":\"energy\",\"actor\":\"*\",\"target\":\"*\","
                          "\"instrument\":\"\\\"q\\\\\\\" \xE7\xB1\xB3\",\"factor\":0.05,"
                          "\"until\":\"2009-12-31T00:00:00Z\"}"},
    {POLICY ",\"commodity\":\"food\",\"factor\":1.000}",
     BEGIN("policy") TIME ",\"commodity\":\"food\",\"actor\":\"KOR\",\"target\":\"PRK\","
                          "\"instrument\":\"aid stop\",\"factor\":1}"},
    {HEAD("stock") GOODS ",\"country\":\"PRK\"}",
     BEGIN("stock") TIME ",\"country\":\"PRK\"," GOODS "}"},
    {HEAD("production") GOODS ",\"country\":\"PRK\"}",
     BEGIN("production") TIME ",\"country\":\"PRK\"," GOODS "}"},
    {HEAD("production") GOODS ",\"country\":\"PRK\",\"until\":\"2009-01-01\"}",
     BEGIN("production") TIME ",\"country\":\"PRK\"," GOODS
                              ",\"until\":\"2009-01-01T00:00:00Z\"}"},
    {HEAD("use") GOODS ",\"country\":\"PRK\",\"line\":\"losses\","
                       "\"until\":\"2009-01-01\"}",
     BEGIN("use") TIME ",\"country\":\"PRK\"," GOODS
                       ",\"until\":\"2009-01-01T00:00:00Z\",\"line\":\"losses\"}"},
};

#define ROWS (sizeof rows / sizeof rows[0])

Test(json_write, an_event_is_written_as_stated_in_the_order_of_its_fields)
{
    for (size_t i = 0; i < ROWS; i++) {
        struct event ev;
        char out[JSON_EVENT_SIZE];
        size_t len = 0;

        read_with(first, rows[i].stated, &ev);
        cr_assert_eq(json_write_event(&ev, out, sizeof out, &len), ST_OK);
        cr_assert_str_eq(out, rows[i].written, "row %zu:\n%s\n%s", i, out,
                         rows[i].written);
        cr_assert_eq(len, strlen(out), "row %zu", i);
    }
}

Test(json_write, reading_what_was_written_gives_the_same_event)
{
    for (size_t i = 0; i < ROWS; i++) {
        struct event ev, again;
        char out[JSON_EVENT_SIZE];
        size_t len = 0;

        read_with(first, rows[i].stated, &ev);
        cr_assert_eq(json_write_event(&ev, out, sizeof out, &len), ST_OK);
        read_with(second, out, &again);
        cr_assert_null(event_difference(&ev, &again), "row %zu: %s", i,
                       event_difference(&ev, &again));
    }
}

Test(json_write, every_kind_has_a_row)
{
    bool seen[EVENT_KIND_COUNT] = {false};

    for (size_t i = 0; i < ROWS; i++) {
        struct event ev;

        read_with(first, rows[i].stated, &ev);
        seen[ev.kind] = true;
    }
    for (unsigned kind = 0; kind < EVENT_KIND_COUNT; kind++)
        cr_assert(seen[kind], "%s", event_kind_name((enum event_kind)kind));
}

/* The samples of the other codec, which know nothing of JSON. */
Test(json_write, samples_survive_being_written)
{
    for (unsigned i = 0; i < SAMPLES; i++) {
        struct event ev, again;
        char out[JSON_EVENT_SIZE];
        struct json_error error;
        size_t len = 0;
        const char *label = sample_event(i, &ev);
        /* A line does not say by which set it was converted: the feed's mapping does. */
        factor_set_id set = FACTOR_SET_DEFAULT;

        if (ev.kind == EVENT_SHIPMENT && !ev.retract)
            set = ev.as.shipment.quantity.set;
        cr_assert_eq(json_write_event(&ev, out, sizeof out, &len), ST_OK, "%s", label);
        cr_assert_eq(json_read_event(first, text_of(out), set, &again, &error), ST_OK,
                     "%s: %s\n%u: %s: %s", label, out, error.column, error.field,
                     error.text);
        cr_assert_null(event_difference(&ev, &again), "%s: %s\n%s", label,
                       event_difference(&ev, &again), out);
    }
}

Test(json_write, a_buffer_that_is_too_small_is_full_at_any_size)
{
    char out[JSON_EVENT_SIZE];
    struct event ev;
    size_t len = 77, need = strlen(rows[1].written) + 1;

    read_with(first, rows[1].stated, &ev);
    for (size_t size = 0; size < need; size++) {
        memset(out, '#', sizeof out);
        cr_assert_eq(json_write_event(&ev, out, size, &len), ST_FULL, "size %zu", size);
        cr_assert_eq(len, 77, "size %zu", size);
        cr_assert_eq(out[size], '#', "size %zu: written beyond", size);
    }
    cr_assert_eq(json_write_event(&ev, out, need, &len), ST_OK);
    cr_assert_eq(len, need - 1);
}

Test(json_write, the_longest_event_fits_its_size)
{
    char note[EVENT_NOTE_MAX], id[EVENT_ID_MAX], fact[EVENT_FACT_MAX];
    char digits[EVENT_NUMBER_MAX], source[EVENT_SOURCE_MAX], out[JSON_EVENT_SIZE];
    struct text number = {digits, sizeof digits};
    struct event_problem problem;
    struct event ev;
    size_t len = 0;

    memset(note, '"', sizeof note);
    memset(id, '\\', sizeof id);
    memset(source, '"', sizeof source);
    memset(fact, '"', sizeof fact);
    fact[EVENT_SOURCE_MAX] = '/';
    memset(digits, '0', sizeof digits);
    digits[1] = '.';
    read_with(first, rows[1].stated, &ev);
    ev.note = ev.ref = (struct text){note, sizeof note};
    ev.id = (struct text){id, sizeof id};
    ev.source = (struct text){source, sizeof source};
    ev.alternative_to = ev.as.shipment.pledge = (struct text){fact, sizeof fact};
    ev.as.shipment.quantity.number = ev.as.shipment.arrived_quantity.number = number;
    ev.as.shipment.credit = number;
    ev.as.shipment.quantity.amount = ev.as.shipment.arrived_quantity.amount =
        (struct qty){0};
    cr_assert_eq(event_check(&ev, &problem), ST_OK, "%s: %s",
                 event_field_name(problem.field), problem.text);
    cr_assert_eq(json_write_event(&ev, out, sizeof out, &len), ST_OK);
    cr_assert(len < JSON_EVENT_SIZE / 2, "%zu", len);
}
