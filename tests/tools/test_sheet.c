/* The rows of a balance sheet: that none forgets a line, how they are printed, and which
 * reports are kept for them. */
#include "../../tools/print.h"
#include "../../tools/sheet_book.h"
#include "../../tools/sheet_print.h"
#include "../../tools/sheet_rows.h"

#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KT INT64_C(1000000000)

static int64_t day(const char *text)
{
    int64_t time;

    cr_assert(timestamp_parse(text_of(text), &time, NULL) == ST_OK);
    return time;
}

static struct sheet sheet_of(const char *commodity)
{
    struct sheet s;

    memset(&s, 0, sizeof s);
    for (size_t i = 0; i < SHEET_LINES; i++)
        s.lines[i].newest = TIME_NONE;
    for (size_t i = 0; i < ASIDE_COUNT; i++)
        s.asides[i].newest = TIME_NONE;
    s.pledged.newest = s.delivered.newest = TIME_NONE;
    s.year_start = day("2008-11-01");
    s.year_end = day("2009-11-01");
    s.now = (struct balance){.country = place_find(text_of("PRK")),
                             .commodity = commodity_find(text_of(commodity)),
                             .as_of = day("2009-02-09"),
                             .horizon = 90 * DAY_US,
                             .days_of_cover = VALUE_NONE,
                             .stock_out = TIME_NONE,
                             .shortfall_ratio = VALUE_NONE,
                             .delivery_ratio = VALUE_NONE};
    return s;
}

static int64_t year_of(const struct sheet *s, const char *name)
{
    size_t len;
    const struct sheet_row *rows = sheet_rows(s, &len);

    for (size_t i = 0; i < len; i++) {
        if (strcmp(rows[i].name, name) == 0) {
            struct sheet_figure f = sheet_row_figure(s, &rows[i]);

            return f.to_date + f.expected;
        }
    }
    cr_assert_fail("no row is called %s", name);
    return 0;
}

Test(sheet_rows, every_line_stands_in_one_row)
{
    static const char *const commodities[] = {"food", "rice", "energy", "coal", "steel"};

    for (size_t i = 0; i < sizeof commodities / sizeof commodities[0]; i++) {
        struct sheet s = sheet_of(commodities[i]);
        size_t len;
        const struct sheet_row *list = sheet_rows(&s, &len);
        uint64_t seen = 0;

        for (size_t k = 0; k < len; k++) {
            bool is_part = list[k].kind == ROW_LINE || list[k].kind == ROW_FIXED ||
                           strcmp(list[k].name, "uncovered_deficit") == 0;

            if (!is_part)
                continue;
            cr_assert((seen & list[k].plus) == 0, "%s: %s has a line that another has",
                      commodities[i], list[k].name);
            cr_assert(list[k].minus == 0, "%s: %s", commodities[i], list[k].name);
            seen |= list[k].plus;
        }
        cr_assert(seen == (UINT64_C(1) << SHEET_LINES) - 1,
                  "%s: lines are missing: %#llx", commodities[i],
                  (unsigned long long)seen);
    }
}

Test(sheet_rows, totals_are_the_identities_of_the_field)
{
    static const char *const commodities[] = {"food", "energy"};

    for (size_t i = 0; i < 2; i++) {
        struct sheet s = sheet_of(commodities[i]);
        int64_t sum = 0;

        for (size_t k = 0; k < SHEET_LINES; k++) {
            s.lines[k].to_date = (int64_t)(1 + k * k);
            s.lines[k].expected = -(int64_t)k;
            sum += (k < SHEET_USE ? 1 : -1) * (s.lines[k].to_date + s.lines[k].expected);
        }
        s.lines[SHEET_CLOSING].to_date += sum;
        int64_t deficit = year_of(&s, "uncovered_deficit");

        if (i == 1) {
            cr_assert(year_of(&s, "supply") + deficit == year_of(&s, "use_and_closing"));
            continue;
        }
        cr_assert(year_of(&s, "utilisation") - year_of(&s, "availability") ==
                  year_of(&s, "import_requirement"));
        cr_assert(year_of(&s, "import_requirement") ==
                  year_of(&s, "commercial_imports") + year_of(&s, "loan_imports") +
                      year_of(&s, "aid") + year_of(&s, "pledges") + deficit);
    }
}

