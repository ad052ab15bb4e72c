/* A fold as bytes, and the start from the newest checkpoint that fits: the world, the
 * rules in force, the promises of feeds, the cursor. A checkpoint that cannot be used is
 * told and passed over; without one, everything is folded from the first frame. */
#ifndef SHORTFALL_FOLD_CHECKPOINT_H
#define SHORTFALL_FOLD_CHECKPOINT_H

#include "shortfall/core/checkpoint.h"
#include "shortfall/fold/fold.h"
#include "shortfall/storage/checkpoint_file.h"
#include "shortfall/storage/journal.h"

#define CHECKPOINT_NOTE_MAX 256 /* bytes that the fold's owner adds of his own */

/* Whether the fold is no more and no less than its frames: nothing waits for promises,
 * nothing was left out as known too late, and all effects were taken (fold_clear). Only
 * then may it be saved. */
bool fold_is_whole(const struct fold *f);

/* Writes the fold and a note, at most CHECKPOINT_NOTE_MAX bytes. Allocates nothing. */
MUST_USE enum status fold_save(struct fold *f, struct bytes note,
                               const struct checkpoint_writer *out, struct why *why);

struct checkpoint_note {
    size_t len;
    uint8_t bytes[CHECKPOINT_NOTE_MAX];
};

/* Makes a fold of what fold_save wrote. ST_VERSION: another build wrote it; ST_CONFLICT:
 * other rules than the options say; ST_CORRUPT; ST_FULL, ST_NO_MEMORY. */
MUST_USE enum status fold_load(const struct fold_options *options,
                               const struct checkpoint_reader *in, struct fold **out,
                               struct checkpoint_note *note, struct why *why);

/* The mark of the fold as it stands; `hash` is that of its last frame. */
struct checkpoint_mark fold_mark(const struct fold *f,
                                 const uint8_t hash[FRAME_HASH_SIZE]);

/* Writes a checkpoint beside a database, all at once. */
MUST_USE enum status checkpoint_make(const char *db, struct fold *f, struct bytes note,
                                     const uint8_t hash[FRAME_HASH_SIZE],
                                     struct why *why);

/* What is looked for, and in what. */
struct checkpoint_search {
    const char *db;
    struct journal_reader *frames; /* the checkpoint must be of these */
    const struct fold_options *options;
    uint64_t pos_max;  /* frames behind it are not wanted */
    int64_t clock_max; /* nor what became known later */
    /* Told of each that is passed over though it is not too new, and why. */
    void (*unfit)(void *self, uint64_t pos, enum status st, const char *reason);
    void *self;
};

struct checkpoint_found {
    struct fold *fold; /* the caller's */
    struct checkpoint_mark mark;
    struct checkpoint_note note;
};

/* The newest that fits. ST_NOT_FOUND: none does, for whatever reason. */
MUST_USE enum status checkpoint_resume(const struct checkpoint_search *search,
                                       struct checkpoint_found *out, struct why *why);

/* Whether the watch of a fold has any use for an event. */
typedef bool fold_wants_fn(const void *self, const struct event *ev);

/* Reads the frames up to `pos` and tells `watch` of the events that the fold's world
 * holds, as if they were applied only now: for who must know them after a resume. Those
 * that `wants` (NULL: all are wanted), asked with the watch's self, refuses are not even
 * looked up. */
MUST_USE enum status fold_retell(struct fold *f, struct journal_reader *frames,
                                 uint64_t pos, fold_wants_fn *wants, struct why *why);

#endif
