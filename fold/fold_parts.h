/* The fold's parts, shared by its files. Private to fold. */
#ifndef SHORTFALL_FOLD_FOLD_PARTS_H
#define SHORTFALL_FOLD_FOLD_PARTS_H

#include "gather.h"
#include "waiting.h"

#include "shortfall/fold/fold.h"
#include "shortfall/proto/pack.h"

struct fold {
    struct fold_options options;
    struct world *world;
    struct world_sink sink;
    struct gather gather;
    struct effects effects;
    struct ruleset *rules; /* of the journal; owned */
    char *rules_text;      /* what they were read from; owned */
    uint32_t rules_text_len;
    bool has_opening;
    enum clock_kind clock_kind;
    size_t feeds_len;
    char feeds[FEEDS_MAX][FRAME_PRODUCER_MAX + 1];
    int64_t promised[FEEDS_MAX];
    int64_t frontier; /* all before it is stepped; TIME_NONE: nothing yet */
    bool left_out;    /* a frame was, that became known too late */
    struct waiting waiting;
    struct waiting_item *group; /* the items of one step */
    size_t group_len, group_max;
    struct store_cursor cursor;
};

/* A fold without a world yet, and what its world is to be made with. */
MUST_USE enum status fold_make(const struct fold_options *options, struct fold **out,
                               struct why *why);
struct memory fold_memory(const struct fold_options *options);

/* Reads the text of rules of the journal; `name` is for messages. ST_INVALID. */
MUST_USE enum status fold_read_rules(struct text name, struct text text,
                                     struct ruleset **out, struct why *why);

/* Keeps rules that the world knows, and their text, which it takes over (malloc). */
void fold_keep_rules(struct fold *f, struct ruleset *rules, char *text, uint32_t len);

/* Reads the events of a frame from its own body or a copy of it: as many as the frame
 * says it has, and nothing after the last. ST_INVALID. */
MUST_USE enum status fold_events_begin(const struct frame *frame, struct bytes body,
                                       struct unpacker *out, struct why *why);
MUST_USE enum status fold_events_end(struct unpacker *u, struct why *why);

/* Applies one event within a step, and notes what became of it. */
void fold_apply(struct fold *f, const struct foreseen *event, uint64_t seq, uint64_t pos,
                uint32_t index);

/* Puts the rules of a frame's body in force. */
MUST_USE enum status fold_take_rules(struct fold *f, struct bytes body, uint64_t pos,
                                     struct why *why);

/* Published journals: events and rules wait until everything before them is promised. */
MUST_USE enum status fold_queue(struct fold *f, const struct frame *frame,
                                struct why *why);
MUST_USE enum status fold_promise(struct fold *f, const struct frame *frame,
                                  struct why *why);

/* Steps to everything that waits below the frontier. */
MUST_USE enum status fold_step_waiting(struct fold *f, struct why *why);

#endif
