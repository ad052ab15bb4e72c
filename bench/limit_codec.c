/* The limit of the codec: a bounded cursor and a hash of each fact's name, and the same
 * fields written in their shortest form where there is always room. */
#include "limit_decode.h"
#include "measure.h"

#include <string.h>
#include <xxhash.h>

static void begin_body(const struct measure_body *body, struct limit_cursor *c)
{
    struct limit_field list;

    *c = (struct limit_cursor){body->at, body->at + body->len, false};
    limit_value(c, &list);
    if (list.value != (int64_t)body->events)
        measure_fail("not a frame");
}

static void measure_decode(const struct measure_frames *frames)
{
    static struct limit_event ev;
    uint64_t sum = 0;
    struct measure_span begin = measure_begin();

    for (size_t i = 0; i < frames->len; i++) {
        struct limit_cursor c;

        begin_body(&frames->list[i], &c);
        for (uint32_t n = 0; n < frames->list[i].events; n++) {
            if (!limit_event(&c, &ev))
                measure_fail("not an event");
            const struct limit_field *id = &ev.field[L_ID];
            const uint8_t *name = ev.field[L_SOURCE].at;

            sum ^= XXH3_128bits(name, (size_t)(id->at + id->len - name)).low64;
        }
    }
    measure_print_rate("limit/codec/decode", frames->events, measure_since(begin));
    if (sum == 0)
        measure_fail("nothing was decoded");
}

static uint8_t *put_big(uint8_t *at, uint8_t head, uint64_t value, unsigned bytes)
{
    *at++ = head;
    for (unsigned i = bytes; i > 0; i--)
        *at++ = (uint8_t)(value >> (8 * i - 8));
    return at;
}

static uint8_t *put_number(uint8_t *at, int64_t value)
{
    uint64_t number = (uint64_t)value;

    if (value < 0)
        return value >= -32         ? put_big(at, (uint8_t)value, 0, 0)
               : value >= INT8_MIN  ? put_big(at, 0xd0, number, 1)
               : value >= INT16_MIN ? put_big(at, 0xd1, number, 2)
               : value >= INT32_MIN ? put_big(at, 0xd2, number, 4)
                                    : put_big(at, 0xd3, number, 8);
    return number < 0x80          ? put_big(at, (uint8_t)number, 0, 0)
           : number <= UINT8_MAX  ? put_big(at, 0xcc, number, 1)
           : number <= UINT16_MAX ? put_big(at, 0xcd, number, 2)
           : number <= UINT32_MAX ? put_big(at, 0xce, number, 4)
                                  : put_big(at, 0xcf, number, 8);
}

static uint8_t *put_text(uint8_t *at, const struct limit_field *f)
{
    if (f->len < 32)
        *at++ = (uint8_t)(0xa0 | f->len);
    else
        at = f->len <= UINT8_MAX ? put_big(at, 0xd9, f->len, 1)
                                 : put_big(at, 0xda, f->len, 2);
    memcpy(at, f->at, f->len);
    return at + f->len;
}

static uint8_t *put_event(uint8_t *at, const struct limit_event *ev)
{
    unsigned pairs = (unsigned)__builtin_popcountll(ev->present);

    at = pairs < 16 ? put_big(at, (uint8_t)(0x80 | pairs), 0, 0)
                    : put_big(at, 0xde, pairs, 2);
    for (uint64_t left = ev->present; left; left &= left - 1) {
        unsigned key = (unsigned)__builtin_ctzll(left);
        const struct limit_field *f = &ev->field[key];

        *at++ = (uint8_t)key;
        if (f->type == LIMIT_FLAG)
            *at++ = (uint8_t)(0xc2 | f->value);
        else if (f->type == LIMIT_NUMBER)
            at = put_number(at, f->value);
        else if (f->type == LIMIT_LIST)
            at = put_text(put_number(put_big(at, 0x92, 0, 0), f->value), f);
        else
            at = put_text(at, f);
    }
    return at;
}

static size_t put_body(uint8_t *out, const struct limit_event *events, uint32_t len)
{
    uint8_t *at =
        len < 16 ? put_big(out, (uint8_t)(0x90 | len), 0, 0) : put_big(out, 0xdc, len, 2);

    for (uint32_t n = 0; n < len; n++)
        at = put_event(at, &events[n]);
    return (size_t)(at - out);
}

static void measure_encode(const struct measure_frames *frames)
{
    static struct limit_event events[256];
    static uint8_t out[1 << 20]; /* more than any frame */
    struct measure_span sum = {0, 0};

    for (size_t i = 0; i < frames->len; i++) {
        struct limit_cursor c;

        begin_body(&frames->list[i], &c);
        for (uint32_t n = 0; n < frames->list[i].events; n++)
            if (!limit_event(&c, &events[n]))
                measure_fail("not an event");
        struct measure_span begin = measure_begin();
        size_t len = put_body(out, events, frames->list[i].events);

        measure_add(&sum, begin);
        if (len != frames->list[i].len || memcmp(out, frames->list[i].at, len) != 0)
            measure_fail("frame %zu: encoded otherwise than it was", i);
    }
    measure_print_rate("limit/codec/encode", frames->events, sum);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        measure_fail("usage: limit_codec FRAMES");
    struct measure_frames frames = measure_frames_read(argv[1]);

    measure_decode(&frames);
    measure_encode(&frames);
    measure_frames_free(&frames);
    return 0;
}
