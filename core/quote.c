/* Prices: which series a term looks at, and what stood in it at an instant. */
#include "figure.h"
#include "price.h"

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
static bool outdoes(const struct world *w, const struct tick *a, const struct tick *b)
{
    return a->time != b->time ? a->time > b->time : price_compare(w, a, b) > 0;
}

/* The last price at or before `time` in the series that the term may look at. */
static bool latest_price(const struct view *v, const struct term *term, int64_t time,
                         struct tick *latest)
{
    bool known = false;

    for (uint32_t i = series_first(v, term); i != INDEX_NONE;
         i = series_next(v, term, i)) {
        struct tick tick;

        if (ticks_latest(&series_at(v->w, i)->prices, &v->w->ticks, time, &tick) &&
            (!known || outdoes(v->w, &tick, latest))) {
            *latest = tick;
            known = true;
        }
    }
    return known;
}

struct quote quote_at(const struct view *v, const struct term *term, int64_t time)
{
    struct tick latest;

    if (!latest_price(v, term, time, &latest))
        return (struct quote){.known = false};
    struct quote quote = {
        .known = true, .money = latest.money, .unit = price_unit(v->w, &latest)};

    if (unit_factor(quote.unit, v->account->commodity, FACTOR_SET_DEFAULT, &quote.num,
                    &quote.den, NULL))
        quote.num = 0;
    return quote;
}

int64_t quote_next_time(const struct view *v, const struct term *term, int64_t time)
{
    int64_t best = TIME_NONE;

    for (uint32_t i = series_first(v, term); i != INDEX_NONE;
         i = series_next(v, term, i)) {
        int64_t next = ticks_next_time(&series_at(v->w, i)->prices, &v->w->ticks, time);

        if (next != TIME_NONE && (best == TIME_NONE || next < best))
            best = next;
    }
    return best;
}
