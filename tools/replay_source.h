/* Where a replay's frames come from: event files put in order, a recorder's journal as it
 * is, or a journal put in the order of `published`. */
#ifndef SHORTFALL_TOOLS_REPLAY_SOURCE_H
#define SHORTFALL_TOOLS_REPLAY_SOURCE_H

#include "shortfall/core/frame.h"
#include "shortfall/core/status.h"

struct replay_request {
    const char *journal; /* folder; NULL: files */
    bool by_published;   /* --clock published */
    bool own_clock;      /* no --clock given */
    const char *rules;   /* rule file, in place of the journal's; NULL: none */
    const char *factors; /* name of a factor set, for files */
    bool one_clock;      /* no frame may hold events of two clock values (slow replays) */
    char **files;
    size_t files_len;
};

struct replay_source;

/* Reads and checks everything that can be wrong before a replay begins, prints all of it
 * on standard error, and returns the exit code: 0 when *out is set. */
int replay_source_open(const struct replay_request *request, struct replay_source **out);
void replay_source_close(struct replay_source *s);

/* The next frame, positions 1, 2, 3 ...; lent until the next call. ST_NOT_FOUND: the end.
 */
MUST_USE enum status replay_source_next(struct replay_source *s, struct frame *out,
                                        struct why *why);

/* Whether its frames are those of the journal as they stand there: who replays them need
 * not keep them. */
bool replay_source_is_journal(const struct replay_source *s);

/* Events in all, 0 when it is not known before the end. */
uint64_t replay_source_events(const struct replay_source *s);

#endif
