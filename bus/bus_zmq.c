/* The client over ZeroMQ: two DEALER sockets around publisher.c and follower.c, which
 * hold every rule. Must never wait but in hello and receive, and start no thread. */
#include "shortfall/bus/bus.h"

#include "follower.h"
#include "publisher.h"
#include "socket.h"
#include "wait_items.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RESEND_US_DEFAULT (2 * SECOND_US)
#define CREDIT_DEFAULT    64

struct bus_over_zmq {
    struct bus bus;
    void *context, *ingest, *reader; /* a socket that was not asked for: NULL */
    struct publisher publisher;
    struct follower follower;
    zmq_msg_t lent; /* what the last receive lends */
};

static struct bus_over_zmq *of_bus(struct bus *b)
{
    assert(b->ops == &bus_zmq);
    return (struct bus_over_zmq *)(void *)b;
}

static enum status draw_instance(uint64_t *out, struct why *why)
{
    int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
    ssize_t len;

    if (fd < 0)
        return why_set(why, ST_IO, "open /dev/urandom: %s", strerror(errno));
    do
        len = read(fd, out, sizeof *out);
    while (len < 0 && errno == EINTR);
    close(fd);
    if (len != (ssize_t)sizeof *out)
        return why_set(why, ST_IO, "read /dev/urandom");
    return ST_OK;
}

static void client_close(struct bus *b)
{
    struct bus_over_zmq *z = of_bus(b);

    zmq_msg_close(&z->lent);
    if (z->ingest)
        zmq_close(z->ingest);
    if (z->reader)
        zmq_close(z->reader);
    if (z->context)
        while (zmq_ctx_term(z->context) && errno == EINTR)
            ;
    window_free(&z->publisher.window);
    free(z);
}

static enum status connect_all(struct bus_over_zmq *z, const struct bus_options *options,
                               struct why *why)
{
    enum status st = draw_instance(&z->publisher.instance, why);

    if (st)
        return st;
    z->context = zmq_ctx_new();
    if (!z->context)
        return why_set(why, ST_NO_MEMORY, "start ZeroMQ: %s", zmq_strerror(errno));
    if (options->ingest)
        st = socket_open(z->context, SOCKET_CLIENT_INGEST, options->ingest, &z->ingest,
                         why);
    if (!st && options->reader)
        st = socket_open(z->context, SOCKET_CLIENT_READER, options->reader, &z->reader,
                         why);
    return st;
}

static enum status client_open(const struct bus_options *options, struct bus **out,
                               struct why *why)
{
    struct bus_over_zmq *z = calloc(1, sizeof *z);
    int64_t resend_us = options->resend_us ? options->resend_us : RESEND_US_DEFAULT;
    enum status st;

    if (!z)
        return why_set(why, ST_NO_MEMORY, "open a bus");
    z->bus.ops = &bus_zmq;
    z->publisher.resend_us = resend_us;
    z->follower.resend_us = resend_us;
    z->follower.credit = options->credit ? options->credit : CREDIT_DEFAULT;
    zmq_msg_init(&z->lent);
    st = connect_all(z, options, why);
    if (st) {
        client_close(&z->bus);
        return st;
    }
    *out = &z->bus;
    return ST_OK;
}

/* Sends what is due, as far as the sockets take it. */
static void push(struct bus_over_zmq *z, int64_t now_us)
{
    struct bytes message;

    while (publisher_next(&z->publisher, now_us, &message) &&
           !socket_send(z->ingest, message, false))
        publisher_sent(&z->publisher, now_us);
    while (follower_next(&z->follower, now_us, &message) &&
           !socket_send(z->reader, message, false))
        follower_sent(&z->follower, now_us);
}

/* One message of one part into z->lent. */
static enum status take(struct bus_over_zmq *z, void *socket, struct why *why)
{
    enum status st = socket ? socket_take(socket, &z->lent) : ST_AGAIN;

    if (!st && socket_drain(socket, &z->lent) > 0)
        return why_set(why, ST_CORRUPT, "the server sent a message of several parts");
    return st;
}

/* The next thing for the caller among what has arrived. Answers go before frames: there
 * are never more of them than the window holds. What is due goes out after everything
 * that came has been looked at, so that a caller who was long away does not ask again for
 * what has arrived meanwhile. */
static enum status take_any(struct bus_over_zmq *z, struct bus_message *out,
                            struct why *why)
{
    enum status st;

    while (!(st = take(z, z->ingest, why))) {
        st =
            publisher_take(&z->publisher, part_bytes(&z->lent), monotonic_us(), out, why);
        if (st != ST_AGAIN)
            return st;
    }
    if (st != ST_AGAIN)
        return st;
    publisher_tick(&z->publisher, monotonic_us());
    while (!(st = take(z, z->reader, why))) {
        st = follower_take(&z->follower, part_bytes(&z->lent), monotonic_us(), out, why);
        if (st != ST_AGAIN)
            return st;
    }
    if (st == ST_AGAIN)
        follower_tick(&z->follower, monotonic_us());
    return st;
}

