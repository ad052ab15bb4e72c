/* A ring of bytes that holds the newest frames, and a few readers of the journal for who
 * is further back. Must never hand out a frame that was not given to it as durable. */
#include "recorder_tail.h"

#include "shortfall/storage/journal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define RING_BYTES  ((size_t)8 * 1024 * 1024)
#define RING_FRAMES 1024
#define READERS     4 /* followers that catch up at the same time without jumping */

struct kept {
    struct frame frame;   /* its texts point into the ring */
    size_t begin, length; /* of its bytes */
};

struct place {
    struct journal_reader *reader;
    uint64_t next; /* the position it would read on at */
    uint64_t used; /* when it was used last, counted in reads */
};

struct tail {
    char *dir;
    struct place places[READERS];
    uint64_t reads;

    struct kept frames[RING_FRAMES];
    size_t first, len;
    size_t write; /* where the next frame's bytes begin */
    uint8_t bytes[RING_BYTES];
};

_Static_assert(FRAME_BODY_MAX + FRAME_CURSOR_MAX + FRAME_PRODUCER_MAX < RING_BYTES,
               "a frame fits into the ring");

enum status tail_open(const char *dir, struct tail **out, struct why *why)
{
    struct tail *t = calloc(1, sizeof *t);
    enum status st = ST_OK;

    if (!t)
        return why_set(why, ST_NO_MEMORY, "keep the newest frames");
    t->dir = strdup(dir);
    if (!t->dir)
        st = why_set(why, ST_NO_MEMORY, "keep the newest frames");
    for (size_t i = 0; !st && i < READERS; i++)
        st = journal_reader_open(dir, &t->places[i].reader, why);
    if (st) {
        tail_close(t);
        return st;
    }
    *out = t;
    return ST_OK;
}

void tail_close(struct tail *t)
{
    if (!t)
        return;
    for (size_t i = 0; i < READERS; i++)
        journal_reader_close(t->places[i].reader);
    free(t->dir);
    free(t);
}

static struct kept *oldest(struct tail *t)
{
    return t->len > 0 ? &t->frames[t->first] : NULL;
}

static void drop_oldest(struct tail *t)
{
    t->first = (t->first + 1) % RING_FRAMES;
    t->len--;
}

/* Makes `length` bytes free from t->write on. The oldest frames lie right behind it, in
 * their order, so those in the way go one by one. */
static void make_room(struct tail *t, size_t length)
{
    const struct kept *k;

    if (t->write + length > RING_BYTES) {
        while ((k = oldest(t)) && k->begin >= t->write)
            drop_oldest(t);
        t->write = 0;
    }
    while ((k = oldest(t)) && k->begin >= t->write && k->begin < t->write + length)
        drop_oldest(t);
    if (t->len == RING_FRAMES)
        drop_oldest(t);
}

static const uint8_t *put(struct tail *t, const void *at, size_t len)
{
    uint8_t *kept = t->bytes + t->write;

    if (len > 0)
        memcpy(kept, at, len);
    t->write += len;
    return kept;
}

void tail_keep(struct tail *t, const struct frame *frame)
{
    size_t length = frame->producer.len + frame->cursor.len + frame->body.len;
    struct kept *k;

    assert(t->len == 0 || frame->pos == t->frames[t->first].frame.pos + t->len);
    make_room(t, length);
    k = &t->frames[(t->first + t->len++) % RING_FRAMES];
    *k = (struct kept){*frame, t->write, length};
    k->frame.producer.at = (const char *)put(t, frame->producer.at, frame->producer.len);
    k->frame.cursor.at = put(t, frame->cursor.at, frame->cursor.len);
    k->frame.body.at = put(t, frame->body.at, frame->body.len);
}

/* The reader that would read on here, else the one that was not used for longest. */
static struct place *place_for(struct tail *t, uint64_t pos)
{
    struct place *best = &t->places[0];

    for (size_t i = 0; i < READERS; i++) {
        if (t->places[i].next == pos)
            return &t->places[i];
        if (t->places[i].used < best->used)
            best = &t->places[i];
    }
    return best;
}

enum status tail_read(void *self, uint64_t pos, struct frame *out, struct why *why)
{
    struct tail *t = self;
    const struct kept *k = oldest(t);
    struct place *place;
    enum status st;

    if (k && pos >= k->frame.pos && pos - k->frame.pos < t->len) {
        *out = t->frames[(t->first + (pos - k->frame.pos)) % RING_FRAMES].frame;
        return ST_OK;
    }
    place = place_for(t, pos);
    st = journal_reader_next(place->reader, pos - 1, out, why);
    /* What was recorded is gone: nobody may be told that it never was. */
    if (st == ST_NOT_FOUND)
        return why_set(why, ST_CORRUPT, "%s: frame %llu was recorded and is not there",
                       t->dir, (unsigned long long)pos);
    place->next = pos + 1;
    place->used = ++t->reads;
    return st;
}
