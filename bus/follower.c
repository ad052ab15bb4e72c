/* The reader's half of the protocol. Must never hand out a frame twice or one that is not
 * the next, and must never mix two streams. */
#include "follower.h"

#include <assert.h>
#include <string.h>

/* Silences, counted in resend_us, after which the line is taken for dead. */
#define SILENCES_MAX 3

static void ask(struct follower *f)
{
    f->round++;
    f->state = FOLLOWER_ASKING;
    f->follow_due = true;
}

void follower_begin(struct follower *f, uint64_t after, int64_t now_us)
{
    f->pos = after;
    f->heard_us = now_us;
    ask(f);
}

/* Asked for ahead of time, so that the stream does not stand still for an answer. */
static bool wants_credit(const struct follower *f)
{
    return f->until - f->pos <= f->credit / 2;
}

static int64_t ping_us(const struct follower *f)
{
    int64_t last = f->heard_us > f->asked_us ? f->heard_us : f->asked_us;

    return last + f->resend_us;
}

bool follower_next(struct follower *f, int64_t now_us, struct bytes *out)
{
    struct wire_message m = {.round = f->round};

    if (f->state == FOLLOWER_ASKING && f->follow_due)
        m.kind = WIRE_FOLLOW;
    else if (f->state == FOLLOWER_FOLLOWING && (wants_credit(f) || now_us >= ping_us(f)))
        m.kind = WIRE_CREDIT;
    else
        return false;
    m.pos = f->pos;
    m.until = f->pos + f->credit;
    assert(wire_size(&m) <= sizeof f->message);
    wire_write(&m, f->message);
    *out = (struct bytes){f->message, wire_size(&m)};
    return true;
}

void follower_sent(struct follower *f, int64_t now_us)
{
    f->follow_due = false;
    f->until = f->pos + f->credit;
    f->asked_us = now_us;
}

static int64_t lost_us(const struct follower *f)
{
    return f->heard_us + SILENCES_MAX * f->resend_us;
}

void follower_tick(struct follower *f, int64_t now_us)
{
    if (f->state == FOLLOWER_ASKING && !f->follow_due)
        f->follow_due = now_us >= f->asked_us + f->resend_us;
    if (f->state == FOLLOWER_FOLLOWING && now_us >= lost_us(f))
        ask(f);
}

int64_t follower_due_us(const struct follower *f, int64_t now_us)
{
    int64_t ping = ping_us(f);
    int64_t lost = lost_us(f);

    if (f->state == FOLLOWER_ASKING && !f->follow_due)
        return f->asked_us + f->resend_us;
    if (f->state != FOLLOWER_FOLLOWING)
        return INT64_MAX;
    /* A ping that is due but cannot leave waits for the socket, not for the time. */
    return ping > now_us && ping < lost ? ping : lost;
}

/* The stream must be the one of before, and reach as far as it did. */
static enum status take_following(struct follower *f, const struct wire_message *m,
                                  struct why *why)
{
    if (f->knows_stream && memcmp(f->stream_id, m->hash.at, FRAME_HASH_SIZE) != 0)
        return why_set(why, ST_CORRUPT, "the server serves another stream than before");
    if (m->tail < f->pos)
        return why_set(why, ST_CORRUPT,
                       "frames are missing: the stream ends at %llu, %llu were followed",
                       (unsigned long long)m->tail, (unsigned long long)f->pos);
    if (f->pos + 1 < m->oldest)
        return why_set(why, ST_NOT_FOUND,
                       "the stream begins at %llu, frame %llu is not served any more",
                       (unsigned long long)m->oldest, (unsigned long long)f->pos + 1);
    memcpy(f->stream_id, m->hash.at, FRAME_HASH_SIZE);
    f->knows_stream = true;
    f->state = FOLLOWER_FOLLOWING;
    return ST_AGAIN;
}

static enum status take_frame(struct follower *f, const struct wire_message *m,
                              struct bus_message *out)
{
    if (f->state != FOLLOWER_FOLLOWING || m->pos <= f->pos)
        return ST_AGAIN;
    if (m->pos != f->pos + 1) {
        ask(f);
        return ST_AGAIN;
    }
    f->pos = m->pos;
    *out = (struct bus_message){.kind = BUS_FRAME, .frame = wire_frame(m)};
    return ST_OK;
}

static enum status take_sorry(const struct wire_message *m, struct why *why)
{
    struct text text = wire_text(m->text);

    if (m->sorry == SORRY_VERSION)
        return why_set(why, ST_VERSION, "the server says: %.*s", TEXT_ARGS(text));
    if (m->sorry == SORRY_MALFORMED)
        return why_set(why, ST_CORRUPT, "the server cannot read what we sent: %.*s",
                       TEXT_ARGS(text));
    return ST_AGAIN; /* full: there may be room when we ask again */
}

enum status follower_take(struct follower *f, struct bytes message, int64_t now_us,
                          struct bus_message *out, struct why *why)
{
    struct wire_message m;
    enum status st = wire_read(message, &m, why);

    if (st)
        return why_wrap(why, st == ST_INVALID ? ST_CORRUPT : st, "a message of a stream");
    if (m.kind == WIRE_SORRY)
        return take_sorry(&m, why);
    if (f->state == FOLLOWER_IDLE || m.round != f->round)
        return ST_AGAIN;
    f->heard_us = now_us;
    switch ((enum wire_kind)m.kind) {
    case WIRE_FOLLOWING:
        return take_following(f, &m, why);
    case WIRE_FRAME:
        return take_frame(f, &m, out);
    case WIRE_ALIVE:
        return ST_AGAIN;
    case WIRE_UNKNOWN:
        ask(f);
        return ST_AGAIN;
    case WIRE_HELLO:
    case WIRE_SUBMIT:
    case WIRE_GREETING:
    case WIRE_POSITION:
    case WIRE_REFUSAL:
    case WIRE_SORRY:
    case WIRE_FOLLOW:
    case WIRE_CREDIT:
    case WIRE_KIND_COUNT:
        break;
    }
    return why_set(why, ST_CORRUPT, "a stream does not send messages of kind %u", m.kind);
}
