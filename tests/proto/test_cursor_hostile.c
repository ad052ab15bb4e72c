/* Bytes that nobody honest sends. Each row is a data body by hand; what must come of it
 * is an exact status, whether the events behind it can still be read, and a reason. */
#include "pack_help.h"

#include <criterion/criterion.h>

#include <string.h>

/* A stock of rice in pieces, so that a row can put something else in the place of one. */
#define KIND     "0104"
#define SOURCE   "02a377 6670"
#define ID       "03a178"
#define TIME     "0600"
#define COUNTRY  "0da350524b"
#define RICE     "0ea472696365"
#define QUANTITY "0f92ce001e8480a132"
#define UNIT     "10a174"
#define BEFORE   KIND SOURCE ID TIME
#define AFTER    COUNTRY RICE QUANTITY UNIT
#define STOCK    "88" BEFORE AFTER

/* What becomes of the first event. The body always claims a second one, a good one:
 * SKIPPED rows must find it, TORN rows must not. */
enum fate { GOOD, SKIPPED, TORN };

struct row {
    const char *label;
    const char *hex; /* of the event, without the list around it */
    enum status wanted;
    enum fate fate;
    const char *reason; /* part of it */
};

static const struct row keys[] = {
    {"the event itself", STOCK, ST_OK, GOOD, ""},
    {"keys in another order", "88" AFTER BEFORE, ST_OK, GOOD, ""},
    {"map16", "de0008" BEFORE AFTER, ST_OK, GOOD, ""},
    {"map32", "df00000008" BEFORE AFTER, ST_OK, GOOD, ""},
    {"a default that is stated", "89" BEFORE "0400" AFTER, ST_OK, GOOD, ""},
    {"retract false is stated", "89" BEFORE "05c2" AFTER, ST_OK, GOOD, ""},
    {"key in uint8", "88cc0104" SOURCE ID TIME AFTER, ST_OK, GOOD, ""},
    {"key in int64", "88d3000000000000000104" SOURCE ID TIME AFTER, ST_OK, GOOD, ""},
    {"list where the map is due", "90", ST_INVALID, SKIPPED,
     "expected a map, found a list"},
    {"nil where the map is due", "c0", ST_INVALID, SKIPPED, "expected a map, found nil"},
    {"map without keys", "80", ST_INVALID, SKIPPED, "kind: missing (key 1)"},
    {"no kind", "87" SOURCE ID TIME AFTER, ST_INVALID, SKIPPED, "kind: missing"},
    {"no id", "87" KIND SOURCE TIME AFTER, ST_INVALID, SKIPPED, "id: missing (key 3)"},
    {"no unit", "87" BEFORE COUNTRY RICE QUANTITY, ST_INVALID, SKIPPED, "unit: missing"},
    {"no commodity before the amount", "87" BEFORE COUNTRY QUANTITY UNIT, ST_INVALID,
     SKIPPED, "commodity: missing"},
    {"key 0", "89" BEFORE AFTER "0000", ST_INVALID, SKIPPED, "key 0 is not known"},
    {"key 36", "89" BEFORE AFTER "2400", ST_INVALID, SKIPPED, "key 36 is not known"},
    {"key 64", "89" BEFORE AFTER "4000", ST_INVALID, SKIPPED, "key 64 is not known"},
    {"key 2^63 - 1", "89" BEFORE AFTER "cf7fffffffffffffff00", ST_INVALID, SKIPPED,
     "not known"},
    {"key above int64", "89" BEFORE AFTER "cfffffffffffffffff00", ST_INVALID, SKIPPED,
     "key"},
    {"key -1", "89" BEFORE AFTER "ff00", ST_INVALID, SKIPPED, "key -1 is not known"},
    {"key a text", "89" BEFORE AFTER "a46b696e6400", ST_INVALID, SKIPPED,
     "expected an integer, found a text"},
    {"key a float", "89" BEFORE AFTER "ca3f80000000", ST_INVALID, SKIPPED,
     "found a float"},
    {"key a list", "89" BEFORE AFTER "90 00", ST_INVALID, SKIPPED, "found a list"},
    {"key twice", "89" BEFORE TIME AFTER, ST_INVALID, SKIPPED, "key 6 stands twice"},
    {"key twice, other width", "89" BEFORE "cc0600" AFTER, ST_INVALID, SKIPPED, "twice"},
    {"key of another kind", "89" BEFORE AFTER "2300", ST_INVALID, SKIPPED,
     "line: not of a stock (key 35)"},
    {"retracted, with a key of its kind", "88" BEFORE "0401 05c3 0700" COUNTRY,
     ST_INVALID, SKIPPED, "country: not of a retracted stock"},
    {"retracted", "87" BEFORE "0401 05c3 0700", ST_OK, GOOD, ""},
};

