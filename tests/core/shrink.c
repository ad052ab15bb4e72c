/* Takes out ever smaller stretches of what is kept, as long as the rest fails (the idea
 * of delta debugging). Knows nothing of what the items are. */
#include "shrink.h"

#include <stdlib.h>

struct shrinking {
    bool *kept, *tried;
    size_t len, trials;
    shrink_fails_fn *fails;
    void *self;
};

static size_t kept_count(const struct shrinking *s)
{
    size_t count = 0;

    for (size_t i = 0; i < s->len; i++)
        count += s->kept[i];
    return count;
}

/* Without the kept items of rank [from, from + width); true: they were not needed. */
static bool try_without(struct shrinking *s, size_t from, size_t width)
{
    size_t rank = 0;

    if (s->trials == 0)
        return false;
    s->trials--;
    for (size_t i = 0; i < s->len; i++) {
        bool out = s->kept[i] && rank >= from && rank < from + width;

        s->tried[i] = s->kept[i] && !out;
        rank += s->kept[i];
    }
    if (!s->fails(s->self, s->tried, s->len))
        return false;
    for (size_t i = 0; i < s->len; i++)
        s->kept[i] = s->tried[i];
    return true;
}

/* One sweep with stretches of `width`; true: something went. */
static bool sweep(struct shrinking *s, size_t width)
{
    bool any = false;

    /* From the end: what comes last is most often not needed. */
    for (size_t end = kept_count(s); end > 0;) {
        size_t from = end > width ? end - width : 0;

        any |= try_without(s, from, end - from);
        end = from;
    }
    return any;
}

size_t shrink(bool *kept, size_t len, size_t trials, shrink_fails_fn *fails, void *self)
{
    struct shrinking s = {kept, calloc(len + 1, sizeof(bool)), len, trials, fails, self};

    for (size_t i = 0; i < len; i++)
        kept[i] = true;
    for (size_t width = len / 2; width > 1 && s.tried != NULL; width /= 2)
        (void)sweep(&s, width);
    while (s.tried != NULL && sweep(&s, 1))
        ;
    free(s.tried);
    return kept_count(&s);
}
