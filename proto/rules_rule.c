/* Reads a single rule: its identity, what it stands for, its conditions and its texts. An
 * error leaves that part of the rule empty; a file with errors is never handed out. */
#include "rules_schema.h"

#include "shortfall/core/timestamp.h"

#include <assert.h>

enum rule_key {
    KEY_ALERT,
    KEY_UID,
    KEY_FOR_EACH,
    KEY_WHEN,
    KEY_CLEAR,
    KEY_FOR,
    KEY_KEEP,
    KEY_LABELS,
    KEY_ANNOTATIONS,
    KEY_COUNT
};

static const struct config_key rule_keys[KEY_COUNT] = {
    [KEY_ALERT] = {"alert", "name", true, NULL},
    [KEY_UID] = {"uid", "id", true, NULL},
    [KEY_FOR_EACH] = {"for_each", "foreach", true, NULL},
    [KEY_WHEN] = {"when", "expr", true, NULL},
    [KEY_CLEAR] = {"clear", "until", false, NULL},
    [KEY_FOR] = {"for", "hold", false, NULL},
    [KEY_KEEP] = {"keep", "keep_firing_for", false, NULL},
    [KEY_LABELS] = {"labels", NULL, false, NULL},
    [KEY_ANNOTATIONS] = {"annotations", NULL, false, NULL},
};

/* Copies a short text that goes into messages and tables. */
static const char *copy_name(struct reader *r, const struct config_node *node,
                             const char *what, uint32_t max)
{
    if (!config_is_text(r->errors, node, what))
        return NULL;
    if (node->value.len > max) {
        config_error_add(r->errors, node->inside, "%s has at most %u bytes", what,
                         (unsigned)max);
        return NULL;
    }
    if (!text_is_printable(node->value)) {
        config_error_add(r->errors, node->place, "%s holds an unprintable character",
                         what);
        return NULL;
    }
    return arena_copy(r->arena, node->value);
}

