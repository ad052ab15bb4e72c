/* Mappings with known keys, and the values that several of them have. Reports everything
 * that is wrong and goes on; a value that is wrong is simply not there for the caller. */
#include "rules_schema.h"

#define KEY_EDITS_MAX 2

/* What the writer of an unknown key may have meant, or NULL. */
static const char *near_key(struct text written, const struct schema_key *keys,
                            size_t len)
{
    unsigned best = KEY_EDITS_MAX;
    const char *near = NULL;

    for (size_t i = 0; i < len; i++) {
        if (keys[i].also && text_is(written, keys[i].also))
            return keys[i].name;
        unsigned edits = text_distance(written, text_of(keys[i].name), best);
        if (edits > best || (near && edits == best))
            continue;
        best = edits;
        near = keys[i].name;
    }
    return near;
}

static void match_key(struct reader *r, const struct node *key, const char *what,
                      const struct schema_key *keys, size_t keys_len,
                      const struct node **found)
{
    char quoted[QUOTED_SIZE];
    char near[NEAR_SIZE];

    for (size_t i = 0; i < keys_len; i++) {
        if (!text_is(key->value, keys[i].name))
            continue;
        /* The second of two was reported with the tree. */
        found[i] = found[i] ? found[i] : key->next;
        return;
    }
    rules_error_add(r->errors, key->place, "unknown key %s in %s%s",
                    rules_quote(key->value, quoted), what,
                    rules_near(near_key(key->value, keys, keys_len), near));
}

bool schema_map(struct reader *r, const struct node *node, const char *what,
                const struct schema_key *keys, size_t keys_len, const struct node **found)
{
    for (size_t i = 0; i < keys_len; i++)
        found[i] = NULL;
    if (node->kind != NODE_MAP) {
        if (node->kind != NODE_REFUSED)
            rules_error_add(r->errors, node->place, "%s must be a mapping of keys", what);
        return false;
    }
    for (const struct node *key = node->first; key; key = key->next->next) {
        if (key->kind == NODE_SCALAR)
            match_key(r, key, what, keys, keys_len, found);
        else if (key->kind != NODE_REFUSED)
            rules_error_add(r->errors, key->place, "a key must be a word");
    }
    for (size_t i = 0; i < keys_len; i++) {
        if (!found[i] && keys[i].required)
            rules_error_add(r->errors, node->place, "%s needs \"%s\"", what,
                            keys[i].name);
        if (found[i] && found[i]->kind == NODE_REFUSED)
            found[i] = NULL;
    }
    return true;
}

bool schema_is_list(struct reader *r, const struct node *node, const char *what)
{
    if (node->kind == NODE_LIST)
        return true;
    if (node->kind != NODE_REFUSED)
        rules_error_add(r->errors, node->place, "%s must be a list", what);
    return false;
}

bool schema_is_text(struct reader *r, const struct node *node, const char *what)
{
    if (node->kind == NODE_REFUSED)
        return false;
    if (node->kind != NODE_SCALAR) {
        rules_error_add(r->errors, node->place, "%s must be a single value", what);
        return false;
    }
    if (node->value.len == 0) {
        rules_error_add(r->errors, node->place, "%s is empty", what);
        return false;
    }
    return true;
}

bool schema_country(struct reader *r, const struct node *node, place_id *out)
{
    char quoted[QUOTED_SIZE];
    char near[NEAR_SIZE];

    if (!schema_is_text(r, node, "a country"))
        return false;
    place_id id = text_is(node->value, "*") ? PLACE_ANY : place_find(node->value);
    if (id == PLACE_NONE) {
        rules_error_add(r->errors, node->inside, "unknown country %s%s",
                        rules_quote(node->value, quoted),
                        rules_near(place_suggest(node->value), near));
        return false;
    }
    if (id != PLACE_ANY && !place_has_balance(id)) {
        rules_error_add(r->errors, node->inside,
                        "%s is a party without a balance: name a country",
                        rules_quote(node->value, quoted));
        return false;
    }
    *out = id;
    return true;
}

bool schema_commodity(struct reader *r, const struct node *node, commodity_id *out)
{
    char quoted[QUOTED_SIZE];
    char near[NEAR_SIZE];

    if (!schema_is_text(r, node, "a commodity"))
        return false;
    commodity_id id =
        text_is(node->value, "*") ? COMMODITY_ANY : commodity_find(node->value);
    if (id == COMMODITY_NONE) {
        rules_error_add(r->errors, node->inside, "unknown commodity %s%s",
                        rules_quote(node->value, quoted),
                        rules_near(commodity_suggest(node->value), near));
        return false;
    }
    *out = id;
    return true;
}
