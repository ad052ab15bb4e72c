/* Our cursor against msgpack-c's own unpacker, on well-formed values of every type and
 * width: both must read the same values and end at the same byte. */
#include "pack_help.h"

#include "../../proto/cursor.h"

#include <criterion/criterion.h>

#include <msgpack.h>
#include <string.h>

#define VALUES_MAX 64
#define ROUNDS     5000

/* A number of any magnitude, so that every width comes up. */
static uint64_t any_number(uint64_t *state)
{
    uint64_t number = next_random(state);
    return number >> next_random(state) % 64;
}

static char letters[70000];

static void put_sized(msgpack_packer *p, uint64_t *state, unsigned type)
{
    static const size_t lens[] = {0, 1, 31, 32, 255, 256, 65535, 65536};
    bool seldom = next_random(state) % 64 == 0; /* the long ones are slow */
    size_t len = lens[next_random(state) % (seldom ? 8 : 6)];
    if (type == 0) {
        msgpack_pack_str(p, len);
        msgpack_pack_str_body(p, letters, len);
    } else if (type == 1) {
        msgpack_pack_bin(p, len);
        msgpack_pack_bin_body(p, letters, len);
    } else {
        msgpack_pack_ext(p, len, (int8_t)next_random(state));
        msgpack_pack_ext_body(p, letters, len);
    }
}

static void put_fixed(msgpack_packer *p, uint64_t *state)
{
    uint64_t n = any_number(state);
    switch (next_random(state) % 8) {
    case 0:
        msgpack_pack_fix_uint8(p, (uint8_t)n);
        break;
    case 1:
        msgpack_pack_fix_uint16(p, (uint16_t)n);
        break;
    case 2:
        msgpack_pack_fix_uint32(p, (uint32_t)n);
        break;
    case 3:
        msgpack_pack_fix_uint64(p, n);
        break;
    case 4:
        msgpack_pack_fix_int8(p, (int8_t)n);
        break;
    case 5:
        msgpack_pack_fix_int16(p, (int16_t)n);
        break;
    case 6:
        msgpack_pack_fix_int32(p, (int32_t)n);
        break;
    default:
        msgpack_pack_fix_int64(p, (int64_t)n);
        break;
    }
}

static void put_scalar(msgpack_packer *p, uint64_t *state)
{
    switch (next_random(state) % 9) {
    case 0:
        msgpack_pack_nil(p);
        break;
    case 1:
        msgpack_pack_true(p);
        break;
    case 2:
        msgpack_pack_false(p);
        break;
    case 3:
        msgpack_pack_uint64(p, any_number(state));
        break;
    case 4:
        msgpack_pack_int64(p, -(int64_t)(any_number(state) >> 1));
        break;
    case 5:
        msgpack_pack_double(p, 0.5);
        break;
    case 6:
        msgpack_pack_float(p, 0.5F);
        break;
    case 7:
        put_fixed(p, state);
        break;
    default:
        put_sized(p, state, (unsigned)(next_random(state) % 3));
        break;
    }
}

/* A scalar, or a list or map of scalars, also of more than 15. */
static void put_value(msgpack_packer *p, uint64_t *state)
{
    uint64_t choice = next_random(state) % 8, len = next_random(state) % 20;
    if (choice > 1) {
        put_scalar(p, state);
        return;
    }
    if (choice == 0)
        msgpack_pack_array(p, len);
    else
        msgpack_pack_map(p, len);
    for (uint64_t i = 0; i < len * (choice + 1); i++)
        put_scalar(p, state);
}

