/* The store: what has been made of the journal, as of a position. Its seam is one call:
 * commit these effects and the cursor, both or neither. */
#ifndef SHORTFALL_STORAGE_STORE_H
#define SHORTFALL_STORAGE_STORE_H

#include "shortfall/core/frame.h"
#include "shortfall/core/status.h"
#include "shortfall/core/transition.h"
#include "shortfall/core/world.h"

#define SUMMARY_MAX 512 /* bytes, with the final NUL */

/* A transition as people read it. `transition.balance` is of the transition's own
 * account. */
struct alert_row {
    struct transition transition;
    char alert[RULE_NAME_MAX + 1];
    char severity[32];
    char summary[SUMMARY_MAX];
};

/* An event that was recorded but does not stand, or stands with a doubt. */
struct quarantine_row {
    uint64_t seq, pos;
    uint32_t index; /* of the event in its frame */
    int64_t clock;
    enum verdict verdict;
    char source[EVENT_SOURCE_MAX + 1], id[EVENT_ID_MAX + 1];
    int32_t revision;
};

/* How far the effects reach. */
struct store_cursor {
    uint64_t pos, seq; /* last frame folded, last event applied; 0: none */
    int64_t clock;     /* TIME_NONE: no step yet */
    uint8_t digest[DIGEST_SIZE];
    uint64_t applied, repeated, superseded, quarantined,
        late; /* events since the start */
};

/* What one commit writes. Nothing is kept of it after the call. */
struct effects {
    const struct frame *frames; /* to keep in the store itself (replay); else len 0 */
    size_t frames_len;
    const struct alert_row *alerts; /* in order; each also goes to the outbox */
    size_t alerts_len;
    const struct quarantine_row *quarantine;
    size_t quarantine_len;
    const struct balance *balances; /* accounts that changed, at the clock */
    size_t balances_len;
    struct store_cursor cursor;
};

/* Which journal a store belongs to; fixed when it is made. */
struct store_origin {
    char journal[1024]; /* folder of the journal; "" : the frames are in the store */
    uint8_t first_hash[FRAME_HASH_SIZE]; /* of the journal's opening frame */
};

/* Names the journal by its absolute path, so that reading commands find the frames from
 * anywhere. ST_IO: there is no such folder; ST_INVALID: its path is too long; `out` is
 * then as it was. */
MUST_USE enum status store_origin_make(const char *journal,
                                       const uint8_t first_hash[FRAME_HASH_SIZE],
                                       struct store_origin *out, struct why *why);

enum store_mode { STORE_READ, STORE_WRITE, STORE_CREATE };

struct store;

/* One row for each thing a reader may want; return false to stop. Lent for the call. */
typedef bool store_alert_fn(void *self, uint64_t outbox_pos, const struct alert_row *row);
typedef bool store_quarantine_fn(void *self, const struct quarantine_row *row);

struct store_ops {
    const char *name; /* "sqlite" */
    /* READ: an existing store, without changing a byte of it. WRITE: existing or new, one
     * writer at a time. CREATE: new; ST_CONFLICT when something is there. ST_VERSION: an
     * older or newer schema, named with the version of both; older ones are migrated by
     * WRITE. ST_CORRUPT; ST_IO; ST_NOT_FOUND (READ). */
    enum status (*open)(const char *path, enum store_mode mode, struct store **out,
                        struct why *why);
    void (*close)(struct store *s);
    /* All or nothing. ST_IO, ST_CORRUPT: the process must end. ST_INVALID: the cursor
     * would go back in pos, seq or clock, or a frame does not follow the last one kept
     * (both stay where they are when nothing new comes), or the store is open for
     * reading. The hashes of frames that are kept are computed here. */
    enum status (*commit)(struct store *s, const struct effects *effects,
                          struct why *why);
    enum status (*cursor)(struct store *s, struct store_cursor *out, struct why *why);
    /* Set once, before the first commit; the same again is ST_OK, another ST_CONFLICT. */
    enum status (*set_origin)(struct store *s, const struct store_origin *origin,
                              struct why *why);
    /* ST_NOT_FOUND: not set. */
    enum status (*origin)(struct store *s, struct store_origin *out, struct why *why);
    /* Alerts with an outbox position above `after`, at most `max`, oldest first.
     * Positions are 1, 2, 3 ... without gaps. ST_VERSION: one names what this program
     * does not know. */
    enum status (*alerts)(struct store *s, uint64_t after, size_t max, store_alert_fn *fn,
                          void *self, struct why *why);
    enum status (*quarantine)(struct store *s, size_t max, store_quarantine_fn *fn,
                              void *self, struct why *why);
};

/* First member of every backend's struct. */
struct store {
    const struct store_ops *ops;
};

extern const struct store_ops store_sqlite;

MUST_USE enum status store_open(const struct store_ops *ops, const char *path,
                                enum store_mode mode, struct store **out,
                                struct why *why);
void store_close(struct store *s);
MUST_USE enum status store_commit(struct store *s, const struct effects *effects,
                                  struct why *why);
MUST_USE enum status store_cursor(struct store *s, struct store_cursor *out,
                                  struct why *why);
MUST_USE enum status store_set_origin(struct store *s, const struct store_origin *origin,
                                      struct why *why);
MUST_USE enum status store_origin(struct store *s, struct store_origin *out,
                                  struct why *why);
MUST_USE enum status store_alerts(struct store *s, uint64_t after, size_t max,
                                  store_alert_fn *fn, void *self, struct why *why);
MUST_USE enum status store_quarantine(struct store *s, size_t max,
                                      store_quarantine_fn *fn, void *self,
                                      struct why *why);

/* The ledger of what a notifier has delivered: never rebuilt, so every commit is FULL.
 * Opens or makes it; one process at a time (ST_CONFLICT names the other). */
struct delivered;
MUST_USE enum status delivered_open(const char *path, struct delivered **out,
                                    struct why *why);
void delivered_close(struct delivered *d);
/* Highest position such that it and all below are delivered to `target`; 0: none. */
MUST_USE enum status delivered_last(struct delivered *d, const char *target,
                                    uint64_t *pos, struct why *why);
/* ST_CONFLICT: this notification was delivered to `target` before (nothing changes). */
MUST_USE enum status delivered_check(struct delivered *d, const char *target,
                                     const uint8_t notification[ALERT_HASH_SIZE],
                                     struct why *why);
/* Durable when it returns. The same note again is ST_OK; ST_CONFLICT: another
 * notification has this position, or this one another position. */
MUST_USE enum status delivered_note(struct delivered *d, const char *target, uint64_t pos,
                                    const uint8_t notification[ALERT_HASH_SIZE],
                                    struct why *why);

#endif
