/* Rule files that are wrong: everything that is said of them, word for word, and where.
 */
#include "shortfall/proto/rules.h"

#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OUTPUT_SIZE 16384

/* All errors of a text as they are printed; the caller frees it. */
static char *complain(struct text text)
{
    struct config_errors *errors = malloc(sizeof(*errors));
    struct ruleset *rules = NULL;
    char *out = malloc(OUTPUT_SIZE);
    size_t len = 0;
    enum status st = rules_parse(text, &rules, errors);

    cr_assert(st == ST_INVALID, "%s: %.*s", status_text(st), TEXT_ARGS(text));
    cr_assert(rules == NULL, "the output was touched");
    for (size_t i = 0; i < errors->len; i++)
        len += config_error_format(&errors->list[i], "f.yaml", text, out + len,
                                   OUTPUT_SIZE - len);
    free(errors);
    return out;
}

static void assert_complaint(const char *text, const char *expected)
{
    char *out = complain(text_of(text));

    cr_assert(strcmp(out, expected) == 0, "of\n%s\nfound\n%s\nexpected\n%s", text, out,
              expected);
    free(out);
}

Test(rules_error, the_example_of_the_formats)
{
    static const char text[] = "version: 1\n"
                               "groups:\n"
                               "  - name: food\n"
                               "    rules:\n"
                               "    - alert: MaizeLow\n"
                               "      uid: maize-low\n"
                               "      when: days_of_cover < 30\n"
                               "      for: 3d\n"
                               "      for_each:\n"
                               "        country:\n"
                               "        - PRK\n"
                               "        commodity:\n"
                               "        - rice\n"
                               "        - maze\n";
    struct config_errors *errors = malloc(sizeof(*errors));
    struct ruleset *rules = NULL;
    char out[512];

    cr_assert(rules_parse(text_of(text), &rules, errors) == ST_INVALID, "it is wrong");
    cr_assert(errors->total == 1 && errors->len == 1, "%zu errors", errors->total);
    (void)config_error_format(&errors->list[0], "rules/food.yaml", text_of(text), out,
                              sizeof(out));
    cr_assert_str_eq(out,
                     "rules/food.yaml:14:11: error: unknown commodity \"maze\" (did you "
                     "mean \"maize\"?)\n"
                     "        - maze\n"
                     "          ^\n");
    free(errors);
}

Test(rules_error, the_caret_stands_under_a_column_behind_tabs)
{
    struct config_error error = {.line = 2, .column = 5, .text = "here"};
    char out[64];

    (void)config_error_format(&error, "f", TEXT_LITERAL("a\n\ta\tbc\n"), out,
                              sizeof(out));
    cr_assert_str_eq(out, "f:2:5: error: here\n\ta\tbc\n\t \t ^\n");
    error.column = 99;
    (void)config_error_format(&error, "f", TEXT_LITERAL("a\nb"), out, sizeof(out));
    cr_assert_str_eq(out, "f:2:99: error: here\nb\n ^\n", "%s", out);
    error.line = 3;
    (void)config_error_format(&error, "f", TEXT_LITERAL("a\nb"), out, sizeof(out));
    cr_assert_str_eq(out, "f:3:99: error: here\n\n^\n", "%s", out);
}

