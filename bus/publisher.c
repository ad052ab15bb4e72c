/* The producer's half of the protocol. Must never tell the caller of an answer that was
 * given to other bytes, nor out of the order of the numbers; must never give up a frame.
 */
#include "publisher.h"

#include <assert.h>
#include <string.h>

/* `ahead` rounds may have passed since one that still counts; the counter wraps. */
static bool round_counts(const struct publisher *p, uint16_t round)
{
    uint16_t since = (uint16_t)(round - p->base);
    uint16_t ahead = (uint16_t)(p->round - p->base);

    return since <= ahead;
}

static void next_round(struct publisher *p)
{
    p->round++;
    p->window.sent = 0;
}

/* The window is forgotten: no answer to what was in it counts any more. */
static void forget(struct publisher *p)
{
    window_clear(&p->window);
    next_round(p);
    p->base = p->round;
    p->hold_us = 0;
}

/* Everything is sent again from the oldest on: harmless, since the other side knows what
 * it has, and the answers come in order again. */
static void rewind_window(struct publisher *p, int64_t now_us)
{
    next_round(p);
    p->touched_us = now_us;
}

static void ask(struct publisher *p, bool resume, int64_t now_us)
{
    next_round(p);
    p->state = PUBLISHER_ASKING;
    p->resume = resume;
    p->hello_due = true;
    p->touched_us = now_us;
}

void publisher_hello(struct publisher *p, struct text producer, int64_t now_us)
{
    assert(producer.len <= FRAME_PRODUCER_MAX);
    text_copy(producer, p->producer, sizeof p->producer);
    ask(p, false, now_us);
    forget(p);
}

enum status publisher_send(struct publisher *p, const struct frame *frame,
                           struct why *why)
{
    if (p->state == PUBLISHER_IDLE)
        return why_set(why, ST_INVALID, "send frame %llu: no hello before it",
                       (unsigned long long)frame->number);
    return window_push(&p->window, frame, why);
}

static struct bytes hello_message(struct publisher *p)
{
    struct wire_message m = {.kind = WIRE_HELLO,
                             .round = p->round,
                             .instance = p->instance,
                             .resume = p->resume,
                             .producer = wire_bytes(text_of(p->producer))};

    wire_write(&m, p->hello);
    return (struct bytes){p->hello, wire_size(&m)};
}

bool publisher_next(struct publisher *p, int64_t now_us, struct bytes *out)
{
    struct window_frame *frame;

    if (p->state == PUBLISHER_ASKING && p->hello_due) {
        *out = hello_message(p);
        return true;
    }
    if (p->state != PUBLISHER_GREETED || now_us < p->hold_us)
        return false;
    frame = window_unsent(&p->window);
    if (!frame)
        return false;
    frame->round = p->round;
    wire_set_round(frame->message, p->round);
    *out = (struct bytes){frame->message, frame->len};
    return true;
}

void publisher_sent(struct publisher *p, int64_t now_us)
{
    if (p->state == PUBLISHER_ASKING) {
        p->hello_due = false;
        p->touched_us = now_us;
        return;
    }
    assert(p->window.sent < p->window.len);
    if (p->window.sent++ == 0)
        p->touched_us = now_us;
}

static bool waits_for_answer(const struct publisher *p)
{
    return p->state == PUBLISHER_ASKING
               ? !p->hello_due
               : p->state == PUBLISHER_GREETED && p->window.sent > 0;
}

void publisher_tick(struct publisher *p, int64_t now_us)
{
    if (!waits_for_answer(p) || now_us < p->touched_us + p->resend_us)
        return;
    /* Not a new round: a server slower than this would never be believed. */
    p->touched_us = now_us;
    p->window.sent = 0;
    p->hello_due = p->state == PUBLISHER_ASKING;
}

int64_t publisher_due_us(const struct publisher *p, int64_t now_us)
{
    if (waits_for_answer(p))
        return p->touched_us + p->resend_us;
    if (p->state == PUBLISHER_GREETED && p->window.len > 0 && p->hold_us > now_us)
        return p->hold_us;
    return INT64_MAX;
}

static enum status take_greeting(struct publisher *p, const struct wire_message *m,
                                 int64_t now_us)
{
    struct bus_greeting g = {.last_number = m->number,
                             .cursor_len = m->cursor.len,
                             .clock = (enum clock_kind)m->clock_kind};

    if (p->state != PUBLISHER_ASKING || m->round != p->round)
        return ST_AGAIN;
    if (m->cursor.len > 0)
        memcpy(g.cursor, m->cursor.at, m->cursor.len);
    p->greeting = g;
    p->state = PUBLISHER_GREETED;
    p->touched_us = now_us;
    return ST_AGAIN;
}

