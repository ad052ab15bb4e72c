/* Messages to bytes and back, by one table of layouts: header of four bytes, then the
 * fields of the kind in a fixed order, little-endian. Must never trust a length, and must
 * leave no byte of a message unread. */
#include "wire.h"

#include <assert.h>
#include <string.h>

#define HEADER_SIZE 4

/* Positions, numbers and sequence numbers are stored as SQLite integers. */
#define COUNT_MAX ((uint64_t)INT64_MAX)

enum field_type {
    FIELD_U8,
    FIELD_U32,
    FIELD_U64,
    FIELD_SHORT, /* u16 length, then bytes */
    FIELD_HASH,  /* FRAME_HASH_SIZE bytes */
    FIELD_REST   /* bytes to the end of the message */
};

/* `min` and `max` are of the value, or of the length in bytes. */
struct field {
    const char *name;
    enum field_type type;
    size_t offset;
    uint64_t min, max;
};

enum field_id {
    END,
    INSTANCE,
    RESUME,
    NAME,
    PRODUCER,
    LAST,
    NUMBER,
    EXPECTED,
    CLOCK_KIND,
    TYPE,
    CURSOR,
    BODY,
    POS,
    AFTER,
    UNTIL,
    OLDEST,
    TAIL,
    REPEATED,
    REFUSAL,
    TEXT,
    CODE,
    EXCUSE,
    HASH,
    SEQ,
    EVENTS,
    CLOCK
};

#define AT(member) offsetof(struct wire_message, member)

static const struct field fields[] = {
    [INSTANCE] = {"instance", FIELD_U64, AT(instance), 0, UINT64_MAX},
    [RESUME] = {"resume", FIELD_U8, AT(resume), 0, 1},
    [NAME] = {"producer", FIELD_SHORT, AT(producer), 1, FRAME_PRODUCER_MAX},
    [PRODUCER] = {"producer", FIELD_SHORT, AT(producer), 0, FRAME_PRODUCER_MAX},
    [LAST] = {"last number", FIELD_U64, AT(number), 0, COUNT_MAX},
    [NUMBER] = {"number", FIELD_U64, AT(number), 1, COUNT_MAX},
    [EXPECTED] = {"expected", FIELD_U64, AT(expected), 0, COUNT_MAX},
    [CLOCK_KIND] = {"clock kind", FIELD_U8, AT(clock_kind), 0, CLOCK_PUBLISHED},
    [TYPE] = {"type", FIELD_U8, AT(type), 0, FRAME_TYPE_COUNT - 1},
    [CURSOR] = {"cursor", FIELD_SHORT, AT(cursor), 0, FRAME_CURSOR_MAX},
    [BODY] = {"body", FIELD_REST, AT(body), 0, FRAME_BODY_MAX},
    [POS] = {"position", FIELD_U64, AT(pos), 1, COUNT_MAX},
    [AFTER] = {"after", FIELD_U64, AT(pos), 0, COUNT_MAX},
    [UNTIL] = {"until", FIELD_U64, AT(until), 0, COUNT_MAX},
    [OLDEST] = {"oldest", FIELD_U64, AT(oldest), 1, COUNT_MAX},
    [TAIL] = {"tail", FIELD_U64, AT(tail), 0, COUNT_MAX},
    [REPEATED] = {"repeated", FIELD_U8, AT(repeated), 0, 1},
    [REFUSAL] = {"refusal", FIELD_U8, AT(refusal), REFUSED_FORM, REFUSED_BUSY},
    [TEXT] = {"text", FIELD_SHORT, AT(text), 0, BUS_REFUSAL_TEXT_MAX},
    [CODE] = {"code", FIELD_U8, AT(sorry), SORRY_VERSION, SORRY_FULL},
    [EXCUSE] = {"text", FIELD_SHORT, AT(text), 0, WIRE_SORRY_MAX},
    [HASH] = {"hash", FIELD_HASH, AT(hash), FRAME_HASH_SIZE, FRAME_HASH_SIZE},
    [SEQ] = {"first seq", FIELD_U64, AT(first_seq), 0, COUNT_MAX},
    [EVENTS] = {"events", FIELD_U32, AT(events), 0, FRAME_EVENTS_MAX},
    [CLOCK] = {"clock", FIELD_U64, AT(clock), 0, UINT64_MAX},
};

#define FIELDS_MAX 11 /* with the END that closes a layout */