static bool uid_is_well_formed(struct text uid)
{
    if (uid.len == 0 || uid.len > RULE_UID_MAX)
        return false;
    for (uint32_t i = 0; i < uid.len; i++) {
        char c = uid.at[i];
        bool fits =
            (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
        if (!fits)
            return false;
    }
    return true;
}

static const char *read_uid(struct reader *r, const struct config_node *node)
{
    char quoted[CONFIG_QUOTE_SIZE];

    if (!config_is_text(r->errors, node, "\"uid\""))
        return NULL;
    if (!uid_is_well_formed(node->value)) {
        config_error_add(r->errors, node->inside,
                         "%s is not a uid: 1 to %d of a-z, 0-9, \"_\" and \"-\"",
                         config_quote(node->value, quoted), RULE_UID_MAX);
        return NULL;
    }
    for (size_t i = 0; i < r->rules_len; i++) {
        if (!r->rules[i].uid || !text_is(node->value, r->rules[i].uid))
            continue;
        config_error_add(r->errors, node->inside,
                         "uid %s is taken by the rule on line %u",
                         config_quote(node->value, quoted), r->uids[i].line);
        return NULL;
    }
    r->uids[r->rules_len] = node->inside;
    return arena_copy(r->arena, node->value);
}

/* Countries and commodities are lists of small codes of the same kind; ANY is the last
 * code but one of both. */
typedef bool read_code(struct reader *r, const struct config_node *node, uint16_t *out);

static bool is_repeated(struct reader *r, const struct config_node *node,
                        const uint16_t *codes, size_t len)
{
    char quoted[CONFIG_QUOTE_SIZE];

    for (size_t i = 0; i < len; i++) {
        if (codes[i] != codes[len])
            continue;
        config_error_add(r->errors, node->inside, "%s stands in the list twice",
                         config_quote(node->value, quoted));
        return true;
    }
    return false;
}

/* One code or a list of them; `len` 0 means all. false: nothing of it can be used. */
static bool read_codes(struct reader *r, const struct config_node *node, const char *what,
                       read_code *read, const uint16_t **out, size_t *len)
{
    const struct config_node *item = node->kind == CONFIG_LIST ? node->first : node;
    uint16_t *codes = arena_alloc(r->arena, node->children_len + 1, sizeof(*codes));
    size_t count = 0;
    bool any = false;
    bool right = true;

    if (!codes)
        return false;
    if (!item)
        config_error_add(r->errors, node->place,
                         "%s is empty: name one, or \"*\" for all", what);
    right = item != NULL;
    for (; item; item = node->kind == CONFIG_LIST ? item->next : NULL) {
        if (!read(r, item, &codes[count])) {
            right = false;
            continue;
        }
        any = any || codes[count] == PLACE_ANY;
        if (!is_repeated(r, item, codes, count))
            count++;
    }
    if (any && count > 1)
        config_error_add(r->errors, node->place,
                         "\"*\" is all: nothing can stand beside it");
    *out = codes;
    *len = any ? 0 : count;
    return right;
}

static_assert((int)PLACE_ANY == (int)COMMODITY_ANY, "read_codes reads both");

/* false: no use in checking the conditions against the commodities. */
static bool read_for_each(struct reader *r, const struct config_node *node,
                          struct rule *rule)
{
    enum { COUNTRY, COMMODITY, KEYS };
    static const struct config_key keys[KEYS] = {
        {"country", "countries", true, NULL}, {"commodity", "commodities", true, NULL}};
    const struct config_node *found[KEYS];

    if (!config_map(r->errors, node, "\"for_each\"", keys, KEYS, found))
        return false;
    if (found[COUNTRY])
        (void)read_codes(r, found[COUNTRY], "\"country\"", schema_country,
                         &rule->countries, &rule->countries_len);
    return found[COMMODITY] &&
           read_codes(r, found[COMMODITY], "\"commodity\"", schema_commodity,
                      &rule->commodities, &rule->commodities_len);
}

static bool read_condition(struct reader *r, const struct config_node *node,
                           const char *what, struct expr *out)
{
    struct expr_error error;

    if (!config_is_text(r->errors, node, what))
        return false;
    if (expr_parse(node->value, out, &error) == ST_OK)
        return true;
    config_error_add(r->errors, config_place_inside(node, error.offset), "%s",
                     error.text);
    return false;
}

/* Whether both conditions of a rule can be judged for the commodity; `place` is where the
 * first that cannot says so. */
static bool fits_commodity(const struct rule *rule, const struct config_node **found,
                           commodity_id commodity, struct config_place *place,
                           struct expr_error *error)
{
    if (expr_check_commodity(&rule->when, commodity, error)) {
        *place = config_place_inside(found[KEY_WHEN], error->offset);
        return false;
    }
    if (rule->clear.len > 0 && expr_check_commodity(&rule->clear, commodity, error)) {
        *place = config_place_inside(found[KEY_CLEAR], error->offset);
        return false;
    }
    return true;
}

/* With commodities named, each must fit; with "*" the rule is for those that do. */
static void check_commodities(struct reader *r, const struct rule *rule,
                              const struct config_node **found)
{
    bool all = rule->commodities_len == 0;
    size_t count = all ? commodity_count() : rule->commodities_len;
    struct config_place place = found[KEY_WHEN]->place;
    struct expr_error error;

    for (size_t i = 0; i < count; i++) {
        commodity_id id = all ? (commodity_id)i : rule->commodities[i];
        bool fits = fits_commodity(rule, found, id, &place, &error);
        if (all && fits)
            return;
        if (!all && !fits) {
            config_error_add(r->errors, place, "%s", error.text);
            return;
        }
    }
    if (all)
        config_error_add(r->errors, place, "no commodity fits the units of this rule");
}

static void read_conditions(struct reader *r, const struct config_node **found,
                            struct rule *rule, bool *right)
{
    *right =
        found[KEY_WHEN] && read_condition(r, found[KEY_WHEN], "\"when\"", &rule->when);
    if (!found[KEY_CLEAR])
        return;
    *right = read_condition(r, found[KEY_CLEAR], "\"clear\"", &rule->clear) && *right;
    if (*right && expr_overlaps(&rule->when, &rule->clear))
        config_error_add(r->errors, config_place_inside(found[KEY_CLEAR], 0),
                         "\"clear\" can be true while \"when\" is");
}

/* "0", "0d": no waiting at all, which a duration cannot say. */
static bool is_zero_duration(struct text text)
{
    uint32_t zeros = 0;
    char unit[4];
    int64_t one;

    while (zeros < text.len && text.at[zeros] == '0')
        zeros++;
    if (zeros == 0 || text.len - zeros > 2)
        return false;
    if (zeros == text.len)
        return true;
    unit[0] = '1';
    (void)text_copy((struct text){text.at + zeros, text.len - zeros}, unit + 1,
                    sizeof(unit) - 1);
    return duration_parse(text_of(unit), &one, NULL) == ST_OK;
}

static int64_t read_duration(struct reader *r, const struct config_node *node,
                             const char *what)
{
    char quoted[CONFIG_QUOTE_SIZE];
    int64_t duration;

    if (!config_is_text(r->errors, node, what) || is_zero_duration(node->value))
        return 0;
    if (duration_parse(node->value, &duration, NULL) == ST_OK)
        return duration;
    config_error_add(r->errors, node->inside,
                     "%s is not a duration such as 3d, 36h or 2w, of at most 100 years",
                     config_quote(node->value, quoted));
    return 0;
}

void rule_read(struct reader *r, const struct config_node *node)
{
    const struct config_node *found[KEY_COUNT];
    struct rule *rule = &r->rules[r->rules_len];
    bool terms_known;

    if (!config_map(r->errors, node, "a rule", rule_keys, KEY_COUNT, found)) {
        r->rules_len++;
        return;
    }
    if (found[KEY_ALERT])
        rule->alert = copy_name(r, found[KEY_ALERT], "\"alert\"", RULE_NAME_MAX);
    if (found[KEY_UID])
        rule->uid = read_uid(r, found[KEY_UID]);
    bool commodities = found[KEY_FOR_EACH] && read_for_each(r, found[KEY_FOR_EACH], rule);
    read_conditions(r, found, rule, &terms_known);
    if (commodities && terms_known)
        check_commodities(r, rule, found);
    if (found[KEY_FOR])
        rule->hold = read_duration(r, found[KEY_FOR], "\"for\"");
    if (found[KEY_KEEP])
        rule->keep = read_duration(r, found[KEY_KEEP], "\"keep\"");
    if (found[KEY_LABELS])
        labels_read(r, found[KEY_LABELS], rule);
    if (found[KEY_ANNOTATIONS])
        annotations_read(r, found[KEY_ANNOTATIONS], rule, terms_known);
    r->rules_len++;
}
