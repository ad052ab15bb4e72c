/* Prices: which series a term looks at, and what stood in it at an instant. */
#include "figure.h"

#include <string.h>

static uint32_t series_next(const struct view *v, const struct term *term, uint32_t after)
{
    for (uint32_t i = after == INDEX_NONE ? 0 : after + 1; i < v->w->series.len; i++) {
        const struct series *s = series_at(v->w, i);

        if (s->commodity == v->account->commodity &&
            strcmp(s->market, term->market) == 0 &&
            (term->currency[0] == '\0' || strcmp(s->currency, term->currency) == 0))
            return i;
    }
    return INDEX_NONE;
}

/* The last price at or before `time`; of several series (no currency asked for) the
 * latest. */
struct quote quote_at(const struct view *v, const struct term *term, int64_t time)
{
    struct quote quote = {.known = false};
    int64_t latest = TIME_NONE;

    for (uint32_t i = series_next(v, term, INDEX_NONE); i != INDEX_NONE;
         i = series_next(v, term, i)) {
        struct timeline *t = &series_at(v->w, i)->prices;
        struct timeline_place place = timeline_after(t, &v->w->blocks, time);
        const struct entry *e = timeline_back(t, &v->w->blocks, &place);

        if (e == NULL || (quote.known && e->time <= latest))
            continue;
        const struct price_fact *p = &fact_at(v->w, e->fact)->as.price;

        quote.unit = p->unit;
        quote.num = 0;
        if (unit_factor(p->unit, v->account->commodity, FACTOR_SET_DEFAULT, &quote.num,
                        &quote.den, NULL))
            quote.num = 0;
        latest = e->time;
        quote.known = true;
        quote.money = p->money;
    }
    return quote;
}

int64_t quote_next_time(const struct view *v, const struct term *term, int64_t time)
{
    int64_t best = TIME_NONE;

    for (uint32_t i = series_next(v, term, INDEX_NONE); i != INDEX_NONE;
         i = series_next(v, term, i)) {
        int64_t next = path_next_time(&series_at(v->w, i)->prices, &v->w->blocks, time);

        if (next != TIME_NONE && (best == TIME_NONE || next < best))
            best = next;
    }
    return best;
}
