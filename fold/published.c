/* The clock of a published journal: it moves to T when every declared feed has promised
 * that nothing published before T follows; where no feed is declared (files that were put
 * in order), each event is its own promise. */
#include "fold_parts.h"

#include "shortfall/proto/pack.h"

#include <stdlib.h>

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
    struct unpacker u = {.rest = item->bytes, .events = 1, .level = UNPACK_RECORDED};
    struct event ev;
    bool skipped;

    if (item->type == FRAME_RULES)
        return fold_take_rules(f, item->bytes, item->pos, why);
    enum status st = unpack_next(&u, &ev, &skipped, why);

    if (st)
        return why_wrap(why, st, "position %llu, event %u", (unsigned long long)item->pos,
                        (unsigned)item->index + 1);
    struct foreseen event;

    world_foresee(f->world, &ev, &event);
    fold_apply(f, &event, item->seq, item->pos, item->index);
    return ST_OK;
}

/* Rules that came before any event take force before the first step. */
static enum status step_group(struct fold *f, int64_t time, struct why *why)
{
    size_t events = 0;

    for (size_t i = 0; i < f->group_len; i++)
        events += f->group[i].type == FRAME_DATA;
    enum status st = world_reserve(f->world, events, why);
    bool step = st == ST_OK && (events > 0 || world_clock(f->world) != TIME_NONE);

    if (step)
        world_begin(f->world, time, &f->sink);
    for (size_t i = 0; i < f->group_len; i++) {
        if (st == ST_OK)
            st = apply_item(f, &f->group[i], why);
        kept_body_release(f->group[i].body);
    }
    f->group_len = 0;
    if (step) /* also after an error: what was applied can be looked at */
        world_end(f->world, &f->sink);
    return st;
}

/* Steps to everything that waits below the frontier. */
enum status fold_step_waiting(struct fold *f, struct why *why)
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
    struct bytes bytes = {body->bytes, body->len};
    enum status st = fold_events_begin(frame, bytes, &u, why);

    for (uint32_t i = 0; st == ST_OK && i < frame->events; i++) {
        struct event ev;
        bool skipped;
        const uint8_t *start = u.rest.at;

        st = unpack_next(&u, &ev, &skipped, why);
        if (st)
            break;
        item.index = i;
        item.seq = frame->first_seq + i;
        item.time = ev.published;
        item.bytes = (struct bytes){start, (size_t)(u.rest.at - start)};
        st = wait_for(f, item, why);
        if (st == ST_OK && f->feeds_len == 0 && ev.published > f->frontier)
            f->frontier = ev.published;
    }
    if (st == ST_OK)
        st = fold_events_end(&u, why);
    return st ? why_wrap(why, st, "position %llu", (unsigned long long)frame->pos) : st;
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

enum status fold_queue(struct fold *f, const struct frame *frame, struct why *why)
{
    struct kept_body *body = kept_body_new(frame->body);

    if (body == NULL)
        return why_set(why, ST_NO_MEMORY, "keep a frame: no memory");
    body->refs++; /* ours, until all its events have theirs */
    enum status st = frame->type == FRAME_RULES ? queue_rules(f, frame, body, why)
                                                : queue_events(f, frame, body, why);

    kept_body_release(body);
    return st ? st : fold_step_waiting(f, why);
}

enum status fold_promise(struct fold *f, const struct frame *frame, struct why *why)
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
    return fold_step_waiting(f, why);
}
