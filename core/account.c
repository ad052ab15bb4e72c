/* Accounts by place and commodity, each tied to its group's, and the note of what moved
 * them in this step. */
#include "account.h"

#include "outlook.h"

#include <assert.h>

enum status accounts_reserve(struct world *w, size_t more)
{
    size_t all = place_count() * commodity_count();

    return pool_reserve(&w->accounts,
                        more < all - w->accounts.len ? more : all - w->accounts.len);
}

static uint32_t *account_cell(const struct world *w, place_id country,
                              commodity_id commodity)
{
    return &w->account_of[country * commodity_count() + commodity];
}

uint32_t account_find(const struct world *w, place_id country, commodity_id commodity)
{
    if (country >= place_count() || commodity >= commodity_count())
        return INDEX_NONE;
    return *account_cell(w, country, commodity);
}

static uint32_t account_make(struct world *w, place_id country, commodity_id commodity)
{
    uint32_t index = pool_take(&w->accounts);
    struct account *a = account_at(w, index);

    *a = (struct account){.country = country,
                          .commodity = commodity,
                          .group = INDEX_NONE,
                          .first_member = INDEX_NONE,
                          .next_member = INDEX_NONE,
                          .next_same_commodity = w->accounts_of_commodity[commodity],
                          .next_same_country = w->accounts_of_place[country],
                          .first_open = INDEX_NONE,
                          .first_pledge = INDEX_NONE,
                          .first_instance = INDEX_NONE,
                          .reach = REACH_FIRST,
                          .judged = TIME_NONE,
                          .quieted = TIME_NONE,
                          .first_waiting = INDEX_NONE,
                          .last_waiting = INDEX_NONE,
                          .first_stale = INDEX_NONE};
    timeline_init(&a->own);
    timeline_init(&a->reports);
    w->accounts_of_commodity[commodity] = index;
    w->accounts_of_place[country] = index;
    *account_cell(w, country, commodity) = index;
    return index;
}

static uint32_t account_get_alone(struct world *w, place_id country,
                                  commodity_id commodity)
{
    uint32_t index = account_find(w, country, commodity);

    return index != INDEX_NONE ? index : account_make(w, country, commodity);
}

uint32_t account_get(struct world *w, place_id country, commodity_id commodity)
{
    uint32_t index = account_find(w, country, commodity);

    if (index != INDEX_NONE)
        return index;
    index = account_make(w, country, commodity);
    commodity_id group = commodity_get(commodity)->group;

    if (group == COMMODITY_NONE || group == commodity)
        return index;
    uint32_t group_index = account_get_alone(w, country, group);
    struct account *a = account_at(w, index);
    struct account *g = account_at(w, group_index);

    a->group = group_index;
    a->next_member = g->first_member;
    g->first_member = index;
    return index;
}

void account_touch_alone(struct world *w, uint32_t index, uint64_t seq)
{
    struct account *a = account_at(w, index);

    if (!a->touched) {
        a->touched = true;
        a->step_first = seq;
        a->next_touched = w->first_touched;
        w->first_touched = index;
    }
    uint32_t newest = a->movers_len % TRANSITION_MOVERS_MAX;

    if (a->movers_len > 0 &&
        a->movers[(a->movers_len - 1) % TRANSITION_MOVERS_MAX] == seq)
        return;
    a->movers[newest] = seq;
    a->movers_len++;
}

void account_touch(struct world *w, uint32_t account, uint64_t seq)
{
    account_touch_alone(w, account, seq);
    if (account_at(w, account)->group != INDEX_NONE)
        account_touch_alone(w, account_at(w, account)->group, seq);
}
