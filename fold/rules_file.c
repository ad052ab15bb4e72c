/* The rule file given on the command line: read whole, judged, kept as text. What is
 * wrong with it is shown completely before anything starts. */
#include "shortfall/fold/rules_file.h"

#include "shortfall/proto/rules.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Room for one byte more than is allowed tells a file that is too long. */
static enum status read_whole(const char *path, struct rules_file *file, struct why *why)
{
    const size_t size = (size_t)(RULES_TEXT_MAX) + 1;
    FILE *in = fopen(path, "r");
    bool failed;

    if (in == NULL)
        return why_set(why, ST_INVALID, "%s: %s", path, strerror(errno));
    file->text = malloc(size);
    if (file->text == NULL) {
        (void)fclose(in);
        return why_set(why, ST_NO_MEMORY, "%s: no memory", path);
    }
    file->len = fread(file->text, 1, size, in);
    failed = ferror(in) != 0;
    (void)fclose(in);
    if (failed)
        return why_set(why, ST_INVALID, "%s: it cannot be read", path);
    if (file->len == size)
        return why_set(why, ST_INVALID, "%s: longer than %d bytes", path, RULES_TEXT_MAX);
    return ST_OK;
}

static struct text text_of_file(const struct rules_file *file)
{
    return (struct text){file->text, (uint32_t)file->len};
}

static void print_errors(const struct config_errors *errors, const char *path,
                         const struct rules_file *file)
{
    char lines[2048];

    for (size_t i = 0; i < errors->len; i++) {
        (void)config_error_format(&errors->list[i], path, text_of_file(file), lines,
                                  sizeof lines);
        (void)fputs(lines, stderr);
    }
}

/* Only the text is kept: the rules in force are those that the journal hands back. */
static enum status judge(const char *path, const struct rules_file *file, struct why *why)
{
    struct config_errors *errors = malloc(sizeof *errors);
    struct ruleset *rules;

    if (errors == NULL)
        return why_set(why, ST_NO_MEMORY, "%s: no memory", path);
    enum status st = rules_parse(text_of_file(file), &rules, errors);

    if (st == ST_OK) {
        rules_free(rules);
    } else if (st == ST_INVALID) {
        print_errors(errors, path, file);
        (void)why_set(why, st, "%s: %zu errors in the rules", path, errors->total);
    } else {
        (void)why_set(why, st, "%s: the rules cannot be read", path);
    }
    free(errors);
    return st;
}

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL ? path : slash + 1;
}

enum status rules_file_read(const char *path, struct rules_file *out, struct why *why)
{
    struct rules_file file = {.name = last_part(path)};
    enum status st = read_whole(path, &file, why);

    if (st == ST_OK)
        st = judge(path, &file, why);
    if (st) {
        rules_file_free(&file);
        return st;
    }
    *out = file;
    return ST_OK;
}

void rules_file_free(struct rules_file *file)
{
    free(file->text);
    *file = (struct rules_file){0};
}