static void integer_same(struct cursor *c, const msgpack_object *theirs, unsigned round)
{
    bool negative = theirs->type == MSGPACK_OBJECT_NEGATIVE_INTEGER;
    struct cursor other = *c;
    uint64_t natural = 0;
    int64_t integer = 0;
    enum status st = cursor_int(&other, &integer);
    if (negative) {
        cr_assert(st == ST_OK && integer == theirs->via.i64, "round %u", round);
        cr_assert(cursor_uint(c, &natural) == ST_OVERFLOW, "round %u", round);
        *c = other;
        return;
    }
    bool fits = theirs->via.u64 <= INT64_MAX;
    cr_assert(st == (fits ? ST_OK : ST_OVERFLOW), "round %u", round);
    cr_assert(!fits || integer == (int64_t)theirs->via.u64, "round %u", round);
    cr_assert(cursor_uint(c, &natural) == ST_OK && natural == theirs->via.u64, "round %u",
              round);
}

static void text_same(struct cursor *c, const msgpack_object *theirs, unsigned round)
{
    struct text text;
    cr_assert(cursor_text(c, &text) == ST_OK, "round %u", round);
    cr_assert(text_equal(text, (struct text){theirs->via.str.ptr, theirs->via.str.size}),
              "round %u: text", round);
}

static void bytes_same(struct cursor *c, const msgpack_object *theirs, unsigned round)
{
    struct bytes bytes;
    cr_assert(cursor_bytes(c, &bytes) == ST_OK, "round %u", round);
    cr_assert(bytes.len == theirs->via.bin.size &&
                  (!bytes.len || memcmp(bytes.at, theirs->via.bin.ptr, bytes.len) == 0),
              "round %u: bytes", round);
}

static void flag_same(struct cursor *c, const msgpack_object *theirs, unsigned round)
{
    bool flag = false;
    cr_assert(cursor_flag(c, &flag) == ST_OK && flag == theirs->via.boolean, "round %u",
              round);
}

/* The beginning of a list or map alone, then the whole of it. */
static void container_same(struct cursor *c, const msgpack_object *theirs, unsigned round)
{
    bool list = theirs->type == MSGPACK_OBJECT_ARRAY;
    struct cursor inside = *c;
    uint32_t len = 0, wanted = list ? theirs->via.array.size : theirs->via.map.size;
    enum status st = list ? cursor_list(&inside, &len) : cursor_map(&inside, &len);
    cr_assert(st == ST_OK && len == wanted, "round %u: %u values", round, (unsigned)len);
    cr_assert(cursor_skip(c, 0) == ST_INVALID, "round %u: depth 0", round);
    cr_assert(cursor_skip(c, 1) == ST_OK, "round %u", round);
}

static void value_same(struct cursor *c, const msgpack_object *theirs, unsigned round)
{
    switch (theirs->type) {
    case MSGPACK_OBJECT_NIL:
        cr_assert(cursor_nil(c), "round %u: nil", round);
        break;
    case MSGPACK_OBJECT_BOOLEAN:
        flag_same(c, theirs, round);
        break;
    case MSGPACK_OBJECT_POSITIVE_INTEGER:
    case MSGPACK_OBJECT_NEGATIVE_INTEGER:
        integer_same(c, theirs, round);
        break;
    case MSGPACK_OBJECT_STR:
        text_same(c, theirs, round);
        break;
    case MSGPACK_OBJECT_BIN:
        bytes_same(c, theirs, round);
        break;
    case MSGPACK_OBJECT_ARRAY:
    case MSGPACK_OBJECT_MAP:
        container_same(c, theirs, round);
        break;
    case MSGPACK_OBJECT_FLOAT32:
    case MSGPACK_OBJECT_FLOAT64:
    case MSGPACK_OBJECT_EXT:
        cr_assert(cursor_skip(c, 0) == ST_OK, "round %u: skip", round);
        break;
    }
}

