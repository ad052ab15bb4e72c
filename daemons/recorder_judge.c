/* The door: one function for each type of frame. Judges from the frame alone and from
 * what its feed has promised; must never look at what other frames said. */
#include "recorder_judge.h"

#include "shortfall/proto/pack.h"
#include "shortfall/proto/rules.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The verdict in the making. */
struct judging {
    const struct frame *frame;
    struct feeds *feeds;
    char *text;
    size_t text_len, text_max;
    size_t reasons, reasons_kept;
    struct verdict verdict;
};

#define MORE_MAX 32 /* bytes of "and 12345 more" with its newline */

/* One reason more. What does not fit is counted: never half a line. */
static void add_reason(struct judging *j, const char *reason)
{
    size_t len = strlen(reason);

    j->reasons++;
    if (j->reasons > j->reasons_kept + 1 ||
        j->text_len + len + 1 + MORE_MAX > j->text_max)
        return;
    j->reasons_kept++;
    if (j->text_len > 0)
        j->text[j->text_len++] = '\n';
    memcpy(j->text + j->text_len, reason, len);
    j->text_len += len;
}

static void refuse(struct judging *j, enum refusal refusal, const char *format, ...)
    PRINTF_LIKE(3, 4);

static void refuse(struct judging *j, enum refusal refusal, const char *format, ...)
{
    char reason[WHY_MAX];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    if (!j->verdict.refusal)
        j->verdict.refusal = refusal;
    add_reason(j, reason);
}

/* The feed of an exercise that sent this; NULL: refused. */
static struct feed *declared_feed(struct judging *j)
{
    struct feed *feed = feeds_find(j->feeds, j->frame->producer);
    char names[256];

    if (!feed)
        refuse(j, REFUSED_ORDER,
               "%.*s is not a declared feed of this exercise journal (its feeds: %s)",
               TEXT_ARGS(j->frame->producer),
               feeds_format(j->feeds, names, sizeof names));
    return feed;
}

static void check_promise(struct judging *j, const struct feed *feed, uint32_t index,
                          int64_t published)
{
    char stated[TIMESTAMP_SIZE];
    char promised[TIMESTAMP_SIZE];

    if (!feed || published >= feed->promised)
        return;
    refuse(j, REFUSED_ORDER,
           "event %" PRIu32 ": published: %s is before %s, and %s promised that nothing "
           "earlier follows",
           index, timestamp_format(published, stated),
           timestamp_format(feed->promised, promised), feed->name);
}

static enum status judge_data(struct judging *j, struct why *why)
{
    const struct feed *feed = NULL;
    struct unpacker u;
    struct event ev;
    bool skipped;
    enum status st;

    if (j->feeds->clock == CLOCK_PUBLISHED && !(feed = declared_feed(j)))
        return ST_OK;
    if (unpack_begin(j->frame->body, &u, why)) {
        refuse(j, REFUSED_FORM, "%s", why->text);
        return ST_OK;
    }
    j->verdict.events = u.events;
    if (u.events == 0)
        refuse(j, REFUSED_FORM, "body: a data frame without events");
    for (uint32_t i = 0; (st = unpack_next(&u, &ev, &skipped, why)) != ST_NOT_FOUND; i++)
        if (st)
            refuse(j, REFUSED_FORM, "%s", why->text);
        else
            check_promise(j, feed, i, ev.published);
    return ST_OK;
}

static enum status judge_tick(struct judging *j, struct why *why)
{
    (void)why;
    if (j->feeds->clock != CLOCK_RECORDED)
        refuse(j, REFUSED_FORM,
               "a tick moves the clock of recording; this is an exercise journal");
    else if (j->frame->body.len > 0)
        refuse(j, REFUSED_FORM, "a tick has no body, this one has %zu bytes",
               j->frame->body.len);
    return ST_OK;
}

static enum status judge_promise(struct judging *j, struct why *why)
{
    struct feed *feed;
    char stated[TIMESTAMP_SIZE];
    char promised[TIMESTAMP_SIZE];
    int64_t before;

