/* What the world is made of: facts, accounts, price series, rule instances, and the pools
 * they live in. Private to core/; who reads or moves which part:
 *
 *   fact.c         facts by identity, revisions, verdicts
 *   posting.c      what a fact puts on accounts and lists
 *   price.c        prices: ticks, and the series they stand in
 *   pending.c      postings that wait until somebody looks
 *   ledger.c       amounts as entries on the paths of accounts and groups
 *   report.c       what stock reports of members show to their group
 *   expectation.c  what is still expected of shipments and pledges
 *   policy.c       which policies stand in an expectation's way
 *   delivery.c     what pledges have brought
 *   metric.c       figures of an account at an instant
 *   outlook.c      the next instant at which a comparison may change
 *   alert.c        the state machine of a rule on an account
 *   instance.c     which rule watches which account
 *   world.c        the step
 */
#ifndef SHORTFALL_CORE_STATE_H
#define SHORTFALL_CORE_STATE_H

#include "agenda.h"
#include "path.h"
#include "ticks.h"

#include "shortfall/core/event.h"
#include "shortfall/core/rule.h"
#include "shortfall/core/transition.h"
#include "shortfall/core/world.h"

/* A place in the arena of texts. */
struct text_ref {
    uint32_t at, len;
};

/* What a kind of fact states beside the fact's own part; each kind in a pool of its own.
 */
struct shipment_fact {
    place_id from, to;
    commodity_id commodity;
    unit_id unit;
    factor_set_id set;
    bool cancelled;
    uint32_t pledge;                   /* fact it is credited to; INDEX_NONE: none */
    uint32_t pledge_prev, pledge_next; /* other shipments of that pledge */
    struct text_ref credit;            /* as stated; len 0: not stated */
    struct qty quantity, arrived_quantity;
    struct qty credited; /* in base units of the pledge's commodity */
    struct qty expected; /* at its eta, after policies */
    int64_t departed, eta, arrived;
};

struct pledge_fact {
    place_id from, to;
    commodity_id commodity;
    uint8_t status;     /* enum pledge_status */
    uint32_t review_at; /* place in the agenda of reviews */
    struct qty quantity;
    int64_t due;
    int64_t date;       /* where it is expected now; TIME_NONE: it is not */
    struct qty remains; /* what is expected there, after policies */
};

struct price_fact {
    uint32_t series;
    unit_id unit;
    struct text_ref name; /* "source\0id" */
    int64_t money;
};

struct policy_fact {
    place_id actor, target;
    commodity_id commodity;
    int32_t factor;
    int64_t until;
    int64_t reach; /* the latest end of it and of the older ones of its chain */
};

/* stock, production, use. */
struct level_fact {
    place_id country;
    commodity_id commodity;
    struct text_ref name; /* "source\0id", of stocks only */
    struct qty quantity;
    int64_t until;
};

struct fact {
    struct hash128 identity, content;
    int64_t time;
    int32_t revision;
    uint32_t body;           /* in the pool of its kind; INDEX_NONE: not stated yet */
    uint32_t first_shipment; /* of a pledge, also before it is known */
    uint32_t list_prev, list_next; /* in its account's or the policies' list */
    uint8_t kind;                  /* enum event_kind; KIND_UNSEEN: only named so far */
    bool retracted, alternative;
};

#define KIND_UNSEEN EVENT_KIND_COUNT

/* Postings that wait on an account (pending.h), in the order in which they came. */
struct waiting_posting {
    int64_t time, until;
    struct qty amount;
    uint32_t fact;
    uint8_t shape; /* enum shape */
    bool put;
};

#define WAITING_POSTINGS 12

struct waiting {
    uint32_t next, len;
    struct waiting_posting list[WAITING_POSTINGS];
};

struct account {
    /* What every event touches, together. */
    place_id country;
    commodity_id commodity;
    uint32_t group; /* its group's account; INDEX_NONE: none, or is one */
    bool touched, queued, stale, asks_prices;
    uint8_t reach;                               /* outlook.h */
    uint32_t first_waiting, last_waiting, waits; /* postings */
    uint32_t next_queued;                        /* accounts on which something waits */
    uint32_t next_touched; /* chain of the accounts that this step touched */
    uint32_t movers_len;   /* ever */
    uint64_t step_first;   /* least seq of this step that moved it */
    uint32_t first_open;   /* facts: shipments that have not arrived */
    uint32_t first_pledge; /* facts */
    uint32_t first_instance;
    uint32_t described;      /* standing use, production and stock facts, members' too */
    uint32_t mentioned;      /* steps that ever touched it */
    struct timeline own;     /* its path, and what is expected */
    struct timeline reports; /* of a member: its SETs, in the group's unit */
    /* Of a member: where the differences its reports show to the group may be wrong. */
    int64_t stale_from, stale_until;
    int64_t judged;  /* when its instances were last looked at; TIME_NONE: never */
    int64_t quieted; /* when account_judge last did; TIME_NONE */
    uint32_t next_stale;
    uint32_t first_stale;  /* of a group */
    uint32_t first_member; /* of a group */
    uint32_t next_member;  /* of the same group */
    uint32_t next_same_commodity, next_same_country;
    uint32_t next_asking; /* accounts of the same commodity whose rules ask for prices */
    uint64_t movers[TRANSITION_MOVERS_MAX]; /* ring of the newest */
};

