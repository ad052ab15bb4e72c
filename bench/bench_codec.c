/* Codec: events to msgpack and back, without anything around it. */
#include "../core/fact.h"
#include "measure.h"

#include "shortfall/proto/pack.h"

static enum status begin_frame(const struct measure_body *body, enum unpack_level level,
                               struct unpacker *out, struct why *why)
{
    enum status st = unpack_begin((struct bytes){body->at, body->len}, out, why);

    out->level = level;
    return st;
}

/* As the recorder (a door) and the fold (of what is recorded) do it: into one event,
 * which is then forgotten. */
static void measure_decode(const struct measure_frames *frames, enum unpack_level level,
                           const char *name)
{
    struct why why = {""};
    uint64_t sum = 0;
    struct measure_span begin = measure_begin();

    for (size_t i = 0; i < frames->len; i++) {
        struct event ev;
        struct unpacker u;
        bool skipped;
        enum status st = begin_frame(&frames->list[i], level, &u, &why);

        for (uint32_t n = 0; st == ST_OK && n < frames->list[i].events; n++) {
            st = unpack_next(&u, &ev, &skipped, &why);
            sum += ev.id.len;
        }
        measure_check(st, "decode", &why);
    }
    measure_print_rate(name, frames->events, measure_since(begin));
    if (sum == 0)
        measure_fail("nothing was decoded");
}

static void decode_frame(const struct measure_body *body, struct event *out)
{
    struct unpacker u;
    bool skipped;
    struct why why = {""};
    enum status st = begin_frame(body, UNPACK_RECORDED, &u, &why);

    for (uint32_t n = 0; st == ST_OK && n < body->events; n++)
        st = unpack_next(&u, &out[n], &skipped, &why);
    measure_check(st, "decode", &why);
}

/* The two hashes that the core takes of each event. */
static void measure_hash(const struct measure_frames *frames)
{
    static struct event events[FRAME_EVENTS_MAX];
    struct measure_span sum = {0, 0};
    struct hash128 all = {0, 0};

    for (size_t i = 0; i < frames->len; i++) {
        decode_frame(&frames->list[i], events);
        struct measure_span begin = measure_begin();

        for (uint32_t n = 0; n < frames->list[i].events; n++) {
            all = hash128_add(all, fact_identity(events[n].source, events[n].id));
            all = hash128_add(all, event_content(&events[n]));
        }
        measure_add(&sum, begin);
    }
    measure_print_rate("codec/hash", frames->events, sum);
    if (hash128_equal(all, (struct hash128){0, 0}))
        measure_fail("nothing was hashed");
}

static void measure_encode(const struct measure_frames *frames)
{
    static struct event events[FRAME_EVENTS_MAX];
    struct measure_span sum = {0, 0};
    struct packer *packer;
    uint64_t bytes = 0;

    measure_check(packer_new(&packer), "make a packer", NULL);
    for (size_t i = 0; i < frames->len; i++) {
        decode_frame(&frames->list[i], events);
        struct measure_span begin = measure_begin();

        packer_clear(packer);
        for (uint32_t n = 0; n < frames->list[i].events; n++)
            measure_check(packer_add(packer, &events[n]), "encode", NULL);
        bytes += packer_body(packer).len;
        measure_add(&sum, begin);
    }
    measure_print_rate("codec/encode", frames->events, sum);
    measure_print("events/bytes", "B", (double)bytes / (double)frames->events);
    packer_free(packer);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        measure_fail("usage: bench_codec FRAMES");
    struct measure_frames frames = measure_frames_read(argv[1]);

    measure_decode(&frames, UNPACK_DOOR, "codec/decode");
    measure_decode(&frames, UNPACK_RECORDED, "codec/recorded");
    measure_hash(&frames);
    measure_encode(&frames);
    measure_frames_free(&frames);
    return 0;
}
