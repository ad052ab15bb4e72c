/* Frames in, effects out. The clock of a recorded journal moves frame by frame; that of a
 * published one as published.c says. */
#include "shortfall/fold/fold.h"

#include "fold_parts.h"

#include "shortfall/proto/pack.h"
#include "shortfall/proto/rules.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static void *heap_resize(void *self, void *old, size_t size)
{
    (void)self;
    if (size == 0) {
        free(old);
        return NULL;
    }
    return realloc(old, size);
}

struct memory fold_memory(const struct fold_options *options)
{
    return (struct memory){heap_resize, NULL, options->memory_max};
}

enum status fold_make(const struct fold_options *options, struct fold **out,
                      struct why *why)
{
    struct fold *f = calloc(1, sizeof *f);

    if (f == NULL) {
        (void)why_set(why, ST_NO_MEMORY, "make a fold: no memory");
        return ST_NO_MEMORY;
    }
    f->options = *options;
    f->frontier = TIME_NONE;
    f->cursor.clock = TIME_NONE;
    f->sink = (struct world_sink){gather_transition, gather_changed, &f->gather};
    enum status st = gather_init(&f->gather);

    if (st) {
        fold_free(f);
        (void)why_set(why, st, "make a fold: no memory");
        return st;
    }
    f->gather.rules = options->rules;
    *out = f;
    return ST_OK;
}

enum status fold_new(const struct fold_options *options, struct fold **out,
                     struct why *why)
{
    struct memory memory = fold_memory(options);
    struct fold *f;
    enum status st = fold_make(options, &f, why);

    if (st)
        return st;
    st = world_new(&memory, &f->world, why);
    if (st == ST_OK && options->rules != NULL)
        st = world_rules(f->world, options->rules, &f->sink, why);
    if (st) {
        fold_free(f);
        return st;
    }
    *out = f;
    return ST_OK;
}

void fold_free(struct fold *f)
{
    if (f == NULL)
        return;
    world_free(f->world);
    gather_free(&f->gather);
    waiting_free(&f->waiting);
    rules_free(f->rules);
    free(f->rules_text);
    free(f->group);
    free(f);
}

/* --- recorded journals ------------------------------------------------------------- */

/* Events are taken from a frame by the handful, so that the memory which all of them
 * touch is fetched at one time. */
#define HANDFUL 8

/* Decodes up to a handful of events, the first being `index`, and applies them. */
static enum status apply_handful(struct fold *f, const struct frame *frame,
                                 struct unpacker *u, uint32_t index, struct why *why)
{
    struct event events[HANDFUL];
    struct foreseen ahead[HANDFUL];
    uint32_t len = 0;
    bool skipped;
    enum status st = ST_OK;

    while (len < HANDFUL && index + len < frame->events) {
        st = unpack_next(u, &events[len], &skipped, why);
        if (st)
            break;
        world_foresee(f->world, &events[len], &ahead[len]);
        len++;
    }
    for (uint32_t i = 0; i < len; i++)
        world_approach(f->world, &ahead[i]);
    for (uint32_t i = 0; i < len; i++)
        fold_apply(f, &ahead[i], frame->first_seq + index + i, frame->pos, index + i);
    return st;
}

static enum status apply_events(struct fold *f, const struct frame *frame,
                                struct why *why)
{
    struct unpacker u;
    enum status st = fold_events_begin(frame, frame->body, &u, why);

    for (uint32_t i = 0; st == ST_OK && i < frame->events; i += HANDFUL)
        st = apply_handful(f, frame, &u, i, why);
    if (st == ST_OK)
        st = fold_events_end(&u, why);
    if (st)
        return why_wrap(why, st, "position %llu", (unsigned long long)frame->pos);
    return ST_OK;
}

static enum status step_recorded(struct fold *f, const struct frame *frame,
                                 struct why *why)
{
    if (frame->clock > f->options.known) {
        f->left_out = true;
        return ST_OK;
    }
    if (frame->clock < TIME_MIN || frame->clock > TIME_MAX ||
        frame->clock < world_clock(f->world))
        return why_set(why, ST_CORRUPT, "position %llu: its clock goes back, or is none",
                       (unsigned long long)frame->pos);
    enum status st = world_reserve(f->world, frame->events, why);

    if (st)
        return st;
    /* Rules come before the step in which they are judged for the first time. */
    world_begin(f->world, frame->clock, &f->sink);
    if (frame->type == FRAME_DATA)
        st = apply_events(f, frame, why);
    else if (frame->type == FRAME_RULES)
        st = fold_take_rules(f, frame->body, frame->pos, why);
    world_end(f->world, &f->sink);
    return st;
}

/* --- frames ---------------------------------------------------------------------------
 */

static enum status take_opening(struct fold *f, const struct frame *frame,
                                struct why *why)
{
    struct opening opening;

    if (f->has_opening)
        return why_set(why, ST_CORRUPT, "position %llu: a second opening",
                       (unsigned long long)frame->pos);
    enum status st = unpack_opening(frame->body, &opening, why);

