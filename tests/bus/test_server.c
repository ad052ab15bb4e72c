/* The server as a stranger's client sees it: messages by hand, in one thread with the
 * server, which takes its steps when the test says so. */
#include "../../bus/wire.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

#define WAIT_MS 20000

struct scene {
    char folder[32], ingest[64], reader[64];
    struct bus_server *server;
    void *context;
    uint8_t bytes[WIRE_MESSAGE_MAX];
};

static const uint8_t stream_id[FRAME_HASH_SIZE] = {7};

static void scene_begin(struct scene *s, uint64_t oldest)
{
    struct bus_server_options options = {.ingest = s->ingest,
                                         .reader = s->reader,
                                         .stream_id = stream_id,
                                         .oldest = oldest};
    struct why why = {""};

    strcpy(s->folder, "/tmp/shortfall-bus-XXXXXX");
    cr_assert(mkdtemp(s->folder));
    snprintf(s->ingest, sizeof s->ingest, "ipc://%s/ingest", s->folder);
    snprintf(s->reader, sizeof s->reader, "ipc://%s/reader", s->folder);
    cr_assert(!bus_server_open(&options, &s->server, &why), "%s", why.text);
    s->context = zmq_ctx_new();
}

static void scene_end(struct scene *s)
{
    zmq_ctx_term(s->context);
    bus_server_close(s->server);
    cr_assert(!unlink(s->ingest + strlen("ipc://")));
    cr_assert(!unlink(s->reader + strlen("ipc://")));
    cr_assert(!rmdir(s->folder));
}

static void *connect_to(struct scene *s, const char *endpoint)
{
    void *socket = zmq_socket(s->context, ZMQ_DEALER);
    int linger = 0, timeout = WAIT_MS;

    zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof linger);
    zmq_setsockopt(socket, ZMQ_RCVTIMEO, &timeout, sizeof timeout);
    cr_assert(!zmq_connect(socket, endpoint));
    return socket;
}

static void say(struct scene *s, void *socket, struct wire_message m)
{
    wire_write(&m, s->bytes);
    cr_assert(zmq_send(socket, s->bytes, wire_size(&m), 0) == (int)wire_size(&m));
}

static struct wire_message hear(struct scene *s, void *socket)
{
    struct wire_message m;
    struct why why = {""};
    int len = zmq_recv(socket, s->bytes, sizeof s->bytes, 0);

    cr_assert(len >= 0, "no answer");
    cr_assert(!wire_read((struct bytes){s->bytes, (size_t)len}, &m, &why), "%s",
              why.text);
    return m;
}

static struct wire_message hello_of(const char *name, uint64_t instance, bool resume)
{
    return (struct wire_message){.kind = WIRE_HELLO,
                                 .round = 3,
                                 .instance = instance,
                                 .resume = resume,
                                 .producer = wire_bytes(text_of(name))};
}

static struct wire_message submit_of(uint64_t number)
{
    return (struct wire_message){
        .kind = WIRE_SUBMIT, .round = 4, .number = number, .type = FRAME_TICK};
}

static struct bus_request next_request(struct scene *s)
{
    struct bus_request r;
    struct why why = {""};

    while (bus_server_next(s->server, &r, &why)) {
        enum status st = bus_server_wait(s->server, -1, WAIT_MS, 0, &why);

        cr_assert(st == ST_OK, "nobody asked: %s", why.text);
    }
    return r;
}

/* The server has something to answer by itself, and shows nothing. */
static void step(struct scene *s)
{
    struct bus_request r;
    struct why why = {""};

    cr_assert(!bus_server_wait(s->server, -1, WAIT_MS, 0, &why), "%s", why.text);
    cr_assert(bus_server_next(s->server, &r, &why) == ST_AGAIN);
}

