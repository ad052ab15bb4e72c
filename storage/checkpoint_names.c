/* Checkpoints by their names alone: FILE-checkpoint-POS, with as many digits as a
 * position can have, so that a listing of the folder shows them in their order. */
#include "checkpoint_names.h"

#include "shortfall/storage/checkpoint_file.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define POS_DIGITS 20

enum status checkpoint_path(char out[PATH_SIZE], const char *db, uint64_t pos,
                            struct why *why)
{
    return path_format(out, why, "%s-checkpoint-%0*llu", db, POS_DIGITS,
                       (unsigned long long)pos);
}

enum status checkpoint_new_path(char out[PATH_SIZE], const char *db, struct why *why)
{
    return path_format(out, why, "%s-checkpoint-new", db);
}

/* 0: the name is not that of a checkpoint of the database. */
static uint64_t pos_of_name(const char *name, const char *front)
{
    size_t len = strlen(front);
    uint64_t pos = 0;

    if (strncmp(name, front, len) != 0 || strlen(name) != len + POS_DIGITS)
        return 0;
    for (const char *at = name + len; *at != '\0'; at++) {
        if (*at < '0' || *at > '9' || __builtin_mul_overflow(pos, (uint64_t)10, &pos) ||
            __builtin_add_overflow(pos, (uint64_t)(*at - '0'), &pos))
            return 0;
    }
    return pos;
}

static enum status open_folder(const char *db, DIR **out, char front[PATH_SIZE],
                               struct why *why)
{
    char folder[PATH_SIZE];
    const char *slash = strrchr(db, '/');
    enum status st = path_format(front, why, "%s-checkpoint-", slash ? slash + 1 : db);

    if (st == ST_OK)
        st = path_format(folder, why, "%.*s", slash ? (int)(slash - db) + 1 : 1,
                         slash ? db : ".");
    if (st)
        return st;
    *out = opendir(folder);
    return *out == NULL ? path_error(why, folder) : ST_OK;
}

/* The newest one not above `most`; 0: none. */
static enum status find(const char *db, uint64_t most, uint64_t *out, struct why *why)
{
    char front[PATH_SIZE];
    DIR *folder;
    const struct dirent *entry;
    uint64_t newest = 0;
    enum status st = open_folder(db, &folder, front, why);

    if (st)
        return st;
    errno = 0;
    while ((entry = readdir(folder)) != NULL) {
        uint64_t pos = pos_of_name(entry->d_name, front);

        if (pos <= most && pos > newest)
            newest = pos;
    }
    if (errno != 0)
        st = path_error(why, db);
    (void)closedir(folder);
    if (st == ST_OK)
        *out = newest;
    return st;
}

enum status checkpoint_find(const char *db, uint64_t most, uint64_t *pos, struct why *why)
{
    uint64_t found;
    enum status st = find(db, most, &found, why);

    if (st)
        return st;
    if (found == 0)
        return why_set(why, ST_NOT_FOUND, "%s: no checkpoint", db);
    *pos = found;
    return ST_OK;
}

enum status checkpoint_remove(const char *db, uint64_t pos, struct why *why)
{
    char path[PATH_SIZE];
    enum status st = checkpoint_path(path, db, pos, why);

    if (st)
        return st;
    return unlink(path) == 0 || errno == ENOENT ? ST_OK : path_error(why, path);
}

enum status checkpoint_prune(const char *db, size_t keep, struct why *why)
{
    uint64_t most = UINT64_MAX;

    for (size_t kept = 0;; kept++) {
        uint64_t pos;
        enum status st = find(db, most, &pos, why);

        if (st == ST_OK && pos > 0 && kept >= keep)
            st = checkpoint_remove(db, pos, why);
        if (st || pos == 0)
            return st;
        most = pos - 1;
    }
}
