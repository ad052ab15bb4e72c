/* The canonical content of an event: its bytes in one fixed order, hashed. Two reports
 * are the same when their contents are; the digest is a sum of them. Amounts enter as
 * they are counted, so "39.0 kt" and "39000 t" are the same word. */
#include "fact.h"

#include <assert.h>
#include <string.h>

#define PURPOSE_IDENTITY UINT64_C(0x73662d6964)
#define PURPOSE_CONTENT  UINT64_C(0x73662d636f6e74)

struct writer {
    size_t len;
    unsigned char bytes[4096];
};

static void write_int(struct writer *out, int64_t value)
{
    assert(out->len + 8 <= sizeof out->bytes);
    for (unsigned i = 0; i < 8; i++)
        out->bytes[out->len++] = (unsigned char)((uint64_t)value >> (8 * i));
}

/* The length goes first, so that no two lists of texts give the same bytes. */
static void write_text(struct writer *out, struct text text)
{
    write_int(out, text.len);
    assert(out->len + text.len <= sizeof out->bytes);
    if (text.len > 0)
        memcpy(out->bytes + out->len, text.at, text.len);
    out->len += text.len;
}

static void write_commodity(struct writer *out, commodity_id commodity)
{
    write_text(out, text_of(commodity_code(commodity)));
}

static void write_place(struct writer *out, place_id place)
{
    write_text(out, text_of(place_code(place)));
}

static void write_shipment(struct writer *out, const struct shipment *s)
{
    write_place(out, s->from);
    write_place(out, s->to);
    write_commodity(out, s->commodity);
    write_int(out, qty_base_units(s->quantity.amount));
    write_int(out, qty_base_units(s->arrived_quantity.amount));
    write_int(out, s->departed);
    write_int(out, s->eta);
    write_int(out, s->arrived);
    write_int(out, s->cancelled);
    write_int(out, s->terms);
    write_text(out, s->pledge);
    write_text(out, s->credit);
    if (s->credit.len > 0) /* the number alone says nothing without its unit */
        write_text(out, text_of(unit_code(s->quantity.unit)));
}

static void write_pledge(struct writer *out, const struct pledge *p)
{
    write_place(out, p->from);
    write_place(out, p->to);
    write_commodity(out, p->commodity);
    write_int(out, qty_base_units(p->quantity.amount));
    write_int(out, p->due);
    write_int(out, p->status);
}

static void write_price(struct writer *out, const struct price *p)
{
    write_commodity(out, p->commodity);
    write_text(out, p->market);
    write_int(out, p->money);
    write_text(out, text_of(p->currency));
    write_text(out, text_of(unit_code(p->unit)));
}

static void write_policy(struct writer *out, const struct policy *p)
{
    write_place(out, p->actor);
    write_place(out, p->target);
    write_commodity(out, p->commodity);
    write_text(out, p->instrument);
    write_int(out, p->factor);
    write_int(out, p->until);
}

static void write_level(struct writer *out, const struct level *l, bool line)
{
    write_place(out, l->country);
    write_commodity(out, l->commodity);
    write_int(out, qty_base_units(l->quantity.amount));
    write_int(out, l->until);
    write_int(out, line ? (int64_t)l->line : -1);
}

static void write_kind(struct writer *out, const struct event *ev)
{
    switch (ev->kind) {
    case EVENT_SHIPMENT:
        write_shipment(out, &ev->as.shipment);
        return;
    case EVENT_PLEDGE:
        write_pledge(out, &ev->as.pledge);
        return;
    case EVENT_PRICE:
        write_price(out, &ev->as.price);
        return;
    case EVENT_POLICY:
        write_policy(out, &ev->as.policy);
        return;
    case EVENT_STOCK:
        write_level(out, &ev->as.stock, false);
        return;
    case EVENT_PRODUCTION:
        write_level(out, &ev->as.production, false);
        return;
    case EVENT_USE:
        write_level(out, &ev->as.use, true);
        return;
    case EVENT_KIND_COUNT:
        break;
    }
    assert(false); /* an event of no kind */
}

struct hash128 event_content(const struct event *ev)
{
    struct writer out;

    out.len = 0;
    write_int(&out, ev->kind);
    write_text(&out, ev->source);
    write_text(&out, ev->id);
    write_int(&out, ev->revision);
    write_int(&out, ev->retract);
    write_int(&out, ev->time);
    write_int(&out, ev->published);
    write_text(&out, ev->alternative_to);
    write_text(&out, ev->note);
    write_text(&out, ev->ref);
    if (!ev->retract)
        write_kind(&out, ev);
    return hash128_of(out.bytes, out.len, PURPOSE_CONTENT);
}

struct hash128 fact_identity(struct text source, struct text id)
{
    struct writer out;

    out.len = 0;
    write_text(&out, source);
    write_text(&out, id);
    return hash128_of(out.bytes, out.len, PURPOSE_IDENTITY);
}
