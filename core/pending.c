/* A chain of small blocks at each account that has something waiting, and the queue of
 * these accounts, the longest waiting first. */
#include "pending.h"

#include <assert.h>

/* Postings that may wait in all: enough for a dozen on each of some thousand accounts,
 * and a few megabytes. */
#define WAITING_MAX (64 * 1024)

/* Of what waits, so much room is kept ready for on the paths: a leaf takes a dozen and
 * more, and each may stand on three. */
#define LEAVES_FOR(waits) ((waits) / 6)

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
        uint32_t fresh = pool_take(&w->waitings);

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

/* Whether there is room for a posting, whatever it is; with `grow` it is made. What the
 * limit let in must find its place, so a little more than the limit may be used. */
static enum status room_for_one(struct world *w, bool grow)
{
    if (!grow)
        return ST_OK;
    w->budget.lent = true;
    enum status st = paths_reserve(w, 1);

    w->budget.lent = false;
    return st;
}

/* Puts the block's postings on the paths; what finds no room goes on waiting. */
static enum status block_settle(struct world *w, uint32_t account, struct waiting *block,
                                bool grow)
{
    struct account *a = account_at(w, account);

    for (; block->done < block->len; block->done++) {
        const struct waiting_posting *p = &block->list[block->done];
        const struct posting posting = {
            (enum shape)p->shape, a->country, a->commodity, p->time, p->until, p->amount};
        enum status st = room_for_one(w, grow);

        if (st)
            return st;
        ledger_apply(w, account, p->fact, &posting, p->put);
        a->waits--;
        w->waits--;
    }
    return ST_OK;
}

static enum status settle_alone(struct world *w, uint32_t account, bool grow)
{
    struct account *a = account_at(w, account);

    while (a->first_waiting != INDEX_NONE) {
        uint32_t first = a->first_waiting;
        enum status st = block_settle(w, account, waiting_at(w, first), grow);

        if (st)
            return st;
        a->first_waiting = waiting_at(w, first)->next;
        pool_give(&w->waitings, first);
    }
    a->last_waiting = INDEX_NONE;
    return ST_OK;
}

static enum status settle(struct world *w, uint32_t account, bool grow)
{
    enum status st = settle_alone(w, account, grow);

    for (uint32_t m = account_at(w, account)->first_member;
         st == ST_OK && m != INDEX_NONE; m = account_at(w, m)->next_member)
        st = settle_alone(w, m, grow);
    return st;
}

void pending_settle(struct world *w, uint32_t account)
{
    enum status st = settle(w, account, false);

    assert(st == ST_OK); /* it asked for nothing */
    (void)st;
}

enum status pending_settle_now(struct world *w, uint32_t account)
{
    return settle(w, account, true);
}

/* Until no more than `most` wait: with an account its whole group, whose path they share.
 */
static enum status settle_oldest(struct world *w, size_t most)
{
    enum status st = ST_OK;

    while (st == ST_OK && w->waits > most) {
        uint32_t oldest = queue_take(w);
        uint32_t group = account_at(w, oldest)->group;

        st = settle(w, group == INDEX_NONE ? oldest : group, true);
        if (st)
            queue_put(w, oldest);
    }
    return st;
}

enum status pending_settle_all(struct world *w)
{
    return settle_oldest(w, 0);
}

enum status pending_reserve(struct world *w, size_t events)
{
    enum status st = settle_oldest(w, WAITING_MAX);

    /* Each may be the first of its account. */
    if (st == ST_OK)
        st = pool_reserve(&w->waitings, POSTINGS_PER_EVENT * events + w->undated);
    if (st == ST_OK)
        st = pool_reserve(&w->paths.leaves, LEAVES_FOR(w->waits));
    return st;
}
