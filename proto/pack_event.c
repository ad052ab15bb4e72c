/* Events to msgpack: what was stated and no more, keys ascending, every integer and
 * length in its shortest form, so that one event has one encoding. Writes only what
 * event_check has passed; must never write half an event. */
#include "shortfall/proto/pack.h"

#include "layout.h"
#include "sink.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define LIST_HEAD_MAX 3 /* bytes of a list's beginning, up to 65535 items */

_Static_assert(FRAME_EVENTS_MAX <= UINT16_MAX,
               "a list's beginning has two bytes of length");

struct packer {
    size_t events;
    size_t len; /* of the encoded events */
    /* Room for the list's beginning, which is known last; then the events. */
    uint8_t body[LIST_HEAD_MAX + FRAME_BODY_MAX + EVENT_SIZE_MAX];
};

enum status packer_new(struct packer **out)
{
    struct packer *p = malloc(sizeof *p);
    if (!p)
        return ST_NO_MEMORY;
    packer_clear(p);
    *out = p;
    return ST_OK;
}

void packer_free(struct packer *p)
{
    free(p);
}

void packer_clear(struct packer *p)
{
    p->events = 0;
    p->len = 0;
}

size_t packer_events(const struct packer *p)
{
    return p->events;
}

/* Whether the row's value differs from what its absence means. */
static bool row_is_stated(const struct layout_row *row, const struct event *ev,
                          const void *at)
{
    switch (row->form) {
    case LAYOUT_TEXT:
        return ((const struct text *)at)->len > 0;
    case LAYOUT_REVISION:
        return *(const int32_t *)at != 0;
    case LAYOUT_FLAG:
        return *(const bool *)at;
    case LAYOUT_TIME:
        return *(const int64_t *)at != TIME_NONE;
    case LAYOUT_PUBLISHED:
        return ev->states_published;
    case LAYOUT_AMOUNT_OPTIONAL:
        return ((const struct amount *)at)->number.len > 0;
    case LAYOUT_TERMS:
        return *(const enum terms *)at != TERMS_UNKNOWN;
    case LAYOUT_KIND:
    case LAYOUT_PLACE:
    case LAYOUT_PLACE_OR_ANY:
    case LAYOUT_COMMODITY:
    case LAYOUT_COMMODITY_OR_ANY:
    case LAYOUT_UNIT:
    case LAYOUT_AMOUNT:
    case LAYOUT_MONEY:
    case LAYOUT_CURRENCY:
    case LAYOUT_THOUSANDTHS:
    case LAYOUT_STATUS:
    case LAYOUT_LINE:
        break;
    }
    return true;
}

static void put_amount(struct sink *s, const struct amount *amount)
{
    bool other_set = amount->set != FACTOR_SET_DEFAULT;
    sink_list(s, other_set ? 3 : 2);
    sink_int(s, qty_base_units(amount->amount));
    sink_text(s, amount->number);
    if (other_set)
        sink_code(s, factor_set_name(amount->set));
}

/* Its unit and factor set are the quantity's: event_check has seen to that. */
static void put_arrived(struct sink *s, const struct amount *amount)
{
    sink_list(s, 2);
    sink_int(s, qty_base_units(amount->amount));
    sink_text(s, amount->number);
}

static void put_money(struct sink *s, const struct price *price)
{
    sink_list(s, 2);
    sink_int(s, price->money);
    sink_text(s, price->number);
}

