/* Rules from a file. */
#include "rules_read.h"

#include "measure.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct ruleset *rules_read(const char *path)
{
    static char text[RULES_TEXT_MAX + 1];
    struct config_errors *errors = malloc(sizeof *errors);
    struct ruleset *rules;
    FILE *in = fopen(path, "r");

    if (in == NULL || errors == NULL)
        measure_fail("%s: %s", path, strerror(errno));
    size_t len = fread(text, 1, sizeof text, in);

    (void)fclose(in);
    if (rules_parse((struct text){text, (uint32_t)len}, &rules, errors))
        measure_fail("%s:%u: %s", path, errors->list[0].line, errors->list[0].text);
    free(errors);
    return rules;
}
