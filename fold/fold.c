/* Frames in, effects out. The clock of a recorded journal moves frame by frame; that of a
 * published one when every declared feed has promised that nothing earlier follows, or,
 * where no feed is declared (files that were put in order), event by event. */
#include "shortfall/fold/fold.h"

#include "gather.h"
#include "waiting.h"

#include "shortfall/proto/pack.h"
#include "shortfall/proto/rules.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct fold {
    struct fold_options options;
    struct world *world;
    struct world_sink sink;
    struct gather gather;
    struct effects effects;
    struct ruleset *rules; /* of the journal; owned */
    bool has_opening;
    enum clock_kind clock_kind;
    size_t feeds_len;
    char feeds[FEEDS_MAX][FRAME_PRODUCER_MAX + 1];
    int64_t promised[FEEDS_MAX];
    int64_t frontier; /* all before it is stepped; TIME_NONE: nothing yet */
    struct waiting waiting;
    struct waiting_item *group; /* the items of one step */
    size_t group_len, group_max;
    struct store_cursor cursor;
};

static void *heap_resize(void *self, void *old, size_t size)
{
    (void)self;
    if (size == 0) {
        free(old);
        return NULL;
    }
    return realloc(old, size);
}

enum status fold_new(const struct fold_options *options, struct fold **out,
                     struct why *why)
{
    struct memory memory = {heap_resize, NULL, options->memory_max};
    struct fold *f = calloc(1, sizeof *f);

    if (f == NULL)
        return why_set(why, ST_NO_MEMORY, "make a fold: no memory");
    f->options = *options;
    f->frontier = TIME_NONE;
    f->cursor.clock = TIME_NONE;
    f->sink = (struct world_sink){gather_transition, gather_changed, &f->gather};
    enum status st = gather_init(&f->gather);

    if (st)
        (void)why_set(why, st, "make a fold: no memory");
    else
        st = world_new(&memory, &f->world, why);
    if (st == ST_OK && options->rules != NULL) {
        f->gather.rules = options->rules;
        st = world_rules(f->world, options->rules, &f->sink, why);
    }
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
    free(f->group);
    free(f);
}

/* --- events and rules --------------------------------------------------------------- */

static void note_verdict(struct fold *f, enum verdict verdict, const struct event *ev,
                         uint64_t seq, uint64_t pos, uint32_t index)
{
    switch (verdict) {
    case VERDICT_APPLIED:
        f->cursor.applied++;
        return;
    case VERDICT_REPEAT:
        f->cursor.repeated++;
        return;
    case VERDICT_SUPERSEDED:
        f->cursor.superseded++;
        return;
    case VERDICT_DANGLING:
        f->cursor.applied++;
        break;
    case VERDICT_CONFLICT:
    case VERDICT_KIND:
        f->cursor.quarantined++;
        break;
    case VERDICT_COUNT:
        return;
    }
    struct quarantine_row row = {.seq = seq,
                                 .pos = pos,
                                 .index = index,
                                 .clock = world_clock(f->world),
                                 .verdict = verdict,
                                 .revision = ev->revision};

    text_copy(ev->source, row.source, sizeof row.source);
    text_copy(ev->id, row.id, sizeof row.id);
    gather_quarantine(&f->gather, &row);
}

static void apply(struct fold *f, const struct event *ev, uint64_t seq, uint64_t pos,
                  uint32_t index)
{
    note_verdict(f, world_apply(f->world, ev, seq), ev, seq, pos, index);
}

/* Rules in the journal are in force from where they stand, unless others were given. */
static enum status take_rules(struct fold *f, struct bytes body, uint64_t pos,
                              struct why *why)
{
    struct text name;
    struct text text;
    struct ruleset *rules;

    if (f->options.rules != NULL)
        return ST_OK;
    enum status st = unpack_rules(body, &name, &text, why);

    if (st)
        return why_wrap(why, st, "rules at position %llu", (unsigned long long)pos);
    struct rules_errors *errors = malloc(sizeof *errors);

    if (errors == NULL)
        return why_set(why, ST_NO_MEMORY, "read the rules: no memory");
    st = rules_parse(text, &rules, errors);
    if (st)
        (void)why_set(why, st, "rules at position %llu, %.*s:%u:%u: %s",
                      (unsigned long long)pos, TEXT_ARGS(name), errors->list[0].line,
                      errors->list[0].column, errors->list[0].text);
    free(errors);
    if (st)
        return st;
    st = world_rules(f->world, rules, &f->sink, why);
    if (st) {
        rules_free(rules);
        return st;
    }
    rules_free(f->rules);
    f->rules = rules;
    f->gather.rules = rules;
    return ST_OK;
}

