/* Lines to frames. A frame ends when it has its number of events, when the next event
 * does not fit, or at the end of the source; in an exercise a promise of the next event's
 * `published` follows each, so one event more is always read before it. */
#include "feed_maker.h"

#include "shortfall/daemons/log.h"
#include "shortfall/proto/json.h"
#include "shortfall/proto/pack.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct maker {
    struct maker_options options;
    struct source *source;
    struct json_reader *reader;
    struct packer *packer; /* the events of the next data frame */
    uint64_t lines[FRAME_EVENTS_MAX];
    int64_t first_published;   /* of the first event in the packer */
    struct feed_cursor packed; /* behind the last event in the packer */
    struct feed_cursor handed; /* behind the last frame that was handed out */
    struct source_place place; /* behind the last line that was read */
    uint64_t wrong;
};

enum status maker_new(const struct maker_options *options, struct source *source,
                      const struct feed_cursor *from, struct maker **out, struct why *why)
{
    struct maker *m = calloc(1, sizeof *m);

    assert(options->batch >= 1 && options->batch <= FRAME_EVENTS_MAX);
    if (!m)
        return why_set(why, ST_NO_MEMORY, "make frames of %s", options->path);
    m->options = *options;
    m->source = source;
    m->packed = *from;
    m->handed = *from;
    m->place = from->place;
    if (json_reader_new(&m->reader) || packer_new(&m->packer)) {
        maker_free(m);
        return why_set(why, ST_NO_MEMORY, "make frames of %s", options->path);
    }
    *out = m;
    return ST_OK;
}

void maker_free(struct maker *m)
{
    if (!m)
        return;
    json_reader_free(m->reader);
    packer_free(m->packer);
    free(m);
}

uint64_t maker_wrong(const struct maker *m)
{
    return m->wrong;
}

struct source_place maker_place(const struct maker *m)
{
    return m->place;
}

static void describe_error(const struct maker *m, const struct json_error *error,
                           struct why *why)
{
    (void)why_set(why, ST_INVALID, "%s:%llu:%u: %s%s%s", m->options.path,
                  (unsigned long long)m->place.line, error->column, error->field,
                  error->field[0] ? ": " : "", error->text);
}

/* In an exercise the lines must be in order: what was promised cannot be taken back. */
static enum status check_order(const struct maker *m, const struct event *ev,
                               struct json_error *error)
{
    char stated[TIMESTAMP_SIZE];
    char before[TIMESTAMP_SIZE];

    if (!m->options.exercise || ev->published >= m->packed.published)
        return ST_OK;
    *error = (struct json_error){.column = 1};
    (void)snprintf(error->field, sizeof error->field, "published");
    (void)snprintf(error->text, sizeof error->text,
                   "%s is before %s of an earlier line; the lines of an exercise are in "
                   "order of published",
                   timestamp_format(ev->published, stated),
                   timestamp_format(m->packed.published, before));
    return ST_INVALID;
}

/* The next event of the source. Its texts are lent until the next call. */
static enum status read_event(struct maker *m, struct event *out, struct why *why)
{
    for (;;) {
        struct json_error error;
        struct text line;
        enum status st = source_next(m->source, &line, &m->place, why);

        if (st)
            return st;
        st = json_read_event(m->reader, line, m->options.factors, out, &error);
        if (st == ST_NOT_FOUND)
            continue;
        if (!st)
            st = check_order(m, out, &error);
        if (!st)
            return ST_OK;
        describe_error(m, &error, why);
        if (!m->options.skip_wrong)
            return ST_INVALID;
        m->wrong++;
        log_write(LOG_ERROR, "skipped", log_string("why", why->text));
    }
}

static enum status pack(struct maker *m, const struct event *ev, struct why *why)
{
    size_t index = packer_events(m->packer);
    enum status st = packer_add(m->packer, ev);

    if (st)
        return why_set(why, st, "%s:%llu: %s", m->options.path,
                       (unsigned long long)m->place.line, status_text(st));
    if (index == 0)
        m->first_published = ev->published;
    m->lines[index] = m->place.line;
    m->packed.place = m->place;
    m->packed.published = ev->published;
    return ST_OK;
}

static void hand_out_cursor(struct maker *m, enum feed_after after,
                            struct kept_frame *out)
{
    m->handed.after = after;
    out->cursor_len = feed_cursor_format(&m->handed, out->cursor);
}

static enum status hand_out_data(struct maker *m, struct kept_frame *out, struct why *why)
{
    enum status st = kept_set_body(out, packer_body(m->packer), why);

    if (st)
        return st;
    out->type = FRAME_DATA;
    out->events = (uint32_t)packer_events(m->packer);
    memcpy(out->lines, m->lines, out->events * sizeof m->lines[0]);
    m->handed = m->packed;
    hand_out_cursor(m, AFTER_DATA, out);
    packer_clear(m->packer);
    return ST_OK;
}

/* The place is that of the data before it: what it promises is read again. */
static enum status hand_out_promise(struct maker *m, int64_t before,
                                    struct kept_frame *out, struct why *why)
{
    uint8_t body[PROMISE_BODY_MAX];
    size_t len = 0;
    enum status st = pack_promise(before, body, sizeof body, &len);

    assert(!st);
    st = kept_set_body(out, (struct bytes){body, len}, why);
    if (st)
        return st;
    out->type = FRAME_PROMISE;
    out->events = 0;
    hand_out_cursor(m, before == TIME_END ? AFTER_END : AFTER_PROMISE, out);
    return ST_OK;
}

static enum status make_promise(struct maker *m, struct kept_frame *out, struct why *why)
{
    if (packer_events(m->packer) == 0) {
        struct event ev;
        enum status st = read_event(m, &ev, why);

        if (st == ST_NOT_FOUND)
            return hand_out_promise(m, TIME_END, out, why);
        if (!st)
            st = pack(m, &ev, why);
        if (st)
            return st;
    }
    return hand_out_promise(m, m->first_published, out, why);
}

static enum status make_data(struct maker *m, struct kept_frame *out, struct why *why)
{
    while (packer_events(m->packer) < m->options.batch) {
        struct event ev;
        enum status st = read_event(m, &ev, why);
        bool lull = st == ST_NOT_FOUND || (st == ST_AGAIN && m->options.flush_at_lull);

        if (lull && packer_events(m->packer) > 0)
            break;
        if (st == ST_NOT_FOUND && m->options.exercise)
            return hand_out_promise(m, TIME_END, out, why);
        if (st)
            return st;
        st = pack(m, &ev, why);
        if (st == ST_FULL) { /* the frame is full of bytes: this event begins the next */
            st = hand_out_data(m, out, why);
            return st ? st : pack(m, &ev, why);
        }
        if (st)
            return st;
    }
    return hand_out_data(m, out, why);
}

/* Behind the promise that nothing follows. */
static enum status check_ended(struct maker *m, struct why *why)
{
    struct event ev;
    enum status st = read_event(m, &ev, why);

    if (st)
        return st;
    return why_set(why, ST_INVALID,
                   "%s:%llu: stands behind the end that was promised to the exercise",
                   m->options.path, (unsigned long long)m->place.line);
}

enum status maker_next(struct maker *m, struct kept_frame *out, struct why *why)
{
    if (!m->options.exercise)
        return make_data(m, out, why);
    if (m->handed.after == AFTER_END)
        return check_ended(m, why);
    if (m->handed.after == AFTER_DATA && m->handed.place.offset > 0)
        return make_promise(m, out, why);
    return make_data(m, out, why);
}
