/* Balance sheets: their rows against numbers worked by hand, and over random worlds that
 * they add up, agree with the world's own figures and break down nothing that is not
 * there. */
#include "scenario.h"
#include "story.h"

#include "shortfall/core/sheet.h"

#include <criterion/criterion.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define FACTS_MAX 128
#define TONNE     INT64_C(1000000)
#define ROUNDING  SHEET_LINES /* base units that rounding may move */

/* The reports that count, by their order of arrival. */
struct reports {
    const struct event *list[FACTS_MAX];
    size_t len;
    struct event kept[FACTS_MAX]; /* of a story, which hands them over by value */
};

static void take(struct reports *r, const struct event *ev, enum verdict verdict)
{
    if (verdict != VERDICT_APPLIED && verdict != VERDICT_DANGLING)
        return;
    for (size_t i = 0; i < r->len; i++) {
        if (!text_equal(r->list[i]->source, ev->source) ||
            !text_equal(r->list[i]->id, ev->id))
            continue;
        r->list[i] = r->list[--r->len];
        break;
    }
    if (!ev->retract && ev->alternative_to.len == 0 && ev->kind != EVENT_PRICE)
        r->list[r->len++] = ev;
}

static size_t facts_of(const struct reports *r, struct sheet_fact facts[FACTS_MAX])
{
    for (size_t i = 0; i < r->len; i++)
        facts[i] = sheet_fact_of(r->list[i]);
    qsort(facts, r->len, sizeof facts[0], sheet_fact_compare);
    return r->len;
}

static int64_t column(const struct sheet_figure *f, bool expected)
{
    return expected ? f->expected : f->to_date;
}

static int64_t imbalance(const struct sheet *s, bool expected)
{
    int64_t sum = 0;

    for (size_t i = 0; i < SHEET_LINES; i++)
        sum += (i < SHEET_USE ? 1 : -1) * column(&s->lines[i], expected);
    return sum;
}

/* --- by hand ---------------------------------------------------------------------- */

static void tell(struct story *s, struct reports *r, const char *clock, struct event ev)
{
    enum verdict verdict = record(s, clock, ev);
    size_t at = 0;

    while (r->kept[at].source.len > 0)
        at++;
    r->kept[at] = ev;
    take(r, &r->kept[at], verdict);
}

static struct sheet sheet_at(struct story *s, const struct reports *r, const char *goods,
                             const char *as_of)
{
    struct sheet_fact facts[FACTS_MAX];
    struct sheet sheet;
    size_t len = facts_of(r, facts);

    const struct sheet_question question = {place("PRK"), goods_of(goods), day(as_of),
                                            90 * DAY_US,  facts,           len};

    cr_assert(world_sheet(story_world(s), &question, &sheet, NULL) == ST_OK);
    return sheet;
}

static bool is_near(int64_t a, int64_t b)
{
    return a - b <= ROUNDING && b - a <= ROUNDING;
}

struct wanted {
    const char *label;
    size_t line;
    int64_t to_date, expected; /* tonnes */
};

static void expect_lines(const struct sheet *s, const struct wanted *rows, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        const struct sheet_figure *f = &s->lines[rows[i].line];

        cr_assert(is_near(f->to_date, rows[i].to_date * TONNE) &&
                      is_near(f->expected, rows[i].expected * TONNE),
                  "%s: %" PRId64 " g to date and %" PRId64 " g expected", rows[i].label,
                  f->to_date, f->expected);
    }
    cr_assert(imbalance(s, false) == 0 && imbalance(s, true) == 0, "it does not add up");
}

static struct event terms(struct event ev, enum terms what)
{
    ev.as.shipment.terms = what;
    return ev;
}

static struct event line(struct event ev, enum use_line what)
{
    ev.as.use.line = what;
    return ev;
}

/* 100 days of a year that begins on 1 November: use of 10 t a day, a harvest of 400 t on
 * the first day, beside an opening stock of 50 t that was reported the day before. */
