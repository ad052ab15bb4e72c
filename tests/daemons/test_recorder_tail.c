/* What followers are given: the same frame from memory and from the journal. */
#include "../../daemons/recorder_tail.h"

#include "shortfall/storage/journal.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char folder[] = "/tmp/shortfall-tail-XXXXXX";
static struct journal *journal;
static struct tail *tail;
static uint64_t last;

static void begin(void)
{
    const struct journal_options options = {.rotate_bytes = JOURNAL_ROTATE_BYTES};
    struct why why = {""};

    cr_assert(mkdtemp(folder) != NULL);
    cr_assert(journal_open(folder, &options, &journal, &why) == ST_OK, "%s", why.text);
    cr_assert(tail_open(folder, &tail, &why) == ST_OK, "%s", why.text);
    last = 0;
}

static void end(void)
{
    char command[128];

    tail_close(tail);
    journal_close(journal);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", folder);
    cr_assert(system(command) == 0);
}

/* The bodies of frames differ in their bytes and in their length. */
static size_t body_of(uint64_t pos, size_t most, uint8_t *out)
{
    size_t len = most - pos % 7;

    memset(out, (int)(pos % 251), len);
    return len;
}

static uint8_t body[FRAME_BODY_MAX];

/* Records `len` frames with one commit; `keep`: the tail is told. */
static void record(size_t len, size_t body_len, bool keep)
{
    struct frame *frames = calloc(len, sizeof *frames);
    uint8_t *bodies = malloc(len * body_len);
    struct why why = {""};

    for (size_t i = 0; i < len; i++) {
        uint8_t *at = bodies + i * body_len;

        last++;
        frames[i] = (struct frame){.type = FRAME_TICK,
                                   .clock = (int64_t)last,
                                   .producer = TEXT_LITERAL("p"),
                                   .number = last,
                                   .cursor = {(const uint8_t *)"c", 1},
                                   .body = {at, body_of(last, body_len, at)}};
    }
    cr_assert(journal_append(journal, frames, len, &why) == ST_OK, "%s", why.text);
    for (size_t i = 0; keep && i < len; i++)
        tail_keep(tail, &frames[i]);
    free(bodies);
    free(frames);
}

static void expect_frame(uint64_t pos, size_t body_len)
{
    struct frame frame;
    struct why why = {""};
    size_t len = body_of(pos, body_len, body);

    cr_assert(tail_read(tail, pos, &frame, &why) == ST_OK, "%d: %s", (int)pos, why.text);
    cr_assert(frame.pos == pos && frame.number == pos, "%d", (int)pos);
    cr_assert(text_is(frame.producer, "p") && frame.cursor.len == 1, "%d", (int)pos);
    cr_assert(frame.body.len == len && !memcmp(frame.body.at, body, len), "%d", (int)pos);
}

static void expect_nothing(uint64_t pos)
{
    struct frame frame;

    cr_assert(tail_read(tail, pos, &frame, NULL) == ST_CORRUPT, "%d", (int)pos);
}

Test(recorder_tail, memory_and_journal_give_the_same, .init = begin, .fini = end)
{
    record(5, 100, false);
    expect_frame(1, 100);
    expect_frame(5, 100);
    record(5, 100, true);
    for (uint64_t pos = 1; pos <= 10; pos++)
        expect_frame(pos, 100);
    expect_frame(6, 100);
    expect_frame(3, 100);
    /* What was never recorded is never handed out. */
    expect_nothing(11);
}

Test(recorder_tail, large_frames_push_out_old_ones, .init = begin, .fini = end)
{
    /* Twice what the memory holds, read at the newest, the oldest and between. */
    for (int i = 0; i < 9; i++) {
        record(8, 250000, true);
        expect_frame(last, 250000);
        expect_frame(1, 250000);
        expect_frame(1 + last / 2, 250000);
    }
    for (uint64_t pos = last - 40; pos <= last; pos++)
        expect_frame(pos, 250000);
}

Test(recorder_tail, many_small_frames_push_out_old_ones, .init = begin, .fini = end)
{
    record(1500, 20, true);
    for (uint64_t pos = 1; pos <= last; pos++)
        expect_frame(pos, 20);
    expect_nothing(last + 1);
}
