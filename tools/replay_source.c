/* Frames for a replay. Rules given on the command line take the place of those that stand
 * in a journal: the copy that is replayed has them as its second frame and no others. */
#include "replay_source.h"

#include "command.h"
#include "rule_file.h"

#include "shortfall/fold/files.h"
#include "shortfall/proto/pack.h"
#include "shortfall/storage/journal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct replay_source {
    struct rule_file rules;    /* text.len 0: none given */
    struct event_files *files; /* NULL: frames come from the journal as they are */
    struct journal_reader *journal;
    uint64_t journal_pos; /* last frame read of the journal */
    uint64_t pos;         /* last frame handed out */
    bool rules_due;       /* given rules stand before the next frame */
    int64_t opening_clock;
    uint64_t next_seq;
    uint8_t body[RULES_BODY_MAX];
};

static int fail(enum status st, const struct why *why)
{
    return command_fail("replay", st, why);
}

static void print_line_error(void *self, const struct line_error *error)
{
    char text[1024];

    (void)self;
    (void)line_error_format(error, text, sizeof text);
    (void)fprintf(stderr, "%s\n", text);
}

static int read_files(struct replay_source *s, const struct replay_request *request)
{
    factor_set_id set = factor_set_find(text_of(request->factors));
    struct why why = {""};
    uint64_t wrong = 0;

    if (set == FACTOR_SET_NONE)
        return fail(ST_INVALID, (why_set(&why, ST_INVALID, "unknown factor set \"%.64s\"",
                                         request->factors),
                                 &why));
    for (size_t i = 0; i < request->files_len; i++) {
        enum status st = event_files_read(s->files, request->files[i], set,
                                          print_line_error, NULL, &wrong, &why);

        if (st)
            return fail(st, &why);
    }
    if (wrong == 0)
        return 0;
    /* A figure made of some of the lines would be a wrong figure. */
    return fail(ST_INVALID,
                (why_set(&why, ST_INVALID, "%llu lines are wrong: nothing was replayed",
                         (unsigned long long)wrong),
                 &why));
}

/* Takes the events of one data frame over into `files`. */
static enum status take_events(struct replay_source *s, const struct frame *frame,
                               struct why *why)
{
    struct unpacker u;
    enum status st = unpack_begin(frame->body, &u, why);

    for (uint32_t i = 0; st == ST_OK && i < frame->events; i++) {
        const uint8_t *start = u.rest.at;
        struct event ev;
        bool skipped;

        st = unpack_next(&u, &ev, &skipped, why);
        if (st == ST_OK)
            st = event_files_add(s->files,
                                 (struct bytes){start, (size_t)(u.rest.at - start)},
                                 ev.published, why);
    }
    return st;
}

/* The journal's events in the order of `published`, with the last of its rules. */
static enum status take_journal(struct replay_source *s, struct why *why)
{
    bool given = s->rules.text.len > 0;
    struct frame frame;
    enum status st;

    while ((st = journal_reader_next(s->journal, s->journal_pos, &frame, why)) == ST_OK) {
        s->journal_pos = frame.pos;
        if (frame.type == FRAME_DATA)
            st = take_events(s, &frame, why);
        else if (frame.type == FRAME_RULES && !given)
            st = rule_file_take(&s->rules, frame.body, why);
        if (st)
            return why_wrap(why, st, "position %llu", (unsigned long long)frame.pos);
    }
    return st == ST_NOT_FOUND ? ST_OK : st;
}

static enum status journal_clock(struct replay_source *s, enum clock_kind *clock,
                                 struct why *why)
{
    struct opening opening;
    struct frame frame;
    enum status st = journal_reader_next(s->journal, 0, &frame, why);

    if (st == ST_NOT_FOUND)
        return why_set(why, st, "the journal is empty");
    if (st == ST_OK)
        st = unpack_opening(frame.body, &opening, why);
    if (st)
        return st;
    *clock = opening.clock;
    s->opening_clock = frame.clock;
    return ST_OK;
}