Test(rules_error, everything_wrong_is_said_at_once)
{
    assert_complaint(
        "version: 2\n"
        "settings:\n"
        "  years:\n"
        "    - {country: PRK, commodity: food, starts: 02-29}\n"
        "    - {country: \"*\", commodity: foood, starts: 13-01}\n"
        "groups:\n"
        "  - name: dprk-food\n"
        "    interval: 1m\n"
        "    rules:\n"
        "      - alert: CerealCoverLow\n"
        "        uid: Prk\n"
        "        for_each: {country: [PRKK, WFP, KOR, KOR], commodity: [food, maze]}\n"
        "        expr: days_of_cover < 30\n"
        "        clear: \"days_of_cover >= 45 d\"\n"
        "        for: 3x\n"
        "        annotations:\n"
        "          summary: \"{{county}} {{price(brent)}} {{stock\"\n",
        "f.yaml:1:10: error: version \"2\" is not known here, only 1\n"
        "version: 2\n"
        "         ^\n"
        "f.yaml:4:47: error: a year cannot start on 29 February: most years have none\n"
        "    - {country: PRK, commodity: food, starts: 02-29}\n"
        "                                              ^\n"
        "f.yaml:5:33: error: unknown commodity \"foood\" (did you mean \"food\"?)\n"
        "    - {country: \"*\", commodity: foood, starts: 13-01}\n"
        "                                ^\n"
        "f.yaml:5:48: error: \"13-01\" is not a day of the year, written month-day as in "
        "11-01\n"
        "    - {country: \"*\", commodity: foood, starts: 13-01}\n"
        "                                               ^\n"
        "f.yaml:8:5: error: unknown key \"interval\" in a group\n"
        "    interval: 1m\n"
        "    ^\n"
        "f.yaml:10:9: error: a rule needs \"when\"\n"
        "      - alert: CerealCoverLow\n"
        "        ^\n"
        "f.yaml:11:14: error: \"Prk\" is not a uid: 1 to 64 of a-z, 0-9, \"_\" and "
        "\"-\"\n"
        "        uid: Prk\n"
        "             ^\n"
        "f.yaml:12:30: error: unknown country \"PRKK\" (did you mean \"PRK\"?)\n"
        "        for_each: {country: [PRKK, WFP, KOR, KOR], commodity: [food, maze]}\n"
        "                             ^\n"
        "f.yaml:12:36: error: \"WFP\" is a party without a balance: name a country\n"
        "        for_each: {country: [PRKK, WFP, KOR, KOR], commodity: [food, maze]}\n"
        "                                   ^\n"
        "f.yaml:12:46: error: \"KOR\" stands in the list twice\n"
        "        for_each: {country: [PRKK, WFP, KOR, KOR], commodity: [food, maze]}\n"
        "                                             ^\n"
        "f.yaml:12:70: error: unknown commodity \"maze\" (did you mean \"maize\"?)\n"
        "        for_each: {country: [PRKK, WFP, KOR, KOR], commodity: [food, maze]}\n"
        "                                                                     ^\n"
        "f.yaml:13:9: error: unknown key \"expr\" in a rule (did you mean \"when\"?)\n"
        "        expr: days_of_cover < 30\n"
        "        ^\n"
        "f.yaml:14:37: error: \"days_of_cover\" takes a bare number of days, without a "
        "unit\n"
        "        clear: \"days_of_cover >= 45 d\"\n"
        "                                    ^\n"
        "f.yaml:15:14: error: \"3x\" is not a duration such as 3d, 36h or 2w, of at most "
        "100 years\n"
        "        for: 3x\n"
        "             ^\n"
        "f.yaml:17:23: error: unknown name \"county\": not a figure of the balance or a "
        "metric of this rule's conditions (did you mean \"country\"?)\n"
        "          summary: \"{{county}} {{price(brent)}} {{stock\"\n"
        "                      ^\n"
        "f.yaml:17:49: error: \"{{\" is never closed\n"
        "          summary: \"{{county}} {{price(brent)}} {{stock\"\n"
        "                                                ^\n");
}

/* One error in a file whose first rule is right but for the lines given, which stand on
 * line 5 and after. */
