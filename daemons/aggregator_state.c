/* From frames to committed state. Must never announce what is not committed, and never
 * commit a part of what a frame brought about. */
#include "aggregator_parts.h"
#include "frame_clock.h"

#include "shortfall/daemons/log.h"

#include <string.h>

static enum status note_opening(struct aggregator *a, const struct frame *frame,
                                struct why *why)
{
    struct opening opening;
    enum status st = unpack_opening(frame->body, &opening, why);

    if (st)
        return why_wrap(why, st, "opening of the journal");
    for (size_t i = 0; i < opening.feeds_len; i++)
        a->own.is_feed |= text_is(opening.feeds[i], a->settings->producer);
    return ST_OK;
}

#define PURPOSE_RULES UINT64_C(0x73662d72756c6573)

bool rules_are_given(const struct aggregator *a, struct hash128 rules)
{
    return a->rules.text != NULL &&
           hash128_equal(rules, hash128_of(a->rules.text, a->rules.len, PURPOSE_RULES));
}

/* Whoever put them there: the newest rules are the ones in force, now or at their step.
 */
static enum status note_rules(struct aggregator *a, const struct frame *frame,
                              struct why *why)
{
    struct text name;
    struct text text;
    enum status st = unpack_rules(frame->body, &name, &text, why);

    if (st)
        return why_wrap(why, st, "rules at position %llu",
                        (unsigned long long)frame->pos);
    a->own.has_rules = true;
    a->own.rules = hash128_of(text.at, text.len, PURPOSE_RULES);
    a->own.rules_are_ours = rules_are_given(a, a->own.rules);
    if (a->caught_up)
        log_write(LOG_INFO, "rules", log_count("pos", frame->pos), log_text("file", name),
                  log_text("producer", frame->producer));
    return ST_OK;
}

static enum status note_own(struct aggregator *a, const struct frame *frame,
                            struct why *why)
{
    int64_t before;

    a->own.number = frame->number;
    if (frame->type != FRAME_PROMISE)
        return ST_OK;
    enum status st = unpack_promise(frame->body, &before, why);

    if (st == ST_OK)
        a->own.promised = before == TIME_END;
    return st;
}

static enum status note(struct aggregator *a, const struct frame *frame, struct why *why)
{
    enum status st = ST_OK;

    if (frame->type == FRAME_OPENING)
        st = note_opening(a, frame, why);
    else if (frame->type == FRAME_RULES)
        st = note_rules(a, frame, why);
    if (st == ST_OK && text_is(frame->producer, a->settings->producer))
        st = note_own(a, frame, why);
    return st;
}

enum status aggregator_fold(struct aggregator *a, const struct frame *frame,
                            struct why *why)
{
    enum status st = fold_frame(a->fold, frame, why);

    if (st == ST_OK)
        st = note(a, frame, why);
    if (st)
        return st;
    if (a->pos == a->committed.pos)
        a->uncommitted_us = clock_monotonic_us();
    a->pos = frame->pos;
    a->seq = frame->first_seq + frame->events - 1;
    memcpy(a->hash, frame->hash, sizeof a->hash);
    return ST_OK;
}

static void log_quarantine(const struct effects *effects)
{
    const struct quarantine_row *first = effects->quarantine;

    if (effects->quarantine_len == 0)
        return;
    log_write(LOG_WARN, "quarantined", log_count("events", effects->quarantine_len),
              log_count("seq", first->seq), log_string("source", first->source),
              log_string("id", first->id),
              log_string("verdict", verdict_name(first->verdict)),
              log_string("advice", verdict_advice(first->verdict)));
}

static void log_alerts(const struct effects *effects)
{
    for (size_t i = 0; log_wants(LOG_DEBUG) && i < effects->alerts_len; i++) {
        const struct transition *t = &effects->alerts[i].transition;

        log_write(LOG_DEBUG, "transition", log_string("rule", t->uid),
                  log_string("country", place_code(t->country)),
                  log_string("commodity", commodity_code(t->commodity)),
                  log_string("state", alert_state_name(t->state)), log_time("at", t->at));
    }
}

/* A balance row is a cache of what the facts give, written over and over; alerts, which
 * people wait for, do not wait for it. */
#define BALANCES_EVERY_US SECOND_US

int64_t aggregator_balances_wait_us(const struct aggregator *a)
{
    if (!a->balances_due)
        return INT64_MAX;
    int64_t wait_us = a->balances_us + BALANCES_EVERY_US - clock_monotonic_us();

    return wait_us > 0 ? wait_us : 0;
}

enum status aggregator_commit(struct aggregator *a, bool last, struct why *why)
{
    const struct effects *effects;
    bool news = a->pos != a->committed.pos;

    a->balances_due |= news;
    bool balances = a->balances_due && (last || aggregator_balances_wait_us(a) == 0);

    if (!news && !balances)
        return ST_OK;
    enum status st = fold_effects(a->fold, balances, &effects, why);

    if (st == ST_OK)
        st = store_commit(a->store, effects, why);
    if (st)
        return why_wrap(why, st, "commit up to position %llu",
                        (unsigned long long)a->pos);
    log_quarantine(effects);
    log_alerts(effects);
    a->outbox += effects->alerts_len;
    a->committed = effects->cursor;
    if (balances) {
        a->balances_due = false;
        a->balances_us = clock_monotonic_us();
    }
    fold_clear(a->fold);
    return ST_OK;
}

#define COUNTS_EVERY_US (60 * SECOND_US)

void aggregator_log_counts(struct aggregator *a)
{
    int64_t now_us = clock_monotonic_us();

    if (now_us < a->counted_us + COUNTS_EVERY_US || a->counted_pos == a->committed.pos)
        return;
    struct world_counts counts = world_counts(fold_world(a->fold));
    const struct store_cursor *c = &a->committed;

    a->counted_us = now_us;
    a->counted_pos = c->pos;
    log_write(LOG_INFO, "counts", log_count("pos", c->pos), log_count("seq", c->seq),
              log_count("applied", c->applied), log_count("repeated", c->repeated),
              log_count("superseded", c->superseded),
              log_count("quarantined", c->quarantined), log_count("late", c->late),
              log_count("facts", counts.facts), log_count("accounts", counts.accounts),
              log_count("pending", counts.pending), log_count("firing", counts.firing),
              log_count("transitions", a->outbox),
              log_count("memory", counts.memory_bytes));
}
