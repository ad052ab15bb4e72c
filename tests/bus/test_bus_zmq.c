/* The suite over ZeroMQ, against a recorder in a process of its own, and what only ZeroMQ
 * can do wrong. */
#include "attack.h"
#include "bus_suite.h"
#include "recorder_child.h"

#include <criterion/criterion.h>
#include <string.h>

static struct recorder recorder;

static void start(struct bus_fixture *f)
{
    recorder_start(&recorder);
    f->ingest = recorder.ingest;
    f->reader = recorder.reader;
}

static void stop(struct bus_fixture *f)
{
    (void)f;
    recorder_stop(&recorder);
}

static void restart(struct bus_fixture *f)
{
    (void)f;
    recorder_restart(&recorder, 'A');
}

static void swallow(struct bus_fixture *f)
{
    (void)f;
    recorder_swallow(&recorder);
}

static void await_tail(struct bus_fixture *f, unsigned tail)
{
    (void)f;
    recorder_await_tail(&recorder, tail);
}

static void attack(struct bus_fixture *f)
{
    unsigned sent;

    attack_with_bytes(f->ingest + strlen("ipc://"));
    attack_with_bytes(f->reader + strlen("ipc://"));
    sent = attack_with_messages(f->ingest) + attack_with_messages(f->reader);
    cr_assert(recorder_counts(&recorder).malformed >= sent, "not all were counted");
}

Test(bus_zmq, suite)
{
    struct bus_fixture f = {.name = "zmq",
                            .start = start,
                            .stop = stop,
                            .restart = restart,
                            .swallow = swallow,
                            .await_tail = await_tail,
                            .attack = attack};

    bus_suite(&f);
}

static struct bus *open_bus(const char *ingest, const char *reader)
{
    struct bus_options options = {
        .ingest = ingest, .reader = reader, .resend_us = SUITE_RESEND_US};
    struct why why = {""};
    struct bus *b = NULL;

    cr_assert(!bus_open(&options, &b, &why), "%s", why.text);
    return b;
}

static void send_tick(struct bus *b, uint64_t number)
{
    struct frame frame = {.type = FRAME_TICK, .number = number};
    struct why why = {""};

    cr_assert(!bus_send(b, &frame, &why), "%s", why.text);
}

static void expect_position(struct bus *b, uint64_t number)
{
    struct bus_message m = {0};
    struct why why = {""};
    enum status st = bus_receive(b, -1, SUITE_WAIT_MS, &m, &why);

    cr_assert(st == ST_OK && m.kind == BUS_POSITION && m.number == number, "frame %d: %s",
              (int)number, why.text);
}

Test(bus_zmq, nobody_there_is_no_hang)
{
    struct bus *b = open_bus("ipc:///tmp/shortfall-nobody/ingest", NULL);
    struct bus_greeting g;
    struct bus_message m;
    struct why why;

    cr_assert(bus_hello(b, text_of("p"), 1, &g, &why) == ST_AGAIN);
    cr_assert(bus_receive(b, -1, 0, &m, &why) == ST_AGAIN);
    cr_assert(bus_receive(b, -1, 1, &m, &why) == ST_AGAIN);
    cr_assert(bus_follow(b, 0, &why) == ST_INVALID, "without a reader endpoint");
    bus_close(b);
}

Test(bus_zmq, busy_recorder_is_asked_again)
{
    struct bus_greeting g;
    struct why why;
    struct bus *b;

    recorder_start(&recorder);
    b = open_bus(recorder.ingest, NULL);
    cr_assert(!bus_hello(b, text_of("p"), SUITE_WAIT_MS, &g, &why));
    recorder_busy(&recorder);
    for (uint64_t n = 1; n <= 3; n++)
        send_tick(b, n);
    for (uint64_t n = 1; n <= 3; n++)
        expect_position(b, n);
    bus_close(b);
    recorder_stop(&recorder);
}

Test(bus_zmq, another_stream_is_told)
{
    struct bus_greeting g;
    struct bus_message m = {0};
    struct why why;
    struct bus *b;

    recorder_start(&recorder);
    b = open_bus(recorder.ingest, recorder.reader);
    cr_assert(!bus_hello(b, text_of("p"), SUITE_WAIT_MS, &g, &why));
    send_tick(b, 1);
    expect_position(b, 1);
    cr_assert(!bus_follow(b, 0, &why));
    cr_assert(!bus_receive(b, -1, SUITE_WAIT_MS, &m, &why) && m.kind == BUS_FRAME);
    recorder_restart(&recorder, 'B');
    cr_assert(bus_receive(b, -1, SUITE_WAIT_MS, &m, &why) == ST_CORRUPT, "%s", why.text);
    bus_close(b);
    recorder_stop(&recorder);
}

/* More frames and followers than credit, turns and calls hold. */
Test(bus_zmq, many_followers_get_every_frame)
{
    enum { FRAMES = 400, FOLLOWERS = 5 };
    struct bus *b, *followers[FOLLOWERS];
    struct bus_greeting g;
    struct bus_message m = {0};
    struct why why = {""};

    recorder_start(&recorder);
    b = open_bus(recorder.ingest, NULL);
    cr_assert(!bus_hello(b, text_of("p"), SUITE_WAIT_MS, &g, &why));
    for (uint64_t n = 1; n <= FRAMES; n++) {
        if (bus_unanswered(b) == BUS_WINDOW_MAX)
            expect_position(b, n - BUS_WINDOW_MAX);
        send_tick(b, n);
    }
    while (bus_unanswered(b) > 0)
        cr_assert(!bus_receive(b, -1, SUITE_WAIT_MS, &m, &why), "%s", why.text);
    cr_assert(m.number == FRAMES);
    for (int i = 0; i < FOLLOWERS; i++) {
        followers[i] = open_bus(NULL, recorder.reader);
        cr_assert(!bus_follow(followers[i], 0, &why));
    }
    for (uint64_t pos = 1; pos <= FRAMES; pos++)
        for (int i = 0; i < FOLLOWERS; i++)
            cr_assert(!bus_receive(followers[i], -1, SUITE_WAIT_MS, &m, &why) &&
                          m.kind == BUS_FRAME && m.frame.pos == pos,
                      "follower %d, frame %d: %s", i, (int)pos, why.text);
    cr_assert(recorder_counts(&recorder).followers == FOLLOWERS);
    cr_assert(recorder_counts(&recorder).served >= FRAMES * FOLLOWERS);
    for (int i = 0; i < FOLLOWERS; i++)
        bus_close(followers[i]);
    bus_close(b);
    recorder_stop(&recorder);
}
