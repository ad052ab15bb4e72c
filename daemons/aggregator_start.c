/* The start: the journal's folder is folded again from its first frame, or from the
 * newest checkpoint. What the store has already is folded without effects, and must then
 * give the store's own digest. The journal is only read here. */
#define _XOPEN_SOURCE 700 /* realpath; NOLINT(bugprone-reserved-identifier) */
#include "aggregator_parts.h"
#include "frame_clock.h"

#include "shortfall/daemons/log.h"
#include "shortfall/storage/journal.h"

#include <assert.h>
#include <poll.h>
#include <string.h>

#define LOOK_MS 200 /* between two looks for a journal that does not exist yet */

/* The recorder makes the folder and its opening when it starts for the first time. */
static enum status open_journal(struct aggregator *a, struct journal_reader **reader,
                                struct frame *opening, struct why *why)
{
    enum status st = journal_reader_open(a->settings->journal, reader, why);

    if (st)
        return st;
    st = journal_reader_next(*reader, 0, opening, why);
    if (st) {
        journal_reader_close(*reader);
        *reader = NULL;
    }
    return st;
}

static enum status is_missing(const struct aggregator *a, uint64_t have, struct why *why)
{
    return why_set(why, ST_CORRUPT,
                   "%s: acknowledged data is missing: have %llu frames, counted %llu",
                   a->settings->journal, (unsigned long long)have,
                   (unsigned long long)a->committed.pos);
}

static enum status wait_for_journal(struct aggregator *a, int stop_fd,
                                    struct journal_reader **reader, struct frame *opening,
                                    struct why *why)
{
    struct pollfd stop = {.fd = stop_fd, .events = POLLIN};
    bool told = false;

    for (;;) {
        enum status st = open_journal(a, reader, opening, why);

        if (st != ST_NOT_FOUND)
            return st;
        if (a->committed.pos > 0)
            return is_missing(a, 0, why);
        if (!told)
            log_write(LOG_INFO, "waiting", log_string("journal", a->settings->journal));
        told = true;
        if (poll(&stop, 1, LOOK_MS) > 0)
            return why_set(why, ST_STOPPED, "told to stop");
    }
}

static enum status set_origin(struct aggregator *a, const struct frame *opening,
                              struct why *why)
{
    struct store_origin origin;
    enum status st = store_origin_make(a->settings->journal, opening->hash, &origin, why);

    if (st)
        return st;
    memcpy(a->first_hash, opening->hash, sizeof a->first_hash);
    st = store_set_origin(a->store, &origin, why);

    if (st == ST_CONFLICT)
        return why_wrap(why, st, "%s is of another journal than %s", a->settings->db,
                        origin.journal);
    return st;
}

static enum status check_digest(const struct aggregator *a, struct why *why)
{
    uint8_t digest[DIGEST_SIZE];

    world_digest(fold_world(a->fold), digest);
    if (memcmp(digest, a->committed.digest, sizeof digest) == 0)
        return ST_OK;
    return why_set(why, ST_CORRUPT,
                   "%s: its digest at position %llu is not that of the journal: it is "
                   "damaged or was written by another version; delete it, it is rebuilt "
                   "from the journal",
                   a->settings->db, (unsigned long long)a->committed.pos);
}

/* Folding what is committed: `a->pos` runs up to `a->committed.pos`. */
static enum status fold_known(struct aggregator *a, const struct frame *frame,
                              struct why *why)
{
    enum status st = aggregator_fold(a, frame, why);

    if (st)
        return st;
    fold_clear(a->fold);
    aggregator_checkpoint(a);
    return a->pos == a->committed.pos ? check_digest(a, why) : ST_OK;
}

static enum status fold_new_frame(struct aggregator *a, const struct frame *frame,
                                  struct why *why)
{
    enum status st = aggregator_fold(a, frame, why);
    int64_t age_us = clock_monotonic_us() - a->uncommitted_us;

    if (st || age_us < a->settings->commit_every_us)
        return st;
    st = aggregator_commit(a, false, why);
    if (st == ST_OK)
        aggregator_checkpoint(a);
    return st;
}

static enum status fold_all(struct aggregator *a, int stop_fd,
                            struct journal_reader *reader, struct why *why)
{
    struct pollfd stop = {.fd = stop_fd, .events = POLLIN};
    struct frame frame;
    enum status st;

    while ((st = journal_reader_next(reader, a->pos, &frame, why)) == ST_OK) {
        if (poll(&stop, 1, 0) > 0)
            return why_set(why, ST_STOPPED, "told to stop");
        if (a->pos < a->committed.pos)
            st = fold_known(a, &frame, why);
        else
            st = fold_new_frame(a, &frame, why);
        if (st)
            return st;
    }
    if (st != ST_NOT_FOUND)
        return st;
    if (a->pos < a->committed.pos)
        return is_missing(a, a->pos, why);
    a->balances_due = true; /* those of the last run may have been left behind */
    return aggregator_commit(a, true, why);
}

enum status aggregator_catch_up(struct aggregator *a, int stop_fd, struct why *why)
{
    struct journal_reader *reader = NULL;
    struct frame opening;
    enum status st = wait_for_journal(a, stop_fd, &reader, &opening, why);

    if (st == ST_OK)
        st = set_origin(a, &opening, why);
    if (st == ST_OK)
        aggregator_resume(a, reader);
    if (st == ST_OK && a->pos > 0 && a->pos == a->committed.pos)
        st = check_digest(a, why);
    if (st == ST_OK)
        st = fold_all(a, stop_fd, reader, why);
    journal_reader_close(reader);
    if (st)
        return st;
    assert(a->pos > 0);
    a->caught_up = true;
    return ST_OK;
}
