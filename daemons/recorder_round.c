/* Which number a frame has decides before what is in it: a frame that was taken before is
 * answered with its old position whatever the door thinks of it today. No answer may
 * leave before the commit, refusals neither: a publisher reads them in the order of its
 * numbers. */
#include "recorder_round.h"

#include "recorder_judge.h"

#include "shortfall/daemons/log.h"

#include "frame_clock.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define TEXTS_SIZE ((size_t)8 * BUS_REFUSAL_TEXT_MAX)
#define INDEX_NONE SIZE_MAX

struct answer {
    enum { ANSWER_GREETING, ANSWER_POSITION, ANSWER_REFUSAL } kind;
    bus_peer peer;
    struct text producer;
    uint64_t number;
    size_t index;  /* position: of a frame of this round; INDEX_NONE: it is `pos` */
    uint64_t pos;  /* position of a frame that was recorded in an earlier round */
    bool repeated; /* position */
    enum refusal refusal;
    uint64_t expected;
    struct text text;
};

/* A producer that sent something in this round: its last number, taken ones included. */
struct sender {
    struct text name;
    uint64_t last;
};

struct round {
    struct frame frames[BUS_LENT_MAX];
    struct answer answers[BUS_LENT_MAX];
    struct sender senders[BUS_LENT_MAX];
    size_t frames_len, answers_len, senders_len;
    bool has_greeting;
    struct round_counts counts;
    size_t texts_len;
    char texts[TEXTS_SIZE];
};

enum status round_new(struct round **out, struct why *why)
{
    struct round *r = calloc(1, sizeof *r);

    if (!r)
        return why_set(why, ST_NO_MEMORY, "make room for a round of requests");
    *out = r;
    return ST_OK;
}

void round_free(struct round *r)
{
    free(r);
}

bool round_is_full(const struct round *r)
{
    return r->answers_len == BUS_LENT_MAX ||
           TEXTS_SIZE - r->texts_len < BUS_REFUSAL_TEXT_MAX;
}

bool round_has_greeting(const struct round *r)
{
    return r->has_greeting;
}

static struct answer *add_answer(struct round *r, const struct bus_request *request)
{
    struct answer *a;

    assert(r->answers_len < BUS_LENT_MAX);
    a = &r->answers[r->answers_len++];
    *a = (struct answer){.peer = request->peer,
                         .producer = request->producer,
                         .number = request->frame.number,
                         .index = INDEX_NONE};
    return a;
}

static void answer_position(struct round *r, const struct bus_request *request,
                            size_t index, uint64_t pos, bool repeated)
{
    struct answer *a = add_answer(r, request);

    a->kind = ANSWER_POSITION;
    a->index = index;
    a->pos = pos;
    a->repeated = repeated;
    r->counts.repeated += repeated;
}

/* The first line only: the publisher gets them all, and logs them itself. */
static void log_refusal(const struct answer *a)
{
    const char *newline = a->text.len > 0 ? memchr(a->text.at, '\n', a->text.len) : NULL;
    struct text line = a->text;

    if (newline)
        line.len = (uint32_t)(newline - line.at);
    log_write(LOG_DEBUG, "refused", log_text("producer", a->producer),
              log_count("number", a->number), log_text("why", line));
}

/* `text` is static, or in r->texts. */
static void answer_refusal(struct round *r, const struct bus_request *request,
                           enum refusal refusal, uint64_t expected, struct text text)
{
    struct answer *a = add_answer(r, request);

    a->kind = ANSWER_REFUSAL;
    a->refusal = refusal;
    a->expected = expected;
    a->text = text;
    r->counts.refused++;
    if (log_wants(LOG_DEBUG))
        log_refusal(a);
}

static enum status find_sender(struct round *r, struct journal *j, struct text name,
                               struct sender **out, struct why *why)
{
    struct bytes cursor;
    uint64_t last = 0;
    enum status st;

    for (size_t i = 0; i < r->senders_len; i++)
        if (text_equal(r->senders[i].name, name)) {
            *out = &r->senders[i];
            return ST_OK;
        }
    st = journal_producer(j, name, &last, &cursor, why);
    if (st)
        return st;
    r->senders[r->senders_len] = (struct sender){name, last};
    *out = &r->senders[r->senders_len++];
    return ST_OK;
}

static bool same_content(const struct frame *a, const struct frame *b)
{
    return a->type == b->type && a->body.len == b->body.len &&
           (a->body.len == 0 || memcmp(a->body.at, b->body.at, a->body.len) == 0);
}

/* A frame of this round with that producer and number; INDEX_NONE. */
static size_t find_in_round(const struct round *r, const struct frame *frame)
{
    for (size_t i = r->frames_len; i > 0; i--)
        if (r->frames[i - 1].number == frame->number &&
            text_equal(r->frames[i - 1].producer, frame->producer))
            return i - 1;
    return INDEX_NONE;
}

/* A number that is taken: the same bytes get the position they have. */
static enum status take_known(struct round *r, const struct bus_request *request,
                              struct journal *j, const struct sender *sender,
                              struct why *why)
{
    const struct frame *frame = &request->frame;
    size_t index = find_in_round(r, frame);
    uint64_t pos = 0;
    bool same = false;
    enum status st = ST_OK;

