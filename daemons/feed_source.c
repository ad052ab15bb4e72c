/* Lines of a file, of a file that grows, or of a pipe. Reads with read(2) and waits with
 * poll(2), so that a signal ends every wait. */
#include "feed_source.h"

#include "shortfall/proto/json.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINE_KEPT   (JSON_LINE_MAX + 1) /* one beyond what its reader takes */
#define BUFFER_SIZE (4 * 64 * 1024 + LINE_KEPT)

struct source {
    char *path;
    int fd;
    bool is_file; /* not a pipe: it has a size, and is always readable */
    bool follow, ended;
    struct source_place at; /* behind the last line handed out */
    uint64_t dropped;       /* bytes of the line at hand that are not kept */
    size_t begin, end;      /* of what is in the buffer */
    size_t searched;        /* from begin: no newline so far */
    char buffer[BUFFER_SIZE];
};

static enum status open_fd(struct source *s, struct why *why)
{
    struct stat info;
    bool is_stdin = strcmp(s->path, "-") == 0;

    s->fd = is_stdin ? STDIN_FILENO : open(s->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (s->fd < 0)
        return why_set(why, errno == ENOENT ? ST_NOT_FOUND : ST_IO, "%s: %s", s->path,
                       strerror(errno));
    if (fstat(s->fd, &info))
        return why_set(why, ST_IO, "%s: %s", s->path, strerror(errno));
    if (S_ISDIR(info.st_mode))
        return why_set(why, ST_INVALID, "%s: is a folder", s->path);
    /* Standard input may begin anywhere in a file: it is read as a pipe. */
    s->is_file = S_ISREG(info.st_mode) && !is_stdin;
    return ST_OK;
}

enum status source_open(const char *path, bool follow, struct source **out,
                        struct why *why)
{
    struct source *s = calloc(1, sizeof *s);
    enum status st;

    if (!s)
        return why_set(why, ST_NO_MEMORY, "read %s", path);
    s->fd = -1;
    s->follow = follow;
    s->path = strdup(path);
    st = s->path ? open_fd(s, why) : why_set(why, ST_NO_MEMORY, "read %s", path);
    if (st) {
        source_close(s);
        return st;
    }
    *out = s;
    return ST_OK;
}

void source_close(struct source *s)
{
    if (!s)
        return;
    if (s->fd > STDIN_FILENO)
        (void)close(s->fd);
    free(s->path);
    free(s);
}

uint64_t source_size(const struct source *s)
{
    struct stat info;

    return s->is_file && !fstat(s->fd, &info) && info.st_size > 0 ? (uint64_t)info.st_size
                                                                  : 0;
}

static bool is_readable(const struct source *s)
{
    struct pollfd item = {.fd = s->fd, .events = POLLIN};

    return s->is_file || poll(&item, 1, 0) > 0;
}

enum status source_wait(struct source *s, int stop_fd, int timeout_ms, struct why *why)
{
    /* A file is always readable: waiting for it is waiting for time to pass. */
    struct pollfd items[2] = {{.fd = stop_fd, .events = POLLIN},
                              {.fd = s->is_file ? -1 : s->fd, .events = POLLIN}};

    if (poll(items, 2, timeout_ms) < 0 && errno != EINTR)
        return why_set(why, ST_IO, "wait for %s: %s", s->path, strerror(errno));
    if (items[0].revents)
        return why_set(why, ST_STOPPED, "told to stop");
    return ST_OK;
}

/* The end of a file that is followed; but a shorter file is another file. */
static enum status check_end(struct source *s, struct why *why)
{
    uint64_t held = s->at.offset + s->dropped + (s->end - s->begin);

    if (!s->is_file || !s->follow) {
        s->ended = true;
        return ST_OK;
    }
    if (source_size(s) < held)
        return why_set(why, ST_INVALID,
                       "%s: the file became shorter than the %llu bytes read so far",
                       s->path, (unsigned long long)held);
    return why_set(why, ST_AGAIN, "%s: nothing more yet", s->path);
}

/* More bytes behind those in the buffer, or s->ended. ST_AGAIN: nothing now. */
static enum status fill(struct source *s, struct why *why)
{
    ssize_t len;

