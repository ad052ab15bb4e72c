/* Small files for whoever wants to look. */
#include "shortfall/daemons/note.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define NOTE_PATH_SIZE 1200

static enum status io_error(struct why *why, const char *path)
{
    int error = errno;

    return why_set(why, ST_IO, "%s: %s", path, strerror(error));
}

static enum status write_whole(const char *path, struct text note, struct why *why)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    enum status st = ST_OK;

    if (fd < 0)
        return io_error(why, path);
    while (!st && note.len > 0) {
        ssize_t written = write(fd, note.at, note.len);

        if (written < 0 && errno != EINTR)
            st = io_error(why, path);
        if (written > 0) {
            note.at += written;
            note.len -= (uint32_t)written;
        }
    }
    if (close(fd) && !st)
        st = io_error(why, path);
    return st;
}

enum status note_write(const char *path, struct text note, struct why *why)
{
    char next[NOTE_PATH_SIZE];
    int len = snprintf(next, sizeof next, "%s.new", path);
    enum status st;

    if (len < 0 || (size_t)len >= sizeof next)
        return why_set(why, ST_INVALID, "a path of more than %d bytes", NOTE_PATH_SIZE);
    st = write_whole(next, note, why);
    if (!st && rename(next, path))
        st = io_error(why, path);
    if (st)
        (void)unlink(next);
    return st;
}

enum status note_read(const char *path, char out[NOTE_SIZE], struct why *why)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    char text[NOTE_SIZE];
    size_t len = 0;
    ssize_t got = 1;

    if (fd < 0 && errno == ENOENT)
        return why_set(why, ST_NOT_FOUND, "%s: there is no such file", path);
    if (fd < 0)
        return io_error(why, path);
    while (len < sizeof text && got != 0) {
        got = read(fd, text + len, sizeof text - len);
        if (got < 0 && errno != EINTR)
            break;
        len += got > 0 ? (size_t)got : 0;
    }
    enum status st = got < 0 ? io_error(why, path) : ST_OK;

    (void)close(fd);
    if (!st && len == sizeof text)
        st = why_set(why, ST_OVERFLOW, "%s: longer than %d bytes", path, NOTE_SIZE - 1);
    if (st)
        return st;
    memcpy(out, text, len);
    out[len] = '\0';
    return ST_OK;
}

struct text note_word(struct text *rest)
{
    struct text word = *rest;

    word.len = 0;
    while (word.len < rest->len && !strchr(" \n", rest->at[word.len]))
        word.len++;
    rest->at += word.len;
    rest->len -= word.len;
    if (rest->len > 0 && *rest->at == ' ') {
        rest->at++;
        rest->len--;
    }
    return word;
}

bool note_next_line(struct text *rest)
{
    const char *newline = rest->len > 0 ? memchr(rest->at, '\n', rest->len) : NULL;

    if (!newline)
        return false;
    rest->len -= (uint32_t)(newline + 1 - rest->at);
    rest->at = newline + 1;
    return rest->len > 0;
}

bool note_number(struct text word, uint64_t *out)
{
    uint64_t number = 0;

    for (uint32_t i = 0; i < word.len; i++)
        if (word.at[i] < '0' || word.at[i] > '9' ||
            __builtin_mul_overflow(number, 10U, &number) ||
            __builtin_add_overflow(number, (uint64_t)(word.at[i] - '0'), &number))
            return false;
    *out = number;
    return word.len > 0;
}
