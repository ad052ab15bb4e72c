/* The producer's half of the protocol without a socket: what goes out and what the caller
 * is told, message by message, with a clock that the test moves. */
#include "../../bus/publisher.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define RESEND 1000

struct line {
    struct publisher p;
    int64_t now;
    char out[4096]; /* what went out: "hello 3, submit 1, " */
};

static void begin(struct line *l)
{
    *l = (struct line){.p.resend_us = RESEND, .p.instance = 7, .now = 1000000};
}

/* Sends all that is due, at most `count` messages. */
static const char *out(struct line *l, int count)
{
    struct bytes b;
    size_t at = 0;

    l->out[0] = '\0';
    while (count-- > 0 && publisher_next(&l->p, l->now, &b)) {
        struct wire_message m;

        cr_assert(!wire_read(b, &m, NULL));
        at += (size_t)snprintf(l->out + at, sizeof l->out - at,
                               m.kind == WIRE_HELLO ? (m.resume ? "resume " : "hello ")
                                                    : "%llu ",
                               (unsigned long long)m.number);
        publisher_sent(&l->p, l->now);
    }
    return l->out;
}

static enum status take(struct line *l, struct wire_message m, struct bus_message *told)
{
    static uint8_t bytes[WIRE_MESSAGE_MAX];
    struct why why = {""};

    wire_write(&m, bytes);
    return publisher_take(&l->p, (struct bytes){bytes, wire_size(&m)}, l->now, told,
                          &why);
}

static void greet(struct line *l)
{
    struct bus_message told;

    cr_assert(take(l, (struct wire_message){.kind = WIRE_GREETING, .round = l->p.round},
                   &told) == ST_AGAIN);
    cr_assert(l->p.state == PUBLISHER_GREETED);
}

static void send(struct line *l, uint64_t first, uint64_t last)
{
    struct why why = {""};

    for (uint64_t n = first; n <= last; n++) {
        struct frame frame = {.type = FRAME_TICK, .number = n};

        cr_assert(!publisher_send(&l->p, &frame, &why), "%s", why.text);
    }
}

static void hello(struct line *l)
{
    begin(l);
    publisher_hello(&l->p, text_of("p"), l->now);
    cr_assert_str_eq(out(l, 9), "hello ");
    greet(l);
}

static struct wire_message position(uint16_t round, uint64_t number)
{
    return (struct wire_message){
        .kind = WIRE_POSITION, .round = round, .number = number, .pos = 100 + number};
}

static struct wire_message refusal(uint16_t round, uint64_t number, enum refusal why,
                                   uint64_t expected)
{
    return (struct wire_message){.kind = WIRE_REFUSAL,
                                 .round = round,
                                 .number = number,
                                 .refusal = (uint8_t)why,
                                 .expected = expected};
}

Test(publisher, silence_sends_the_window_again_in_order)
{
    struct line l;
    struct bus_message told;

    hello(&l);
    send(&l, 1, 3);
    cr_assert_str_eq(out(&l, 9), "1 2 3 ");
    cr_assert(publisher_due_us(&l.p, l.now) == l.now + RESEND);
    l.now += RESEND - 1;
    publisher_tick(&l.p, l.now);
    cr_assert_str_eq(out(&l, 9), "", "one microsecond early");
    cr_assert(take(&l, position(l.p.round, 1), &told) == ST_OK);
    l.now += RESEND - 1;
    publisher_tick(&l.p, l.now);
    cr_assert_str_eq(out(&l, 9), "", "the answer counts as a sign of life");
    l.now += 1;
    publisher_tick(&l.p, l.now);
    cr_assert_str_eq(out(&l, 9), "2 3 ");
    cr_assert(take(&l, position(l.p.round, 2), &told) == ST_OK && told.pos == 102);
    cr_assert(take(&l, position(l.p.round, 2), &told) == ST_AGAIN, "answer of the copy");
    cr_assert(take(&l, position(l.p.round, 3), &told) == ST_OK);
    cr_assert(publisher_due_us(&l.p, l.now) == INT64_MAX, "nothing to wait for");
    window_free(&l.p.window);
}

