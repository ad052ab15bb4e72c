/* Any bytes to our cursor and to msgpack-c: both find the same values and end at the same
 * byte. The one difference is the one proto/SCHEMA.md states: four deep and no more. */
#include "fuzz.h"

#include "../../proto/cursor.h"

#include <msgpack.h>
#include <string.h>

#define CLAIM_MAX  4096 /* items; those of all levels fit into 6 MB */
#define LEVELS_MAX 30   /* msgpack-c itself gives up a little deeper */

/* msgpack-c takes memory for as many items as a list claims to have, before it has seen
 * one: it gets no bytes that can be read as a claim of too many. */
static bool may_claim_too_much(const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        size_t width = data[i] % 2 ? 4 : 2;
        uint64_t claim = 0;
        if (data[i] < 0xdc || data[i] > 0xdf || size - i <= width)
            continue;
        for (size_t k = 1; k <= width; k++)
            claim = claim << 8 | data[i + k];
        if (claim > CLAIM_MAX)
            return true;
    }
    return false;
}

/* The first value as msgpack-c reads it and writes it again. */
static bool theirs(struct bytes bytes, msgpack_packer *out, size_t *end)
{
    msgpack_unpacked result;
    msgpack_unpacked_init(&result);
    bool read = msgpack_unpack_next(&result, (const char *)bytes.at, bytes.len, end) ==
                MSGPACK_UNPACK_SUCCESS;
    MUST(!read || msgpack_pack_object(out, result.data) == 0);
    msgpack_unpacked_destroy(&result);
    return read;
}

/* Writes one value as msgpack-c would, of a list or map its beginning; then *within is
 * one more than the values that stand within, else 0. false: the cursor reads none. */
static bool put_value(struct cursor *c, msgpack_packer *out, uint64_t *within)
{
    struct text text;
    struct bytes bytes = {.at = c->at};
    uint64_t natural;
    int64_t integer;
    uint32_t len;
    bool flag;
    *within = 0;
    if (!cursor_uint(c, &natural))
        return !msgpack_pack_uint64(out, natural);
    if (!cursor_int(c, &integer))
        return !msgpack_pack_int64(out, integer);
    if (!cursor_flag(c, &flag))
        return !(flag ? msgpack_pack_true(out) : msgpack_pack_false(out));
    if (cursor_nil(c))
        return !msgpack_pack_nil(out);
    if (!cursor_text(c, &text))
        return !msgpack_pack_str_with_body(out, text.at, text.len);
    if (!cursor_list(c, &len)) {
        *within = 1 + (uint64_t)len;
        return !msgpack_pack_array(out, len);
    }
    if (!cursor_map(c, &len)) {
        *within = 1 + 2 * (uint64_t)len;
        return !msgpack_pack_map(out, len);
    }
    if (!cursor_bytes(c, &bytes))
        return !msgpack_pack_bin_with_body(out, bytes.at, bytes.len);
    /* Floats and extensions are for nobody: msgpack-c reads what is skipped. */
    bool skips = !cursor_skip(c, 0);
    bytes.len = (size_t)(c->at - bytes.at);
    MUST(!skips || theirs(bytes, out, &(size_t){0}));
    return skips;
}

/* The first value as our cursor reads it, and how deep it nests. */
static bool ours(struct cursor *c, msgpack_packer *out, unsigned *deepest)
{
    uint64_t left[LEVELS_MAX + 1] = {1}, within; /* values still due at each level */
    unsigned open = 0;
    for (*deepest = 0; left[0] || open;) {
        if (open == LEVELS_MAX || !put_value(c, out, &within))
            return false;
        left[open]--;
        if (within)
            left[++open] = within - 1;
        *deepest = open > *deepest ? open : *deepest;
        while (open && left[open] == 0)
            open--;
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cursor walked = cursor_of((struct bytes){data, size}), skipped = walked;
    msgpack_sbuffer buffers[2] = {{0}};
    msgpack_packer packers[2];
    unsigned deepest;
    size_t end = 0;
    if (may_claim_too_much(data, size))
        return 0;
    msgpack_packer_init(&packers[0], &buffers[0], msgpack_sbuffer_write);
    msgpack_packer_init(&packers[1], &buffers[1], msgpack_sbuffer_write);
    bool read = ours(&walked, &packers[0], &deepest);
    bool skips = !cursor_skip(&skipped, CURSOR_DEPTH_MAX);
    MUST(skips == (read && deepest <= CURSOR_DEPTH_MAX));
    MUST(!skips || skipped.at == walked.at);
    if (deepest < LEVELS_MAX) {
        MUST(theirs((struct bytes){data, size}, &packers[1], &end) == read);
        MUST(!read || (end == (size_t)(walked.at - walked.begin) &&
                       buffers[0].size == buffers[1].size &&
                       !memcmp(buffers[0].data, buffers[1].data, buffers[0].size)));
    }
    msgpack_sbuffer_destroy(&buffers[0]);
    msgpack_sbuffer_destroy(&buffers[1]);
    return 0;
}
