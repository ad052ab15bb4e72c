/* The child is told what to do by single bytes over a socket pair, whose end it also
 * takes as the wish to stop: a wait of the server ends whenever the test asks something.
 */
#include "recorder_child.h"

#include "../../bus/mem_stream.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct child {
    const struct recorder *place;
    int control;
    struct bus_server *server;
    struct mem_stream *stream;
    bool swallows, busy;
    uint64_t awaited; /* tail that the test waits for; 0: none */
};

/* The child has no test around it: what fails here ends it, and the test sees that. */
static void must(bool good)
{
    if (!good)
        _exit(3);
}

static void open_server(struct child *c, char stream)
{
    uint8_t id[FRAME_HASH_SIZE] = {(uint8_t)stream};
    struct bus_server_options options = {.ingest = c->place->ingest,
                                         .reader = c->place->reader,
                                         .stream_id = id,
                                         .oldest = 1};
    struct why why;

    must(!bus_server_open(&options, &c->server, &why));
}

static void judge(struct child *c, const struct bus_request *r)
{
    struct bus_message m;
    struct why why;

    if (c->busy) {
        c->busy = false;
        bus_server_refuse(c->server, r->peer, r->frame.number, REFUSED_BUSY, 0,
                          TEXT_LITERAL("no room"));
        return;
    }
    must(!mem_stream_submit(c->stream, &r->frame, &m, &why));
    if (c->swallows)
        return;
    if (m.kind == BUS_POSITION)
        bus_server_position(c->server, r->peer, m.number, m.pos, m.repeated);
    else
        bus_server_refuse(c->server, r->peer, m.number, m.refusal, m.expected, m.text);
}

static enum status read_stream(void *self, uint64_t pos, struct frame *out,
                               struct why *why)
{
    return mem_stream_read(self, pos, out, why);
}

static void serve(struct child *c)
{
    struct bus_request r;
    struct why why;

    while (!bus_server_next(c->server, &r, &why)) {
        struct bus_greeting greeting;

        if (r.kind == BUS_SUBMIT) {
            judge(c, &r);
            continue;
        }
        mem_stream_greet(c->stream, r.producer, &greeting);
        bus_server_greet(c->server, r.peer, &greeting);
    }
    bus_server_release(c->server);
    must(!bus_server_serve(c->server, mem_stream_tail(c->stream), read_stream, c->stream,
                           &why));
}

static void answer(struct child *c, const void *bytes, size_t len)
{
    must(write(c->control, bytes, len) == (ssize_t)len);
}

static void obey(struct child *c, char order)
{
    struct bus_server_counts counts = bus_server_counts(c->server);
    uint8_t tail;

    switch (order) {
    case 's':
        c->swallows = true;
        break;
    case 'b':
        c->busy = true;
        break;
    case 't':
        must(read(c->control, &tail, 1) == 1);
        c->awaited = tail;
        return;
    case 'c':
        answer(c, &counts, sizeof counts);
        return;
    case 'q':
        bus_server_close(c->server);
        mem_stream_free(c->stream);
        _exit(0);
    default: /* a letter that names a stream: a restart */
        bus_server_close(c->server);
        c->swallows = false;
        open_server(c, order);
        break;
    }
    answer(c, "k", 1);
}

static void run(const struct recorder *r, int control)
{
    struct child c = {.place = r, .control = control, .stream = mem_stream_new()};

    must(c.stream);
    open_server(&c, 'A');
    answer(&c, "k", 1);
    for (;;) {
        struct why why;
        enum status st =
            bus_server_wait(c.server, control, -1, mem_stream_tail(c.stream), &why);
        char order;

        if (st == ST_STOPPED) {
            must(read(control, &order, 1) == 1);
            obey(&c, order);
        } else {
            must(st == ST_OK);
            serve(&c);
        }
        if (c.awaited > 0 && mem_stream_tail(c.stream) >= c.awaited) {
            c.awaited = 0;
            answer(&c, "k", 1);
        }
    }
}

static void ask(struct recorder *r, const char *order, void *answer_bytes, size_t len)
{
    size_t order_len = strlen(order);

    cr_assert(write(r->control, order, order_len) == (ssize_t)order_len);
    cr_assert(read(r->control, answer_bytes, len) == (ssize_t)len,
              "the recorder's process has ended");
}

static void command(struct recorder *r, const char *order)
{
    char ok;

    ask(r, order, &ok, 1);
    cr_assert(ok == 'k');
}

void recorder_start(struct recorder *r)
{
    int pair[2];
    char ok;

    *r = (struct recorder){.folder = "/tmp/shortfall-bus-XXXXXX"};
    cr_assert(mkdtemp(r->folder));
    snprintf(r->ingest, sizeof r->ingest, "ipc://%s/ingest", r->folder);
    snprintf(r->reader, sizeof r->reader, "ipc://%s/reader", r->folder);
    cr_assert(!socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
    r->pid = fork();
    cr_assert(r->pid >= 0);
    if (r->pid == 0) {
        close(pair[0]);
        run(r, pair[1]);
    }
    close(pair[1]);
    r->control = pair[0];
    cr_assert(read(r->control, &ok, 1) == 1, "the recorder's process did not start");
}

void recorder_stop(struct recorder *r)
{
    int status;
    char end;

    cr_assert(write(r->control, "q", 1) == 1);
    cr_assert(read(r->control, &end, 1) == 0);
    cr_assert(waitpid(r->pid, &status, 0) == r->pid && status == 0,
              "the recorder's process ended with %d", status);
    close(r->control);
    /* ZeroMQ leaves the files where they are, and takes them over at the next start. */
    cr_assert(!unlink(r->ingest + strlen("ipc://")));
    cr_assert(!unlink(r->reader + strlen("ipc://")));
    cr_assert(!rmdir(r->folder));
}

void recorder_restart(struct recorder *r, char stream)
{
    char order[] = {stream, '\0'};

    command(r, order);
}

void recorder_swallow(struct recorder *r)
{
    command(r, "s");
}

void recorder_busy(struct recorder *r)
{
    command(r, "b");
}

void recorder_await_tail(struct recorder *r, unsigned tail)
{
    char order[] = {'t', (char)tail, '\0'};

    command(r, order);
}

struct bus_server_counts recorder_counts(struct recorder *r)
{
    struct bus_server_counts counts;

    ask(r, "c", &counts, sizeof counts);
    return counts;
}
