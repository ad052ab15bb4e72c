/* The search for the checkpoint that fits, among damaged and foreign ones. */
#include "fold_story.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
    struct fold *f = fold_must_new(&fold_plain);
    struct outcome none = {0};
    struct why why = {""};

    frames_opening(fs, CLOCK_RECORDED, NULL);
    frames_rules(fs);
    frames_file(fs, "policies.jsonl", false);
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
    const struct checkpoint_search asked = {"state.db", frames,     &fold_plain, pos_max,
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
    frames_opening(&fs, CLOCK_RECORDED, NULL);
    frames_rules(&fs);
    frames_file(&fs, "prices.jsonl", false);
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

static bool want_none(const void *self, const struct event *ev)
{
    (void)self;
    (void)ev;
    return false;
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
    struct fold *f = fold_must_new(&options);

    frames_opening(&fs, CLOCK_RECORDED, NULL);
    frames_rules(&fs);
    frames_file(&fs, "policies.jsonl", false);
    append_all(&fs);
    for (size_t i = 0; i < fs.len; i++)
        fold_one(f, &fs.list[i], &none);
    buffer_save(f, "", &buffer);
    fold_free(f);
    options.watch_self = &again;
    cr_assert_eq(buffer_load(&buffer, &options, &f, &note), ST_OK);
    cr_assert_eq(journal_reader_open("j", &frames, NULL), ST_OK);
    cr_assert_eq(fold_retell(f, frames, fs.len, want_none, NULL), ST_OK);
    cr_assert_eq(again.events, 0u, "what nobody wants was told");
    cr_assert_eq(fold_retell(f, frames, fs.len, NULL, NULL), ST_OK);
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