static void put_value(struct sink *s, enum layout_form form, const void *at)
{
    switch (form) {
    case LAYOUT_KIND:
        sink_int(s, *(const enum event_kind *)at);
        break;
    case LAYOUT_TEXT:
        sink_text(s, *(const struct text *)at);
        break;
    case LAYOUT_REVISION:
    case LAYOUT_THOUSANDTHS:
        sink_int(s, *(const int32_t *)at);
        break;
    case LAYOUT_FLAG:
        sink_flag(s, *(const bool *)at);
        break;
    case LAYOUT_TIME:
    case LAYOUT_PUBLISHED:
        sink_int(s, *(const int64_t *)at);
        break;
    case LAYOUT_PLACE:
    case LAYOUT_PLACE_OR_ANY:
        sink_code(s, place_code(*(const place_id *)at));
        break;
    case LAYOUT_COMMODITY:
    case LAYOUT_COMMODITY_OR_ANY:
        sink_code(s, commodity_code(*(const commodity_id *)at));
        break;
    case LAYOUT_UNIT:
        sink_code(s, unit_code(*(const unit_id *)at));
        break;
    case LAYOUT_AMOUNT:
        put_amount(s, at);
        break;
    case LAYOUT_AMOUNT_OPTIONAL:
        put_arrived(s, at);
        break;
    case LAYOUT_MONEY:
        put_money(s, at);
        break;
    case LAYOUT_CURRENCY:
        sink_code(s, at);
        break;
    case LAYOUT_TERMS:
        sink_int(s, *(const enum terms *)at);
        break;
    case LAYOUT_STATUS:
        sink_int(s, *(const enum pledge_status *)at);
        break;
    case LAYOUT_LINE:
        sink_int(s, *(const enum use_line *)at);
        break;
    }
}

static const void *row_at(const struct layout_row *row, const struct event *ev)
{
    return (const char *)ev + row->offset;
}

/* A bit for each row that is stated. */
static uint32_t rows_stated(const struct layout *layout, const struct event *ev)
{
    uint32_t stated = 0;
    assert(layout->len <= 32);
    for (size_t i = 0; i < layout->len; i++) {
        const struct layout_row *row = &layout->rows[i];
        stated |= (uint32_t)row_is_stated(row, ev, row_at(row, ev)) << i;
    }
    return stated;
}

static void put_rows(struct sink *s, const struct layout *layout, uint32_t stated,
                     const struct event *ev)
{
    for (; stated; stated &= stated - 1) {
        const struct layout_row *row = &layout->rows[__builtin_ctz(stated)];
        sink_uint(s, FIELD_KEY(row->field));
        put_value(s, row->form, row_at(row, ev));
    }
}

static void put_event(struct sink *s, const struct event *ev)
{
    struct layout own = layout_of(ev->kind);
    if (ev->retract)
        own.len = 0; /* nothing of `as` is stated */
    uint32_t common_stated = rows_stated(&layout_common, ev);
    uint32_t own_stated = rows_stated(&own, ev);
    int pairs = __builtin_popcount(common_stated) + __builtin_popcount(own_stated);
    sink_map(s, (size_t)pairs);
    put_rows(s, &layout_common, common_stated, ev);
    put_rows(s, &own, own_stated, ev);
}

static size_t head_size(size_t events)
{
    return events < 16 ? 1 : LIST_HEAD_MAX;
}

/* For one more event of `size` bytes. */
static bool has_room(const struct packer *p, size_t size)
{
    return p->events < FRAME_EVENTS_MAX &&
           head_size(p->events + 1) + p->len + size <= FRAME_BODY_MAX;
}

static uint8_t *end_of(struct packer *p)
{
    return p->body + LIST_HEAD_MAX + p->len;
}

enum status packer_add(struct packer *p, const struct event *ev)
{
    struct sink s;
    size_t added = 0;
    if (!has_room(p, 0))
        return ST_FULL;
    /* There is always room for one more event of any size: what does not fit then is
     * itself too long, and only after that is the frame asked. */
    sink_open(&s, end_of(p), EVENT_SIZE_MAX);
    put_event(&s, ev);
    if (sink_close(&s, &added))
        return ST_OVERFLOW;
    if (!has_room(p, added))
        return ST_FULL;
    p->len += added;
    p->events++;
    return ST_OK;
}

enum status packer_add_packed(struct packer *p, struct bytes event)
{
    if (event.len > EVENT_SIZE_MAX)
        return ST_OVERFLOW;
    if (!has_room(p, event.len))
        return ST_FULL;
    memcpy(end_of(p), event.at, event.len);
    p->len += event.len;
    p->events++;
    return ST_OK;
}

struct bytes packer_body(struct packer *p)
{
    struct sink s;
    size_t size = head_size(p->events);
    size_t len = 0;
    uint8_t *head = p->body + LIST_HEAD_MAX - size;
    sink_open(&s, head, size);
    sink_list(&s, p->events);
    enum status st = sink_close(&s, &len);
    assert(!st && len == size);
    return (struct bytes){head, size + p->len};
}