static void fill(struct sheet *s)
{
    s->lines[SHEET_OPENING] = (struct sheet_figure){50 * KT, 0, day("2008-10-31")};
    s->lines[SHEET_PRODUCTION] = (struct sheet_figure){3342 * KT, 0, day("2008-12-08")};
    s->lines[SHEET_USE + USE_FOOD] =
        (struct sheet_figure){1405 * KT, 3723 * KT, day("2008-12-08")};
    s->lines[SHEET_ARRIVED + IMPORT_AID] =
        (struct sheet_figure){123456789012, 0, day("2009-02-08")};
    s->lines[SHEET_AT_SEA + IMPORT_COMMERCIAL] =
        (struct sheet_figure){0, 40000000, day("2009-02-10")};
    s->lines[SHEET_UNCOVERED] = (struct sheet_figure){0, 1612 * KT, day("2009-02-10")};
    s->lines[SHEET_CLOSING] = (struct sheet_figure){2110 * KT, -2110 * KT, TIME_NONE};
    s->asides[ASIDE_POLICY] = (struct sheet_figure){7 * KT, 0, day("2009-01-10")};
    s->pledged = (struct sheet_figure){500 * KT, 0, day("2008-06-01")};
    s->now.days_of_cover = 150123456;
    s->now.stock_out = day("2009-07-09");
    s->now.shortfall_ratio = 0;
    s->now.delivery_ratio = 0;
    s->is_use_double = true;
}

static char *printed(const struct sheet *s,
                     void (*print)(FILE *, const struct sheet *, int64_t))
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);

    cr_assert(out != NULL);
    print(out, s, day("2009-02-10"));
    cr_assert(fclose(out) == 0);
    return text;
}

static const char food_text[] =
    "PRK food (food in cereal equivalent), thousand tonnes\n"
    "balance year 2008-11-01 to 2009-10-31\n"
    "as of 2009-02-09T00:00:00Z, known 2009-02-10T00:00:00Z\n"
    "                                        to date    expected*       year  age d\n"
    "DOMESTIC AVAILABILITY                   3,392.0           -     3,392.0     63\n"
    "  Opening stock                            50.0           -        50.0    101\n"
    "  Production                            3,342.0           -     3,342.0     63\n"
    "UTILISATION                             3,515.0     1,613.0*    5,128.0*    63\n"
    "  Food use                              1,405.0     3,723.0*    5,128.0*    63\n"
    "  Closing stock                         2,110.0    -2,110.0*          -      -\n"
    "IMPORT REQUIREMENT                        123.0     1,613.0*    1,736.0*    63\n"
    "  Commercial, received or contracted          -         0.0*        0.0*     0\n"
    "  Food aid, received or shipped           123.5           -       123.5      1\n"
    "  Pledges not yet shipped                     -           -           -      -\n"
    "UNCOVERED DEFICIT                             -     1,612.0*    1,612.0*     0\n"
    "  Pledged in all, ever                    500.0           -       500.0    253\n"
    "    of which delivered                        -           -           -      -\n"
    "NOT COUNTED ON\n"
    "  Suspended by policy                       7.0                             30\n"
    "Days of cover: 150.1, stock out on 2009-07-09\n"
    "Within 90d: expected 0 t, shortfall 0 t (0.000 of use)\n"
    "Share of pledges delivered: 0.000\n"
    "Warning: uses stand on food and on its members: if one includes the other,\n"
    "it is counted twice.\n";

