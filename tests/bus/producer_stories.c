/* What a producer may rely on. */
#include "story.h"

#include <criterion/criterion.h>
#include <string.h>

static void positions_come_in_order(struct bus_fixture *f)
{
    struct bus *b = story_bus(f);
    struct bus_greeting g = story_hello(b, "port-odesa-01");

    cr_assert(g.last_number == 0 && g.cursor_len == 0, "%s: first hello", story_label);
    for (uint64_t n = 1; n <= BUS_WINDOW_MAX; n++)
        story_send(b, n, "body");
    cr_assert(bus_unanswered(b) == BUS_WINDOW_MAX, "%s: unanswered", story_label);
    for (uint64_t n = 1; n <= BUS_WINDOW_MAX; n++)
        cr_assert(!expect_position(b, n, n).repeated, "%s: repeated", story_label);
    cr_assert(bus_unanswered(b) == 0, "%s: all answered", story_label);
    g = story_hello(b, "port-odesa-01");
    cr_assert(g.last_number == BUS_WINDOW_MAX, "%s: last number", story_label);
    cr_assert(g.cursor_len == 3 && memcmp(g.cursor, "row", 3) == 0, "%s: cursor",
              story_label);
    bus_close(b);
}

static void full_window_says_so(struct bus_fixture *f)
{
    struct bus *b = story_bus(f);
    struct frame frame = story_frame(BUS_WINDOW_MAX + 1, "body");
    struct why why;

    story_hello(b, "p");
    for (uint64_t n = 1; n <= BUS_WINDOW_MAX; n++)
        story_send(b, n, "body");
    cr_assert(bus_send(b, &frame, &why) == ST_FULL, "%s: one beyond", story_label);
    expect_position(b, 1, 1);
    cr_assert(bus_send(b, &frame, &why) == ST_OK, "%s: room again", story_label);
    bus_close(b);
}

static void repeat_gets_its_old_position(struct bus_fixture *f)
{
    struct bus *b = story_bus(f);

    story_hello(b, "p");
    story_send(b, 1, "one");
    story_send(b, 2, "two");
    expect_position(b, 1, 1);
    expect_position(b, 2, 2);
    story_send(b, 1, "one");
    cr_assert(expect_position(b, 1, 1).repeated, "%s: repeated", story_label);
    bus_close(b);
}

static void other_bytes_are_refused(struct bus_fixture *f)
{
    struct bus *b = story_bus(f);

    story_hello(b, "p");
    story_send(b, 1, "one");
    expect_position(b, 1, 1);
    story_send(b, 1, "two");
    expect_refusal(b, 1, REFUSED_REUSED, 2);
    story_publish(b, 2, 2, 2);
    bus_close(b);
}

static void gap_is_refused_with_what_is_expected(struct bus_fixture *f)
{
    struct bus *b = story_bus(f);

    story_hello(b, "p");
    story_send(b, 1, "one");
    expect_position(b, 1, 1);
    story_send(b, 3, "three");
    expect_refusal(b, 3, REFUSED_GAP, 2);
    story_publish(b, 2, 3, 2);
    bus_close(b);
}

static void refusal_forgets_the_rest(struct bus_fixture *f)
{
    struct bus *b = story_bus(f);

    story_hello(b, "p");
    story_publish(b, 1, 2, 1);
    story_send(b, 2, "other bytes");
    story_send(b, 3, "three");
    story_send(b, 4, "four");
    expect_refusal(b, 2, REFUSED_REUSED, 3);
    cr_assert(bus_unanswered(b) == 0, "%s: forgotten", story_label);
    story_hello(b, "p");
    bus_close(b);
}

static void send_checks_its_frame(struct bus_fixture *f)
{
    static uint8_t body[FRAME_BODY_MAX + 1];
    static const struct {
        const char *label;
        uint64_t number;
        size_t body_len, cursor_len;
        int type;
        enum status st;
    } rows[] = {
        {"number 0", 0, 1, 0, FRAME_DATA, ST_INVALID},
        {"number beyond an integer of SQLite", UINT64_C(1) << 63, 1, 0, FRAME_DATA,
         ST_INVALID},
        {"no type", 1, 1, 0, FRAME_TYPE_COUNT, ST_INVALID},
        {"body one beyond", 1, FRAME_BODY_MAX + 1, 0, FRAME_DATA, ST_OVERFLOW},
        {"cursor one beyond", 1, 1, FRAME_CURSOR_MAX + 1, FRAME_DATA, ST_OVERFLOW},
        {"body and cursor at the limit", 1, FRAME_BODY_MAX, FRAME_CURSOR_MAX, FRAME_DATA,
         ST_OK},
        {"not the one after", 3, 1, 0, FRAME_DATA, ST_INVALID},
        {"the one after, empty", 2, 0, 0, FRAME_TICK, ST_OK},
    };
    struct bus *b = story_bus(f);
    struct frame first = story_frame(1, "body");
    struct why why;
    struct bus_message m;

    cr_assert(bus_send(b, &first, &why) == ST_INVALID, "%s: before hello", story_label);
    story_hello(b, "p");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct frame frame = {.type = (enum frame_type)rows[i].type,
                              .number = rows[i].number,
                              .cursor = {body, rows[i].cursor_len},
                              .body = {body, rows[i].body_len}};
        enum status st = bus_send(b, &frame, &why);

        cr_assert(st == rows[i].st, "%s: %s: %s", story_label, rows[i].label,
                  status_text(st));
    }
    expect_position(b, 1, 1);
    expect_position(b, 2, 2);
    story_follow(b, 0);
    m = story_receive(b);
    cr_assert(m.kind == BUS_FRAME && m.frame.body.len == FRAME_BODY_MAX &&
                  m.frame.cursor.len == FRAME_CURSOR_MAX,
              "%s: the big frame comes back", story_label);
    m = story_receive(b);
    cr_assert(m.frame.type == FRAME_TICK && m.frame.body.len == 0, "%s: tick",
              story_label);
    bus_close(b);
}