/* A frame was lost on the way: the recorder wants it, and the window still has it. */
Test(publisher, gap_is_closed_from_the_window)
{
    struct line l;
    struct bus_message told;
    uint16_t round;

    hello(&l);
    send(&l, 5, 8);
    cr_assert_str_eq(out(&l, 9), "5 6 7 8 ");
    round = l.p.round;
    cr_assert(take(&l, position(round, 5), &told) == ST_OK);
    cr_assert(take(&l, refusal(round, 7, REFUSED_GAP, 6), &told) == ST_AGAIN);
    cr_assert(take(&l, refusal(round, 8, REFUSED_GAP, 6), &told) == ST_AGAIN);
    cr_assert_str_eq(out(&l, 9), "6 7 8 ", "once, not for each refusal");
    cr_assert(l.p.round != round);
    cr_assert(take(&l, position(l.p.round, 6), &told) == ST_OK && told.number == 6);
    cr_assert(take(&l, position(round, 7), &told) == ST_OK,
              "a position of an earlier copy is one of the same bytes");
    cr_assert(take(&l, refusal(round, 8, REFUSED_GAP, 6), &told) == ST_AGAIN,
              "a refusal of an earlier copy is none of the last one");
    window_free(&l.p.window);
}

Test(publisher, lost_answer_is_asked_for_before_later_ones_are_told)
{
    struct line l;
    struct bus_message told;

    hello(&l);
    send(&l, 1, 3);
    cr_assert_str_eq(out(&l, 9), "1 2 3 ");
    cr_assert(take(&l, position(l.p.round, 2), &told) == ST_AGAIN);
    cr_assert_str_eq(out(&l, 9), "1 2 3 ");
    for (uint64_t n = 1; n <= 3; n++)
        cr_assert(take(&l, position(l.p.round, n), &told) == ST_OK && told.number == n);
    window_free(&l.p.window);
}

Test(publisher, gap_without_the_frame_is_told)
{
    struct line l;
    struct bus_message told;

    hello(&l);
    send(&l, 5, 6);
    cr_assert_str_eq(out(&l, 9), "5 6 ");
    cr_assert(take(&l, refusal(l.p.round, 5, REFUSED_GAP, 3), &told) == ST_OK);
    cr_assert(told.kind == BUS_REFUSAL && told.refusal == REFUSED_GAP &&
              told.expected == 3);
    cr_assert(l.p.window.len == 0, "the rest is forgotten");
    window_free(&l.p.window);
}

/* The frame was sent twice and is refused twice: the second refusal must not hit the
 * frame that the caller sent under the number after the first one. */
Test(publisher, late_refusal_does_not_hit_the_next_frame_of_that_number)
{
    struct line l;
    struct bus_message told;
    uint16_t round;

    hello(&l);
    send(&l, 1, 2);
    cr_assert_str_eq(out(&l, 9), "1 2 ");
    round = l.p.round;
    l.now += RESEND;
    publisher_tick(&l.p, l.now);
    cr_assert_str_eq(out(&l, 9), "1 2 ");
    cr_assert(take(&l, refusal(round, 1, REFUSED_FORM, 1), &told) == ST_OK);
    send(&l, 1, 2);
    cr_assert_str_eq(out(&l, 9), "1 2 ");
    cr_assert(take(&l, refusal(round, 2, REFUSED_GAP, 1), &told) == ST_AGAIN);
    cr_assert(take(&l, refusal(round, 1, REFUSED_FORM, 1), &told) == ST_AGAIN);
    cr_assert(take(&l, position(round, 1), &told) == ST_AGAIN);
    cr_assert_str_eq(out(&l, 9), "", "nothing of it makes us send again");
    cr_assert(take(&l, position(l.p.round, 1), &told) == ST_OK);
    window_free(&l.p.window);
}

Test(publisher, slow_server_is_believed_however_often_we_sent)
{
    struct line l;
    struct bus_message told;

    hello(&l);
    send(&l, 1, 1);
    for (int i = 0; i < 5; i++) {
        cr_assert_str_eq(out(&l, 9), "1 ");
        l.now += RESEND;
        publisher_tick(&l.p, l.now);
    }
    cr_assert_str_eq(out(&l, 9), "1 ");
    cr_assert(take(&l, refusal(l.p.round, 1, REFUSED_FORM, 1), &told) == ST_OK);
    window_free(&l.p.window);
}

Test(publisher, busy_is_waited_out)
{
    struct line l;
    struct bus_message told;
    uint16_t round;

    hello(&l);
    send(&l, 1, 3);
    cr_assert_str_eq(out(&l, 9), "1 2 3 ");
    round = l.p.round;
    cr_assert(take(&l, refusal(round, 1, REFUSED_BUSY, 1), &told) == ST_AGAIN);
    cr_assert(take(&l, refusal(round, 2, REFUSED_GAP, 1), &told) == ST_AGAIN);
    cr_assert(take(&l, refusal(round, 3, REFUSED_GAP, 1), &told) == ST_AGAIN);
    cr_assert_str_eq(out(&l, 9), "", "not at once");
    cr_assert(publisher_due_us(&l.p, l.now) == l.now + RESEND);
    l.now += RESEND;
    publisher_tick(&l.p, l.now);
    cr_assert_str_eq(out(&l, 9), "1 2 3 ");
    window_free(&l.p.window);
}

