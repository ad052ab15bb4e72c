/* Reads a rule file: the settings and the groups; rules_rule.c reads a single rule. All
 * errors of a file are found in one pass: nothing here stops at the first. */
#include "shortfall/proto/rules.h"

#include "rules_schema.h"
#include "shortfall/core/hash.h"

#include <assert.h>
#include <stdlib.h>

#define HASH_PURPOSE UINT64_C(0x72756C65732E7631) /* "rules.v1" */

/* What rules_parse hands out is the first member; the rest is its memory. */
struct loaded {
    struct ruleset rules;
    struct arena arena;
};

static void read_version(struct reader *r, const struct config_node *node)
{
    char quoted[CONFIG_QUOTE_SIZE];

    if (config_is_text(r->errors, node, "\"version\"") && !text_is(node->value, "1"))
        config_error_add(r->errors, node->inside, "version %s is not known here, only 1",
                         config_quote(node->value, quoted));
}

/* Two digits as a number; 0 when they are not digits. */
static unsigned two_digits(const char *at)
{
    if (at[0] < '0' || at[0] > '9' || at[1] < '0' || at[1] > '9')
        return 0;
    return (unsigned)((at[0] - '0') * 10 + (at[1] - '0'));
}

static bool read_month_day(struct reader *r, const struct config_node *node,
                           struct year_setting *year)
{
    static const unsigned char days[] = {0,  31, 28, 31, 30, 31, 30,
                                         31, 31, 30, 31, 30, 31};
    struct text text = node->value;
    char quoted[CONFIG_QUOTE_SIZE];

    if (!config_is_text(r->errors, node, "\"starts\""))
        return false;
    bool shaped = text.len == 5 && text.at[2] == '-';
    unsigned month = shaped ? two_digits(text.at) : 0;
    unsigned day = shaped ? two_digits(text.at + 3) : 0;
    if (month == 2 && day == 29) {
        config_error_add(r->errors, node->inside,
                         "a year cannot start on 29 February: most years have none");
        return false;
    }
    if (month < 1 || month > 12 || day < 1 || day > days[month]) {
        config_error_add(r->errors, node->inside,
                         "%s is not a day of the year, written month-day as in 11-01",
                         config_quote(text, quoted));
        return false;
    }
    year->month = (uint8_t)month;
    year->day = (uint8_t)day;
    return true;
}

static void read_year(struct reader *r, const struct config_node *node)
{
    enum { COUNTRY, COMMODITY, STARTS, KEYS };
    static const struct config_key keys[KEYS] = {{"country", NULL, true, NULL},
                                                 {"commodity", NULL, true, NULL},
                                                 {"starts", "start", true, NULL}};
    const struct config_node *found[KEYS];
    struct year_setting year;

    if (!config_map(r->errors, node, "a year", keys, KEYS, found))
        return;
    bool right = found[COUNTRY] && schema_country(r, found[COUNTRY], &year.country);
    right = found[COMMODITY] && schema_commodity(r, found[COMMODITY], &year.commodity) &&
            right;
    right = found[STARTS] && read_month_day(r, found[STARTS], &year) && right;
    if (right)
        r->years[r->years_len++] = year;
}

static void read_settings(struct reader *r, const struct config_node *node)
{
    static const struct config_key keys[] = {{"years", NULL, false, NULL}};
    const struct config_node *years;

    if (!config_map(r->errors, node, "\"settings\"", keys, 1, &years) || !years ||
        !config_is_list(r->errors, years, "\"years\""))
        return;
    r->years = arena_alloc(r->arena, years->children_len, sizeof(*r->years));
    for (const struct config_node *year = years->first; r->years && year;
         year = year->next)
        read_year(r, year);
}