/* --- published journals ---------------------------------------------------------------
 */

static enum status group_add(struct fold *f, struct waiting_item item, struct why *why)
{
    if (f->group_len == f->group_max) {
        size_t max = f->group_max == 0 ? 64 : 2 * f->group_max;
        struct waiting_item *group = realloc(f->group, max * sizeof *group);

        if (group == NULL) {
            kept_body_release(item.body);
            return why_set(why, ST_NO_MEMORY, "gather a step: no memory");
        }
        f->group = group;
        f->group_max = max;
    }
    f->group[f->group_len++] = item;
    return ST_OK;
}

static enum status apply_item(struct fold *f, const struct waiting_item *item,
                              struct why *why)
{
    struct unpacker u = {.rest = item->bytes, .events = 1, .index = 0};
    struct event ev;
    bool skipped;

    if (item->type == FRAME_RULES)
        return take_rules(f, item->bytes, item->pos, why);
    enum status st = unpack_next(&u, &ev, &skipped, why);

    if (st)
        return why_wrap(why, st, "position %llu, event %u", (unsigned long long)item->pos,
                        (unsigned)item->index + 1);
    apply(f, &ev, item->seq, item->pos, item->index);
    return ST_OK;
}

/* Rules that came before any event take force before the first step. */
static enum status step_group(struct fold *f, int64_t time, struct why *why)
{
    size_t events = 0;

    for (size_t i = 0; i < f->group_len; i++)
        events += f->group[i].type == FRAME_DATA;
    enum status st = world_reserve(f->world, events, why);
    bool step = events > 0 || world_clock(f->world) != TIME_NONE;

    if (st == ST_OK && step)
        world_begin(f->world, time, &f->sink);
    for (size_t i = 0; i < f->group_len; i++) {
        if (st == ST_OK)
            st = apply_item(f, &f->group[i], why);
        kept_body_release(f->group[i].body);
    }
    f->group_len = 0;
    if (st == ST_OK && step)
        world_end(f->world, &f->sink);
    return st;
}

/* Steps to everything that waits below the frontier. */
static enum status step_waiting(struct fold *f, struct why *why)
{
    for (;;) {
        const struct waiting_item *first = waiting_first(&f->waiting);

        if (first == NULL || first->time >= f->frontier || first->time > f->options.known)
            return ST_OK;
        int64_t time = first->time;

        while (first != NULL && first->time == time) {
            enum status st = group_add(f, waiting_pop(&f->waiting), why);

            if (st)
                return st;
            first = waiting_first(&f->waiting);
        }
        enum status st = step_group(f, time, why);

        if (st)
            return st;
    }
}

static uint32_t feed_rank(const struct fold *f, struct text producer)
{
    uint32_t rank = 0;

    while (rank < f->feeds_len && !text_is(producer, f->feeds[rank]))
        rank++;
    return rank;
}

static enum status wait_for(struct fold *f, struct waiting_item item, struct why *why)
{
    if (f->frontier != TIME_NONE && item.time < f->frontier && item.type == FRAME_DATA) {
        f->cursor.late++;
        item.time = f->frontier;
    }
    enum status st = waiting_push(&f->waiting, item);

    return st ? why_set(why, st, "keep events for their step: no memory") : ST_OK;
}

static enum status queue_events(struct fold *f, const struct frame *frame,
                                struct kept_body *body, struct why *why)
{
    struct unpacker u;
    struct waiting_item item = {.rank = feed_rank(f, frame->producer),
                                .pos = frame->pos,
                                .type = FRAME_DATA,
                                .body = body};
    enum status st = unpack_begin((struct bytes){body->bytes, body->len}, &u, why);

    for (uint32_t i = 0; st == ST_OK && i < frame->events; i++) {
        struct event ev;
        bool skipped;
        const uint8_t *start = u.rest.at;

        st = unpack_next(&u, &ev, &skipped, why);
        if (st)
            return why_wrap(why, st, "position %llu", (unsigned long long)frame->pos);
        item.index = i;
        item.seq = frame->first_seq + i;
        item.time = ev.published;
        item.bytes = (struct bytes){start, (size_t)(u.rest.at - start)};
        st = wait_for(f, item, why);
        if (st == ST_OK && f->feeds_len == 0 && ev.published > f->frontier)
            f->frontier = ev.published;
    }
    return st;
}

