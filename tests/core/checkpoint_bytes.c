/* Checkpoints of worlds in memory, and whether two worlds agree. */
#include "checkpoint_bytes.h"

#include "story.h"

#include <criterion/criterion.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void hear(void *self, const struct transition *t)
{
    struct heard *h = self;

    cr_assert(h->len < TRANSITIONS_MAX);
    h->list[h->len++] = *t;
}

static enum status take(void *self, const void *bytes, size_t len, struct why *why)
{
    struct buffer *b = self;

    if (len > b->max - b->len)
        return why_set(why, ST_FULL, "no room for %zu bytes", len);
    memcpy(b->bytes + b->len, bytes, len);
    b->len += len;
    return ST_OK;
}

static enum status give(void *self, void *bytes, size_t len, struct why *why)
{
    struct buffer *b = self;

    if (len > b->len - b->at)
        return why_set(why, ST_CORRUPT, "no more bytes");
    memcpy(bytes, b->bytes + b->at, len);
    b->at += len;
    return ST_OK;
}

struct buffer buffer_new(size_t max)
{
    struct buffer b = {.bytes = malloc(max), .max = max};

    cr_assert(b.bytes != NULL);
    return b;
}

enum status world_bytes(struct world *w, struct buffer *b)
{
    const struct checkpoint_writer out = {take, b};

    b->len = 0;
    return world_save(w, &out, NULL);
}

enum status world_of_bytes(struct buffer *b, const struct ruleset *rules, size_t limit,
                           struct world **out)
{
    const struct checkpoint_reader in = {give, b};
    struct memory memory = heap_memory();

    memory.limit = limit;
    b->at = 0;
    return world_load(&memory, rules, &in, out, NULL);
}

struct world *world_begun(const struct ruleset *rules, const struct world_sink *sink)
{
    struct memory memory = heap_memory();
    struct world *w;

    cr_assert(world_new(&memory, &w, NULL) == ST_OK);
    if (rules != NULL)
        cr_assert(world_rules(w, rules, sink, NULL) == ST_OK);
    return w;
}

void same_digests(uint64_t seed, const struct world *a, const struct world *b)
{
    uint8_t digests[2][DIGEST_SIZE];

    world_digest(a, digests[0]);
    world_digest(b, digests[1]);
    cr_assert(memcmp(digests[0], digests[1], DIGEST_SIZE) == 0,
              "seed %" PRIu64 ": another digest", seed);
    cr_assert(world_clock(a) == world_clock(b) &&
                  world_next_instant(a) == world_next_instant(b),
              "seed %" PRIu64 ": another clock or instant", seed);
}

void same_balances(uint64_t seed, int64_t as_of, struct world *a, struct world *b)
{
    cr_assert(world_accounts_len(a) == world_accounts_len(b));
    for (size_t i = 0; i < world_accounts_len(a); i++) {
        struct balance of_a;
        struct balance of_b;
        place_id country;
        commodity_id commodity;

        world_account_key(a, i, &country, &commodity);
        memset(&of_a, 0, sizeof of_a);
        memset(&of_b, 0, sizeof of_b);
        cr_assert(world_balance(a, country, commodity, as_of, 90 * DAY_US, &of_a, NULL) ==
                  ST_OK);
        cr_assert(world_balance(b, country, commodity, as_of, 90 * DAY_US, &of_b, NULL) ==
                  ST_OK);
        cr_assert(of_a.stock == of_b.stock && of_a.unmet == of_b.unmet &&
                      of_a.shortfall == of_b.shortfall &&
                      of_a.uncovered_deficit == of_b.uncovered_deficit &&
                      of_a.stock_out == of_b.stock_out &&
                      of_a.expected == of_b.expected && of_a.overdue == of_b.overdue &&
                      of_a.delivery_ratio == of_b.delivery_ratio,
                  "seed %" PRIu64 ": another balance of %s/%s", seed, place_code(country),
                  commodity_code(commodity));
    }
}
