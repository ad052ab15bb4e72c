/* The sections of a configuration, made from the daemons' tables, and what follows from
 * one value for others. */
#include "setup_parts.h"

#include "shortfall/core/text.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct setup_text {
    struct setup_text *next;
    char at[];
};

/* The first of a key says which row judges it. */
const struct setup_wire setup_wires[] = {
    {DAEMON_RECORDER, "journal", "journal"},   {DAEMON_RECORDER, "ingest", "ingest"},
    {DAEMON_RECORDER, "reader", "reader"},     {DAEMON_AGGREGATOR, "serve", "serve"},
    {DAEMON_AGGREGATOR, "journal", "journal"}, {DAEMON_AGGREGATOR, "ingest", "ingest"},
    {DAEMON_AGGREGATOR, "reader", "reader"},   {DAEMON_NOTIFIER, "reader", "serve"},
    {DAEMON_FEED, "ingest", "ingest"},
};
const size_t setup_wires_len = sizeof setup_wires / sizeof setup_wires[0];

/* Options that have another name in a file. */
static const struct {
    enum daemon_kind daemon;
    const char *option, *key;
    bool required;
} renamed[] = {{DAEMON_FEED, "producer", "name", true}};

/* Where things lie when the file does not say. */
static const struct {
    enum daemon_kind daemon;
    const char *key, *before, *after;
} below_state[] = {
    {DAEMON_KIND_COUNT, "journal", "", "/journal"},
    {DAEMON_KIND_COUNT, "ingest", "ipc://", "/run/ingest"},
    {DAEMON_KIND_COUNT, "reader", "ipc://", "/run/reader"},
    {DAEMON_KIND_COUNT, "serve", "ipc://", "/run/serve"},
    {DAEMON_AGGREGATOR, "db", "", "/state.db"},
    {DAEMON_NOTIFIER, "ledger", "", "/delivered.db"},
};

#define LEN(rows) (sizeof(rows) / sizeof(rows)[0])

static const struct option_row state_row = {
    .name = "state",
    .kind = OPTION_PATH,
    .word = "DIR",
    .help = "The folder of everything that is not placed elsewhere.",
};

static const struct option_row *find_row(const struct option_row *rows, size_t len,
                                         const char *name)
{
    size_t i = 0;

    while (i < len && strcmp(rows[i].name, name) != 0)
        i++;
    assert(i < len); /* a table here names an option that a daemon no longer has */
    return &rows[i];
}

static const struct option_row *daemon_row(enum daemon_kind daemon, const char *name)
{
    size_t len;
    const struct option_row *rows = daemon_options(daemon, &len);

    return find_row(rows, len, name);
}

void setting_default(struct setting *setting, const char *value)
{
    enum status st = option_check(setting->row, value, &setting->read, NULL);

    assert(!st); /* the row does not take its own default */
    (void)st;
    setting->value = value;
}

/* "commit-wait" stands in a file as commit_wait. */
static void add_setting(struct section *section, const struct option_row *row,
                        const char *name)
{
    struct setting *setting = &section->list[section->len++];

    assert(section->len <= SETTINGS_MAX && strlen(name) < sizeof setting->key);
    *setting = (struct setting){.row = row};
    (void)snprintf(setting->key, sizeof setting->key, "%s", name);
    for (char *at = setting->key; *at; at++)
        if (*at == '-')
            *at = '_';
    if (row->standard)
        setting_default(setting, row->standard);
    else if (row->kind == OPTION_FLAG)
        setting_default(setting, "false");
}

static bool is_wired(enum daemon_kind daemon, const char *option)
{
    for (size_t i = 0; i < setup_wires_len; i++)
        if (setup_wires[i].daemon == daemon && !strcmp(setup_wires[i].option, option))
            return true;
    return false;
}

static const char *key_of(enum daemon_kind daemon, const char *option)
{
    for (size_t i = 0; i < LEN(renamed); i++)
        if (renamed[i].daemon == daemon && !strcmp(renamed[i].option, option))
            return renamed[i].key;
    return option;
}

void section_begin(struct section *section, enum daemon_kind daemon, const char *name)
{
    size_t len;
    const struct option_row *rows = daemon_options(daemon, &len);

    *section = (struct section){.daemon = daemon};
    (void)snprintf(section->name, sizeof section->name, "%s", name);
    for (size_t i = 0; i < len; i++)
        if (!is_wired(daemon, rows[i].name))
            add_setting(section, &rows[i], key_of(daemon, rows[i].name));
}