Test(sheet, food_rows_follow_from_the_reports)
{
    struct story *s = story_begin();
    static struct reports r;
    const char *told = "2008-11-01";

    story_year(s, "PRK", "food", 11, 1);
    story_rules(s);
    tell(s, &r, told, stock("s", "PRK", "food", "50", "2008-10-31"));
    tell(s, &r, told, harvest("h", "PRK", "food", "400", "2008-11-01"));
    tell(s, &r, told,
         line(use("u", "PRK", "food", "3650", "2008-11-01", "2009-11-01"), USE_FOOD));
    tell(s, &r, told,
         terms(arrived(ship("c", "CHN", "PRK", "rice", "60"), "2008-12-01"),
               TERMS_COMMERCIAL));
    tell(s, &r, told,
         terms(eta(departed(ship("g", "USA", "PRK", "maize", "70"), "2009-02-01"),
                   "2009-03-01"),
               TERMS_GRANT));
    tell(s, &r, told,
         terms(eta(ship("l", "KOR", "PRK", "rice", "30"), "2009-04-01"), TERMS_LOAN));
    tell(s, &r, told, due(pledge("p", "KOR", "PRK", "rice", "200"), "2009-09-01"));
    tell(s, &r, told,
         toward(terms(arrived(ship("p1", "KOR", "PRK", "rice", "80"), "2009-01-10"),
                      TERMS_GRANT),
                "p"));
    struct sheet sheet = sheet_at(s, &r, "food", "2009-02-09"); /* 100 days on */
    const struct wanted rows[] = {
        {"opening", SHEET_OPENING, 50, 0},
        {"production", SHEET_PRODUCTION, 400, 0},
        {"difference", SHEET_DIFFERENCE, 0, 0},
        {"food use", SHEET_USE + USE_FOOD, 1000, 2650},
        {"commercial", SHEET_ARRIVED + IMPORT_COMMERCIAL, 60, 0},
        {"aid arrived", SHEET_ARRIVED + IMPORT_AID, 80, 0},
        {"aid at sea", SHEET_AT_SEA + IMPORT_AID, 0, 70},
        {"loan", SHEET_CONTRACTED + IMPORT_LOAN, 0, 30},
        {"pledges", SHEET_PLEDGES, 0, 120},
        /* 50 + 400 + 60 + 80 = 590 for 1,000 t: 410 t were not there. In the year 3,650
         * less 590, 70, 30 and 120. */
        {"uncovered", SHEET_UNCOVERED, 410, 2840 - 410},
        {"closing", SHEET_CLOSING, 0, 0},
    };

    expect_lines(&sheet, rows, sizeof rows / sizeof rows[0]);
    cr_assert(sheet.now.uncovered_deficit == 2840 * TONNE, "the world says otherwise");
    cr_assert(sheet.pledged.to_date == 200 * TONNE, "pledged");
    cr_assert(sheet.delivered.to_date == 80 * TONNE, "delivered");
    cr_assert(!sheet.is_use_double && !sheet.is_undescribed, "marks");
    story_forget(s);
    story_end(s, "");
}

/* A report of the year's first instant is the opening stock; a later one corrects. A
 * closing stock that is left over closes the sheet. */
Test(sheet, stock_reports_open_and_correct)
{
    struct story *s = story_begin();
    static struct reports r;
    const char *told = "2008-01-01";

    tell(s, &r, told, stock("s0", "PRK", "coal", "500", "2008-01-01"));
    tell(s, &r, told,
         line(use("u", "PRK", "coal", "366", "2008-01-01", "2009-01-01"), USE_POWER));
    tell(s, &r, told, stock("s1", "PRK", "coal", "420", "2008-04-10"));
    tell(s, &r, told, departed(ship("x", "PRK", "CHN", "coal", "5"), "2008-05-01"));
    struct sheet sheet = sheet_at(s, &r, "coal", "2008-05-30");
    const struct wanted rows[] = {
        {"opening", SHEET_OPENING, 500, 0},
        {"use", SHEET_USE + USE_POWER, 150, 216},
        /* 100 t were used by 10 April: 400 t by the books, 420 t by the report. */
        {"difference", SHEET_DIFFERENCE, 20, 0},
        {"exports", SHEET_EXPORTS, 5, 0},
        {"uncovered", SHEET_UNCOVERED, 0, 0},
        {"closing", SHEET_CLOSING, 365, -216},
    };

    expect_lines(&sheet, rows, sizeof rows / sizeof rows[0]);
    cr_assert(sheet.lines[SHEET_CLOSING].newest == day("2008-04-10"), "age of the stock");
    cr_assert(sheet.lines[SHEET_OPENING].newest == day("2008-01-01"), "age of opening");
    /* With the harvest of the same instant the report has both, and shows it. */
    tell(s, &r, told, harvest("h", "PRK", "coal", "800", "2008-01-01"));
    sheet = sheet_at(s, &r, "coal", "2008-02-01");
    const struct wanted both[] = {
        {"opening", SHEET_OPENING, 0, 0},
        {"production", SHEET_PRODUCTION, 800, 0},
        {"difference", SHEET_DIFFERENCE, -300, 0},
        {"closing", SHEET_CLOSING, 469, -340}, /* 335 t used, 5 t sent */
    };

    expect_lines(&sheet, both, sizeof both / sizeof both[0]);
    story_forget(s);
    story_end(s, "");
}

