/* What one event or one rule text of a frame does to the world, and what is noted of it.
 */
#include "fold_parts.h"

#include "shortfall/proto/pack.h"
#include "shortfall/proto/rules.h"

#include <stdlib.h>
#include <string.h>

enum status fold_events_begin(const struct frame *frame, struct bytes body,
                              struct unpacker *out, struct why *why)
{
    struct unpacker u;
    enum status st = unpack_begin(body, &u, why);

    if (st)
        return st;
    if (u.events != frame->events)
        return why_set(why, ST_INVALID, "a body of %u events in a frame of %u",
                       (unsigned)u.events, (unsigned)frame->events);
    u.level = UNPACK_RECORDED;
    *out = u;
    return ST_OK;
}

enum status fold_events_end(struct unpacker *u, struct why *why)
{
    struct event none;
    bool skipped;
    enum status st = unpack_next(u, &none, &skipped, why);

    return st == ST_NOT_FOUND ? ST_OK : st;
}

static void note_verdict(struct fold *f, enum verdict verdict, const struct event *ev,
                         uint64_t seq, uint64_t pos, uint32_t index)
{
    switch (verdict) {
    case VERDICT_APPLIED:
        f->cursor.applied++;
        return;
    case VERDICT_REPEAT:
        f->cursor.repeated++;
        return;
    case VERDICT_SUPERSEDED:
        f->cursor.superseded++;
        return;
    case VERDICT_DANGLING:
        f->cursor.applied++;
        break;
    case VERDICT_CONFLICT:
    case VERDICT_KIND:
        f->cursor.quarantined++;
        break;
    case VERDICT_COUNT:
        return;
    }
    struct quarantine_row row = {.seq = seq,
                                 .pos = pos,
                                 .index = index,
                                 .clock = world_clock(f->world),
                                 .verdict = verdict,
                                 .revision = ev->revision};

    text_copy(ev->source, row.source, sizeof row.source);
    text_copy(ev->id, row.id, sizeof row.id);
    gather_quarantine(&f->gather, &row);
}

void fold_apply(struct fold *f, const struct foreseen *event, uint64_t seq, uint64_t pos,
                uint32_t index)
{
    enum verdict verdict = world_apply_foreseen(f->world, event, seq);

    note_verdict(f, verdict, event->event, seq, pos, index);
    if (f->options.watch != NULL)
        f->options.watch(f->options.watch_self, event->event, verdict);
}

enum status fold_read_rules(struct text name, struct text text, struct ruleset **out,
                            struct why *why)
{
    struct config_errors *errors = malloc(sizeof *errors);

    if (errors == NULL) {
        (void)why_set(why, ST_NO_MEMORY, "read the rules: no memory");
        return ST_NO_MEMORY;
    }
    enum status st = rules_parse(text, out, errors);

    if (st)
        (void)why_set(why, st, "%.*s:%u:%u: %s", TEXT_ARGS(name), errors->list[0].line,
                      errors->list[0].column, errors->list[0].text);
    free(errors);
    return st;
}

void fold_keep_rules(struct fold *f, struct ruleset *rules, char *text, uint32_t len)
{
    rules_free(f->rules);
    free(f->rules_text);
    f->rules = rules;
    f->rules_text = text;
    f->rules_text_len = len;
    f->gather.rules = rules;
}

/* Rules in the journal are in force from where they stand, unless others were given. */
enum status fold_take_rules(struct fold *f, struct bytes body, uint64_t pos,
                            struct why *why)
{
    struct text name;
    struct text text;
    struct ruleset *rules = NULL;

    if (f->options.rules != NULL)
        return ST_OK;
    enum status st = unpack_rules(body, &name, &text, why);

    if (st)
        return why_wrap(why, st, "rules at position %llu", (unsigned long long)pos);
    char *copy = malloc((size_t)text.len + 1);

    if (copy == NULL)
        return why_set(why, ST_NO_MEMORY, "keep the rules: no memory");
    memcpy(copy, text.at, text.len);
    st = fold_read_rules(name, text, &rules, why);
    if (st) {
        free(copy);
        return why_wrap(why, st, "rules at position %llu", (unsigned long long)pos);
    }
    st = world_rules(f->world, rules, &f->sink, why);
    if (st) {
        free(copy);
        rules_free(rules);
        return st;
    }
    fold_keep_rules(f, rules, copy, text.len);
    return ST_OK;
}
