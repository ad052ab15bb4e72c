/* A transition as one line for people, and lines on their way to standard output. */
#ifndef SHORTFALL_DAEMONS_NOTIFIER_LINE_H
#define SHORTFALL_DAEMONS_NOTIFIER_LINE_H

#include "shortfall/proto/pack.h"

#define NOTICE_SIZE 1024 /* bytes: any line for people fits in, with its NUL */

/* "2008-07-03T00:00:00Z FIRING critical PRK food prk-uncovered: summary"; "-" for a
 * severity that is not stated, and no colon without a summary. Returns the length. */
size_t notice_format(const struct transition *transition,
                     const struct transition_texts *texts, char out[NOTICE_SIZE]);

/* Writes the line and a newline to `fd`, however slowly the other side reads.
 * ST_STOPPED: stop_fd became readable before all was written; ST_IO: nobody reads. */
MUST_USE enum status line_put(int fd, struct text line, int stop_fd, struct why *why);

#endif
