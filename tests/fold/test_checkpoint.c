/* Checkpoints of a fold: written and read back behind every frame, it goes on as if
 * nothing had been. */
#include "fold_story.h"

#include "shortfall/proto/rules.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static void run_both(const struct frames *fs, size_t least_saves)
{
    struct buffer buffer = {0};
    struct outcome one = {0};
    struct outcome two = {0};
    struct fold *a = fold_must_new(&fold_plain);
    struct fold *b = fold_must_new(&fold_plain);
    size_t saves = 0;

    for (size_t i = 0; i < fs->len; i++) {
        struct checkpoint_note note;

        fold_one(a, &fs->list[i], &one);
        fold_one(b, &fs->list[i], &two);
        outcome_compare(&one, &two, i);
        if (!fold_is_whole(b))
            continue;
        saves++;
        buffer_save(b, "note", &buffer);
        fold_free(b);
        cr_assert_eq(buffer_load(&buffer, &fold_plain, &b, &note), ST_OK, "at %zu", i);
        cr_assert(note.len == 4 && memcmp(note.bytes, "note", 4) == 0);
        cr_assert_eq(fold_seq(b), fold_seq(a));
    }
    cr_assert_eq(fold_finish(a, NULL), ST_OK);
    cr_assert_eq(fold_finish(b, NULL), ST_OK);
    outcome_take(a, &one);
    outcome_take(b, &two);
    outcome_compare(&one, &two, fs->len);
    cr_assert(one.alerts > 4, "%llu alerts", (unsigned long long)one.alerts);
    cr_assert(saves >= least_saves, "%zu saves", saves);
    fold_free(a);
    fold_free(b);
    free(buffer.bytes);
}

Test(fold_checkpoint, a_recorded_journal_goes_on_behind_every_frame)
{
    static struct frames fs;

    frames_opening(&fs, CLOCK_RECORDED, NULL);
    frames_rules(&fs);
    frames_file(&fs, "shipments.jsonl", false);
    frames_file(&fs, "prices.jsonl", false);
    frames_file(&fs, "policies.jsonl", false);
    /* All are recorded in one year of days: the clock must come after the facts. */
    for (size_t i = 0; i < fs.len; i++)
        fs.list[i].clock += INT64_C(1167609600) * SECOND_US;
    run_both(&fs, fs.len);
    frames_free(&fs);
}

Test(fold_checkpoint, a_published_journal_goes_on_where_nothing_waits)
{
    static struct frames fs;

    frames_opening(&fs, CLOCK_PUBLISHED, "feed");
    frames_rules(&fs);
    frames_file(&fs, "shipments.jsonl", true);
    run_both(&fs, 50);
    frames_free(&fs);
}

Test(fold_checkpoint, is_not_whole_while_something_waits_or_was_left_out)
{
    static struct frames fs;
    const struct fold_options early = {.known = 0};
    struct outcome none = {0};

    frames_opening(&fs, CLOCK_PUBLISHED, "feed");
    frames_file(&fs, "policies.jsonl", true);
    struct fold *f = fold_must_new(&fold_plain);

    cr_assert(!fold_is_whole(f), "without an opening");
    fold_one(f, &fs.list[0], &none);
    cr_assert(fold_is_whole(f), "with nothing but its opening");
    fold_one(f, &fs.list[1], &none);
    cr_assert(!fold_is_whole(f), "before the promise");
    fold_one(f, &fs.list[2], &none);
    cr_assert(fold_is_whole(f), "behind it");
    fold_free(f);
    frames_free(&fs);

    frames_opening(&fs, CLOCK_RECORDED, NULL);
    frames_file(&fs, "policies.jsonl", false);
    f = fold_must_new(&early);
    fold_one(f, &fs.list[0], &none);
    cr_assert(fold_is_whole(f), "nothing left out yet");
    fold_one(f, &fs.list[1], &none);
    cr_assert(!fold_is_whole(f), "a frame was left out");
    fold_free(f);

    f = fold_must_new(&fold_plain);
    cr_assert_eq(fold_frame(f, &fs.list[0], NULL), ST_OK);
    const struct fold_options keeping = {.known = TIME_END, .keep_frames = true};

    fold_free(f);
    f = fold_must_new(&keeping);
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
    const char *text = dprk_rules(&len);

    cr_assert_eq(rules_parse((struct text){text, (uint32_t)len}, &rules, errors), ST_OK);
    struct ruleset others = *rules;

    others.hash[3] ^= 1;
    const struct fold_options given = {.known = TIME_END, .rules = rules};
    const struct fold_options other = {.known = TIME_END, .rules = &others};
    const struct fold_options *const makers[] = {&fold_plain, &given};

    frames_opening(&fs, CLOCK_RECORDED, NULL);
    frames_rules(&fs);
    for (size_t i = 0; i < 2; i++) {
        struct outcome none = {0};
        struct fold *f = fold_must_new(makers[i]);

        fold_one(f, &fs.list[0], &none);
        fold_one(f, &fs.list[1], &none);
        buffer_save(f, "", &buffers[i]);
        fold_free(f);
    }
    const struct {
        const char *label;
        size_t made;
        const struct fold_options *asked;
        enum status st;
    } rows[] = {{"journal's, journal's", 0, &fold_plain, ST_OK},
                {"journal's, given", 0, &given, ST_CONFLICT},
                {"given, journal's", 1, &fold_plain, ST_CONFLICT},
                {"given, the same", 1, &given, ST_OK},
                {"given, others", 1, &other, ST_CONFLICT}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct checkpoint_note note;
        struct fold *f = NULL;
        enum status st = buffer_load(&buffers[rows[i].made], rows[i].asked, &f, &note);

        cr_assert_eq(st, rows[i].st, "%s: %d", rows[i].label, (int)st);
        if (st == ST_OK)
            cr_assert(fold_rules(f) != NULL, "%s", rows[i].label);
        fold_free(f);
    }
    buffers[0].bytes[0] ^= 1;
    struct checkpoint_note note;
    struct fold *f = NULL;

    cr_assert_eq(buffer_load(&buffers[0], &fold_plain, &f, &note), ST_VERSION,
                 "another build");
    frames_free(&fs);
    free(buffers[0].bytes);
    free(buffers[1].bytes);
    rules_free(rules);
    free(errors);
}
