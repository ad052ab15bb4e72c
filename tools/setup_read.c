/* From a file into the sections: each value is taken to its row, and everything wrong is
 * said where it stands. Nothing here stops at the first error. */
#include "setup_parts.h"

#include "shortfall/core/frame.h"
#include "shortfall/core/text.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct loader {
    struct setup *setup;
    struct config_errors *errors;
    const char *folder;
    struct section feed; /* what a feed has: for words about keys that stand elsewhere */
    bool no_memory;
};

static const char *keep(struct loader *l, const char *const *parts)
{
    const char *text = setup_join(l->setup, parts);

    l->no_memory = l->no_memory || !text;
    return text;
}

/* --- keys --------------------------------------------------------------------------- */

struct keys {
    struct config_key list[CONFIG_KEYS_MAX];
    size_t len;
};

/* `belongs` as in config_key. A key that is there already stays what it is. */
static void add_key(struct keys *keys, const char *name, bool required,
                    const char *belongs)
{
    for (size_t i = 0; i < keys->len; i++)
        if (strcmp(keys->list[i].name, name) == 0)
            return;
    assert(keys->len < CONFIG_KEYS_MAX);
    keys->list[keys->len++] =
        (struct config_key){.name = name, .required = required, .belongs = belongs};
}

static void add_section(struct keys *keys, const struct section *section,
                        const char *belongs)
{
    for (size_t i = 0; i < section->len; i++)
        add_key(keys, section->list[i].key,
                !belongs && setting_is_required(section, &section->list[i]), belongs);
}

/* The keys of all other sections, so that a misplaced one can be told where it belongs.
 */
static void add_elsewhere(struct keys *keys, const struct loader *l)
{
    add_section(keys, &l->setup->top, "at the top of the file");
    add_section(keys, &l->setup->daemons[DAEMON_RECORDER], "in \"recorder\"");
    add_section(keys, &l->setup->daemons[DAEMON_AGGREGATOR], "in \"aggregator\"");
    add_section(keys, &l->setup->daemons[DAEMON_NOTIFIER], "in \"notifier\"");
    add_section(keys, &l->feed, "in one of the \"feeds\"");
}

/* --- values ------------------------------------------------------------------------- */

/* What is relative is so to the folder of the file. */
static const char *absolute(struct loader *l, const struct option_row *row,
                            const char *value)
{
    static const char ipc[] = "ipc://";
    const char *scheme = "";

    if (row->kind == OPTION_ENDPOINT) {
        if (strncmp(value, ipc, strlen(ipc)) != 0)
            return value;
        scheme = ipc;
        value += strlen(ipc);
    } else if (row->kind != OPTION_PATH) {
        return value;
    }
    if (*value == '/' || (*scheme && (*value == '@' || *value == '*')))
        return value - strlen(scheme); /* the last two are no files: refused later */
    while (strncmp(value, "./", 2) == 0)
        value += 2;
    if (*value == '\0' || strcmp(value, ".") == 0)
        return keep(l, (const char *const[]){scheme, l->folder, NULL});
    return keep(l, (const char *const[]){scheme, l->folder, "/", value, NULL});
}

static void take_value(struct loader *l, struct setting *setting,
                       const struct config_node *node)
{
    char what[64];
    struct why why = {""};
    union option_value read;

    (void)snprintf(what, sizeof what, "\"%s\"", setting->key);
    if (!config_is_text(l->errors, node, what))
        return;
    if (memchr(node->value.at, '\0', node->value.len)) {
        config_error_add(l->errors, node->place, "%s holds an unprintable character",
                         what);
        return;
    }
    if (option_check(setting->row, node->value.at, &read, &why)) {
        config_error_add(l->errors, node->inside, "%s", why.text);
        return;
    }
    setting->value = absolute(l, setting->row, node->value.at);
    setting->read = read;
    setting->place = node->inside;
}

static bool name_is_before(const struct config_node *list, const struct config_node *name)
{
    for (const struct config_node *n = list->first; n != name; n = n->next)
        if (n->kind == CONFIG_VALUE && text_equal(n->value, name->value))
            return true;
    return false;
}

static bool take_name(struct loader *l, const struct config_node *list,
                      const struct config_node *name)
{
    char quoted[CONFIG_QUOTE_SIZE];

    if (!config_is_text(l->errors, name, "the name of a feed"))
        return false;
    if (!frame_producer_is_valid(name->value)) {
        config_error_add(l->errors, name->inside,
                         "%s is no name of a feed (1 to %d of a-z 0-9 . _ -)",
                         config_quote(name->value, quoted), FRAME_PRODUCER_MAX);
        return false;
    }
    if (name_is_before(list, name)) {
        config_error_add(l->errors, name->inside, "%s stands in the list twice",
                         config_quote(name->value, quoted));
        return false;
    }
    return true;
}

