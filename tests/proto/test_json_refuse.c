/* For each thing that can be wrong with a line: the status, the column, the field and the
 * reason, and that the event of the caller stays as it was. */
#include "shortfall/proto/json.h"

#include "json_lines.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

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

TestSuite(json_refuse, .init = open_reader, .fini = close_reader);

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

struct refusal {
    const char *line;
    enum status st;
    const char *at; /* where in the line the column points, by what stands there */
    const char *field;
    const char *text; /* a part of it */
};

static void refuse(const struct refusal *row)
{
    struct event before;
    enum status st;
    unsigned column = (unsigned)(strstr(row->line, row->at) - row->line) + 1;

    memset(&ev, 0x5A, sizeof ev);
    before = ev;
    st = read_line(row->line);
    cr_assert_eq(st, row->st, "%s\n%s: %s", row->line, status_text(st), error.text);
    cr_assert_eq(error.column, column, "%s\ncolumn %u, not %u: %s", row->line,
                 error.column, column, error.text);
    cr_assert_str_eq(error.field, row->field, "%s\n%s", row->line, error.text);
    cr_assert(strstr(error.text, row->text), "%s\n\"%s\" without \"%s\"", row->line,
              error.text, row->text);
    cr_assert_eq(memcmp(&ev, &before, sizeof ev), 0, "%s\nleft a mark", row->line);
}

static void refuse_all(const struct refusal *rows, size_t len)
{
    for (size_t i = 0; i < len; i++)
        refuse(&rows[i]);
}

#define REFUSE_ALL(rows) refuse_all((rows), sizeof(rows) / sizeof((rows)[0]))

Test(json_refuse, keys_that_are_wrong_are_refused_at_the_key)
{
    static const struct refusal rows[] = {
        {SHIPMENT ",\"quantty\":1}", ST_INVALID, "\"quantty", "",
         "unknown key \"quantty\" (did you mean \"quantity\"?)"},
        {SHIPMENT ",\"zzzzzzzzz\":1}", ST_INVALID, "\"zzz", "", "\"zzzzzzzzz\""},
        {SHIPMENT ",\"\":1}", ST_INVALID, "\"\":1", "", "unknown key \"\""},
        {SHIPMENT ",\"a\\u0007b\":1}", ST_INVALID, "\"a\\u", "",
         "unknown key \"a\\x07b\""},
        {SHIPMENT ", \"unit\":\"t\"}", ST_INVALID, "\"unit\":\"t\"}", "unit", "twice"},
        {"{\"kind\":\"use\",\"kin\\u0064\":\"use\"}", ST_INVALID, "\"kin\\", "kind",
         "twice"},
        {PRICE ",\"price\":1,\"eta\":\"2008-07-03\"}", ST_INVALID, "\"eta", "eta",
         "`eta` does not belong to a price"},
        {STOCK ",\"quantity\":1,\"unit\":\"t\",\"until\":\"2009-01-01\"}", ST_INVALID,
         "\"until", "until", "does not belong to a stock"},
    };

    REFUSE_ALL(rows);
}

Test(json_refuse, fields_that_are_missing_are_named)
{
    static const struct refusal rows[] = {
        {"{}", ST_INVALID, "{", "kind", "missing"},
        {"  {\"source\":\"s\"}", ST_INVALID, "{", "kind", "missing"},
        {"{\"kind\":\"stock\"}", ST_INVALID, "{", "source", "missing"},
        {"{\"kind\":\"stock\",\"source\":\"s\",\"time\":\"2008-01-01\"}", ST_INVALID, "{",
         "id", "`id` is missing: a stock must state it"},
        {"{\"kind\":\"stock\",\"source\":\"\"}", ST_INVALID, "\"\"", "source",
         "`source` is empty"},
        {STOCK ",\"quantity\":1}", ST_INVALID, "{", "unit", "missing"},
        {STOCK ",\"unit\":\"t\"}", ST_INVALID, "{", "quantity", "missing"},
        {PLEDGE_ROUTE "}", ST_INVALID, "{", "status", "missing"},
        {PRICE "}", ST_INVALID, "{", "price", "missing"},
        {USE ",\"line\":\"food\"}", ST_INVALID, "{", "until", "missing"},
        {USE ",\"until\":\"2009-01-01\"}", ST_INVALID, "{", "line", "missing"},
        {POLICY ",\"commodity\":\"*\"}", ST_INVALID, "{", "factor", "missing"},
        {SHIPMENT ",\"revision\":1}", ST_INVALID, "{", "published", "missing"},
        {HEAD("stock") "\"retract\":true}", ST_INVALID, "{", "published", "missing"},
        {"{\"kind\":\"price\",\"source\":\"s\",\"time\":\"2008-01-01\",\"revision\":1,"
         "\"retract\":true,\"published\":\"2008-02-02\"}",
         ST_INVALID, "{", "id", "cannot be made without `commodity`"},
    };

    REFUSE_ALL(rows);
}