Test(publisher, unknown_server_is_greeted_again_and_gets_the_window)
{
    struct line l;
    struct bus_message told;
    struct wire_message unknown = {.kind = WIRE_UNKNOWN};

    hello(&l);
    send(&l, 1, 3);
    cr_assert_str_eq(out(&l, 2), "1 2 ");
    unknown.round = l.p.round;
    cr_assert(take(&l, unknown, &told) == ST_AGAIN);
    cr_assert(take(&l, unknown, &told) == ST_AGAIN);
    cr_assert_str_eq(out(&l, 9), "resume ", "once, and no frame before the greeting");
    l.now += RESEND;
    publisher_tick(&l.p, l.now);
    cr_assert_str_eq(out(&l, 9), "resume ", "again in silence");
    greet(&l);
    cr_assert(take(&l, unknown, &told) == ST_AGAIN);
    cr_assert_str_eq(out(&l, 9), "1 2 3 ", "a late one of before counts no more");
    window_free(&l.p.window);
}

Test(publisher, displaced_producer_is_told_and_stays_quiet)
{
    static const struct {
        const char *label;
        bool while_resuming;
    } rows[] = {{"as the answer to a frame", false}, {"as the answer to hello", true}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct line l;
        struct bus_message told;
        struct frame frame = {.type = FRAME_TICK, .number = 1};
        struct why why;

        hello(&l);
        send(&l, 1, 2);
        out(&l, 9);
        if (rows[i].while_resuming) {
            struct wire_message unknown = {.kind = WIRE_UNKNOWN, .round = l.p.round};

            cr_assert(take(&l, unknown, &told) == ST_AGAIN);
            cr_assert_str_eq(out(&l, 9), "resume ");
        }
        cr_assert(
            take(&l,
                 refusal(l.p.round, rows[i].while_resuming ? 0 : 1, REFUSED_PRODUCER, 0),
                 &told) == ST_OK,
            "%s", rows[i].label);
        cr_assert(told.refusal == REFUSED_PRODUCER && told.number == 1, "%s",
                  rows[i].label);
        l.now += 10 * RESEND;
        publisher_tick(&l.p, l.now);
        cr_assert_str_eq(out(&l, 9), "", "%s", rows[i].label);
        cr_assert(publisher_send(&l.p, &frame, &why) == ST_INVALID, "%s", rows[i].label);
        window_free(&l.p.window);
    }
}

Test(publisher, sorry_and_nonsense_end_as_said)
{
    static const struct {
        const char *label;
        struct wire_message m;
        bool greeted;
        enum status st;
    } rows[] = {
        {"version", {.kind = WIRE_SORRY, .sorry = SORRY_VERSION}, true, ST_VERSION},
        {"malformed", {.kind = WIRE_SORRY, .sorry = SORRY_MALFORMED}, true, ST_CORRUPT},
        {"full, to a caller",
         {.kind = WIRE_SORRY, .sorry = SORRY_FULL},
         false,
         ST_REFUSED},
        {"full, to nobody", {.kind = WIRE_SORRY, .sorry = SORRY_FULL}, true, ST_AGAIN},
        {"a hello",
         {.kind = WIRE_HELLO, .producer = {(const uint8_t *)"p", 1}},
         true,
         ST_CORRUPT},
        {"a frame of a stream", {.kind = WIRE_ALIVE}, true, ST_CORRUPT},
        {"position of nothing sent",
         {.kind = WIRE_POSITION, .number = 1, .pos = 1},
         true,
         ST_AGAIN},
        {"refusal of nothing sent",
         {.kind = WIRE_REFUSAL, .number = 1, .refusal = REFUSED_FORM},
         true,
         ST_AGAIN},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct line l;
        struct bus_message told;
        struct wire_message m = rows[i].m;

        begin(&l);
        publisher_hello(&l.p, text_of("p"), l.now);
        out(&l, 9);
        if (rows[i].greeted)
            greet(&l);
        m.round = l.p.round;
        cr_assert(take(&l, m, &told) == rows[i].st, "%s", rows[i].label);
    }
}

Test(publisher, bytes_that_are_no_message_are_corrupt)
{
    struct line l;
    struct bus_message told;
    struct why why = {""};

    hello(&l);
    cr_assert(publisher_take(&l.p, (struct bytes){(const uint8_t *)"\1\4", 2}, l.now,
                             &told, &why) == ST_CORRUPT);
    cr_assert(publisher_take(&l.p, (struct bytes){(const uint8_t *)"\2\4\0\0", 4}, l.now,
                             &told, &why) == ST_VERSION);
}
