/* Rule files that are right: what is read of them, and what a summary makes of it. */
#include "shortfall/core/hash.h"
#include "shortfall/proto/rules.h"

#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const example =
    "version: 1\n"
    "settings:\n"
    "  years:                      # start of the balance year, month-day\n"
    "    - {country: PRK, commodity: food, starts: 11-01}\n"
    "    - {country: \"*\", commodity: \"*\", starts: 02-28}\n"
    "groups:\n"
    "  - name: dprk-food\n"
    "    rules:\n"
    "      - alert: CerealCoverLow\n"
    "        uid: prk-cereal-cover           # identity; survives renaming\n"
    "        for_each: {country: [PRK], commodity: [food, rice]}   # \"*\" is allowed\n"
    "        when: days_of_cover < 30\n"
    "        clear: days_of_cover >= 45\n"
    "        for: 3d\n"
    "        keep: 7d\n"
    "        labels: {severity: warning}\n"
    "        annotations:\n"
    "          summary: \"{{country}} {{commodity}}: {{days_of_cover}} days left, out on "
    "{{stock_out}}\"\n"
    "      - alert: FuelAidShort\n"
    "        uid: prk-fuel-aid\n"
    "        for_each: {country: [PRK], commodity: [heavy_fuel_oil]}\n"
    "        when: delivery_ratio < 0.5 and overdue > 50 kt\n"
    "  - name: oil\n"
    "    rules:\n"
    "      - alert: OilDear\n"
    "        uid: oil-dear\n"
    "        for_each: {country: PRK, commodity: crude_oil}\n"
    "        when: price(brent) > 140 USD/bbl and shortfall(90d) > 20 kt\n"
    "        for: 5m\n"
    "        labels: {page: yes, code: 007}\n"
    "      - alert: AnyShort\n"
    "        uid: any\n"
    "        for_each:\n"
    "          country: \"*\"\n"
    "          commodity: [\"*\"]\n"
    "        when: >\n"
    "          shortfall_ratio > 0.25\n"
    "          and not age > 30\n"
    "        for: 0d\n";

static struct ruleset *parse(const char *text)
{
    struct config_errors *errors = malloc(sizeof(*errors));
    struct ruleset *rules = NULL;
    enum status st = rules_parse(text_of(text), &rules, errors);

    cr_assert(st == ST_OK, "%s: line %u: %s", status_text(st),
              errors->total ? errors->list[0].line : 0,
              errors->total ? errors->list[0].text : "");
    free(errors);
    return rules;
}

Test(rules, reads_every_part_of_a_file)
{
    struct ruleset *rules = parse(example);
    const place_id prk = place_find(TEXT_LITERAL("PRK"));
    const struct rule *rule = rules->rules;

    cr_assert(rules->years_len == 2 && rules->rules_len == 4, "counts");
    cr_assert(rules->years[0].country == prk && rules->years[0].month == 11 &&
                  rules->years[0].day == 1 &&
                  rules->years[0].commodity == commodity_find(TEXT_LITERAL("food")),
              "the first year");
    cr_assert(rules->years[1].country == PLACE_ANY && rules->years[1].month == 2 &&
                  rules->years[1].day == 28 && rules->years[1].commodity == COMMODITY_ANY,
              "the second year");

    cr_assert_str_eq(rule->uid, "prk-cereal-cover");
    cr_assert_str_eq(rule->alert, "CerealCoverLow");
    cr_assert(rule->countries_len == 1 && rule->countries[0] == prk, "country");
    cr_assert(rule->commodities_len == 2 &&
                  rule->commodities[1] == commodity_find(TEXT_LITERAL("rice")),
              "commodities");
    cr_assert(rule->when.len == 1 && rule->when.nodes[0].comparison == LESS, "when");
    cr_assert(rule->clear.len == 1 && rule->clear.nodes[0].comparison == GREATER_EQUAL,
              "clear");
    cr_assert(rule->hold == 3 * DAY_US && rule->keep == 7 * DAY_US, "for and keep");
    cr_assert(rule->labels_len == 1 && rule->annotations_len == 1, "texts");

    cr_assert(rule[1].clear.len == 0 && rule[1].hold == 0 && rule[1].keep == 0,
              "defaults");
    cr_assert(rule[2].countries_len == 1 && rule[2].commodities_len == 1,
              "single values");
    cr_assert(rule[2].hold == 5 * 60 * SECOND_US, "five minutes");
    cr_assert(rule[3].countries_len == 0 && rule[3].commodities_len == 0, "all");
    cr_assert(rule[3].when.len == 4 && rule[3].hold == 0, "a folded condition");
    rules_free(rules);
    rules_free(NULL);
}