static void read_group(struct reader *r, const struct config_node *node)
{
    enum { NAME, RULES, KEYS };
    static const struct config_key keys[KEYS] = {{"name", NULL, true, NULL},
                                                 {"rules", NULL, true, NULL}};
    const struct config_node *found[KEYS];

    if (!config_map(r->errors, node, "a group", keys, KEYS, found))
        return;
    if (found[NAME])
        (void)config_is_text(r->errors, found[NAME], "\"name\"");
    if (!found[RULES] || !config_is_list(r->errors, found[RULES], "\"rules\""))
        return;
    for (const struct config_node *rule = found[RULES]->first; rule; rule = rule->next) {
        if (r->rules_len == r->rules_max) {
            config_error_add(r->errors, rule->place, "more than %d rules", RULES_MAX);
            return;
        }
        rule_read(r, rule);
    }
}

/* At most how many rules there are, so that all find room at once. */
static size_t count_rules(const struct config_node *groups)
{
    size_t count = 0;

    for (const struct config_node *group = groups->first; group; group = group->next) {
        if (group->kind != CONFIG_MAP)
            continue;
        for (const struct config_node *key = group->first; key; key = key->next->next)
            count += key->next->kind == CONFIG_LIST ? key->next->children_len : 0;
    }
    return count < RULES_MAX ? count : RULES_MAX;
}

static void read_groups(struct reader *r, const struct config_node *groups)
{
    if (!config_is_list(r->errors, groups, "\"groups\""))
        return;
    r->rules_max = count_rules(groups);
    r->rules = arena_alloc(r->arena, r->rules_max, sizeof(*r->rules));
    r->uids = arena_alloc(r->arena, r->rules_max, sizeof(*r->uids));
    if (!r->rules || !r->uids)
        return;
    for (const struct config_node *group = groups->first; group; group = group->next)
        read_group(r, group);
}

static void read_file(struct reader *r, const struct config_node *root)
{
    enum { VERSION, SETTINGS, GROUPS, KEYS };
    static const struct config_key keys[KEYS] = {{"version", NULL, true, NULL},
                                                 {"settings", NULL, false, NULL},
                                                 {"groups", NULL, true, NULL}};
    const struct config_node *found[KEYS];

    if (!config_map(r->errors, root, "a rule file", keys, KEYS, found))
        return;
    if (found[VERSION])
        read_version(r, found[VERSION]);
    if (found[SETTINGS])
        read_settings(r, found[SETTINGS]);
    if (found[GROUPS])
        read_groups(r, found[GROUPS]);
}

static void read_text(struct reader *r, struct text text)
{
    static const struct config_place start = {1, 1};
    struct config_tree *tree = NULL;

    if (text.len > RULES_TEXT_MAX) {
        config_error_add(r->errors, start, "a rule file has at most %d bytes",
                         RULES_TEXT_MAX);
        return;
    }
    if (config_read(text, &tree, r->errors)) {
        r->arena->failed = true;
        return;
    }
    if (config_root(tree))
        read_file(r, config_root(tree));
    else if (r->errors->total == 0)
        config_error_add(r->errors, start,
                         "the file is empty: a rule file begins with \"version: 1\"");
    config_free(tree);
}

enum status rules_parse(struct text text, struct ruleset **out,
                        struct config_errors *errors)
{
    struct loaded *loaded = calloc(1, sizeof(*loaded));
    struct reader r = {.errors = errors};

    errors->len = 0;
    errors->total = 0;
    if (!loaded)
        return ST_NO_MEMORY;
    r.arena = &loaded->arena;
    read_text(&r, text);
    if (loaded->arena.failed || errors->total > 0) {
        enum status st = loaded->arena.failed ? ST_NO_MEMORY : ST_INVALID;
        rules_free(&loaded->rules);
        return st;
    }
    loaded->rules = (struct ruleset){.rules = r.rules,
                                     .rules_len = r.rules_len,
                                     .years = r.years,
                                     .years_len = r.years_len};
    hash128_bytes(hash128_of(text.at, text.len, HASH_PURPOSE), loaded->rules.hash);
    *out = &loaded->rules;
    return ST_OK;
}

static_assert(offsetof(struct loaded, rules) == 0, "rules_free finds one by the other");

void rules_free(struct ruleset *rules)
{
    struct loaded *loaded = (struct loaded *)rules;

    if (!loaded)
        return;
    arena_free(&loaded->arena);
    free(loaded);
}
