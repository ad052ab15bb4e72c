/* Command lines from a setup: what is a daemon's own default is left to the daemon. */
#include "setup_parts.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_MAX (SETTINGS_MAX + 8)

struct words {
    char **list;
    size_t len;
    bool failed;
};

static void add_word(struct words *w, const char *before, const char *name,
                     const char *between, const char *value)
{
    size_t size = strlen(before) + strlen(name) + strlen(between) + strlen(value) + 1;
    char *word = malloc(size);

    w->failed = w->failed || !word;
    if (w->failed) {
        free(word);
        return;
    }
    (void)snprintf(word, size, "%s%s%s%s", before, name, between, value);
    assert(w->len + 1 < WORDS_MAX);
    w->list[w->len++] = word;
}

static void add_setting(struct words *w, const struct setting *setting,
                        const char *option)
{
    if (!setting->value || setting->value == setting->row->standard)
        return;
    if (setting->row->kind != OPTION_FLAG)
        add_word(w, "--", option, "=", setting->value);
    else if (setting->read.flag)
        add_word(w, "--", option, "", "");
}

static void add_all(struct words *w, const struct setup *setup,
                    const struct section *section, const char *folder, int ready_fd)
{
    char fd[16];

    add_word(w, folder, "/shortfall-", daemon_name(section->daemon), "");
    for (size_t i = 0; i < setup_wires_len; i++)
        if (setup_wires[i].daemon == section->daemon)
            add_setting(w, setup_find(&setup->top, setup_wires[i].key),
                        setup_wires[i].option);
    for (size_t i = 0; i < section->len; i++)
        add_setting(w, &section->list[i], section->list[i].row->name);
    add_setting(w, setup_find(&setup->top, "log_level"), "log-level");
    (void)snprintf(fd, sizeof fd, "%d", ready_fd);
    add_word(w, "--", "ready-fd", "=", fd);
}

char **setup_words(const struct setup *setup, const struct section *section,
                   const char *folder, int ready_fd)
{
    struct words w = {.list = calloc(WORDS_MAX, sizeof *w.list)};

    if (!w.list)
        return NULL;
    add_all(&w, setup, section, folder, ready_fd);
    if (w.failed) {
        setup_words_free(w.list);
        return NULL;
    }
    return w.list;
}

void setup_words_free(char **words)
{
    for (size_t i = 0; words && words[i]; i++)
        free(words[i]);
    free(words);
}
