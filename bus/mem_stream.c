/* Frames as copies in one array, looked through from the end: meant for tests, of some
 * thousand frames. Must judge exactly as house.md says that a recorder does. */
#include "mem_stream.h"

#include <stdlib.h>
#include <string.h>

struct mem_stream {
    struct frame *frames; /* position - 1; each owns one block with its bytes */
    size_t len, room;
};

struct mem_stream *mem_stream_new(void)
{
    return calloc(1, sizeof(struct mem_stream));
}

static void *block_of(const struct frame *frame)
{
    void *block;

    memcpy(&block, &frame->producer.at, sizeof block); /* without its const */
    return block;
}

void mem_stream_free(struct mem_stream *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->len; i++)
        free(block_of(&s->frames[i]));
    free(s->frames);
    free(s);
}

uint64_t mem_stream_tail(const struct mem_stream *s)
{
    return s->len;
}

enum status mem_stream_read(const struct mem_stream *s, uint64_t pos, struct frame *out,
                            struct why *why)
{
    if (pos == 0 || pos > s->len)
        return why_set(why, ST_NOT_FOUND, "no frame %llu in a stream of %zu",
                       (unsigned long long)pos, s->len);
    *out = s->frames[pos - 1];
    return ST_OK;
}

/* NULL: it has none. */
static const struct frame *last_of(const struct mem_stream *s, struct text producer)
{
    for (size_t i = s->len; i > 0; i--)
        if (text_equal(s->frames[i - 1].producer, producer))
            return &s->frames[i - 1];
    return NULL;
}

static const struct frame *find(const struct mem_stream *s, struct text producer,
                                uint64_t number)
{
    for (size_t i = s->len; i > 0; i--)
        if (s->frames[i - 1].number == number &&
            text_equal(s->frames[i - 1].producer, producer))
            return &s->frames[i - 1];
    return NULL;
}

void mem_stream_greet(const struct mem_stream *s, struct text producer,
                      struct bus_greeting *out)
{
    const struct frame *last = last_of(s, producer);

    *out = (struct bus_greeting){.clock = CLOCK_RECORDED};
    if (!last)
        return;
    out->last_number = last->number;
    out->cursor_len = last->cursor.len;
    memcpy(out->cursor, last->cursor.at, last->cursor.len);
}

static enum status make_room(struct mem_stream *s, struct why *why)
{
    size_t room = s->room ? 2 * s->room : 64;
    struct frame *grown;

    if (s->len < s->room)
        return ST_OK;
    grown = realloc(s->frames, room * sizeof *grown);
    if (!grown)
        return why_set(why, ST_NO_MEMORY, "stream of %zu frames", room);
    s->frames = grown;
    s->room = room;
    return ST_OK;
}

static enum status append(struct mem_stream *s, const struct frame *frame,
                          struct why *why)
{
    size_t size = frame->producer.len + frame->cursor.len + frame->body.len;
    enum status st = make_room(s, why);
    struct frame *own;
    char *block;

    if (st)
        return st;
    block = malloc(size);
    if (!block)
        return why_set(why, ST_NO_MEMORY, "frame of %zu bytes", size);
    own = &s->frames[s->len++];
    *own = (struct frame){.pos = s->len,
                          .type = frame->type,
                          .clock = (int64_t)s->len,
                          .producer = {block, frame->producer.len},
                          .number = frame->number};
    memcpy(block, frame->producer.at, frame->producer.len);
    block += frame->producer.len;
    own->cursor = (struct bytes){(uint8_t *)block, frame->cursor.len};
    if (frame->cursor.len > 0)
        memcpy(block, frame->cursor.at, frame->cursor.len);
    block += frame->cursor.len;
    own->body = (struct bytes){(uint8_t *)block, frame->body.len};
    if (frame->body.len > 0)
        memcpy(block, frame->body.at, frame->body.len);
    return ST_OK;
}

static bool same_frame(const struct frame *a, const struct frame *b)
{
    return a->type == b->type && a->body.len == b->body.len &&
           (a->body.len == 0 || memcmp(a->body.at, b->body.at, a->body.len) == 0);
}

static struct bus_message refuse(const struct frame *frame, enum refusal refusal,
                                 uint64_t expected, struct text text)
{
    return (struct bus_message){.kind = BUS_REFUSAL,
                                .number = frame->number,
                                .refusal = refusal,
                                .expected = expected,
                                .text = text};
}

enum status mem_stream_submit(struct mem_stream *s, const struct frame *frame,
                              struct bus_message *out, struct why *why)
{
    const struct frame *last = last_of(s, frame->producer);
    uint64_t expected = last ? last->number + 1 : 1;
    struct bus_message m = {.kind = BUS_POSITION, .number = frame->number};

    if (frame->number > expected) {
        m = refuse(frame, REFUSED_GAP, expected, TEXT_LITERAL("a gap in the numbers"));
    } else if (frame->number < expected) {
        const struct frame *old = find(s, frame->producer, frame->number);

        if (!old || !same_frame(old, frame)) {
            m = refuse(frame, REFUSED_REUSED, expected,
                       TEXT_LITERAL("the number was taken with other bytes"));
        } else {
            m.repeated = true;
            m.pos = old->pos;
        }
    } else {
        enum status st = append(s, frame, why);

        if (st)
            return st;
        m.pos = s->len;
    }
    *out = m;
    return ST_OK;
}