Test(sheet_print, thousands_have_one_decimal_where_there_is_room)
{
    static const struct {
        int64_t value;
        const char *text;
    } rows[] = {{0, "0.0"},
                {49999999, "0.0"},
                {50000000, "0.0"},
                {50000001, "0.1"},
                {150000000, "0.2"},
                {-50000000, "0.0"},
                {-50000001, "-0.1"},
                {INT64_C(999999949999999), "999,999.9"},
                {INT64_C(999999950000001), "1,000,000"},
                {INT64_C(1000000500000000), "1,000,000"},
                {INT64_C(1000001500000000), "1,000,002"},
                {INT64_MAX, "9,223,372,037"},
                {-INT64_MAX, "-9,223,372,037"}};
    char buffer[FIGURE_SIZE];

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_assert_str_eq(figure_thousands(rows[i].value, buffer), rows[i].text);
}

Test(sheet_print, people_read_rows_of_at_most_80_columns)
{
    struct sheet s = sheet_of("food");

    fill(&s);
    char *text = printed(&s, sheet_print);

    cr_assert_str_eq(text, food_text);
    free(text);
    s.now.commodity = commodity_find(text_of("energy"));
    for (size_t i = 0; i < SHEET_LINES; i++)
        s.lines[i] = (struct sheet_figure){-1900000 * KT, -1900000 * KT, s.year_start};
    text = printed(&s, sheet_print);
    for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1)
        cr_assert(strcspn(line, "\n") <= 80, "too wide: %.100s", line);
    cr_assert(strstr(text, "terajoules") != NULL, "the unit");
    free(text);
}

Test(sheet_print, programs_read_base_units)
{
    struct sheet s = sheet_of("food");

    fill(&s);
    char *text = printed(&s, sheet_print_json);

    cr_assert(strstr(text, "{\"row\":\"aid\",\"to_date\":123456789012,\"expected\":0,"
                           "\"year\":123456789012,\"age_days\":1}") != NULL,
              "%s", text);
    cr_assert(strstr(text,
                     "{\"row\":\"closing_stock\",\"to_date\":2110000000000,"
                     "\"expected\":-2110000000000,\"year\":0,\"age_days\":null}") != NULL,
              "%s", text);
    cr_assert(strstr(text, "{\"row\":\"suspended_by_policy\",\"amount\":7000000000,"
                           "\"age_days\":30}") != NULL,
              "%s", text);
    cr_assert(strstr(text, "\"uses_on_group_and_member\":true}\n") != NULL, "%s", text);
    free(text);
    text = printed(&s, sheet_print_csv);
    cr_assert(strstr(text, "PRK,food,2009-02-09T00:00:00Z,2008-11-01T00:00:00Z,g,"
                           "closing_stock,2110000000000,-2110000000000,0,\n") != NULL,
              "%s", text);
    free(text);
}

Test(sheet_print, an_account_of_ships_only_shows_imports)
{
    struct sheet s = sheet_of("rice");

    s.is_undescribed = true;
    s.lines[SHEET_ARRIVED + IMPORT_LOAN] = (struct sheet_figure){9 * KT, 0, s.year_start};
    char *text = printed(&s, sheet_print);

    cr_assert(strstr(text, "IMPORTS                                     9.0") != NULL,
              "%s", text);
    cr_assert(strstr(text, "it counts in food.") != NULL, "%s", text);
    cr_assert(strstr(text, "UNCOVERED") == NULL && strstr(text, "Days") == NULL, "%s",
              text);
    free(text);
}

/* --- the book --------------------------------------------------------------------- */

static struct event ship(const char *id, const char *to, const char *credit)
{
    struct event ev = {.kind = EVENT_SHIPMENT,
                       .source = TEXT_LITERAL("a"),
                       .id = text_of(id),
                       .time = 0,
                       .published = 0};
    struct shipment *s = &ev.as.shipment;

