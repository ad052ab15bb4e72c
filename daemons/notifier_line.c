/* Lines for people. Must never be kept from stopping by a reader that does not read. */
#include "notifier_line.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

size_t notice_format(const struct transition *t, const struct transition_texts *texts,
                     char out[NOTICE_SIZE])
{
    const struct text severity =
        texts->severity.len > 0 ? texts->severity : TEXT_LITERAL("-");
    char at[TIMESTAMP_SIZE];
    int len = snprintf(
        out, NOTICE_SIZE, "%s %s %.*s %s %s %s%s%.*s", timestamp_format(t->at, at),
        t->state == ALERT_FIRING ? "FIRING" : "RESOLVED", TEXT_ARGS(severity),
        place_code(t->country), commodity_code(t->commodity), t->uid,
        texts->summary.len > 0 ? ": " : "", TEXT_ARGS(texts->summary));

    return len < 0 ? 0 : (size_t)len;
}

static enum status wait_to_write(int fd, int stop_fd, struct why *why)
{
    struct pollfd fds[2] = {{.fd = fd, .events = POLLOUT},
                            {.fd = stop_fd, .events = POLLIN}};

    while (poll(fds, 2, -1) < 0) {
        if (errno != EINTR)
            return why_set(why, ST_IO, "wait to write: %s", strerror(errno));
    }
    if (fds[1].revents)
        return why_set(why, ST_STOPPED, "told to stop");
    return ST_OK;
}

/* A pipe that says it can be written to takes PIPE_BUF bytes without a wait. */
static enum status put(int fd, const char *at, size_t len, int stop_fd, struct why *why)
{
    while (len > 0) {
        enum status st = wait_to_write(fd, stop_fd, why);

        if (st)
            return st;
        ssize_t written = write(fd, at, len < PIPE_BUF ? len : PIPE_BUF);

        if (written < 0 && errno != EINTR && errno != EAGAIN)
            return why_set(why, ST_IO, "write: %s", strerror(errno));
        if (written > 0) {
            at += written;
            len -= (size_t)written;
        }
    }
    return ST_OK;
}

enum status line_put(int fd, struct text line, int stop_fd, struct why *why)
{
    enum status st = put(fd, line.at, line.len, stop_fd, why);

    return st ? st : put(fd, "\n", 1, stop_fd, why);
}