/* One row for each thing that is known and not counted on, each in one row only. */
Test(sheet, what_is_not_counted_on_stands_apart)
{
    struct story *s = story_begin();
    static struct reports r;
    const char *told = "2008-01-01";
    const int64_t wanted[ASIDE_COUNT] = {
        [ASIDE_SHIPS_OVERDUE] = 11, [ASIDE_PLEDGES_OVERDUE] = 90, [ASIDE_POLICY] = 30,
        [ASIDE_UNDATED] = 13,       [ASIDE_NOT_AGREED] = 17,      [ASIDE_LATER] = 19};

    tell(s, &r, told, stock("s", "PRK", "rice", "1", "2008-01-01"));
    tell(s, &r, told, eta(ship("late", "CHN", "PRK", "rice", "11"), "2008-02-01"));
    tell(s, &r, told, ship("undated", "CHN", "PRK", "rice", "13"));
    tell(s, &r, told, cancelled(ship("gone", "CHN", "PRK", "rice", "1000")));
    tell(s, &r, told, status(pledge("o", "JPN", "PRK", "rice", "17"), PLEDGE_OFFERED));
    tell(s, &r, told, status(pledge("n", "JPN", "PRK", "rice", "1000"), PLEDGE_REFUSED));
    tell(s, &r, told, eta(ship("next", "CHN", "PRK", "rice", "19"), "2009-02-01"));
    /* 40 t on a day on which a quarter of it passes. */
    tell(s, &r, told, eta(ship("cut", "USA", "PRK", "rice", "40"), "2008-06-01"));
    tell(s, &r, told, policy("ban", "USA", "PRK", "food", 250, "2008-05-01"));
    tell(s, &r, told, /* no longer in force on the day of the ship */
         until(policy("past", "*", "PRK", "*", 0, "2008-05-01"), "2008-06-01"));
    /* 100 t were due: 10 t are under way, 20 t are late and still part of the 90 t. */
    tell(s, &r, told, due(pledge("p", "KOR", "PRK", "rice", "100"), "2008-02-15"));
    tell(s, &r, told,
         toward(eta(ship("p1", "KOR", "PRK", "rice", "10"), "2008-07-01"), "p"));
    tell(s, &r, told,
         toward(eta(ship("p2", "KOR", "PRK", "rice", "20"), "2008-02-10"), "p"));
    struct sheet sheet = sheet_at(s, &r, "rice", "2008-03-01");

    for (size_t i = 0; i < ASIDE_COUNT; i++)
        cr_assert(sheet.asides[i].to_date == wanted[i] * TONNE, "aside %zu: %" PRId64, i,
                  sheet.asides[i].to_date);
    const struct wanted rows[] = {
        {"contracted", SHEET_CONTRACTED + IMPORT_COMMERCIAL, 0, 10},
        {"of the pledge", SHEET_CONTRACTED + IMPORT_AID, 0, 10},
        {"pledges", SHEET_PLEDGES, 0, 0},
    };

    expect_lines(&sheet, rows, sizeof rows / sizeof rows[0]);
    story_forget(s);
    story_end(s, "");
}

