/* What the recorder takes from a publisher: each body is decoded and checked before it is
 * recorded, since what is in the journal is believed by everybody behind it. */
#ifndef SHORTFALL_DAEMONS_RECORDER_JUDGE_H
#define SHORTFALL_DAEMONS_RECORDER_JUDGE_H

#include "recorder_feeds.h"

#include "shortfall/bus/bus.h"

#define RECORDER_NAME "recorder" /* its own producer: the opening frame is its first */

struct verdict {
    bool taken;
    uint32_t events;      /* taken: how many are in the body */
    int64_t before;       /* taken: what a promise says; TIME_NONE: not a promise */
    enum refusal refusal; /* not taken: why; the reasons are in the text */
    size_t text_len;
};

/* Judges type and body, not the number. The reasons go into `text`, one line for each bad
 * event: "event 3: unit: ..." (events count from 0), as many as fit, the last without a
 * newline. ST_NO_MEMORY. */
MUST_USE enum status judge_frame(const struct frame *frame, struct feeds *feeds,
                                 char *text, size_t text_max, struct verdict *out,
                                 struct why *why);

#endif
