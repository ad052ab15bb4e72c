/* Writes generated events where other programs find them: as frames (of 256, or of one
 * event), as a journal, or as JSON lines; and rules that go with them. */
#include "generate.h"
#include "generate_rules.h"
#include "measure.h"

#include "shortfall/proto/json.h"
#include "shortfall/proto/pack.h"
#include "shortfall/storage/journal.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void put_u32(uint8_t *at, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> (8 * i));
}

static void write_frame(struct packer *packer, FILE *out)
{
    struct bytes body = packer_body(packer);
    uint8_t head[8];

    put_u32(head, (uint32_t)body.len);
    put_u32(head + 4, (uint32_t)packer_events(packer));
    if (fwrite(head, 1, sizeof head, out) != sizeof head ||
        fwrite(body.at, 1, body.len, out) != body.len)
        measure_fail("cannot write the frames");
    packer_clear(packer);
}

static FILE *open_for_writing(const char *path)
{
    FILE *out = fopen(path, "wb");

    if (out == NULL)
        measure_fail("%s: %s", path, strerror(errno));
    return out;
}

static void write_frames(struct generator *g, uint64_t events, size_t per_frame,
                         const char *path)
{
    FILE *out = open_for_writing(path);
    struct packer *packer;
    struct event ev;

    measure_check(packer_new(&packer), "make a packer", NULL);
    for (uint64_t i = 0; i < events; i++) {
        generator_next(g, &ev);
        measure_check(packer_add(packer, &ev), "pack an event", NULL);
        if (packer_events(packer) == per_frame || i + 1 == events)
            write_frame(packer, out);
    }
    packer_free(packer);
    if (fclose(out) != 0)
        measure_fail("%s: %s", path, strerror(errno));
}

static void write_lines(struct generator *g, uint64_t events, const char *path)
{
    FILE *out = open_for_writing(path);
    char line[JSON_EVENT_SIZE];
    struct event ev;
    size_t len;

    for (uint64_t i = 0; i < events; i++) {
        generator_next(g, &ev);
        measure_check(json_write_event(&ev, line, sizeof line - 1, &len),
                      "write an event", NULL);
        line[len++] = '\n';
        if (fwrite(line, 1, len, out) != len)
            measure_fail("%s: %s", path, strerror(errno));
    }
    if (fclose(out) != 0)
        measure_fail("%s: %s", path, strerror(errno));
}

static void append(struct journal *j, struct frame *frame)
{
    struct why why = {""};

    measure_check(journal_append(j, frame, 1, &why), "append to the journal", &why);
}

static void append_opening(struct journal *j, int64_t clock)
{
    const struct opening opening = {.clock = CLOCK_RECORDED};
    uint8_t body[OPENING_BODY_MAX];
    size_t len;

    measure_check(pack_opening(&opening, body, sizeof body, &len), "pack the opening",
                  NULL);
    append(j, &(struct frame){.type = FRAME_OPENING,
                              .clock = clock,
                              .producer = TEXT_LITERAL("recorder"),
                              .number = 1,
                              .body = {body, len}});
}

/* Each frame is recorded when its last event was reported. */
static void write_journal(struct generator *g, const struct generate_options *options,
                          uint64_t events, const char *path)
{
    const struct journal_options how = {.rotate_bytes = JOURNAL_ROTATE_BYTES};
    struct packer *packer;
    struct journal *j;
    struct why why = {""};
    struct event ev;
    uint64_t number = 0;

    measure_check(packer_new(&packer), "make a packer", NULL);
    measure_check(journal_open(path, &how, &j, &why), "open the journal", &why);
    append_opening(j, options->start - SECOND_US);
    for (uint64_t i = 0; i < events; i++) {
        generator_next(g, &ev);
        measure_check(packer_add(packer, &ev), "pack an event", NULL);
        if (packer_events(packer) < FRAME_EVENTS_MAX && i + 1 < events)
            continue;
        append(j, &(struct frame){.type = FRAME_DATA,
                                  .events = (uint32_t)packer_events(packer),
                                  .clock = options->start +
                                           (int64_t)(i + 1) * options->pace_us,
                                  .producer = TEXT_LITERAL("bench"),
                                  .number = ++number,
                                  .body = packer_body(packer)});
        packer_clear(packer);
    }
    measure_check(journal_idle(j, &why), "tidy the journal", &why);
    journal_close(j);
    packer_free(packer);
}

static void write_events(const char *form, uint64_t events, const char *path)
{
    const struct generate_options options = {.seed = GENERATE_SEED,
                                             .countries = GENERATE_COUNTRIES,
                                             .commodities = GENERATE_COMMODITIES,
                                             .start = GENERATE_START_US,
                                             .pace_us = GENERATE_PACE_US};
    struct generator *g = generator_new(&options);

    if (strcmp(form, "frames") == 0)
        write_frames(g, events, FRAME_EVENTS_MAX, path);
    else if (strcmp(form, "singles") == 0)
        write_frames(g, events, 1, path);
    else if (strcmp(form, "lines") == 0)
        write_lines(g, events, path);
    else if (strcmp(form, "journal") == 0)
        write_journal(g, &options, events, path);
    else
        measure_fail("not a form of output: %s", form);
    (void)printf("seed %" PRIu64 ", %zu countries, %zu commodities, %" PRIu64
                 " events, %" PRIu64 " facts\n",
                 options.seed, options.countries, options.commodities, events,
                 generator_facts(g));
    generator_free(g);
}

int main(int argc, char **argv)
{
    if (argc == 4) {
        write_events(argv[1], measure_number(argv[2]), argv[3]);
        return 0;
    }
    if (argc != 7 || strcmp(argv[1], "rules") != 0)
        measure_fail("usage: bench_generate frames|singles|lines|journal EVENTS PATH, or "
                     "bench_generate rules STAR HERE ELSEWHERE MARKETS PATH");
    const struct rules_wanted wanted = {measure_number(argv[2]), measure_number(argv[3]),
                                        measure_number(argv[4]), measure_number(argv[5])};
    FILE *out = open_for_writing(argv[6]);

    generate_rules(&wanted, out);
    if (fclose(out) != 0)
        measure_fail("%s: %s", argv[6], strerror(errno));
    return 0;
}