/* The time, or the note, is replaced. */
#define WITH_TIME(hex) "88" KIND SOURCE ID "06" hex AFTER
#define WITH_NOTE(hex) "89" BEFORE "09" hex AFTER
static const struct row values[] = {
    {"time float32", WITH_TIME("ca3f800000"), ST_INVALID, SKIPPED, "time: byte"},
    {"time float64", WITH_TIME("cb0000000000000000"), ST_INVALID, SKIPPED,
     "found a float"},
    {"time NaN", WITH_TIME("cb7ff8000000000000"), ST_INVALID, SKIPPED, "found a float"},
    {"time infinite", WITH_TIME("cb7ff0000000000000"), ST_INVALID, SKIPPED,
     "found a float"},
    {"time -0.0", WITH_TIME("cb8000000000000000"), ST_INVALID, SKIPPED, "found a float"},
    {"time denormal", WITH_TIME("cb0000000000000001"), ST_INVALID, SKIPPED,
     "found a float"},
    {"time nil", WITH_TIME("c0"), ST_INVALID, SKIPPED, "found nil"},
    {"time true", WITH_TIME("c3"), ST_INVALID, SKIPPED, "found true"},
    {"time a text", WITH_TIME("a130"), ST_INVALID, SKIPPED, "found a text"},
    {"time bytes", WITH_TIME("c40130"), ST_INVALID, SKIPPED, "found bytes"},
    {"time an extension", WITH_TIME("d6ff00000000"), ST_INVALID, SKIPPED, "an extension"},
    {"time ext8 of nothing", WITH_TIME("c700ff"), ST_INVALID, SKIPPED, "an extension"},
    {"time fixext16", WITH_TIME("d8ff00000000000000000000000000000000"), ST_INVALID,
     SKIPPED, "an extension"},
    {"time 0xc1", WITH_TIME("c1"), ST_INVALID, TORN, "0xc1"},
    {"time uint64 above int64", WITH_TIME("cf8000000000000000"), ST_OVERFLOW, SKIPPED,
     "time"},
    {"time int64 -2^63", WITH_TIME("d38000000000000000"), ST_OVERFLOW, SKIPPED, "time: "},
    {"time year 1", WITH_TIME("d3ff23400100d44000"), ST_OK, GOOD, ""},
    {"time before year 1", WITH_TIME("d3ff23400100d43fff"), ST_OVERFLOW, SKIPPED,
     "is not from"},
    {"time year 9999", WITH_TIME("cf0384440ccc735fff"), ST_OK, GOOD, ""},
    {"time after year 9999", WITH_TIME("cf0384440ccc736000"), ST_OVERFLOW, SKIPPED,
     "time: "},
    {"time in 8 bytes", WITH_TIME("cf0000000000000000"), ST_OK, GOOD, ""},
    {"time int8", WITH_TIME("d080"), ST_OK, GOOD, ""},
    {"time int16", WITH_TIME("d18000"), ST_OK, GOOD, ""},
    {"time int32", WITH_TIME("d280000000"), ST_OK, GOOD, ""},
    {"note str8", WITH_NOTE("d90161"), ST_OK, GOOD, ""},
    {"note str16", WITH_NOTE("da000161"), ST_OK, GOOD, ""},
    {"note str32", WITH_NOTE("db0000000161"), ST_OK, GOOD, ""},
    {"note empty", WITH_NOTE("a0"), ST_INVALID, SKIPPED, "note: an empty text"},
    {"note bytes", WITH_NOTE("c40161"), ST_INVALID, SKIPPED,
     "expected a text, found bytes"},
    {"note overlong slash", WITH_NOTE("a2c0af"), ST_INVALID, SKIPPED, "note: "},
    {"note surrogate", WITH_NOTE("a3eda080"), ST_INVALID, SKIPPED, "note: "},
    {"note above U+10FFFF", WITH_NOTE("a4f4908080"), ST_INVALID, SKIPPED, "note: "},
    {"note cut character", WITH_NOTE("a1c3"), ST_INVALID, SKIPPED, "note: "},
    {"note NUL", WITH_NOTE("a100"), ST_INVALID, SKIPPED, "note: "},
    {"note escape", WITH_NOTE("a11b"), ST_INVALID, SKIPPED, "note: "},
    {"note byte order mark", WITH_NOTE("a3efbbbf"), ST_INVALID, SKIPPED, "note: "},
    {"note right to left override", WITH_NOTE("a3e280ae"), ST_INVALID, SKIPPED, "note: "},
    {"kind 7", "88 0107" SOURCE ID TIME AFTER, ST_INVALID, SKIPPED,
     "kind: 7 names nothing"},
    {"kind -1", "88 01ff" SOURCE ID TIME AFTER, ST_INVALID, SKIPPED,
     "kind: -1 names nothing"},
    {"kind a text", "88 01a573746f636b" SOURCE ID TIME AFTER, ST_INVALID, SKIPPED,
     "kind: "},
    {"revision 2^31", "8a" BEFORE "04ce80000000 0700" AFTER, ST_OVERFLOW, SKIPPED,
     "revision"},
    {"revision 2^31 - 1", "8a" BEFORE "04ce7fffffff 0700" AFTER, ST_OK, GOOD, ""},
    {"revision -1", "8a" BEFORE "04ff 0700" AFTER, ST_INVALID, SKIPPED, "revision"},
    {"retract 1", "89" BEFORE "0501" AFTER, ST_INVALID, SKIPPED,
     "expected true or false"},
};

