/* What the tests of the fold share: frames of the years of the six-party talks, what
 * comes of folding them, and checkpoints in memory. */
#ifndef SHORTFALL_TESTS_FOLD_FOLD_STORY_H
#define SHORTFALL_TESTS_FOLD_FOLD_STORY_H

#include "shortfall/fold/checkpoint.h"

#define FRAMES_MAX 512

struct frames {
    struct frame list[FRAMES_MAX];
    size_t len;
};

/* Adds a frame behind the others, with a copy of the body. */
void frames_add(struct frames *fs, enum frame_type type, uint32_t events,
                struct bytes body, const char *producer);
void frames_free(struct frames *fs);
void frames_opening(struct frames *fs, enum clock_kind clock, const char *feed);
/* The rule file of those years; its text is lent until the next call. */
void frames_rules(struct frames *fs);
const char *dprk_rules(size_t *len);
/* The events of a file, one a frame; with a promise behind each where that is asked. */
void frames_file(struct frames *fs, const char *name, bool promises);

/* No limit, nothing left out. */
extern const struct fold_options fold_plain;

struct fold *fold_must_new(const struct fold_options *options);

/* What came of a fold, in one number, and in all. */
struct outcome {
    uint64_t alerts;
    struct hash128 sum;
    struct store_cursor cursor;
};

/* Adds the fold's effects to the outcome, and clears them. */
void outcome_take(struct fold *f, struct outcome *out);
void fold_one(struct fold *f, const struct frame *frame, struct outcome *out);
void outcome_compare(const struct outcome *a, const struct outcome *b, size_t at);

/* A checkpoint in memory; `bytes` is freed by the test. */
struct buffer {
    unsigned char *bytes;
    size_t len, max, at;
};

void buffer_save(struct fold *f, const char *note, struct buffer *b);
enum status buffer_load(struct buffer *b, const struct fold_options *options,
                        struct fold **out, struct checkpoint_note *note);

#endif