Test(server, answers_carry_the_round_of_their_question)
{
    struct scene s;
    struct bus_greeting greeting = {.last_number = 8, .cursor = "row", .cursor_len = 3};
    struct bus_request r;
    struct wire_message m;
    void *client;

    scene_begin(&s, 1);
    client = connect_to(&s, s.ingest);
    say(&s, client, hello_of("p", 1, false));
    r = next_request(&s);
    cr_assert(r.kind == BUS_HELLO && text_is(r.producer, "p"));
    bus_server_greet(s.server, r.peer, &greeting);
    m = hear(&s, client);
    cr_assert(m.kind == WIRE_GREETING && m.round == 3 && m.number == 8 &&
              m.cursor.len == 3);
    say(&s, client, submit_of(9));
    r = next_request(&s);
    cr_assert(r.kind == BUS_SUBMIT && r.frame.number == 9 && r.frame.type == FRAME_TICK &&
              text_is(r.frame.producer, "p"));
    bus_server_release(s.server);
    bus_server_position(s.server, r.peer, 9, 77, false);
    m = hear(&s, client);
    cr_assert(m.kind == WIRE_POSITION && m.round == 4 && m.pos == 77 && !m.repeated);
    bus_server_position(s.server, r.peer + (UINT64_C(1) << 32), 9, 78, false);
    bus_server_position(s.server, 0, 9, 78, false);
    cr_assert(bus_server_counts(s.server).submitted == 1 &&
              bus_server_counts(s.server).producers == 1);
    zmq_close(client);
    scene_end(&s);
}

Test(server, long_text_is_cut_between_characters)
{
    static char text[BUS_REFUSAL_TEXT_MAX + 10];
    struct scene s;
    struct bus_request r;
    struct wire_message m;
    void *client;

    memset(text, 'a', sizeof text);
    memcpy(text + BUS_REFUSAL_TEXT_MAX - 1, "\xc3\xa9", 2);
    scene_begin(&s, 1);
    client = connect_to(&s, s.ingest);
    say(&s, client, hello_of("p", 1, false));
    r = next_request(&s);
    bus_server_refuse(s.server, r.peer, 1, REFUSED_FORM, 1,
                      (struct text){text, sizeof text});
    m = hear(&s, client);
    cr_assert(m.kind == WIRE_REFUSAL && m.text.len == BUS_REFUSAL_TEXT_MAX - 1);
    zmq_close(client);
    scene_end(&s);
}

Test(server, name_goes_to_callers_not_to_reconnections)
{
    struct scene s;
    struct wire_message m;
    void *older, *newer, *again;

    scene_begin(&s, 1);
    older = connect_to(&s, s.ingest);
    newer = connect_to(&s, s.ingest);
    again = connect_to(&s, s.ingest);
    say(&s, older, submit_of(1));
    step(&s);
    m = hear(&s, older);
    cr_assert(m.kind == WIRE_UNKNOWN && m.round == 4, "no hello yet");
    say(&s, older, hello_of("p", 1, false));
    next_request(&s);
    say(&s, newer, hello_of("p", 2, false));
    next_request(&s);
    say(&s, older, submit_of(1));
    step(&s);
    m = hear(&s, older);
    cr_assert(m.kind == WIRE_REFUSAL && m.refusal == REFUSED_PRODUCER && m.number == 1);
    say(&s, again, hello_of("p", 1, true));
    step(&s);
    m = hear(&s, again);
    cr_assert(m.kind == WIRE_REFUSAL && m.refusal == REFUSED_PRODUCER && m.number == 0,
              "another client's line was cut, and it comes back");
    say(&s, again, hello_of("p", 2, true));
    next_request(&s);
    say(&s, newer, submit_of(1));
    step(&s);
    cr_assert(hear(&s, newer).kind == WIRE_UNKNOWN, "its own new line took its place");
    zmq_close(older);
    zmq_close(newer);
    zmq_close(again);
    scene_end(&s);
}

Test(server, message_of_many_parts_counts_once_and_hides_nothing)
{
    struct scene s;
    void *client;

    scene_begin(&s, 1);
    client = connect_to(&s, s.ingest);
    for (int i = 0; i < 100; i++)
        cr_assert(zmq_send(client, "part", 4, i < 99 ? ZMQ_SNDMORE : 0) == 4);
    say(&s, client, hello_of("p", 1, false));
    cr_assert(next_request(&s).kind == BUS_HELLO);
    cr_assert(bus_server_counts(s.server).malformed == 1);
    zmq_close(client);
    scene_end(&s);
}