#define WITH_GOODS(hex)    "88" BEFORE COUNTRY hex UNIT
#define WITH_QUANTITY(hex) WITH_GOODS(RICE "0f" hex)
#define TWO_T              "ce001e8480"
static const struct row codes[] = {
    {"place unknown", "88" BEFORE "0da3515151" RICE QUANTITY UNIT, ST_INVALID, SKIPPED,
     "country: unknown code \"QQQ\""},
    {"place any", "88" BEFORE "0da12a" RICE QUANTITY UNIT, ST_INVALID, SKIPPED,
     "country: "},
    {"place not UTF-8", "88" BEFORE "0da3ffffff" RICE QUANTITY UNIT, ST_INVALID, SKIPPED,
     "country: a text that is no code"},
    {"place of 41 bytes",
     "88" BEFORE "0dd929"
     "414141414141414141414141414141414141414141414141414141414141414141414141414141414"
     "1" RICE QUANTITY UNIT,
     ST_INVALID, SKIPPED, "country: a text that is no code"},
    {"commodity misspelt", WITH_GOODS("0ea47269636f" QUANTITY), ST_INVALID, SKIPPED,
     "commodity: unknown code \"rico\" (did you mean \"rice\"?)"},
    {"commodity any", WITH_GOODS("0ea12a" QUANTITY), ST_INVALID, SKIPPED, "commodity: "},
    {"unit unknown", "88" BEFORE COUNTRY RICE QUANTITY "10a27878", ST_INVALID, SKIPPED,
     "unit: unknown code"},
    {"unit of energy", "88" BEFORE COUNTRY RICE QUANTITY "10a2474a", ST_INVALID, SKIPPED,
     "GJ"},
    {"quantity a number", WITH_QUANTITY("02"), ST_INVALID, SKIPPED, "expected a list"},
    {"quantity of 1", WITH_QUANTITY("91" TWO_T), ST_INVALID, SKIPPED,
     "a list of 1 values"},
    {"quantity of 4", WITH_QUANTITY("94" TWO_T "a132a265 69a0"), ST_INVALID, SKIPPED,
     "of 4"},
    {"quantity array16", WITH_QUANTITY("dc0002" TWO_T "a132"), ST_OK, GOOD, ""},
    {"quantity array32", WITH_QUANTITY("dd00000002" TWO_T "a132"), ST_OK, GOOD, ""},
    {"default set named", WITH_QUANTITY("93" TWO_T "a132a6656932303231"), ST_OK, GOOD,
     ""},
    {"set unknown", WITH_QUANTITY("93" TWO_T "a132a178"), ST_INVALID, SKIPPED,
     "quantity: unknown code \"x\""},
    {"base a float", WITH_QUANTITY("92cb4000000000000000a132"), ST_INVALID, SKIPPED,
     "a float"},
    {"base below zero", WITH_QUANTITY("92ffa22d31"), ST_OVERFLOW, SKIPPED,
     "quantity: -1"},
    {"base one too many", WITH_QUANTITY("92ce001e8481a132"), ST_INVALID, SKIPPED,
     "2000001"},
    {"base beyond the greatest", WITH_QUANTITY("92cf002386f26fc10001a131"), ST_OVERFLOW,
     SKIPPED, "largest amount"},
    {"number empty", WITH_QUANTITY("92" TWO_T "a0"), ST_INVALID, SKIPPED, "empty text"},
    {"number no number", WITH_QUANTITY("92" TWO_T "a13f"), ST_INVALID, SKIPPED,
     "quantity: "},
    {"number NaN", WITH_QUANTITY("92" TWO_T "a34e614e"), ST_INVALID, SKIPPED,
     "quantity: "},
    {"number an integer", WITH_QUANTITY("92" TWO_T "02"), ST_INVALID, SKIPPED,
     "found an integer"},
    {"quantity at the greatest depth", WITH_QUANTITY("9190"), ST_INVALID, SKIPPED,
     "list of 1"},
    {"quantity one too deep", WITH_QUANTITY("919190"), ST_INVALID, TORN, "too deep"},
};

