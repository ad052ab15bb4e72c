/* A database as of what was known at K: the newest checkpoint from before, and the frames
 * behind it folded up to there. Every reading command begins here. */
#ifndef SHORTFALL_TOOLS_DATABASE_H
#define SHORTFALL_TOOLS_DATABASE_H

#include "shortfall/fold/checkpoint.h"
#include "shortfall/storage/store.h"

struct database {
    struct store *store;
    struct store_origin origin;
    struct store_cursor cursor;
    struct fold *fold;    /* after database_fold */
    fold_watch_fn *watch; /* set between the two: told of the events; NULL: nobody is */
    void *watch_self;
    fold_wants_fn *watch_wants; /* which of them matter to it; NULL: all */
};

/* Opens the store, its origin and its cursor. */
MUST_USE enum status database_open(const char *db, struct database *out, struct why *why);
void database_close(struct database *r);

/* Folds the frames of the store, or of the journal that it was made from, up to its
 * cursor and no further than `known` (TIME_NONE: the clock of the store). What it begins
 * with changes no answer; a checkpoint that is of no use is told on standard error.
 * ST_CORRUPT: at its own cursor the fold gives another digest than the store has. */
MUST_USE enum status database_fold(struct database *r, const char *db, int64_t known,
                                   struct why *why);

#endif