/* The other side does not know this connection: it restarted, or the line was cut. */
static enum status take_unknown(struct publisher *p, const struct wire_message *m,
                                int64_t now_us)
{
    if (p->state == PUBLISHER_GREETED && m->round == p->round)
        ask(p, true, now_us);
    return ST_AGAIN;
}

/* Another client has the name. `number` 0 answers a hello. */
static enum status take_displaced(struct publisher *p, const struct wire_message *m,
                                  struct bus_message *out)
{
    struct window_frame *front = window_front(&p->window);

    if (!round_counts(p, m->round))
        return ST_AGAIN;
    *out = (struct bus_message){.kind = BUS_REFUSAL,
                                .number = front ? front->number : m->number,
                                .refusal = REFUSED_PRODUCER,
                                .expected = m->expected,
                                .text = wire_text(m->text)};
    forget(p);
    p->state = PUBLISHER_IDLE;
    return ST_OK;
}

/* The answer's frame is the oldest one here. False: it is not, and the answer of the
 * oldest is missing: once a round that is mended by sending everything again. */
static bool is_front(struct publisher *p, const struct wire_message *m, int64_t now_us)
{
    struct window_frame *front = window_front(&p->window);

    if (p->state != PUBLISHER_GREETED || !front || !round_counts(p, m->round))
        return false;
    if (m->number == front->number)
        return true;
    if (m->round == p->round && window_has(&p->window, m->number))
        rewind_window(p, now_us);
    return false;
}

static enum status take_position(struct publisher *p, const struct wire_message *m,
                                 int64_t now_us, struct bus_message *out)
{
    if (!is_front(p, m, now_us))
        return ST_AGAIN;
    window_pop(&p->window);
    p->touched_us = now_us;
    *out = (struct bus_message){.kind = BUS_POSITION,
                                .number = m->number,
                                .pos = m->pos,
                                .repeated = m->repeated};
    return ST_OK;
}

static enum status take_refusal(struct publisher *p, const struct wire_message *m,
                                int64_t now_us, struct bus_message *out)
{
    if (m->refusal == REFUSED_PRODUCER)
        return take_displaced(p, m, out);
    /* Of an earlier copy: the last one is still to be judged. */
    if (!is_front(p, m, now_us) || m->round != window_front(&p->window)->round ||
        p->window.sent == 0)
        return ST_AGAIN;
    p->touched_us = now_us;
    if (m->refusal == REFUSED_BUSY) {
        rewind_window(p, now_us);
        p->hold_us = now_us + p->resend_us;
        return ST_AGAIN;
    }
    *out = (struct bus_message){.kind = BUS_REFUSAL,
                                .number = m->number,
                                .refusal = (enum refusal)m->refusal,
                                .expected = m->expected,
                                .text = wire_text(m->text)};
    forget(p);
    return ST_OK;
}

static enum status take_sorry(const struct publisher *p, const struct wire_message *m,
                              struct why *why)
{
    struct text text = wire_text(m->text);

    if (m->sorry == SORRY_VERSION)
        return why_set(why, ST_VERSION, "the server says: %.*s", TEXT_ARGS(text));
    if (m->sorry == SORRY_MALFORMED)
        return why_set(why, ST_CORRUPT, "the server cannot read what we sent: %.*s",
                       TEXT_ARGS(text));
    /* A caller's hello is told; after a cut line there may be room at the next try. */
    if (p->state == PUBLISHER_ASKING && !p->resume && m->round == p->round)
        return why_set(why, ST_REFUSED, "the server says: %.*s", TEXT_ARGS(text));
    return ST_AGAIN;
}

enum status publisher_take(struct publisher *p, struct bytes message, int64_t now_us,
                           struct bus_message *out, struct why *why)
{
    struct wire_message m;
    enum status st = wire_read(message, &m, why);

    if (st)
        return why_wrap(why, st == ST_INVALID ? ST_CORRUPT : st,
                        "a message of the recorder");
    switch ((enum wire_kind)m.kind) {
    case WIRE_GREETING:
        return take_greeting(p, &m, now_us);
    case WIRE_UNKNOWN:
        return take_unknown(p, &m, now_us);
    case WIRE_POSITION:
        return take_position(p, &m, now_us, out);
    case WIRE_REFUSAL:
        return take_refusal(p, &m, now_us, out);
    case WIRE_SORRY:
        return take_sorry(p, &m, why);
    case WIRE_HELLO:
    case WIRE_SUBMIT:
    case WIRE_FOLLOW:
    case WIRE_CREDIT:
    case WIRE_FOLLOWING:
    case WIRE_ALIVE:
    case WIRE_FRAME:
    case WIRE_KIND_COUNT:
        break;
    }
    return why_set(why, ST_CORRUPT, "a recorder does not send messages of kind %u here",
                   m.kind);
}
