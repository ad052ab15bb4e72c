/* Reading rule files for the commands. */
#include "rule_file.h"

#include "command.h"

#include "shortfall/proto/pack.h"
#include "shortfall/proto/rules.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXIT_CONFIG 78

void rule_file_free(struct rule_file *file)
{
    free(file->buffer);
    *file = (struct rule_file){0};
}

static enum status keep(struct rule_file *file, struct text name, struct text text,
                        struct why *why)
{
    char *buffer = malloc((size_t)name.len + text.len + 1);

    if (buffer == NULL)
        return why_set(why, ST_NO_MEMORY, "hold the rules: no memory");
    if (name.len > 0)
        memcpy(buffer, name.at, name.len);
    if (text.len > 0)
        memcpy(buffer + name.len, text.at, text.len);
    rule_file_free(file);
    *file = (struct rule_file){{buffer, name.len}, {buffer + name.len, text.len}, buffer};
    return ST_OK;
}

static enum status read_text(const char *path, char *text, size_t size, uint32_t *len,
                             struct why *why)
{
    FILE *f = fopen(path, "r");

    if (f == NULL)
        return why_set(why, errno == ENOENT ? ST_NOT_FOUND : ST_IO, "%s: %s", path,
                       strerror(errno));
    size_t got = fread(text, 1, size, f);
    bool failed = ferror(f) != 0;

    (void)fclose(f);
    if (failed)
        return why_set(why, ST_IO, "%s: cannot be read", path);
    if (got == size)
        return why_set(why, ST_OVERFLOW, "%s: longer than %d bytes", path,
                       RULES_TEXT_MAX);
    *len = (uint32_t)got;
    return ST_OK;
}

static void print_errors(const struct config_errors *errors, const char *path,
                         struct text text)
{
    for (size_t i = 0; i < errors->len; i++) {
        char line[2048];

        (void)config_error_format(&errors->list[i], path, text, line, sizeof line);
        (void)fputs(line, stderr);
    }
    (void)fprintf(stderr, "%s: %zu error%s\n", path, errors->total,
                  errors->total == 1 ? "" : "s");
}

static int check(const char *path, struct text text)
{
    struct config_errors *errors = calloc(1, sizeof *errors);
    struct ruleset *rules = NULL;
    enum status st = errors == NULL ? ST_NO_MEMORY : rules_parse(text, &rules, errors);

    if (st == ST_INVALID)
        print_errors(errors, path, text);
    else if (st)
        (void)fprintf(stderr, "%s: %s\n", path, status_text(st));
    rules_free(rules);
    free(errors);
    return st == ST_OK ? 0 : st == ST_INVALID ? EXIT_CONFIG : status_exit_code(st);
}

int rule_file_read(const char *path, struct rule_file *out)
{
    struct why why = {""};
    uint32_t len = 0;
    char *text = malloc(RULES_TEXT_MAX + 1);
    enum status st = text == NULL ? why_set(&why, ST_NO_MEMORY, "%s: no memory", path)
                                  : read_text(path, text, RULES_TEXT_MAX + 1, &len, &why);
    int code = 0;

    if (st == ST_OK)
        code = check(path, (struct text){text, len});
    if (st == ST_OK && code == 0)
        st = keep(out, text_of(path), (struct text){text, len}, &why);
    free(text);
    if (st == ST_OK)
        return code;
    (void)fprintf(stderr, "%s\n", why.text);
    return EXIT_CONFIG;
}

enum status rule_file_take(struct rule_file *file, struct bytes body, struct why *why)
{
    struct text name;
    struct text text;
    enum status st = unpack_rules(body, &name, &text, why);

    return st ? st : keep(file, name, text, why);
}