Test(rules, labels_are_found_as_text)
{
    struct ruleset *rules = parse(example);

    cr_assert_str_eq(rules_label(&rules->rules[0], "severity"), "warning");
    cr_assert_str_eq(rules_label(&rules->rules[2], "page"), "yes");
    cr_assert_str_eq(rules_label(&rules->rules[2], "code"), "007");
    cr_assert(rules_label(&rules->rules[2], "severity") == NULL, "none of that key");
    rules_free(rules);
}

Test(rules, the_result_lends_nothing_of_the_text)
{
    char *copy = strdup(example);
    struct ruleset *rules = parse(copy);

    memset(copy, 'x', strlen(copy));
    free(copy);
    cr_assert_str_eq(rules->rules[1].uid, "prk-fuel-aid");
    cr_assert_str_eq(rules->rules[2].when.nodes[0].term.market, "brent");
    rules_free(rules);
}

Test(rules, the_hash_is_of_the_text)
{
    struct ruleset *one = parse("version: 1\ngroups: []\n");
    struct ruleset *same = parse("version: 1\ngroups: []\n");
    struct ruleset *other = parse("version: 1\ngroups: [] \n");

    cr_assert(one->rules_len == 0, "no rule is a ruleset too");
    cr_assert(memcmp(one->hash, same->hash, sizeof(one->hash)) == 0, "same");
    cr_assert(memcmp(one->hash, other->hash, sizeof(one->hash)) != 0, "another space");
    rules_free(one);
    rules_free(same);
    rules_free(other);
}

/* `count` rules in one group. */
static char *many_rules(unsigned count)
{
    size_t size = 64 + (size_t)count * 96;
    char *text = malloc(size);
    size_t len =
        (size_t)snprintf(text, size, "version: 1\ngroups:\n- name: a\n  rules:\n");

    for (unsigned i = 0; i < count; i++)
        len += (size_t)snprintf(text + len, size - len,
                                "  - {alert: a, uid: u%u, for_each: {country: \"*\", "
                                "commodity: \"*\"}, when: age<1}\n",
                                i);
    return text;
}

Test(rules, has_a_limit_of_rules)
{
    struct config_errors *errors = malloc(sizeof(*errors));
    struct ruleset *rules = NULL;
    char *text = many_rules(RULES_MAX);

    cr_assert(rules_parse(text_of(text), &rules, errors) == ST_OK, "at the limit");
    cr_assert(rules->rules_len == RULES_MAX, "all of them");
    rules_free(rules);
    free(text);

    text = many_rules(RULES_MAX + 1);
    rules = NULL;
    cr_assert(rules_parse(text_of(text), &rules, errors) == ST_INVALID, "one beyond");
    cr_assert(errors->total == 1 && errors->list[0].line == RULES_MAX + 5, "its place");
    cr_assert_str_eq(errors->list[0].text, "more than 1000 rules");
    cr_assert(rules == NULL, "the output was touched");
    free(text);
    free(errors);
}

Test(rules, has_a_limit_of_bytes)
{
    struct config_errors *errors = malloc(sizeof(*errors));
    struct ruleset *rules = NULL;
    static const char head[] = "version: 1\ngroups: []\n";
    char *text = malloc(RULES_TEXT_MAX + 1);

    memset(text, '\n', RULES_TEXT_MAX + 1);
    memcpy(text, head, sizeof(head) - 1);
    cr_assert(rules_parse((struct text){text, RULES_TEXT_MAX}, &rules, errors) == ST_OK,
              "at the limit");
    rules_free(rules);
    cr_assert(rules_parse((struct text){text, RULES_TEXT_MAX + 1}, &rules, errors) ==
                  ST_INVALID,
              "one beyond");
    cr_assert_str_eq(errors->list[0].text, "a rule file has at most 131072 bytes");
    free(text);
    free(errors);
}

/* A rule for `commodity` whose summary is `summary`, or nothing. */
static struct ruleset *rule_with_summary(const char *commodity, const char *summary)
{
    char text[2048];
    const char *unit = strcmp(commodity, "energy") == 0 ? "TJ" : "t";

    (void)snprintf(text, sizeof(text),
                   "version: 1\ngroups:\n- name: a\n  rules:\n"
                   "  - alert: DeficitUncovered\n"
                   "    uid: u\n"
                   "    for_each: {country: [PRK], commodity: [%s]}\n"
                   "    when: price(brent) > 140 USD/%s and shortfall(30d) > 1 %s\n"
                   "    clear: cost_to_cover(brent) < 5 EUR and price_change(x, 1d) < 1\n"
                   "    annotations: {%s%s}\n",
                   commodity, unit, unit, *summary ? "summary: " : "", summary);
    return parse(text);
}

static struct transition transition_of(const char *commodity, const struct ruleset *rules)
{
    struct transition t = {.state = ALERT_FIRING, .readings_len = 2};