#define PRICE(id, money, currency)                                                       \
    KIND_PRICE SOURCE id TIME RICE UNIT "1ba16d"                                         \
                                        "1c92" money "1d" currency
#define KIND_PRICE "0102"
static const struct row prices[] = {
    {"price", "89" PRICE(ID, "cd2710a131", "a3555344"), ST_OK, GOOD, ""},
    {"price below zero", "89" PRICE(ID, "d1d8f0a22d31", "a3555344"), ST_OK, GOOD, ""},
    {"price without an id", "88" PRICE("", "cd2710a131", "a3555344"), ST_INVALID, SKIPPED,
     "id: missing (key 3)"},
    {"currency of 4", "89" PRICE(ID, "cd2710a131", "a455534458"), ST_INVALID, SKIPPED,
     "currency: not a code of three letters"},
    {"currency of 2", "89" PRICE(ID, "cd2710a131", "a25553"), ST_INVALID, SKIPPED,
     "currency"},
    {"currency in small letters", "89" PRICE(ID, "cd2710a131", "a3757364"), ST_INVALID,
     SKIPPED, "currency"},
    {"currency with a NUL", "89" PRICE(ID, "cd2710a131", "a3555300"), ST_INVALID, SKIPPED,
     "currency"},
    {"money that its number does not give", "89" PRICE(ID, "cd2711a131", "a3555344"),
     ST_INVALID, SKIPPED, "price: "},
    {"money with a factor set",
     "89" KIND_PRICE SOURCE ID TIME RICE UNIT "1ba16d"
     "1c93cd2710a131a6656932303231 1da3555344",
     ST_INVALID, SKIPPED, "price: a list of 3"},
};

