/* What waits for its step in a journal that runs on `published`: events and rule texts in
 * the order in which they will be applied, whatever order they came in. */
#ifndef SHORTFALL_FOLD_WAITING_H
#define SHORTFALL_FOLD_WAITING_H

#include "shortfall/core/frame.h"
#include "shortfall/core/status.h"

/* The bytes of one frame, kept until all that is in it was applied. */
struct kept_body {
    size_t refs;
    size_t len;
    uint8_t bytes[];
};

struct waiting_item {
    int64_t time;   /* `published`, or the frontier where it came too late for that */
    uint32_t rank;  /* of its feed among those declared: three racing feeds, one order */
    uint32_t index; /* of the event in its frame */
    uint64_t pos, seq;
    enum frame_type type; /* data or rules */
    struct bytes bytes;   /* one encoded event, or a rules body; inside `body` */
    struct kept_body *body;
};

/* A binary heap by (time, rank, pos, index). */
struct waiting {
    struct waiting_item *items;
    size_t len, max;
};

void waiting_free(struct waiting *w);

/* A copy of a frame's body with no references yet; NULL: no memory. */
struct kept_body *kept_body_new(struct bytes bytes);
void kept_body_release(struct kept_body *body); /* frees it with its last reference */

/* Takes a reference to item.body. */
MUST_USE enum status waiting_push(struct waiting *w, struct waiting_item item);

/* The first in order, or NULL; lent until the next push or pop. */
const struct waiting_item *waiting_first(const struct waiting *w);
struct waiting_item waiting_pop(struct waiting *w); /* its reference goes to the caller */

#endif
