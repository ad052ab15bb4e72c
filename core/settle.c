/* Many postings at once: sorted, so that each block of a path is visited once and a new
 * path is only appended to, and without those that undo each other. */
#include "settle.h"

enum status settle_scratch(struct world *w, size_t len, struct sorted_posting **out)
{
    void *block = w->sorted;
    size_t needed = 2 * len; /* a half to sort from and one to sort to */

    if (needed > w->sorted_max) {
        size_t max = needed + needed / 4;
        enum status st =
            budget_resize(&w->budget, &block, &w->sorted_bytes, max, sizeof **out);

        if (st)
            return st;
        w->sorted = block;
        w->sorted_max = max;
    }
    *out = w->sorted;
    return ST_OK;
}

static int compare(const struct sorted_posting *a, const struct sorted_posting *b)
{
    const struct waiting_posting *p = &a->posting;
    const struct waiting_posting *q = &b->posting;

    if (p->time != q->time)
        return p->time < q->time ? -1 : 1;
    if (p->fact != q->fact)
        return p->fact < q->fact ? -1 : 1;
    if (p->shape != q->shape)
        return p->shape < q->shape ? -1 : 1;
    if (a->account != b->account)
        return a->account < b->account ? -1 : 1;
    return p->until == q->until ? 0 : p->until < q->until ? -1 : 1;
}

static void merge(const struct sorted_posting *from, size_t middle, size_t len,
                  struct sorted_posting *to)
{
    size_t a = 0;
    size_t b = middle;

    for (size_t i = 0; i < len; i++) {
        bool left = a < middle && (b == len || compare(&from[a], &from[b]) <= 0);

        to[i] = left ? from[a++] : from[b++];
    }
}

/* The C library's sort promises neither that equal ones stay in order nor that it does
 * not allocate. */
struct sorted_posting *settle_sort(struct sorted_posting *list, size_t len)
{
    struct sorted_posting *from = list;
    struct sorted_posting *to = list + len;

    for (size_t width = 1; width < len; width *= 2) {
        for (size_t at = 0; at < len; at += 2 * width) {
            size_t rest = len - at;

            merge(from + at, width < rest ? width : rest,
                  2 * width < rest ? 2 * width : rest, to + at);
        }
        struct sorted_posting *turn = from;

        from = to;
        to = turn;
    }
    return from;
}

void waiting_apply(struct world *w, uint32_t account, const struct waiting_posting *p)
{
    const struct account *a = account_at(w, account);
    const struct posting posting = {
        (enum shape)p->shape, a->country, a->commodity, p->time, p->until, p->amount};

    ledger_apply(w, account, p->fact, &posting, p->put);
}

static size_t equal_len(const struct sorted_posting *first, size_t most)
{
    size_t len = 1;

    while (len < most && compare(first, first + len) == 0)
        len++;
    return len;
}

size_t settle_take(struct world *w, struct sorted_posting *list, size_t len)
{
    size_t left = 0;
    size_t equal;

    /* Of equal ones the first and the last count: what had been there, what is there. */
    for (size_t i = 0; i < len; i += equal) {
        equal = equal_len(list + i, len - i);
        const struct sorted_posting last = list[i + equal - 1];

        if (!list[i].posting.put)
            waiting_apply(w, list[i].account, &list[i].posting);
        if (last.posting.put)
            list[left++] = last;
    }
    return left;
}

enum status settle_put(struct world *w, const struct sorted_posting *list, size_t len,
                       size_t *done)
{
    for (; *done < len; ++*done) {
        enum status st = paths_reserve(w, 1);

        if (st)
            return st;
        waiting_apply(w, list[*done].account, &list[*done].posting);
    }
    return ST_OK;
}