static const uint8_t layouts[WIRE_KIND_COUNT][FIELDS_MAX] = {
    [WIRE_HELLO] = {INSTANCE, RESUME, NAME},
    [WIRE_SUBMIT] = {NUMBER, TYPE, CURSOR, BODY},
    [WIRE_GREETING] = {LAST, CLOCK_KIND, CURSOR},
    [WIRE_POSITION] = {NUMBER, POS, REPEATED},
    [WIRE_REFUSAL] = {LAST, REFUSAL, EXPECTED, TEXT},
    [WIRE_UNKNOWN] = {END},
    [WIRE_SORRY] = {CODE, EXCUSE},
    [WIRE_FOLLOW] = {AFTER, UNTIL},
    [WIRE_CREDIT] = {UNTIL},
    [WIRE_FOLLOWING] = {HASH, OLDEST, TAIL},
    [WIRE_ALIVE] = {TAIL},
    [WIRE_FRAME] = {POS, SEQ, EVENTS, TYPE, CLOCK, LAST, HASH, PRODUCER, CURSOR, BODY},
};

static const char *const kind_names[WIRE_KIND_COUNT] = {
    [WIRE_HELLO] = "hello",       [WIRE_SUBMIT] = "submit",
    [WIRE_GREETING] = "greeting", [WIRE_POSITION] = "position",
    [WIRE_REFUSAL] = "refusal",   [WIRE_UNKNOWN] = "unknown",
    [WIRE_SORRY] = "sorry",       [WIRE_FOLLOW] = "follow",
    [WIRE_CREDIT] = "credit",     [WIRE_FOLLOWING] = "following",
    [WIRE_ALIVE] = "alive",       [WIRE_FRAME] = "frame",
};

static bool is_bytes(const struct field *f)
{
    return f->type >= FIELD_SHORT;
}

static size_t width(enum field_type type)
{
    static const uint8_t widths[] = {
        [FIELD_U8] = 1,    [FIELD_U32] = 4,  [FIELD_U64] = 8,
        [FIELD_SHORT] = 2, [FIELD_HASH] = 0, [FIELD_REST] = 0};

    return widths[type];
}

static uint64_t get_number(const uint8_t *at, size_t size)
{
    uint64_t value = 0;

    for (size_t i = size; i > 0; i--)
        value = value << 8 | at[i - 1];
    return value;
}

static uint8_t *put_number(uint8_t *at, uint64_t value, size_t size)
{
    for (size_t i = 0; i < size; i++)
        at[i] = (uint8_t)(value >> (8 * i) & 0xff);
    return at + size;
}

/* The integer members of struct wire_message have the width of their field. */
static void member_store(struct wire_message *m, const struct field *f, uint64_t value)
{
    char *at = (char *)m + f->offset;
    uint8_t v8 = (uint8_t)(value & 0xff);
    uint32_t v32 = (uint32_t)(value & 0xffffffff);

    if (f->type == FIELD_U8)
        memcpy(at, &v8, sizeof v8);
    else if (f->type == FIELD_U32)
        memcpy(at, &v32, sizeof v32);
    else
        memcpy(at, &value, sizeof value);
}

static uint64_t member_load(const struct wire_message *m, const struct field *f)
{
    const char *at = (const char *)m + f->offset;
    uint8_t v8;
    uint32_t v32;
    uint64_t v64;

    if (f->type == FIELD_U8)
        return memcpy(&v8, at, sizeof v8), v8;
    if (f->type == FIELD_U32)
        return memcpy(&v32, at, sizeof v32), v32;
    return memcpy(&v64, at, sizeof v64), v64;
}

static struct bytes member_bytes(const struct wire_message *m, const struct field *f)
{
    struct bytes b;

    memcpy(&b, (const char *)m + f->offset, sizeof b);
    return b;
}

/* How many bytes follow, as the field itself says. False: it is cut short. */
static bool field_len(const struct field *f, struct bytes *left, uint64_t *out)
{
    size_t size = width(f->type);

    if (left->len < size)
        return false;
    *out = f->type == FIELD_HASH   ? FRAME_HASH_SIZE
           : f->type == FIELD_REST ? left->len
                                   : get_number(left->at, size);
    left->at += size;
    left->len -= size;
    return true;
}

static enum status field_read(const struct field *f, struct bytes *left,
                              struct wire_message *m, struct why *why)
{
    uint64_t value;
    struct bytes b;

    if (!field_len(f, left, &value) || (is_bytes(f) && value > left->len))
        return why_set(why, ST_INVALID, "%s: the message ends within it", f->name);
    if (value < f->min || value > f->max)
        return why_set(why, ST_INVALID, "%s: %llu is not in %llu to %llu", f->name,
                       (unsigned long long)value, (unsigned long long)f->min,
                       (unsigned long long)f->max);
    if (!is_bytes(f)) {
        member_store(m, f, value);
        return ST_OK;
    }
    b = (struct bytes){left->at, (size_t)value};
    memcpy((char *)m + f->offset, &b, sizeof b);
    left->at += b.len;
    left->len -= b.len;
    return ST_OK;
}

