/* The least that a bounded reader of an event must do: every length is compared with what
 * is left, every value is read; nothing is checked against tables, no text is looked at.
 * Shared by the limit programs. */
#ifndef BENCH_LIMIT_DECODE_H
#define BENCH_LIMIT_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum limit_type { LIMIT_NUMBER, LIMIT_TEXT, LIMIT_LIST, LIMIT_MAP, LIMIT_FLAG };

enum {
    L_KIND = 1,
    L_SOURCE = 2,
    L_ID = 3,
    L_REVISION = 4,
    L_TIME = 6,
    L_FROM = 11,
    L_TO = 12,
    L_COUNTRY = 13,
    L_COMMODITY = 14,
    L_QUANTITY = 15,
    L_DEPARTED = 17,
    L_ARRIVED = 19,
    L_KEYS = 36
};

/* `value`: a number, or the first of a list; `at`, `len`: a text, or a list's text. */
struct limit_field {
    const uint8_t *at;
    int64_t value;
    uint32_t len;
    enum limit_type type;
};

struct limit_event {
    uint64_t present; /* a bit for each key */
    struct limit_field field[L_KEYS];
};

struct limit_cursor {
    const uint8_t *at, *end;
    bool bad;
};

static inline uint64_t limit_big(struct limit_cursor *c, unsigned bytes)
{
    uint64_t value = 0;

    if ((uint64_t)(c->end - c->at) < bytes) {
        c->bad = true;
        return 0;
    }
    for (unsigned i = 0; i < bytes; i++)
        value = value << 8 | *c->at++;
    return value;
}

/* One value; of a list or map its head, of a text its bytes too. */
static inline void limit_value(struct limit_cursor *c, struct limit_field *out)
{
    uint8_t b = (uint8_t)limit_big(c, 1);

    *out = (struct limit_field){NULL, 0, 0, LIMIT_NUMBER};
    if (b < 0x80) {
        out->value = b;
    } else if (b >= 0xe0) {
        out->value = (int8_t)b;
    } else if (b >= 0xcc && b <= 0xcf) {
        out->value = (int64_t)limit_big(c, 1U << (b - 0xcc));
    } else if (b >= 0xd0 && b <= 0xd3) {
        unsigned bits = 8U << (b - 0xd0);
        uint64_t value = limit_big(c, bits / 8);

        out->value = (int64_t)(value << (64 - bits)) >> (64 - bits);
    } else if ((b & 0xe0) == 0xa0 || (b >= 0xd9 && b <= 0xdb)) {
        uint64_t len = b < 0xc0 ? b & 0x1fU : limit_big(c, 1U << (b - 0xd9));

        out->type = LIMIT_TEXT;
        out->at = c->at;
        out->len = (uint32_t)len;
        if (len > (uint64_t)(c->end - c->at))
            c->bad = true;
        else
            c->at += len;
    } else if (b == 0xc2 || b == 0xc3) {
        out->type = LIMIT_FLAG;
        out->value = b & 1;
    } else {
        out->type = (b & 0xf0) == 0x90 || b == 0xdc ? LIMIT_LIST : LIMIT_MAP;
        out->value = b < 0xa0 ? b & 15 : (int64_t)limit_big(c, 2);
    }
}

static inline bool limit_event(struct limit_cursor *c, struct limit_event *out)
{
    struct limit_field map;
    struct limit_field key;
    struct limit_field text;

    out->present = 0;
    limit_value(c, &map);
    for (int64_t n = map.value; n > 0 && !c->bad; n--) {
        limit_value(c, &key);
        if (key.value < 0 || key.value >= L_KEYS)
            return false;
        struct limit_field *field = &out->field[key.value];

        limit_value(c, field);
        out->present |= UINT64_C(1) << key.value;
        if (field->type == LIMIT_LIST) { /* an amount: a number and its text */
            limit_value(c, field);
            limit_value(c, &text);
            field->at = text.at;
            field->len = text.len;
            field->type = LIMIT_LIST;
        }
    }
    return !c->bad;
}

#endif
