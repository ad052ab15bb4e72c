/* A lock of the open file itself (flock): it ends with the process however that dies, and
 * holds against a second opening by the same process too. The file is removed afterwards,
 * so that a folder shows no more than what is in use. */
#include "file_lock.h"

#include "paths.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

struct file_lock {
    int fd;
    char path[PATH_SIZE];
};

static enum status held_by(int fd, const char *path, struct why *why)
{
    char text[24] = "";
    ssize_t len = pread(fd, text, sizeof(text) - 1, 0);

    /* Empty for the moment between its lock and its number. */
    if (len <= 0)
        return why_set(why, ST_CONFLICT, "%s: another process writes here", path);
    text[strcspn(text, "\n")] = '\0';
    return why_set(why, ST_CONFLICT, "%s: process %s writes here", path, text);
}

/* Whether the name still leads to the file that was locked: its last holder may have
 * removed it in between. */
static bool is_current(int fd, const char *path)
{
    struct stat open_file;
    struct stat named;

    return fstat(fd, &open_file) == 0 && stat(path, &named) == 0 &&
           open_file.st_dev == named.st_dev && open_file.st_ino == named.st_ino;
}

static enum status take(const char *path, int *out, struct why *why)
{
    for (;;) {
        int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        enum status st;

        if (fd < 0)
            return path_error(why, path);
        if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
            st = errno == EWOULDBLOCK ? held_by(fd, path, why) : path_error(why, path);
            (void)close(fd);
            return st;
        }
        if (is_current(fd, path)) {
            *out = fd;
            return ST_OK;
        }
        (void)close(fd);
    }
}

enum status file_lock_take(const char *path, struct file_lock **out, struct why *why)
{
    struct file_lock *lock = calloc(1, sizeof(*lock));
    enum status st;

    if (!lock)
        return why_set(why, ST_NO_MEMORY, "%s: no memory", path);
    st = path_format(lock->path, why, "%s", path);
    if (!st)
        st = take(path, &lock->fd, why);
    if (st) {
        free(lock);
        return st;
    }
    if (ftruncate(lock->fd, 0) != 0 || dprintf(lock->fd, "%ld\n", (long)getpid()) < 0) {
        st = path_error(why, path);
        file_lock_release(lock);
        return st;
    }
    *out = lock;
    return ST_OK;
}

void file_lock_release(struct file_lock *lock)
{
    if (!lock)
        return;
    (void)unlink(lock->path);
    (void)close(lock->fd);
    free(lock);
}
