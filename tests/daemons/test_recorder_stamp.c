/* The recorder's clock: strictly increasing, and no jump of the wall clock is followed.
 */
#include "../../daemons/recorder_stamp.h"

#include "shortfall/core/timestamp.h"

#include <criterion/criterion.h>

#define NOW  (INT64_C(1767607200) * SECOND_US)
#define JUMP (600 * SECOND_US)

Test(recorder_stamp, stamps_increase_within_and_across_commits)
{
    struct stamp s;
    struct why why = {""};

    cr_assert(stamp_begin(&s, TIME_NONE, JUMP, NOW, 0, &why) == ST_OK);
    cr_assert(stamp_next(&s) == NOW);
    cr_assert(stamp_next(&s) == NOW + 1);
    cr_assert(stamp_next(&s) == NOW + 2);
    /* The wall clock stands still, then goes on, then a little back. */
    cr_assert(stamp_commit(&s, NOW, 0, &why) == ST_OK);
    cr_assert(stamp_next(&s) == NOW + 3);
    cr_assert(stamp_commit(&s, NOW + 50, 50, &why) == ST_OK);
    cr_assert(stamp_next(&s) == NOW + 50);
    cr_assert(stamp_commit(&s, NOW - 40, 60, &why) == ST_OK);
    cr_assert(stamp_next(&s) == NOW + 51);
}

Test(recorder_stamp, an_old_journal_binds_the_next_stamp)
{
    struct stamp s;
    struct why why = {""};

    cr_assert(stamp_begin(&s, NOW + 9, JUMP, NOW, 0, &why) == ST_OK);
    cr_assert(stamp_next(&s) == NOW + 10);
    /* How long it was down does not matter. */
    cr_assert(stamp_begin(&s, NOW - 900 * DAY_US, JUMP, NOW, 0, &why) == ST_OK);
    cr_assert(stamp_next(&s) == NOW);
}

Test(recorder_stamp, a_clock_far_before_the_journal_is_refused)
{
    struct stamp s;
    struct why why = {""};

    cr_assert(stamp_begin(&s, NOW + JUMP, JUMP, NOW, 0, &why) == ST_OK);
    cr_assert(stamp_begin(&s, NOW + JUMP + 1, JUMP, NOW, 0, &why) == ST_CONFLICT);
    cr_assert_str_eq(why.text,
                     "the wall clock (2026-01-05T10:00:00Z) jumped back by 10m since the "
                     "journal's last frame, more than --clock-jump 10m: nothing is "
                     "recorded until somebody has looked at the clock",
                     "%s", why.text);
}

Test(recorder_stamp, jumps_are_measured_against_the_monotonic_clock)
{
    static const struct {
        int64_t wall_us, mono_us; /* passed since the last commit */
        enum status want;
    } cases[] = {
        {0, 0, ST_OK},
        {30 * DAY_US, 30 * DAY_US, ST_OK}, /* a quiet month is no jump */
        {JUMP, 0, ST_OK},
        {JUMP + 1, 0, ST_CONFLICT},
        {HOUR_US + JUMP, HOUR_US, ST_OK},
        {HOUR_US + JUMP + 1, HOUR_US, ST_CONFLICT},
        {-JUMP, 0, ST_OK},
        {-JUMP - 1, 0, ST_CONFLICT},
        {0, JUMP + 1, ST_CONFLICT}, /* a clock that stood still */
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stamp s;
        struct why why = {""};

        cr_assert(stamp_begin(&s, TIME_NONE, JUMP, NOW, 77, &why) == ST_OK);
        cr_assert(stamp_commit(&s, NOW + cases[i].wall_us, 77 + cases[i].mono_us, &why) ==
                      cases[i].want,
                  "case %zu: %s", i, why.text);
    }
}

Test(recorder_stamp, small_jumps_do_not_add_up)
{
    struct stamp s;
    struct why why = {""};

    cr_assert(stamp_begin(&s, TIME_NONE, JUMP, NOW, 0, &why) == ST_OK);
    for (int64_t i = 1; i <= 10; i++)
        cr_assert(stamp_commit(&s, NOW + i * JUMP, i, &why) == ST_OK, "step %d", (int)i);
}
