/* The source of a feed as lines, each with its place: what a restarted feed needs to go
 * on exactly behind the last line that is recorded. */
#ifndef SHORTFALL_DAEMONS_FEED_SOURCE_H
#define SHORTFALL_DAEMONS_FEED_SOURCE_H

#include "shortfall/core/status.h"
#include "shortfall/core/text.h"

struct source;

/* Behind which line something stands: bytes from the beginning, and its number. */
struct source_place {
    uint64_t offset, line;
};

/* "-" is standard input. `follow`: the end of the file is not the end of the source, a
 * line is complete with its newline, and lines are handed out as soon as they are there.
 * ST_NOT_FOUND, ST_INVALID (a folder), ST_IO. */
MUST_USE enum status source_open(const char *path, bool follow, struct source **out,
                                 struct why *why);
void source_close(struct source *s);

/* Goes on behind that place; must be the first call. ST_INVALID: the source ends before
 * it, or no line ends there: it is not what was read before. Waits for standard input, on
 * stop_fd too (ST_STOPPED). */
MUST_USE enum status source_seek(struct source *s, const struct source_place *place,
                                 int stop_fd, struct why *why);

/* The next line without its end (LF or CR LF), lent until the next call, and the place
 * behind it. A line that is too long comes cut at JSON_LINE_MAX + 1 bytes. ST_AGAIN:
 * nothing is there now; ST_NOT_FOUND: that was all. ST_INVALID: a file that is followed
 * became shorter. ST_IO. */
MUST_USE enum status source_next(struct source *s, struct text *line,
                                 struct source_place *behind, struct why *why);

/* After ST_AGAIN: waits until there may be more, at most timeout_ms. ST_STOPPED. */
MUST_USE enum status source_wait(struct source *s, int stop_fd, int timeout_ms,
                                 struct why *why);

/* Bytes in all; 0: not known. */
uint64_t source_size(const struct source *s);

#endif
