/* The bounded msgpack cursor. msgpack-c's own unpacker is not used on what comes from
 * outside: it allocates by the length a message claims. Must never move `at` beyond
 * `end`, nor recurse. */
#include "cursor.h"

#include <assert.h>

enum wire_type {
    WIRE_NEVER, /* 0xc1: no msgpack value begins with it */
    WIRE_NIL,
    WIRE_FALSE,
    WIRE_TRUE,
    WIRE_INT,
    WIRE_UINT, /* an unsigned that may be above INT64_MAX */
    WIRE_FLOAT,
    WIRE_TEXT,
    WIRE_BYTES,
    WIRE_EXT,
    WIRE_LIST,
    WIRE_MAP
};

static const char *const type_names[] = {
    [WIRE_NEVER] = "byte 0xc1, which msgpack never uses",
    [WIRE_NIL] = "nil",
    [WIRE_FALSE] = "false",
    [WIRE_TRUE] = "true",
    [WIRE_INT] = "an integer",
    [WIRE_UINT] = "an integer",
    [WIRE_FLOAT] = "a float",
    [WIRE_TEXT] = "a text",
    [WIRE_BYTES] = "bytes",
    [WIRE_EXT] = "an extension",
    [WIRE_LIST] = "a list",
    [WIRE_MAP] = "a map",
};

/* What follows a first byte: `width` bytes of a big-endian number (the value of an
 * integer, the length of everything else), then `fixed` bytes plus that length. */
struct shape {
    uint8_t type, width, fixed;
};

/* First bytes 0xc0 to 0xdf, in the order of msgpack's specification. */
static const struct shape shapes[32] = {
    {WIRE_NIL, 0, 0},   {WIRE_NEVER, 0, 0}, {WIRE_FALSE, 0, 0}, {WIRE_TRUE, 0, 0},
    {WIRE_BYTES, 1, 0}, {WIRE_BYTES, 2, 0}, {WIRE_BYTES, 4, 0}, {WIRE_EXT, 1, 1},
    {WIRE_EXT, 2, 1},   {WIRE_EXT, 4, 1},   {WIRE_FLOAT, 0, 4}, {WIRE_FLOAT, 0, 8},
    {WIRE_UINT, 1, 0},  {WIRE_UINT, 2, 0},  {WIRE_UINT, 4, 0},  {WIRE_UINT, 8, 0},
    {WIRE_INT, 1, 0},   {WIRE_INT, 2, 0},   {WIRE_INT, 4, 0},   {WIRE_INT, 8, 0},
    {WIRE_EXT, 0, 2},   {WIRE_EXT, 0, 3},   {WIRE_EXT, 0, 5},   {WIRE_EXT, 0, 9},
    {WIRE_EXT, 0, 17},  {WIRE_TEXT, 1, 0},  {WIRE_TEXT, 2, 0},  {WIRE_TEXT, 4, 0},
    {WIRE_LIST, 2, 0},  {WIRE_LIST, 4, 0},  {WIRE_MAP, 2, 0},   {WIRE_MAP, 4, 0},
};

/* One value's beginning. */
struct head {
    enum wire_type type;
    uint64_t number;        /* length, pairs, or an unsigned integer */
    int64_t integer;        /* WIRE_INT */
    const uint8_t *content; /* of texts, bytes */
};

struct cursor cursor_of(struct bytes bytes)
{
    /* An empty view may have no address; a pointer to something keeps arithmetic valid.
     */
    static const uint8_t nothing[1] = {0};
    const uint8_t *at = bytes.at ? bytes.at : nothing;
    assert(bytes.at || bytes.len == 0);
    return (struct cursor){.begin = at, .at = at, .end = at + bytes.len, .bad = at};
}

size_t cursor_left(const struct cursor *c)
{
    return (size_t)(c->end - c->at);
}

static enum status fail(struct cursor *c, const uint8_t *at, enum status st,
                        const char *expected, const char *found)
{
    c->at = at;
    c->bad = at;
    c->expected = expected;
    c->found = found;
    return st;
}

