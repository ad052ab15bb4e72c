/* The canonical content of an event: its bytes in one fixed order, hashed. Two reports
 * are the same when their contents are; the digest is a sum of them. Amounts enter as
 * they are counted, so "39.0 kt" and "39000 t" are the same word. Codes enter as hashes
 * of their texts: a table that grows renumbers its entries, and must change no digest. */
#include "fact.h"

#include "code_hash.h"

#include <assert.h>
#include <string.h>

#define PURPOSE_IDENTITY UINT64_C(0x73662d6964)
#define PURPOSE_CONTENT  UINT64_C(0x73662d636f6e74)

/* First all words, then all texts: where a word stands depends on the kind alone, and the
 * first word says the kind. */
struct writer {
    unsigned char *at;
    struct text own[2]; /* of the kind; empty where it has none */
    unsigned char bytes[4096];
};

static size_t room(const struct writer *out)
{
    return (size_t)(out->bytes + sizeof out->bytes - out->at);
}

/* Little-endian on every machine: digests of two machines are compared. */
static void words_write(struct writer *out, const uint64_t *words, size_t len)
{
    unsigned char *at = out->at;

    assert(8 * len <= room(out));
    for (size_t i = 0; i < len; i++, at += 8)
        code_store8(at, words[i]);
    out->at = at;
}

static void text_write(struct writer *out, struct text text)
{
    assert(text.len <= room(out));
    if (text.len > 0)
        memcpy(out->at, text.at, text.len);
    out->at += text.len;
}

/* They stand before the texts, so that no two lists of texts give the same bytes. */
static uint64_t lengths(uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
    assert((a | b | c | d) <= UINT16_MAX);
    return a | b << 16 | c << 32 | d << 48;
}

#define WRITE(out, ...)                                                                  \
    words_write((out), (const uint64_t[]){__VA_ARGS__},                                  \
                sizeof((const uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t))

static uint64_t word(int64_t value)
{
    return (uint64_t)value;
}

static uint64_t counted(struct amount amount)
{
    return (uint64_t)qty_base_units(amount.amount);
}

static void write_shipment(struct writer *out, const struct shipment *s)
{
    /* The number of a credit alone says nothing without its unit. */
    uint64_t unit = s->credit.len > 0 ? unit_digest(s->quantity.unit) : 0;

    WRITE(out, place_digest(s->from), place_digest(s->to), commodity_digest(s->commodity),
          counted(s->quantity), counted(s->arrived_quantity), word(s->departed),
          word(s->eta), word(s->arrived), (uint64_t)s->terms << 8 | s->cancelled, unit);
    out->own[0] = s->pledge;
    out->own[1] = s->credit;
}

static void write_pledge(struct writer *out, const struct pledge *p)
{
    WRITE(out, place_digest(p->from), place_digest(p->to), commodity_digest(p->commodity),
          counted(p->quantity), word(p->due), (uint64_t)p->status);
}

static void write_price(struct writer *out, const struct price *p)
{
    WRITE(out, commodity_digest(p->commodity), word(p->money), unit_digest(p->unit));
    out->own[0] = p->market;
    out->own[1] = (struct text){p->currency, 3};
}

static void write_policy(struct writer *out, const struct policy *p)
{
    WRITE(out, place_digest(p->actor), place_digest(p->target),
          commodity_digest(p->commodity), word(p->factor), word(p->until));
    out->own[0] = p->instrument;
}

static void write_level(struct writer *out, const struct level *l, int64_t line)
{
    WRITE(out, place_digest(l->country), commodity_digest(l->commodity),
          counted(l->quantity), word(l->until), word(line));
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
        write_level(out, &ev->as.stock, -1);
        return;
    case EVENT_PRODUCTION:
        write_level(out, &ev->as.production, -1);
        return;
    case EVENT_USE:
        write_level(out, &ev->as.use, ev->as.use.line);
        return;
    case EVENT_KIND_COUNT:
        break;
    }
    assert(false); /* an event of no kind */
}

static struct hash128 finish(const struct writer *out, uint64_t purpose)
{
    return hash128_of(out->bytes, (size_t)(out->at - out->bytes), purpose);
}

struct hash128 event_content(const struct event *ev)
{
    struct writer out;

    out.at = out.bytes;
    out.own[0] = (struct text){NULL, 0};
    out.own[1] = (struct text){NULL, 0};
    WRITE(&out,
          (uint64_t)ev->kind | (uint64_t)ev->retract << 8 | (uint64_t)ev->revision << 32,
          word(ev->time), word(ev->published),
          lengths(ev->source.len, ev->id.len, ev->alternative_to.len, ev->note.len));
    if (!ev->retract)
        write_kind(&out, ev);
    WRITE(&out, lengths(ev->ref.len, out.own[0].len, out.own[1].len, 0));
    text_write(&out, ev->source);
    text_write(&out, ev->id);
    text_write(&out, ev->alternative_to);
    text_write(&out, ev->note);
    text_write(&out, ev->ref);
    text_write(&out, out.own[0]);
    text_write(&out, out.own[1]);
    return finish(&out, PURPOSE_CONTENT);
}

struct hash128 fact_identity(struct text source, struct text id)
{
    struct writer out;

    out.at = out.bytes;
    WRITE(&out, lengths(source.len, id.len, 0, 0));
    text_write(&out, source);
    text_write(&out, id);
    return finish(&out, PURPOSE_IDENTITY);
}
