/* Events and frame bodies as msgpack (proto/SCHEMA.md): written with msgpack-c, read by a
 * bounded cursor that allocates nothing and believes no length. */
#ifndef SHORTFALL_PROTO_PACK_H
#define SHORTFALL_PROTO_PACK_H

#include "shortfall/core/event.h"
#include "shortfall/core/frame.h"
#include "shortfall/core/transition.h"

/* A growing list of encoded events: the body of a data frame in the making. */
struct packer;
MUST_USE enum status packer_new(struct packer **out);
void packer_free(struct packer *p);
void packer_clear(struct packer *p);

/* Appends one event that event_check has passed; one event has one encoding. ST_FULL: the
 * frame has FRAME_EVENTS_MAX events or would pass FRAME_BODY_MAX bytes; the packer is
 * unchanged and the caller sends what is there. ST_OVERFLOW: the event alone is above
 * EVENT_SIZE_MAX. */
MUST_USE enum status packer_add(struct packer *p, const struct event *ev);

/* The same for one event that packer_add has encoded before: its bytes as unpack_begin
 * leaves them in `rest` for a body of one. */
MUST_USE enum status packer_add_packed(struct packer *p, struct bytes event);
size_t packer_events(const struct packer *p);

/* The body so far; lent until the next call on the packer. */
struct bytes packer_body(struct packer *p);

/* How far an event that is read is checked. Whatever the level, no byte beyond the body
 * is read, every limit of SCHEMA.md on sizes, keys and forms holds, and codes and choices
 * are known. */
enum unpack_level {
    /* A door: event_check, so that texts are printable and each amount is what its own
     * number and unit give. For all that comes from outside. */
    UNPACK_DOOR = 0,
    /* The reader of a journal, whose frames have passed the recorder's door and stand in
     * its chain of hashes: event_check_recorded, which takes the amounts as they were
     * converted at the door and does not look at characters. What such an event gives to
     * the core is within its ranges all the same; a frame that breaks them is refused. */
    UNPACK_RECORDED
};

/* Reads a data body event by event. */
struct unpacker {
    struct bytes rest;
    uint32_t events; /* announced by the body */
    uint32_t index;  /* of the next event */
    enum unpack_level level;
};

/* ST_INVALID with the byte offset and the reason when the body is not a list of at most
 * FRAME_EVENTS_MAX maps. The level is UNPACK_DOOR; a reader of journals sets another
 * before the first event. */
MUST_USE enum status unpack_begin(struct bytes body, struct unpacker *out,
                                  struct why *why);

/* The next event, decoded and checked as the level says; its texts are lent by the body.
 * ST_NOT_FOUND after the last one. ST_INVALID, ST_OVERFLOW with the event's index (from
 * 0) and the reason, bytes counted from the event's beginning; *skipped is then set: true
 * when the event's own end was found, and the next call goes on behind it; false when the
 * rest of the body is lost, or when something follows the last event, and the next call
 * says ST_NOT_FOUND. */
MUST_USE enum status unpack_next(struct unpacker *u, struct event *out, bool *skipped,
                                 struct why *why);

/* Small bodies. Writers: ST_FULL when `size` is too small (these sizes always do).
 * Readers lend from the body; ST_INVALID, ST_OVERFLOW with the key and the reason. */
#define PROMISE_BODY_MAX 16
#define OPENING_BODY_MAX (16 + FEEDS_MAX * (FRAME_PRODUCER_MAX + 2))
#define RULES_FILE_MAX   255 /* bytes of a rule file's name in messages */
#define RULES_BODY_MAX   (16 + RULES_FILE_MAX + RULES_TEXT_MAX)

/* `before`: TIME_MIN to TIME_MAX, or TIME_END for "no more". */
MUST_USE enum status pack_promise(int64_t before, uint8_t *out, size_t size, size_t *len);
MUST_USE enum status unpack_promise(struct bytes body, int64_t *before, struct why *why);
/* Feeds are valid names of producers, none twice. */
MUST_USE enum status pack_opening(const struct opening *opening, uint8_t *out,
                                  size_t size, size_t *len);
MUST_USE enum status unpack_opening(struct bytes body, struct opening *out,
                                    struct why *why);
/* Rules: the file's name (for messages) and its text, at most RULES_TEXT_MAX bytes.
 * Writer: ST_OVERFLOW when either is longer than that. */
MUST_USE enum status pack_rules(struct text name, struct text text, uint8_t *out,
                                size_t size, size_t *len);
MUST_USE enum status unpack_rules(struct bytes body, struct text *name, struct text *text,
                                  struct why *why);

/* How people read a transition: attributes beside its identity. Empty: not stated. */
#define TRANSITION_SEVERITY_MAX 31  /* bytes */
#define TRANSITION_SUMMARY_MAX  511 /* bytes */
struct transition_texts {
    struct text alert; /* name of the rule, at most RULE_NAME_MAX bytes */
    struct text severity, summary;
};

#define TRANSITION_BODY_MAX 4096

/* The balance's country and commodity are the transition's. Writer: ST_OVERFLOW when a
 * text is too long. The reader lends `texts`; `out` lends nothing. */
MUST_USE enum status pack_transition(const struct transition *transition,
                                     const struct transition_texts *texts, uint8_t *out,
                                     size_t size, size_t *len);
MUST_USE enum status unpack_transition(struct bytes body, struct transition *out,
                                       struct transition_texts *texts, struct why *why);

#endif
