/* Begins a journal, and reads what of an old one the recorder has to remember. */
#include "recorder_journal.h"

#include "recorder_judge.h"

#include "shortfall/proto/pack.h"

#include <assert.h>
#include <string.h>

enum status recorder_begin_journal(struct journal *j, const struct feeds *wanted,
                                   struct stamp *stamp, struct why *why)
{
    uint8_t body[OPENING_BODY_MAX];
    size_t len = 0;
    struct frame opening = {
        .type = FRAME_OPENING, .producer = TEXT_LITERAL(RECORDER_NAME), .number = 1};
    enum status st;

    if (journal_tail(j).pos > 0)
        return ST_OK;
    st = feeds_pack(wanted, body, sizeof body, &len);
    assert(!st);
    opening.body = (struct bytes){body, len};
    opening.clock = stamp_next(stamp);
    return journal_append(j, &opening, 1, why);
}

static enum status read_opening(struct journal_reader *reader, struct feeds *feeds,
                                uint8_t stream_id[FRAME_HASH_SIZE], struct why *why)
{
    struct frame frame;
    enum status st = journal_reader_next(reader, 0, &frame, why);

    if (st)
        return st;
    if (frame.type != FRAME_OPENING)
        return why_set(why, ST_CORRUPT, "the first frame is of type %s, not an opening",
                       frame_type_name(frame.type));
    memcpy(stream_id, frame.hash, FRAME_HASH_SIZE);
    return feeds_unpack(frame.body, feeds, why);
}

static enum status read_promises(struct journal_reader *reader, struct feeds *feeds,
                                 struct why *why)
{
    struct frame frame;
    uint64_t pos = 1;
    enum status st;

    while (!(st = journal_reader_next(reader, pos, &frame, why))) {
        struct feed *feed = feeds_find(feeds, frame.producer);

        pos = frame.pos;
        if (frame.type != FRAME_PROMISE || !feed)
            continue;
        if (unpack_promise(frame.body, &feed->promised, why))
            return why_wrap(why, ST_CORRUPT, "frame %llu", (unsigned long long)pos);
    }
    return st == ST_NOT_FOUND ? ST_OK : st;
}

enum status recorder_read_journal(const char *dir, struct feeds *feeds,
                                  uint8_t stream_id[FRAME_HASH_SIZE], struct why *why)
{
    struct journal_reader *reader = NULL;
    enum status st = journal_reader_open(dir, &reader, why);

    if (!st)
        st = read_opening(reader, feeds, stream_id, why);
    if (!st && feeds->clock == CLOCK_PUBLISHED)
        st = read_promises(reader, feeds, why);
    journal_reader_close(reader);
    return st ? why_wrap(why, st, "%s", dir) : ST_OK;
}
