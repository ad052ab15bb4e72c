/* Names of files and folders, and what the system says about them. Never opens a database
 * file: closing any descriptor of one would drop the locks SQLite holds on it. */
#include "paths.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum status path_format(char out[PATH_SIZE], struct why *why, const char *format, ...)
{
    va_list args;
    int len;

    va_start(args, format);
    len = vsnprintf(out, PATH_SIZE, format, args);
    va_end(args);
    if (len < 0 || len >= PATH_SIZE)
        return why_set(why, ST_INVALID, "a path of more than %d bytes", PATH_SIZE - 1);
    return ST_OK;
}

enum status path_uri(char out[PATH_SIZE], const char *path, const char *query,
                     struct why *why)
{
    char escaped[PATH_SIZE];
    size_t len = 0;

    for (const char *at = path; *at; at++) {
        bool plain = !strchr("?#%", *at);

        if (len + 4 > sizeof(escaped))
            return why_set(why, ST_INVALID, "a path of more than %d bytes",
                           PATH_SIZE - 1);
        if (plain)
            escaped[len++] = *at;
        else
            len += (size_t)snprintf(escaped + len, 4, "%%%02X", (unsigned)*at);
    }
    escaped[len] = '\0';
    /* The two slashes are an empty host, so that a path of "//x" stays one. */
    return path_format(out, why, "file:%s%s?%s", path[0] == '/' ? "//" : "", escaped,
                       query);
}

enum status path_error(struct why *why, const char *path)
{
    int error = errno;

    return why_set(why, ST_IO, "%s: %s (%d)", path, strerror(error), error);
}

bool path_exists(const char *path)
{
    struct stat info;

    return stat(path, &info) == 0;
}

bool path_is_folder(const char *path)
{
    struct stat info;

    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

static enum status make_one(const char *path, struct why *why)
{
    if (path_is_folder(path))
        return ST_OK;
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return path_error(why, path);
    return path_sync_folder_of(path, why);
}

enum status path_make_folder(const char *path, struct why *why)
{
    char part[PATH_SIZE];
    enum status st = path_format(part, why, "%s", path);

    if (st)
        return st;
    for (char *at = part + 1; part[0] && *at; at++) {
        if (*at != '/')
            continue;
        *at = '\0';
        st = make_one(part, why);
        *at = '/';
        if (st)
            return st;
    }
    return make_one(part, why);
}

enum status path_sync_folder_of(const char *path, struct why *why)
{
    char folder[PATH_SIZE];
    enum status st = path_format(folder, why, "%s", path);
    char *slash;
    int fd;

    if (st)
        return st;
    slash = strrchr(folder, '/');
    if (!slash)
        (void)snprintf(folder, sizeof(folder), ".");
    else
        slash[slash == folder ? 1 : 0] = '\0';
    fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return path_error(why, folder);
    st = fsync(fd) == 0 ? ST_OK : path_error(why, folder);
    (void)close(fd);
    return st;
}
