/* Reading rule files for the commands. */
#include "rule_file.h"

#include "command.h"

#include "shortfall/fold/rules_file.h"
#include "shortfall/proto/pack.h"

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

int rule_file_read(const char *path, struct rule_file *out)
{
    struct why why = {""};
    struct rules_file file = {0};
    enum status st = rules_file_read(path, &file, &why);

    if (st == ST_OK)
        st = keep(out, text_of(file.name), (struct text){file.text, (uint32_t)file.len},
                  &why);
    rules_file_free(&file);
    if (st == ST_OK)
        return 0;
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
