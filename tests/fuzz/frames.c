/* The frames of a journal out of any bytes. Must make every journal that can be thought
 * of, and most that cannot. */
#include "frames.h"

#include "shortfall/proto/pack.h"
#include "shortfall/proto/rules.h"

#define HEAD      4
#define MISCOUNTS 0x80 /* of the type: one event more or less than there is */
#define IS_FEED_B 0x40
#define IS_BACK   0x80 /* of the step */

bool frame_next(struct bytes *rest, struct frame *frame)
{
    if (rest->len < HEAD)
        return false;
    const uint8_t *head = rest->at;
    size_t len = head[2] | (size_t)head[3] << 8;
    int64_t step = INT64_C(1) << (head[1] % 64 % 63);
    struct unpacker u = {.events = 0};
    *rest = (struct bytes){head + HEAD, rest->len - HEAD};
    frame->type = (enum frame_type)(head[0] % FRAME_TYPE_COUNT);
    frame->producer = head[0] & IS_FEED_B ? TEXT_LITERAL("b") : TEXT_LITERAL("a");
    frame->body = (struct bytes){rest->at, len < rest->len ? len : rest->len};
    rest->at += frame->body.len;
    rest->len -= frame->body.len;
    if (__builtin_add_overflow(frame->clock, head[1] & IS_BACK ? -step : step,
                               &frame->clock))
        return false;
    frame->first_seq += frame->events;
    frame->pos++;
    if (frame->type == FRAME_DATA && unpack_begin(frame->body, &u, NULL))
        u.events = 1;
    frame->events = u.events ^ (head[0] & MISCOUNTS ? 1U : 0U);
    return true;
}

static bool data_is_sound(const struct frame *frame)
{
    struct unpacker u;
    struct event ev;
    uint32_t events = 0;
    bool skipped;
    enum status st = unpack_begin(frame->body, &u, NULL);
    u.level = UNPACK_RECORDED; /* as the fold reads it: it stands in a chain of hashes */
    for (; !st; events += !st)
        st = unpack_next(&u, &ev, &skipped, NULL);
    return st == ST_NOT_FOUND && events == frame->events;
}

static bool rules_are_sound(struct bytes body)
{
    static struct config_errors errors;
    struct ruleset *rules = NULL;
    struct text name, text;
    if (unpack_rules(body, &name, &text, NULL) || rules_parse(text, &rules, &errors))
        return false;
    rules_free(rules);
    return true;
}

bool frame_is_sound(const struct frame *frame)
{
    struct opening opening;
    int64_t before;
    switch (frame->type) {
    case FRAME_OPENING:
        return frame->pos == 1 && !unpack_opening(frame->body, &opening, NULL);
    case FRAME_DATA:
        return data_is_sound(frame);
    case FRAME_TICK:
        return frame->body.len == 0;
    case FRAME_PROMISE:
        return !unpack_promise(frame->body, &before, NULL);
    case FRAME_RULES:
        return rules_are_sound(frame->body);
    case FRAME_ACKNOWLEDGEMENT:
    case FRAME_SILENCE:
        return true; /* nothing is said of their bodies yet */
    case FRAME_TRANSITION:
    case FRAME_TYPE_COUNT:
        break;
    }
    return false;
}