/* First bytes that hold their number themselves; false: see `shapes`. */
static bool head_short(uint8_t first, struct head *out)
{
    if (first < 0x80)
        *out = (struct head){.type = WIRE_UINT, .number = first};
    else if (first < 0x90)
        *out = (struct head){.type = WIRE_MAP, .number = first & 0x0fU};
    else if (first < 0xa0)
        *out = (struct head){.type = WIRE_LIST, .number = first & 0x0fU};
    else if (first < 0xc0)
        *out = (struct head){.type = WIRE_TEXT, .number = first & 0x1fU};
    else if (first >= 0xe0)
        *out = (struct head){.type = WIRE_INT, .integer = (int64_t)first - 0x100};
    else
        return false;
    return true;
}

/* The two's complement of `width` bytes, without relying on a conversion the compiler
 * defines. */
static int64_t signed_of(uint64_t number, unsigned width)
{
    assert(width >= 1 && width <= 8);
    unsigned shift = 64 - 8 * width;
    uint64_t high = number << shift; /* the sign is bit 63 now */
    if (!(high >> 63))
        return (int64_t)number;
    return -(int64_t)(~high >> shift) - 1;
}

/* `width` bytes, which are there, as a big-endian number. */
static uint64_t load(const struct cursor *c, unsigned width)
{
    uint64_t number = 0;
    if (width > 0 && cursor_left(c) >= 8)
        return cursor_load8(c->at) >> (64 - 8 * width);
    for (unsigned i = 0; i < width; i++)
        number = number << 8 | c->at[i];
    return number;
}

static bool head_long(struct cursor *c, uint8_t first, struct head *out, size_t *fixed)
{
    const struct shape *shape = &shapes[first - 0xc0];
    *out = (struct head){.type = (enum wire_type)shape->type};
    if (shape->width > cursor_left(c))
        return false;
    out->number = load(c, shape->width);
    if (shape->type == WIRE_INT)
        out->integer = signed_of(out->number, shape->width);
    c->at += shape->width;
    *fixed = shape->fixed;
    return true;
}

/* How many bytes the content claims at the least: every element of a list is one byte or
 * more. At most 2 * (2^32 - 1) + 17: no overflow. */
static uint64_t claimed(const struct head *head, size_t fixed)
{
    switch (head->type) {
    case WIRE_TEXT:
    case WIRE_BYTES:
    case WIRE_EXT:
    case WIRE_LIST:
        return head->number + fixed;
    case WIRE_MAP:
        return 2 * head->number;
    case WIRE_NEVER:
    case WIRE_NIL:
    case WIRE_FALSE:
    case WIRE_TRUE:
    case WIRE_INT:
    case WIRE_UINT:
    case WIRE_FLOAT:
        break;
    }
    return fixed;
}

/* Reads one beginning and moves behind it; behind the content too, but for lists and
 * maps. */
static enum status head_read(struct cursor *c, struct head *out)
{
    const uint8_t *start = c->at;
    size_t fixed = 0;
    if (c->at == c->end)
        return fail(c, start, ST_INVALID, NULL, "the bytes end where a value is due");
    uint8_t first = *c->at++;
    if (!head_short(first, out) && !head_long(c, first, out, &fixed))
        return fail(c, start, ST_INVALID, NULL, "the bytes end within a value");
    if (out->type == WIRE_NEVER)
        return fail(c, start, ST_INVALID, NULL, type_names[WIRE_NEVER]);
    uint64_t size = claimed(out, fixed);
    if (size > cursor_left(c))
        return fail(c, start, ST_INVALID, NULL, "a length beyond the end of the bytes");
    out->content = c->at;
    if (out->type != WIRE_LIST && out->type != WIRE_MAP)
        c->at += size;
    return ST_OK;
}

static enum status take(struct cursor *c, enum wire_type wanted, struct head *out)
{
    const uint8_t *start = c->at;
    enum status st = head_read(c, out);
    if (st)
        return st;
    if (out->type != wanted)
        return fail(c, start, ST_INVALID, type_names[wanted], type_names[out->type]);
    return ST_OK;
}

