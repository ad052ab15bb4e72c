/* The world: all facts that stand, the accounts they build, the alerts over them, and the
 * step that moves it. Pure: no clock, file, socket or random number; memory comes from
 * the caller, and only between steps. Live running, replay and tests call these same
 * functions.
 *
 *   world_reserve   room for the events of the next step
 *   world_begin     the clock moves to c: everything due before c fires first
 *   world_apply     an event at c, any number of times
 *   world_end       what c itself brings: rules see the state after the whole step
 */
#ifndef SHORTFALL_CORE_WORLD_H
#define SHORTFALL_CORE_WORLD_H

#include "shortfall/core/balance.h"
#include "shortfall/core/event.h"
#include "shortfall/core/hash.h"
#include "shortfall/core/rule.h"
#include "shortfall/core/transition.h"

#define DIGEST_SIZE 16 /* bytes */

/* Where the world's memory comes from: realloc's contract (size 0 frees). */
struct memory {
    void *(*resize)(void *self, void *old, size_t size);
    void *self;
    size_t limit; /* bytes in all; 0: no limit. To look at what it let in may take an
                     eighth more */
};

/* What the core says of a recorded event. All but the first two leave the world as it
 * was; those from VERDICT_CONFLICT on belong into quarantine. */
enum verdict {
    VERDICT_APPLIED,    /* it stands now */
    VERDICT_DANGLING,   /* it stands, but names a pledge that is not known (yet) */
    VERDICT_REPEAT,     /* the same revision with the same content: harmless */
    VERDICT_SUPERSEDED, /* a higher revision is known already: harmless */
    VERDICT_CONFLICT,   /* the same revision with other content: the first stands */
    VERDICT_KIND,       /* a revision that changes the fact's kind */
    VERDICT_COUNT
};

const char *verdict_name(enum verdict verdict);

/* Why it is quarantined and what to do; "" for the harmless ones. */
const char *verdict_advice(enum verdict verdict);

/* What a step brings about. Both are called within world_begin, world_rules and
 * world_end, in the order of semantics section 6; the values are lent for the call. */
struct world_sink {
    void (*transition)(void *self, const struct transition *transition);
    void (*changed)(void *self, place_id country, commodity_id commodity); /* may be NULL;
                       each account that a step's events touched, once a step */
    void *self;
};

struct world;

/* ST_NO_MEMORY, ST_FULL (limit too small). Free with world_free. */
MUST_USE enum status world_new(const struct memory *memory, struct world **out,
                               struct why *why);
void world_free(struct world *w);

/* Makes sure that a step of `events` events finds room. Between steps only. ST_FULL: the
 * memory limit; ST_NO_MEMORY. Nothing is lost by either. */
MUST_USE enum status world_reserve(struct world *w, size_t events, struct why *why);

/* Puts another ruleset in force, between steps or within one. `rules` is lent until the
 * next call or world_free. Alerts of rules with the same uid keep their state; a firing
 * alert whose rule is gone resolves at the clock. Rules set before the first step are in
 * force from it. ST_FULL, ST_NO_MEMORY: the old rules stay. */
MUST_USE enum status world_rules(struct world *w, const struct ruleset *rules,
                                 const struct world_sink *sink, struct why *why);

/* clock > world_clock, or equal to it to go on with the same step. */
void world_begin(struct world *w, int64_t clock, const struct world_sink *sink);

/* `ev` has passed event_check. `seq` is kept as evidence. Texts are copied where they are
 * needed. */
enum verdict world_apply(struct world *w, const struct event *ev, uint64_t seq);

/* The same in parts, for who has several events at hand: while one is applied, what the
 * next ones touch is brought nearer. Neither of the first two changes anything. */
struct foreseen {
    const struct event *event;
    struct hash128 identity; /* not of a price that is likely to be no fact of its own */
    struct hash128 content;
};
void world_foresee(const struct world *w, const struct event *ev, struct foreseen *out);
void world_approach(const struct world *w, const struct foreseen *f);
enum verdict world_apply_foreseen(struct world *w, const struct foreseen *f,
                                  uint64_t seq);

void world_end(struct world *w, const struct world_sink *sink);

/* TIME_NONE before the first step. */
int64_t world_clock(const struct world *w);

/* The next instant after the clock at which a transition may fall due by itself if no
 * event comes; TIME_NONE: none. */
int64_t world_next_instant(const struct world *w);

/* Over the facts that stand and the alert states (semantics section 7). */
void world_digest(const struct world *w, uint8_t digest[DIGEST_SIZE]);

/* The balance of an account as of `as_of` by the facts known now. An account that no fact
 * mentions gives zeros and *none*. horizon > 0. Between steps only. ST_FULL,
 * ST_NO_MEMORY: the world may not or cannot grow by what waits on the account. */
MUST_USE enum status world_balance(struct world *w, place_id country,
                                   commodity_id commodity, int64_t as_of, int64_t horizon,
                                   struct balance *out, struct why *why);

/* Brings the paths of all accounts up to date, where events still wait on some: cheaper
 * than one by one when many are to be looked at. Between steps only. Errors as above. */
MUST_USE enum status world_settle(struct world *w, struct why *why);

/* Accounts in order of their first mention; groups come into being with their first
 * member. */
size_t world_accounts_len(const struct world *w);
void world_account_key(const struct world *w, size_t index, place_id *country,
                       commodity_id *commodity);

struct world_counts {
    size_t facts, accounts, instances, pending, firing, memory_bytes;
};
struct world_counts world_counts(const struct world *w);

/* The books of a commodity: what all accounts took in and gave out, less what the facts
 * say crossed their borders (shipments), was made (production) and was used (use). Every
 * quantity has two sides, so this is zero, in pico-units, whatever was revised, retracted
 * or came late. Walks all facts: for tests and `verify`. After world_settle. */
int128_t world_imbalance(struct world *w, commodity_id commodity);

#endif