    t.country = place_find(TEXT_LITERAL("PRK"));
    t.commodity = commodity_find(text_of(commodity));
    cr_assert(!timestamp_parse(TEXT_LITERAL("2009-05-30T21:01:57.940813Z"), &t.at, NULL));
    cr_assert(!timestamp_parse(TEXT_LITERAL("2009-06-26T21:01:57Z"), &t.balance.stock_out,
                               NULL));
    t.balance.stock = INT64_C(3342000000000);
    t.balance.unmet = 0;
    t.balance.days_of_cover = 237876365;
    t.balance.shortfall = INT64_C(12550000000);
    t.balance.shortfall_ratio = 12500;
    t.balance.uncovered_deficit = INT64_C(999900000);
    t.balance.delivery_ratio = VALUE_NONE;
    t.balance.overdue = 250000;
    t.balance.expected = INT64_C(1000000000);
    for (size_t i = 0; i < t.readings_len; i++)
        t.readings[i].term = rules->rules[0].when.nodes[i].term;
    t.readings[0].value = 1439500;
    t.readings[0].threshold = 1400000;
    t.readings[1].value = 2000000;
    t.readings[1].threshold = 1000000;
    return t;
}

Test(rules, a_summary_shows_figures_as_people_read_them)
{
    static const struct {
        const char *commodity, *summary, *expected;
    } rows[] = {
        {"food", "", "PRK food: DeficitUncovered firing"},
        {"food",
         "\"{{country}} {{ commodity }}: {{days_of_cover}} days left, out on "
         "{{stock_out}}\"",
         "PRK food: 237.9 days left, out on 2009-06-26"},
        {"food", "\"{{stock}}|{{unmet}}|{{shortfall}}|{{uncovered_deficit}}\"",
         "3342 kt|0 kt|12.6 kt|999.9 t"},
        {"food", "\"{{overdue}}|{{expected}}|{{shortfall_ratio}}|{{delivery_ratio}}\"",
         "0.2 t|1 kt|0.012|none"},
        {"energy", "\"{{stock}}|{{unmet}}|{{uncovered_deficit}}|{{expected}}\"",
         "3342 TJ|0 TJ|999.9 GJ|1 TJ"},
        {"food", "\"{{alert}} {{state}} at {{at}}\"",
         "DeficitUncovered firing at 2009-05-30"},
        {"food", "\"{{value}} over {{threshold}}, {{price(brent)}}\"",
         "143.95 USD over 140.00 USD, 143.95 USD"},
        {"food", "\"{{shortfall(30d)}} {{ shortfall( 30d ) }}\"", "2 t 2 t"},
        {"food", "\"{{price_change(x,1d)}} {{cost_to_cover(brent, 90d)}}\"", "none none"},
        {"food", "\"two\\nlines \\n\"", "two lines"},
        {"food", "\"}} and { stay\"", "}} and { stay"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct ruleset *rules = rule_with_summary(rows[i].commodity, rows[i].summary);
        struct transition t = transition_of(rows[i].commodity, rules);
        char out[256];
        size_t len = rules_summary(&rules->rules[0], &t, out, sizeof(out));

        cr_assert_str_eq(out, rows[i].expected, "%s: %s", rows[i].summary, out);
        cr_assert(len == strlen(out), "%s: length", rows[i].summary);
        rules_free(rules);
    }
}

Test(rules, a_summary_is_cut_between_characters)
{
    struct ruleset *rules = rule_with_summary("food", "\"ab\xE2\x82\xAC{{country}}\"");
    struct transition t = transition_of("food", rules);
    static const struct {
        size_t size;
        const char *expected;
    } rows[] = {
        {9, "ab\xE2\x82\xACPRK"},
        {8, "ab\xE2\x82\xACPR"},
        {6, "ab\xE2\x82\xAC"},
        {5, "ab"},
        {1, ""},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char out[16];
        (void)rules_summary(&rules->rules[0], &t, out, rows[i].size);
        cr_assert_str_eq(out, rows[i].expected, "%zu: %s", rows[i].size, out);
    }
    rules_free(rules);
}

Test(rules, values_without_a_figure_read_none)
{
    struct ruleset *rules =
        rule_with_summary("food", "\"{{days_of_cover}} {{stock_out}} {{value}}\"");
    struct transition t = transition_of("food", rules);
    char out[64];

    t.balance.days_of_cover = VALUE_NONE;
    t.balance.stock_out = TIME_NONE;
    t.readings_len = 0;
    t.state = ALERT_RESOLVED;
    (void)rules_summary(&rules->rules[0], &t, out, sizeof(out));
    cr_assert_str_eq(out, "none none none");
    rules_free(rules);
}
