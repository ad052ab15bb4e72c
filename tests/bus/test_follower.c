/* The reader's half of the protocol without a socket, with a clock that the test moves.
 */
#include "../../bus/follower.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define RESEND 1000

struct line {
    struct follower f;
    int64_t now;
    char out[256]; /* what went out: "follow 0 to 4, credit to 6, " */
    struct bus_message told;
    struct why why;
};

static const uint8_t stream_a[FRAME_HASH_SIZE] = {1}, stream_b[FRAME_HASH_SIZE] = {2};
static const uint8_t no_hash[FRAME_HASH_SIZE];

static const char *out(struct line *l)
{
    struct bytes b;
    size_t at = 0;

    l->out[0] = '\0';
    while (follower_next(&l->f, l->now, &b)) {
        struct wire_message m;

        cr_assert(!wire_read(b, &m, NULL));
        if (m.kind == WIRE_FOLLOW)
            at += (size_t)snprintf(l->out + at, sizeof l->out - at, "follow %d to %d, ",
                                   (int)m.pos, (int)m.until);
        else
            at += (size_t)snprintf(l->out + at, sizeof l->out - at, "credit to %d, ",
                                   (int)m.until);
        follower_sent(&l->f, l->now);
    }
    return l->out;
}

static enum status take(struct line *l, struct wire_message m)
{
    static uint8_t bytes[WIRE_MESSAGE_MAX];

    if (m.round == 0)
        m.round = l->f.round;
    wire_write(&m, bytes);
    return follower_take(&l->f, (struct bytes){bytes, wire_size(&m)}, l->now, &l->told,
                         &l->why);
}

static enum status take_following(struct line *l, const uint8_t *stream, uint64_t oldest,
                                  uint64_t tail)
{
    return take(l, (struct wire_message){.kind = WIRE_FOLLOWING,
                                         .hash = {stream, FRAME_HASH_SIZE},
                                         .oldest = oldest,
                                         .tail = tail});
}

static enum status take_frame(struct line *l, uint16_t round, uint64_t pos)
{
    return take(l, (struct wire_message){.kind = WIRE_FRAME,
                                         .round = round,
                                         .pos = pos,
                                         .hash = {no_hash, FRAME_HASH_SIZE}});
}

static void begin(struct line *l, uint64_t after)
{
    *l = (struct line){.f.resend_us = RESEND, .f.credit = 4, .now = 1000000};
    follower_begin(&l->f, after, l->now);
}

static void follow(struct line *l)
{
    begin(l, 0);
    cr_assert_str_eq(out(l), "follow 0 to 4, ");
    cr_assert(take_following(l, stream_a, 1, 100) == ST_AGAIN);
    cr_assert_str_eq(out(l), "");
}

Test(follower, credit_is_topped_up_when_half_is_used)
{
    struct line l;

    follow(&l);
    cr_assert(take_frame(&l, 0, 1) == ST_OK && l.told.frame.pos == 1);
    cr_assert_str_eq(out(&l), "");
    cr_assert(take_frame(&l, 0, 2) == ST_OK);
    cr_assert_str_eq(out(&l), "credit to 6, ");
}

Test(follower, frames_twice_are_dropped_and_a_gap_is_asked_for)
{
    struct line l;
    uint16_t round;

    follow(&l);
    round = l.f.round;
    cr_assert(take_frame(&l, round, 1) == ST_OK);
    cr_assert(take_frame(&l, round, 1) == ST_AGAIN, "twice");
    cr_assert(take_frame(&l, round, 3) == ST_AGAIN, "gap");
    cr_assert_str_eq(out(&l), "follow 1 to 5, ");
    cr_assert(take_frame(&l, round, 2) == ST_AGAIN, "of the round before");
    cr_assert(take_frame(&l, l.f.round, 2) == ST_AGAIN, "before the answer to follow");
    cr_assert(take_following(&l, stream_a, 1, 100) == ST_AGAIN);
    cr_assert(take_frame(&l, l.f.round, 2) == ST_OK);
}

