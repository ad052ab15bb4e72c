/* What a follower, and everybody who waits, may rely on. */
#include "story.h"

#include <criterion/criterion.h>
#include <unistd.h>

static void follow_from_the_first_and_from_the_middle(struct bus_fixture *f)
{
    struct bus *b = story_bus(f);

    story_hello(b, "p");
    story_publish(b, 1, 20, 1);
    story_follow(b, 0);
    for (uint64_t pos = 1; pos <= 20; pos++)
        expect_frame(b, pos, "p", pos, "body");
    story_follow(b, 7);
    for (uint64_t pos = 8; pos <= 12; pos++)
        expect_frame(b, pos, "p", pos, "body");
    story_follow(b, 18);
    expect_frame(b, 19, "p", 19, "body");
    expect_frame(b, 20, "p", 20, "body");
    bus_close(b);
}

static void follower_sees_what_comes_later(struct bus_fixture *f)
{
    struct bus *b = story_bus(f), *reader = story_bus(f);
    struct bus_message m;
    struct why why;

    story_follow(reader, 0);
    cr_assert(bus_receive(reader, -1, 0, &m, &why) == ST_AGAIN, "%s: nothing yet",
              story_label);
    story_hello(b, "p");
    for (uint64_t n = 1; n <= 10; n++) {
        story_publish(b, n, n, n);
        expect_frame(reader, n, "p", n, "body");
    }
    bus_close(reader);
    bus_close(b);
}

static void follower_survives_a_restart(struct bus_fixture *f)
{
    struct bus *b = story_bus(f), *reader = story_bus(f);

    story_hello(b, "p");
    story_publish(b, 1, 9, 1);
    story_follow(reader, 0);
    for (uint64_t pos = 1; pos <= 3; pos++)
        expect_frame(reader, pos, "p", pos, "body");
    f->restart(f);
    story_publish(b, 10, 10, 10);
    for (uint64_t pos = 4; pos <= 10; pos++)
        expect_frame(reader, pos, "p", pos, "body");
    bus_close(reader);
    bus_close(b);
}

static void follower_ahead_of_the_stream_is_told(struct bus_fixture *f)
{
    struct bus *b = story_bus(f);
    struct bus_message m;
    struct why why;

    story_hello(b, "p");
    story_publish(b, 1, 2, 1);
    story_follow(b, 3);
    cr_assert(bus_receive(b, -1, SUITE_WAIT_MS, &m, &why) == ST_CORRUPT, "%s: %s",
              story_label, why.text);
    bus_close(b);
}

static void wish_to_stop_ends_the_wait(struct bus_fixture *f)
{
    struct bus *b = story_bus(f);
    struct bus_message m;
    struct why why;
    int fds[2];

    cr_assert(!pipe(fds));
    cr_assert(bus_receive(b, fds[0], 1, &m, &why) == ST_AGAIN, "%s: not yet",
              story_label);
    cr_assert(write(fds[1], "x", 1) == 1);
    cr_assert(bus_receive(b, fds[0], -1, &m, &why) == ST_STOPPED, "%s: waiting",
              story_label);
    story_hello(b, "p");
    story_send(b, 1, "body");
    /* However much has arrived meanwhile. */
    for (int i = 0; i < 1000; i++)
        cr_assert(bus_receive(b, fds[0], -1, &m, &why) == ST_STOPPED, "%s: before all",
                  story_label);
    expect_position(b, 1, 1);
    close(fds[0]);
    close(fds[1]);
    bus_close(b);
}

static void hostile_bytes_harm_nobody(struct bus_fixture *f)
{
    struct bus *b = story_bus(f), *reader = story_bus(f);

    if (f->attack) {
        story_hello(b, "p");
        story_follow(reader, 0);
        story_publish(b, 1, 1, 1);
        expect_frame(reader, 1, "p", 1, "body");
        story_send(b, 2, "two");
        f->attack(f);
        expect_position(b, 2, 2);
        expect_frame(reader, 2, "p", 2, "two");
    }
    bus_close(reader);
    bus_close(b);
}

const struct story follower_stories[] = {
    {"follow from the first, from the middle", follow_from_the_first_and_from_the_middle},
    {"a follower sees what comes later", follower_sees_what_comes_later},
    {"a follower survives a restart", follower_survives_a_restart},
    {"a follower ahead of the stream is told", follower_ahead_of_the_stream_is_told},
    {"a wish to stop ends the wait", wish_to_stop_ends_the_wait},
    {"hostile bytes harm nobody", hostile_bytes_harm_nobody},
    {NULL, NULL},
};
