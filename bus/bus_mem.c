/* mem://NAME: a stream within one process and one thread, for tests of what stands on a
 * bus. A frame is judged when its answer is received, so that what is unanswered is what
 * nobody has judged. Must behave as bus_zmq.c does: one suite of tests holds for both. */
#include "bus_mem.h"

#include "mem_stream.h"
#include "socket.h"
#include "window.h"
#include "wire.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define NAME_SIZE   64
#define STREAMS_MAX 64

/* Who has a producer's name: the newest hello. */
struct owner {
    char producer[FRAME_PRODUCER_MAX + 1];
    const struct bus_over_mem *client;
};

struct place {
    char name[NAME_SIZE]; /* empty: the place is free */
    struct mem_stream *stream;
    struct owner owners[64];
    size_t owners_len;
    unsigned starts; /* how often it was restarted */
};

/* Found by name, for the whole process: a client and the test that restarts "the server"
 * share nothing but the name. */
static struct place places[STREAMS_MAX];

struct bus_over_mem {
    struct bus bus;
    struct place *ingest, *reader; /* NULL: not asked for */
    struct window window;
    char producer[FRAME_PRODUCER_MAX + 1]; /* empty: no hello, or another has the name */
    unsigned starts;                       /* of the ingest, at the last hello */
    bool follows;
    uint64_t pos; /* the last one handed out */
};

static struct bus_over_mem *of_bus(struct bus *b)
{
    assert(b->ops == &bus_mem);
    return (struct bus_over_mem *)(void *)b;
}

static const char *name_of(const char *endpoint)
{
    assert(strncmp(endpoint, "mem://", 6) == 0);
    return endpoint + 6;
}

static struct place *find(const char *name)
{
    for (size_t i = 0; i < STREAMS_MAX; i++)
        if (strcmp(places[i].name, name) == 0)
            return &places[i];
    return NULL;
}

static enum status find_or_make(const char *endpoint, struct place **out, struct why *why)
{
    const char *name = name_of(endpoint);
    struct place *place;

    if (*name == '\0' || strlen(name) >= NAME_SIZE)
        return why_set(why, ST_INVALID, "%s: a name has 1 to %d bytes", endpoint,
                       NAME_SIZE - 1);
    place = find(name);
    if (!place) {
        place = find("");
        if (!place)
            return why_set(why, ST_FULL, "%d streams are open", STREAMS_MAX);
        place->stream = mem_stream_new();
        if (!place->stream)
            return why_set(why, ST_NO_MEMORY, "open %s", endpoint);
        text_copy(text_of(name), place->name, sizeof place->name);
    }
    *out = place;
    return ST_OK;
}

void bus_mem_restart(const char *endpoint)
{
    struct place *place = find(name_of(endpoint));

    assert(place);
    place->owners_len = 0;
    place->starts++;
}

void bus_mem_end(const char *endpoint)
{
    struct place *place = find(name_of(endpoint));

    if (!place)
        return;
    mem_stream_free(place->stream);
    *place = (struct place){0};
}

static enum status client_open(const struct bus_options *options, struct bus **out,
                               struct why *why)
{
    struct bus_over_mem *b = calloc(1, sizeof *b);
    enum status st = ST_OK;

    if (!b)
        return why_set(why, ST_NO_MEMORY, "open a bus");
    b->bus.ops = &bus_mem;
    if (options->ingest)
        st = find_or_make(options->ingest, &b->ingest, why);
    if (!st && options->reader)
        st = find_or_make(options->reader, &b->reader, why);
    if (st) {
        free(b);
        return st;
    }
    *out = &b->bus;
    return ST_OK;
}

static struct owner *owner_of(struct place *place, const char *producer)
{
    for (size_t i = 0; i < place->owners_len; i++)
        if (strcmp(place->owners[i].producer, producer) == 0)
            return &place->owners[i];
    return NULL;
}

/* Takes the name, or leaves it with who has it when the client asks by its own doing. */
static enum status own(struct bus_over_mem *b, bool resume, struct why *why)
{
    struct place *place = b->ingest;
    struct owner *owner = owner_of(place, b->producer);

    if (owner && resume)
        return ST_OK;
    if (!owner) {
        if (place->owners_len == sizeof place->owners / sizeof *place->owners)
            return why_set(why, ST_REFUSED, "too many producers");
        owner = &place->owners[place->owners_len++];
        text_copy(text_of(b->producer), owner->producer, sizeof owner->producer);
    }
    owner->client = b;
    b->starts = place->starts;
    return ST_OK;
}

static void disown(struct bus_over_mem *b)
{
    struct owner *owner = b->ingest ? owner_of(b->ingest, b->producer) : NULL;

    if (owner && owner->client == b)
        *owner = b->ingest->owners[--b->ingest->owners_len];
}

