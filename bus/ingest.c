/* The server's socket for producers. Must never show a frame of a peer that does not own
 * its name, and never lend what it has given back. */
#include "server_parts.h"

#include <assert.h>
#include <string.h>

static void answer_refusal(struct bus_server *s, struct bytes id, uint16_t round,
                           uint64_t number, const char *text)
{
    struct wire_message m = {.kind = WIRE_REFUSAL,
                             .round = round,
                             .number = number,
                             .refusal = REFUSED_PRODUCER,
                             .text = wire_bytes(text_of(text))};

    s->counts.refused++;
    if (answer(s->ingest, id, &m))
        return; /* it will send again */
}

static void answer_unknown(struct bus_server *s, struct bytes id, uint16_t round)
{
    struct wire_message m = {.kind = WIRE_UNKNOWN, .round = round};

    s->counts.refused++;
    if (answer(s->ingest, id, &m))
        return; /* it will send again */
}

/* The same client on another connection: the old one is dead. */
static void displace(struct bus_server *s, struct peer *owner, uint64_t instance)
{
    if (owner->instance == instance)
        peers_remove(&s->producers, owner);
    else
        owner->displaced = true;
}

/* The one that said nothing for longest makes room: many are gone without a word, and one
 * that is not is asked for its hello again when it sends. */
static struct peer *add(struct bus_server *s, struct bytes id)
{
    struct peer *peer = peers_add(&s->producers, id);

    if (peer)
        return peer;
    peers_remove(&s->producers, peers_oldest(&s->producers));
    peer = peers_add(&s->producers, id);
    assert(peer);
    return peer;
}

/* A hello by the client's own doing, after a cut line, does not take the name from
 * another client: only a caller's hello does. */
static enum status claim(struct bus_server *s, struct bytes id,
                         const struct wire_message *m, struct peer **out)
{
    struct peer *owner = peers_owner(&s->producers, wire_text(m->producer));
    struct peer *peer = peers_find(&s->producers, id);

    if (owner && owner != peer && m->resume && owner->instance != m->instance) {
        answer_refusal(s, id, m->round, 0, "a newer connection has this name");
        return ST_REFUSED;
    }
    if (owner && owner != peer)
        displace(s, owner, m->instance);
    if (!peer)
        peer = add(s, id);
    peer->displaced = false;
    peer->instance = m->instance;
    assert(m->producer.len <= sizeof peer->producer);
    memcpy(peer->producer, m->producer.at, m->producer.len);
    peer->producer_len = (uint8_t)m->producer.len;
    *out = peer;
    return ST_OK;
}

/* Who may have asked this; answers who may not. */
static enum status admit(struct bus_server *s, struct bytes id,
                         const struct wire_message *m, struct peer **out)
{
    struct peer *peer;

    if (m->kind == WIRE_HELLO && frame_producer_is_valid(wire_text(m->producer)))
        return claim(s, id, m, out);
    if (m->kind != WIRE_SUBMIT) {
        answer_sorry(s, s->ingest, id, m->round, SORRY_MALFORMED,
                     m->kind == WIRE_HELLO ? "not a producer's name"
                                           : "a producer says hello and submits only");
        return ST_REFUSED;
    }
    peer = peers_find(&s->producers, id);
    if (!peer) {
        answer_unknown(s, id, m->round);
        return ST_REFUSED;
    }
    if (peer->displaced) {
        answer_refusal(s, id, m->round, m->number, "a newer connection has this name");
        return ST_REFUSED;
    }
    *out = peer;
    return ST_OK;
}