struct series {
    struct hash128 identity;
    commodity_id commodity;
    uint32_t next_same_commodity;
    char market[EVENT_MARKET_MAX + 1];
    char currency[4];
    struct ticks prices;
};

/* The ticks of one source in one series and unit: their ids differ in the time alone. */
struct lane {
    struct hash128 identity;
    struct text_ref name; /* "source\0commodity/market/currency/unit/" */
    uint32_t series;
    unit_id unit;
};

enum instance_state { INSTANCE_INACTIVE, INSTANCE_PENDING, INSTANCE_FIRING };

/* One rule on one account. */
struct instance {
    uint32_t rule, account;
    uint32_t next_of_account;
    uint32_t agenda_at; /* place in the agenda; INDEX_NONE: not in it */
    uint8_t state;
    bool unknown;
    int64_t since;        /* pending, firing: when the episode began; TIME_NONE */
    int64_t clear_since;  /* firing: since when it recovers; TIME_NONE: it does not */
    int64_t last_begun;   /* begin of the key's last episode; TIME_NONE */
    uint32_t ordinal;     /* among the episodes that began at last_begun */
    uint32_t quiet_moves; /* the account's movers_len when it last had the other value */
    uint64_t moved_first; /* first seq that moved the account since then */
};

struct world {
    struct budget budget;
    struct pool facts, accounts, series, lanes, instances;
    struct pool shipments, pledges, prices, policies, levels;
    struct pool waitings;
    struct timeline_pools paths;
    struct tick_pools ticks;
    size_t ticks_len;      /* prices that are no facts of their own */
    size_t facts_named_so; /* facts that have a name such as ticks have */
    struct hash_index fact_index, series_index, lane_index;
    struct agenda due;     /* instances */
    struct agenda reviews; /* pledges whose expectation changes of itself */
    unsigned char *texts;
    size_t texts_bytes, texts_len;
    /* Tables by place and commodity: an account's index, and heads of chains. */
    uint32_t *tables;
    size_t tables_bytes;
    uint32_t *account_of; /* by place, then commodity; INDEX_NONE: never mentioned */
    uint32_t *accounts_of_commodity, *accounts_of_place;
    uint32_t *asking_of_commodity, *series_of_commodity;
    uint32_t *policies_on; /* by target, then commodity; the last ones are those of all */
    uint32_t first_touched;
    uint32_t queue_first, queue_last;
    size_t waits;                  /* postings that wait on all accounts */
    struct sorted_posting *sorted; /* scratch of settle.c */
    size_t sorted_bytes, sorted_max;
    const struct ruleset *rules;
    uint32_t *rule_ranks; /* of each rule in the order of uids */
    size_t rule_ranks_bytes;
    uint16_t *commodity_ranks; /* of each commodity in the order of codes */
    size_t commodity_ranks_bytes;
    uint32_t star_rules; /* rules without a full list: they meet new accounts */
    size_t step_events;  /* that room was made for, and that may still come */
    size_t undated;      /* pledges without a due date: they move at the end of a year */
    int64_t clock;
    uint64_t seq;
    struct hash128 fact_sum; /* of the contents of the facts that stand */
    bool open;               /* between begin and end */
};

static inline struct fact *fact_at(const struct world *w, uint32_t index)
{
    return pool_at(&w->facts, index);
}

static inline struct shipment_fact *shipment_of(const struct world *w,
                                                const struct fact *f)
{
    return pool_at(&w->shipments, f->body);
}

static inline struct pledge_fact *pledge_of(const struct world *w, const struct fact *f)
{
    return pool_at(&w->pledges, f->body);
}

static inline struct price_fact *price_of(const struct world *w, const struct fact *f)
{
    return pool_at(&w->prices, f->body);
}

static inline struct policy_fact *policy_of(const struct world *w, const struct fact *f)
{
    return pool_at(&w->policies, f->body);
}

static inline struct level_fact *level_of(const struct world *w, const struct fact *f)
{
    return pool_at(&w->levels, f->body);
}

/* Of what a shipment, pledge or level is. */
static inline commodity_id fact_commodity(const struct world *w, const struct fact *f)
{
    if (f->kind == EVENT_SHIPMENT)
        return shipment_of(w, f)->commodity;
    return f->kind == EVENT_PLEDGE ? pledge_of(w, f)->commodity
                                   : level_of(w, f)->commodity;
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
