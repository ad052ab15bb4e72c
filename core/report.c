/* The differences that members' stock reports show to their group. They follow from the
 * member's path alone, so they are worked out when somebody looks at the group, not at
 * each of the events that moved the member in between. */
#include "report.h"

#include "fact_name.h"
#include "ledger.h"

#include <assert.h>

void reports_stale(struct world *w, uint32_t member, int64_t from, int64_t until)
{
    struct account *a = account_at(w, member);
    struct account *group = account_at(w, a->group);

    if (a->reports.len == 0)
        return;
    if (!a->stale) {
        a->stale = true;
        a->stale_from = from;
        a->stale_until = until;
        a->next_stale = group->first_stale;
        group->first_stale = member;
        return;
    }
    a->stale_from = from < a->stale_from ? from : a->stale_from;
    a->stale_until = until > a->stale_until ? until : a->stale_until;
}

static int128_t value_in_group_unit(const void *self, const struct entry *e)
{
    return ledger_in_group_unit(self, e);
}

static void difference_set(struct world *w, struct account *group, const struct entry *e,
                           int128_t difference)
{
    const struct entry_key key = {e->time, e->fact, ENTRY_DIFFERENCE, e->commodity};
    bool found = timeline_replace(&group->own, &w->paths, key, difference, fact_order(w));

    assert(found);
    (void)found;
}

/* The member's path in the group's unit, up to where it was last looked at. */
struct held {
    struct account *member;
    const struct lens *lens; /* NULL: the units are one */
    struct timeline_bound until;
    struct run path;
};

/* What a report at `time` is held against: the stock before it, all else of that instant
 * in. Times rise from call to call. */
static int128_t stock_before(struct world *w, struct held *h, int64_t time)
{
    const struct timeline_bound bound = {time, ENTRY_SET};

    timeline_fold(&h->member->own, &w->paths, h->lens, &h->path, h->until, bound);
    h->until = bound;
    struct run there = h->path;

    run_accrue(&there, time);
    run_close(&there);
    return run_stock(&there);
}

/* The reports of one instant, from `place` on, which is moved behind them: only the last
 * in order counts. */
static void instant_refresh(struct world *w, struct account *group, struct held *h,
                            struct timeline_place *place)
{
    const struct entry *e = timeline_entry(&w->paths, *place);
    int64_t time = e->time;
    int128_t before = stock_before(w, h, time);

    for (;;) {
        *place = timeline_next(&w->paths, *place);
        const struct entry *next = timeline_entry(&w->paths, *place);

        if (next == NULL || next->time != time)
            break;
        difference_set(w, group, e, 0); /* outdone by the one after it */
        e = next;
    }
    difference_set(w, group, e, entry_value(e, &w->paths.wides) * PICO - before);
}

static void member_refresh(struct world *w, struct account *member, struct account *group)
{
    const struct lens lens = {value_in_group_unit, w};
    const struct factor factor = commodity_get(member->commodity)->to_group;
    struct held held = {member, factor.num == factor.den ? NULL : &lens, TIMELINE_START,
                        run_origin()};
    struct timeline_place place = timeline_find(
        &member->reports, &w->paths, (struct timeline_bound){member->stale_from, 0});

    for (;;) {
        const struct entry *e = timeline_entry(&w->paths, place);

        if (e == NULL)
            return;
        bool behind = e->time > member->stale_until;

        instant_refresh(w, group, &held, &place);
        if (behind)
            return;
    }
}

void reports_refresh(struct world *w, struct account *group)
{
    while (group->first_stale != INDEX_NONE) {
        struct account *member = account_at(w, group->first_stale);

        group->first_stale = member->next_stale;
        member->stale = false;
        member_refresh(w, member, group);
    }
}
