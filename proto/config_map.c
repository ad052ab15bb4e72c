/* Mappings with known keys. Reports everything that is wrong and goes on; a value that is
 * wrong is simply not there for the caller. */
#include "shortfall/proto/config.h"

#define KEY_EDITS_MAX 2

/* What the writer of an unknown key may have meant, or NULL. */
static const char *near_key(struct text written, const struct config_key *keys,
                            size_t len)
{
    unsigned best = KEY_EDITS_MAX;
    const char *near = NULL;

    for (size_t i = 0; i < len; i++) {
        if (keys[i].belongs)
            continue;
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

static void match_key(struct config_errors *errors, const struct config_node *key,
                      const char *what, const struct config_key *keys, size_t keys_len,
                      const struct config_node **found)
{
    char quoted[CONFIG_QUOTE_SIZE];
    char near[CONFIG_NEAR_SIZE];

    for (size_t i = 0; i < keys_len; i++) {
        if (!text_is(key->value, keys[i].name))
            continue;
        if (keys[i].belongs) {
            config_error_add(errors, key->place,
                             "%s does not belong into %s: it stands %s",
                             config_quote(key->value, quoted), what, keys[i].belongs);
            return;
        }
        /* The second of two was reported with the tree. */
        found[i] = found[i] ? found[i] : key->next;
        return;
    }
    config_error_add(errors, key->place, "unknown key %s in %s%s",
                     config_quote(key->value, quoted), what,
                     config_near(near_key(key->value, keys, keys_len), near));
}

bool config_map(struct config_errors *errors, const struct config_node *node,
                const char *what, const struct config_key *keys, size_t keys_len,
                const struct config_node **found)
{
    for (size_t i = 0; i < keys_len; i++)
        found[i] = NULL;
    if (node->kind != CONFIG_MAP) {
        if (node->kind != CONFIG_REFUSED)
            config_error_add(errors, node->place, "%s must be a mapping of keys", what);
        return false;
    }
    for (const struct config_node *key = node->first; key; key = key->next->next) {
        if (key->kind == CONFIG_VALUE)
            match_key(errors, key, what, keys, keys_len, found);
        else if (key->kind != CONFIG_REFUSED)
            config_error_add(errors, key->place, "a key must be a word");
    }
    for (size_t i = 0; i < keys_len; i++) {
        if (!found[i] && keys[i].required)
            config_error_add(errors, node->place, "%s needs \"%s\"", what, keys[i].name);
        if (found[i] && found[i]->kind == CONFIG_REFUSED)
            found[i] = NULL;
    }
    return true;
}

bool config_is_list(struct config_errors *errors, const struct config_node *node,
                    const char *what)
{
    if (node->kind == CONFIG_LIST)
        return true;
    if (node->kind != CONFIG_REFUSED)
        config_error_add(errors, node->place, "%s must be a list", what);
    return false;
}

bool config_is_text(struct config_errors *errors, const struct config_node *node,
                    const char *what)
{
    if (node->kind == CONFIG_REFUSED)
        return false;
    if (node->kind != CONFIG_VALUE) {
        config_error_add(errors, node->place, "%s must be a single value", what);
        return false;
    }
    if (node->value.len == 0) {
        config_error_add(errors, node->place, "%s is empty", what);
        return false;
    }
    return true;
}