Test(rules_error, each_part_of_a_rule_is_checked)
{
    static const struct {
        const char *lines, *expected; /* line:column: text */
    } rows[] = {
        {"alert: A\n    uid: u\n    for_each: {country: [PRK], commodity: [food]}\n"
         "    when: days_of_cover < 30\n    clear: days_of_cover < 45\n",
         "9:12: \"clear\" can be true while \"when\" is"},
        {"alert: A\n    uid: u\n    for_each: {country: [PRK], commodity: [food]}\n"
         "    when: stock < 5 TJ\n",
         "8:19: \"TJ\" cannot measure food, which is counted in mass (t, kt)"},
        {"alert: A\n    uid: u\n    for_each: {country: [PRK], commodity: [food]}\n"
         "    when: stock < 5 kt\n    clear: \"stock > 6 TJ\"\n",
         "9:21: \"TJ\" cannot measure food, which is counted in mass (t, kt)"},
        {"alert: A\n    uid: u\n    for_each: {country: \"*\", commodity: \"*\"}\n"
         "    when: stock < 5 kt and overdue > 1 TJ\n",
         "8:38: no commodity fits the units of this rule"},
        {"alert: A\n    uid: u\n    for_each: {country: [\"*\", PRK], commodity: food}\n"
         "    when: age > 1\n",
         "7:25: \"*\" is all: nothing can stand beside it"},
        {"alert: A\n    uid: u\n    for_each: {country: [], commodity: food}\n"
         "    when: age > 1\n",
         "7:25: \"country\" is empty: name one, or \"*\" for all"},
        {"alert: A\n    uid: u\n    for_each: {country: PRK}\n    when: age > 1\n",
         "7:15: \"for_each\" needs \"commodity\""},
        {"alert: A\n    uid: u\n    when: age > 1\n", "5:5: a rule needs \"for_each\""},
        {"uid: u\n    for_each: {country: PRK, commodity: food}\n    when: age > 1\n",
         "5:5: a rule needs \"alert\""},
        {"alert: A\n    for_each: {country: PRK, commodity: food}\n    when: age > 1\n",
         "5:5: a rule needs \"uid\""},
        {"alert: A\n    uid: u\n    for_each: {country: PRK, commodity: food}\n"
         "    when: >\n      age > 1\n      or oge < 2\n",
         "8:11: unknown metric \"oge\" (did you mean \"age\"?)"},
        {"alert: A\n    uid: u\n    for_each: {country: PRK, commodity: food}\n"
         "    when: 'oge < 2'\n",
         "8:12: unknown metric \"oge\" (did you mean \"age\"?)"},
        {"alert: A\n    uid: u\n    for_each: {country: PRK, commodity: food}\n"
         "    when: \"\\x61ge < 2 t\"\n",
         "8:11: \"age\" takes a bare number of days, without a unit"},
        {"alert: A\n    uid: u\n    for_each: {country: PRK, commodity: food}\n"
         "    when:\n",
         "8:10: \"when\" is empty"},
        {"alert: A\n    uid: u\n    for_each: {country: PRK, commodity: food}\n"
         "    when: age > 1\n    labels: {severity: \"{{country}}\"}\n",
         "9:25: only annotations have {{names}}: a label is the same each time"},
        {"alert: A\n    uid: u\n    for_each: {country: PRK, commodity: food}\n"
         "    when: age > 1\n    labels: {a b: c}\n",
         "9:14: \"a b\" is not a name: letters, digits and \"_\", at most 128"},
        {"alert: A\n    uid: u\n    for_each: {country: PRK, commodity: food}\n"
         "    when: age > 1\n    labels: {a: [c]}\n",
         "9:17: the value of \"a\" must be printable text of at most 1024 bytes"},
        {"alert: A\n    uid: u\n    for_each: {country: PRK, commodity: food}\n"
         "    when: age > 1\n    labels: {severity: abcdefghijklmnopqrstuvwxyz012345}\n",
         "9:24: a severity has at most 31 bytes"},
        {"alert: A\n    uid: u\n    for_each: {country: PRK, commodity: food}\n"
         "    when: age > 1\n    annotations: {a: \"{{price(brent)}}\"}\n",
         "9:25: unknown name \"price(brent)\": not a figure of the balance or a metric "
         "of "
         "this rule's conditions"},
        {"alert: A\n    uid: u\n    for_each: {country: PRK, commodity: food}\n"
         "    when: age > 1\n    keep: 0x\n",
         "9:11: \"0x\" is not a duration such as 3d, 36h or 2w, of at most 100 years"},
        {"alert: A\n    uid: u\n    for_each: {country: PRK, commodity: food}\n"
         "    when: age > 1\n    keep: [3d]\n",
         "9:11: \"keep\" must be a single value"},
        {"alert: A\n    uid: u\n    for_each: {country: PRK, commodity: food}\n"
         "    when: age > 1\n    when: age > 2\n",
         "9:5: duplicate key \"when\": it stands on line 8 already"},
        {"alert: A\n    uid: u\n    for_each: {country: PRK, commodity: food}\n"
         "    when: age > 1\n  - alert: B\n    uid: u\n"
         "    for_each: {country: PRK, commodity: food}\n    when: age > 1\n",
         "10:10: uid \"u\" is taken by the rule on line 6"},
        {"alert: \"A\\u202E\"\n    uid: u\n    for_each: {country: PRK, commodity: "
         "food}\n"
         "    when: age > 1\n",
         "5:12: \"alert\" holds an unprintable character"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct config_errors *errors = malloc(sizeof(*errors));
        struct ruleset *rules = NULL;
        char text[1024];
        char found[512];

        (void)snprintf(text, sizeof(text),
                       "version: 1\ngroups:\n- name: a\n  rules:\n  - %s", rows[i].lines);
        enum status st = rules_parse(text_of(text), &rules, errors);
        cr_assert(st == ST_INVALID, "%s: %s", rows[i].expected, status_text(st));
        (void)snprintf(found, sizeof(found), "%u:%u: %s", errors->list[0].line,
                       errors->list[0].column, errors->list[0].text);
        cr_assert_str_eq(found, rows[i].expected, "found %s, expected %s", found,
                         rows[i].expected);
        cr_assert(errors->total == 1, "%s: %zu errors", found, errors->total);
        free(errors);
    }
}

Test(rules_error, what_yaml_allows_and_a_rule_file_does_not)
{
    static const struct {
        const char *text, *expected;
    } rows[] = {
        {"",
         "f.yaml:1:1: error: the file is empty: a rule file begins with \"version: 1\"\n"
         "\n^\n"},
        {"version: 1\ngroups: [*]\n",
         "f.yaml:2:11: error: did not find expected alphabetic or numeric character "
         "while "
         "scanning an alias: write * in quotes, \"*\"\ngroups: [*]\n          ^\n"},
        {"version: 1\ngroups: *a\n",
         "f.yaml:2:9: error: aliases are not allowed: write the value itself, and * as "
         "\"*\"\ngroups: *a\n        ^\n"},
        {"version: &v 1\ngroups: []\n",
         "f.yaml:1:10: error: anchors are not allowed: write the value where it is used\n"
         "version: &v 1\n         ^\n"},
        {"version: !!int 1\ngroups: []\n",
         "f.yaml:1:10: error: tags are not allowed\nversion: !!int 1\n         ^\n"},
        {"version: 1\ngroups: []\n---\nversion: 1\n",
         "f.yaml:3:1: error: a second document: a file holds one\n---\n^\n"},
        {"version: 1\ngroups:\n\t- a\n",
         "f.yaml:3:1: error: found character that cannot start any token while scanning "
         "for "
         "the next token: indent with spaces, not with a tab\n\t- a\n^\n"},
        {"version: 1\ngroups: [[[[[[[[[[[[[[[[[[[[[[[[\n",
         "f.yaml:2:20: error: nested more than 12 deep\ngroups: "
         "[[[[[[[[[[[[[[[[[[[[[[[[\n                   ^\n"},
        {"version: 1\ngroups: [\x01]\n",
         "f.yaml:2:10: error: not a character of plain UTF-8 text (byte 0x01)\n"
         "groups: [?]\n         ^\n"},
        {"version: 1\ngroups: \xFF\n",
         "f.yaml:2:9: error: not a character of plain UTF-8 text (byte 0xFF)\n"
         "groups: ?\n        ^\n"},
        {"version: 1\r\ngroups: {}\r\n",
         "f.yaml:2:9: error: \"groups\" must be a list\ngroups: {}\n        ^\n"},
        {"\xEF\xBB\xBFversio: 1\ngroups: []\nversion: 1\n",
         "f.yaml:1:1: error: unknown key \"versio\" in a rule file (did you mean "
         "\"version\"?)\nversio: 1\n^\n"},
        /* The column counts bytes, the caret stands under the character. */
        {"{\xC3\xA9\xC3\xA9: 1, version: 1, groups: {}}\n",
         "f.yaml:1:2: error: unknown key \"\xC3\xA9\xC3\xA9\" in a rule file\n"
         "{\xC3\xA9\xC3\xA9: 1, version: 1, groups: {}}\n ^\n"
         "f.yaml:1:31: error: \"groups\" must be a list\n"
         "{\xC3\xA9\xC3\xA9: 1, version: 1, groups: {}}\n"
         "                            ^\n"},
        {"? [a]\n: b\nversion: 1\ngroups: []\n",
         "f.yaml:1:3: error: a key must be a word\n? [a]\n  ^\n"},
        {"- a\n", "f.yaml:1:1: error: a rule file must be a mapping of keys\n- a\n^\n"},
        {"version: 1\ngroups: []\n\"\\u202Ea\\n\": 1\n",
         "f.yaml:3:1: error: unknown key \"?a?\" in a rule file\n\"\\u202Ea\\n\": "
         "1\n^\n"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_complaint(rows[i].text, rows[i].expected);
}

/* A list of `count` words where rules should stand, one a line from line 5. */
static char *wrong_rules(unsigned count)
{
    size_t size = 64 + (size_t)count * 8;
    char *text = malloc(size);
    size_t len =
        (size_t)snprintf(text, size, "version: 1\ngroups:\n- name: a\n  rules:\n");

    for (unsigned i = 0; i < count; i++)
        len += (size_t)snprintf(text + len, size - len, "  - a\n");
    return text;
}

Test(rules_error, keeps_the_first_and_counts_all)
{
    struct config_errors *errors = malloc(sizeof(*errors));
    struct ruleset *rules = NULL;

    for (unsigned count = CONFIG_ERRORS_MAX; count <= CONFIG_ERRORS_MAX + 1; count++) {
        char *text = wrong_rules(count);
        cr_assert(rules_parse(text_of(text), &rules, errors) == ST_INVALID, "%u", count);
        cr_assert(errors->total == count && errors->len == CONFIG_ERRORS_MAX, "%u",
                  count);
        for (unsigned i = 0; i < CONFIG_ERRORS_MAX; i++)
            cr_assert(errors->list[i].line == i + 5, "%u: line of error %u", count, i);
        free(text);
    }
    free(errors);
}

Test(rules_error, an_error_of_a_long_line_shows_the_part_it_is_about)
{
    struct config_error error = {.line = 1, .column = 501, .text = "here"};
    char line[1000];
    char out[512];

    memset(line, 'a', sizeof(line));
    line[500] = 'X';
    size_t len = config_error_format(&error, "f", (struct text){line, sizeof(line)}, out,
                                     sizeof(out));
    const char *second = strchr(out, '\n') + 1;
    const char *third = strchr(second, '\n') + 1;
    cr_assert(len == strlen(out) && strncmp(out, "f:1:501: error: here\n", 21) == 0, "%s",
              out);
    cr_assert(third - second == 161, "160 bytes are shown");
    cr_assert(strchr(second, 'X') - second == strchr(third, '^') - third, "%s", out);
}

Test(rules_error, output_is_cut_to_its_size)
{
    struct config_error error = {.line = 1, .column = 1, .text = "here"};
    char out[32];

    for (size_t size = 1; size <= sizeof(out); size++) {
        memset(out, 'x', sizeof(out));
        size_t len = config_error_format(&error, "f", TEXT_LITERAL("a"), out, size);
        cr_assert(len == (size < 24 ? size - 1 : 23), "size %zu: %zu", size, len);
        cr_assert(out[len] == '\0', "size %zu: the end", size);
    }
}

Test(rules_error, no_prefix_of_a_file_does_harm)
{
    static const char text[] =
        "version: 1\nsettings: {years: [{country: PRK, commodity: food, starts: "
        "11-01}]}\n"
        "groups:\n- name: a\n  rules:\n  - alert: A\n    uid: u\n"
        "    for_each: {country: [PRK], commodity: [food]}\n    when: 'age > 1'\n"
        "    clear: \"not has(age)\"\n    annotations: {a: \"{{ age }}\"}\n";
    struct config_errors *errors = malloc(sizeof(*errors));

    for (size_t len = 0; len < sizeof(text); len++) {
        struct ruleset *rules = NULL;
        char *copy = malloc(len > 0 ? len : 1);
        memcpy(copy, text, len);
        enum status st = rules_parse((struct text){copy, (uint32_t)len}, &rules, errors);
        cr_assert(st == ST_OK || (st == ST_INVALID && errors->total > 0), "%zu bytes",
                  len);
        rules_free(rules);
        free(copy);
    }
    free(errors);
}
