/* A world as bytes, so that a start need not apply every fact again. A checkpoint is a
 * cache for the program that made it: it holds the world's own arrays as they stand in
 * memory, and means nothing to a program whose core is built differently. */
#ifndef SHORTFALL_CORE_CHECKPOINT_H
#define SHORTFALL_CORE_CHECKPOINT_H

#include "shortfall/core/world.h"

/* Where the bytes go to, or come from: `write` takes all of them, `read` gives exactly as
 * many as are asked for. What either says is handed on to the caller. Bytes that were
 * read are believed: whoever reads them has compared their hash. */
struct checkpoint_writer {
    enum status (*write)(void *self, const void *bytes, size_t len, struct why *why);
    void *self;
};

struct checkpoint_reader {
    enum status (*read)(void *self, void *bytes, size_t len, struct why *why);
    void *self;
};

/* Writes the world, which is left as it is. Between steps only. Allocates nothing and
 * makes no call but `write`: a forked process may do it. */
MUST_USE enum status world_save(struct world *w, const struct checkpoint_writer *out,
                                struct why *why);

/* Makes a world of what world_save wrote. `rules` (NULL: none) are those that were in
 * force, lent as in world_rules. ST_VERSION: it was written by a core of another layout
 * or with other tables of codes; ST_CONFLICT: under other rules; ST_CORRUPT: it
 * contradicts itself; ST_FULL, ST_NO_MEMORY. */
MUST_USE enum status world_load(const struct memory *memory, const struct ruleset *rules,
                                const struct checkpoint_reader *in, struct world **out,
                                struct why *why);

/* Whether this event, and no other revision of its fact, is what the world holds now: of
 * all events behind a world these alone are worth telling to who comes later. */
bool world_holds(const struct world *w, const struct event *ev);

#endif