    if (index != INDEX_NONE)
        same = same_content(&r->frames[index], frame);
    else
        st = journal_find(j, frame, &pos, &same, why);
    if (st && st != ST_NOT_FOUND)
        return st;
    if (same)
        answer_position(r, request, index, pos, true);
    else
        answer_refusal(r, request, REFUSED_REUSED, sender->last + 1,
                       TEXT_LITERAL("this number was taken before, with other content"));
    return ST_OK;
}

static enum status take_new(struct round *r, const struct bus_request *request,
                            struct feeds *feeds, struct sender *sender, struct why *why)
{
    char *text = r->texts + r->texts_len;
    struct verdict verdict;
    struct frame *frame;
    enum status st =
        judge_frame(&request->frame, feeds, text, BUS_REFUSAL_TEXT_MAX, &verdict, why);

    if (st)
        return st;
    if (!verdict.taken) {
        r->texts_len += verdict.text_len;
        answer_refusal(r, request, verdict.refusal, sender->last + 1,
                       (struct text){text, (uint32_t)verdict.text_len});
        return ST_OK;
    }
    sender->last++;
    if (verdict.before != TIME_NONE)
        feeds_find(feeds, request->producer)->promised = verdict.before;
    answer_position(r, request, r->frames_len, 0, false);
    frame = &r->frames[r->frames_len++];
    *frame = request->frame;
    frame->events = verdict.events;
    return ST_OK;
}

enum status round_take(struct round *r, const struct bus_request *request,
                       struct journal *j, struct feeds *feeds, struct why *why)
{
    const struct frame *frame = &request->frame;
    struct sender *sender;
    enum status st;

    if (request->kind == BUS_HELLO) {
        add_answer(r, request)->kind = ANSWER_GREETING;
        r->has_greeting = true;
        return ST_OK;
    }
    st = find_sender(r, j, request->producer, &sender, why);
    if (st)
        return st;
    if (frame->number > sender->last + 1) {
        answer_refusal(r, request, REFUSED_GAP, sender->last + 1,
                       TEXT_LITERAL("a frame before this one is missing"));
        return ST_OK;
    }
    if (frame->number <= sender->last)
        return take_known(r, request, j, sender, why);
    return take_new(r, request, feeds, sender, why);
}

enum status round_commit(struct round *r, struct journal *j, struct stamp *stamp,
                         struct why *why)
{
    enum status st;

    if (r->frames_len == 0)
        return ST_OK;
    st = stamp_commit(stamp, clock_wall_us(), clock_monotonic_us(), why);
    for (size_t i = 0; !st && i < r->frames_len; i++) {
        r->frames[i].clock = stamp_next(stamp);
        r->counts.events += r->frames[i].events;
    }
    if (!st)
        st = journal_append(j, r->frames, r->frames_len, why);
    if (st)
        return st;
    r->counts.frames += r->frames_len;
    r->counts.commits++;
    return ST_OK;
}

const struct frame *round_frames(const struct round *r, size_t *len)
{
    *len = r->frames_len;
    return r->frames;
}

/* With what this round committed: also where the hello came behind its frames. */
static enum status greet(struct bus_server *server, const struct answer *a,
                         struct journal *j, const struct feeds *feeds, struct why *why)
{
    struct bus_greeting greeting = {.clock = feeds->clock};
    struct bytes cursor = {NULL, 0};
    enum status st =
        journal_producer(j, a->producer, &greeting.last_number, &cursor, why);

    if (st)
        return st;
    assert(cursor.len <= sizeof greeting.cursor);
    greeting.cursor_len = cursor.len;
    if (cursor.len > 0)
        memcpy(greeting.cursor, cursor.at, cursor.len);
    bus_server_greet(server, a->peer, &greeting);
    return ST_OK;
}

enum status round_answer(const struct round *r, struct bus_server *server,
                         struct journal *j, const struct feeds *feeds, struct why *why)
{
    enum status st = ST_OK;

    for (size_t i = 0; !st && i < r->answers_len; i++) {
        const struct answer *a = &r->answers[i];
        uint64_t pos = a->index == INDEX_NONE ? a->pos : r->frames[a->index].pos;

        switch (a->kind) {
        case ANSWER_GREETING:
            st = greet(server, a, j, feeds, why);
            break;
        case ANSWER_POSITION:
            assert(pos > 0); /* a promise: only of what the journal has */
            bus_server_position(server, a->peer, a->number, pos, a->repeated);
            break;
        case ANSWER_REFUSAL:
            bus_server_refuse(server, a->peer, a->number, a->refusal, a->expected,
                              a->text);
            break;
        }
    }
    return st;
}

void round_end(struct round *r)
{
    r->frames_len = 0;
    r->answers_len = 0;
    r->senders_len = 0;
    r->texts_len = 0;
    r->has_greeting = false;
}

struct round_counts round_counts(const struct round *r)
{
    return r->counts;
}