Test(sheet, uses_on_a_group_and_a_member_are_marked)
{
    static const struct {
        const char *label, *goods, *from, *until;
        bool is_marked;
    } rows[] = {
        {"another group's member", "coal", "2008-01-01", "2009-01-01", false},
        {"the group again", "food", "2008-01-01", "2009-01-01", false},
        {"a member in the year", "rice", "2008-12-31", "2009-12-31", true},
        {"a member the year after", "rice", "2009-01-01", "2009-12-31", false},
        {"a member the year before", "rice", "2007-01-01", "2008-01-01", false},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct story *s = story_begin();
        static struct reports r;

        memset(&r, 0, sizeof r);
        tell(s, &r, "2008-01-01",
             use("g", "PRK", "food", "366", "2008-01-01", "2009-01-01"));
        tell(s, &r, "2008-01-01",
             use("m", "PRK", rows[i].goods, "10", rows[i].from, rows[i].until));
        struct sheet sheet = sheet_at(s, &r, "food", "2008-06-01");

        cr_assert(sheet.is_use_double == rows[i].is_marked, "%s", rows[i].label);
        story_forget(s);
        story_end(s, "");
    }
}

/* --- random worlds ---------------------------------------------------------------- */

static void hear_nothing(void *self, const struct transition *t)
{
    (void)self;
    (void)t;
}

static struct world *run(const struct scenario *s, struct reports *r)
{
    const struct world_sink sink = {hear_nothing, NULL, NULL};
    struct memory memory = heap_memory();
    struct world *w;
    struct why why;
    uint64_t seq = 0;

    cr_assert(world_new(&memory, &w, &why) == ST_OK, "%s", why.text);
    cr_assert(world_rules(w, &s->set, &sink, &why) == ST_OK, "%s", why.text);
    for (size_t i = 0; i < s->steps_len; i++) {
        const struct oracle_step *step = &s->steps[i];

        cr_assert(world_reserve(w, step->events_len, &why) == ST_OK, "%s", why.text);
        world_begin(w, step->clock, &sink);
        for (size_t k = 0; k < step->events_len; k++)
            take(r, step->events[k], world_apply(w, step->events[k], ++seq));
        world_end(w, &sink);
    }
    return w;
}

/* A fact's part of a line by the definition: floor(q 10^12 / span) a microsecond, the
 * rest at the end. In pico-units of the sheet's account. */
static int128_t part(const struct sheet_fact *f, int128_t pico, int64_t time)
{
    if (time < f->time)
        return 0;
    if (f->until == TIME_NONE || f->until <= time)
        return pico;
    return pico / (f->until - f->time) * (time - f->time);
}

static int128_t pico_in(const struct sheet_fact *f, commodity_id goods)
{
    struct qty converted;
    const struct commodity *c = commodity_get(f->commodity);

    if (f->commodity == goods)
        return qty_pico(f->quantity);
    cr_assert(qty_scale(f->quantity, c->to_group.num, c->to_group.den,
                        commodity_get(goods)->dimension, &converted) == ST_OK);
    return qty_pico(converted);
}

static bool is_about(const struct sheet_fact *f, const struct balance *b)
{
    return f->to == b->country &&
           (f->commodity == b->commodity ||
            (f->kind != EVENT_POLICY && commodity_is_group(b->commodity) &&
             commodity_get(f->commodity)->group == b->commodity));
}

/* Production and uses, summed here again. */
static void check_levels(const struct scenario *sc, const struct sheet *s,
                         const struct sheet_fact *facts, size_t len)
{
    int128_t sums[SHEET_LINES][2] = {{0}};
    bool is_reported = false;

    for (size_t i = 0; i < len; i++) {
        const struct sheet_fact *f = &facts[i];

        if (!is_about(f, &s->now))
            continue;
        is_reported |=
            f->kind == EVENT_STOCK && f->time >= s->year_start && f->time <= s->now.as_of;
        if (f->kind != EVENT_USE && f->kind != EVENT_PRODUCTION)
            continue;
        size_t at = f->kind == EVENT_USE ? SHEET_USE + (size_t)f->line : SHEET_PRODUCTION;
        int128_t pico = pico_in(f, s->now.commodity);
        int128_t now = part(f, pico, s->now.as_of);

        sums[at][0] += now - part(f, pico, s->year_start - 1);
        sums[at][1] += part(f, pico, s->year_end) - now;
    }
    for (size_t i = 0; i < SHEET_LINES; i++) {
        if (i != SHEET_PRODUCTION && (i < SHEET_USE || i >= SHEET_EXPORTS))
            continue;
        for (int k = 0; k < 2; k++) {
            int64_t sum = pico_round(sums[i][k]);

            cr_assert(is_near(column(&s->lines[i], k == 1), sum),
                      "seed %" PRIu64 ": line %zu is %" PRId64 ", not %" PRId64, sc->seed,
                      i, column(&s->lines[i], k == 1), sum);
        }
    }
    cr_assert(is_reported || is_near(s->lines[SHEET_DIFFERENCE].to_date, 0),
              "seed %" PRIu64 ": a difference without a stock report", sc->seed);
}

