/* One round: what several requests of one batch are to each other, before any of them is
 * recorded. */
#include "../../daemons/recorder_round.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char folder[] = "/tmp/shortfall-round-XXXXXX";
static struct journal *journal;
static struct round *round_under_test;
static struct feeds feeds;
static struct stamp stamp;

static void begin(void)
{
    const struct journal_options options = {.rotate_bytes = JOURNAL_ROTATE_BYTES};
    struct why why = {""};

    cr_assert(mkdtemp(folder) != NULL);
    cr_assert(journal_open(folder, &options, &journal, &why) == ST_OK, "%s", why.text);
    cr_assert(round_new(&round_under_test, &why) == ST_OK);
    cr_assert(feeds_parse(NULL, &feeds, &why) == ST_OK);
    cr_assert(stamp_begin(&stamp, TIME_NONE, 365 * DAY_US, 0, 0, &why) == ST_OK);
    /* Whatever the clocks are, this commit is no jump. */
    stamp.jump_max_us = INT64_MAX / 4;
}

static void end(void)
{
    char command[128];

    round_free(round_under_test);
    journal_close(journal);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", folder);
    cr_assert(system(command) == 0);
}

/* A tick, since it has no body; `body` makes it a wrong one. */
static void take(const char *producer, uint64_t number, const char *body)
{
    const struct bus_request request = {
        .kind = BUS_SUBMIT,
        .peer = 1,
        .producer = text_of(producer),
        .frame = {.type = FRAME_TICK,
                  .producer = text_of(producer),
                  .number = number,
                  .body = {(const uint8_t *)body, strlen(body)}}};
    struct why why = {""};

    cr_assert(round_take(round_under_test, &request, journal, &feeds, &why) == ST_OK,
              "%s", why.text);
}

/* Commits, and lists what was recorded: "a1@1 a2@2 ". */
static const char *commit(void)
{
    static char out[256];
    const struct frame *frames;
    struct why why = {""};
    size_t frames_len;
    size_t len = 0;

    out[0] = '\0';
    cr_assert(round_commit(round_under_test, journal, &stamp, &why) == ST_OK, "%s",
              why.text);
    frames = round_frames(round_under_test, &frames_len);
    for (size_t i = 0; i < frames_len; i++)
        len += (size_t)snprintf(
            out + len, sizeof out - len, "%.*s%llu@%llu ", TEXT_ARGS(frames[i].producer),
            (unsigned long long)frames[i].number, (unsigned long long)frames[i].pos);
    round_end(round_under_test);
    return out;
}

static void expect_counts(uint64_t frames, uint64_t commits, uint64_t repeated,
                          uint64_t refused)
{
    struct round_counts c = round_counts(round_under_test);

    cr_assert(c.frames == frames && c.commits == commits && c.repeated == repeated &&
                  c.refused == refused,
              "%llu frames, %llu commits, %llu repeated, %llu refused",
              (unsigned long long)c.frames, (unsigned long long)c.commits,
              (unsigned long long)c.repeated, (unsigned long long)c.refused);
}

Test(recorder_round, one_commit_takes_all_in_order, .init = begin, .fini = end)
{
    take("a", 1, "");
    take("b", 1, "");
    take("a", 2, "");
    take("a", 3, "");
    cr_assert_str_eq(commit(), "a1@1 b1@2 a2@3 a3@4 ");
    take("b", 2, "");
    cr_assert_str_eq(commit(), "b2@5 ");
    cr_assert(journal_tail(journal).pos == 5);
    expect_counts(5, 2, 0, 0);
}

Test(recorder_round, a_frame_sent_twice_is_recorded_once, .init = begin, .fini = end)
{
    take("a", 1, "");
    take("a", 1, "");
    take("a", 2, "");
    take("a", 1, "");
    cr_assert_str_eq(commit(), "a1@1 a2@2 ");
    take("a", 2, "");
    cr_assert_str_eq(commit(), "");
    expect_counts(2, 1, 3, 0);
}

Test(recorder_round, a_refused_number_stays_free, .init = begin, .fini = end)
{
    take("a", 1, "");
    take("a", 2, "x"); /* a tick with a body */
    take("a", 3, "");  /* so this is a gap */
    take("a", 2, "");
    take("a", 1, "x"); /* taken, with other content */
    take("a", 4, "");  /* a gap still */
    cr_assert_str_eq(commit(), "a1@1 a2@2 ");
    expect_counts(2, 1, 0, 4);
}

Test(recorder_round, stamps_increase_from_frame_to_frame, .init = begin, .fini = end)
{
    const struct frame *frames;
    struct why why = {""};
    size_t len;

    take("a", 1, "");
    take("a", 2, "");
    take("b", 1, "");
    cr_assert(round_commit(round_under_test, journal, &stamp, &why) == ST_OK);
    frames = round_frames(round_under_test, &len);
    cr_assert(len == 3 && frames[1].clock == frames[0].clock + 1 &&
              frames[2].clock == frames[1].clock + 1);
    cr_assert(journal_tail(journal).clock == frames[2].clock);
    round_end(round_under_test);
}

Test(recorder_round, it_is_full_when_no_request_can_be_lent, .init = begin, .fini = end)
{
    for (uint64_t i = 1; i <= BUS_LENT_MAX; i++) {
        cr_assert(!round_is_full(round_under_test), "%d", (int)i);
        take("a", i, "");
    }
    cr_assert(round_is_full(round_under_test));
    round_end(round_under_test);
    cr_assert(!round_is_full(round_under_test));
}
