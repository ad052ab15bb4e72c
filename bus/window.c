/* A ring of messages that are kept until they are answered. Must never change the order
 * or the bytes of a frame between two sends: a number is bound to its bytes. */
#include "window.h"

#include "wire.h"

#include <assert.h>
#include <stdlib.h>

void window_free(struct window *w)
{
    for (size_t i = 0; i < BUS_WINDOW_MAX; i++)
        free(w->frames[i].message);
    *w = (struct window){0};
}

void window_clear(struct window *w)
{
    w->len = 0;
    w->sent = 0;
}

static struct window_frame *window_at(struct window *w, size_t index)
{
    return &w->frames[(w->first + index) % BUS_WINDOW_MAX];
}

static enum status window_check(struct window *w, const struct frame *frame,
                                struct why *why)
{
    if (!wire_frame_fits(frame))
        return why_set(
            why, ST_OVERFLOW,
            "frame %llu: body of %zu bytes (at most %d), cursor of %zu (at most "
            "%d)",
            (unsigned long long)frame->number, frame->body.len, FRAME_BODY_MAX,
            frame->cursor.len, FRAME_CURSOR_MAX);
    if ((unsigned)frame->type >= FRAME_TYPE_COUNT)
        return why_set(why, ST_INVALID, "%d is no type of frame", (int)frame->type);
    if (frame->number == 0 || frame->number > INT64_MAX)
        return why_set(why, ST_INVALID, "%llu is no number of a frame",
                       (unsigned long long)frame->number);
    if (w->len == BUS_WINDOW_MAX)
        return why_set(why, ST_FULL, "%d frames are not answered yet", BUS_WINDOW_MAX);
    if (w->len > 0 && frame->number != window_at(w, w->len - 1)->number + 1)
        return why_set(why, ST_INVALID, "frame %llu does not come after frame %llu",
                       (unsigned long long)frame->number,
                       (unsigned long long)window_at(w, w->len - 1)->number);
    return ST_OK;
}

enum status window_push(struct window *w, const struct frame *frame, struct why *why)
{
    struct wire_message m = wire_of_submit(frame);
    struct window_frame *place;
    enum status st = window_check(w, frame, why);
    uint8_t *grown;
    size_t size;

    if (st)
        return st;
    size = wire_size(&m);
    place = window_at(w, w->len);
    if (place->room < size) {
        grown = realloc(place->message, size);
        if (!grown)
            return why_set(why, ST_NO_MEMORY, "copy frame %llu of %zu bytes",
                           (unsigned long long)frame->number, size);
        place->message = grown;
        place->room = size;
    }
    wire_write(&m, place->message);
    place->len = size;
    place->number = frame->number;
    place->round = 0;
    w->len++;
    return ST_OK;
}

struct window_frame *window_front(struct window *w)
{
    return w->len > 0 ? window_at(w, 0) : NULL;
}

void window_pop(struct window *w)
{
    assert(w->len > 0);
    w->first = (w->first + 1) % BUS_WINDOW_MAX;
    w->len--;
    if (w->sent > 0)
        w->sent--;
}

struct window_frame *window_unsent(struct window *w)
{
    return w->sent < w->len ? window_at(w, w->sent) : NULL;
}

bool window_has(const struct window *w, uint64_t number)
{
    uint64_t first = w->frames[w->first].number;

    return w->len > 0 && number >= first && number - first < w->len;
}