enum status cursor_int_any(struct cursor *c, int64_t *out)
{
    const uint8_t *start = c->at;
    struct head head;
    enum status st = head_read(c, &head);
    if (st)
        return st;
    if (head.type == WIRE_INT) {
        *out = head.integer;
        return ST_OK;
    }
    if (head.type != WIRE_UINT)
        return fail(c, start, ST_INVALID, "an integer", type_names[head.type]);
    if (head.number > INT64_MAX)
        return fail(c, start, ST_OVERFLOW, "a signed 64-bit integer", "a greater one");
    *out = (int64_t)head.number;
    return ST_OK;
}

enum status cursor_uint(struct cursor *c, uint64_t *out)
{
    const uint8_t *start = c->at;
    struct head head;
    enum status st = head_read(c, &head);
    if (st)
        return st;
    if (head.type == WIRE_UINT) {
        *out = head.number;
        return ST_OK;
    }
    if (head.type != WIRE_INT)
        return fail(c, start, ST_INVALID, "an integer", type_names[head.type]);
    if (head.integer < 0)
        return fail(c, start, ST_OVERFLOW, "an integer from 0", "a negative one");
    *out = (uint64_t)head.integer;
    return ST_OK;
}

enum status cursor_flag(struct cursor *c, bool *out)
{
    const uint8_t *start = c->at;
    struct head head;
    enum status st = head_read(c, &head);
    if (st)
        return st;
    if (head.type != WIRE_TRUE && head.type != WIRE_FALSE)
        return fail(c, start, ST_INVALID, "true or false", type_names[head.type]);
    *out = head.type == WIRE_TRUE;
    return ST_OK;
}

enum status cursor_text_any(struct cursor *c, struct text *out)
{
    struct head head;
    enum status st = take(c, WIRE_TEXT, &head);
    if (st)
        return st;
    assert(head.number <= UINT32_MAX); /* msgpack has no wider length */
    *out = (struct text){(const char *)head.content, (uint32_t)head.number};
    return ST_OK;
}

enum status cursor_bytes(struct cursor *c, struct bytes *out)
{
    struct head head;
    enum status st = take(c, WIRE_BYTES, &head);
    if (st)
        return st;
    *out = (struct bytes){head.content, (size_t)head.number};
    return ST_OK;
}

static enum status container(struct cursor *c, enum wire_type wanted, uint32_t *len)
{
    struct head head;
    enum status st = take(c, wanted, &head);
    if (st)
        return st;
    assert(head.number <= UINT32_MAX);
    *len = (uint32_t)head.number;
    return ST_OK;
}

enum status cursor_list_any(struct cursor *c, uint32_t *len)
{
    return container(c, WIRE_LIST, len);
}

enum status cursor_map(struct cursor *c, uint32_t *len)
{
    return container(c, WIRE_MAP, len);
}

bool cursor_nil(struct cursor *c)
{
    if (c->at == c->end || *c->at != 0xc0)
        return false;
    c->at++;
    return true;
}

enum status cursor_skip(struct cursor *c, unsigned depth)
{
    const uint8_t *start = c->at;
    uint64_t left[CURSOR_DEPTH_MAX]; /* values still due at each open level */
    unsigned open = 0;
    assert(depth <= CURSOR_DEPTH_MAX);
    do {
        const uint8_t *value = c->at;
        struct head head;
        enum status st = head_read(c, &head);
        bool nests = !st && (head.type == WIRE_LIST || head.type == WIRE_MAP);
        if (nests && open == depth)
            st = fail(c, value, ST_INVALID, NULL, "lists and maps nested too deep");
        if (st) {
            c->at = start;
            return st;
        }
        if (nests && head.number) {
            left[open++] = head.type == WIRE_MAP ? 2 * head.number : head.number;
            continue;
        }
        while (open && --left[open - 1] == 0)
            open--;
    } while (open);
    return ST_OK;
}

enum status cursor_explain(const struct cursor *c, enum status st, const char *what,
                           struct why *why)
{
    size_t offset = (size_t)(c->bad - c->begin);
    if (!c->expected)
        return why_set(why, st, "%s: byte %zu: %s", what, offset, c->found);
    return why_set(why, st, "%s: byte %zu: expected %s, found %s", what, offset,
                   c->expected, c->found);
}