    if (j->feeds->clock != CLOCK_PUBLISHED) {
        refuse(j, REFUSED_FORM, "a promise belongs into an exercise journal");
        return ST_OK;
    }
    feed = declared_feed(j);
    if (!feed)
        return ST_OK;
    if (unpack_promise(j->frame->body, &before, why)) {
        refuse(j, REFUSED_FORM, "%s", why->text);
        return ST_OK;
    }
    if (before < feed->promised)
        refuse(j, REFUSED_ORDER, "promise: %s is before %s, which %s promised already",
               timestamp_format(before, stated),
               timestamp_format(feed->promised, promised), feed->name);
    j->verdict.before = before;
    return ST_OK;
}

/* Line by line, so that each of its three lines is kept or counted. */
static void refuse_rule(struct judging *j, const struct config_error *error,
                        struct text name, struct text source)
{
    char file[RULES_FILE_MAX + 1];
    char shown[WHY_MAX];
    size_t len = config_error_format(error, text_copy(name, file, sizeof file), source,
                                     shown, sizeof shown);

    while (len > 0 && shown[len - 1] == '\n')
        shown[--len] = '\0';
    refuse(j, REFUSED_FORM, "%s", shown);
}

static enum status judge_rules(struct judging *j, struct why *why)
{
    struct config_errors *errors;
    struct ruleset *rules = NULL;
    struct text name;
    struct text text;
    enum status st;

    if (unpack_rules(j->frame->body, &name, &text, why)) {
        refuse(j, REFUSED_FORM, "%s", why->text);
        return ST_OK;
    }
    errors = malloc(sizeof *errors);
    if (!errors)
        return why_set(why, ST_NO_MEMORY, "judge rules");
    st = rules_parse(text, &rules, errors);
    for (size_t i = 0; st && i < errors->len; i++)
        refuse_rule(j, &errors->list[i], name, text);
    if (st && j->reasons == 0)
        refuse(j, REFUSED_FORM, "rules: %s", status_text(st));
    free(errors);
    rules_free(rules);
    return st == ST_NO_MEMORY ? why_set(why, st, "judge rules") : ST_OK;
}

static enum status judge_unknown(struct judging *j, struct why *why)
{
    (void)why;
    refuse(j, REFUSED_FORM, "this version knows no frames of type %s yet",
           frame_type_name(j->frame->type));
    return ST_OK;
}

static enum status judge_foreign(struct judging *j, struct why *why)
{
    (void)why;
    refuse(j, REFUSED_FORM, "a publisher sends no frames of type %s",
           frame_type_name(j->frame->type));
    return ST_OK;
}

static enum status (*const judges[FRAME_TYPE_COUNT])(struct judging *, struct why *) = {
    [FRAME_OPENING] = judge_foreign, [FRAME_DATA] = judge_data,
    [FRAME_TICK] = judge_tick,       [FRAME_PROMISE] = judge_promise,
    [FRAME_RULES] = judge_rules,     [FRAME_ACKNOWLEDGEMENT] = judge_unknown,
    [FRAME_SILENCE] = judge_unknown, [FRAME_TRANSITION] = judge_foreign,
};

enum status judge_frame(const struct frame *frame, struct feeds *feeds, char *text,
                        size_t text_max, struct verdict *out, struct why *why)
{
    struct judging j = {.frame = frame,
                        .feeds = feeds,
                        .text = text,
                        .text_max = text_max,
                        .verdict = {.before = TIME_NONE}};
    enum status st = ST_OK;

    assert(text_max >= WHY_MAX + MORE_MAX); /* the first reason always fits */
    if (text_is(frame->producer, RECORDER_NAME))
        refuse(&j, REFUSED_FORM, "the name " RECORDER_NAME " is the recorder's own");
    else if ((unsigned)frame->type >= FRAME_TYPE_COUNT)
        refuse(&j, REFUSED_FORM, "%d is no type of frame", (int)frame->type);
    else
        st = judges[frame->type](&j, why);
    if (st)
        return st;
    if (j.reasons > j.reasons_kept)
        j.text_len += (size_t)snprintf(j.text + j.text_len, MORE_MAX, "\nand %zu more",
                                       j.reasons - j.reasons_kept);
    j.verdict.taken = j.reasons == 0;
    j.verdict.text_len = j.text_len;
    *out = j.verdict;
    return ST_OK;
}
