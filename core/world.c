/* The step: facts -> accounts -> figures -> alert transitions. */
#include "shortfall/core/world.h"

#include "account.h"
#include "alert.h"
#include "expectation.h"
#include "fact.h"
#include "ledger.h"
#include "metric.h"
#include "pending.h"
#include "state.h"

#include <assert.h>
#include <string.h>

#define PURPOSE_DIGEST UINT64_C(0x73662d646967)

/* --- the step --------------------------------------------------------------------- */

/* An expectation changed of itself: whoever watches the account looks at once. */
static void review(struct world *w, uint32_t pledge, int64_t time)
{
    if (!pledge_review(w, pledge, time))
        return;
    const struct pledge_fact *p = pledge_of(w, fact_at(w, pledge));
    const struct account *a = account_at(w, account_get(w, p->to, p->commodity));

    account_schedule(w, a, time);
    if (a->group != INDEX_NONE)
        account_schedule(w, account_at(w, a->group), time);
}

/* Expectations that change up to `time`. */
static void review_until(struct world *w, int64_t time)
{
    for (const struct agenda_item *pledge = agenda_first(&w->reviews);
         pledge != NULL && pledge->due <= time; pledge = agenda_first(&w->reviews))
        review(w, pledge->item, pledge->due);
}

/* Judges what falls due before `end`, in the order of semantics section 6. */
static void settle(struct world *w, int64_t end, const struct alert_context *context)
{
    for (;;) {
        const struct agenda_item *due = agenda_first(&w->due);
        const struct agenda_item *pledge = agenda_first(&w->reviews);

        if (pledge != NULL && pledge->due < end &&
            (due == NULL || pledge->due <= due->due)) {
            review_until(w, pledge->due);
            continue;
        }
        if (due == NULL || due->due >= end)
            return;
        uint32_t account = instance_at(w, due->item)->account;

        if (account_at(w, account)->quieted == due->due)
            alert_judge(w, due->item, due->due, context);
        else
            account_judge(w, account, due->due);
    }
}

void world_begin(struct world *w, int64_t clock, const struct world_sink *sink)
{
    struct alert_context context = {sink, clock};

    assert(!w->open && clock >= w->clock);
    if (w->clock == TIME_NONE) {
        /* Nothing is evaluated before the first step: then everything is, once. */
        for (uint32_t i = 0; i < w->instances.len; i++)
            instance_schedule(w, i, clock);
    }
    settle(w, clock, &context);
    w->clock = clock;
    w->open = true;
}

/* Everything that watches a touched account is judged at the step's own instant. */
static void judge_touched(struct world *w, const struct world_sink *sink)
{
    for (uint32_t a = w->first_touched; a != INDEX_NONE;) {
        struct account *account = account_at(w, a);

        if (account->mentioned == 0 && account->first_instance == INDEX_NONE)
            account_watch(w, a);
        account->mentioned++;
        if (account->first_instance != INDEX_NONE)
            account_judge(w, a, w->clock);
        if (sink->changed != NULL)
            sink->changed(sink->self, account->country, account->commodity);
        a = account->next_touched;
    }
}

static void release_touched(struct world *w)
{
    for (uint32_t a = w->first_touched; a != INDEX_NONE;) {
        struct account *account = account_at(w, a);

        a = account->next_touched;
        account->touched = false;
        account->next_touched = INDEX_NONE;
    }
    w->first_touched = INDEX_NONE;
}

void world_end(struct world *w, const struct world_sink *sink)
{
    struct alert_context context = {sink, w->clock};

    assert(w->open);
    review_until(w, w->clock);
    judge_touched(w, sink);
    settle(w, w->clock + 1, &context);
    release_touched(w);
    w->step_events = 0;
    w->open = false;
}

struct withdrawal {
    int64_t clock;
    struct alert_context context;
};

static void withdraw(struct world *w, struct instance *i, void *self)
{
    const struct withdrawal *d = self;

    alert_withdraw(w, i, d->clock, &d->context);
}

