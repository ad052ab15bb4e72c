/* Texts that facts leave behind, and the order of their names. */
#include "fact_name.h"

#include <assert.h>
#include <string.h>

struct text_ref text_keep(struct world *w, struct text text)
{
    struct text_ref ref = {(uint32_t)w->texts_len, text.len};

    assert(w->texts_len + text.len <= w->texts_bytes);
    if (text.len > 0)
        memcpy(w->texts + w->texts_len, text.at, text.len);
    w->texts_len += text.len;
    return ref;
}

void fact_name_keep(struct world *w, struct text_ref *name, const struct event *ev)
{
    if (name->len > 0)
        return;
    struct text_ref source = text_keep(w, ev->source);

    (void)text_keep(w, (struct text){"", 1});
    (void)text_keep(w, ev->id);
    *name = (struct text_ref){source.at, source.len + 1 + ev->id.len};
}

struct text fact_name(const struct world *w, uint32_t fact)
{
    const struct fact *f = fact_at(w, fact);
    const struct text_ref name =
        f->kind == EVENT_PRICE ? price_of(w, f)->name : level_of(w, f)->name;

    assert(name.len > 0);
    return (struct text){(const char *)w->texts + name.at, name.len};
}

/* The NUL between source and id sorts before every printable byte, so comparing the names
 * compares sources first. */
static int fact_name_compare(const void *self, uint32_t a, uint32_t b)
{
    const struct world *w = self;

    return text_compare(fact_name(w, a), fact_name(w, b));
}

struct timeline_order fact_order(const struct world *w)
{
    return (struct timeline_order){fact_name_compare, w};
}
