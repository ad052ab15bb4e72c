/* A chain of small blocks at each account that has something waiting, and the queue of
 * these accounts, the longest waiting first. */
#include "pending.h"

#include "settle.h"

#include <assert.h>

/* Postings that may wait in all, some hundred megabytes: a replay puts most of what it
 * reads on paths only when somebody looks at the end, all at once and in order. */
#define WAITING_MAX ((size_t)4 * 1024 * 1024)

/* What a posting that waits will take when it is settled: its place in the scratch,
 * entries on two paths and their share of runs. */
#define SETTLED_BYTES(waits) ((waits) * (size_t)224)

#define RELEASE_BYTES        ((size_t)8 * 1024 * 1024)

/* A shipment that comes, goes and is expected, before and after; two pledges, the same.
 */
#define POSTINGS_PER_EVENT 10

static struct waiting *waiting_at(const struct world *w, uint32_t index)
{
    return pool_at(&w->waitings, index);
}

/* --- waiting
 * ---------------------------------------------------------------------------- */

static void queue_put(struct world *w, uint32_t account)
{
    struct account *a = account_at(w, account);

    if (a->queued)
        return;
    a->queued = true;
    a->next_queued = INDEX_NONE;
    if (w->queue_last != INDEX_NONE)
        account_at(w, w->queue_last)->next_queued = account;
    else
        w->queue_first = account;
    w->queue_last = account;
}

static uint32_t queue_take(struct world *w)
{
    uint32_t account = w->queue_first;
    struct account *a = account_at(w, account);

    a->queued = false;
    w->queue_first = a->next_queued;
    if (w->queue_first == INDEX_NONE)
        w->queue_last = INDEX_NONE;
    return account;
}

void pending_add(struct world *w, uint32_t account, uint32_t fact,
                 const struct posting *p, bool put)
{
    struct account *a = account_at(w, account);

    if (a->last_waiting == INDEX_NONE ||
        waiting_at(w, a->last_waiting)->len == WAITING_POSTINGS) {
        uint32_t fresh = pool_take_raw(&w->waitings);

        waiting_at(w, fresh)->len = 0;
        waiting_at(w, fresh)->next = INDEX_NONE;
        if (a->last_waiting != INDEX_NONE)
            waiting_at(w, a->last_waiting)->next = fresh;
        else
            a->first_waiting = fresh;
        a->last_waiting = fresh;
    }
    struct waiting *last = waiting_at(w, a->last_waiting);

    last->list[last->len++] = (struct waiting_posting){.time = p->time,
                                                       .until = p->until,
                                                       .amount = p->amount,
                                                       .fact = fact,
                                                       .shape = (uint8_t)p->shape,
                                                       .put = put};
    a->waits++;
    w->waits++;
    queue_put(w, account);
}

/* --- settling
 * ---------------------------------------------------------------------------- */

/* With an account its group, and with a group its members: they share a path. */
static uint32_t head_of(const struct world *w, uint32_t account)
{
    uint32_t group = account_at(w, account)->group;

    return group == INDEX_NONE ? account : group;
}

static void account_settled(struct world *w, struct account *a)
{
    w->waits -= a->waits;
    a->waits = 0;
    a->first_waiting = a->last_waiting = INDEX_NONE;
}

/* Within a step: one after the other, as they came. */
static void settle_alone(struct world *w, uint32_t account)
{
    struct account *a = account_at(w, account);

    for (uint32_t at = a->first_waiting; at != INDEX_NONE;) {
        const struct waiting *block = waiting_at(w, at);
        uint32_t next = block->next;

        for (uint32_t i = 0; i < block->len; i++)
            waiting_apply(w, account, &block->list[i]);
        pool_give(&w->waitings, at);
        at = next;
    }
    account_settled(w, a);
}

