/* Frames of the years of the six-party talks, and folds of them. */
#include "fold_story.h"

#include "shortfall/fold/lines.h"
#include "shortfall/proto/json.h"
#include "shortfall/proto/pack.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- frames ------------------------------------------------------------------------- */

void frames_add(struct frames *fs, enum frame_type type, uint32_t events,
                struct bytes body, const char *producer)
{
    struct frame *frame = &fs->list[fs->len];
    uint8_t *copy = malloc(body.len + 1);
    uint64_t seq = fs->len == 0 ? 1 : frame[-1].first_seq + frame[-1].events;

    cr_assert(fs->len < FRAMES_MAX && copy != NULL);
    if (body.len > 0)
        memcpy(copy, body.at, body.len);
    *frame = (struct frame){.pos = ++fs->len,
                            .first_seq = seq,
                            .events = events,
                            .type = type,
                            .clock = (int64_t)fs->len * DAY_US,
                            .producer = text_of(producer),
                            .number = fs->len,
                            .body = {copy, body.len}};
}

void frames_free(struct frames *fs)
{
    for (size_t i = 0; i < fs->len; i++) {
        union {
            const void *lent;
            void *owned;
        } body = {fs->list[i].body.at};

        free(body.owned);
    }
    fs->len = 0;
}

void frames_opening(struct frames *fs, enum clock_kind clock, const char *feed)
{
    uint8_t body[OPENING_BODY_MAX];
    struct opening opening = {.clock = clock};
    size_t len;

    if (feed != NULL)
        opening.feeds[opening.feeds_len++] = text_of(feed);
    cr_assert_eq(pack_opening(&opening, body, sizeof body, &len), ST_OK);
    frames_add(fs, FRAME_OPENING, 0, (struct bytes){body, len}, "recorder");
}

const char *dprk_rules(size_t *len)
{
    static char text[RULES_TEXT_MAX];
    FILE *in = fopen(SOURCE_DIR "/data/rules/dprk.yaml", "r");

    cr_assert(in != NULL);
    *len = fread(text, 1, sizeof text, in);
    cr_assert(*len > 100);
    fclose(in);
    return text;
}

void frames_rules(struct frames *fs)
{
    static uint8_t body[RULES_BODY_MAX];
    size_t text_len;
    const char *text = dprk_rules(&text_len);
    size_t len;

    cr_assert_eq(pack_rules(TEXT_LITERAL("dprk.yaml"),
                            (struct text){text, (uint32_t)text_len}, body, sizeof body,
                            &len),
                 ST_OK);
    frames_add(fs, FRAME_RULES, 0, (struct bytes){body, len}, "aggregator");
}

/* The events of a file, one a frame. Of published journals with a promise behind each. */
void frames_file(struct frames *fs, const char *name, bool promises)
{
    char path[512];
    struct lines *lines;
    struct json_reader *reader;
    struct text line;
    uint64_t number;

    snprintf(path, sizeof path, SOURCE_DIR "/data/dprk-2007-2009/%s", name);
    cr_assert_eq(lines_open(path, &lines, NULL), ST_OK);
    cr_assert_eq(json_reader_new(&reader), ST_OK);
    while (lines_next(lines, &line, &number, NULL) == ST_OK) {
        struct json_error error;
        struct event ev;
        struct packer *p;

        cr_assert_eq(json_read_event(reader, line, FACTOR_SET_DEFAULT, &ev, &error),
                     ST_OK);
        cr_assert_eq(packer_new(&p), ST_OK);
        cr_assert_eq(packer_add(p, &ev), ST_OK);
        frames_add(fs, FRAME_DATA, 1, packer_body(p), "feed");
        packer_free(p);
        if (promises) {
            uint8_t body[PROMISE_BODY_MAX];
            size_t len;

            cr_assert_eq(pack_promise(ev.published + 1, body, sizeof body, &len), ST_OK);
            frames_add(fs, FRAME_PROMISE, 0, (struct bytes){body, len}, "feed");
        }
    }
    json_reader_free(reader);
    lines_close(lines);
}

/* --- folds -------------------------------------------------------------------------- */

const struct fold_options fold_plain = {.known = TIME_END};

struct fold *fold_must_new(const struct fold_options *options)
{
    struct fold *f;

    cr_assert_eq(fold_new(options, &f, NULL), ST_OK);
    return f;
}

void outcome_take(struct fold *f, struct outcome *out)
{
    const struct effects *effects;

    cr_assert_eq(fold_effects(f, false, &effects, NULL), ST_OK);
    for (size_t i = 0; i < effects->alerts_len; i++) {
        const struct transition *t = &effects->alerts[i].transition;
        int64_t parts[3] = {t->at, t->clock, (int64_t)t->seq};
        const char *summary = effects->alerts[i].summary;

        out->alerts++;
        out->sum = hash128_add(out->sum, hash128_of(parts, sizeof parts, out->alerts));
        out->sum = hash128_add(out->sum, hash128_of(summary, strlen(summary), 1));
        out->sum = hash128_add(out->sum, hash128_of(t->notification, 16, out->alerts));
    }
    out->cursor = effects->cursor;
    fold_clear(f);
}

void fold_one(struct fold *f, const struct frame *frame, struct outcome *out)
{
    struct why why = {""};

    cr_assert_eq(fold_frame(f, frame, &why), ST_OK, "%s", why.text);
    outcome_take(f, out);
}

void outcome_compare(const struct outcome *a, const struct outcome *b, size_t at)
{
    cr_assert(a->alerts == b->alerts && hash128_equal(a->sum, b->sum),
              "at %zu: other alerts", at);
    cr_assert(a->cursor.pos == b->cursor.pos && a->cursor.seq == b->cursor.seq &&
                  a->cursor.clock == b->cursor.clock &&
                  a->cursor.applied == b->cursor.applied &&
                  a->cursor.late == b->cursor.late &&
                  memcmp(a->cursor.digest, b->cursor.digest, DIGEST_SIZE) == 0,
              "at %zu: another cursor", at);
}

/* --- bytes in memory ---------------------------------------------------------------- */

static enum status take(void *self, const void *bytes, size_t len, struct why *why)
{
    struct buffer *b = self;

    (void)why;
    while (len > b->max - b->len) {
        b->max = 2 * b->max + 65536;
        b->bytes = realloc(b->bytes, b->max);
        cr_assert(b->bytes != NULL);
    }
    memcpy(b->bytes + b->len, bytes, len);
    b->len += len;
    return ST_OK;
}

static enum status give(void *self, void *bytes, size_t len, struct why *why)
{
    struct buffer *b = self;

    if (len > b->len - b->at)
        return why_set(why, ST_CORRUPT, "no more bytes");
    memcpy(bytes, b->bytes + b->at, len);
    b->at += len;
    return ST_OK;
}

void buffer_save(struct fold *f, const char *note, struct buffer *b)
{
    const struct checkpoint_writer out = {take, b};
    const struct bytes bytes = {(const uint8_t *)note, strlen(note)};

    b->len = 0;
    cr_assert_eq(fold_save(f, bytes, &out, NULL), ST_OK);
}

enum status buffer_load(struct buffer *b, const struct fold_options *options,
                        struct fold **out, struct checkpoint_note *note)
{
    const struct checkpoint_reader in = {give, b};

    b->at = 0;
    return fold_load(options, &in, out, note, NULL);
}