static void client_close(struct bus *bus)
{
    struct bus_over_mem *b = of_bus(bus);

    disown(b);
    window_free(&b->window);
    free(b);
}

static enum status client_hello(struct bus *bus, struct text producer, int64_t timeout_ms,
                                struct bus_greeting *out, struct why *why)
{
    struct bus_over_mem *b = of_bus(bus);
    enum status st;

    (void)timeout_ms; /* the answer is there at once */
    if (!b->ingest)
        return why_set(why, ST_INVALID, "hello: this bus has no ingest endpoint");
    disown(b);
    window_clear(&b->window);
    text_copy(producer, b->producer, sizeof b->producer);
    st = own(b, false, why);
    if (st) {
        b->producer[0] = '\0';
        return st;
    }
    mem_stream_greet(b->ingest->stream, producer, out);
    return ST_OK;
}

static enum status client_send(struct bus *bus, const struct frame *frame,
                               struct why *why)
{
    struct bus_over_mem *b = of_bus(bus);

    if (b->producer[0] == '\0')
        return why_set(why, ST_INVALID, "send frame %llu: no hello before it",
                       (unsigned long long)frame->number);
    return window_push(&b->window, frame, why);
}

static enum status client_follow(struct bus *bus, uint64_t after, struct why *why)
{
    struct bus_over_mem *b = of_bus(bus);

    if (!b->reader)
        return why_set(why, ST_INVALID, "follow: this bus has no reader endpoint");
    b->follows = true;
    b->pos = after;
    return ST_OK;
}

static enum status judge(struct bus_over_mem *b, const struct frame *frame,
                         struct bus_message *out, struct why *why)
{
    struct owner *owner;
    enum status st = b->starts == b->ingest->starts ? ST_OK : own(b, true, why);

    if (st)
        return st;
    owner = owner_of(b->ingest, b->producer);
    if (owner && owner->client == b)
        return mem_stream_submit(b->ingest->stream, frame, out, why);
    *out = (struct bus_message){.kind = BUS_REFUSAL,
                                .number = frame->number,
                                .refusal = REFUSED_PRODUCER,
                                .text = TEXT_LITERAL("a newer connection has this name")};
    b->producer[0] = '\0';
    return ST_OK;
}

/* The oldest unanswered frame gets its answer. */
static enum status answer_front(struct bus_over_mem *b, struct bus_message *out,
                                struct why *why)
{
    struct window_frame *front = window_front(&b->window);
    struct wire_message m;
    struct frame frame;
    enum status st = wire_read((struct bytes){front->message, front->len}, &m, why);

    assert(!st);
    frame = wire_frame(&m);
    frame.producer = text_of(b->producer);
    st = judge(b, &frame, out, why);
    if (st)
        return st;
    window_pop(&b->window);
    if (out->kind == BUS_REFUSAL)
        window_clear(&b->window);
    return ST_OK;
}

static enum status next_frame(struct bus_over_mem *b, struct bus_message *out,
                              struct why *why)
{
    struct frame frame;
    enum status st;

    if (!b->follows || b->pos == mem_stream_tail(b->reader->stream))
        return why_set(why, ST_AGAIN, "nothing came");
    if (b->pos > mem_stream_tail(b->reader->stream))
        return why_set(why, ST_CORRUPT, "frames are missing: the stream ends before %llu",
                       (unsigned long long)b->pos);
    st = mem_stream_read(b->reader->stream, b->pos + 1, &frame, why);
    if (st)
        return st;
    b->pos++;
    *out = (struct bus_message){.kind = BUS_FRAME, .frame = frame};
    return ST_OK;
}

static enum status client_receive(struct bus *bus, int stop_fd, int64_t timeout_ms,
                                  struct bus_message *out, struct why *why)
{
    struct bus_over_mem *b = of_bus(bus);
    zmq_pollitem_t items[1];
    int64_t until_us = deadline_us(monotonic_us(), timeout_ms);
    enum status st = socket_wait(items, 0, stop_fd, 0, why);

    if (st)
        return st;
    st = window_front(&b->window) ? answer_front(b, out, why) : next_frame(b, out, why);
    if (st != ST_AGAIN)
        return st;
    /* Nobody else runs in this process: nothing will come but the wish to stop. */
    assert(stop_fd >= 0 || timeout_ms >= 0);
    do
        st = socket_wait(items, 0, stop_fd, until_us, why);
    while (!st && monotonic_us() < until_us);
    return st ? st : why_set(why, ST_AGAIN, "nothing came");
}

static size_t client_unanswered(const struct bus *bus)
{
    return ((const struct bus_over_mem *)(const void *)bus)->window.len;
}

const struct bus_ops bus_mem = {
    .open = client_open,
    .close = client_close,
    .hello = client_hello,
    .send = client_send,
    .follow = client_follow,
    .receive = client_receive,
    .unanswered = client_unanswered,
};
