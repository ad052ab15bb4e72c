/* The steps that the stories of the suite are told in. What must come is waited for. */
#ifndef TESTS_BUS_STORY_H
#define TESTS_BUS_STORY_H

#include "bus_suite.h"

extern const char *story_label; /* of the story that is told, for the messages */

struct story {
    const char *label;
    void (*tell)(struct bus_fixture *f);
};

/* Each set ends with a story without a label. */
extern const struct story producer_stories[], follower_stories[];

struct bus *story_bus(struct bus_fixture *f);
struct bus_greeting story_hello(struct bus *b, const char *producer);
struct frame story_frame(uint64_t number, const char *body);
void story_send(struct bus *b, uint64_t number, const char *body);
struct bus_message story_receive(struct bus *b);
struct bus_message expect_position(struct bus *b, uint64_t number, uint64_t pos);
void expect_refusal(struct bus *b, uint64_t number, enum refusal refusal,
                    uint64_t expected);
void expect_frame(struct bus *b, uint64_t pos, const char *producer, uint64_t number,
                  const char *body);
void story_follow(struct bus *b, uint64_t after);
void story_publish(struct bus *b, uint64_t first, uint64_t last, uint64_t pos);

#endif