/* What is expected until the year's end is what the world expects by then. */
static void check_expected(const struct scenario *sc, struct world *w,
                           const struct sheet *s)
{
    struct balance b;
    int64_t sum = s->lines[SHEET_PLEDGES].expected;

    for (size_t i = SHEET_AT_SEA; i < SHEET_PLEDGES; i++)
        sum += s->lines[i].expected;
    cr_assert(world_balance(w, s->now.country, s->now.commodity, s->now.as_of,
                            s->year_end - s->now.as_of, &b, NULL) == ST_OK);
    cr_assert(is_near(sum, b.expected),
              "seed %" PRIu64 ": %" PRId64 " expected, the world says %" PRId64, sc->seed,
              sum, b.expected);
}

static void check_sheet(const struct scenario *sc, struct world *w, const struct sheet *s,
                        const struct sheet_fact *facts, size_t len)
{
    const struct sheet_figure *uncovered = &s->lines[SHEET_UNCOVERED];
    const struct sheet_figure *closing = &s->lines[SHEET_CLOSING];
    int64_t deficit = uncovered->to_date + uncovered->expected;

    for (int k = 0; k < 2; k++)
        cr_assert(imbalance(s, k == 1) == 0,
                  "seed %" PRIu64 ": column %d is off by %" PRId64, sc->seed, k,
                  imbalance(s, k == 1));
    cr_assert(closing->to_date == s->now.stock && uncovered->to_date == s->now.unmet &&
                  deficit == s->now.uncovered_deficit,
              "seed %" PRIu64 ": not the world's figures", sc->seed);
    cr_assert(deficit == 0 || closing->to_date + closing->expected == 0,
              "seed %" PRIu64 ": a deficit, and something left over", sc->seed);
    cr_assert(
        s->now.delivery_ratio == VALUE_NONE || s->pledged.to_date == 0 ||
            is_near(s->now.delivery_ratio, (int64_t)((int128_t)s->delivered.to_date *
                                                     MICRO / s->pledged.to_date)),
        "seed %" PRIu64 ": delivered", sc->seed);
    check_levels(sc, s, facts, len);
    check_expected(sc, w, s);
}

Test(sheet, adds_up_in_random_worlds)
{
    size_t checked = 0;

    for (uint64_t seed = 77000000; seed < 77003000; seed++) {
        struct scenario *sc = scenario_new(seed, seed % 2 == 0);
        static struct reports r;
        struct sheet_fact facts[FACTS_MAX];

        r.len = 0;
        struct world *w = run(sc, &r);
        size_t len = facts_of(&r, facts);

        for (int i = 0; i < 4; i++) {
            struct sheet sheet;
            struct balance b;
            place_id country = scenario_country(sc);
            commodity_id goods = scenario_goods(sc);
            int64_t as_of = scenario_time(sc);

            cr_assert(world_balance(w, country, goods, as_of, DAY_US, &b, NULL) == ST_OK);
            if (!place_has_balance(country) || b.stock == VALUE_NONE)
                continue;
            const struct sheet_question question = {country, goods, as_of,
                                                    DAY_US,  facts, len};

            cr_assert(world_sheet(w, &question, &sheet, NULL) == ST_OK);
            check_sheet(sc, w, &sheet, facts, len);
            checked++;
        }
        world_free(w);
        free(sc);
    }
    cr_assert(checked > 3000, "only %zu sheets were made", checked);
}
