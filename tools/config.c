/* shortfall config: judges a configuration as `run` would, and shows what it comes to. */
#include "command.h"
#include "print.h"
#include "setup.h"

#include <stdio.h>
#include <string.h>

static struct settings {
    bool json;
} settings;

static const struct option_row rows[] = {
    {.name = "json",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct settings, json),
     .help = "Show: one JSON object a line, one for each value."},
};

static int check(const struct setup *setup, const char *path);
static int show(const struct setup *setup, const char *path);

static const struct action {
    struct program_command said;
    int (*run)(const struct setup *setup, const char *path);
} actions[] = {
    {{"check", "say everything that is wrong with a configuration, and its rules"},
     check},
    {{"show", "print each value in force, and where it comes from"}, show},
};

#define ACTIONS_LEN (sizeof actions / sizeof actions[0])

static int check(const struct setup *setup, const char *path)
{
    (void)printf("%s: no errors: recorder, aggregator, notifier and %zu feed%s\n", path,
                 setup->feeds_len, setup->feeds_len == 1 ? "" : "s");
    return command_done("config");
}

/* Of the longest value, so that the origins stand in one column. */
static int value_width(const struct setup *setup)
{
    const struct section *section;
    size_t width = 0;

    for (size_t i = 0; (section = setup_section(setup, i)) != NULL; i++)
        for (size_t k = 0; k < section->len; k++) {
            const char *value = section->list[k].value;
            size_t len = value ? strlen(value) : 1;

            width = len > width ? len : width;
        }
    return width < 60 ? (int)width : 60;
}

static void show_json(const char *key, const struct setting *s, const char *path)
{
    (void)printf("{\"key\":");
    print_string(stdout, key);
    (void)printf(",\"value\":");
    if (s->value)
        print_string(stdout, s->value);
    else
        (void)printf("null");
    (void)printf(",\"origin\":\"%s\"", s->place.line > 0 ? "file" : "default");
    if (s->place.line > 0) {
        (void)printf(",\"file\":");
        print_string(stdout, path);
        (void)printf(",\"line\":%u,\"column\":%u", s->place.line, s->place.column);
    }
    (void)printf("}\n");
}

static void show_text(const char *key, const struct setting *s, int width,
                      const char *path)
{
    (void)printf("%-27s %-*s ", key, width, s->value ? s->value : "-");
    if (s->place.line > 0)
        (void)printf("%s:%u\n", path, s->place.line);
    else
        (void)printf("default\n");
}

static int show(const struct setup *setup, const char *path)
{
    const struct section *section;
    int width = value_width(setup);

    for (size_t i = 0; (section = setup_section(setup, i)) != NULL; i++)
        for (size_t k = 0; k < section->len; k++) {
            char key[80];

            (void)snprintf(key, sizeof key, "%s%s%s", section->name,
                           section->name[0] ? "." : "", section->list[k].key);
            if (settings.json)
                show_json(key, &section->list[k], path);
            else
                show_text(key, &section->list[k], width, path);
        }
    return command_done("config");
}

static const struct action *find_action(const char *name)
{
    const char *nearest = NULL;

    for (size_t i = 0; i < ACTIONS_LEN; i++) {
        if (strcmp(actions[i].said.name, name) == 0)
            return &actions[i];
        if (text_distance(text_of(name), text_of(actions[i].said.name), 2) <= 2)
            nearest = actions[i].said.name;
    }
    (void)fprintf(stderr, "shortfall config: unknown command \"%.64s\"%s%s%s\n", name,
                  nearest ? " (did you mean \"" : ": check or show",
                  nearest ? nearest : "", nearest ? "\"?)" : "");
    return NULL;
}

int command_config(int argc, char **argv)
{
    struct program_command said[ACTIONS_LEN];
    const struct program program = {
        .name = "shortfall config",
        .summary = "Judges a configuration file by what `shortfall run` judges it by, "
                   "and needs neither a daemon nor the data for it. Exit code 78 means "
                   "that something is wrong.",
        .operands = "check|show FILE",
        .lists = {{rows, sizeof rows / sizeof rows[0], &settings}},
        .commands = said,
        .commands_len = ACTIONS_LEN};
    struct command_line line;
    struct setup *setup;

    for (size_t i = 0; i < ACTIONS_LEN; i++)
        said[i] = actions[i].said;
    int code = options_begin(&program, argc, argv, &line);

    if (code >= 0)
        return code;
    if (line.operands_len != 2) {
        (void)fprintf(stderr, "shortfall config: expected check FILE or show FILE\n");
        return EXIT_USAGE;
    }
    const struct action *action = find_action(line.operands[0]);

    if (!action)
        return EXIT_USAGE;
    code = setup_load(line.operands[1], &setup);
    if (code != 0)
        return code;
    code = action->run(setup, line.operands[1]);
    setup_free(setup);
    return code;
}
