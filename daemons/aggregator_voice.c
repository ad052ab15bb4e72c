/* What the aggregator says in the journal. It says one thing at a time, and the next one
 * when the one before has been read back: what is true of the journal, and nothing that
 * is remembered elsewhere, decides what is still to be said. So a restart says nothing
 * twice, and no two ticks are ever on their way. */
#include "aggregator_parts.h"
#include "frame_clock.h"

#include "shortfall/daemons/log.h"

#include <stdlib.h>

/* Short enough that a wall clock that was set is soon looked at again. */
#define PATIENCE_MAX_MS INT64_C(60000)

static bool is_exercise(const struct aggregator *a)
{
    return fold_clock_kind(a->fold) == CLOCK_PUBLISHED;
}

static bool has_rules_to_say(const struct aggregator *a)
{
    return a->rules.text != NULL && !a->own.rules_are_ours;
}

enum status aggregator_check_voice(const struct aggregator *a, struct why *why)
{
    if (!is_exercise(a) || !has_rules_to_say(a))
        return ST_OK;
    if (!a->own.is_feed)
        return why_set(why, ST_INVALID,
                       "--rules: %s is an exercise, and \"%s\" is not among the feeds it "
                       "was declared with: make the journal with it, or give no rules",
                       a->settings->journal, a->settings->producer);
    if (a->own.promised)
        return why_set(why, ST_INVALID,
                       "--rules: the rules of the exercise %s are other ones, and it was "
                       "promised that no more follow: make another journal, or give no "
                       "rules",
                       a->settings->journal);
    return ST_OK;
}

static enum status send(struct aggregator *a, enum frame_type type, struct bytes body,
                        struct why *why)
{
    const struct frame frame = {.type = type,
                                .producer = text_of(a->settings->producer),
                                .number = a->sent + 1,
                                .body = body};
    enum status st = bus_send(a->bus, &frame, why);

    if (st)
        return why_wrap(why, st, "send a %s frame", frame_type_name(type));
    a->sent++;
    return ST_OK;
}

static enum status say_rules(struct aggregator *a, struct why *why)
{
    const struct text text = {a->rules.text, (uint32_t)a->rules.len};
    uint8_t *body = malloc(RULES_BODY_MAX);
    size_t len;

    if (body == NULL)
        return why_set(why, ST_NO_MEMORY, "send the rules: no memory");
    enum status st = pack_rules(text_of(a->rules.name), text, body, RULES_BODY_MAX, &len);

    if (st)
        (void)why_set(why, st, "send the rules: their name or text is too long");
    else
        st = send(a, FRAME_RULES, (struct bytes){body, len}, why);
    free(body);
    if (st == ST_OK)
        log_write(LOG_INFO, "submitted", log_string("rules", a->settings->rules));
    return st;
}

static enum status say_promise(struct aggregator *a, struct why *why)
{
    uint8_t body[PROMISE_BODY_MAX];
    size_t len;
    enum status st = pack_promise(TIME_END, body, sizeof body, &len);

    if (st)
        return why_set(why, st, "promise that no more follows");
    return send(a, FRAME_PROMISE, (struct bytes){body, len}, why);
}

static int64_t next_instant(const struct aggregator *a)
{
    return is_exercise(a) ? TIME_NONE : world_next_instant(fold_world(a->fold));
}

static bool is_tick_due(const struct aggregator *a)
{
    int64_t instant = next_instant(a);

    return instant != TIME_NONE && instant <= clock_wall_us();
}

static bool is_silent(const struct aggregator *a)
{
    return !a->greeted || a->own.number != a->sent;
}

enum status aggregator_speak(struct aggregator *a, struct why *why)
{
    if (is_silent(a))
        return ST_OK;
    if (has_rules_to_say(a))
        return say_rules(a, why);
    if (is_exercise(a) && a->own.is_feed && !a->own.promised)
        return say_promise(a, why);
    if (is_tick_due(a))
        return send(a, FRAME_TICK, (struct bytes){NULL, 0}, why);
    return ST_OK;
}

/* Rounded up, so that a wait does not end just before its end. */
static int64_t wait_ms(int64_t wait_us)
{
    int64_t ms = wait_us / 1000 + (wait_us % 1000 != 0);

    return ms < PATIENCE_MAX_MS ? ms : PATIENCE_MAX_MS;
}

int64_t aggregator_patience_ms(const struct aggregator *a)
{
    int64_t instant = is_silent(a) ? TIME_NONE : next_instant(a);
    int64_t wall_us = clock_wall_us();
    int64_t balances_us = aggregator_balances_wait_us(a);
    int64_t checkpoint_us = aggregator_checkpoint_wait_us(a);
    int64_t patience_ms =
        wait_ms(balances_us < checkpoint_us ? balances_us : checkpoint_us);

    if (instant == TIME_NONE)
        return patience_ms;
    int64_t instant_ms = instant <= wall_us ? 0 : wait_ms(instant - wall_us);

    return instant_ms < patience_ms ? instant_ms : patience_ms;
}

enum status aggregator_take_refusal(const struct aggregator *a,
                                    const struct bus_message *m, struct why *why)
{
    if (m->refusal == REFUSED_PRODUCER)
        return why_set(why, ST_CONFLICT,
                       "another process speaks to the recorder as \"%s\"",
                       a->settings->producer);
    return why_set(why, ST_REFUSED, "the recorder refused frame %llu of \"%s\": %.*s",
                   (unsigned long long)m->number, a->settings->producer,
                   TEXT_ARGS(m->text));
}