enum status world_rules(struct world *w, const struct ruleset *rules,
                        const struct world_sink *sink, struct why *why)
{
    struct withdrawal d = {w->clock, {sink, w->clock}};
    enum status st = instances_replace(w, rules, withdraw, &d);

    if (st)
        return why_set(why, st, "put %zu rules in force: %s", rules->rules_len,
                       status_text(st));
    /* Judged in this step; before the first one, world_begin sees to it. */
    for (uint32_t i = 0; w->clock != TIME_NONE && i < w->instances.len; i++)
        instance_schedule(w, i, w->clock);
    pledges_refresh_all(w); /* balance years may begin on other days */
    return ST_OK;
}

/* --- questions -------------------------------------------------------------------- */

int64_t world_clock(const struct world *w)
{
    return w->clock;
}

int64_t world_next_instant(const struct world *w)
{
    const struct agenda_item *due = agenda_first(&w->due);
    const struct agenda_item *pledge = agenda_first(&w->reviews);

    if (w->instances.len == 0 || pledge == NULL)
        return due == NULL ? TIME_NONE : due->due;
    return due == NULL || pledge->due < due->due ? pledge->due : due->due;
}

void world_digest(const struct world *w, uint8_t digest[DIGEST_SIZE])
{
    struct hash128 sum = hash128_add(w->fact_sum, alert_sum(w));
    uint8_t bytes[16];

    hash128_bytes(sum, bytes);
    hash128_bytes(hash128_of(bytes, sizeof bytes, PURPOSE_DIGEST), digest);
}

/* The account's figures as of `as_of`, and its pledges back to the clock. */
static enum status balance_of(struct world *w, uint32_t account, int64_t as_of,
                              int64_t horizon, struct balance *out)
{
    struct account *a = account_at(w, account);
    size_t pledges = as_of == w->clock ? 0 : pledges_count(w, a);
    enum status st = pool_reserve(&w->waitings, 2 * pledges);

    if (st)
        return st;
    if (pledges > 0)
        pledges_as_of(w, a, as_of);
    st = pending_settle_now(w, account);
    if (st == ST_OK) {
        struct view v = view_open(w, account, as_of);

        metric_balance(&v, horizon, out);
    }
    if (pledges > 0)
        pledges_as_of(w, a, w->clock);
    return st;
}

enum status world_balance(struct world *w, place_id country, commodity_id commodity,
                          int64_t as_of, int64_t horizon, struct balance *out,
                          struct why *why)
{
    uint32_t account = account_find(w, country, commodity);

    assert(!w->open);
    if (account != INDEX_NONE) {
        enum status st = balance_of(w, account, as_of, horizon, out);

        return st ? why_set(why, st, "balance of %s/%s: %s", place_code(country),
                            commodity_code(commodity), status_text(st))
                  : ST_OK;
    }
    *out = (struct balance){.country = country,
                            .commodity = commodity,
                            .as_of = as_of,
                            .horizon = horizon,
                            .stock = VALUE_NONE,
                            .unmet = VALUE_NONE,
                            .days_of_cover = VALUE_NONE,
                            .stock_out = TIME_NONE,
                            .shortfall = VALUE_NONE,
                            .shortfall_ratio = VALUE_NONE,
                            .uncovered_deficit = VALUE_NONE,
                            .delivery_ratio = VALUE_NONE,
                            .expected = VALUE_NONE};
    return ST_OK;
}

enum status world_settle(struct world *w, struct why *why)
{
    enum status st = pending_settle_all(w);

    assert(!w->open);
    return st ? why_set(why, st, "bring all accounts up to date: %s", status_text(st))
              : ST_OK;
}

size_t world_accounts_len(const struct world *w)
{
    return w->accounts.len;
}

void world_account_key(const struct world *w, size_t index, place_id *country,
                       commodity_id *commodity)
{
    const struct account *a = account_at(w, (uint32_t)index);

    *country = a->country;
    *commodity = a->commodity;
}

struct world_counts world_counts(const struct world *w)
{
    struct world_counts c = {.facts = w->facts.len + w->ticks_len,
                             .accounts = w->accounts.len,
                             .instances = w->instances.len,
                             .memory_bytes = w->budget.used};

    for (uint32_t i = 0; i < w->instances.len; i++) {
        c.pending += instance_at(w, i)->state == INSTANCE_PENDING;
        c.firing += instance_at(w, i)->state == INSTANCE_FIRING;
    }
    return c;
}
