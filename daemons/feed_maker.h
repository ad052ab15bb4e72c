/* Makes frames out of lines: the same source and the same number of events a frame give
 * the same frames, so that a feed that starts again goes on where it was. */
#ifndef SHORTFALL_DAEMONS_FEED_MAKER_H
#define SHORTFALL_DAEMONS_FEED_MAKER_H

#include "feed_cursor.h"
#include "feed_kept.h"
#include "feed_source.h"

#include "shortfall/core/commodity.h"

struct maker_options {
    const char *path; /* of the source, for messages */
    factor_set_id factors;
    uint32_t batch;     /* events a frame */
    bool exercise;      /* promises, and lines in order of `published` */
    bool skip_wrong;    /* a wrong line is logged and left out; else it ends everything */
    bool flush_at_lull; /* a frame need not be full when nothing more is there now */
};

struct maker;

/* Goes on behind `from`, where the source stands already. The source stays the caller's
 * and must live longer. ST_NO_MEMORY. */
MUST_USE enum status maker_new(const struct maker_options *options, struct source *source,
                               const struct feed_cursor *from, struct maker **out,
                               struct why *why);
void maker_free(struct maker *m);

/* Fills in the next frame, all but its number. ST_AGAIN: the source has nothing more now;
 * ST_NOT_FOUND: that was the last one. ST_INVALID: a line is wrong ("file:line:column:
 * field: text"), or comes behind the end that was promised; nothing of the frame it would
 * be in is handed out. ST_IO, ST_NO_MEMORY. */
MUST_USE enum status maker_next(struct maker *m, struct kept_frame *out, struct why *why);

uint64_t maker_wrong(const struct maker *m);            /* lines left out so far */
struct source_place maker_place(const struct maker *m); /* read up to here */

#endif