enum status wire_read(struct bytes message, struct wire_message *out, struct why *why)
{
    struct wire_message m = {0};
    struct bytes left = message;
    enum status st;

    if (message.len < HEADER_SIZE)
        return why_set(why, ST_INVALID, "%zu bytes are not a message", message.len);
    if (message.at[0] != WIRE_VERSION)
        return why_set(why, ST_VERSION, "version %u of the protocol, not %u",
                       message.at[0], WIRE_VERSION);
    m.kind = message.at[1];
    if (m.kind == 0 || m.kind >= WIRE_KIND_COUNT)
        return why_set(why, ST_INVALID, "%u is no kind of message", m.kind);
    m.round = (uint16_t)get_number(message.at + 2, 2);
    left.at += HEADER_SIZE;
    left.len -= HEADER_SIZE;
    for (const uint8_t *id = layouts[m.kind]; *id != END; id++) {
        st = field_read(&fields[*id], &left, &m, why);
        if (st)
            return why_wrap(why, st, "%s", kind_names[m.kind]);
    }
    if (left.len > 0)
        return why_set(why, ST_INVALID, "%s: %zu bytes too many", kind_names[m.kind],
                       left.len);
    *out = m;
    return ST_OK;
}

size_t wire_size(const struct wire_message *m)
{
    size_t size = HEADER_SIZE;

    for (const uint8_t *id = layouts[m->kind]; *id != END; id++) {
        const struct field *f = &fields[*id];

        size += width(f->type) + (is_bytes(f) ? member_bytes(m, f).len : 0);
    }
    return size;
}

void wire_write(const struct wire_message *m, uint8_t *out)
{
    uint8_t *at = out;

    assert(m->kind > 0 && m->kind < WIRE_KIND_COUNT);
    at = put_number(at, WIRE_VERSION, 1);
    at = put_number(at, m->kind, 1);
    at = put_number(at, m->round, 2);
    for (const uint8_t *id = layouts[m->kind]; *id != END; id++) {
        const struct field *f = &fields[*id];
        struct bytes b = is_bytes(f) ? member_bytes(m, f) : (struct bytes){NULL, 0};
        uint64_t value = is_bytes(f) ? b.len : member_load(m, f);

        assert(value >= f->min && value <= f->max);
        at = put_number(at, value, width(f->type));
        if (b.len > 0)
            memcpy(at, b.at, b.len);
        at += b.len;
    }
    assert((size_t)(at - out) == wire_size(m) && wire_size(m) <= WIRE_MESSAGE_MAX);
}

void wire_set_round(uint8_t *message, uint16_t round)
{
    put_number(message + 2, round, 2);
}

struct text wire_text(struct bytes b)
{
    assert(b.len <= UINT32_MAX);
    return (struct text){(const char *)b.at, (uint32_t)b.len};
}

struct bytes wire_bytes(struct text t)
{
    return (struct bytes){(const uint8_t *)t.at, t.len};
}

struct wire_message wire_of_submit(const struct frame *frame)
{
    return (struct wire_message){.kind = WIRE_SUBMIT,
                                 .number = frame->number,
                                 .type = (uint8_t)frame->type,
                                 .cursor = frame->cursor,
                                 .body = frame->body};
}

struct wire_message wire_of_frame(const struct frame *frame)
{
    struct wire_message m = wire_of_submit(frame);

    m.kind = WIRE_FRAME;
    m.pos = frame->pos;
    m.first_seq = frame->first_seq;
    m.events = frame->events;
    m.clock = frame->clock;
    m.producer = wire_bytes(frame->producer);
    m.hash = (struct bytes){frame->hash, FRAME_HASH_SIZE};
    return m;
}

struct frame wire_frame(const struct wire_message *m)
{
    struct frame frame = {.pos = m->pos,
                          .first_seq = m->first_seq,
                          .events = m->events,
                          .type = (enum frame_type)m->type,
                          .clock = m->clock,
                          .producer = wire_text(m->producer),
                          .number = m->number,
                          .cursor = m->cursor,
                          .body = m->body};

    if (m->hash.len == FRAME_HASH_SIZE)
        memcpy(frame.hash, m->hash.at, FRAME_HASH_SIZE);
    return frame;
}

bool wire_frame_fits(const struct frame *frame)
{
    return frame->cursor.len <= FRAME_CURSOR_MAX && frame->body.len <= FRAME_BODY_MAX;
}
