/* Replay as the aggregator does it, within this process: the frames of a journal folded,
 * effects made every 64 of them and committed to a store. How long each stage takes is
 * taken around the calls, by the time that was computed; nothing is kept of a frame that
 * was folded. */
#include "measure.h"
#include "rules_read.h"

#include "shortfall/fold/fold.h"
#include "shortfall/storage/journal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FRAMES_PER_COMMIT 64

enum stage { STAGE_READ, STAGE_FOLD, STAGE_EFFECTS, STAGE_STORE, STAGE_BALANCES, STAGES };

static const char *const stage_names[STAGES] = {
    [STAGE_READ] = "read",   [STAGE_FOLD] = "fold",         [STAGE_EFFECTS] = "effects",
    [STAGE_STORE] = "store", [STAGE_BALANCES] = "balances", /* of all accounts that
                                                               changed, once at the end */
};

struct replay {
    const char *name;
    struct journal_reader *journal;
    struct fold *fold;
    struct store *store;
    struct measure_span spent[STAGES], cost;
    int64_t *step_ns; /* computed for each frame */
    size_t steps, steps_max;
    uint64_t events, transitions;
};

/* Ends a stage; returns the time that was computed in it, less what the clocks take. */
static int64_t stage_end(struct replay *r, enum stage stage, struct measure_span begin)
{
    struct measure_span span = measure_since(begin);

    span.wall_ns -= r->cost.wall_ns;
    span.cpu_ns -= r->cost.cpu_ns;
    r->spent[stage].wall_ns += span.wall_ns;
    r->spent[stage].cpu_ns += span.cpu_ns;
    return span.cpu_ns;
}

static void note_step(struct replay *r, int64_t ns)
{
    if (r->steps == r->steps_max) {
        r->steps_max = 2 * r->steps_max + 4096;
        r->step_ns = realloc(r->step_ns, r->steps_max * sizeof r->step_ns[0]);
        if (r->step_ns == NULL)
            measure_fail("no memory");
    }
    r->step_ns[r->steps++] = ns;
}

static void commit(struct replay *r, bool balances)
{
    const struct effects *effects;
    struct why why = {""};
    struct measure_span begin = measure_begin();

    measure_check(fold_effects(r->fold, balances, &effects, &why), "effects", &why);
    r->transitions += effects->alerts_len;
    (void)stage_end(r, balances ? STAGE_BALANCES : STAGE_EFFECTS, begin);
    begin = measure_begin();
    measure_check(store_commit(r->store, effects, &why), "commit", &why);
    fold_clear(r->fold);
    (void)stage_end(r, STAGE_STORE, begin);
}

static bool read_frame(struct replay *r, struct frame *out)
{
    struct why why = {""};
    struct measure_span begin = measure_begin();
    enum status st = journal_reader_next(r->journal, out->pos, out, &why);

    if (st != ST_NOT_FOUND)
        measure_check(st, "read a frame", &why);
    (void)stage_end(r, STAGE_READ, begin);
    return st == ST_OK;
}

static void set_origin(struct replay *r, const char *journal, const struct frame *first)
{
    struct store_origin origin = {{0}, {0}};
    struct why why = {""};

    (void)snprintf(origin.journal, sizeof origin.journal, "%s", journal);
    memcpy(origin.first_hash, first->hash, sizeof origin.first_hash);
    measure_check(store_set_origin(r->store, &origin, &why), "set the origin", &why);
}

static void replay_all(struct replay *r, const char *journal)
{
    struct frame frame = {.pos = 0};
    struct why why = {""};

    while (read_frame(r, &frame)) {
        struct measure_span begin = measure_begin();

        if (frame.pos == 1)
            set_origin(r, journal, &frame);
        measure_check(fold_frame(r->fold, &frame, &why), "fold a frame", &why);
        int64_t ns = stage_end(r, STAGE_FOLD, begin);

        if (frame.events > 0)
            note_step(r, ns);
        r->events += frame.events;
        if (frame.pos % FRAMES_PER_COMMIT == 0)
            commit(r, false);
    }
    commit(r, true);
}

static void print_all(struct replay *r, uint64_t facts)
{
    struct world_counts counts = world_counts(fold_world(r->fold));
    double events = (double)r->events;
    struct measure_span sum = {0, 0};
    char step[80];

    for (size_t i = 0; i < STAGES; i++) {
        sum.wall_ns += r->spent[i].wall_ns;
        sum.cpu_ns += r->spent[i].cpu_ns;
        measure_print_part(r->name, stage_names[i], "ns/event",
                           (double)r->spent[i].cpu_ns / events);
    }
    measure_print_rate(r->name, r->events, sum);
    (void)snprintf(step, sizeof step, "%s/step", r->name);
    measure_print_latency(step, r->step_ns, r->steps);
    measure_print_part(r->name, "memory", "B/fact",
                       (double)counts.memory_bytes / (double)facts);
    measure_print_part(r->name, "peak", "MiB",
                       (double)measure_peak_bytes() / (1024 * 1024));
    measure_print_part(r->name, "transitions", "1/event",
                       (double)r->transitions / events);
    measure_print_part(r->name, "instances", "", (double)counts.instances);
    measure_print_part(r->name, "accounts", "", (double)counts.accounts);
}

int main(int argc, char **argv)
{
    if (argc < 5 || argc > 6)
        measure_fail("usage: bench_replay NAME JOURNAL FACTS DB [RULES]");
    struct ruleset *rules = argc == 6 ? rules_read(argv[5]) : NULL;
    const struct fold_options how = {.rules = rules, .known = TIME_END};
    struct replay r = {.name = argv[1], .cost = measure_begin_cost()};
    struct why why = {""};

    measure_check(journal_reader_open(argv[2], &r.journal, &why), "open", &why);
    measure_check(store_open(&store_sqlite, argv[4], STORE_CREATE, &r.store, &why),
                  "make a store", &why);
    measure_check(fold_new(&how, &r.fold, &why), "make a fold", &why);
    replay_all(&r, argv[2]);
    print_all(&r, measure_number(argv[3]));
    fold_free(r.fold);
    store_close(r.store);
    journal_reader_close(r.journal);
    rules_free(rules);
    free(r.step_ns);
    return 0;
}
