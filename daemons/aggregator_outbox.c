/* What the aggregator serves: the alert transitions that are committed, one a frame, by
 * their position in the outbox. Must never show one that a crash could take back. */
#include "aggregator_parts.h"

struct wanted {
    bool found;
    uint64_t pos;
    struct alert_row row;
};

static bool take_row(void *self, uint64_t outbox_pos, const struct alert_row *row)
{
    struct wanted *wanted = self;

    wanted->found = true;
    wanted->pos = outbox_pos;
    wanted->row = *row;
    return false;
}

static enum status find(struct store *store, uint64_t pos, struct wanted *out,
                        struct why *why)
{
    out->found = false;
    return store_alerts(store, pos - 1, 1, take_row, out, why);
}

/* Positions are without gaps: between one that is there and one that is not, the last one
 * is found by halving. */
enum status outbox_end(struct store *store, uint64_t *out, struct why *why)
{
    struct wanted wanted;
    uint64_t there = 0;
    uint64_t absent = 1;
    enum status st = find(store, absent, &wanted, why);

    while (st == ST_OK && wanted.found) {
        there = absent;
        absent *= 2;
        st = find(store, absent, &wanted, why);
    }
    while (st == ST_OK && absent - there > 1) {
        uint64_t middle = there + (absent - there) / 2;

        st = find(store, middle, &wanted, why);
        if (wanted.found)
            there = middle;
        else
            absent = middle;
    }
    if (st == ST_OK)
        *out = there;
    return st;
}

enum status outbox_read(void *self, uint64_t pos, struct frame *out, struct why *why)
{
    struct aggregator *a = self;
    struct wanted wanted;
    size_t len;
    enum status st = find(a->store, pos, &wanted, why);

    if (st)
        return st;
    if (!wanted.found || wanted.pos != pos)
        return why_set(why, ST_CORRUPT, "the outbox has no transition %llu",
                       (unsigned long long)pos);
    const struct transition_texts texts = {text_of(wanted.row.alert),
                                           text_of(wanted.row.severity),
                                           text_of(wanted.row.summary)};

    st = pack_transition(&wanted.row.transition, &texts, a->body, sizeof a->body, &len);
    if (st)
        return why_set(why, st, "transition %llu cannot be written",
                       (unsigned long long)pos);
    *out = (struct frame){.pos = pos,
                          .first_seq = wanted.row.transition.seq + 1,
                          .type = FRAME_TRANSITION,
                          .clock = wanted.row.transition.clock,
                          .producer = text_of(a->settings->producer),
                          .number = pos,
                          .body = {a->body, len}};
    return ST_OK;
}
