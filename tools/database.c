/* Folding what a store was made from. */
#include "database.h"

#include <stdio.h>
#include <string.h>

enum status database_open(const char *db, struct database *out, struct why *why)
{
    struct database r = {0};
    enum status st = store_open(&store_sqlite, db, STORE_READ, &r.store, why);

    if (st == ST_OK)
        st = store_origin(r.store, &r.origin, why);
    if (st == ST_NOT_FOUND && r.store != NULL)
        (void)why_set(why, st, "%s: nothing has been applied to it yet", db);
    if (st == ST_OK)
        st = store_cursor(r.store, &r.cursor, why);
    if (st) {
        database_close(&r);
        return st;
    }
    *out = r;
    return ST_OK;
}

void database_close(struct database *r)
{
    store_close(r->store);
    fold_free(r->fold);
    *r = (struct database){0};
}

static void tell_unfit(void *self, uint64_t pos, enum status st, const char *reason)
{
    (void)self;
    (void)fprintf(stderr,
                  "shortfall: the checkpoint at position %llu is not used: %s: %s\n",
                  (unsigned long long)pos, status_text(st), reason);
}

/* The fold as of the newest checkpoint, or before the first frame: *pos is its place. */
static enum status begin(struct database *r, const char *db,
                         const struct fold_options *options,
                         struct journal_reader *frames, uint64_t *pos, struct why *why)
{
    const struct checkpoint_search search = {.db = db,
                                             .frames = frames,
                                             .options = options,
                                             .pos_max = r->cursor.pos,
                                             .clock_max = options->known,
                                             .unfit = tell_unfit};
    struct checkpoint_found found;

    *pos = 0;
    if (checkpoint_resume(&search, &found, NULL) != ST_OK)
        return fold_new(options, &r->fold, why);
    r->fold = found.fold;
    *pos = found.mark.pos;
    return options->watch == NULL
               ? ST_OK
               : fold_retell(r->fold, frames, *pos, r->watch_wants, why);
}

static enum status fold_frames(struct database *r, struct journal_reader *frames,
                               uint64_t pos, int64_t known, struct why *why)
{
    while (pos < r->cursor.pos) {
        struct frame frame;
        enum status st = journal_reader_next(frames, pos, &frame, why);

        if (st == ST_NOT_FOUND)
            return why_set(
                why, ST_CORRUPT,
                "frames end at %llu, but %llu have been counted: recorded data "
                "is missing",
                (unsigned long long)pos, (unsigned long long)r->cursor.pos);
        if (st)
            return st;
        pos = frame.pos;
        /* The clocks of a recorded journal rise: nothing behind this one is known yet. */
        if (fold_has_opening(r->fold) && fold_clock_kind(r->fold) == CLOCK_RECORDED &&
            frame.clock > known)
            return ST_OK;
        st = fold_frame(r->fold, &frame, why);
        if (st)
            return st;
        fold_clear(r->fold);
    }
    return fold_finish(r->fold, why);
}

/* The same facts must give the same digest; if they do not, no figure may be shown. */
static enum status check_digest(struct database *r, const char *db, struct why *why)
{
    uint8_t digest[DIGEST_SIZE];

    world_digest(fold_world(r->fold), digest);
    if (memcmp(digest, r->cursor.digest, sizeof digest) == 0)
        return ST_OK;
    return why_set(why, ST_CORRUPT,
                   "%s: its frames give another digest than it states: it is damaged or "
                   "was written by another version; replay it anew",
                   db);
}

enum status database_fold(struct database *r, const char *db, int64_t known,
                          struct why *why)
{
    struct fold_options options = {.known = known == TIME_NONE ? r->cursor.clock : known,
                                   .watch = r->watch,
                                   .watch_self = r->watch_self};
    const char *path = r->origin.journal[0] == '\0' ? db : r->origin.journal;
    struct journal_reader *frames;
    uint64_t pos;
    enum status st = journal_reader_open(path, &frames, why);

    if (st)
        return why_wrap(why, st, "%s was made from the journal %s", db, path);
    st = begin(r, db, &options, frames, &pos, why);
    if (st == ST_OK)
        st = fold_frames(r, frames, pos, options.known, why);
    journal_reader_close(frames);
    if (st == ST_OK && options.known == r->cursor.clock)
        st = fold_advance(r->fold, r->cursor.clock, why);
    if (st == ST_OK && options.known == r->cursor.clock)
        st = check_digest(r, db, why);
    return st;
}
