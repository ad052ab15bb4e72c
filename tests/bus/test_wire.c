/* Messages as bytes: every kind there and back, and bytes that are none. */
#include "../../bus/wire.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static const uint8_t hash[FRAME_HASH_SIZE] = {1, 2, 3};

#define BYTES(s)                                                                         \
    {                                                                                    \
        (const uint8_t *)(s), sizeof(s) - 1                                              \
    }

/* One of each kind, with every field of it at a value of its own. */
static const struct wire_message samples[] = {
    {.kind = WIRE_HELLO,
     .round = 7,
     .instance = UINT64_MAX,
     .resume = 1,
     .producer = BYTES("port-odesa-01")},
    {.kind = WIRE_SUBMIT,
     .round = 65535,
     .number = INT64_MAX,
     .type = FRAME_TRANSITION,
     .cursor = BYTES("row 17"),
     .body = BYTES("body")},
    {.kind = WIRE_GREETING,
     .number = 3,
     .clock_kind = CLOCK_PUBLISHED,
     .cursor = BYTES("row 17")},
    {.kind = WIRE_POSITION, .number = 4, .pos = INT64_MAX, .repeated = 1},
    {.kind = WIRE_REFUSAL,
     .number = 5,
     .refusal = REFUSED_BUSY,
     .expected = 6,
     .text = BYTES("event 3: unit: \"tt\" is none")},
    {.kind = WIRE_UNKNOWN, .round = 1},
    {.kind = WIRE_SORRY, .sorry = SORRY_FULL, .text = BYTES("no room")},
    {.kind = WIRE_FOLLOW, .pos = 0, .until = 64},
    {.kind = WIRE_CREDIT, .until = 128},
    {.kind = WIRE_FOLLOWING, .hash = {hash, FRAME_HASH_SIZE}, .oldest = 1, .tail = 9},
    {.kind = WIRE_ALIVE, .tail = 10},
    {.kind = WIRE_FRAME,
     .pos = 11,
     .first_seq = 2561,
     .events = FRAME_EVENTS_MAX,
     .type = FRAME_DATA,
     .clock = -1,
     .number = 12,
     .hash = {hash, FRAME_HASH_SIZE},
     .producer = BYTES("p"),
     .cursor = BYTES("c"),
     .body = BYTES("b")},
};

#define SAMPLES (sizeof samples / sizeof *samples)

/* The bytes of a sample in a block of just their size, so that a sanitizer sees one byte
 * too far. The caller frees them. */
static struct bytes written(const struct wire_message *m)
{
    size_t len = wire_size(m);
    uint8_t *at = malloc(len);

    cr_assert(at);
    wire_write(m, at);
    return (struct bytes){at, len};
}

static void release(struct bytes b)
{
    free((void *)(uintptr_t)b.at);
}

