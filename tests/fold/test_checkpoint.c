/* Checkpoints of a fold: the years of the six-party talks, written and read back behind
 * every frame; and the search for one that fits, among damaged and foreign ones. */
#include "shortfall/fold/checkpoint.h"

#include "shortfall/fold/files.h"
#include "shortfall/fold/lines.h"
#include "shortfall/proto/json.h"
#include "shortfall/proto/pack.h"
#include "shortfall/proto/rules.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FRAMES_MAX 512

/* --- frames ------------------------------------------------------------------------- */

struct frames {
    struct frame list[FRAMES_MAX];
    size_t len;
};

static void frames_add(struct frames *fs, enum frame_type type, uint32_t events,
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

static void frames_free(struct frames *fs)
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

static void add_opening(struct frames *fs, enum clock_kind clock, const char *feed)
{
    uint8_t body[OPENING_BODY_MAX];
    struct opening opening = {.clock = clock};
    size_t len;

    if (feed != NULL)
        opening.feeds[opening.feeds_len++] = text_of(feed);
    cr_assert_eq(pack_opening(&opening, body, sizeof body, &len), ST_OK);
    frames_add(fs, FRAME_OPENING, 0, (struct bytes){body, len}, "recorder");
}

static const char *rules_text(size_t *len)
{
    static char text[RULES_TEXT_MAX];
    FILE *in = fopen(SOURCE_DIR "/data/rules/dprk.yaml", "r");

    cr_assert(in != NULL);
    *len = fread(text, 1, sizeof text, in);
    cr_assert(*len > 100);
    fclose(in);
    return text;
}

static void add_rules(struct frames *fs)
{
    static uint8_t body[RULES_BODY_MAX];
    size_t text_len;
    const char *text = rules_text(&text_len);
    size_t len;

    cr_assert_eq(pack_rules(TEXT_LITERAL("dprk.yaml"),
                            (struct text){text, (uint32_t)text_len}, body, sizeof body,
                            &len),
                 ST_OK);
    frames_add(fs, FRAME_RULES, 0, (struct bytes){body, len}, "aggregator");
}

/* The events of a file, one a frame. Of published journals with a promise behind each. */
static void add_file(struct frames *fs, const char *name, bool promises)
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

static const struct fold_options plain = {.known = TIME_END};

static struct fold *new_fold(const struct fold_options *options)
{
    struct fold *f;

    cr_assert_eq(fold_new(options, &f, NULL), ST_OK);
    return f;
}

/* What came of a fold, in one number, and in all. */
struct outcome {
    uint64_t alerts;
    struct hash128 sum;
    struct store_cursor cursor;
};

static void take_effects(struct fold *f, struct outcome *out)
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

static void fold_one(struct fold *f, const struct frame *frame, struct outcome *out)
{
    struct why why = {""};

    cr_assert_eq(fold_frame(f, frame, &why), ST_OK, "%s", why.text);
    take_effects(f, out);
}

static void compare(const struct outcome *a, const struct outcome *b, size_t at)
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

struct buffer {
    unsigned char *bytes;
    size_t len, max, at;
};

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

static void save(struct fold *f, const char *note, struct buffer *b)
{
    const struct checkpoint_writer out = {take, b};
    const struct bytes bytes = {(const uint8_t *)note, strlen(note)};

    b->len = 0;
    cr_assert_eq(fold_save(f, bytes, &out, NULL), ST_OK);
}

static enum status load(struct buffer *b, const struct fold_options *options,
                        struct fold **out, struct checkpoint_note *note)
{
    const struct checkpoint_reader in = {give, b};

    b->at = 0;
    return fold_load(options, &in, out, note, NULL);
}

/* --- tests -------------------------------------------------------------------------- */

static void run_both(const struct frames *fs, size_t least_saves)
{
    struct buffer buffer = {0};
    struct outcome one = {0};
    struct outcome two = {0};
    struct fold *a = new_fold(&plain);
    struct fold *b = new_fold(&plain);
    size_t saves = 0;

    for (size_t i = 0; i < fs->len; i++) {
        struct checkpoint_note note;

        fold_one(a, &fs->list[i], &one);
        fold_one(b, &fs->list[i], &two);
        compare(&one, &two, i);
        if (!fold_is_whole(b))
            continue;
        saves++;
        save(b, "note", &buffer);
        fold_free(b);
        cr_assert_eq(load(&buffer, &plain, &b, &note), ST_OK, "at %zu", i);
        cr_assert(note.len == 4 && memcmp(note.bytes, "note", 4) == 0);
        cr_assert_eq(fold_seq(b), fold_seq(a));
    }
    cr_assert_eq(fold_finish(a, NULL), ST_OK);
    cr_assert_eq(fold_finish(b, NULL), ST_OK);
    take_effects(a, &one);
    take_effects(b, &two);
    compare(&one, &two, fs->len);
    cr_assert(one.alerts > 4, "%llu alerts", (unsigned long long)one.alerts);
    cr_assert(saves >= least_saves, "%zu saves", saves);
    fold_free(a);
    fold_free(b);
    free(buffer.bytes);
}

Test(fold_checkpoint, a_recorded_journal_goes_on_behind_every_frame)
{
    static struct frames fs;

    add_opening(&fs, CLOCK_RECORDED, NULL);
    add_rules(&fs);
    add_file(&fs, "shipments.jsonl", false);
    add_file(&fs, "prices.jsonl", false);
    add_file(&fs, "policies.jsonl", false);
    /* All are recorded in one year of days: the clock must come after the facts. */
    for (size_t i = 0; i < fs.len; i++)
        fs.list[i].clock += INT64_C(1167609600) * SECOND_US;
    run_both(&fs, fs.len);
    frames_free(&fs);
}

Test(fold_checkpoint, a_published_journal_goes_on_where_nothing_waits)
{
    static struct frames fs;

    add_opening(&fs, CLOCK_PUBLISHED, "feed");
    add_rules(&fs);
    add_file(&fs, "shipments.jsonl", true);
    run_both(&fs, 50);
    frames_free(&fs);
}

Test(fold_checkpoint, is_not_whole_while_something_waits_or_was_left_out)
{
    static struct frames fs;
    const struct fold_options early = {.known = 0};
    struct outcome none = {0};

    add_opening(&fs, CLOCK_PUBLISHED, "feed");
    add_file(&fs, "policies.jsonl", true);
    struct fold *f = new_fold(&plain);

    cr_assert(!fold_is_whole(f), "without an opening");
    fold_one(f, &fs.list[0], &none);
    cr_assert(fold_is_whole(f), "with nothing but its opening");
    fold_one(f, &fs.list[1], &none);
    cr_assert(!fold_is_whole(f), "before the promise");
    fold_one(f, &fs.list[2], &none);
    cr_assert(fold_is_whole(f), "behind it");
    fold_free(f);
    frames_free(&fs);

    add_opening(&fs, CLOCK_RECORDED, NULL);
    add_file(&fs, "policies.jsonl", false);
    f = new_fold(&early);
    fold_one(f, &fs.list[0], &none);
    cr_assert(fold_is_whole(f), "nothing left out yet");
    fold_one(f, &fs.list[1], &none);
    cr_assert(!fold_is_whole(f), "a frame was left out");
    fold_free(f);

    f = new_fold(&plain);
    cr_assert_eq(fold_frame(f, &fs.list[0], NULL), ST_OK);
    const struct fold_options keeping = {.known = TIME_END, .keep_frames = true};

    fold_free(f);
    f = new_fold(&keeping);
    cr_assert_eq(fold_frame(f, &fs.list[0], NULL), ST_OK);
    cr_assert(!fold_is_whole(f), "effects were not taken");
    fold_clear(f);
    cr_assert(fold_is_whole(f), "they were");
    fold_free(f);
    frames_free(&fs);
}

Test(fold_checkpoint, other_rules_than_asked_for_are_a_conflict)
{
    static struct frames fs;
    struct config_errors *errors = malloc(sizeof *errors);
    struct buffer buffers[2] = {{0}, {0}};
    struct ruleset *rules;
    size_t len;
    const char *text = rules_text(&len);

    cr_assert_eq(rules_parse((struct text){text, (uint32_t)len}, &rules, errors), ST_OK);
    struct ruleset others = *rules;

    others.hash[3] ^= 1;
    const struct fold_options given = {.known = TIME_END, .rules = rules};
    const struct fold_options other = {.known = TIME_END, .rules = &others};
    const struct fold_options *const makers[] = {&plain, &given};

    add_opening(&fs, CLOCK_RECORDED, NULL);
    add_rules(&fs);
    for (size_t i = 0; i < 2; i++) {
        struct outcome none = {0};
        struct fold *f = new_fold(makers[i]);

        fold_one(f, &fs.list[0], &none);
        fold_one(f, &fs.list[1], &none);
        save(f, "", &buffers[i]);
        fold_free(f);
    }
    const struct {
        const char *label;
        size_t made;
        const struct fold_options *asked;
        enum status st;
    } rows[] = {{"journal's, journal's", 0, &plain, ST_OK},
                {"journal's, given", 0, &given, ST_CONFLICT},
                {"given, journal's", 1, &plain, ST_CONFLICT},
                {"given, the same", 1, &given, ST_OK},
                {"given, others", 1, &other, ST_CONFLICT}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct checkpoint_note note;
        struct fold *f = NULL;
        enum status st = load(&buffers[rows[i].made], rows[i].asked, &f, &note);

        cr_assert_eq(st, rows[i].st, "%s: %d", rows[i].label, (int)st);
        if (st == ST_OK)
            cr_assert(fold_rules(f) != NULL, "%s", rows[i].label);
        fold_free(f);
    }
    buffers[0].bytes[0] ^= 1;
    struct checkpoint_note note;
    struct fold *f = NULL;

    cr_assert_eq(load(&buffers[0], &plain, &f, &note), ST_VERSION, "another build");
    frames_free(&fs);
    free(buffers[0].bytes);
    free(buffers[1].bytes);
    rules_free(rules);
    free(errors);
}

/* --- files and the search -------------------------------------------------------------
 */

static char folder[] = "/tmp/shortfall-fold-XXXXXX";

static void begin(void)
{
    cr_assert(mkdtemp(folder));
    cr_assert(!chdir(folder));
}

static void end(void)
{
    char command[64];

    snprintf(command, sizeof command, "rm -rf %s", folder);
    cr_assert_eq(system(command), 0);
}

TestSuite(checkpoint_search, .init = begin, .fini = end);

static void append_all(struct frames *fs)
{
    const struct journal_options options = {.rotate_bytes = JOURNAL_ROTATE_BYTES};
    struct journal *j;
    struct why why = {""};

    for (size_t i = 0; i < fs->len; i++)
        fs->list[i].number = text_is(fs->list[i].producer, "feed") ? i - 1 : 1;
    cr_assert_eq(journal_open("j", &options, &j, &why), ST_OK, "%s", why.text);
    cr_assert_eq(journal_append(j, fs->list, fs->len, &why), ST_OK, "%s", why.text);
    journal_close(j);
}

/* A journal, and checkpoints of state.db at two positions. */
static void make_two(struct frames *fs, uint64_t first, uint64_t second)
{
    struct fold *f = new_fold(&plain);
    struct outcome none = {0};
    struct why why = {""};

    add_opening(fs, CLOCK_RECORDED, NULL);
    add_rules(fs);
    add_file(fs, "policies.jsonl", false);
    append_all(fs);
    for (size_t i = 0; i < fs->len; i++) {
        const struct frame *frame = &fs->list[i];

        fold_one(f, frame, &none);
        if (frame->pos == first || frame->pos == second)
            cr_assert_eq(checkpoint_make("state.db", f, (struct bytes){NULL, 0},
                                         frame->hash, &why),
                         ST_OK, "%s", why.text);
    }
    fold_free(f);
}

struct unfit {
    size_t len;
    enum status st;
    char reason[200];
};

static void note_unfit(void *self, uint64_t pos, enum status st, const char *reason)
{
    struct unfit *u = self;

    (void)pos;
    u->len++;
    u->st = st;
    snprintf(u->reason, sizeof u->reason, "%s", reason);
}

/* The position of the checkpoint that is found; 0: none. */
static uint64_t search(uint64_t pos_max, int64_t clock_max, struct unfit *unfit)
{
    struct journal_reader *frames;
    struct checkpoint_found found;

    cr_assert_eq(journal_reader_open("j", &frames, NULL), ST_OK);
    const struct checkpoint_search asked = {"state.db", frames,     &plain, pos_max,
                                            clock_max,  note_unfit, unfit};
    enum status st = checkpoint_resume(&asked, &found, NULL);

    journal_reader_close(frames);
    if (st == ST_OK)
        fold_free(found.fold);
    cr_assert(st == ST_OK || st == ST_NOT_FOUND);
    return st == ST_OK ? found.mark.pos : 0;
}

Test(checkpoint_search, finds_the_newest_that_is_not_too_new)
{
    static struct frames fs;

    make_two(&fs, 10, 40);
    const int64_t first = fs.list[9].clock;
    const int64_t second = fs.list[39].clock;
    const struct {
        uint64_t pos_max;
        int64_t clock_max;
        uint64_t found;
    } rows[] = {{1000, TIME_END, 40},   {40, TIME_END, 40}, {39, TIME_END, 10},
                {10, TIME_END, 10},     {9, TIME_END, 0},   {1000, second, 40},
                {1000, second - 1, 10}, {1000, first, 10},  {1000, first - 1, 0},
                {0, TIME_END, 0}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct unfit unfit = {0};
        uint64_t found = search(rows[i].pos_max, rows[i].clock_max, &unfit);

        cr_assert_eq(found, rows[i].found, "row %zu: %llu", i, (unsigned long long)found);
        cr_assert_eq(unfit.len, 0u, "row %zu: %s", i, unfit.reason);
    }
    frames_free(&fs);
}

static void damage(const char *path, long at)
{
    FILE *file = fopen(path, "r+b");
    int c;

    cr_assert(file != NULL && fseek(file, at, SEEK_SET) == 0);
    c = fgetc(file);
    cr_assert(c != EOF && fseek(file, at, SEEK_SET) == 0);
    cr_assert(fputc(c ^ 0x10, file) != EOF && fclose(file) == 0);
}

static long size_of(const char *path)
{
    FILE *file = fopen(path, "rb");
    long size;

    cr_assert(file != NULL && fseek(file, 0, SEEK_END) == 0);
    size = ftell(file);
    fclose(file);
    return size;
}

#define NAME(pos) "state.db-checkpoint-000000000000000000" pos

/* Every byte of the beginning, and some of all that follows: whichever is wrong, the
 * older one is found, and nothing else ever happens. */
Test(checkpoint_search, passes_over_a_damaged_one)
{
    static struct frames fs;

    make_two(&fs, 10, 40);
    const long size = size_of(NAME("40"));

    for (long at = 0; at < size; at += at < 300 ? 1 : 1031) {
        struct unfit unfit = {0};

        damage(NAME("40"), at);
        cr_assert_eq(search(1000, TIME_END, &unfit), 10u, "byte %ld", at);
        cr_assert(unfit.len == 1 && (unfit.st == ST_CORRUPT || unfit.st == ST_VERSION),
                  "byte %ld: %s", at, unfit.reason);
        damage(NAME("40"), at);
    }
    for (long cut = size - 1; cut >= 0; cut -= cut < 300 ? 1 : 1031) {
        struct unfit unfit = {0};

        cr_assert(truncate(NAME("40"), cut) == 0);
        cr_assert_eq(search(1000, TIME_END, &unfit), 10u, "cut at %ld", cut);
        cr_assert_eq(unfit.st, ST_CORRUPT, "cut at %ld: %s", cut, unfit.reason);
    }
    struct unfit unfit = {0};

    damage(NAME("10"), 1000);
    cr_assert_eq(search(1000, TIME_END, &unfit), 0u);
    cr_assert_eq(unfit.len, 2u);
    frames_free(&fs);
}

Test(checkpoint_search, passes_over_that_of_another_journal)
{
    static struct frames fs;
    struct unfit unfit = {0};

    make_two(&fs, 10, 40);
    frames_free(&fs);
    cr_assert_eq(system("rm -r j"), 0);
    add_opening(&fs, CLOCK_RECORDED, NULL);
    add_rules(&fs);
    add_file(&fs, "prices.jsonl", false);
    append_all(&fs);
    cr_assert_eq(search(1000, TIME_END, &unfit), 0u);
    cr_assert(unfit.len == 2 && unfit.st == ST_CONFLICT, "%s", unfit.reason);
    frames_free(&fs);
}

/* --- telling again --------------------------------------------------------------------
 */

/* The last that was told of each fact, as a list. */
struct told {
    struct {
        char name[EVENT_SOURCE_MAX + EVENT_ID_MAX + 2];
        int32_t revision;
    } list[FRAMES_MAX];
    size_t len, events;
};

static void tell(void *self, const struct event *ev, enum verdict verdict)
{
    struct told *t = self;
    char name[EVENT_SOURCE_MAX + EVENT_ID_MAX + 2];
    size_t at = 0;

    if (verdict != VERDICT_APPLIED && verdict != VERDICT_DANGLING)
        return;
    t->events++;
    snprintf(name, sizeof name, "%.*s/%.*s", TEXT_ARGS(ev->source), TEXT_ARGS(ev->id));
    while (at < t->len && strcmp(t->list[at].name, name) != 0)
        at++;
    if (at == t->len)
        t->len++;
    memcpy(t->list[at].name, name, sizeof name);
    t->list[at].revision = ev->revision;
}

Test(checkpoint_search, tells_again_what_the_world_holds)
{
    static struct frames fs;
    static struct told told;
    static struct told again;
    struct fold_options options = {.known = TIME_END, .watch = tell, .watch_self = &told};
    struct buffer buffer = {0};
    struct outcome none = {0};
    struct checkpoint_note note;
    struct journal_reader *frames;
    struct fold *f = new_fold(&options);

    add_opening(&fs, CLOCK_RECORDED, NULL);
    add_rules(&fs);
    add_file(&fs, "policies.jsonl", false);
    append_all(&fs);
    for (size_t i = 0; i < fs.len; i++)
        fold_one(f, &fs.list[i], &none);
    save(f, "", &buffer);
    fold_free(f);
    options.watch_self = &again;
    cr_assert_eq(load(&buffer, &options, &f, &note), ST_OK);
    cr_assert_eq(journal_reader_open("j", &frames, NULL), ST_OK);
    cr_assert_eq(fold_retell(f, frames, fs.len, NULL), ST_OK);
    journal_reader_close(frames);
    cr_assert(told.len < told.events, "no fact was revised");
    cr_assert(again.len == told.len && again.events == told.len, "%zu, not %zu",
              again.events, told.len);
    for (size_t i = 0; i < told.len; i++) {
        size_t at = 0;

        while (at < again.len && strcmp(again.list[at].name, told.list[i].name) != 0)
            at++;
        cr_assert(at < again.len && again.list[at].revision == told.list[i].revision,
                  "%s", told.list[i].name);
    }
    fold_free(f);
    free(buffer.bytes);
    frames_free(&fs);
}