void pending_settle(struct world *w, uint32_t account)
{
    if (account_at(w, account)->waits > 0)
        settle_alone(w, account);
    for (uint32_t m = account_at(w, account)->first_member; m != INDEX_NONE;
         m = account_at(w, m)->next_member) {
        if (account_at(w, m)->waits > 0)
            settle_alone(w, m);
    }
}

static size_t gather(struct world *w, uint32_t account, struct sorted_posting *out)
{
    struct account *a = account_at(w, account);
    size_t len = 0;

    for (uint32_t at = a->first_waiting; at != INDEX_NONE;) {
        const struct waiting *block = waiting_at(w, at);
        uint32_t next = block->next;

        for (uint32_t i = 0; i < block->len; i++)
            out[len++] = (struct sorted_posting){account, block->list[i]};
        pool_give(&w->waitings, at);
        at = next;
    }
    account_settled(w, a);
    return len;
}

static size_t gather_group(struct world *w, uint32_t head, struct sorted_posting *out)
{
    size_t len = gather(w, head, out);

    for (uint32_t m = account_at(w, head)->first_member; m != INDEX_NONE;
         m = account_at(w, m)->next_member)
        len += gather(w, m, out + len);
    return len;
}

static size_t group_waits(const struct world *w, uint32_t head)
{
    size_t waits = account_at(w, head)->waits;

    for (uint32_t m = account_at(w, head)->first_member; m != INDEX_NONE;
         m = account_at(w, m)->next_member)
        waits += account_at(w, m)->waits;
    return waits;
}

/* Goes on waiting. Where it waited before there is room for it. */
static void put_back(struct world *w, const struct sorted_posting *list, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        const struct waiting_posting *p = &list[i].posting;
        const struct posting posting = {(enum shape)p->shape,
                                        PLACE_NONE,
                                        COMMODITY_NONE,
                                        p->time,
                                        p->until,
                                        p->amount};

        pending_add(w, list[i].account, p->fact, &posting, p->put);
    }
}

enum status pending_settle_now(struct world *w, uint32_t account)
{
    uint32_t head = head_of(w, account);
    size_t len = group_waits(w, head);
    size_t done = 0;
    struct sorted_posting *list;

    if (len == 0)
        return ST_OK;
    w->budget.lent = true; /* what the limit let in must find its place */
    enum status st = settle_scratch(w, len, &list);

    if (st == ST_OK) {
        (void)gather_group(w, head, list);
        list = settle_sort(list, len);
        len = settle_take(w, list, len);
        st = settle_put(w, list, len, &done);
        put_back(w, list + done, len - done);
    }
    w->budget.lent = false;
    return st;
}

/* Until no more than `most` wait. */
static enum status settle_oldest(struct world *w, size_t most)
{
    enum status st = ST_OK;

    while (st == ST_OK && w->waits > most) {
        uint32_t oldest = queue_take(w);

        st = pending_settle_now(w, oldest);
        if (st)
            queue_put(w, oldest);
    }
    return st;
}

/* When nothing waits, the blocks and the scratch of a large batch go back to the system.
 */
static void release(struct world *w)
{
    void *sorted = w->sorted;

    if (w->waitings.size_bytes < RELEASE_BYTES)
        return;
    pool_free(&w->waitings);
    budget_free(&w->budget, &sorted, &w->sorted_bytes);
    w->sorted = NULL;
    w->sorted_max = 0;
}

enum status pending_settle_all(struct world *w)
{
    enum status st = settle_oldest(w, 0);

    if (st == ST_OK)
        release(w);
    return st;
}

enum status pending_reserve(struct world *w, size_t events)
{
    size_t more = POSTINGS_PER_EVENT * events + w->undated;
    enum status st = settle_oldest(w, WAITING_MAX);

    if (st == ST_OK)
        st = budget_check(&w->budget, SETTLED_BYTES(w->waits));
    /* Each may be the first of its account. */
    return st == ST_OK ? pool_reserve(&w->waitings, more) : st;
}