/* The line is cut before the message is taken into memory. */
Test(server, message_above_the_limit_ends_the_connection)
{
    static char big[WIRE_MESSAGE_MAX + 1];
    struct scene s;
    void *client, *monitor;
    int timeout = WAIT_MS;
    char event[64];

    scene_begin(&s, 1);
    client = zmq_socket(s.context, ZMQ_DEALER);
    cr_assert(!zmq_setsockopt(client, ZMQ_LINGER, &(int){0}, sizeof(int)));
    cr_assert(!zmq_socket_monitor(client, "inproc://watch", ZMQ_EVENT_DISCONNECTED));
    monitor = zmq_socket(s.context, ZMQ_PAIR);
    zmq_setsockopt(monitor, ZMQ_RCVTIMEO, &timeout, sizeof timeout);
    cr_assert(!zmq_connect(monitor, "inproc://watch"));
    cr_assert(!zmq_connect(client, s.ingest));
    cr_assert(zmq_send(client, big, sizeof big, 0) == (int)sizeof big);
    cr_assert(zmq_recv(monitor, event, sizeof event, 0) > 0, "the line still stands");
    zmq_close(monitor);
    zmq_close(client);
    scene_end(&s);
}

/* A stream of as many frames as anybody asks for. */
static enum status read_tick(void *self, uint64_t pos, struct frame *out, struct why *why)
{
    (void)self;
    if (pos > 1000)
        return why_set(why, ST_NOT_FOUND, "no frame");
    *out = (struct frame){.pos = pos, .type = FRAME_TICK, .number = pos};
    return ST_OK;
}

static void serve(struct scene *s, uint64_t tail)
{
    struct why why = {""};

    cr_assert(!bus_server_wait(s->server, -1, WAIT_MS, tail, &why), "%s", why.text);
    /* Enough calls for every credit there is. */
    for (int i = 0; i < 4; i++)
        cr_assert(!bus_server_serve(s->server, tail, read_tick, NULL, &why), "%s",
                  why.text);
}

static void expect_frames(struct scene *s, void *client, uint64_t first, uint64_t last)
{
    for (uint64_t pos = first; pos <= last; pos++) {
        struct wire_message m = hear(s, client);

        cr_assert(m.kind == WIRE_FRAME && m.pos == pos, "kind %d, pos %d, not %d", m.kind,
                  (int)m.pos, (int)pos);
    }
}

Test(server, credit_is_what_is_sent_and_never_more_than_the_limit)
{
    struct scene s;
    struct wire_message m;
    void *client;

    scene_begin(&s, 1);
    client = connect_to(&s, s.reader);
    say(&s, client, (struct wire_message){.kind = WIRE_FOLLOW, .round = 1, .until = 3});
    serve(&s, 900);
    m = hear(&s, client);
    cr_assert(m.kind == WIRE_FOLLOWING && m.round == 1 && m.oldest == 1 &&
              m.tail == 900 && memcmp(m.hash.at, stream_id, FRAME_HASH_SIZE) == 0);
    expect_frames(&s, client, 1, 3);
    cr_assert(bus_server_counts(s.server).served == 3);
    say(&s, client, (struct wire_message){.kind = WIRE_CREDIT, .round = 1, .until = 5});
    serve(&s, 900);
    cr_assert(hear(&s, client).kind == WIRE_ALIVE);
    expect_frames(&s, client, 4, 5);
    say(&s, client, (struct wire_message){.kind = WIRE_CREDIT, .round = 1, .until = 900});
    serve(&s, 900);
    cr_assert(hear(&s, client).kind == WIRE_ALIVE);
    expect_frames(&s, client, 6, 5 + BUS_CREDIT_MAX);
    cr_assert(bus_server_counts(s.server).served == 5 + BUS_CREDIT_MAX);
    say(&s, client,
        (struct wire_message){.kind = WIRE_FOLLOW, .round = 2, .pos = 10, .until = 900});
    serve(&s, 900);
    cr_assert(hear(&s, client).kind == WIRE_FOLLOWING);
    expect_frames(&s, client, 11, 10 + BUS_CREDIT_MAX);
    zmq_close(client);
    scene_end(&s);
}

