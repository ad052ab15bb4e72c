/* Frames on their way: what a refusal names is left out, and the rest keeps its bytes. */
#include "../../daemons/feed_kept.h"

#include "shortfall/proto/json.h"
#include "shortfall/proto/pack.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct kept kept;

/* A frame of `len` stocks with the ids s0, s1, ... */
static struct kept_frame *add_frame(uint32_t len)
{
    struct kept_frame *f = kept_place(&kept);
    struct json_reader *reader = NULL;
    struct packer *packer = NULL;

    cr_assert(json_reader_new(&reader) == ST_OK && packer_new(&packer) == ST_OK);
    for (uint32_t i = 0; i < len; i++) {
        struct json_error error;
        struct event ev;
        char line[256];

        (void)snprintf(
            line, sizeof line,
            "{\"kind\":\"stock\",\"source\":\"t\",\"id\":\"s%u\",\"time\":\"2008-"
            "01-01\",\"country\":\"PRK\",\"commodity\":\"rice\",\"quantity\":1,"
            "\"unit\":\"t\"}",
            (unsigned)i);
        cr_assert(json_read_event(reader, text_of(line), 0, &ev, &error) == ST_OK);
        cr_assert(packer_add(packer, &ev) == ST_OK);
        f->lines[i] = 100 + i;
    }
    f->type = FRAME_DATA;
    f->events = len;
    cr_assert(kept_set_body(f, packer_body(packer), NULL) == ST_OK);
    kept_add(&kept);
    packer_free(packer);
    json_reader_free(reader);
    return f;
}

static void expect_ids(const struct kept_frame *f, const char *want)
{
    struct unpacker u;
    struct event ev;
    bool skipped;
    char got[256] = "";
    size_t len = 0;

    cr_assert(unpack_begin((struct bytes){f->body, f->body_len}, &u, NULL) == ST_OK);
    cr_assert(u.events == f->events);
    while (unpack_next(&u, &ev, &skipped, NULL) == ST_OK)
        len += (size_t)snprintf(got + len, sizeof got - len, "%.*s ", TEXT_ARGS(ev.id));
    cr_assert_str_eq(got, want);
}

static void begin(void)
{
    kept = (struct kept){.next_number = 5};
}

static void end(void)
{
    kept_free(&kept);
}

Test(feed_kept, a_refusal_names_events, .init = begin, .fini = end)
{
    static const struct {
        const char *text;
        size_t marked;
    } cases[] = {
        {"", 0},
        {"event 0: unit: x", 1},
        {"event 3: unit: x", 1},
        {"event 4: beyond the last", 0},
        {"event 1: a\nevent 1: b\nevent 2: c", 2},
        {"event 1: a\nand 7 more", 1},
        {"event : x\nevent 1 x\nevent x: y\n event 1: z\nevent -1: x\nevents 1: x", 0},
        {"event 4294967297: wraps around", 0},
        {"event 18446744073709551617: wraps around", 0},
        {"body: 3 bytes after its last event", 0},
    };
    const struct kept_frame *f = add_frame(4);

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool wrong[FRAME_EVENTS_MAX];
        size_t marked = kept_mark_refused(f, text_of(cases[i].text), wrong);

        cr_assert(marked == cases[i].marked, "%s: %zu", cases[i].text, marked);
    }
}

Test(feed_kept, the_rest_of_a_frame_is_sent_again, .init = begin, .fini = end)
{
    struct kept_frame *f = add_frame(4);
    bool wrong[FRAME_EVENTS_MAX] = {false};

    expect_ids(f, "s0 s1 s2 s3 ");
    wrong[0] = true;
    wrong[2] = true;
    cr_assert(kept_leave_out(f, wrong, NULL) == ST_OK);
    expect_ids(f, "s1 s3 ");
    cr_assert(f->events == 2 && f->lines[0] == 101 && f->lines[1] == 103);
    cr_assert(f->number == 5);
    /* The indices of a second refusal are those of what was sent then. */
    wrong[0] = false;
    wrong[2] = false;
    wrong[1] = true;
    cr_assert(kept_leave_out(f, wrong, NULL) == ST_OK);
    expect_ids(f, "s1 ");
}

Test(feed_kept, frames_behind_a_dropped_one_move_up, .init = begin, .fini = end)
{
    (void)add_frame(1);
    (void)add_frame(2);
    (void)add_frame(3);
    cr_assert(kept_at(&kept, 2)->number == 7 && kept.next_number == 8);
    kept_drop(&kept);
    cr_assert(kept.len == 2);
    cr_assert(kept_at(&kept, 0)->number == 5 && kept_at(&kept, 0)->events == 2);
    cr_assert(kept_at(&kept, 1)->number == 6 && kept_at(&kept, 1)->events == 3);
    cr_assert(kept.next_number == 7);
    kept_pop(&kept);
    cr_assert(kept_at(&kept, 0)->number == 6 && kept.next_number == 7);
}

Test(feed_kept, places_are_used_again, .init = begin, .fini = end)
{
    for (uint64_t i = 0; i < 3 * BUS_WINDOW_MAX; i++) {
        struct kept_frame *f = add_frame(1);

        cr_assert(f->number == 5 + i);
        if (kept.len == BUS_WINDOW_MAX)
            kept_pop(&kept);
    }
    cr_assert(kept.len == BUS_WINDOW_MAX - 1);
    cr_assert(kept_at(&kept, 0)->number == kept.next_number - kept.len);
}
