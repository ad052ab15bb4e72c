/* A scenario through the core and through the oracle, side by side. Must say what differs
 * without ending the test: whoever makes a failing log smaller tries a thousand. */
#include "judge.h"

#include "story.h"

#include <criterion/criterion.h>

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool differs(struct difference *d, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    (void)vsnprintf(d->text, sizeof d->text, format, args);
    va_end(args);
    return false;
}

/* --- running ------------------------------------------------------------------------ */

static void hear(void *self, const struct transition *t)
{
    struct heard *h = self;

    cr_assert(h->len < HEARD_MAX, "more is said than can be heard");
    h->list[h->len++] = *t;
}

struct world_sink heard_sink(struct heard *heard)
{
    return (struct world_sink){hear, NULL, heard};
}

struct world *scenario_begin(const struct scenario *s, struct heard *heard)
{
    const struct world_sink sink = heard_sink(heard);
    struct memory memory = heap_memory();
    struct world *w;
    struct why why;

    heard->len = 0;
    cr_assert(world_new(&memory, &w, &why) == ST_OK, "%s", why.text);
    cr_assert(world_rules(w, &s->set, &sink, &why) == ST_OK, "%s", why.text);
    return w;
}

static void begin(struct world *w, int64_t clock, size_t events, struct heard *heard)
{
    const struct world_sink sink = heard_sink(heard);
    struct why why;

    cr_assert(world_reserve(w, events, &why) == ST_OK, "%s", why.text);
    world_begin(w, clock, &sink);
}

static void end(struct world *w, struct heard *heard)
{
    const struct world_sink sink = heard_sink(heard);

    world_end(w, &sink);
}

void scenario_step(struct world *w, const struct oracle_step *step, uint64_t *seq,
                   struct heard *heard)
{
    begin(w, step->clock, step->events_len, heard);
    for (size_t i = 0; i < step->events_len; i++)
        (void)world_apply(w, step->events[i], ++*seq);
    end(w, heard);
}

void scenario_tick(struct world *w, int64_t clock, struct heard *heard)
{
    begin(w, clock, 0, heard);
    end(w, heard);
}

struct world *scenario_run(const struct scenario *s, struct heard *heard)
{
    struct world *w = scenario_begin(s, heard);
    uint64_t seq = 0;

    for (size_t i = 0; i < s->steps_len; i++)
        scenario_step(w, &s->steps[i], &seq, heard);
    scenario_tick(w, s->until, heard);
    return w;
}

/* --- comparing ---------------------------------------------------------------------- */

static const struct {
    const char *name;
    size_t offset;
} figures[] = {
    {"stock", offsetof(struct balance, stock)},
    {"unmet", offsetof(struct balance, unmet)},
    {"days of cover", offsetof(struct balance, days_of_cover)},
    {"stock out", offsetof(struct balance, stock_out)},
    {"shortfall", offsetof(struct balance, shortfall)},
    {"shortfall ratio", offsetof(struct balance, shortfall_ratio)},
    {"uncovered deficit", offsetof(struct balance, uncovered_deficit)},
    {"delivery ratio", offsetof(struct balance, delivery_ratio)},
    {"overdue", offsetof(struct balance, overdue)},
    {"expected", offsetof(struct balance, expected)},
};

bool balances_agree(const struct balance *a, const struct balance *b,
                    struct difference *d)
{
    char as_of[TIMESTAMP_SIZE];

    if (a->country != b->country || a->commodity != b->commodity ||
        a->as_of != b->as_of || a->horizon != b->horizon)
        return differs(d, "a balance of something else");
    for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++) {
        int64_t x;
        int64_t y;

        memcpy(&x, (const char *)a + figures[i].offset, sizeof x);
        memcpy(&y, (const char *)b + figures[i].offset, sizeof y);
        if (x != y)
            return differs(
                d, "%s/%s as of %s, horizon %" PRId64 ": %s is %" PRId64 ", not %" PRId64,
                place_code(a->country), commodity_code(a->commodity),
                timestamp_format(a->as_of, as_of), a->horizon, figures[i].name, x, y);
    }
    return true;
}

static const char *say(const struct transition *t, char out[160])
{
    char at[TIMESTAMP_SIZE];
    char begun[TIMESTAMP_SIZE];

    (void)snprintf(out, 160, "%s %s/%s %s at %s, begun %s", t->uid,
                   place_code(t->country), commodity_code(t->commodity),
                   alert_state_name(t->state), timestamp_format(t->at, at),
                   timestamp_format(t->begun, begun));
    return out;
}

static bool is_same_event(const struct transition *a, const struct transition *b)
{
    return strcmp(a->uid, b->uid) == 0 && a->country == b->country &&
           a->commodity == b->commodity && a->state == b->state && a->at == b->at &&
           a->begun == b->begun;
}

static const struct transition nothing = {.uid = "nothing"};

