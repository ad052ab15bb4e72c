/* Checkpoints as files: making one, and the search for the newest that fits. Whatever is
 * wrong with one, an older one or the frames themselves give the same state. */
#include "shortfall/fold/checkpoint.h"

#include "fold_parts.h"

#include "shortfall/proto/pack.h"

#include <string.h>

enum status checkpoint_make(const char *db, struct fold *f, struct bytes note,
                            const uint8_t hash[FRAME_HASH_SIZE], struct why *why)
{
    const struct checkpoint_mark mark = fold_mark(f, hash);
    struct checkpoint_file *file;
    enum status st = checkpoint_create(db, &mark, &file, why);

    if (st)
        return st;
    const struct checkpoint_writer out = {checkpoint_write, file};

    st = fold_save(f, note, &out, why);
    if (st == ST_OK)
        st = checkpoint_seal(file, why);
    if (st == ST_OK)
        st = checkpoint_publish(file, why);
    checkpoint_close(file);
    return st;
}

/* --- the search -------------------------------------------------------------------- */

/* The frame that it ends with is the journal's. */
static enum status check_frame(struct journal_reader *frames,
                               const struct checkpoint_mark *mark, struct why *why)
{
    struct frame frame;
    enum status st = journal_reader_next(frames, mark->pos - 1, &frame, why);

    if (st == ST_NOT_FOUND ||
        (st == ST_OK && memcmp(frame.hash, mark->hash, sizeof frame.hash) != 0))
        return why_set(why, ST_CONFLICT, "it was made from other frames");
    return st;
}

static enum status load(struct checkpoint_file *file,
                        const struct checkpoint_search *search,
                        struct checkpoint_found *found, struct why *why)
{
    const struct checkpoint_reader in = {checkpoint_read, file};
    enum status st = check_frame(search->frames, &found->mark, why);

    if (st == ST_OK)
        st = fold_load(search->options, &in, &found->fold, &found->note, why);
    if (st)
        return st;
    st = checkpoint_end(file, why);
    if (st == ST_OK && found->fold->cursor.pos != found->mark.pos)
        st = why_set(why, ST_CORRUPT, "it is of another position than it says");
    if (st)
        fold_free(found->fold);
    return st;
}

/* ST_AGAIN: nothing is wrong with it, but it is too new. */
static enum status try(const struct checkpoint_search *search, uint64_t pos,
                       struct checkpoint_found *found, struct why *why)
{
    struct checkpoint_file *file;
    enum status st = checkpoint_open(search->db, pos, &file, &found->mark, why);

    if (st)
        return st;
    st =
        found->mark.clock > search->clock_max ? ST_AGAIN : load(file, search, found, why);
    checkpoint_close(file);
    return st;
}

enum status checkpoint_resume(const struct checkpoint_search *search,
                              struct checkpoint_found *out, struct why *why)
{
    uint64_t most = search->pos_max;

    while (most > 0) {
        struct checkpoint_found found;
        struct why reason = {""};
        uint64_t pos;
        enum status st = checkpoint_find(search->db, most, &pos, &reason);

        if (st)
            break;
        st = try(search, pos, &found, &reason);
        if (st == ST_OK) {
            *out = found;
            return ST_OK;
        }
        if (st != ST_AGAIN && st != ST_NOT_FOUND)
            search->unfit(search->self, pos, st, reason.text);
        most = pos - 1;
    }
    return why_set(why, ST_NOT_FOUND, "%s: no checkpoint fits", search->db);
}

/* --- telling again ----------------------------------------------------------------- */

static enum status retell_frame(const struct fold *f, const struct frame *frame,
                                fold_wants_fn *wants, struct why *why)
{
    void *self = f->options.watch_self;
    struct unpacker u;
    enum status st = fold_events_begin(frame, frame->body, &u, why);

    for (uint32_t i = 0; st == ST_OK && i < frame->events; i++) {
        struct event ev;
        bool skipped;

        st = unpack_next(&u, &ev, &skipped, why);
        if (st == ST_OK && (wants == NULL || wants(self, &ev)) &&
            world_holds(f->world, &ev))
            f->options.watch(self, &ev, VERDICT_APPLIED);
    }
    return st;
}

enum status fold_retell(struct fold *f, struct journal_reader *frames, uint64_t pos,
                        fold_wants_fn *wants, struct why *why)
{
    for (uint64_t at = 0; at < pos; at++) {
        struct frame frame;
        enum status st = journal_reader_next(frames, at, &frame, why);

        if (st == ST_OK && frame.type == FRAME_DATA)
            st = retell_frame(f, &frame, wants, why);
        if (st)
            return why_wrap(why, st, "position %llu", (unsigned long long)at + 1);
    }
    return ST_OK;
}