Test(json_refuse, values_of_another_type_are_refused)
{
    static const struct refusal rows[] = {
        {"{\"kind\":7}", ST_INVALID, "7", "kind", "must be a string, not a number"},
        {"{\"kind\":null}", ST_INVALID, "null", "kind", "leave the key out"},
        {SHIPMENT ",\"eta\":20080121}", ST_INVALID, "20080121}", "eta",
         "must be a time in a string"},
        {SHIPMENT ",\"eta\":null}", ST_INVALID, "null", "eta", "not null"},
        {SHIPMENT ",\"cancelled\":\"true\"}", ST_INVALID, "\"true\"", "cancelled",
         "must be true or false, not a string"},
        {SHIPMENT ",\"cancelled\":1}", ST_INVALID, "1}", "cancelled", "true or false"},
        {SHIPMENT ",\"revision\":\"1\"}", ST_INVALID, "\"1\"", "revision",
         "must be a number, not a string"},
        {SHIPMENT ",\"credit\":true}", ST_INVALID, "true", "credit", "decimal"},
        {SHIPMENT ",\"note\":false}", ST_INVALID, "false", "note", "must be a string"},
        {STOCK ",\"quantity\":false,\"unit\":\"t\"}", ST_INVALID, "false", "quantity",
         "must be a number or a decimal in a string, not true or false"},
        {SHIPMENT ",\"note\":[1]}", ST_INVALID, "[1]", "note", "must not be a list"},
        {SHIPMENT ",\"note\":{\"kind\":1}}", ST_INVALID, "{\"kind\":1", "note",
         "must not be an object"},
    };

    REFUSE_ALL(rows);
}

