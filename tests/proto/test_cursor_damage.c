/* Good bodies cut short or hit by random bytes: every read stays within them, every call
 * comes to an end, and what is still whole is read as msgpack-c reads it. */
#include "pack_help.h"

#include "../../proto/cursor.h"

#include <criterion/criterion.h>

#include <msgpack.h>
#include <stdlib.h>
#include <string.h>

static struct bytes all_samples(struct packer **packer)
{
    cr_assert(packer_new(packer) == ST_OK);
    for (unsigned i = 0; i < SAMPLES; i++) {
        struct event ev;
        sample_event(i, &ev);
        cr_assert(packer_add(*packer, &ev) == ST_OK, "sample %u", i);
    }
    return packer_body(*packer);
}

/* Reads all that can be read; how many events were good. */
static unsigned drain(struct bytes body, enum unpack_level level, bool *refused)
{
    struct unpacker u;
    struct event ev;
    struct why why;
    bool skipped = false;
    unsigned good = 0;
    enum status st = unpack_begin(body, &u, &why);
    *refused = st != ST_OK;
    u.level = level;
    for (unsigned i = 0; !st || (st != ST_NOT_FOUND && skipped); i++) {
        cr_assert(i <= FRAME_EVENTS_MAX, "no end");
        skipped = false;
        st = unpack_next(&u, &ev, &skipped, &why);
        good += st == ST_OK;
        cr_assert(st || event_check_recorded(&ev, NULL) == ST_OK, "out of range");
        *refused |= st && st != ST_NOT_FOUND;
    }
    return good;
}

/* In a block of its own size each time, so that the sanitizer sees a read beyond. */
static uint8_t *copy_of(struct bytes body, size_t len)
{
    uint8_t *copy = malloc(len + 1);
    cr_assert(copy != NULL);
    memcpy(copy + 1, body.at, len);
    return copy;
}

Test(damage, every_truncation_is_refused_and_gives_only_whole_events)
{
    struct packer *packer = NULL;
    struct bytes body = all_samples(&packer);
    unsigned before = 0;
    for (size_t cut = 0; cut < body.len; cut++) {
        uint8_t *copy = copy_of(body, cut);
        bool refused = false;
        unsigned good = drain((struct bytes){copy + 1, cut}, UNPACK_DOOR, &refused);
        cr_assert(refused, "%zu bytes", cut);
        cr_assert(good >= before && good < SAMPLES, "%zu bytes: %u events", cut, good);
        before = good;
        free(copy);
    }
    cr_assert(before == SAMPLES - 1, "%u events", before);
    packer_free(packer);
}

/* msgpack-c is asked only about what ours has found whole: it allocates by claimed
 * lengths. It must find the same end. */
static void agree_on_the_end(struct bytes body, unsigned round)
{
    struct cursor c = cursor_of(body);
    msgpack_unpacked theirs;
    size_t end = 0;
    if (cursor_skip(&c, CURSOR_DEPTH_MAX))
        return;
    msgpack_unpacked_init(&theirs);
    msgpack_unpack_return got =
        msgpack_unpack_next(&theirs, (const char *)body.at, body.len, &end);
    cr_assert(got == MSGPACK_UNPACK_SUCCESS, "round %u: msgpack-c says %d", round, got);
    cr_assert(end == (size_t)(c.at - c.begin), "round %u: %zu, not %zu", round,
              (size_t)(c.at - c.begin), end);
    msgpack_unpacked_destroy(&theirs);
}

Test(damage, damaged_bodies_never_lead_beyond_their_end)
{
    struct packer *packer = NULL;
    struct bytes body = all_samples(&packer);
    uint64_t state = 1;
    unsigned refusals = 0;
    for (unsigned round = 0; round < 20000; round++) {
        size_t len = body.len - next_random(&state) % 8;
        uint8_t *copy = copy_of(body, len);
        for (uint64_t hits = 1 + next_random(&state) % 4; hits; hits--)
            copy[1 + next_random(&state) % len] = (uint8_t)next_random(&state);
        struct bytes damaged = {copy + 1, len};
        bool refused = false;
        unsigned good = drain(damaged, UNPACK_DOOR, &refused);
        refusals += refused;
        unsigned recorded = drain(damaged, UNPACK_RECORDED, &refused);
        cr_assert(good <= recorded, "round %u: a door lets more through", round);
        agree_on_the_end(damaged, round);
        free(copy);
    }
    cr_assert(refusals > 10000 && refusals <= 20000, "%u refusals", refusals);
    packer_free(packer);
}
