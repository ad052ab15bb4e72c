/* The server's socket for followers. Must never send a frame that was not asked for, and
 * never let a follower that does not read hold up another. */
#include "server_parts.h"

#include <assert.h>

/* What one call of bus_server_serve sends at most, and to one follower before the next
 * has its turn: reading on in order is cheap, jumping between positions is not. */
#define SERVED_MAX       256
#define SERVED_BYTES_MAX 16777216 /* 16 MiB */
#define TURN_MAX         16

static uint64_t until_allowed(const struct wire_message *m, uint64_t pos)
{
    return m->until - pos > BUS_CREDIT_MAX ? pos + BUS_CREDIT_MAX : m->until;
}

static void answer_following(struct bus_server *s, struct bytes id, uint16_t round)
{
    struct wire_message m = {.kind = WIRE_FOLLOWING,
                             .round = round,
                             .hash = {s->stream_id, FRAME_HASH_SIZE},
                             .oldest = s->oldest,
                             .tail = s->tail};

    if (answer(s->reader, id, &m))
        return; /* it will ask again */
}

/* A position that cannot be served is answered like any other: the follower sees from the
 * first and last one what is wrong, and nothing is kept of it. */
static void take_follow(struct bus_server *s, struct bytes id,
                        const struct wire_message *m)
{
    struct peer *peer = peers_find(&s->followers, id);

    if (m->pos > s->tail || m->pos + 1 < s->oldest) {
        if (peer)
            peers_remove(&s->followers, peer);
        answer_following(s, id, m->round);
        return;
    }
    if (!peer)
        peer = peers_add(&s->followers, id);
    if (!peer) {
        answer_sorry(s, s->reader, id, m->round, SORRY_FULL, "too many followers");
        return;
    }
    peer->round = m->round;
    peer->seen_us = monotonic_us();
    peer->pos = m->pos;
    peer->until = m->until < m->pos ? m->pos : until_allowed(m, m->pos);
    answer_following(s, id, m->round);
}

static void take_credit(struct bus_server *s, struct bytes id,
                        const struct wire_message *m)
{
    struct peer *peer = peers_find(&s->followers, id);
    bool known = peer && peer->round == m->round;
    struct wire_message alive = {
        .kind = known ? WIRE_ALIVE : WIRE_UNKNOWN, .round = m->round, .tail = s->tail};

    if (known) {
        peer->seen_us = monotonic_us();
        if (m->until > peer->until)
            peer->until = until_allowed(m, peer->pos);
    }
    if (answer(s->reader, id, &alive))
        return; /* it will ask again */
}

void streams_take(struct bus_server *s)
{
    struct envelope e;
    struct wire_message m;

    for (int i = 0; s->reader && i < TAKEN_MAX; i++) {
        enum status st = envelope_take(s, s->reader, &e, &m);

        if (st == ST_AGAIN)
            return;
        if (st)
            continue;
        if (m.kind == WIRE_FOLLOW)
            take_follow(s, part_bytes(&e.id), &m);
        else if (m.kind == WIRE_CREDIT)
            take_credit(s, part_bytes(&e.id), &m);
        else
            answer_sorry(s, s->reader, part_bytes(&e.id), m.round, SORRY_MALFORMED,
                         "a follower follows and gives credit only");
        envelope_close(&e);
    }
}

static bool can_serve(const struct bus_server *s, const struct peer *peer)
{
    return peer->id_len > 0 && peer->pos < peer->until && peer->pos < s->tail;
}

/* The next follower in turn that a frame can be sent to; NULL: none. */
static struct peer *next_in_turn(struct bus_server *s)
{
    struct peers *p = &s->followers;

    for (size_t i = 0; i < p->high; i++) {
        struct peer *peer = &p->places[(s->turn + i) % p->high];

        if (can_serve(s, peer))
            return peer;
    }
    return NULL;
}

bool streams_wait_for_frames(struct bus_server *s)
{
    return next_in_turn(s) != NULL;
}

struct serving {
    bus_read_fn *read;
    void *self;
    size_t frames, bytes; /* sent in this call */
};

static enum status serve_one(struct bus_server *s, struct peer *peer,
                             struct serving *serving, struct why *why)
{
    struct frame frame = {0};
    struct wire_message m;
    enum status st = serving->read(serving->self, peer->pos + 1, &frame, why);

    if (st)
        return why_wrap(why, st, "serve frame %llu", (unsigned long long)peer->pos + 1);
    if (frame.pos != peer->pos + 1 || !wire_frame_fits(&frame) ||
        frame.producer.len > FRAME_PRODUCER_MAX || frame.events > FRAME_EVENTS_MAX)
        return why_set(why, ST_CORRUPT,
                       "serve frame %llu: what was stored is not a frame",
                       (unsigned long long)peer->pos + 1);
    m = wire_of_frame(&frame);
    m.round = peer->round;
    /* Credit is less than what its queue holds: one that has no room is as good as gone.
     * It asks again, from the last frame that it has. */
    if (answer(s->reader, (struct bytes){peer->id, peer->id_len}, &m)) {
        peers_remove(&s->followers, peer);
        return ST_OK;
    }
    peer->pos++;
    s->counts.served++;
    serving->frames++;
    serving->bytes += wire_size(&m);
    return ST_OK;
}

static bool is_exhausted(const struct serving *serving)
{
    return serving->frames >= SERVED_MAX || serving->bytes >= SERVED_BYTES_MAX;
}

static enum status serve_turn(struct bus_server *s, struct peer *peer,
                              struct serving *serving, struct why *why)
{
    enum status st = ST_OK;

    for (int i = 0; !st && i < TURN_MAX && can_serve(s, peer) && !is_exhausted(serving);
         i++)
        st = serve_one(s, peer, serving, why);
    return st;
}

enum status bus_server_serve(struct bus_server *s, uint64_t tail, bus_read_fn *read,
                             void *self, struct why *why)
{
    struct serving serving = {.read = read, .self = self};
    struct peer *peer;

    s->tail = tail;
    streams_take(s);
    while (!is_exhausted(&serving) && (peer = next_in_turn(s))) {
        enum status st = serve_turn(s, peer, &serving, why);

        if (st)
            return st;
        s->turn = (size_t)(peer - s->followers.places) + 1;
    }
    return ST_OK;
}
