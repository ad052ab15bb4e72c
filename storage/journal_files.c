/* Names only: never opens one of the files. */
#include "journal_files.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define FILE_PREFIX "journal-"
#define FILE_DIGITS 20
#define FILE_SUFFIX ".db"

/* The position in a file's name; false for every other name. */
static bool read_name(const char *name, uint64_t *first)
{
    const size_t prefix = sizeof(FILE_PREFIX) - 1;
    uint64_t value = 0;

    if (strlen(name) != prefix + FILE_DIGITS + sizeof(FILE_SUFFIX) - 1 ||
        strncmp(name, FILE_PREFIX, prefix) != 0 ||
        strcmp(name + prefix + FILE_DIGITS, FILE_SUFFIX) != 0)
        return false;
    for (const char *at = name + prefix; at < name + prefix + FILE_DIGITS; at++) {
        if (*at < '0' || *at > '9' || __builtin_mul_overflow(value, 10U, &value) ||
            __builtin_add_overflow(value, (uint64_t)(*at - '0'), &value))
            return false;
    }
    *first = value;
    return value > 0;
}

static int compare_first(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

static enum status add_file(struct journal_files *files, size_t *max, uint64_t first,
                            struct why *why)
{
    if (files->len == *max) {
        size_t grown = *max ? 2 * *max : 64;
        uint64_t *list = realloc(files->first, grown * sizeof(*list));

        if (!list)
            return why_set(why, ST_NO_MEMORY, "no memory for %zu files", grown);
        files->first = list;
        *max = grown;
    }
    files->first[files->len++] = first;
    return ST_OK;
}

static enum status read_folder(DIR *folder, const char *dir, struct journal_files *files,
                               struct why *why)
{
    size_t max = 0;

    for (;;) {
        struct dirent *entry;
        enum status st = ST_OK;
        uint64_t first;

        errno = 0;
        entry = readdir(folder);
        if (!entry)
            return errno ? path_error(why, dir) : ST_OK;
        if (read_name(entry->d_name, &first))
            st = add_file(files, &max, first, why);
        if (st)
            return st;
    }
}

enum status journal_files_list(const char *dir, struct journal_files *out,
                               struct why *why)
{
    struct journal_files files = {NULL, 0};
    DIR *folder = opendir(dir);
    enum status st;

    if (!folder)
        return errno == ENOENT ? why_set(why, ST_NOT_FOUND, "%s: no such folder", dir)
                               : path_error(why, dir);
    st = read_folder(folder, dir, &files, why);
    (void)closedir(folder);
    if (st) {
        journal_files_free(&files);
        return st;
    }
    if (files.len)
        qsort(files.first, files.len, sizeof(*files.first), compare_first);
    *out = files;
    return ST_OK;
}

void journal_files_free(struct journal_files *files)
{
    free(files->first);
    *files = (struct journal_files){NULL, 0};
}

size_t journal_files_find(const struct journal_files *files, uint64_t pos)
{
    size_t index = files->len;

    for (size_t i = 0; i < files->len && files->first[i] <= pos; i++)
        index = i;
    return index;
}

enum status journal_file_path(const char *dir, uint64_t first, char out[PATH_SIZE],
                              struct why *why)
{
    return path_format(out, why, "%s/" FILE_PREFIX "%020" PRIu64 FILE_SUFFIX, dir, first);
}
