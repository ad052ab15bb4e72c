/* A feed's cursor: what the recorder keeps with each frame and gives back to a feed that
 * starts again. Text, so that people can read it too:
 *
 *   v1 offset=5120 line=40 published=1215043200000000 after=data file=ships.jsonl */
#ifndef SHORTFALL_DAEMONS_FEED_CURSOR_H
#define SHORTFALL_DAEMONS_FEED_CURSOR_H

#include "feed_source.h"

#include "shortfall/core/frame.h"

#define FEED_FILE_MAX 255 /* bytes of a file's name without its folder */

enum feed_after {
    AFTER_DATA,    /* the frame held the lines up to here */
    AFTER_PROMISE, /* exercise: and what they are followed by is promised */
    AFTER_END,     /* exercise: and that nothing follows */
    AFTER_COUNT
};

struct feed_cursor {
    struct source_place place; /* behind the last line that was sent */
    int64_t published;         /* of the last event that was sent; TIME_NONE: none */
    enum feed_after after;
    char file[FEED_FILE_MAX + 1];
};

/* Always fits. Returns the length. */
size_t feed_cursor_format(const struct feed_cursor *cursor,
                          uint8_t out[FRAME_CURSOR_MAX]);

/* ST_INVALID: it is not a cursor of this kind. */
MUST_USE enum status feed_cursor_parse(struct bytes bytes, struct feed_cursor *out,
                                       struct why *why);

/* The name of a file without its folder; "-" is standard input's. */
const char *feed_file_name(const char *path);

#endif
