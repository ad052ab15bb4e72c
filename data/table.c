/* What a table of commodities or places may say. Checks everything, so that core/ can
 * trust the tables without looking: codes stand once, factors have a group and a source,
 * groups exist. */
#include "table.h"

#include <string.h>

#define ALPHABET_COMMODITY "abcdefghijklmnopqrstuvwxyz0123456789_"
#define ALPHABET_PLACE     "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

static const char *text_or_empty(const struct key *key)
{
    return key->value ? scalar_text(key->value) : "";
}

static int table_find(const struct table *table, const char *code)
{
    for (int i = 0; i < table->len; i++) {
        if (strcmp(table->entries[i].code, code) == 0)
            return i;
    }
    return -1;
}

/* A new entry with its code and name, or NULL when the code was reported. */
static struct entry *entry_add(struct input *in, struct table *table,
                               const yaml_node_t *code, const char *alphabet)
{
    const char *text = scalar_text(code);

    if (strlen(text) > CODE_LEN_MAX || strspn(text, alphabet) != strlen(text)) {
        input_report(in, code, "\"%s\" is not a code: up to %d of %s", text, CODE_LEN_MAX,
                     alphabet);
        return NULL;
    }
    if (table_find(table, text) >= 0) {
        input_report(in, code, "code \"%s\" stands twice", text);
        return NULL;
    }
    if (table->len == CODES_MAX) {
        input_report(in, code, "more than %d codes", CODES_MAX);
        return NULL;
    }
    struct entry *entry = &table->entries[table->len++];
    *entry = (struct entry){.code = text, .node = code, .group = -1, .to_group = {0, 1}};
    for (int i = 0; i < FACTOR_SETS_MAX; i++)
        entry->barrels[i] = (struct factor){0, 1};
    return entry;
}

/* A word may mean one entry only, or the suggestion would depend on the order. */
static void word_add(struct input *in, struct table *table, const yaml_node_t *node)
{
    int entry = table->len - 1;

    if (!node || !input_want(in, node, YAML_SCALAR_NODE))
        return;
    for (int i = 0; i < table->words_len; i++) {
        if (strcmp(table->words[i].text, scalar_text(node)) == 0) {
            input_report(in, node, "\"%s\" already means %s", scalar_text(node),
                         table->entries[table->words[i].entry].code);
            return;
        }
    }
    if (table->words_len == WORDS_MAX)
        input_report(in, node, "more than %d names and aliases", WORDS_MAX);
    else
        table->words[table->words_len++] = (struct word){scalar_text(node), entry};
}

static void aliases_add(struct input *in, struct table *table, const yaml_node_t *list)
{
    yaml_node_t *alias;

    for (size_t i = 0; list && (alias = list_next(in, list, &i));)
        word_add(in, table, alias);
}

static void version_check(struct input *in, const yaml_node_t *version)
{
    if (strcmp(scalar_text(version), "1") != 0)
        input_report(in, version, "version \"%s\" is not known; this program reads 1",
                     scalar_text(version));
}

static void sets_read(struct input *in, struct table *table, const yaml_node_t *list)
{
    const yaml_node_t *node;

    for (size_t i = 0; (node = list_next(in, list, &i));) {
        struct key keys[] = {{"name", KEY_REQUIRED, YAML_SCALAR_NODE, NULL},
                             {"source", KEY_REQUIRED, YAML_SCALAR_NODE, NULL}};
        if (!map_read(in, node, keys, 2))
            continue;
        if (table->sets_len == FACTOR_SETS_MAX)
            input_report(in, node, "more than %d factor sets", FACTOR_SETS_MAX);
        else
            table->sets[table->sets_len++] = scalar_text(keys[0].value);
    }
    if (table->sets_len == 0)
        input_report(in, list, "at least one factor set belongs here");
}

/* Two digits behind the point and three before it: then a cubic metre in grams, which
 * core/ works out from it, is a fraction of 64-bit numbers. */
static void density_read(struct input *in, const yaml_node_t *node, struct factor *out)
{
    if (factor_read(in, node, out) && (out->den > 100 || out->num >= 1000 * out->den))
        input_report(in, node, "barrels per tonne lie below 1000, with two decimals");
}

static void barrels_read(struct input *in, const struct table *table, struct entry *entry,
                         const yaml_node_t *node)
{
    struct key keys[FACTOR_SETS_MAX];

    for (int i = 0; i < table->sets_len; i++)
        keys[i] = (struct key){table->sets[i], KEY_OPTIONAL, YAML_SCALAR_NODE, NULL};
    if (!map_read(in, node, keys, (size_t)table->sets_len))
        return;
    if (entry->energy)
        input_report(in, node, "barrels per tonne of something that has no mass");
    for (int i = 0; i < table->sets_len; i++) {
        if (keys[i].value)
            density_read(in, keys[i].value, &entry->barrels[i]);
    }
}

static void dimension_read(struct input *in, struct entry *entry, const yaml_node_t *node)
{
    entry->energy = strcmp(scalar_text(node), "energy") == 0;
    if (!entry->energy && strcmp(scalar_text(node), "mass") != 0)
        input_report(in, node, "\"%s\" is neither mass nor energy", scalar_text(node));
}

/* That the group exists can only be judged when the whole table has been read. */
static void group_read(struct input *in, struct entry *entry, const yaml_node_t *group,
                       const yaml_node_t *factor)
{
    entry->group_node = group;
    if (group && !factor)
        input_report(in, entry->node, "\"%s\" is in a group: key \"factor\" is missing",
                     entry->code);
    if (!group && factor)
        input_report(in, factor, "a factor leads into a group, and none is stated");
    if (factor)
        (void)factor_read(in, factor, &entry->to_group);
}

