/* What pledges have brought (semantics section 5). */
#include "ledger.h"
#include "view.h"

/* Every pledge to the account and, for a group, to its members. */
struct pledge_walk {
    const struct world *w;
    const struct account *account; /* whose list is walked */
    uint32_t next_member;
    uint32_t next_fact;
};

static struct pledge_walk walk_begin(const struct view *v)
{
    return (struct pledge_walk){v->w, v->account, v->account->first_member,
                                v->account->first_pledge};
}

/* The next fact of the walk, or NULL; walk->account is then the account it belongs to. */
static const struct fact *walk_next(struct pledge_walk *walk)
{
    while (walk->next_fact == INDEX_NONE) {
        if (walk->next_member == INDEX_NONE)
            return NULL;
        walk->account = account_at(walk->w, walk->next_member);
        walk->next_member = walk->account->next_member;
        walk->next_fact = walk->account->first_pledge;
    }
    const struct fact *f = fact_at(walk->w, walk->next_fact);

    walk->next_fact = f->list_next;
    return f;
}

/* An amount of the walked account in pico-units of the one that asks. */
static int128_t amount_for(const struct view *v, const struct account *of,
                           struct qty amount)
{
    return of == v->account ? qty_pico(amount) : group_pico(of->commodity, amount);
}

/* What ships that have arrived by `clock` credit to the pledge, in the asker's unit. */
static int128_t pledge_arrived(const struct view *v, const struct account *of,
                               const struct fact *pledge)
{
    int128_t sum = 0;

    for (uint32_t i = pledge->first_shipment; i != INDEX_NONE;) {
        const struct shipment_fact *s = shipment_of(v->w, fact_at(v->w, i));

        if (s->arrived != TIME_NONE && s->arrived <= v->clock)
            sum += amount_for(v, of, s->credited);
        i = s->pledge_next;
    }
    return sum;
}

struct deliveries view_deliveries(const struct view *v)
{
    struct deliveries d = {0};
    struct pledge_walk walk = walk_begin(v);

    for (const struct fact *f = walk_next(&walk); f != NULL; f = walk_next(&walk)) {
        const struct pledge_fact *p = pledge_of(v->w, f);

        if (p->status != PLEDGE_AGREED && p->status != PLEDGE_COMPLETE)
            continue;
        int128_t pledged = amount_for(v, walk.account, p->quantity);
        int128_t arrived = pledge_arrived(v, walk.account, f);

        d.any = true;
        d.pledged += pledged;
        d.arrived += arrived < pledged ? arrived : pledged;
        if (p->status == PLEDGE_AGREED && p->due != TIME_NONE && p->due <= v->clock &&
            arrived < pledged)
            d.overdue += pledged - arrived;
    }
    return d;
}

static void earlier(int64_t *best, int64_t candidate, int64_t after)
{
    if (candidate != TIME_NONE && candidate > after &&
        (*best == TIME_NONE || candidate < *best))
        *best = candidate;
}

int64_t view_next_delivery(const struct view *v)
{
    int64_t best = TIME_NONE;
    struct pledge_walk walk = walk_begin(v);

    for (const struct fact *f = walk_next(&walk); f != NULL; f = walk_next(&walk)) {
        earlier(&best, pledge_of(v->w, f)->due, v->clock);
        for (uint32_t i = f->first_shipment; i != INDEX_NONE;) {
            const struct shipment_fact *s = shipment_of(v->w, fact_at(v->w, i));

            earlier(&best, s->arrived, v->clock);
            i = s->pledge_next;
        }
    }
    return best;
}