    if (st)
        return why_wrap(why, st, "opening of the journal");
    f->has_opening = true;
    f->clock_kind = opening.clock;
    f->feeds_len = opening.feeds_len;
    for (size_t i = 0; i < opening.feeds_len; i++) {
        text_copy(opening.feeds[i], f->feeds[i], sizeof f->feeds[i]);
        f->promised[i] = TIME_NONE;
    }
    return ST_OK;
}

static enum status take_tick(struct fold *f, const struct frame *frame, struct why *why)
{
    if (frame->body.len > 0)
        return why_set(why, ST_INVALID, "position %llu: a tick with a body",
                       (unsigned long long)frame->pos);
    return f->clock_kind == CLOCK_PUBLISHED ? ST_OK : step_recorded(f, frame, why);
}

static enum status take_frame(struct fold *f, const struct frame *frame, struct why *why)
{
    bool published = f->clock_kind == CLOCK_PUBLISHED;

    switch (frame->type) {
    case FRAME_OPENING:
        return take_opening(f, frame, why);
    case FRAME_DATA:
    case FRAME_RULES:
        return published ? fold_queue(f, frame, why) : step_recorded(f, frame, why);
    case FRAME_PROMISE:
        return fold_promise(f, frame, why); /* of no feed where the clock is recorded */
    case FRAME_TICK:
        return take_tick(f, frame, why);
    case FRAME_ACKNOWLEDGEMENT:
    case FRAME_SILENCE:
        return ST_OK; /* for people; they move neither facts nor alerts */
    case FRAME_TRANSITION:
    case FRAME_TYPE_COUNT:
        break;
    }
    return why_set(why, ST_INVALID,
                   "position %llu: a frame of type %d has no place in a "
                   "journal",
                   (unsigned long long)frame->pos, (int)frame->type);
}

enum status fold_frame(struct fold *f, const struct frame *frame, struct why *why)
{
    enum status st;

    if (frame->pos != f->cursor.pos + 1)
        return why_set(why, ST_CORRUPT,
                       "position %llu came after %llu: frames are missing",
                       (unsigned long long)frame->pos, (unsigned long long)f->cursor.pos);
    if (!f->has_opening && frame->type != FRAME_OPENING)
        return why_set(why, ST_CORRUPT, "the journal does not begin with its opening");
    if (f->options.keep_frames) {
        st = gather_frame(&f->gather, frame);
        if (st)
            return why_set(why, st, "keep a frame: no memory");
    }
    st = take_frame(f, frame, why);
    if (st)
        return st;
    f->cursor.pos = frame->pos;
    f->cursor.seq += frame->events;
    return ST_OK;
}

enum status fold_finish(struct fold *f, struct why *why)
{
    if (f->clock_kind == CLOCK_PUBLISHED && f->feeds_len == 0)
        f->frontier = TIME_END;
    return fold_step_waiting(f, why);
}

enum status fold_advance(struct fold *f, int64_t until, struct why *why)
{
    enum status st = world_reserve(f->world, 0, why);

    if (st || (world_clock(f->world) != TIME_NONE && until <= world_clock(f->world)))
        return st;
    world_begin(f->world, until, &f->sink);
    world_end(f->world, &f->sink);
    return ST_OK;
}

/* --- what came of it -------------------------------------------------------------- */

enum status fold_effects(struct fold *f, bool balances, const struct effects **out,
                         struct why *why)
{
    struct gather *g = &f->gather;

    if (g->out_of_memory)
        return why_set(why, ST_NO_MEMORY, "gather effects: no memory");
    enum status st = balances ? gather_balances(g, f->world, why) : ST_OK;

    if (st)
        return st;
    f->cursor.clock = world_clock(f->world);
    world_digest(f->world, f->cursor.digest);
    f->effects = (struct effects){.frames = g->frames,
                                  .frames_len = g->frames_len,
                                  .alerts = g->alerts,
                                  .alerts_len = g->alerts_len,
                                  .quarantine = g->quarantine,
                                  .quarantine_len = g->quarantine_len,
                                  .balances = g->balances,
                                  .balances_len = g->balances_len,
                                  .cursor = f->cursor};
    *out = &f->effects;
    return ST_OK;
}

void fold_clear(struct fold *f)
{
    gather_clear(&f->gather);
}

struct world *fold_world(struct fold *f)
{
    return f->world;
}

const struct ruleset *fold_rules(const struct fold *f)
{
    return f->options.rules != NULL ? f->options.rules : f->rules;
}

bool fold_has_opening(const struct fold *f)
{
    return f->has_opening;
}

enum clock_kind fold_clock_kind(const struct fold *f)
{
    return f->clock_kind;
}

uint64_t fold_seq(const struct fold *f)
{
    return f->cursor.seq;
}

size_t fold_waiting(const struct fold *f)
{
    return f->waiting.len;
}
