/* Temporary folders, files that are damaged on purpose, frames to write. */
#include "scratch.h"

#include "shortfall/core/hash.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[SCRATCH_PATH];

void scratch_make(void)
{
    const char *tmp = getenv("TMPDIR");
    int len = snprintf(folder, sizeof(folder), "%s/shortfall-storage-XXXXXX",
                       tmp ? tmp : "/tmp");

    cr_assert(len > 0 && len < (int)sizeof(folder) && mkdtemp(folder));
}

static bool is_dots(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* Deep enough for a folder of journals in the scratch folder. */
static void remove_folder(const char *dir)
{
    DIR *list = opendir(dir);
    struct dirent *entry;
    char path[2 * SCRATCH_PATH];

    while (list && (entry = readdir(list)) != NULL) {
        if (is_dots(entry->d_name))
            continue;
        (void)snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name);
        if (unlink(path) != 0)
            remove_folder(path);
    }
    if (list)
        (void)closedir(list);
    (void)rmdir(dir);
}

void scratch_remove(void)
{
    remove_folder(folder);
}

const char *scratch_path(const char *name, char *out)
{
    int len = snprintf(out, SCRATCH_PATH, "%s/%s", folder, name);

    cr_assert(len > 0 && len < SCRATCH_PATH);
    return out;
}

static bool has_ends(const char *name, const char *prefix, const char *suffix)
{
    size_t len = strlen(name);
    size_t tail = strlen(suffix);

    return strncmp(name, prefix, strlen(prefix)) == 0 && len >= tail &&
           strcmp(name + len - tail, suffix) == 0;
}

size_t scratch_count(const char *dir, const char *prefix, const char *suffix)
{
    DIR *list = opendir(dir);
    struct dirent *entry;
    size_t count = 0;

    cr_assert(list != NULL, "%s", dir);
    while ((entry = readdir(list)) != NULL)
        count += has_ends(entry->d_name, prefix, suffix);
    (void)closedir(list);
    return count;
}

long long scratch_size(const char *path)
{
    struct stat info;

    return stat(path, &info) == 0 ? (long long)info.st_size : -1;
}

unsigned scratch_mode(const char *path)
{
    struct stat info;

    cr_assert(stat(path, &info) == 0, "%s", path);
    return info.st_mode & 0777U;
}

static char *read_file(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    long long size = scratch_size(path);
    char *content;

    cr_assert(file && size >= 0, "%s", path);
    content = malloc((size_t)size + 1);
    cr_assert(content && fread(content, 1, (size_t)size, file) == (size_t)size);
    (void)fclose(file);
    *len = (size_t)size;
    return content;
}

static void write_file(const char *path, const char *content, size_t len)
{
    FILE *file = fopen(path, "wb");

    cr_assert(file && fwrite(content, 1, len, file) == len && fclose(file) == 0, "%s",
              path);
}

void scratch_flip(const char *path, const char *marker)
{
    size_t len = 0;
    char *content = read_file(path, &len);
    size_t at = len - strlen(marker);

    while (at > 0 && memcmp(content + at, marker, strlen(marker)) != 0)
        at--;
    cr_assert(at > 0, "%s holds no %s", path, marker);
    content[at] ^= 0x04;
    write_file(path, content, len);
    free(content);
}

void scratch_cut(const char *path, long long size)
{
    cr_assert(truncate(path, size) == 0, "%s", path);
}

void scratch_write(const char *path, const char *content)
{
    write_file(path, content, strlen(content));
}

uint64_t scratch_fingerprint(const char *dir)
{
    DIR *list = opendir(dir);
    struct dirent *entry;
    struct hash128 sum = {0, 0};
    char path[2 * SCRATCH_PATH];

    cr_assert(list != NULL, "%s", dir);
    while ((entry = readdir(list)) != NULL) {
        size_t len = 0;
        char *content;

        if (is_dots(entry->d_name))
            continue;
        (void)snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name);
        content = read_file(path, &len);
        sum = hash128_add(sum, hash128_of(entry->d_name, strlen(entry->d_name), len));
        sum = hash128_add(sum, hash128_of(content, len, 1));
        free(content);
    }
    (void)closedir(list);
    return sum.low;
}

void scratch_sql(const char *path, const char *statements)
{
    sqlite3 *db = NULL;
    char *error = NULL;

    cr_assert(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK);
    cr_assert(sqlite3_exec(db, statements, NULL, NULL, &error) == SQLITE_OK, "%s: %s",
              statements, error);
    cr_assert(sqlite3_close(db) == SQLITE_OK);
}

const char *scratch_query(const char *path, const char *query)
{
    static char text[1024];
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;

    text[0] = '\0';
    cr_assert(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK);
    cr_assert(sqlite3_prepare_v2(db, query, -1, &stmt, NULL) == SQLITE_OK, "%s: %s",
              query, sqlite3_errmsg(db));
    if (sqlite3_step(stmt) == SQLITE_ROW && sqlite3_column_text(stmt, 0))
        (void)snprintf(text, sizeof(text), "%s",
                       (const char *)sqlite3_column_text(stmt, 0));
    sqlite3_finalize(stmt);
    cr_assert(sqlite3_close(db) == SQLITE_OK);
    return text;
}

void expect_status(enum status got, enum status expected, const struct why *why,
                   const char *label)
{
    cr_assert(got == expected, "%s: %s instead of %s: %s", label, status_text(got),
              status_text(expected), got ? why->text : "");
}

void expect_why(const struct why *why, const char *part, const char *label)
{
    cr_assert(strstr(why->text, part) != NULL, "%s: no \"%s\" in \"%s\"", label, part,
              why->text);
}

struct frame frame_make(const char *producer, uint64_t number, int64_t clock,
                        const char *body)
{
    return (struct frame){
        .type = FRAME_DATA,
        .events = 1,
        .clock = clock,
        .producer = text_of(producer),
        .number = number,
        .cursor = {(const uint8_t *)"at", 2},
        .body = {(const uint8_t *)body, strlen(body)},
    };
}

void journal_must_open(const char *dir, int64_t rotate_bytes, struct journal **out)
{
    struct journal_options options = {.rotate_bytes = rotate_bytes};
    struct why why;

    expect_status(journal_open(dir, &options, out, &why), ST_OK, &why, "open");
}

const char *body_of(uint64_t number, char out[32])
{
    (void)snprintf(out, 32, "body-%llu-end", (unsigned long long)number);
    return out;
}

#define BATCH 50

static void append_up_to(struct journal *j, uint64_t first, uint64_t last, uint64_t batch)
{
    static char bodies[BATCH][32];
    static struct frame frames[BATCH];
    struct why why;

    while (first <= last) {
        size_t len = 0;

        for (; len < batch && first <= last; len++, first++)
            frames[len] =
                frame_make("p", first, (int64_t)first, body_of(first, bodies[len]));
        expect_status(journal_append(j, frames, len, &why), ST_OK, &why, "append");
    }
}

void journal_must_append(struct journal *j, uint64_t first, uint64_t last)
{
    append_up_to(j, first, last, 1);
}

void journal_must_append_fast(struct journal *j, uint64_t first, uint64_t last)
{
    append_up_to(j, first, last, BATCH);
}
