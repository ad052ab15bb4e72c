/* What a step is made of: the frames of a journal, decoded, hashed, applied kind by kind,
 * judged, each stage by itself around the public functions of the world. The fold does
 * the same by the handful and in the order of the log; so these figures say what each
 * part weighs, and `bench_replay` what all of it takes. */
#include "measure.h"
#include "rules_read.h"

#include "shortfall/core/world.h"
#include "shortfall/proto/pack.h"
#include "shortfall/storage/journal.h"

#include <stdio.h>
#include <stdlib.h>

#define HANDFUL 32

enum { ROOM = EVENT_KIND_COUNT, TIMERS, DECODE, HASH, JUDGE, SETTLE, STAGES };

static const char *const stage_names[STAGES] = {
    [EVENT_SHIPMENT] = "apply/shipment",
    [EVENT_PLEDGE] = "apply/pledge",
    [EVENT_PRICE] = "apply/price",
    [EVENT_POLICY] = "apply/policy",
    [EVENT_STOCK] = "apply/stock",
    [EVENT_PRODUCTION] = "apply/production",
    [EVENT_USE] = "apply/use",
    [ROOM] = "room",     /* memory for what the step may bring */
    [TIMERS] = "timers", /* what falls due before it */
    [DECODE] = "decode",
    [HASH] = "hash",     /* of a fact's name and of its content */
    [JUDGE] = "judge",   /* what the step itself brings, waiting postings included */
    [SETTLE] = "settle", /* what still waits on accounts at the end */
};

struct stages {
    struct world *w;
    double ns[STAGES];      /* computed */
    uint64_t times[STAGES]; /* events; of each kind its own */
    int64_t frame_ns[STAGES];
    int64_t last_ns, now_cost_ns;
    struct measure_span cost;
    struct event events[FRAME_EVENTS_MAX];
    uint8_t order[FRAME_EVENTS_MAX]; /* of the events, kind by kind */
};

static void *heap_resize(void *self, void *old, size_t size)
{
    (void)self;
    if (size == 0) {
        free(old);
        return NULL;
    }
    return realloc(old, size);
}

static void count_transition(void *self, const struct transition *t)
{
    (void)t;
    ++*(uint64_t *)self;
}

/* All since the last call was this stage. */
static void stage_end(struct stages *s, size_t stage)
{
    int64_t now_ns = measure_now_ns();

    s->frame_ns[stage] += now_ns - s->last_ns - s->now_cost_ns;
    s->last_ns = now_ns;
}

static void decode(struct stages *s, const struct frame *frame)
{
    struct unpacker u;
    struct why why = {""};
    bool skipped;
    size_t len = 0;

    measure_check(unpack_begin(frame->body, &u, &why), "read a frame", &why);
    u.level = UNPACK_RECORDED;
    for (uint32_t i = 0; i < frame->events; i++)
        measure_check(unpack_next(&u, &s->events[i], &skipped, &why), "decode", &why);
    stage_end(s, DECODE);
    for (size_t i = EVENT_KIND_COUNT; i < STAGES; i++)
        s->times[i] += frame->events;
    for (int kind = 0; kind < EVENT_KIND_COUNT; kind++)
        for (uint32_t i = 0; i < frame->events; i++)
            if ((int)s->events[i].kind == kind)
                s->order[len++] = (uint8_t)i;
    s->last_ns = measure_now_ns(); /* putting in order is no stage of anything */
}

/* Up to a handful of one kind, from `first` of the order on. */
static size_t apply(struct stages *s, const struct frame *frame, size_t first)
{
    enum event_kind kind = s->events[s->order[first]].kind;
    struct foreseen ahead[HANDFUL];
    size_t len = 0;

    while (len < HANDFUL && first + len < frame->events &&
           s->events[s->order[first + len]].kind == kind) {
        world_foresee(s->w, &s->events[s->order[first + len]], &ahead[len]);
        len++;
    }
    stage_end(s, HASH);
    for (size_t i = 0; i < len; i++)
        world_approach(s->w, &ahead[i]);
    for (size_t i = 0; i < len; i++)
        (void)world_apply_foreseen(s->w, &ahead[i],
                                   frame->first_seq + s->order[first + i]);
    stage_end(s, kind);
    s->times[kind] += len;
    return len;
}

/* A frame's stages are told by the wall; what other processes took of that is taken off
 * all of them in proportion. */
static void take_frame_ns(struct stages *s, struct measure_span frame)
{
    double wall_ns = (double)(frame.wall_ns - s->cost.wall_ns);
    double cpu_ns = (double)(frame.cpu_ns - s->cost.cpu_ns);
    double share = wall_ns > cpu_ns && wall_ns > 0 ? cpu_ns / wall_ns : 1;

    for (size_t i = 0; i < STAGES; i++) {
        s->ns[i] += (double)s->frame_ns[i] * share;
        s->frame_ns[i] = 0;
    }
}

static void step(struct stages *s, const struct frame *frame,
                 const struct world_sink *sink)
{
    struct why why = {""};
    struct measure_span begin = measure_begin();

    s->last_ns = measure_now_ns();
    measure_check(world_reserve(s->w, frame->events, &why), "reserve", &why);
    stage_end(s, ROOM);
    world_begin(s->w, frame->clock, sink);
    stage_end(s, TIMERS);
    decode(s, frame);
    for (size_t i = 0; i < frame->events;)
        i += apply(s, frame, i);
    world_end(s->w, sink);
    stage_end(s, JUDGE);
    take_frame_ns(s, measure_since(begin));
}

static void settle(struct stages *s)
{
    struct why why = {""};
    struct measure_span begin = measure_begin();

    s->last_ns = measure_now_ns();
    measure_check(world_settle(s->w, &why), "settle", &why);
    stage_end(s, SETTLE);
    take_frame_ns(s, measure_since(begin));
}

static void print_all(const struct stages *s, const char *name)
{
    for (size_t i = 0; i < STAGES; i++)
        measure_print_part(name, stage_names[i], "ns/event",
                           s->times[i] == 0 ? 0 : s->ns[i] / (double)s->times[i]);
}

int main(int argc, char **argv)
{
    if (argc < 3 || argc > 4)
        measure_fail("usage: bench_stages NAME JOURNAL [RULES]");
    static struct stages s;
    struct ruleset *rules = argc == 4 ? rules_read(argv[3]) : NULL;
    const struct memory memory = {heap_resize, NULL, 0};
    uint64_t transitions = 0;
    const struct world_sink sink = {count_transition, NULL, &transitions};
    struct journal_reader *journal;
    struct frame frame = {.pos = 0};
    struct why why = {""};

    s.cost = measure_begin_cost();
    s.now_cost_ns = measure_now_cost_ns();
    measure_check(journal_reader_open(argv[2], &journal, &why), "open", &why);
    measure_check(world_new(&memory, &s.w, &why), "make a world", &why);
    if (rules != NULL)
        measure_check(world_rules(s.w, rules, &sink, &why), "set rules", &why);
    while (journal_reader_next(journal, frame.pos, &frame, &why) == ST_OK)
        if (frame.type == FRAME_DATA)
            step(&s, &frame, &sink);
    settle(&s);
    print_all(&s, argv[1]);
    world_free(s.w);
    rules_free(rules);
    journal_reader_close(journal);
    return 0;
}