static enum status queue_rules(struct fold *f, const struct frame *frame,
                               struct kept_body *body, struct why *why)
{
    struct waiting_item item = {.time = f->frontier == TIME_NONE ? TIME_MIN : f->frontier,
                                .pos = frame->pos,
                                .type = FRAME_RULES,
                                .bytes = {body->bytes, body->len},
                                .body = body};

    return wait_for(f, item, why);
}

static enum status queue_frame(struct fold *f, const struct frame *frame, struct why *why)
{
    struct kept_body *body = kept_body_new(frame->body);

    if (body == NULL)
        return why_set(why, ST_NO_MEMORY, "keep a frame: no memory");
    body->refs++; /* ours, until all its events have theirs */
    enum status st = frame->type == FRAME_RULES ? queue_rules(f, frame, body, why)
                                                : queue_events(f, frame, body, why);

    kept_body_release(body);
    return st ? st : step_waiting(f, why);
}

static enum status take_promise(struct fold *f, const struct frame *frame,
                                struct why *why)
{
    int64_t before;
    enum status st = unpack_promise(frame->body, &before, why);
    uint32_t rank = feed_rank(f, frame->producer);

    if (st)
        return why_wrap(why, st, "promise at position %llu",
                        (unsigned long long)frame->pos);
    if (rank >= f->feeds_len)
        return ST_OK;
    if (before > f->promised[rank])
        f->promised[rank] = before;
    int64_t frontier = TIME_END;

    for (size_t i = 0; i < f->feeds_len; i++) {
        if (f->promised[i] < frontier)
            frontier = f->promised[i];
    }
    if (frontier != TIME_NONE && frontier > f->frontier)
        f->frontier = frontier;
    return step_waiting(f, why);
}

/* --- recorded journals ------------------------------------------------------------- */

static enum status apply_events(struct fold *f, const struct frame *frame,
                                struct why *why)
{
    struct unpacker u;
    enum status st = unpack_begin(frame->body, &u, why);

    for (uint32_t i = 0; st == ST_OK && i < frame->events; i++) {
        struct event ev;
        bool skipped;

        st = unpack_next(&u, &ev, &skipped, why);
        if (st == ST_OK)
            apply(f, &ev, frame->first_seq + i, frame->pos, i);
    }
    if (st)
        return why_wrap(why, st, "position %llu", (unsigned long long)frame->pos);
    return ST_OK;
}

static enum status step_recorded(struct fold *f, const struct frame *frame,
                                 struct why *why)
{
    if (frame->clock > f->options.known)
        return ST_OK;
    enum status st = world_reserve(f->world, frame->events, why);

    if (st)
        return st;
    /* Rules come before the step in which they are judged for the first time. */
    world_begin(f->world, frame->clock, &f->sink);
    if (frame->type == FRAME_DATA)
        st = apply_events(f, frame, why);
    else if (frame->type == FRAME_RULES)
        st = take_rules(f, frame->body, frame->pos, why);
    world_end(f->world, &f->sink);
    return st;
}

/* --- frames ---------------------------------------------------------------------------
 */

static enum status take_opening(struct fold *f, const struct frame *frame,
                                struct why *why)
{
    struct opening opening;
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

static enum status take_frame(struct fold *f, const struct frame *frame, struct why *why)
{
    bool published = f->clock_kind == CLOCK_PUBLISHED;

    switch (frame->type) {
    case FRAME_OPENING:
        return take_opening(f, frame, why);
    case FRAME_DATA:
    case FRAME_RULES:
        return published ? queue_frame(f, frame, why) : step_recorded(f, frame, why);
    case FRAME_PROMISE:
        return published ? take_promise(f, frame, why) : ST_OK;
    case FRAME_TICK:
        return published ? ST_OK : step_recorded(f, frame, why);
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
    return step_waiting(f, why);
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

enum status fold_effects(struct fold *f, const struct effects **out, struct why *why)
{
    struct gather *g = &f->gather;

    if (g->out_of_memory || gather_balances(g, f->world))
        return why_set(why, ST_NO_MEMORY, "gather effects: no memory");
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

size_t fold_waiting(const struct fold *f)
{
    return f->waiting.len;
}
