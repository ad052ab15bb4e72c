/* Labels and annotations of a rule: free keys with text. Labels tell alerts apart and
 * stay the same; annotations are templates, rendered when an alert begins or ends. */
#include "rules_schema.h"
#include "rules_template.h"

#include <string.h>

#define SEVERITY_MAX 31 /* bytes: as much as a stored alert keeps of it */

static bool key_is_well_formed(struct text key)
{
    for (uint32_t i = 0; i < key.len; i++) {
        char c = key.at[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        if (!letter && (i == 0 || c < '0' || c > '9'))
            return false;
    }
    return key.len > 0 && key.len <= RULE_NAME_MAX;
}

/* Lines may end and tabs may stand in an annotation. */
static bool value_is_printable(struct text value)
{
    for (uint32_t at = 0; at < value.len;) {
        uint32_t len = config_character_len(value, at);
        if (value.at[at] != '\n' && value.at[at] != '\t' &&
            !text_is_printable((struct text){value.at + at, len}))
            return false;
        at += len;
    }
    return true;
}

static bool read_pair(struct reader *r, const struct config_node *key, struct label *out)
{
    const struct config_node *value = key->next;
    char quoted[CONFIG_QUOTE_SIZE];

    if (key->kind == CONFIG_REFUSED || value->kind == CONFIG_REFUSED)
        return false;
    if (key->kind != CONFIG_VALUE || !key_is_well_formed(key->value)) {
        config_error_add(r->errors, key->place,
                         "%s is not a name: letters, digits and \"_\", at most %d",
                         config_quote(key->value, quoted), RULE_NAME_MAX);
        return false;
    }
    if (value->kind != CONFIG_VALUE || value->value.len > RULE_TEXT_MAX ||
        !value_is_printable(value->value)) {
        config_error_add(r->errors, value->place,
                         "the value of %s must be printable text of at most %d bytes",
                         config_quote(key->value, quoted), RULE_TEXT_MAX);
        return false;
    }
    out->key = arena_copy(r->arena, key->value);
    out->value = arena_copy(r->arena, value->value);
    return out->key && out->value;
}

/* Returns how many pairs were read into *out. */
static size_t read_pairs(struct reader *r, const struct config_node *map,
                         const char *what, const struct label **out)
{
    size_t len = 0;

    if (map->kind != CONFIG_MAP) {
        config_error_add(r->errors, map->place, "%s must be a mapping of keys", what);
        return 0;
    }
    struct label *labels = arena_alloc(r->arena, map->children_len / 2, sizeof(*labels));
    for (const struct config_node *key = map->first; labels && key;
         key = key->next->next) {
        if (read_pair(r, key, &labels[len]))
            len++;
    }
    *out = labels;
    return len;
}

static void check_label(struct reader *r, const struct config_node *key,
                        const struct config_node *value)
{
    if (key->kind != CONFIG_VALUE || value->kind != CONFIG_VALUE)
        return;
    for (uint32_t i = 0; i + 1 < value->value.len; i++) {
        if (value->value.at[i] != '{' || value->value.at[i + 1] != '{')
            continue;
        config_error_add(
            r->errors, config_place_inside(value, i),
            "only annotations have {{names}}: a label is the same each time");
        return;
    }
    if (text_is(key->value, "severity") && value->value.len > SEVERITY_MAX)
        config_error_add(r->errors, value->place, "a severity has at most %d bytes",
                         SEVERITY_MAX);
}

void labels_read(struct reader *r, const struct config_node *map, struct rule *rule)
{
    rule->labels_len = read_pairs(r, map, "\"labels\"", &rule->labels);
    if (map->kind != CONFIG_MAP)
        return;
    for (const struct config_node *key = map->first; key; key = key->next->next)
        check_label(r, key, key->next);
}

void annotations_read(struct reader *r, const struct config_node *map, struct rule *rule,
                      bool terms_known)
{
    rule->annotations_len = read_pairs(r, map, "\"annotations\"", &rule->annotations);
    if (map->kind != CONFIG_MAP)
        return;
    for (const struct config_node *key = map->first; key; key = key->next->next) {
        if (key->next->kind == CONFIG_VALUE)
            template_check(r, key->next, rule, terms_known);
    }
}