static bool is_same_evidence(const struct transition *a, const struct transition *b)
{
    if (a->seq != b->seq || a->ordinal != b->ordinal ||
        a->moved_first != b->moved_first || a->moved_last != b->moved_last ||
        a->movers_len != b->movers_len || a->readings_len != b->readings_len ||
        memcmp(a->episode, b->episode, sizeof a->episode) != 0 ||
        memcmp(a->notification, b->notification, sizeof a->notification) != 0 ||
        memcmp(a->movers, b->movers, a->movers_len * sizeof a->movers[0]) != 0)
        return false;
    for (size_t i = 0; i < a->readings_len; i++) {
        const struct reading *x = &a->readings[i];
        const struct reading *y = &b->readings[i];

        if (x->value != y->value || x->threshold != y->threshold ||
            x->comparison != y->comparison || x->term.metric != y->term.metric)
            return false;
    }
    return true;
}

static bool heard_same(const struct heard *a, const struct heard *b, bool evidence,
                       struct difference *d)
{
    char left[160];
    char right[160];

    for (size_t i = 0; i < a->len || i < b->len; i++) {
        const struct transition *x = i < a->len ? &a->list[i] : &nothing;
        const struct transition *y = i < b->len ? &b->list[i] : &nothing;

        if (!is_same_event(x, y))
            return differs(d, "transition %zu: %s; or %s", i, say(x, left),
                           say(y, right));
        if (!balances_agree(&x->balance, &y->balance, d))
            return false;
        if (evidence && !is_same_evidence(x, y))
            return differs(d, "transition %zu: %s: other evidence", i, say(x, left));
    }
    return true;
}

bool transitions_same(const struct heard *a, const struct heard *b, struct difference *d)
{
    return heard_same(a, b, true, d);
}

bool transitions_alike(const struct heard *a, const struct heard *b, struct difference *d)
{
    return heard_same(a, b, false, d);
}

/* --- against the oracle ------------------------------------------------------------- */

static bool verdict_agrees(struct world *w, struct oracle *o, const struct event *ev,
                           uint64_t seq, struct difference *d)
{
    enum verdict core = world_apply(w, ev, seq);
    enum verdict oracle = oracle_apply(o, ev);

    if (core != oracle)
        (void)differs(d, "%.*s/%.*s.%" PRId32 " is judged \"%s\", not \"%s\"",
                      TEXT_ARGS(ev->source), TEXT_ARGS(ev->id), ev->revision,
                      verdict_name(core), verdict_name(oracle));
    return core == oracle;
}

static bool step_agrees(struct world *w, struct oracle *o, const struct oracle_step *step,
                        uint64_t *seq, struct difference *d)
{
    for (size_t i = 0; i < step->events_len; i++) {
        if (!verdict_agrees(w, o, step->events[i], ++*seq, d))
            return false;
    }
    return true;
}

static bool looks_agree(const struct scenario *s, size_t step, struct world *w,
                        const struct oracle *o, struct difference *d)
{
    for (size_t i = 0; i < s->looks_len; i++) {
        const struct scenario_look *look = &s->looks[i];
        struct balance core;
        struct balance oracle;

        if (look->step != step)
            continue;
        if (world_balance(w, look->country, look->commodity, look->as_of, look->horizon,
                          &core, NULL))
            return differs(d, "no balance");
        oracle_balance(o, look->country, look->commodity, look->as_of, look->horizon,
                       &oracle);
        if (!balances_agree(&core, &oracle, d))
            return false;
    }
    return true;
}

static bool alerts_agree(const struct scenario *s, const struct heard *heard,
                         struct difference *d)
{
    static struct oracle_transition expected[HEARD_MAX];
    size_t len =
        oracle_alerts(&s->set, s->steps, s->steps_len, s->until, expected, HEARD_MAX);
    char left[160];
    char right[160];

    for (size_t i = 0; i < heard->len || i < len; i++) {
        const struct transition *x = i < heard->len ? &heard->list[i] : &nothing;
        struct transition y = nothing;

        if (i < len) {
            text_copy(text_of(expected[i].uid), y.uid, sizeof y.uid);
            y.country = expected[i].country;
            y.commodity = expected[i].commodity;
            y.state = expected[i].state;
            y.at = expected[i].at;
            y.begun = expected[i].begun;
        }
        if (!is_same_event(x, &y))
            return differs(d, "transition %zu: %s; the oracle says %s", i, say(x, left),
                           say(&y, right));
        if (!balances_agree(&x->balance, &expected[i].balance, d))
            return false;
    }
    return true;
}

static bool world_agrees(const struct scenario *s, struct world *w, struct heard *heard,
                         struct difference *d)
{
    struct oracle o = {.years = s->set.years, .years_len = s->set.years_len};
    uint64_t seq = 0;

    for (size_t i = 0; i < s->steps_len; i++) {
        const struct oracle_step *step = &s->steps[i];

        begin(w, step->clock, step->events_len, heard);
        bool agree = step_agrees(w, &o, step, &seq, d);

        end(w, heard);
        if (!agree || !looks_agree(s, i, w, &o, d))
            return false;
    }
    scenario_tick(w, s->until, heard);
    return looks_agree(s, s->steps_len, w, &o, d) &&
           (s->size == SCENARIO_LARGE || alerts_agree(s, heard, d)) &&
           books_agree(s, &o, w, s->until, d);
}

bool scenario_agrees(const struct scenario *s, struct difference *d)
{
    static struct heard heard;
    struct world *w = scenario_begin(s, &heard);
    bool agree = world_agrees(s, w, &heard, d);

    world_free(w);
    return agree;
}
