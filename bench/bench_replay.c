/* Replay within the process: frames of generated events folded into a world, effects made
 * every 64 frames and dropped. What `shortfall replay` does, less reading and writing. */
#include "generate.h"
#include "measure.h"

#include "shortfall/fold/fold.h"
#include "shortfall/proto/pack.h"
#include "shortfall/proto/rules.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FRAMES_PER_EFFECTS 64

static struct ruleset *read_rules(const char *path)
{
    static char text[RULES_TEXT_MAX];
    struct config_errors *errors = malloc(sizeof *errors);
    struct ruleset *rules;
    FILE *in = fopen(path, "r");

    if (in == NULL || errors == NULL)
        measure_fail("%s: %s", path, strerror(errno));
    size_t len = fread(text, 1, sizeof text, in);

    (void)fclose(in);
    if (rules_parse((struct text){text, (uint32_t)len}, &rules, errors))
        measure_fail("%s:%u: %s", path, errors->list[0].line, errors->list[0].text);
    free(errors);
    return rules;
}

static void fold_opening(struct fold *f)
{
    const struct opening opening = {.clock = CLOCK_RECORDED};
    uint8_t body[OPENING_BODY_MAX];
    struct why why = {""};
    size_t len;

    measure_check(pack_opening(&opening, body, sizeof body, &len), "pack", NULL);
    const struct frame frame = {.pos = 1,
                                .first_seq = 1,
                                .clock = GENERATE_START_US - SECOND_US,
                                .body = {body, len}};

    measure_check(fold_frame(f, &frame, &why), "fold the opening", &why);
}

static uint64_t take_effects(struct fold *f)
{
    const struct effects *effects;
    struct why why = {""};

    measure_check(fold_effects(f, false, &effects, &why), "make effects", &why);
    uint64_t alerts = effects->alerts_len;

    fold_clear(f);
    return alerts;
}

static uint64_t fold_all(struct fold *f, const struct measure_frames *frames)
{
    struct why why = {""};
    uint64_t seq = 0;
    uint64_t alerts = 0;

    for (size_t i = 0; i < frames->len; i++) {
        const struct measure_body *body = &frames->list[i];
        const struct frame frame = {
            .pos = i + 2,
            .first_seq = seq + 1,
            .events = body->events,
            .type = FRAME_DATA,
            .clock = GENERATE_START_US + (int64_t)(seq + body->events) * GENERATE_PACE_US,
            .producer = TEXT_LITERAL("bench"),
            .number = i + 1,
            .body = {body->at, body->len}};

        measure_check(fold_frame(f, &frame, &why), "fold a frame", &why);
        seq += body->events;
        if ((i + 1) % FRAMES_PER_EFFECTS == 0)
            alerts += take_effects(f);
    }
    alerts += take_effects(f);
    /* What waits on accounts that nobody looked at is part of the work. */
    measure_check(world_settle(fold_world(f), &why), "settle", &why);
    return alerts;
}

int main(int argc, char **argv)
{
    if (argc < 3 || argc > 4)
        measure_fail("usage: bench_replay NAME FRAMES [RULES]");
    struct measure_frames frames = measure_frames_read(argv[2]);
    struct ruleset *rules = argc == 4 ? read_rules(argv[3]) : NULL;
    const struct fold_options how = {.rules = rules, .known = TIME_END};
    struct fold *f;
    struct why why = {""};
    char name[64];

    measure_check(fold_new(&how, &f, &why), "make a fold", &why);
    fold_opening(f);
    struct measure_span begin = measure_begin();
    uint64_t alerts = fold_all(f, &frames);

    (void)snprintf(name, sizeof name, "fold/%s", argv[1]);
    measure_print_rate(name, frames.events, measure_since(begin));
    struct world_counts counts = world_counts(fold_world(f));

    (void)snprintf(name, sizeof name, "fold/%s/transitions", argv[1]);
    measure_print(name, "", (double)alerts);
    (void)snprintf(name, sizeof name, "fold/%s/memory", argv[1]);
    measure_print(name, "B/fact", (double)counts.memory_bytes / (double)counts.facts);
    fold_free(f);
    rules_free(rules);
    measure_frames_free(&frames);
    return 0;
}