Test(server, positions_that_cannot_be_served_are_answered_with_what_can)
{
    static const struct {
        const char *label;
        uint64_t after;
        size_t followers;
    } rows[] = {
        {"before the oldest", 3, 0},
        {"the oldest", 4, 1},
        {"at the end", 9, 1},
        {"after the end", 10, 0},
    };
    struct scene s;
    void *client;

    scene_begin(&s, 5);
    client = connect_to(&s, s.reader);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct why why;
        struct wire_message m;

        say(&s, client,
            (struct wire_message){
                .kind = WIRE_FOLLOW, .pos = rows[i].after, .until = rows[i].after});
        /* No credit: the wait ends by its time, when the message is there. */
        while (zmq_recv(client, s.bytes, sizeof s.bytes, ZMQ_DONTWAIT) < 0)
            cr_assert(bus_server_wait(s.server, -1, 10, 9, &why) == ST_AGAIN);
        cr_assert(!wire_read((struct bytes){s.bytes, 52}, &m, &why), "%s", why.text);
        cr_assert(m.kind == WIRE_FOLLOWING && m.oldest == 5 && m.tail == 9, "%s",
                  rows[i].label);
        cr_assert(bus_server_counts(s.server).followers == rows[i].followers, "%s",
                  rows[i].label);
    }
    zmq_close(client);
    scene_end(&s);
}

Test(server, follower_that_is_gone_is_forgotten)
{
    struct scene s;
    struct why why = {""};
    void *client;

    scene_begin(&s, 1);
    client = connect_to(&s, s.reader);
    say(&s, client, (struct wire_message){.kind = WIRE_FOLLOW, .until = BUS_CREDIT_MAX});
    serve(&s, 1);
    cr_assert(hear(&s, client).kind == WIRE_FOLLOWING);
    cr_assert(bus_server_counts(s.server).followers == 1);
    zmq_close(client);
    for (uint64_t tail = 2; bus_server_counts(s.server).followers > 0; tail++) {
        cr_assert(tail < BUS_CREDIT_MAX, "it is still served");
        cr_assert(!bus_server_serve(s.server, tail, read_tick, NULL, &why));
        cr_assert(bus_server_wait(s.server, -1, 10, 0, &why) == ST_AGAIN);
    }
    scene_end(&s);
}

static enum status read_nothing(void *self, uint64_t pos, struct frame *out,
                                struct why *why)
{
    enum status *st = self;

    *out = (struct frame){.pos = pos + 1};
    return *st ? why_set(why, *st, "no such frame") : ST_OK;
}

Test(server, stream_that_cannot_be_read_ends_the_serving)
{
    static const struct {
        const char *label;
        enum status read, st;
    } rows[] = {
        {"it fails", ST_IO, ST_IO},
        {"it gives another frame", ST_OK, ST_CORRUPT},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        enum status read = rows[i].read;
        struct scene s;
        struct why why = {""};
        void *client;

        scene_begin(&s, 1);
        client = connect_to(&s, s.reader);
        say(&s, client, (struct wire_message){.kind = WIRE_FOLLOW, .until = 9});
        cr_assert(!bus_server_wait(s.server, -1, WAIT_MS, 1, &why));
        cr_assert(bus_server_serve(s.server, 1, read_nothing, &read, &why) == rows[i].st,
                  "%s", rows[i].label);
        zmq_close(client);
        scene_end(&s);
    }
}

Test(server, as_many_requests_are_lent_as_may_be)
{
    struct scene s;
    struct bus_request r;
    struct why why = {""};
    void *client;
    size_t lent = 1;

    scene_begin(&s, 1);
    client = connect_to(&s, s.ingest);
    say(&s, client, hello_of("p", 1, false));
    next_request(&s);
    for (uint64_t n = 1; n <= BUS_LENT_MAX; n++) {
        say(&s, client, submit_of(n));
        if (lent < BUS_LENT_MAX) {
            r = next_request(&s);
            cr_assert(r.frame.number == n);
            lent++;
        }
    }
    cr_assert(!bus_server_wait(s.server, -1, WAIT_MS, 0, &why), "one more has come");
    cr_assert(bus_server_next(s.server, &r, &why) == ST_AGAIN, "but is not shown");
    bus_server_release(s.server);
    cr_assert(next_request(&s).frame.number == BUS_LENT_MAX);
    zmq_close(client);
    scene_end(&s);
}