static int open_journal(struct replay_source *s, const struct replay_request *request)
{
    struct why why = {""};
    enum clock_kind clock = CLOCK_RECORDED;
    enum status st = journal_reader_open(request->journal, &s->journal, &why);

    if (st == ST_OK)
        st = journal_clock(s, &clock, &why);
    if (st)
        return fail(st, &why);
    if (!request->own_clock && !request->by_published && clock == CLOCK_PUBLISHED)
        return fail(
            ST_INVALID,
            (why_set(&why, ST_INVALID, "an exercise journal runs by `published`"), &why));
    if (request->own_clock || clock == CLOCK_PUBLISHED)
        return 0;
    if (request->by_published) {
        st = event_files_new(&s->files, &why);
        if (st == ST_OK)
            st = take_journal(s, &why);
    }
    return st ? fail(st, &why) : 0;
}

static int open_source(struct replay_source *s, const struct replay_request *request)
{
    struct why why = {""};
    int code = request->rules == NULL ? 0 : rule_file_read(request->rules, &s->rules);

    if (code != 0)
        return code;
    if ((request->journal != NULL) == (request->files_len > 0)) {
        (void)fputs("shortfall replay: give event files or --journal DIR, one of them\n",
                    stderr);
        return 2;
    }
    if (request->journal != NULL)
        return open_journal(s, request);
    enum status st = event_files_new(&s->files, &why);

    return st ? fail(st, &why) : read_files(s, request);
}

int replay_source_open(const struct replay_request *request, struct replay_source **out)
{
    struct replay_source *s = calloc(1, sizeof *s);
    struct why why = {""};

    if (s == NULL)
        return fail(ST_NO_MEMORY, (why_set(&why, ST_NO_MEMORY, "no memory"), &why));
    int code = open_source(s, request);

    if (code != 0) {
        replay_source_close(s);
        return code;
    }
    s->next_seq = 1;
    if (s->files != NULL)
        event_files_one_clock(s->files, request->one_clock);
    *out = s;
    return 0;
}

void replay_source_close(struct replay_source *s)
{
    if (s == NULL)
        return;
    event_files_free(s->files);
    journal_reader_close(s->journal);
    rule_file_free(&s->rules);
    free(s);
}

static enum status given_rules(struct replay_source *s, struct frame *out,
                               struct why *why)
{
    size_t len;
    enum status st =
        pack_rules(s->rules.name, s->rules.text, s->body, sizeof s->body, &len);

    if (st)
        return why_set(why, st, "the rule file is too long");
    s->rules_due = false;
    *out = (struct frame){.first_seq = s->next_seq,
                          .type = FRAME_RULES,
                          .clock = s->opening_clock,
                          .producer = TEXT_LITERAL("files"),
                          .number = 1,
                          .body = {s->body, len}};
    return ST_OK;
}

/* The journal's next frame, without its rules where others were given. */
static enum status journal_frame(struct replay_source *s, struct frame *out,
                                 struct why *why)
{
    bool given = s->rules.text.len > 0;

    if (s->rules_due)
        return given_rules(s, out, why);
    for (;;) {
        enum status st = journal_reader_next(s->journal, s->journal_pos, out, why);

        if (st)
            return st;
        s->journal_pos = out->pos;
        s->rules_due = given && out->type == FRAME_OPENING;
        if (!given || out->type != FRAME_RULES)
            return ST_OK;
    }
}

enum status replay_source_next(struct replay_source *s, struct frame *out,
                               struct why *why)
{
    if (s->files != NULL)
        return event_files_next(s->files, s->rules.name, s->rules.text, out, why);
    enum status st = journal_frame(s, out, why);

    if (st)
        return st;
    out->pos = ++s->pos;
    out->first_seq = s->next_seq;
    s->next_seq += out->events;
    return ST_OK;
}

bool replay_source_is_journal(const struct replay_source *s)
{
    return s->files == NULL && s->rules.text.len == 0;
}

uint64_t replay_source_events(const struct replay_source *s)
{
    return s->files == NULL ? 0 : event_files_len(s->files);
}
