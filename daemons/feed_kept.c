/* Unanswered frames of a feed. A number is bound to a frame only once that is recorded: a
 * refused one is mended or left out, and the others move up. */
#include "feed_kept.h"

#include "shortfall/proto/pack.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void kept_free(struct kept *k)
{
    for (size_t i = 0; i < BUS_WINDOW_MAX; i++)
        free(k->frames[i].body);
}

struct kept_frame *kept_at(struct kept *k, size_t index)
{
    return &k->frames[(k->first + index) % BUS_WINDOW_MAX];
}

struct kept_frame *kept_place(struct kept *k)
{
    assert(k->len < BUS_WINDOW_MAX);
    return kept_at(k, k->len);
}

void kept_add(struct kept *k)
{
    kept_place(k)->number = k->next_number++;
    k->len++;
}

void kept_pop(struct kept *k)
{
    assert(k->len > 0);
    k->first = (k->first + 1) % BUS_WINDOW_MAX;
    k->len--;
}

void kept_drop(struct kept *k)
{
    kept_pop(k);
    for (size_t i = 0; i < k->len; i++)
        kept_at(k, i)->number--;
    k->next_number--;
}

enum status kept_set_body(struct kept_frame *f, struct bytes body, struct why *why)
{
    if (f->body_room < body.len) {
        uint8_t *grown = realloc(f->body, body.len);

        if (!grown)
            return why_set(why, ST_NO_MEMORY, "keep a frame of %zu bytes", body.len);
        f->body = grown;
        f->body_room = body.len;
    }
    if (body.len > 0)
        memcpy(f->body, body.at, body.len);
    f->body_len = body.len;
    return ST_OK;
}

/* The bytes of the next event, which this program encoded itself. */
static struct bytes next_event(struct unpacker *u)
{
    struct bytes before = u->rest;
    struct event ev;
    bool skipped;
    /* An event that the recorder refuses is one that we would refuse too, if both are of
     * one version: so the status says nothing here, but where the event ends does. */
    enum status st = unpack_next(u, &ev, &skipped, NULL);

    assert(!st || skipped);
    return (struct bytes){before.at, before.len - u->rest.len};
}

enum status kept_leave_out(struct kept_frame *f, const bool wrong[FRAME_EVENTS_MAX],
                           struct why *why)
{
    struct packer *packer = NULL;
    struct unpacker u;
    uint32_t events = 0;
    enum status st = packer_new(&packer);

    if (st)
        return why_set(why, st, "leave out refused events");
    st = unpack_begin((struct bytes){f->body, f->body_len}, &u, why);
    assert(!st && u.events == f->events);
    for (uint32_t i = 0; !st && i < f->events; i++) {
        struct bytes event = next_event(&u);

        if (wrong[i])
            continue;
        st = packer_add_packed(packer, event);
        f->lines[events++] = f->lines[i];
    }
    f->events = events;
    if (!st)
        st = kept_set_body(f, packer_body(packer), why);
    packer_free(packer);
    return st;
}

/* Of "event 3: ..."; `none`: another line. */
static uint32_t read_index(struct text line, uint32_t none)
{
    static const char word[] = "event ";
    size_t at = sizeof word - 1;
    uint32_t index = 0;

    if (line.len <= at || memcmp(line.at, word, at) != 0)
        return none;
    for (; at < line.len && line.at[at] >= '0' && line.at[at] <= '9'; at++) {
        index = index * 10 + (uint32_t)(line.at[at] - '0');
        if (index >= none)
            return none;
    }
    return at > sizeof word - 1 && at < line.len && line.at[at] == ':' ? index : none;
}

bool kept_next_reason(const struct kept_frame *f, struct text *rest, struct text *reason,
                      uint32_t *index)
{
    const char *newline = rest->len > 0 ? memchr(rest->at, '\n', rest->len) : NULL;
    uint32_t taken = rest->len;

    if (rest->len == 0)
        return false;
    *reason = *rest;
    if (newline) {
        reason->len = (uint32_t)(newline - rest->at);
        taken = reason->len + 1;
    }
    rest->at += taken;
    rest->len -= taken;
    *index = read_index(*reason, f->events);
    return true;
}

size_t kept_mark_refused(const struct kept_frame *f, struct text refusal,
                         bool wrong[FRAME_EVENTS_MAX])
{
    struct text reason;
    uint32_t index;
    size_t marked = 0;

    memset(wrong, 0, FRAME_EVENTS_MAX * sizeof wrong[0]);
    while (kept_next_reason(f, &refusal, &reason, &index))
        if (index < f->events && !wrong[index]) {
            wrong[index] = true;
            marked++;
        }
    return marked;
}
