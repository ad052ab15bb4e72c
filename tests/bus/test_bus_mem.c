/* The suite over mem://, and what only mem:// does. */
#include "bus_suite.h"

#include "../../bus/bus_mem.h"

#include <criterion/criterion.h>

#define ENDPOINT "mem://suite"

static void start(struct bus_fixture *f)
{
    f->ingest = ENDPOINT;
    f->reader = ENDPOINT;
}

static void restart(struct bus_fixture *f)
{
    (void)f;
    bus_mem_restart(ENDPOINT);
}

static void stop(struct bus_fixture *f)
{
    (void)f;
    bus_mem_end(ENDPOINT);
}

Test(bus_mem, suite)
{
    struct bus_fixture f = {
        .name = "mem", .start = start, .restart = restart, .stop = stop};

    bus_suite(&f);
}

Test(bus_mem, names_keep_streams_apart)
{
    struct bus_options options = {.ingest = "mem://one", .reader = "mem://two"};
    struct bus_greeting g;
    struct bus_message m;
    struct why why;
    struct frame frame = {.type = FRAME_TICK, .number = 1};
    struct bus *b;

    cr_assert(!bus_open(&options, &b, &why));
    cr_assert(!bus_hello(b, text_of("p"), 0, &g, &why));
    cr_assert(!bus_send(b, &frame, &why));
    cr_assert(!bus_follow(b, 0, &why));
    cr_assert(!bus_receive(b, -1, 0, &m, &why) && m.kind == BUS_POSITION);
    cr_assert(bus_receive(b, -1, 0, &m, &why) == ST_AGAIN);
    bus_close(b);
    bus_mem_end("mem://one");
    bus_mem_end("mem://two");
}

Test(bus, endpoints_and_options_are_checked)
{
    static const struct {
        const char *label;
        struct bus_options options;
    } rows[] = {
        {"none", {0}},
        {"no scheme", {.ingest = "run/ingest"}},
        {"unknown scheme", {.reader = "udp://127.0.0.1:1"}},
        {"two kinds", {.ingest = "mem://x", .reader = "ipc:///tmp/x"}},
        {"mem without a name", {.ingest = "mem://"}},
        {"more credit than may be", {.reader = "mem://x", .credit = BUS_CREDIT_MAX + 1}},
        {"resend before now", {.reader = "mem://x", .resend_us = -1}},
        {"ipc without a path", {.ingest = "ipc://"}},
        {"ipc in nobody's folder", {.ingest = "ipc://@abstract"}},
        {"ipc of any name", {.ingest = "ipc://*"}},
        {"ipc path too long",
         {.ingest =
              "ipc:///tmp/"
              "0123456789012345678901234567890123456789012345678901234567890123456789"
              "0123456789012345678901234567890123456789"}},
        {"tcp to another host", {.ingest = "tcp://192.0.2.1:5555"}},
        {"tcp to a name", {.ingest = "tcp://127.0.0.1.example:5555"}},
        {"tcp without a port", {.ingest = "tcp://127.0.0.1"}},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bus *b = NULL;
        struct why why = {""};

        cr_assert(bus_open(&rows[i].options, &b, &why) == ST_INVALID, "%s",
                  rows[i].label);
        cr_assert(!b && why.text[0], "%s: no reason, or a bus", rows[i].label);
    }
    bus_close(NULL);
}
