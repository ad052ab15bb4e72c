/* Prices: which series a term looks at, and what stood in it at an instant. */
#include "fact_name.h"
#include "figure.h"

#include <string.h>

/* The next series from `from` on along the chain that the term may look at. */
static uint32_t series_from(const struct view *v, const struct term *term, uint32_t from)
{
    for (; from != INDEX_NONE; from = series_at(v->w, from)->next_same_commodity) {
        const struct series *s = series_at(v->w, from);

        if (strcmp(s->market, term->market) == 0 &&
            (term->currency[0] == '\0' || strcmp(s->currency, term->currency) == 0))
            return from;
    }
    return INDEX_NONE;
}

static uint32_t series_first(const struct view *v, const struct term *term)
{
    return series_from(v, term, v->w->series_of_commodity[v->account->commodity]);
}

static uint32_t series_next(const struct view *v, const struct term *term, uint32_t after)
{
    return series_from(v, term, series_at(v->w, after)->next_same_commodity);
}

/* Of two prices of different series: the later, of one time that of the greater name. */
static bool outdoes(const struct world *w, const struct entry *a, const struct entry *b)
{
    struct timeline_order order = fact_order(w);

    if (a->time != b->time)
        return a->time > b->time;
    return order.compare(order.self, a->fact, b->fact) > 0;
}

/* The last price at or before `time` in the series that the term may look at. */
static const struct entry *latest_price(const struct view *v, const struct term *term,
                                        int64_t time)
{
    const struct entry *latest = NULL;

    for (uint32_t i = series_first(v, term); i != INDEX_NONE;
         i = series_next(v, term, i)) {
        const struct timeline *t = &series_at(v->w, i)->prices;
        struct timeline_place place =
            timeline_find(t, &v->w->paths, timeline_behind(time));
        const struct entry *e = timeline_back(t, &v->w->paths, &place);

        if (e != NULL && (latest == NULL || outdoes(v->w, e, latest)))
            latest = e;
    }
    return latest;
}

struct quote quote_at(const struct view *v, const struct term *term, int64_t time)
{
    const struct entry *latest = latest_price(v, term, time);

    if (latest == NULL)
        return (struct quote){.known = false};
    const struct price_fact *p = price_of(v->w, fact_at(v->w, latest->fact));
    struct quote quote = {.known = true, .money = p->money, .unit = p->unit};

    if (unit_factor(p->unit, v->account->commodity, FACTOR_SET_DEFAULT, &quote.num,
                    &quote.den, NULL))
        quote.num = 0;
    return quote;
}

int64_t quote_next_time(const struct view *v, const struct term *term, int64_t time)
{
    int64_t best = TIME_NONE;

    for (uint32_t i = series_first(v, term); i != INDEX_NONE;
         i = series_next(v, term, i)) {
        int64_t next = path_next_time(&series_at(v->w, i)->prices, &v->w->paths, time);

        if (next != TIME_NONE && (best == TIME_NONE || next < best))
            best = next;
    }
    return best;
}
