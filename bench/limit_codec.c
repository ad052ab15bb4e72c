/* The limit of the codec: a bounded cursor and a hash of each fact's name, and the same
 * fields written with msgpack-c. */
#include "limit_decode.h"
#include "measure.h"

#include <msgpack.h>
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

static void put_text(msgpack_packer *p, const struct limit_field *f)
{
    msgpack_pack_str(p, f->len);
    msgpack_pack_str_body(p, f->at, f->len);
}

static void put_event(msgpack_packer *p, const struct limit_event *ev)
{
    msgpack_pack_map(p, (size_t)__builtin_popcountll(ev->present));
    for (unsigned key = 1; key < L_KEYS; key++) {
        const struct limit_field *f = &ev->field[key];

        if ((ev->present >> key & 1) == 0)
            continue;
        msgpack_pack_uint8(p, (uint8_t)key);
        if (f->type == LIMIT_TEXT) {
            put_text(p, f);
        } else if (f->type == LIMIT_LIST) {
            msgpack_pack_array(p, 2);
            msgpack_pack_int64(p, f->value);
            put_text(p, f);
        } else {
            msgpack_pack_int64(p, f->value);
        }
    }
}

static void measure_encode(const struct measure_frames *frames)
{
    static struct limit_event events[256];
    struct measure_span sum = {0, 0};
    msgpack_sbuffer buffer;
    msgpack_packer packer;

    msgpack_sbuffer_init(&buffer);
    msgpack_packer_init(&packer, &buffer, msgpack_sbuffer_write);
    for (size_t i = 0; i < frames->len; i++) {
        struct limit_cursor c;

        begin_body(&frames->list[i], &c);
        for (uint32_t n = 0; n < frames->list[i].events; n++)
            if (!limit_event(&c, &events[n]))
                measure_fail("not an event");
        struct measure_span begin = measure_begin();

        msgpack_sbuffer_clear(&buffer);
        msgpack_pack_array(&packer, frames->list[i].events);
        for (uint32_t n = 0; n < frames->list[i].events; n++)
            put_event(&packer, &events[n]);
        measure_add(&sum, begin);
        if (buffer.size != frames->list[i].len)
            measure_fail("encoded as %zu bytes, not %u", buffer.size,
                         frames->list[i].len);
    }
    measure_print_rate("limit/codec/encode", frames->events, sum);
    msgpack_sbuffer_destroy(&buffer);
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