Test(follower, silence_is_asked_about_and_then_not_believed)
{
    struct line l;

    follow(&l);
    cr_assert(follower_due_us(&l.f, l.now) == l.now + RESEND);
    l.now += RESEND;
    follower_tick(&l.f, l.now);
    cr_assert_str_eq(out(&l), "credit to 4, ", "is anybody there?");
    cr_assert(take(&l, (struct wire_message){.kind = WIRE_ALIVE, .tail = 100}) ==
              ST_AGAIN);
    for (int i = 0; i < 2; i++) {
        l.now += RESEND;
        follower_tick(&l.f, l.now);
        cr_assert_str_eq(out(&l), "credit to 4, ", "round %d", i);
    }
    l.now += RESEND;
    follower_tick(&l.f, l.now);
    cr_assert_str_eq(out(&l), "follow 0 to 4, ", "nobody: from the beginning");
    cr_assert(follower_due_us(&l.f, l.now) == l.now + RESEND);
    l.now += RESEND;
    follower_tick(&l.f, l.now);
    cr_assert_str_eq(out(&l), "follow 0 to 4, ", "again and again");
}

Test(follower, blocked_question_does_not_spin)
{
    struct line l;

    follow(&l);
    l.now += RESEND;
    follower_tick(&l.f, l.now);
    cr_assert(follower_due_us(&l.f, l.now) == l.now + 2 * RESEND,
              "a question that cannot leave waits for the socket");
}

Test(follower, unknown_server_is_asked_from_the_last_frame)
{
    struct line l;

    follow(&l);
    cr_assert(take_frame(&l, 0, 1) == ST_OK);
    cr_assert(take(&l, (struct wire_message){.kind = WIRE_UNKNOWN}) == ST_AGAIN);
    cr_assert_str_eq(out(&l), "follow 1 to 5, ");
    cr_assert(take_following(&l, stream_a, 1, 1) == ST_AGAIN, "at the very end");
}

Test(follower, another_or_shorter_stream_is_told)
{
    static const struct {
        const char *label;
        const uint8_t *stream;
        uint64_t oldest, tail;
        enum status st;
    } rows[] = {
        {"the same", stream_a, 1, 2, ST_AGAIN},
        {"another", stream_b, 1, 2, ST_CORRUPT},
        {"one frame short", stream_a, 1, 1, ST_CORRUPT},
        {"begins with the next", stream_a, 3, 9, ST_AGAIN},
        {"begins after the next", stream_a, 4, 9, ST_NOT_FOUND},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct line l;

        follow(&l);
        cr_assert(take_frame(&l, 0, 1) == ST_OK && take_frame(&l, 0, 2) == ST_OK);
        cr_assert(take(&l, (struct wire_message){.kind = WIRE_UNKNOWN}) == ST_AGAIN);
        out(&l);
        cr_assert(take_following(&l, rows[i].stream, rows[i].oldest, rows[i].tail) ==
                      rows[i].st,
                  "%s: %s", rows[i].label, l.why.text);
    }
}

Test(follower, what_no_stream_sends_ends_as_said)
{
    static const struct {
        const char *label;
        struct wire_message m;
        enum status st;
    } rows[] = {
        {"version", {.kind = WIRE_SORRY, .sorry = SORRY_VERSION}, ST_VERSION},
        {"malformed", {.kind = WIRE_SORRY, .sorry = SORRY_MALFORMED}, ST_CORRUPT},
        {"full", {.kind = WIRE_SORRY, .sorry = SORRY_FULL}, ST_AGAIN},
        {"a position", {.kind = WIRE_POSITION, .number = 1, .pos = 1}, ST_CORRUPT},
        {"a greeting", {.kind = WIRE_GREETING}, ST_CORRUPT},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct line l;

        follow(&l);
        cr_assert(take(&l, rows[i].m) == rows[i].st, "%s", rows[i].label);
    }
}
