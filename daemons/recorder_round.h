/* One round of the recorder: the requests that were readable together, judged in their
 * order, recorded by one commit, answered in their order behind it. */
#ifndef SHORTFALL_DAEMONS_RECORDER_ROUND_H
#define SHORTFALL_DAEMONS_RECORDER_ROUND_H

#include "recorder_feeds.h"
#include "recorder_stamp.h"

#include "shortfall/bus/server.h"
#include "shortfall/storage/journal.h"

struct round;

/* Since the start of the recorder. */
struct round_counts {
    uint64_t frames, events, commits; /* recorded */
    uint64_t repeated, refused;       /* frames answered otherwise */
};

MUST_USE enum status round_new(struct round **out, struct why *why);
void round_free(struct round *r);

/* Whether the round is to be committed before it takes another request. */
bool round_is_full(const struct round *r);

/* Whether somebody waits for a greeting, whom a longer wait for frames would hold up. */
bool round_has_greeting(const struct round *r);

/* Judges a request and keeps its answer for later. What the request lends must stay until
 * the round is answered. ST_IO, ST_CORRUPT of the journal; ST_NO_MEMORY. */
MUST_USE enum status round_take(struct round *r, const struct bus_request *request,
                                struct journal *j, struct feeds *feeds, struct why *why);

/* Stamps what was taken and makes it durable: one commit. On failure nothing may be
 * answered any more. */
MUST_USE enum status round_commit(struct round *r, struct journal *j, struct stamp *stamp,
                                  struct why *why);

/* What the commit made durable, in order; lent until round_end. */
const struct frame *round_frames(const struct round *r, size_t *len);

/* Sends every answer: only after the commit, and in the order of the requests. ST_IO,
 * ST_CORRUPT of the journal. */
MUST_USE enum status round_answer(const struct round *r, struct bus_server *server,
                                  struct journal *j, const struct feeds *feeds,
                                  struct why *why);

/* Makes room for the next round. */
void round_end(struct round *r);

struct round_counts round_counts(const struct round *r);

#endif
