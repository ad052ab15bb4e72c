/* Lines of a file or of standard input. */
#include "shortfall/fold/lines.h"

#include "shortfall/proto/json.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct lines {
    FILE *file;
    bool is_stdin;
    uint64_t number;
    char name[512];
    char line[JSON_LINE_MAX + 2];
};

static enum status check_kind(const struct lines *l, struct why *why)
{
    struct stat info;

    if (fstat(fileno(l->file), &info) != 0)
        return why_set(why, ST_IO, "%s: %s", l->name, strerror(errno));
    if (S_ISDIR(info.st_mode))
        return why_set(why, ST_INVALID, "%s: is a directory", l->name);
    return ST_OK;
}

enum status lines_open(const char *path, struct lines **out, struct why *why)
{
    struct lines *l = malloc(sizeof *l);

    if (l == NULL)
        return why_set(why, ST_NO_MEMORY, "read %s: no memory", path);
    l->number = 0;
    l->is_stdin = strcmp(path, "-") == 0;
    (void)snprintf(l->name, sizeof l->name, "%s", path);
    l->file = l->is_stdin ? stdin : fopen(path, "r");
    enum status st = ST_OK;

    if (l->file == NULL)
        st = why_set(why, errno == ENOENT ? ST_NOT_FOUND : ST_IO, "%s: %s", path,
                     strerror(errno));
    else
        st = check_kind(l, why);
    if (st) {
        lines_close(l);
        return st;
    }
    *out = l;
    return ST_OK;
}

void lines_close(struct lines *l)
{
    if (l == NULL)
        return;
    if (l->file != NULL && !l->is_stdin)
        (void)fclose(l->file);
    free(l);
}

enum status lines_next(struct lines *l, struct text *line, uint64_t *number,
                       struct why *why)
{
    size_t len = 0;
    int c = getc_unlocked(l->file);

    if (c == EOF && !ferror(l->file))
        return ST_NOT_FOUND;
    for (; c != EOF && c != '\n'; c = getc_unlocked(l->file)) {
        if (len < JSON_LINE_MAX + 1)
            l->line[len++] = (char)c;
    }
    if (ferror(l->file))
        return why_set(why, ST_IO, "%s: %s", l->name, strerror(errno));
    if (len > 0 && l->line[len - 1] == '\r')
        len--;
    *number = ++l->number;
    *line = (struct text){l->line, (uint32_t)len};
    return ST_OK;
}