/* Every way to misread a value must fail, and leave the cursor where it stood. */
static void others_fail(const struct cursor *at, const msgpack_object *theirs,
                        unsigned round)
{
    struct cursor c = *at;
    struct text text;
    struct bytes bytes;
    bool flag = false;
    uint32_t len = 0;
    if (theirs->type != MSGPACK_OBJECT_STR)
        cr_assert(cursor_text(&c, &text) == ST_INVALID && c.at == at->at, "round %u",
                  round);
    if (theirs->type != MSGPACK_OBJECT_BIN)
        cr_assert(cursor_bytes(&c, &bytes) == ST_INVALID && c.at == at->at, "round %u",
                  round);
    if (theirs->type != MSGPACK_OBJECT_BOOLEAN)
        cr_assert(cursor_flag(&c, &flag) == ST_INVALID && c.at == at->at, "round %u",
                  round);
    if (theirs->type != MSGPACK_OBJECT_ARRAY)
        cr_assert(cursor_list(&c, &len) == ST_INVALID && c.at == at->at, "round %u",
                  round);
    if (theirs->type != MSGPACK_OBJECT_MAP)
        cr_assert(cursor_map(&c, &len) == ST_INVALID && c.at == at->at, "round %u",
                  round);
    if (theirs->type != MSGPACK_OBJECT_NIL)
        cr_assert(!cursor_nil(&c) && c.at == at->at, "round %u", round);
}

Test(cursor, reads_what_msgpack_c_reads)
{
    uint64_t state = 42;
    msgpack_sbuffer buffer;
    msgpack_packer p;
    memset(letters, 'x', sizeof letters);
    msgpack_sbuffer_init(&buffer);
    msgpack_packer_init(&p, &buffer, msgpack_sbuffer_write);
    for (unsigned round = 0; round < ROUNDS; round++) {
        msgpack_unpacked theirs;
        uint64_t values = next_random(&state) % VALUES_MAX;
        size_t end = 0;
        uint32_t len = 0;
        msgpack_sbuffer_clear(&buffer);
        msgpack_pack_array(&p, values);
        for (uint64_t i = 0; i < values; i++)
            put_value(&p, &state);
        msgpack_unpacked_init(&theirs);
        cr_assert(msgpack_unpack_next(&theirs, buffer.data, buffer.size, &end) ==
                  MSGPACK_UNPACK_SUCCESS);
        struct cursor c =
            cursor_of((struct bytes){(const uint8_t *)buffer.data, buffer.size});
        cr_assert(cursor_list(&c, &len) == ST_OK && len == values, "round %u", round);
        for (uint32_t i = 0; i < len; i++) {
            others_fail(&c, &theirs.data.via.array.ptr[i], round);
            value_same(&c, &theirs.data.via.array.ptr[i], round);
        }
        cr_assert(cursor_left(&c) == 0, "round %u: %zu bytes left", round,
                  cursor_left(&c));
        msgpack_unpacked_destroy(&theirs);
    }
    msgpack_sbuffer_destroy(&buffer);
}

Test(cursor, skips_four_deep_and_not_five)
{
    static const struct {
        const char *label;
        size_t len;
        const char *bytes;
        unsigned depth;
        enum status wanted;
    } rows[] = {
        {"scalar at 0", 1, "\x00", 0, ST_OK},
        {"empty list at 0", 1, "\x90", 0, ST_INVALID},
        {"empty list at 1", 1, "\x90", 1, ST_OK},
        {"four lists", 5, "\x91\x91\x91\x91\x00", 4, ST_OK},
        {"five lists", 6, "\x91\x91\x91\x91\x91\x00", 4, ST_INVALID},
        {"four maps as keys", 9, "\x81\x81\x81\x81\x00\x00\x00\x00\x00", 4, ST_OK},
        {"four maps", 9, "\x81\x00\x81\x00\x81\x00\x81\x00\x00", 4, ST_OK},
        {"five maps", 11, "\x81\x00\x81\x00\x81\x00\x81\x00\x81\x00\x00", 4, ST_INVALID},
        {"siblings do not add up", 7, "\x93\x91\x00\x91\x00\x91\x00", 2, ST_OK},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct cursor c =
            cursor_of((struct bytes){(const uint8_t *)rows[i].bytes, rows[i].len});
        enum status st = cursor_skip(&c, rows[i].depth);
        cr_assert(st == rows[i].wanted, "%s: %s", rows[i].label, status_text(st));
        cr_assert(c.at == (st ? c.begin : c.end), "%s: where", rows[i].label);
    }
}