#define WITH_LENGTH(hex) "89" BEFORE AFTER "09" hex
static const struct row lengths[] = {
    {"map of 2^32 - 1", "dfffffffff", ST_INVALID, TORN, "a length beyond the end"},
    {"map of 65535", "deffff" BEFORE AFTER, ST_INVALID, TORN, "a length beyond the end"},
    {"map of one pair more than there is", "89" BEFORE AFTER, ST_INVALID, TORN,
     "found a map"},
    {"map of more pairs than half the bytes left", WITH_LENGTH("de0023"), ST_INVALID,
     TORN, "length beyond"},
    {"list of 2^32 - 1", WITH_LENGTH("ddffffffff"), ST_INVALID, TORN, "length beyond"},
    {"list of 65535", WITH_LENGTH("dcffff"), ST_INVALID, TORN, "length beyond"},
    {"text of 2^32 - 1", WITH_LENGTH("dbffffffff"), ST_INVALID, TORN, "length beyond"},
    {"text of 65535", WITH_LENGTH("daffff"), ST_INVALID, TORN, "length beyond"},
    {"text of 255", WITH_LENGTH("d9ff"), ST_INVALID, TORN, "length beyond"},
    {"bytes of 2^32 - 1", WITH_LENGTH("c6ffffffff"), ST_INVALID, TORN, "length beyond"},
    {"bytes of 255", WITH_LENGTH("c4ff"), ST_INVALID, TORN, "length beyond"},
    {"extension of 2^32 - 1", WITH_LENGTH("c9ffffffff01"), ST_INVALID, TORN,
     "length beyond"},
    {"extension of 65535", WITH_LENGTH("c8ffff01"), ST_INVALID, TORN, "length beyond"},
    {"extension of 255", WITH_LENGTH("c7ff01"), ST_INVALID, TORN, "length beyond"},
};

static uint8_t body_bytes[FRAME_BODY_MAX + 1];

/* A list of the row's event and, behind it, a good one. */
static struct bytes body_of(const char *hex)
{
    body_bytes[0] = 0x92;
    size_t len = 1 + from_hex(hex, body_bytes + 1, sizeof body_bytes - 1);
    len += from_hex(STOCK, body_bytes + len, sizeof body_bytes - len);
    return (struct bytes){body_bytes, len};
}

static void row_check(const struct row *row)
{
    struct unpacker u;
    struct event ev;
    struct why why = {""};
    bool skipped = row->fate != SKIPPED; /* must be set where it counts */
    cr_assert(unpack_begin(body_of(row->hex), &u, &why) == ST_OK, "%s", row->label);
    enum status st = unpack_next(&u, &ev, &skipped, &why);
    cr_assert(st == row->wanted, "%s: %s (%s)", row->label, status_text(st), why.text);
    cr_assert(strstr(why.text, row->reason), "%s: \"%s\"", row->label, why.text);
    if (st) {
        cr_assert(strncmp(why.text, "event 0: ", 9) == 0, "%s: %s", row->label, why.text);
        cr_assert(skipped == (row->fate == SKIPPED), "%s: skipped", row->label);
    }
    st = unpack_next(&u, &ev, &skipped, &why);
    cr_assert(st == (row->fate == TORN ? ST_NOT_FOUND : ST_OK), "%s: second: %s (%s)",
              row->label, status_text(st), why.text);
    cr_assert(unpack_next(&u, &ev, &skipped, &why) == ST_NOT_FOUND, "%s: end",
              row->label);
}

#define CHECK_ROWS(rows)                                                                 \
    for (size_t i = 0; i < sizeof(rows) / sizeof((rows)[0]); i++)                        \
    row_check(&(rows)[i])

Test(hostile, keys)
{
    CHECK_ROWS(keys);
}

Test(hostile, values)
{
    CHECK_ROWS(values);
}

Test(hostile, codes_and_amounts)
{
    CHECK_ROWS(codes);
}

Test(hostile, prices)
{
    CHECK_ROWS(prices);
}

Test(hostile, lengths)
{
    CHECK_ROWS(lengths);
}

