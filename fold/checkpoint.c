/* What a fold consists of beside its world, in one block before it. A checkpoint is good
 * for the build that made it and no other: a program that understands events differently
 * would stand on what an older one made of them. */
#include "shortfall/fold/checkpoint.h"

#include "build_fingerprint.h"
#include "fold_parts.h"

#include "shortfall/proto/rules.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum rules_origin { RULES_NONE, RULES_OF_JOURNAL, RULES_GIVEN };

struct head {
    char build[sizeof BUILD_FINGERPRINT];
    uint8_t has_opening, clock_kind, rules_origin;
    uint32_t feeds_len, rules_text_len, note_len;
    int64_t frontier;
    struct store_cursor cursor;
    int64_t promised[FEEDS_MAX];
    char feeds[FEEDS_MAX][FRAME_PRODUCER_MAX + 1];
};

bool fold_is_whole(const struct fold *f)
{
    const struct gather *g = &f->gather;

    return f->has_opening && f->waiting.len == 0 && !f->left_out && !g->out_of_memory &&
           g->alerts_len == 0 && g->quarantine_len == 0 && g->frames_len == 0;
}

struct checkpoint_mark fold_mark(const struct fold *f,
                                 const uint8_t hash[FRAME_HASH_SIZE])
{
    struct checkpoint_mark mark = {.pos = f->cursor.pos, .clock = world_clock(f->world)};

    memcpy(mark.hash, hash, sizeof mark.hash);
    return mark;
}

/* --- saving ------------------------------------------------------------------------ */

static enum rules_origin origin_of_rules(const struct fold *f)
{
    if (f->options.rules != NULL)
        return RULES_GIVEN;
    return f->rules != NULL ? RULES_OF_JOURNAL : RULES_NONE;
}

static void head_fill(struct head *head, const struct fold *f, struct bytes note)
{
    memset(head, 0, sizeof *head); /* no byte of it is left to chance */
    memcpy(head->build, BUILD_FINGERPRINT, sizeof head->build);
    head->has_opening = f->has_opening;
    head->clock_kind = (uint8_t)f->clock_kind;
    head->rules_origin = (uint8_t)origin_of_rules(f);
    head->feeds_len = (uint32_t)f->feeds_len;
    head->rules_text_len = f->rules_text_len;
    head->note_len = (uint32_t)note.len;
    head->frontier = f->frontier;
    head->cursor = f->cursor;
    head->cursor.clock = world_clock(f->world);
    world_digest(f->world, head->cursor.digest);
    memcpy(head->promised, f->promised, sizeof head->promised);
    memcpy(head->feeds, f->feeds, sizeof head->feeds);
}

enum status fold_save(struct fold *f, struct bytes note,
                      const struct checkpoint_writer *out, struct why *why)
{
    struct head head;
    const struct bytes parts[] = {{(const uint8_t *)&head, sizeof head},
                                  note,
                                  {(const uint8_t *)f->rules_text, f->rules_text_len},
                                  {f->gather.changed, place_count() * commodity_count()}};
    enum status st = ST_OK;

    assert(fold_is_whole(f) && note.len <= CHECKPOINT_NOTE_MAX);
    head_fill(&head, f, note);
    for (size_t i = 0; st == ST_OK && i < sizeof parts / sizeof parts[0]; i++) {
        if (parts[i].len > 0)
            st = out->write(out->self, parts[i].at, parts[i].len, why);
    }
    return st ? st : world_save(f->world, out, why);
}

/* --- loading ----------------------------------------------------------------------- */

static enum status head_read(const struct checkpoint_reader *in,
                             const struct fold_options *options, struct head *head,
                             struct why *why)
{
    /* First what says how long the rest of it is. */
    enum status st = in->read(in->self, head->build, sizeof head->build, why);

    if (st == ST_OK && memcmp(head->build, BUILD_FINGERPRINT, sizeof head->build) != 0)
        return why_set(why, ST_VERSION, "another version of the program wrote it");
    if (st == ST_OK)
        st = in->read(in->self, (char *)head + sizeof head->build,
                      sizeof *head - sizeof head->build, why);
    if (st)
        return st;
    if (head->feeds_len > FEEDS_MAX || head->rules_text_len > RULES_TEXT_MAX ||
        head->note_len > CHECKPOINT_NOTE_MAX || head->rules_origin > RULES_GIVEN)
        return why_set(why, ST_CORRUPT, "its lengths are impossible");
    if ((head->rules_origin == RULES_GIVEN) != (options->rules != NULL))
        return why_set(why, ST_CONFLICT, "other rules were in force");
    return ST_OK;
}

static void head_take(struct fold *f, const struct head *head)
{
    f->has_opening = head->has_opening;
    f->clock_kind = (enum clock_kind)head->clock_kind;
    f->feeds_len = head->feeds_len;
    f->frontier = head->frontier;
    f->cursor = head->cursor;
    memcpy(f->promised, head->promised, sizeof f->promised);
    memcpy(f->feeds, head->feeds, sizeof f->feeds);
}

static enum status read_rules(struct fold *f, const struct checkpoint_reader *in,
                              const struct head *head, struct why *why)
{
    const uint32_t len = head->rules_text_len;
    struct ruleset *rules;
    char *text = malloc((size_t)len + 1);

    if (text == NULL)
        return why_set(why, ST_NO_MEMORY, "keep the rules: no memory");
    enum status st = in->read(in->self, text, len, why);

    if (st == ST_OK)
        st =
            fold_read_rules(TEXT_LITERAL("rules"), (struct text){text, len}, &rules, why);
    if (st) {
        free(text);
        return st;
    }
    fold_keep_rules(f, rules, text, len);
    return ST_OK;
}

static enum status read_parts(struct fold *f, const struct checkpoint_reader *in,
                              const struct head *head, struct checkpoint_note *note,
                              struct why *why)
{
    const struct memory memory = fold_memory(&f->options);
    uint8_t digest[DIGEST_SIZE];
    enum status st = in->read(in->self, note->bytes, head->note_len, why);

    note->len = head->note_len;
    if (st == ST_OK && head->rules_origin == RULES_OF_JOURNAL)
        st = read_rules(f, in, head, why);
    if (st == ST_OK)
        st =
            in->read(in->self, f->gather.changed, place_count() * commodity_count(), why);
    if (st == ST_OK)
        st = world_load(&memory, fold_rules(f), in, &f->world, why);
    if (st)
        return st;
    head_take(f, head);
    world_digest(f->world, digest);
    if (memcmp(digest, head->cursor.digest, sizeof digest) != 0)
        return why_set(why, ST_CORRUPT, "its facts give another digest");
    return ST_OK;
}

enum status fold_load(const struct fold_options *options,
                      const struct checkpoint_reader *in, struct fold **out,
                      struct checkpoint_note *note, struct why *why)
{
    struct checkpoint_note read;
    struct head head;
    struct fold *f;
    enum status st = head_read(in, options, &head, why);

    if (st == ST_OK)
        st = fold_make(options, &f, why);
    if (st)
        return st;
    st = read_parts(f, in, &head, &read, why);
    if (st) {
        fold_free(f);
        return st;
    }
    *out = f;
    *note = read;
    return ST_OK;
}