static void begin_top(struct section *top)
{
    size_t len;
    const struct option_row *common = daemon_common_options(&len);

    *top = (struct section){.daemon = DAEMON_KIND_COUNT};
    add_setting(top, &state_row, state_row.name);
    for (size_t i = 0; i < setup_wires_len; i++)
        if (!section_setting(top, setup_wires[i].key))
            add_setting(top, daemon_row(setup_wires[i].daemon, setup_wires[i].option),
                        setup_wires[i].key);
    add_setting(top, find_row(common, len, "log-level"), "log-level");
}

struct setup *setup_new(void)
{
    struct setup *setup = calloc(1, sizeof *setup);

    if (!setup)
        return NULL;
    begin_top(&setup->top);
    for (int kind = 0; kind < DAEMON_FEED; kind++)
        section_begin(&setup->daemons[kind], (enum daemon_kind)kind,
                      daemon_name((enum daemon_kind)kind));
    return setup;
}

void setup_free(struct setup *setup)
{
    if (!setup)
        return;
    while (setup->texts) {
        struct setup_text *next = setup->texts->next;

        free(setup->texts);
        setup->texts = next;
    }
    config_free(setup->tree);
    free(setup->feeds);
    free(setup);
}

const char *setup_join(struct setup *setup, const char *const *parts)
{
    size_t len = 0;
    size_t at = 0;
    struct setup_text *text;

    for (size_t i = 0; parts[i]; i++)
        len += strlen(parts[i]);
    text = malloc(sizeof *text + len + 1);
    if (!text)
        return NULL;
    for (size_t i = 0; parts[i]; i++) {
        size_t part_len = strlen(parts[i]);

        memcpy(text->at + at, parts[i], part_len);
        at += part_len;
    }
    text->at[len] = '\0';
    text->next = setup->texts;
    setup->texts = text;
    return text->at;
}

static bool has_default_below(const struct section *section, const char *key)
{
    for (size_t i = 0; i < LEN(below_state); i++)
        if (below_state[i].daemon == section->daemon && !strcmp(below_state[i].key, key))
            return true;
    return false;
}

bool setting_is_required(const struct section *section, const struct setting *setting)
{
    for (size_t i = 0; i < LEN(renamed); i++)
        if (renamed[i].daemon == section->daemon && !strcmp(renamed[i].key, setting->key))
            return renamed[i].required;
    return setting->row->required && !has_default_below(section, setting->key);
}

bool setting_is_list(const struct section *section, const struct setting *setting)
{
    return section->daemon == DAEMON_RECORDER && !strcmp(setting->key, "exercise");
}

struct setting *section_setting(struct section *section, const char *key)
{
    for (size_t i = 0; i < section->len; i++)
        if (strcmp(section->list[i].key, key) == 0)
            return &section->list[i];
    return NULL;
}

const struct setting *setup_find(const struct section *section, const char *key)
{
    size_t i = 0;

    while (i < section->len && strcmp(section->list[i].key, key) != 0)
        i++;
    assert(i < section->len);
    return &section->list[i];
}

const char *setup_top(const struct setup *setup, const char *key)
{
    return setup_find(&setup->top, key)->value;
}

const struct section *setup_section(const struct setup *setup, size_t index)
{
    if (index == 0)
        return &setup->top;
    if (index <= DAEMON_FEED)
        return &setup->daemons[index - 1];
    index -= 1 + DAEMON_FEED;
    return index < setup->feeds_len ? &setup->feeds[index] : NULL;
}

/* A feed of an exercise promises, any other does not: it need not be said twice. */
static void derive_feeds(struct setup *setup)
{
    bool exercise = setup_find(&setup->daemons[DAEMON_RECORDER], "exercise")->value;

    for (size_t i = 0; i < setup->feeds_len; i++) {
        struct setting *own = section_setting(&setup->feeds[i], "exercise");

        assert(own);
        if (own->place.line == 0)
            setting_default(own, exercise ? "true" : "false");
    }
}

bool setup_derive(struct setup *setup)
{
    const char *state = setup_top(setup, "state");

    derive_feeds(setup);
    for (size_t i = 0; state && i < LEN(below_state); i++) {
        enum daemon_kind daemon = below_state[i].daemon;
        struct section *section =
            daemon == DAEMON_KIND_COUNT ? &setup->top : &setup->daemons[daemon];
        struct setting *setting = section_setting(section, below_state[i].key);
        const char *value;

        assert(setting); /* a table names a key that there is not */
        if (setting->place.line > 0)
            continue;
        value = setup_join(setup, (const char *const[]){below_state[i].before, state,
                                                        below_state[i].after, NULL});
        if (!value)
            return false;
        setting_default(setting, value);
    }
    return true;
}
