/* What the world is made of: facts, accounts, price series, rule instances, and the pools
 * they live in. Private to core/; who reads or moves which part:
 *
 *   fact.c         facts by identity, revisions, verdicts
 *   posting.c      a fact's entries on the paths of its accounts and groups
 *   expectation.c  what is still expected of shipments and pledges
 *   metric.c       figures of an account at an instant
 *   outlook.c      the next instant at which a figure may change its course
 *   alert.c        the state machine of a rule on an account
 *   instance.c     which rule watches which account; the heap of instants
 *   world.c        the step
 */
#ifndef SHORTFALL_CORE_STATE_H
#define SHORTFALL_CORE_STATE_H

#include "path.h"
#include "pool.h"

#include "shortfall/core/event.h"
#include "shortfall/core/rule.h"
#include "shortfall/core/transition.h"
#include "shortfall/core/world.h"

/* A place in the arena of texts. */
struct text_ref {
    uint32_t at, len;
};

struct shipment_fact {
    place_id from, to;
    commodity_id commodity;
    unit_id unit;
    factor_set_id set;
    bool cancelled;
    struct qty quantity, arrived_quantity;
    int64_t departed, eta, arrived;
    uint32_t pledge;                   /* fact it is credited to; INDEX_NONE: none */
    uint32_t pledge_prev, pledge_next; /* other shipments of that pledge */
    struct text_ref credit;            /* as stated; len 0: not stated */
    struct qty credited;               /* in base units of the pledge's commodity */
};

struct pledge_fact {
    place_id from, to;
    commodity_id commodity;
    enum pledge_status status;
    struct qty quantity;
    int64_t due;
};

struct price_fact {
    uint32_t series;
    unit_id unit;
    int64_t money;
};

struct policy_fact {
    place_id actor, target;
    commodity_id commodity;
    int32_t factor;
    int64_t until;
};

struct level_fact {
    place_id country;
    commodity_id commodity;
    struct qty quantity;
    int64_t until;
};

struct fact {
    struct hash128 content;
    int64_t time;
    int32_t revision;
    uint8_t kind; /* enum event_kind; KIND_UNSEEN: only named so far */
    bool retracted, alternative;
    struct text_ref name;          /* "source\0id", of stocks and prices only */
    uint32_t first_shipment;       /* of a pledge, also before it is known */
    uint32_t list_prev, list_next; /* in its account's or the policies' list */
    union {
        struct shipment_fact shipment;
        struct pledge_fact pledge;
        struct price_fact price;
        struct policy_fact policy;
        struct level_fact level;
    } as;
};

#define KIND_UNSEEN EVENT_KIND_COUNT

struct account {
    place_id country;
    commodity_id commodity;
    uint32_t group;        /* its group's account; INDEX_NONE: none, or is one */
    uint32_t first_member; /* of a group */
    uint32_t next_member;  /* of the same group */
    uint32_t next_same_commodity;
    uint32_t first_expected; /* facts: pledges, and shipments that may be expected */
    uint32_t first_instance;
    uint32_t described;  /* standing use, production and stock facts, members' too */
    uint32_t mentioned;  /* facts that ever touched it */
    struct timeline own; /* its path */
    struct timeline converted; /* the same in the group's unit, with its stock reports */
    uint32_t sets;             /* SETs on `converted` */
    uint32_t next_touched;     /* chain of the accounts that this step touched */
    bool touched;
    uint64_t step_first;                    /* least seq of this step that moved it */
    uint64_t movers[TRANSITION_MOVERS_MAX]; /* ring of the newest */
    uint32_t movers_len;                    /* ever */
};

struct series {
    commodity_id commodity;
    char market[EVENT_MARKET_MAX + 1];
    char currency[4];
    struct timeline prices;
};

enum instance_state { INSTANCE_INACTIVE, INSTANCE_PENDING, INSTANCE_FIRING };

/* One rule on one account. */
struct instance {
    uint32_t rule, account;
    uint32_t next_of_account;
    uint32_t heap_at; /* place in the heap; INDEX_NONE: not in it */
    uint8_t state;
    bool unknown;
    uint8_t patience;     /* outlook.h */
    int64_t since;        /* pending, firing: when the episode began; TIME_NONE */
    int64_t clear_since;  /* firing: since when it recovers; TIME_NONE: it does not */
    int64_t last_begun;   /* begin of the key's last episode; TIME_NONE */
    uint32_t ordinal;     /* among the episodes that began at last_begun */
    int64_t due;          /* next instant at which it must be looked at */
    uint64_t moved_first; /* first seq that moved the account since the other value */
    uint32_t quiet_moves; /* the account's movers_len when it last had it */
};

/* What is expected of one fact at one date, in pico-units of the account that asks. */
struct expectation {
    int64_t date;
    int128_t amount;
};

struct world {
    struct budget budget;
    struct pool facts, blocks, accounts, series, instances;
    struct hash_index fact_index, account_index, series_index;
    uint32_t *heap; /* instances by (due, rule uid, country, commodity) */
    size_t heap_bytes, heap_max;
    uint32_t heap_len;
    struct expectation *expected; /* scratch of one view */
    size_t expected_bytes, expected_max;
    unsigned char *texts;
    size_t texts_bytes, texts_len;
    uint32_t first_policy;
    uint32_t *by_commodity; /* first account of each commodity */
    size_t by_commodity_bytes;
    uint32_t first_touched;
    const struct ruleset *rules;
    uint32_t star_rules; /* rules without a full list: they meet new accounts */
    size_t step_events;  /* that room was made for, and that may still come */
    int64_t clock;
    uint64_t seq;
    struct hash128 fact_sum; /* of the contents of the facts that stand */
    bool open;               /* between begin and end */
};

static inline struct fact *fact_at(const struct world *w, uint32_t index)
{
    return pool_at(&w->facts, index);
}

static inline struct account *account_at(const struct world *w, uint32_t index)
{
    return pool_at(&w->accounts, index);
}

static inline struct series *series_at(const struct world *w, uint32_t index)
{
    return pool_at(&w->series, index);
}

static inline struct instance *instance_at(const struct world *w, uint32_t index)
{
    return pool_at(&w->instances, index);
}

/* It counts: known, not retracted, not another source's word for a fact that counts. */
static inline bool fact_counts(const struct fact *f)
{
    return f->kind != KIND_UNSEEN && !f->retracted && !f->alternative;
}

#endif
