/* One wait for both ends: whichever has something to do ends it. A wait that missed its
 * end would last for ever, and the test with it. */
#include "shortfall/bus/wait.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Upstream is what `follower` follows; `own` is served beside it, to `monitor`. */
struct middle {
    char folder[32], upstream_at[64], own_at[64];
    struct bus_server *upstream, *own;
    struct bus *follower, *monitor;
};

static const uint8_t stream_id[FRAME_HASH_SIZE] = {7};

static void serve(char endpoint[64], const char *folder, const char *name,
                  struct bus_server **out)
{
    struct bus_server_options options = {
        .reader = endpoint, .stream_id = stream_id, .oldest = 1};
    struct why why = {""};

    snprintf(endpoint, 64, "ipc://%s/%s", folder, name);
    cr_assert(!bus_server_open(&options, out, &why), "%s", why.text);
}

static struct bus *follow(const char *endpoint)
{
    struct bus_options options = {.reader = endpoint};
    struct bus *b = NULL;
    struct why why = {""};

    cr_assert(!bus_open(&options, &b, &why), "%s", why.text);
    cr_assert(!bus_follow(b, 0, &why), "%s", why.text);
    return b;
}

static void middle_begin(struct middle *m)
{
    strcpy(m->folder, "/tmp/shortfall-wait-XXXXXX");
    cr_assert(mkdtemp(m->folder));
    serve(m->upstream_at, m->folder, "upstream", &m->upstream);
    serve(m->own_at, m->folder, "own", &m->own);
    m->follower = follow(m->upstream_at);
    m->monitor = NULL;
}

static void middle_end(struct middle *m)
{
    bus_close(m->follower);
    bus_close(m->monitor);
    bus_server_close(m->upstream);
    bus_server_close(m->own);
    cr_assert(!unlink(m->upstream_at + strlen("ipc://")));
    cr_assert(!unlink(m->own_at + strlen("ipc://")));
    cr_assert(!rmdir(m->folder));
}

static enum status read_tick(void *self, uint64_t pos, struct frame *out, struct why *why)
{
    (void)self;
    (void)why;
    *out = (struct frame){.pos = pos, .type = FRAME_TICK, .clock = (int64_t)pos};
    return ST_OK;
}

static bool has_frame(struct bus *b)
{
    struct bus_message m;
    struct why why = {""};
    enum status st = bus_receive(b, -1, 0, &m, &why);

    cr_assert(st == ST_OK || st == ST_AGAIN, "%s", why.text);
    return st == ST_OK && m.kind == BUS_FRAME && m.frame.pos == 1;
}

static void serve_one(struct bus_server *s)
{
    struct why why = {""};

    cr_assert(!bus_server_serve(s, 1, read_tick, NULL, &why), "%s", why.text);
}

static void wait_in_the_middle(struct middle *m)
{
    struct why why = {""};

    cr_assert(!bus_wait_any(m->follower, m->own, -1, -1, 1, &why), "%s", why.text);
}

Test(wait, ends_when_the_client_has_a_frame)
{
    struct middle m;

    middle_begin(&m);
    for (bool came = false; !came; came = has_frame(m.follower)) {
        wait_in_the_middle(&m);
        serve_one(m.upstream);
    }
    middle_end(&m);
}

Test(wait, ends_when_a_follower_of_the_server_asks)
{
    struct middle m;

    middle_begin(&m);
    m.monitor = follow(m.own_at);
    while (!has_frame(m.monitor)) {
        wait_in_the_middle(&m);
        (void)has_frame(m.follower);
        serve_one(m.own);
    }
    middle_end(&m);
}

Test(wait, ends_by_a_stop_or_its_time)
{
    struct middle m;
    struct why why = {""};
    int fds[2];

    middle_begin(&m);
    cr_assert(!pipe(fds));
    cr_assert_eq(bus_wait_any(m.follower, m.own, fds[0], 0, 0, &why), ST_OK);
    cr_assert_eq(write(fds[1], "", 1), 1);
    cr_assert_eq(bus_wait_any(m.follower, m.own, fds[0], -1, 0, &why), ST_STOPPED);
    close(fds[0]);
    close(fds[1]);
    middle_end(&m);
}

Test(wait, refuses_a_bus_without_sockets)
{
    struct bus_options options = {.reader = "mem://wait"};
    struct middle m;
    struct bus *b = NULL;
    struct why why = {""};

    middle_begin(&m);
    cr_assert(!bus_open(&options, &b, &why), "%s", why.text);
    cr_assert_eq(bus_wait_any(b, m.own, -1, 0, 0, &why), ST_INVALID);
    bus_close(b);
    middle_end(&m);
}
