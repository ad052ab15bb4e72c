/* The fold: frames in, effects out. The one way in which a journal becomes balances and
 * alerts; the aggregator, replay and the reading commands all call it. It knows how the
 * clock of each kind of journal moves (recorded: frame by frame; published: by promises)
 * and nothing of sockets or of where effects go. */
#ifndef SHORTFALL_FOLD_FOLD_H
#define SHORTFALL_FOLD_FOLD_H

#include "shortfall/core/frame.h"
#include "shortfall/core/world.h"
#include "shortfall/storage/store.h"

struct fold;

/* Told of each event that a step applies, in order, with what the core says of it. The
 * event is lent for the call. */
typedef void fold_watch_fn(void *self, const struct event *ev, enum verdict verdict);

struct fold_options {
    size_t memory_max; /* bytes for the world; 0: no limit */
    bool keep_frames;  /* effects hold the frames too (replay into a file of its own) */
    /* In force from the start, in place of those in the journal; NULL: those of the
     * journal. Lent. */
    const struct ruleset *rules;
    int64_t known;        /* events with a later clock are left out; TIME_END: none is */
    fold_watch_fn *watch; /* may be NULL */
    void *watch_self;
};

MUST_USE enum status fold_new(const struct fold_options *options, struct fold **out,
                              struct why *why);
void fold_free(struct fold *f);

/* Takes the frame after the last one. ST_CORRUPT: not the next position; ST_INVALID: a
 * body that the door should have refused, named; ST_FULL: the memory limit. After any of
 * these the fold is of no more use. Effects gather until fold_clear. */
MUST_USE enum status fold_frame(struct fold *f, const struct frame *frame,
                                struct why *why);

/* No more frames will come: steps to whatever still waits. */
MUST_USE enum status fold_finish(struct fold *f, struct why *why);

/* Moves the clock on to `until`, and fires what falls due by then. */
MUST_USE enum status fold_advance(struct fold *f, int64_t until, struct why *why);

/* What has come about since the last clear, and the digest; lent until the next call on
 * the fold. `balances`: also those of the accounts that changed since they were last
 * asked for; they cost more than all the rest, so not every commit asks. ST_NO_MEMORY. */
MUST_USE enum status fold_effects(struct fold *f, bool balances,
                                  const struct effects **out, struct why *why);
void fold_clear(struct fold *f);

struct world *fold_world(struct fold *f);

/* The rules in force, for their texts; NULL: none yet. Lent until another frame is taken.
 */
const struct ruleset *fold_rules(const struct fold *f);
bool fold_has_opening(const struct fold *f);
enum clock_kind fold_clock_kind(const struct fold *f);

/* The last event of the frames that were taken; 0: none. */
uint64_t fold_seq(const struct fold *f);

/* Events that wait for promises (published journals). */
size_t fold_waiting(const struct fold *f);

#endif