static bool same(struct bytes a, struct bytes b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

static void compare(const struct wire_message *a, const struct wire_message *b)
{
    cr_assert(a->kind == b->kind && a->round == b->round && a->instance == b->instance &&
                  a->number == b->number && a->pos == b->pos && a->until == b->until &&
                  a->expected == b->expected && a->oldest == b->oldest &&
                  a->tail == b->tail && a->first_seq == b->first_seq &&
                  a->clock == b->clock && a->events == b->events &&
                  a->resume == b->resume && a->clock_kind == b->clock_kind &&
                  a->type == b->type && a->repeated == b->repeated &&
                  a->refusal == b->refusal && a->sorry == b->sorry,
              "kind %d: a number", a->kind);
    cr_assert(same(a->producer, b->producer) && same(a->cursor, b->cursor) &&
                  same(a->text, b->text) && same(a->body, b->body) &&
                  same(a->hash, b->hash),
              "kind %d: bytes", a->kind);
}

Test(wire, every_kind_comes_back_as_it_went)
{
    cr_assert(SAMPLES == WIRE_KIND_COUNT - 1, "a kind has no sample");
    for (size_t i = 0; i < SAMPLES; i++) {
        struct bytes b = written(&samples[i]);
        struct wire_message m;
        struct why why = {""};

        cr_assert(samples[i].kind == i + 1);
        cr_assert(!wire_read(b, &m, &why), "kind %d: %s", samples[i].kind, why.text);
        compare(&m, &samples[i]);
        release(b);
    }
}

Test(wire, no_beginning_of_a_message_is_a_message)
{
    for (size_t i = 0; i < SAMPLES; i++) {
        struct bytes b = written(&samples[i]);
        size_t body = samples[i].body.len;

        for (size_t len = 0; len < b.len; len++) {
            struct bytes part = {malloc(len + (len == 0)), len};
            struct wire_message m = {.kind = 99};
            struct why why = {""};
            /* A body goes to the end of its message: a shorter one is another body. */
            bool whole = body > 0 && len >= b.len - body;

            memcpy((void *)(uintptr_t)part.at, b.at, len);
            cr_assert(wire_read(part, &m, &why) == (whole ? ST_OK : ST_INVALID),
                      "kind %d, %zu bytes of %zu", samples[i].kind, len, b.len);
            cr_assert(whole || (m.kind == 99 && why.text[0]), "kind %d, %zu: out or why",
                      samples[i].kind, len);
            release(part);
        }
        release(b);
    }
}

Test(wire, a_byte_too_many_is_refused)
{
    for (size_t i = 0; i < SAMPLES; i++) {
        struct bytes b = written(&samples[i]);
        uint8_t *longer = malloc(b.len + 1);
        struct wire_message m;

        memcpy(longer, b.at, b.len);
        longer[b.len] = 0;
        cr_assert(wire_read((struct bytes){longer, b.len + 1}, &m, NULL) ==
                      (samples[i].body.len > 0 ? ST_OK : ST_INVALID),
                  "kind %d", samples[i].kind);
        free(longer);
        release(b);
    }
}

/* `at` is where a sample's byte is changed to `byte`. */
Test(wire, values_out_of_range_are_refused)
{
    static const struct {
        const char *label;
        enum wire_kind kind;
        size_t at;
        uint8_t byte;
        enum status st;
    } rows[] = {
        {"version 0", WIRE_HELLO, 0, 0, ST_VERSION},
        {"version 2", WIRE_ALIVE, 0, 2, ST_VERSION},
        {"kind 0", WIRE_ALIVE, 1, 0, ST_INVALID},
        {"kind one beyond", WIRE_ALIVE, 1, WIRE_KIND_COUNT, ST_INVALID},
        {"any round", WIRE_ALIVE, 2, 0xff, ST_OK},
        {"resume 2", WIRE_HELLO, 12, 2, ST_INVALID},
        {"name of no bytes, then some", WIRE_HELLO, 13, 0, ST_INVALID},
        {"name longer than the message", WIRE_HELLO, 13, 14, ST_INVALID},
        {"number above an integer of SQLite", WIRE_SUBMIT, 11, 0x80, ST_INVALID},
        {"type one beyond", WIRE_SUBMIT, 12, FRAME_TYPE_COUNT, ST_INVALID},
        {"cursor of 256 * 4 bytes", WIRE_SUBMIT, 14, 4, ST_INVALID},
        {"kind of clock 2", WIRE_GREETING, 12, 2, ST_INVALID},
        {"position 0", WIRE_FRAME, 4, 0, ST_INVALID},
        {"repeated 2", WIRE_POSITION, 20, 2, ST_INVALID},
        {"refusal 0", WIRE_REFUSAL, 12, 0, ST_INVALID},
        {"refusal 7", WIRE_REFUSAL, 12, 7, ST_INVALID},
        {"sorry 4", WIRE_SORRY, 4, 4, ST_INVALID},
        {"257 events", WIRE_FRAME, 20, 1, ST_INVALID},
        {"oldest 0", WIRE_FOLLOWING, 36, 0, ST_INVALID},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bytes b = written(&samples[rows[i].kind - 1]);
        struct wire_message m;
        enum status st;

        cr_assert(rows[i].at < b.len, "%s", rows[i].label);
        ((uint8_t *)(uintptr_t)b.at)[rows[i].at] = rows[i].byte;
        st = wire_read(b, &m, NULL);
        cr_assert(st == rows[i].st, "%s: %s", rows[i].label, status_text(st));
        release(b);
    }
}

Test(wire, limits_hold_at_the_limit_and_not_beyond)
{
    static uint8_t bytes[WIRE_MESSAGE_MAX + 1];
    struct wire_message m = samples[WIRE_FRAME - 1], read;
    struct bytes b;

    m.producer = (struct bytes){bytes, FRAME_PRODUCER_MAX};
    m.cursor = (struct bytes){bytes, FRAME_CURSOR_MAX};
    m.body = (struct bytes){bytes, FRAME_BODY_MAX};
    b = written(&m);
    cr_assert(b.len <= WIRE_MESSAGE_MAX);
    cr_assert(!wire_read(b, &read, NULL) && read.body.len == FRAME_BODY_MAX);
    memcpy(bytes, b.at, b.len);
    cr_assert(wire_read((struct bytes){bytes, b.len + 1}, &read, NULL) == ST_INVALID,
              "a body one byte beyond");
    release(b);
}

/* Golden: what another language must send. Never regenerated to make this pass. */
Test(wire, bytes_are_as_the_protocol_says)
{
    static const struct {
        size_t sample;
        const char *bytes;
        size_t len;
    } rows[] = {
        {0, "\1\1\7\0\xff\xff\xff\xff\xff\xff\xff\xff\1\x0d\0port-odesa-01", 28},
        {1, "\1\2\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f\7\6\0row 17body", 25},
        {2, "\1\3\0\0\3\0\0\0\0\0\0\0\1\6\0row 17", 21},
        {3, "\1\4\0\0\4\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\x7f\1", 21},
        {5, "\1\6\1\0", 4},
        {6, "\1\7\0\0\3\7\0no room", 14},
        {7, "\1\x08\0\0\0\0\0\0\0\0\0\0\x40\0\0\0\0\0\0\0", 20},
        {10, "\1\x0b\0\0\x0a\0\0\0\0\0\0\0", 12},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bytes b = written(&samples[rows[i].sample]);

        cr_assert(same(b, (struct bytes){(const uint8_t *)rows[i].bytes, rows[i].len}),
                  "kind %d", samples[rows[i].sample].kind);
        release(b);
    }
}

Test(wire, noise_is_never_read_beyond_its_end)
{
    unsigned seed = 1;

    for (int round = 0; round < 200000; round++) {
        size_t len = (size_t)(round % 80);
        uint8_t *at = malloc(len + 1);
        struct wire_message m;

        for (size_t i = 0; i < len; i++) {
            seed = seed * 1103515245u + 12345u;
            at[i] = (uint8_t)(seed >> 16);
        }
        if (len > 1) {
            at[0] = WIRE_VERSION;
            at[1] = (uint8_t)(round % WIRE_KIND_COUNT);
        }
        if (!wire_read((struct bytes){at, len}, &m, NULL))
            cr_assert(wire_size(&m) == len, "what was read is not what there was");
        free(at);
    }
}