/* Keeps the message and shows it as a request. */
static void lend(struct bus_server *s, struct envelope *e, const struct peer *peer,
                 uint16_t round, struct bus_request *out)
{
    struct lent *lent = &s->lent[s->lent_len++];
    struct wire_message m;
    enum status st;

    zmq_msg_init(&lent->message);
    zmq_msg_move(&lent->message, &e->part);
    s->lent_bytes += zmq_msg_size(&lent->message);
    memcpy(lent->producer, peer->producer, peer->producer_len);
    /* Read again: a short message lives within zmq_msg_t itself and has moved too. */
    st = wire_read(part_bytes(&lent->message), &m, NULL);
    assert(!st && m.round == round);
    *out = (struct bus_request){
        .kind = m.kind == WIRE_HELLO ? BUS_HELLO : BUS_SUBMIT,
        .peer = peers_handle(&s->producers, peer, round),
        .producer = {lent->producer, peer->producer_len},
    };
    if (m.kind == WIRE_SUBMIT) {
        out->frame = wire_frame(&m);
        s->counts.submitted++;
    }
    out->frame.producer = out->producer;
}

static bool may_lend(const struct bus_server *s)
{
    return s->ingest && s->lent_len < BUS_LENT_MAX && s->lent_bytes < BUS_LENT_BYTES_MAX;
}

/* One message: ST_OK: it is a request; ST_AGAIN: there is none; else it was answered. */
static enum status take_request(struct bus_server *s, struct bus_request *out)
{
    struct envelope e;
    struct wire_message m;
    struct peer *peer;
    enum status st = envelope_take(s, s->ingest, &e, &m);

    if (st)
        return st;
    st = admit(s, part_bytes(&e.id), &m, &peer);
    if (!st) {
        peer->seen_us = monotonic_us();
        lend(s, &e, peer, m.round, out);
    }
    envelope_close(&e);
    return st;
}

enum status bus_server_next(struct bus_server *s, struct bus_request *out,
                            struct why *why)
{
    for (int i = 0; may_lend(s) && i < TAKEN_MAX; i++) {
        enum status st = take_request(s, out);

        if (!st)
            return ST_OK;
        if (st == ST_AGAIN)
            break;
    }
    return why_set(why, ST_AGAIN, "no request");
}

void bus_server_release(struct bus_server *s)
{
    for (size_t i = 0; i < s->lent_len; i++)
        zmq_msg_close(&s->lent[i].message);
    s->lent_len = 0;
    s->lent_bytes = 0;
}

/* The answer to a request, in the round in which it was asked. A peer that is gone or
 * does not read asks again. */
static void answer_peer(struct bus_server *s, bus_peer handle, struct wire_message *m)
{
    struct peer *peer = peers_of_handle(&s->producers, handle);

    m->round = peers_round(handle);
    if (!peer || answer(s->ingest, (struct bytes){peer->id, peer->id_len}, m))
        return;
}

void bus_server_greet(struct bus_server *s, bus_peer peer,
                      const struct bus_greeting *greeting)
{
    struct wire_message m = {.kind = WIRE_GREETING,
                             .number = greeting->last_number,
                             .clock_kind = (uint8_t)greeting->clock,
                             .cursor = {greeting->cursor, greeting->cursor_len}};

    answer_peer(s, peer, &m);
}

void bus_server_position(struct bus_server *s, bus_peer peer, uint64_t number,
                         uint64_t pos, bool repeated)
{
    struct wire_message m = {
        .kind = WIRE_POSITION, .number = number, .pos = pos, .repeated = repeated};

    answer_peer(s, peer, &m);
}

/* Cut between two characters, not within one. */
static struct bytes cut_text(struct text text)
{
    struct bytes b = wire_bytes(text);

    if (b.len <= BUS_REFUSAL_TEXT_MAX)
        return b;
    b.len = BUS_REFUSAL_TEXT_MAX;
    while (b.len > 0 && (b.at[b.len] & 0xc0) == 0x80)
        b.len--;
    return b;
}

void bus_server_refuse(struct bus_server *s, bus_peer peer, uint64_t number,
                       enum refusal refusal, uint64_t expected, struct text text)
{
    struct wire_message m = {.kind = WIRE_REFUSAL,
                             .number = number,
                             .refusal = (uint8_t)refusal,
                             .expected = expected,
                             .text = cut_text(text)};

    answer_peer(s, peer, &m);
}
