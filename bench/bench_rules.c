/* What more rules cost where nothing happens: two folds of one journal side by side, one
 * with few rules, one with these and many on accounts that the log never touches, so
 * that whatever disturbs one disturbs the other. */
#include "generate.h"
#include "measure.h"
#include "rules_read.h"

#include "shortfall/fold/fold.h"
#include "shortfall/proto/pack.h"
#include "shortfall/storage/journal.h"

#include <stdlib.h>
#include <string.h>

#define FRAMES_IN_TURN 64

enum { FEW, MANY, FOLDS };

struct side {
    struct fold *fold;
    struct ruleset *rules;
    struct measure_span spent;
    uint64_t pos, seq;
};

/* Frames that outlive the reader that lent them. */
struct turn {
    struct frame frames[FRAMES_IN_TURN];
    uint8_t *bodies[FRAMES_IN_TURN];
    size_t len;
};

static void side_open(struct side *side, const char *path)
{
    struct why why = {""};

    side->rules = rules_read(path);
    const struct fold_options how = {.rules = side->rules, .known = TIME_END};

    measure_check(fold_new(&how, &side->fold, &why), "make a fold", &why);
}

static void side_close(struct side *side)
{
    fold_free(side->fold);
    rules_free(side->rules);
}

static void fold_one(struct side *side, struct frame frame)
{
    struct why why = {""};

    frame.pos = ++side->pos;
    frame.first_seq = side->seq + 1;
    side->seq += frame.events;
    measure_check(fold_frame(side->fold, &frame, &why), "fold a frame", &why);
    fold_clear(side->fold);
}

static void fold_turn(struct side *side, const struct turn *turn)
{
    struct measure_span begin = measure_begin();

    for (size_t i = 0; i < turn->len; i++)
        fold_one(side, turn->frames[i]);
    measure_add(&side->spent, begin);
}

/* The other accounts have stocks and uses, so that their rules have something to watch.
 */
static void fold_elsewhere(struct side sides[FOLDS])
{
    const struct generate_options options = {.seed = GENERATE_SEED,
                                             .countries = GENERATE_COUNTRIES,
                                             .commodities = GENERATE_COMMODITIES,
                                             .start = GENERATE_START_US,
                                             .pace_us = GENERATE_PACE_US};
    struct generator *g = generator_new(&options);
    struct packer *packer;
    struct event ev;
    bool more = true;

    measure_check(packer_new(&packer), "make a packer", NULL);
    while (more) {
        packer_clear(packer);
        while (packer_events(packer) < FRAME_EVENTS_MAX &&
               (more = generator_elsewhere(g, &ev)))
            measure_check(packer_add(packer, &ev), "pack an event", NULL);
        for (size_t i = 0; i < FOLDS; i++)
            fold_one(&sides[i], (struct frame){.type = FRAME_DATA,
                                               .events = (uint32_t)packer_events(packer),
                                               .clock = options.start,
                                               .producer = TEXT_LITERAL("bench"),
                                               .body = packer_body(packer)});
    }
    packer_free(packer);
    generator_free(g);
}

static bool read_turn(struct journal_reader *journal, uint64_t *pos, struct turn *turn)
{
    struct why why = {""};
    struct frame frame;

    turn->len = 0;
    while (turn->len < FRAMES_IN_TURN &&
           journal_reader_next(journal, *pos, &frame, &why) == ST_OK) {
        uint8_t *body = realloc(turn->bodies[turn->len], frame.body.len + 1);

        if (body == NULL)
            measure_fail("no memory");
        memcpy(body, frame.body.at, frame.body.len);
        turn->bodies[turn->len] = body;
        frame.body.at = body;
        frame.producer = TEXT_LITERAL("bench");
        *pos = frame.pos;
        turn->frames[turn->len++] = frame;
        if (frame.type == FRAME_OPENING)
            break;
    }
    return turn->len > 0;
}

int main(int argc, char **argv)
{
    if (argc != 5)
        measure_fail("usage: bench_rules NAME JOURNAL FEW MANY");
    static struct turn turn;
    struct side sides[FOLDS] = {{0}};
    struct journal_reader *journal;
    struct why why = {""};
    uint64_t pos = 0;

    measure_check(journal_reader_open(argv[2], &journal, &why), "open", &why);
    side_open(&sides[FEW], argv[3]);
    side_open(&sides[MANY], argv[4]);
    for (size_t turns = 0; read_turn(journal, &pos, &turn); turns++) {
        fold_turn(&sides[turns % FOLDS], &turn);
        fold_turn(&sides[(turns + 1) % FOLDS], &turn);
        if (turns == 0)
            fold_elsewhere(sides);
    }
    measure_print(
        argv[1], "%",
        100 * (double)sides[MANY].spent.cpu_ns / (double)sides[FEW].spent.cpu_ns - 100);
    for (size_t i = 0; i < FRAMES_IN_TURN; i++)
        free(turn.bodies[i]);
    side_close(&sides[FEW]);
    side_close(&sides[MANY]);
    journal_reader_close(journal);
    return 0;
}
