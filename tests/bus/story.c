/* Each step fails with the label of its story. */
#include "story.h"

#include <criterion/criterion.h>
#include <string.h>

const char *story_label;

struct bus *story_bus(struct bus_fixture *f)
{
    struct bus_options options = {.ingest = f->ingest,
                                  .reader = f->reader,
                                  .resend_us = SUITE_RESEND_US,
                                  .credit = 4};
    struct why why = {""};
    struct bus *b = NULL;

    cr_assert(!bus_open(&options, &b, &why), "%s: open: %s", story_label, why.text);
    return b;
}

struct bus_greeting story_hello(struct bus *b, const char *producer)
{
    struct bus_greeting greeting;
    struct why why = {""};
    enum status st = bus_hello(b, text_of(producer), SUITE_WAIT_MS, &greeting, &why);

    cr_assert(st == ST_OK, "%s: hello %s: %s: %s", story_label, producer, status_text(st),
              why.text);
    return greeting;
}

struct frame story_frame(uint64_t number, const char *body)
{
    return (struct frame){.type = FRAME_DATA,
                          .number = number,
                          .cursor = {(const uint8_t *)"row", 3},
                          .body = {(const uint8_t *)body, strlen(body)}};
}

void story_send(struct bus *b, uint64_t number, const char *body)
{
    struct frame frame = story_frame(number, body);
    struct why why = {""};
    enum status st = bus_send(b, &frame, &why);

    cr_assert(st == ST_OK, "%s: send %d: %s", story_label, (int)number, why.text);
}

struct bus_message story_receive(struct bus *b)
{
    struct bus_message m = {0};
    struct why why = {""};
    enum status st = bus_receive(b, -1, SUITE_WAIT_MS, &m, &why);

    cr_assert(st == ST_OK, "%s: receive: %s: %s", story_label, status_text(st), why.text);
    return m;
}

struct bus_message expect_position(struct bus *b, uint64_t number, uint64_t pos)
{
    struct bus_message m = story_receive(b);

    cr_assert(
        m.kind == BUS_POSITION && m.number == number && m.pos == pos,
        "%s: wanted position %d of frame %d, got kind %d number %d pos %d refusal %d",
        story_label, (int)pos, (int)number, m.kind, (int)m.number, (int)m.pos, m.refusal);
    return m;
}

void expect_refusal(struct bus *b, uint64_t number, enum refusal refusal,
                    uint64_t expected)
{
    struct bus_message m = story_receive(b);

    cr_assert(m.kind == BUS_REFUSAL && m.number == number && m.refusal == refusal,
              "%s: wanted refusal %d of frame %d, got kind %d number %d refusal %d",
              story_label, refusal, (int)number, m.kind, (int)m.number, m.refusal);
    cr_assert(refusal == REFUSED_PRODUCER || m.expected == expected,
              "%s: expected %d, not %d", story_label, (int)expected, (int)m.expected);
}

void expect_frame(struct bus *b, uint64_t pos, const char *producer, uint64_t number,
                  const char *body)
{
    struct bus_message m = story_receive(b);

    cr_assert(m.kind == BUS_FRAME && m.frame.pos == pos,
              "%s: wanted frame %d, got kind %d pos %d", story_label, (int)pos, m.kind,
              (int)m.frame.pos);
    cr_assert(text_is(m.frame.producer, producer) && m.frame.number == number,
              "%s: frame %d: producer or number", story_label, (int)pos);
    cr_assert(m.frame.type == FRAME_DATA && m.frame.cursor.len == 3 &&
                  memcmp(m.frame.cursor.at, "row", 3) == 0,
              "%s: frame %d: type or cursor", story_label, (int)pos);
    cr_assert(m.frame.body.len == strlen(body) &&
                  memcmp(m.frame.body.at, body, strlen(body)) == 0,
              "%s: frame %d: body", story_label, (int)pos);
}

void story_follow(struct bus *b, uint64_t after)
{
    struct why why = {""};

    cr_assert(!bus_follow(b, after, &why), "%s: follow: %s", story_label, why.text);
}

/* Frames `first` to `last` of a producer, all answered. */
void story_publish(struct bus *b, uint64_t first, uint64_t last, uint64_t pos)
{
    for (uint64_t n = first; n <= last; n++)
        story_send(b, n, "body");
    for (uint64_t n = first; n <= last; n++)
        expect_position(b, n, pos + n - first);
}