static void names_are_checked(struct bus_fixture *f)
{
    static const char *const bad[] = {
        "",
        "Port",
        "port odesa",
        "-x",
        "a/b",
        "0123456789012345678901234567890123456789012345678901234567890123x"};
    struct bus *b = story_bus(f);
    struct bus_greeting g;
    struct why why;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_assert(bus_hello(b, text_of(bad[i]), 1000, &g, &why) == ST_INVALID,
                  "%s: \"%s\"", story_label, bad[i]);
    story_hello(b, "0123456789012345678901234567890123456789012345678901234567890123");
    bus_close(b);
}

static void two_producers_share_a_stream(struct bus_fixture *f)
{
    struct bus *a = story_bus(f), *b = story_bus(f);

    story_hello(a, "a");
    story_hello(b, "b");
    story_send(a, 1, "a1");
    expect_position(a, 1, 1);
    story_send(b, 1, "b1");
    expect_position(b, 1, 2);
    story_send(a, 2, "a2");
    expect_position(a, 2, 3);
    story_follow(a, 0);
    expect_frame(a, 1, "a", 1, "a1");
    expect_frame(a, 2, "b", 1, "b1");
    expect_frame(a, 3, "a", 2, "a2");
    bus_close(b);
    bus_close(a);
}

static void newer_hello_wins(struct bus_fixture *f)
{
    struct bus *older = story_bus(f), *newer = story_bus(f);
    struct frame frame = story_frame(2, "two");
    struct why why;

    story_hello(older, "p");
    story_publish(older, 1, 1, 1);
    cr_assert(story_hello(newer, "p").last_number == 1, "%s: last number", story_label);
    story_send(older, 2, "two");
    expect_refusal(older, 2, REFUSED_PRODUCER, 0);
    cr_assert(bus_send(older, &frame, &why) == ST_INVALID, "%s: the older one is out",
              story_label);
    story_publish(newer, 2, 2, 2);
    story_hello(older, "p");
    story_publish(older, 3, 3, 3);
    story_send(newer, 4, "four");
    expect_refusal(newer, 4, REFUSED_PRODUCER, 0);
    bus_close(newer);
    bus_close(older);
}

static void unanswered_survive_a_restart(struct bus_fixture *f)
{
    struct bus *b = story_bus(f);

    story_hello(b, "p");
    story_publish(b, 1, 2, 1);
    f->restart(f);
    for (uint64_t n = 3; n <= 6; n++)
        story_send(b, n, "body");
    f->restart(f);
    for (uint64_t n = 3; n <= 6; n++)
        expect_position(b, n, n);
    bus_close(b);
}

static void lost_answers_come_as_repeats(struct bus_fixture *f)
{
    struct bus *b = story_bus(f);

    if (!f->swallow) {
        bus_close(b);
        return;
    }
    story_hello(b, "p");
    story_publish(b, 1, 1, 1);
    f->swallow(f);
    story_send(b, 2, "body");
    story_send(b, 3, "body");
    f->await_tail(f, 3);
    f->restart(f);
    cr_assert(expect_position(b, 2, 2).repeated, "%s: 2 repeated", story_label);
    cr_assert(expect_position(b, 3, 3).repeated, "%s: 3 repeated", story_label);
    story_publish(b, 4, 4, 4);
    bus_close(b);
}

const struct story producer_stories[] = {
    {"positions come in order", positions_come_in_order},
    {"a full window says so", full_window_says_so},
    {"a repeat gets its old position", repeat_gets_its_old_position},
    {"other bytes under a number are refused", other_bytes_are_refused},
    {"a gap is refused", gap_is_refused_with_what_is_expected},
    {"a refusal forgets the rest", refusal_forgets_the_rest},
    {"send checks its frame", send_checks_its_frame},
    {"names are checked", names_are_checked},
    {"two producers share a stream", two_producers_share_a_stream},
    {"the newer hello wins", newer_hello_wins},
    {"what is unanswered survives a restart", unanswered_survive_a_restart},
    {"lost answers come as repeats", lost_answers_come_as_repeats},
    {NULL, NULL},
};