    s->from = place_find(text_of("CHN"));
    s->to = place_find(text_of(to));
    s->commodity = commodity_find(text_of("rice"));
    s->departed = s->eta = s->arrived = TIME_NONE;
    s->credit = text_of(credit);
    if (credit[0] != '\0')
        s->pledge = TEXT_LITERAL("b/p");
    return ev;
}

static size_t kept(struct sheet_book *book, const char *country,
                   const struct sheet_fact **facts)
{
    size_t len;
    struct why why = {""};
    place_id place = place_find(text_of(country));

    cr_assert(sheet_book_facts(book, place, facts, &len, &why) == ST_OK, "%s", why.text);
    return len;
}

Test(sheet_book, keeps_what_stands_of_a_country)
{
    struct sheet_book *book;
    const struct sheet_fact *facts;
    struct why why = {""};
    char credit[] = "11";
    struct event ev = ship("s", "PRK", "");

    cr_assert(sheet_book_new(place_find(text_of("PRK")), &book, &why) == ST_OK);
    sheet_book_watch(book, &ev, VERDICT_APPLIED);
    cr_assert(kept(book, "PRK", &facts) == 1, "a shipment");
    struct event other = ship("o", "MNG", "");

    sheet_book_watch(book, &other, VERDICT_APPLIED);
    cr_assert(kept(book, "PRK", &facts) == 1, "another country's");
    other = ship("c", "MNG", credit);
    sheet_book_watch(book, &other, VERDICT_DANGLING);
    credit[0] = '9';
    cr_assert(kept(book, "PRK", &facts) == 2, "it may credit a pledge");
    size_t at = facts[0].credit.len > 0 ? 0 : 1;

    cr_assert(text_is(facts[at].credit, "11"), "the credit is a copy");
    cr_assert(
        hash128_equal(facts[at].key, sheet_key(TEXT_LITERAL("b"), TEXT_LITERAL("p"))),
        "it is sorted to its pledge");
    for (int verdict = VERDICT_REPEAT; verdict < VERDICT_COUNT; verdict++) {
        struct event gone = ship("s", "MNG", "");

        sheet_book_watch(book, &gone, (enum verdict)verdict);
        cr_assert(kept(book, "PRK", &facts) == 2, "verdict %d changes nothing", verdict);
    }
    ev = ship("s", "MNG", "");
    sheet_book_watch(book, &ev, VERDICT_APPLIED);
    cr_assert(kept(book, "PRK", &facts) == 1, "it went elsewhere");
    ev = ship("s", "PRK", "");
    sheet_book_watch(book, &ev, VERDICT_APPLIED);
    cr_assert(kept(book, "PRK", &facts) == 2, "and back");
    ev.alternative_to = TEXT_LITERAL("b/x");
    sheet_book_watch(book, &ev, VERDICT_APPLIED);
    cr_assert(kept(book, "PRK", &facts) == 1, "a second word for another fact");
    ev = ship("s", "PRK", "");
    sheet_book_watch(book, &ev, VERDICT_APPLIED);
    ev.retract = true;
    sheet_book_watch(book, &ev, VERDICT_APPLIED);
    cr_assert(kept(book, "PRK", &facts) == 1, "a retraction");
    sheet_book_free(book);
    sheet_book_free(NULL);
}

/* Far more reports than the first table holds, each found again. */
Test(sheet_book, grows)
{
    struct sheet_book *book;
    const struct sheet_fact *facts;
    struct why why = {""};

    cr_assert(sheet_book_new(PLACE_ANY, &book, &why) == ST_OK);
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 3000; i++) {
            char id[16];
            struct event ev;

            (void)snprintf(id, sizeof id, "s%d", i);
            ev = ship(id, i % 3 == 0 ? "MNG" : "PRK", "");
            sheet_book_watch(book, &ev, VERDICT_APPLIED);
        }
        cr_assert(kept(book, "PRK", &facts) == 2000, "round %d", round);
        cr_assert(kept(book, "MNG", &facts) == 1000, "round %d", round);
    }
    sheet_book_free(book);
}