/* The feeds of an exercise: a list in the file, NAME,NAME behind the option. */
static void take_names(struct loader *l, struct setting *setting,
                       const struct config_node *list)
{
    const char *names = "";
    bool right = true;

    if (!config_is_list(l->errors, list, "\"exercise\""))
        return;
    if (list->children_len == 0 || list->children_len > FEEDS_MAX) {
        config_error_add(l->errors, list->place, "\"exercise\" names 1 to %d feeds",
                         FEEDS_MAX);
        return;
    }
    for (const struct config_node *n = list->first; n && names; n = n->next) {
        right = take_name(l, list, n) && right;
        if (right)
            names = keep(
                l, (const char *const[]){names, *names ? "," : "", n->value.at, NULL});
    }
    if (!right || !names || option_check(setting->row, names, &setting->read, NULL))
        return;
    setting->value = names;
    setting->place = list->place;
}

static void take_settings(struct loader *l, struct section *section,
                          const struct config_node *const *found)
{
    for (size_t i = 0; i < section->len; i++) {
        if (!found[i])
            continue;
        if (setting_is_list(section, &section->list[i]))
            take_names(l, &section->list[i], found[i]);
        else
            take_value(l, &section->list[i], found[i]);
    }
}

/* --- sections ----------------------------------------------------------------------- */

/* `key:` with nothing behind it, or with comments only. */
static bool is_nothing(const struct config_node *node)
{
    return node->kind == CONFIG_VALUE && node->value.len == 0;
}

static void read_section(struct loader *l, struct section *section,
                         const struct config_node *node, const char *what)
{
    const struct config_node *found[CONFIG_KEYS_MAX];
    struct keys keys = {.len = 0};

    section->place = node->place;
    add_section(&keys, section, NULL);
    add_elsewhere(&keys, l);
    if (config_map(l->errors, node, what, keys.list, keys.len, found))
        take_settings(l, section, found);
}

static void read_feeds(struct loader *l, const struct config_node *node)
{
    if (!config_is_list(l->errors, node, "\"feeds\""))
        return;
    l->setup->feeds = calloc(SETUP_FEEDS_MAX, sizeof *l->setup->feeds);
    l->no_memory = l->no_memory || !l->setup->feeds;
    for (const struct config_node *n = node->first; n && l->setup->feeds; n = n->next) {
        struct section *section = &l->setup->feeds[l->setup->feeds_len];
        char name[sizeof section->name];

        if (l->setup->feeds_len == SETUP_FEEDS_MAX) {
            config_error_add(l->errors, n->place, "more than %d feeds", SETUP_FEEDS_MAX);
            return;
        }
        (void)snprintf(name, sizeof name, "feeds[%zu]", l->setup->feeds_len);
        section_begin(section, DAEMON_FEED, name);
        read_section(l, section, n, "a feed");
        l->setup->feeds_len++;
    }
}

static void read_file(struct loader *l, const struct config_node *root)
{
    struct section *top = &l->setup->top;
    const struct config_node *found[CONFIG_KEYS_MAX];
    struct keys keys = {.len = 0};
    size_t sections;

    add_section(&keys, top, NULL);
    sections = keys.len;
    for (int kind = 0; kind < DAEMON_FEED; kind++)
        add_key(&keys, daemon_name((enum daemon_kind)kind), false, NULL);
    add_key(&keys, "feeds", false, NULL);
    add_elsewhere(&keys, l);
    if (!config_map(l->errors, root, "a configuration", keys.list, keys.len, found))
        return;
    take_settings(l, top, found);
    for (size_t kind = 0; kind < DAEMON_FEED; kind++) {
        const struct config_node *node = found[sections + kind];
        char what[48];

        (void)snprintf(what, sizeof what, "\"%s\"", l->setup->daemons[kind].name);
        if (node && !is_nothing(node))
            read_section(l, &l->setup->daemons[kind], node, what);
    }
    if (found[sections + DAEMON_FEED] && !is_nothing(found[sections + DAEMON_FEED]))
        read_feeds(l, found[sections + DAEMON_FEED]);
}

enum status setup_parse(struct text text, const char *folder, const char *state,
                        struct setup **out, struct config_errors *errors)
{
    struct loader l = {.setup = setup_new(), .errors = errors, .folder = folder};

    errors->len = 0;
    errors->total = 0;
    if (!l.setup || config_read(text, &l.setup->tree, errors)) {
        setup_free(l.setup);
        return ST_NO_MEMORY;
    }
    section_begin(&l.feed, DAEMON_FEED, "");
    if (state)
        state = keep(&l, (const char *const[]){state, NULL});
    if (state)
        setting_default(section_setting(&l.setup->top, "state"), state);
    if (config_root(l.setup->tree))
        read_file(&l, config_root(l.setup->tree));
    if (l.no_memory || !setup_derive(l.setup)) {
        setup_free(l.setup);
        return ST_NO_MEMORY;
    }
    setup_check(l.setup, errors);
    *out = l.setup;
    return ST_OK;
}