    if (s->begin > 0) {
        memmove(s->buffer, s->buffer + s->begin, s->end - s->begin);
        s->end -= s->begin;
        s->begin = 0;
    }
    if (!is_readable(s))
        return why_set(why, ST_AGAIN, "%s: nothing more yet", s->path);
    do
        len = read(s->fd, s->buffer + s->end, sizeof s->buffer - s->end);
    while (len < 0 && errno == EINTR);
    if (len < 0)
        return why_set(why, ST_IO, "read %s: %s", s->path, strerror(errno));
    if (len == 0)
        return check_end(s, why);
    s->end += (size_t)len;
    return ST_OK;
}

/* Of a line whose end is not there yet only what its reader can take is kept. */
static void drop_excess(struct source *s)
{
    size_t held = s->end - s->begin;

    s->searched = held;
    if (held <= LINE_KEPT)
        return;
    s->dropped += held - LINE_KEPT;
    s->end = s->begin + LINE_KEPT;
    s->searched = LINE_KEPT;
}

/* Hands out the first `len` bytes of the buffer; `size` of them, with the end of the
 * line, are done with. */
static void hand_out(struct source *s, size_t len, size_t size, struct text *line,
                     struct source_place *behind)
{
    s->at.offset += size + s->dropped;
    s->at.line++;
    if (len > LINE_KEPT)
        len = LINE_KEPT;
    if (len > 0 && s->buffer[s->begin + len - 1] == '\r' && !s->dropped)
        len--;
    *line = (struct text){s->buffer + s->begin, (uint32_t)len};
    *behind = s->at;
    s->begin += size;
    s->dropped = 0;
    s->searched = 0;
}

enum status source_next(struct source *s, struct text *line, struct source_place *behind,
                        struct why *why)
{
    for (;;) {
        const char *begin = s->buffer + s->begin;
        size_t held = s->end - s->begin;
        const char *newline = held > s->searched
                                  ? memchr(begin + s->searched, '\n', held - s->searched)
                                  : NULL;
        enum status st;

        if (newline) {
            size_t len = (size_t)(newline - begin);

            hand_out(s, len, len + 1, line, behind);
            return ST_OK;
        }
        if (s->ended && held == 0)
            return ST_NOT_FOUND;
        if (s->ended) { /* the last line, without its newline */
            hand_out(s, held, held, line, behind);
            return ST_OK;
        }
        drop_excess(s);
        st = fill(s, why);
        if (st)
            return st;
    }
}

static enum status refuse_place(const struct source *s, const struct source_place *place,
                                const char *reason, struct why *why)
{
    return why_set(
        why, ST_INVALID,
        "%s: %s, but %llu bytes (%llu lines) of it are recorded already: it is "
        "not the source that was fed before",
        s->path, reason, (unsigned long long)place->offset,
        (unsigned long long)place->line);
}

static enum status seek_file(struct source *s, const struct source_place *place,
                             struct why *why)
{
    uint64_t size = source_size(s);
    char around[2] = {'\n', '\n'};

    if (size < place->offset)
        return refuse_place(s, place, "the file is shorter than it was", why);
    if (pread(s->fd, around, 2, (off_t)place->offset - 1) < 0 ||
        lseek(s->fd, (off_t)place->offset, SEEK_SET) < 0)
        return why_set(why, ST_IO, "seek in %s: %s", s->path, strerror(errno));
    /* The last line may have had no newline when it was read. */
    if (around[0] != '\n' && size != place->offset && around[1] != '\n')
        return refuse_place(s, place, "no line ends where one did", why);
    return ST_OK;
}

/* Reads it again, since a pipe cannot seek. */
static enum status skip_pipe(struct source *s, const struct source_place *place,
                             int stop_fd, struct why *why)
{
    struct source_place behind = {0, 0};
    struct text line;

    while (behind.offset < place->offset) {
        enum status st = source_next(s, &line, &behind, why);

        if (st == ST_AGAIN)
            st = source_wait(s, stop_fd, -1, why);
        if (st == ST_NOT_FOUND)
            return refuse_place(s, place, "it ends sooner", why);
        if (st)
            return st;
    }
    if (behind.offset != place->offset)
        return refuse_place(s, place, "no line ends where one did", why);
    return ST_OK;
}

enum status source_seek(struct source *s, const struct source_place *place, int stop_fd,
                        struct why *why)
{
    enum status st = ST_OK;

    if (place->offset > 0)
        st = s->is_file ? seek_file(s, place, why) : skip_pipe(s, place, stop_fd, why);
    if (!st)
        s->at = *place;
    return st;
}
