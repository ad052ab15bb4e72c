/* The least that a balance is: a fact found by a hash of its name, two accounts found by
 * hash and moved, five thresholds. For the limit programs of replay and of the live path.
 */
#ifndef BENCH_LIMIT_STATE_H
#define BENCH_LIMIT_STATE_H

#include "limit_decode.h"
#include "measure.h"

#include <xxhash.h>

#define ACCOUNTS (1U << 14)

/* What an event says: so much leaves one account (0: none) and comes to another. */
struct fact {
    XXH128_hash_t name;
    uint32_t from, to;
    int64_t amount;
};

static struct fact *facts;
static uint64_t facts_mask; /* slots, a power of two, less one */
static uint64_t account_key[ACCOUNTS];
static int64_t account_stock[ACCOUNTS];
static bool account_changed[ACCOUNTS];
static uint32_t watched[5]; /* five rules, on the first five accounts */
static size_t watched_len;
static bool firing[5];

/* Before any clock starts: half as many slots again as there may be facts, or more. */
static inline void limit_state_begin(uint64_t events)
{
    facts_mask = (1U << 16) - 1;
    while (facts_mask < events + events / 2)
        facts_mask = 2 * facts_mask + 1;
    facts = measure_table((facts_mask + 1) * sizeof *facts);
}

static inline uint32_t limit_account(const struct limit_field *place,
                                     const struct limit_field *of)
{
    uint32_t seed =
        (uint32_t)place->at[0] << 16 | (uint32_t)place->at[1] << 8 | place->at[2];
    uint64_t key = XXH3_64bits_withSeed(of->at, of->len, seed) | 1;
    uint32_t at = (uint32_t)(key >> 40) % ACCOUNTS;

    while (at == 0 || (account_key[at] != 0 && account_key[at] != key))
        at = (at + 1) % ACCOUNTS;
    if (account_key[at] == 0 && watched_len < 5)
        watched[watched_len++] = at;
    account_key[at] = key;
    return at;
}

static inline struct fact limit_fact(const struct limit_event *ev)
{
    const struct limit_field *f = ev->field;
    size_t name_len = (size_t)(f[L_ID].at + f[L_ID].len - f[L_SOURCE].at);
    struct fact fact = {XXH3_128bits(f[L_SOURCE].at, name_len), 0, 0, 0};
    bool ship = (ev->present >> L_FROM & 1) != 0;

    if ((ev->present >> L_QUANTITY & 1) == 0)
        return fact;
    fact.amount = f[L_QUANTITY].value;
    if (!ship)
        fact.to = limit_account(&f[L_COUNTRY], &f[L_COMMODITY]);
    if (ship && ev->present >> L_DEPARTED & 1)
        fact.from = limit_account(&f[L_FROM], &f[L_COMMODITY]);
    if (ship && ev->present >> L_ARRIVED & 1)
        fact.to = limit_account(&f[L_TO], &f[L_COMMODITY]);
    return fact;
}

static inline void limit_move(const struct fact *fact, int64_t amount)
{
    account_stock[fact->from] -= amount;
    account_stock[fact->to] += amount;
    account_changed[fact->from] = account_changed[fact->to] = true;
}

/* The newest word about a fact takes the place of the one before. */
static inline void limit_apply(const struct fact *fact)
{
    size_t at = fact->name.low64 & facts_mask;

    while (facts[at].name.low64 != 0 && !XXH128_isEqual(facts[at].name, fact->name))
        at = (at + 1) & facts_mask;
    limit_move(&facts[at], -facts[at].amount);
    limit_move(fact, fact->amount);
    facts[at] = *fact;
}

/* A whole frame; all of its facts are asked for before the first one is needed. Returns
 * how many of the five conditions changed. */
static inline unsigned limit_step_frame(struct measure_body body)
{
    static struct fact list[256];
    static struct limit_event ev;
    struct limit_cursor c = {body.at, body.at + body.len, false};
    struct limit_field head;
    unsigned changes = 0;

    limit_value(&c, &head);
    for (int64_t i = 0; i < head.value && i < 256; i++) {
        if (!limit_event(&c, &ev))
            measure_fail("not an event");
        list[i] = limit_fact(&ev);
        __builtin_prefetch(&facts[list[i].name.low64 & facts_mask], 1);
    }
    for (int64_t i = 0; i < head.value && i < 256; i++)
        limit_apply(&list[i]);
    for (unsigned i = 0; i < 5; i++) {
        bool now = account_stock[watched[i]] > INT64_C(100000000000);

        changes += now != firing[i];
        firing[i] = now;
    }
    return changes;
}

#endif