Test(json_refuse, unknown_codes_are_refused_with_a_suggestion)
{
    static const struct refusal rows[] = {
        {"{\"kind\":\"shipmnt\"}", ST_INVALID, "\"shipmnt", "kind",
         "unknown kind \"shipmnt\" (did you mean \"shipment\"?); it is one of shipment, "
         "pledge, price, policy, stock, production, use"},
        {"{\"kind\":\"x\"}", ST_INVALID, "\"x", "kind",
         "unknown kind \"x\"; it is one of"},
        {PLEDGE_ROUTE ",\"status\":\"agred\"}", ST_INVALID, "\"agred", "status",
         "(did you mean \"agreed\"?)"},
        {SHIPMENT ",\"terms\":\"Grant\"}", ST_INVALID, "\"Grant", "terms",
         "(did you mean \"grant\"?)"},
        {USE ",\"until\":\"2009-01-01\",\"line\":\"fod\"}", ST_INVALID, "\"fod", "line",
         "(did you mean \"food\"?)"},
        {HEAD("stock") "\"country\":\"PRK\",\"commodity\":\"maze\",\"quantity\":1,"
                       "\"unit\":\"t\"}",
         ST_INVALID, "\"maze", "commodity",
         "unknown commodity \"maze\" (did you mean \"maize\"?)"},
        {HEAD("stock") "\"country\":\"North Korea\",\"commodity\":\"rice\","
                       "\"quantity\":1,\"unit\":\"t\"}",
         ST_INVALID, "\"North", "country",
         "unknown place \"North Korea\" (did you mean \"PRK\"?)"},
        {STOCK ",\"quantity\":1,\"unit\":\"MT\"}", ST_INVALID, "\"MT", "unit",
         "unknown unit \"MT\""},
        {HEAD("stock") "\"country\":\"*\",\"commodity\":\"rice\",\"quantity\":1,"
                       "\"unit\":\"t\"}",
         ST_INVALID, "\"*", "country", "unknown place \"*\""},
        {HEAD("stock") "\"country\":\"PRK\",\"commodity\":\"*\",\"quantity\":1,"
                       "\"unit\":\"t\"}",
         ST_INVALID, "\"*", "commodity", "unknown commodity \"*\""},
        {POLICY ",\"commodity\":\"**\",\"factor\":1}", ST_INVALID, "\"**", "commodity",
         "unknown"},
        {"{\"currency\":\"usd\",\"price\":1,\"kind\":\"price\",\"source\":\"s\","
         "\"time\":\"2008-01-01\",\"commodity\":\"rice\",\"market\":\"m\",\"unit\":"
         "\"t\"}",
         ST_INVALID, "\"usd", "currency", "three capital letters"},
        {"{\"currency\":\"USDT\",\"price\":1,\"kind\":\"price\",\"source\":\"s\","
         "\"time\":\"2008-01-01\",\"commodity\":\"rice\",\"market\":\"m\",\"unit\":"
         "\"t\"}",
         ST_INVALID, "\"USDT", "currency", "three capital letters"},
    };

    REFUSE_ALL(rows);
}

Test(json_refuse, numbers_are_judged_digit_by_digit)
{
    static const struct refusal rows[] = {
        {STOCK ",\"quantity\":\"5 000\",\"unit\":\"t\"}", ST_INVALID, "\"5 000",
         "quantity", "is not a decimal number"},
        {STOCK ",\"quantity\":\"1,5\",\"unit\":\"t\"}", ST_INVALID, "\"1,5", "quantity",
         "is not a decimal number"},
        {STOCK ",\"quantity\":\"NaN\",\"unit\":\"t\"}", ST_INVALID, "\"NaN", "quantity",
         "is not a decimal number"},
        {STOCK ",\"quantity\":\"\",\"unit\":\"t\"}", ST_INVALID, "\"\"", "quantity",
         "is empty"},
        {STOCK ",\"quantity\":-1,\"unit\":\"t\"}", ST_INVALID, "-1", "quantity", ""},
        {STOCK ",\"quantity\":1e400,\"unit\":\"t\"}", ST_OVERFLOW, "1e400", "quantity",
         ""},
        {STOCK ",\"quantity\":1e401,\"unit\":\"t\"}", ST_OVERFLOW, "1e401", "quantity",
         "exponent"},
        {STOCK ",\"quantity\":10000000000.000001,\"unit\":\"t\"}", ST_OVERFLOW,
         "10000000000.0", "quantity", ""},
        {STOCK ",\"quantity\":1,\"unit\":\"GJ\"}", ST_INVALID, "\"GJ", "unit", ""},
        {SHIPMENT ",\"arrived_quantity\":\"x\"}", ST_INVALID, "\"x", "arrived_quantity",
         "is not a decimal number"},
        {SHIPMENT ",\"credit\":\"0x10\"}", ST_INVALID, "\"0x10", "credit",
         "not a decimal"},
        {SHIPMENT ",\"credit\":-1}", ST_INVALID, "-1}", "credit", "negative"},
        {SHIPMENT ",\"published\":\"2008-02-02\",\"revision\":1.5}", ST_INVALID, "1.5",
         "revision", "is not a whole number"},
        {SHIPMENT ",\"published\":\"2008-02-02\",\"revision\":-1}", ST_INVALID, "-1}",
         "revision", "is not a whole number"},
        {SHIPMENT ",\"published\":\"2008-02-02\",\"revision\":2147483648}", ST_OVERFLOW,
         "2147483648", "revision", "is not a whole number"},
        {POLICY ",\"commodity\":\"*\",\"factor\":0.0005}", ST_INVALID, "0.0005", "factor",
         "three decimals"},
        {POLICY ",\"commodity\":\"*\",\"factor\":1.001}", ST_INVALID, "1.001", "factor",
         "from 0 to 1"},
        {POLICY ",\"commodity\":\"*\",\"factor\":-0.001}", ST_INVALID, "-0.001", "factor",
         "from 0 to 1"},
        {POLICY ",\"commodity\":\"*\",\"factor\":1e300}", ST_INVALID, "1e300", "factor",
         "from 0 to 1"},
        {PRICE ",\"price\":922337203685477.5808}", ST_OVERFLOW, "922337203685477.5808",
         "price", "greatest price"},
        {PRICE ",\"price\":\"+1\"}", ST_INVALID, "\"+1", "price", "is not a decimal"},
    };

    REFUSE_ALL(rows);
    accept(STOCK ",\"quantity\":10000000000,\"unit\":\"t\"}");
    cr_assert_eq(qty_base_units(ev.as.stock.quantity.amount), QTY_MASS_MAX);
    accept(SHIPMENT ",\"published\":\"2008-02-02\",\"revision\":2147483647}");
    cr_assert_eq(ev.revision, EVENT_REVISION_MAX);
}