Test(hostile, bodies_that_are_no_list_of_at_most_256)
{
    static const struct {
        const char *label, *hex;
        enum status wanted;
        const char *reason;
    } rows[] = {
        {"nothing", "", ST_INVALID, "the bytes end where a value is due"},
        {"no event", "90", ST_OK, ""},
        {"a map", "80", ST_INVALID, "expected a list, found a map"},
        {"nil", "c0", ST_INVALID, "expected a list, found nil"},
        {"0xc1", "c1", ST_INVALID, "0xc1"},
        {"half a length", "dc01", ST_INVALID, "the bytes end within a value"},
        {"one event and none there", "91", ST_INVALID, "a length beyond the end"},
        {"2^32 - 1 events", "ddffffffff00", ST_INVALID, "a length beyond the end"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct bytes body = {body_bytes,
                             from_hex(rows[i].hex, body_bytes, sizeof body_bytes)};
        struct unpacker u;
        struct why why = {""};
        enum status st = unpack_begin(body, &u, &why);
        cr_assert(st == rows[i].wanted, "%s: %s", rows[i].label, status_text(st));
        cr_assert(strstr(why.text, rows[i].reason), "%s: %s", rows[i].label, why.text);
    }
}

Test(hostile, the_257th_event_and_the_byte_beyond_the_frame_are_refused)
{
    struct unpacker u;
    struct why why;
    memset(body_bytes, 0x80, sizeof body_bytes);
    memcpy(body_bytes, "\xdc\x01\x00", 3);
    cr_assert(unpack_begin((struct bytes){body_bytes, 3 + 256}, &u, &why) == ST_OK);
    cr_assert(unpack_begin((struct bytes){body_bytes, FRAME_BODY_MAX}, &u, &why) ==
              ST_OK);
    cr_assert(unpack_begin((struct bytes){body_bytes, FRAME_BODY_MAX + 1}, &u, &why) ==
              ST_INVALID);
    body_bytes[2] = 0x01;
    cr_assert(unpack_begin((struct bytes){body_bytes, 3 + 257}, &u, &why) == ST_INVALID);
    cr_assert(strstr(why.text, "257 events"), "%s", why.text);
}

/* One event whose note makes it `size` bytes long. */
static struct bytes body_of_size(size_t size)
{
    size_t len = from_hex("91 89" BEFORE AFTER "09da", body_bytes, sizeof body_bytes);
    size_t note = size - (len - 1) - 2;
    body_bytes[len++] = (uint8_t)(note >> 8);
    body_bytes[len++] = (uint8_t)note;
    memset(body_bytes + len, 'n', note);
    return (struct bytes){body_bytes, len + note};
}

Test(hostile, an_event_above_its_size_is_refused_for_that)
{
    static const struct {
        size_t size;
        enum status wanted;
        const char *reason;
    } rows[] = {
        {EVENT_SIZE_MAX, ST_INVALID, "note"}, /* its size passes, its note does not */
        {EVENT_SIZE_MAX + 1, ST_OVERFLOW, "16385 bytes"},
    };
    for (size_t i = 0; i < 2; i++) {
        struct unpacker u;
        struct event ev;
        struct why why = {""};
        bool skipped = false;
        cr_assert(unpack_begin(body_of_size(rows[i].size), &u, &why) == ST_OK);
        enum status st = unpack_next(&u, &ev, &skipped, &why);
        cr_assert(st == rows[i].wanted && strstr(why.text, rows[i].reason), "%zu: %s: %s",
                  rows[i].size, status_text(st), why.text);
        cr_assert(skipped, "%zu", rows[i].size);
    }
}

Test(hostile, what_follows_the_last_event_is_refused_once)
{
    struct unpacker u;
    struct event ev;
    struct why why = {""};
    bool skipped = true;
    struct bytes body = {body_bytes,
                         from_hex("91" STOCK "00", body_bytes, sizeof body_bytes)};
    cr_assert(unpack_begin(body, &u, &why) == ST_OK);
    cr_assert(unpack_next(&u, &ev, &skipped, &why) == ST_OK);
    cr_assert(unpack_next(&u, &ev, &skipped, &why) == ST_INVALID && !skipped);
    cr_assert(strstr(why.text, "1 bytes after its last event"), "%s", why.text);
    cr_assert(unpack_next(&u, &ev, &skipped, &why) == ST_NOT_FOUND);
}

Test(hostile, fewer_events_than_claimed)
{
    struct unpacker u;
    struct event ev;
    struct why why = {""};
    bool skipped = true;
    struct bytes body = {body_bytes, from_hex("92" STOCK, body_bytes, sizeof body_bytes)};
    cr_assert(unpack_begin(body, &u, &why) == ST_OK);
    cr_assert(unpack_next(&u, &ev, &skipped, &why) == ST_OK);
    cr_assert(unpack_next(&u, &ev, &skipped, &why) == ST_INVALID && !skipped);
    cr_assert(strstr(why.text, "event 1: "), "%s", why.text);
    cr_assert(unpack_next(&u, &ev, &skipped, &why) == ST_NOT_FOUND);
}