static void commodity_read(struct input *in, struct table *table, const yaml_node_t *node)
{
    enum { CODE, NAME, HS, DIMENSION, GROUP, FACTOR, BARRELS, ALIASES, SOURCE, KEYS };
    struct key keys[KEYS] = {
        [CODE] = {"code", KEY_REQUIRED, YAML_SCALAR_NODE, NULL},
        [NAME] = {"name", KEY_REQUIRED, YAML_SCALAR_NODE, NULL},
        [HS] = {"hs", KEY_OPTIONAL, YAML_SCALAR_NODE, NULL},
        [DIMENSION] = {"dimension", KEY_REQUIRED, YAML_SCALAR_NODE, NULL},
        [GROUP] = {"group", KEY_OPTIONAL, YAML_SCALAR_NODE, NULL},
        [FACTOR] = {"factor", KEY_OPTIONAL, YAML_SCALAR_NODE, NULL},
        [BARRELS] = {"barrels", KEY_OPTIONAL, YAML_MAPPING_NODE, NULL},
        [ALIASES] = {"aliases", KEY_OPTIONAL, YAML_SEQUENCE_NODE, NULL},
        [SOURCE] = {"source", KEY_OPTIONAL, YAML_SCALAR_NODE, NULL},
    };
    struct entry *entry;

    if (!map_read(in, node, keys, KEYS) ||
        !(entry = entry_add(in, table, keys[CODE].value, ALPHABET_COMMODITY)))
        return;
    entry->name = scalar_text(keys[NAME].value);
    entry->hs = text_or_empty(&keys[HS]);
    entry->source = text_or_empty(&keys[SOURCE]);
    dimension_read(in, entry, keys[DIMENSION].value);
    group_read(in, entry, keys[GROUP].value, keys[FACTOR].value);
    if (keys[BARRELS].value)
        barrels_read(in, table, entry, keys[BARRELS].value);
    if ((keys[FACTOR].value || keys[BARRELS].value) && !keys[SOURCE].value)
        input_report(in, node, "the factors of \"%s\" have no source", entry->code);
    word_add(in, table, keys[NAME].value);
    aliases_add(in, table, keys[ALIASES].value);
}

/* A group is a commodity that is its own group. */
static void group_check(struct input *in, const struct table *table, struct entry *entry)
{
    int index;
    const struct entry *group;

    if (!entry->group_node)
        return;
    index = table_find(table, scalar_text(entry->group_node));
    group = index < 0 ? NULL : &table->entries[index];
    if (!group || !group->group_node ||
        strcmp(scalar_text(group->group_node), group->code) != 0) {
        input_report(in, entry->group_node, "there is no group \"%s\"",
                     scalar_text(entry->group_node));
        return;
    }
    entry->group = index;
    if (entry->energy && !group->energy)
        input_report(in, entry->group_node, "energy cannot be counted as mass");
    if (entry == group && (entry->to_group.num != 1 || entry->to_group.den != 1))
        input_report(in, entry->node, "the factor of a group into itself is 1");
}

void table_read_commodities(struct input *in, struct table *table)
{
    struct key keys[] = {{"version", KEY_REQUIRED, YAML_SCALAR_NODE, NULL},
                         {"factor_sets", KEY_REQUIRED, YAML_SEQUENCE_NODE, NULL},
                         {"commodities", KEY_REQUIRED, YAML_SEQUENCE_NODE, NULL}};
    const yaml_node_t *node;

    if (!map_read(in, yaml_document_get_root_node(&in->document), keys, 3))
        return;
    version_check(in, keys[0].value);
    sets_read(in, table, keys[1].value);
    for (size_t i = 0; (node = list_next(in, keys[2].value, &i));)
        commodity_read(in, table, node);
    for (int i = 0; i < table->len; i++)
        group_check(in, table, &table->entries[i]);
}

static void place_read(struct input *in, struct table *table, const yaml_node_t *node,
                       bool party)
{
    struct key keys[] = {{"code", KEY_REQUIRED, YAML_SCALAR_NODE, NULL},
                         {"name", KEY_REQUIRED, YAML_SCALAR_NODE, NULL},
                         {"aliases", KEY_OPTIONAL, YAML_SEQUENCE_NODE, NULL},
                         {"alpha2", KEY_REQUIRED, YAML_SCALAR_NODE, NULL}};
    struct entry *entry;
    size_t len;

    /* A party has no code of two letters. */
    if (!map_read(in, node, keys, party ? 3 : 4) ||
        !(entry = entry_add(in, table, keys[0].value, ALPHABET_PLACE)))
        return;
    len = strlen(entry->code);
    if (party ? len < 2 || len > 12 : len != 3)
        input_report(in, entry->node, "\"%s\" is too short or too long", entry->code);
    entry->name = scalar_text(keys[1].value);
    entry->party = party;
    word_add(in, table, keys[1].value);
    word_add(in, table, keys[3].value);
    aliases_add(in, table, keys[2].value);
}

void table_read_places(struct input *in, struct table *table)
{
    struct key keys[] = {{"version", KEY_REQUIRED, YAML_SCALAR_NODE, NULL},
                         {"places", KEY_REQUIRED, YAML_SEQUENCE_NODE, NULL},
                         {"parties", KEY_REQUIRED, YAML_SEQUENCE_NODE, NULL}};
    const yaml_node_t *node;

    if (!map_read(in, yaml_document_get_root_node(&in->document), keys, 3))
        return;
    version_check(in, keys[0].value);
    for (size_t i = 0; (node = list_next(in, keys[1].value, &i));)
        place_read(in, table, node, false);
    for (size_t i = 0; (node = list_next(in, keys[2].value, &i));)
        place_read(in, table, node, true);
}