Test(json_refuse, what_the_event_check_finds_stands_at_its_field)
{
    static const struct refusal rows[] = {
        {"{\"kind\":\"stock\",\"id\":\"i\",\"country\":\"PRK\",\"commodity\":\"rice\","
         "\"quantity\":1,\"unit\":\"t\",\"time\":\"2008-01-21\",\"source\":\"a/b\"}",
         ST_INVALID, "\"a/b", "source", "'/'"},
        {SHIPMENT ",\"eta\":\"2008-02-30\"}", ST_INVALID, "\"2008-02-30", "eta",
         "no such day"},
        {SHIPMENT ",\"eta\":\"12345-02-01\"}", ST_OVERFLOW, "\"12345", "eta", "9999"},
        {SHIPMENT ",\"eta\":\"\"}", ST_INVALID, "\"\"", "eta", "expected a date"},
        {USE ",\"line\":\"food\",\"until\":\"2008-01-21\"}", ST_INVALID,
         "\"2008-01-21\"}", "until", "is not after time"},
        {SHIPMENT ",\"note\":\"a\\nb\"}", ST_INVALID, "\"a\\n", "note", "printable"},
        {SHIPMENT ",\"note\":\"\xC0\xAF\"}", ST_INVALID, "\"\xC0", "note", "printable"},
        {SHIPMENT ",\"note\":\"\xED\xA0\x80\"}", ST_INVALID, "\"\xED", "note",
         "printable"},
        {SHIPMENT ",\"pledge\":\"a/b/\\u202e\"}", ST_INVALID, "\"a/b/", "pledge", ""},
        {"{\"kind\":\"price\",\"source\":\"s\",\"time\":\"2008-01-01\",\"price\":1,"
         "\"commodity\":\"rice\",\"currency\":\"USD\",\"unit\":\"t\","
         "\"market\":\"123456789012345678901234567890123\"}",
         ST_INVALID, "\"1234", "market", "at most 32"},
    };

    REFUSE_ALL(rows);
}

/* The reader's table of fields and core's list of them, key by key. */
Test(json_refuse, exactly_the_keys_of_a_kind_belong_to_it)
{
    for (unsigned kind = 0; kind < EVENT_KIND_COUNT; kind++)
        for (unsigned field = 1; field < FIELD_COUNT; field++) {
            const char *name = event_field_name((enum event_field)field);
            bool allowed =
                event_field_allowed((enum event_kind)kind, (enum event_field)field);
            char line[128];

            snprintf(line, sizeof line, "{\"kind\":\"%s\",\"%s\":null}",
                     event_kind_name((enum event_kind)kind), name);
            cr_assert_eq(read_line(line), ST_INVALID, "%s", line);
            cr_assert_eq(!strstr(error.text, "does not belong"), allowed, "%s: %s", line,
                         error.text);
        }
}
