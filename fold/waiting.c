/* The heap of what waits. */
#include "waiting.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct kept_body *kept_body_new(struct bytes bytes)
{
    struct kept_body *body = malloc(sizeof *body + bytes.len);

    if (body == NULL)
        return NULL;
    body->refs = 0;
    body->len = bytes.len;
    if (bytes.len > 0)
        memcpy(body->bytes, bytes.at, bytes.len);
    return body;
}

void kept_body_release(struct kept_body *body)
{
    assert(body->refs > 0);
    if (--body->refs == 0)
        free(body);
}

void waiting_free(struct waiting *w)
{
    for (size_t i = 0; i < w->len; i++)
        kept_body_release(w->items[i].body);
    free(w->items);
    *w = (struct waiting){0};
}

static bool item_before(const struct waiting_item *a, const struct waiting_item *b)
{
    if (a->time != b->time)
        return a->time < b->time;
    if (a->rank != b->rank)
        return a->rank < b->rank;
    if (a->pos != b->pos)
        return a->pos < b->pos;
    return a->index < b->index;
}

enum status waiting_push(struct waiting *w, struct waiting_item item)
{
    if (w->len == w->max) {
        size_t max = w->max == 0 ? 256 : 2 * w->max;
        struct waiting_item *items = realloc(w->items, max * sizeof *items);

        if (items == NULL)
            return ST_NO_MEMORY;
        w->items = items;
        w->max = max;
    }
    size_t at = w->len++;

    item.body->refs++;
    while (at > 0 && item_before(&item, &w->items[(at - 1) / 2])) {
        w->items[at] = w->items[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    w->items[at] = item;
    return ST_OK;
}

const struct waiting_item *waiting_first(const struct waiting *w)
{
    return w->len == 0 ? NULL : &w->items[0];
}

struct waiting_item waiting_pop(struct waiting *w)
{
    assert(w->len > 0);
    struct waiting_item first = w->items[0];
    struct waiting_item last = w->items[--w->len];
    size_t at = 0;

    for (size_t child = 1; child < w->len; child = 2 * at + 1) {
        if (child + 1 < w->len && item_before(&w->items[child + 1], &w->items[child]))
            child++;
        if (!item_before(&w->items[child], &last))
            break;
        w->items[at] = w->items[child];
        at = child;
    }
    w->items[at] = last;
    return first;
}