/* One item of a wait: comes something, or can go what is due? */
static zmq_pollitem_t item_of(void *socket, bool sends)
{
    return (zmq_pollitem_t){socket, -1, (short)(ZMQ_POLLIN | (sends ? ZMQ_POLLOUT : 0)),
                            0};
}

static int64_t sooner(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static enum status wait_for_answer(struct bus_over_zmq *z, int64_t until_us,
                                   struct why *why)
{
    int64_t now_us = monotonic_us();
    struct bytes message;
    zmq_pollitem_t items[2] = {
        item_of(z->ingest, publisher_next(&z->publisher, now_us, &message))};

    until_us = sooner(until_us, publisher_due_us(&z->publisher, now_us));
    return socket_wait(items, 1, -1, until_us, why);
}

int bus_zmq_items(struct bus *b, zmq_pollitem_t items[WAIT_ITEMS_MAX], int64_t *until_us)
{
    struct bus_over_zmq *z = of_bus(b);
    int64_t now_us = monotonic_us();
    struct bytes message;
    int len = 0;

    if (z->ingest)
        items[len++] =
            item_of(z->ingest, publisher_next(&z->publisher, now_us, &message));
    if (z->reader)
        items[len++] = item_of(z->reader, follower_next(&z->follower, now_us, &message));
    *until_us = sooner(*until_us, publisher_due_us(&z->publisher, now_us));
    *until_us = sooner(*until_us, follower_due_us(&z->follower, now_us));
    return len;
}

static enum status wait_for_any(struct bus_over_zmq *z, int stop_fd, int64_t until_us,
                                struct why *why)
{
    zmq_pollitem_t items[WAIT_ITEMS_MAX + 1];
    int len = bus_zmq_items(&z->bus, items, &until_us);

    return socket_wait(items, len, stop_fd, until_us, why);
}

static enum status client_receive(struct bus *b, int stop_fd, int64_t timeout_ms,
                                  struct bus_message *out, struct why *why)
{
    struct bus_over_zmq *z = of_bus(b);
    int64_t until_us = deadline_us(monotonic_us(), timeout_ms);
    enum status st = ST_OK;

    /* A stream that never pauses must not hide the wish to stop. */
    if (stop_fd >= 0)
        st = socket_wait((zmq_pollitem_t[1]){{0}}, 0, stop_fd, 0, why);
    while (!st) {
        st = take_any(z, out, why);
        push(z, monotonic_us());
        if (st != ST_AGAIN)
            break;
        if (monotonic_us() >= until_us)
            return why_set(why, ST_AGAIN, "nothing came");
        st = wait_for_any(z, stop_fd, until_us, why);
    }
    return st;
}

/* Only answers are looked at; frames of the other socket stay where they are. */
static enum status await_greeting(struct bus_over_zmq *z, int64_t until_us,
                                  struct why *why)
{
    struct bus_message refusal;

    for (;;) {
        enum status st = take(z, z->ingest, why);
        int64_t now_us = monotonic_us();

        if (!st)
            st = publisher_take(&z->publisher, part_bytes(&z->lent), now_us, &refusal,
                                why);
        if (z->publisher.state == PUBLISHER_GREETED)
            return ST_OK;
        if (!st)
            return why_set(why, ST_REFUSED, "hello was refused");
        if (st != ST_AGAIN)
            return st;
        publisher_tick(&z->publisher, now_us);
        push(z, now_us);
        if (now_us >= until_us)
            return why_set(why, ST_AGAIN, "no answer to hello");
        st = wait_for_answer(z, until_us, why);
        if (st)
            return st;
    }
}

static enum status client_hello(struct bus *b, struct text producer, int64_t timeout_ms,
                                struct bus_greeting *out, struct why *why)
{
    struct bus_over_zmq *z = of_bus(b);
    enum status st;

    if (!z->ingest)
        return why_set(why, ST_INVALID, "hello: this bus has no ingest endpoint");
    publisher_hello(&z->publisher, producer, monotonic_us());
    st = await_greeting(z, deadline_us(monotonic_us(), timeout_ms), why);
    if (st) {
        z->publisher.state = PUBLISHER_IDLE;
        return st;
    }
    *out = z->publisher.greeting;
    return ST_OK;
}

static enum status client_send(struct bus *b, const struct frame *frame, struct why *why)
{
    struct bus_over_zmq *z = of_bus(b);
    enum status st = publisher_send(&z->publisher, frame, why);

    if (!st)
        push(z, monotonic_us());
    return st;
}

static enum status client_follow(struct bus *b, uint64_t after, struct why *why)
{
    struct bus_over_zmq *z = of_bus(b);

    if (!z->reader)
        return why_set(why, ST_INVALID, "follow: this bus has no reader endpoint");
    follower_begin(&z->follower, after, monotonic_us());
    push(z, monotonic_us());
    return ST_OK;
}

static size_t client_unanswered(const struct bus *b)
{
    return ((const struct bus_over_zmq *)(const void *)b)->publisher.window.len;
}

const struct bus_ops bus_zmq = {
    .open = client_open,
    .close = client_close,
    .hello = client_hello,
    .send = client_send,
    .follow = client_follow,
    .receive = client_receive,
    .unanswered = client_unanswered,
};
