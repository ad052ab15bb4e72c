/* The recorder's counts: written when they change, once a second at most, read back. */
#include "../../daemons/recorder_stats_file.h"

#include "shortfall/core/timestamp.h"
#include "shortfall/daemons/log.h"
#include "shortfall/daemons/note.h"

#include <criterion/criterion.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/shortfall-stats-XXXXXX";
static char path[128];

static void set_up(void)
{
    cr_assert(mkdtemp(folder) != NULL);
    (void)snprintf(path, sizeof path, "%s/recorder.stats", folder);
}

static void tear_down(void)
{
    (void)unlink(path);
    cr_assert(rmdir(folder) == 0, "something else was left in %s", folder);
}

static struct recorder_stats read_back(void)
{
    struct recorder_stats stats = {0};
    struct why why = {""};

    cr_assert(recorder_stats_read(folder, &stats, &why) == ST_OK, "%s", why.text);
    return stats;
}

Test(recorder_stats, are_written_once_a_second_at_most, .init = set_up, .fini = tear_down)
{
    struct stats_file f;
    int64_t t = 5 * SECOND_US;

    stats_file_begin(&f, folder, 77, t);
    cr_assert(read_back().since == 77 && read_back().refused == 0);
    cr_assert(stats_file_left_us(&f, t) == INT64_MAX, "nothing has changed");

    f.now.refused = 3;
    cr_assert(stats_file_left_us(&f, t + 1) == SECOND_US - 1);
    stats_file_update(&f, t + SECOND_US - 1);
    cr_assert(read_back().refused == 0, "a second is not over");
    stats_file_update(&f, t + SECOND_US);
    cr_assert(read_back().refused == 3);
    cr_assert(stats_file_left_us(&f, t + SECOND_US) == INT64_MAX);

    f.now.turned_away = UINT64_MAX;
    stats_file_finish(&f);
    cr_assert(read_back().turned_away == UINT64_MAX, "the end does not wait");
    cr_assert(read_back().since == 77 && read_back().refused == 3);
}

Test(recorder_stats, what_is_something_else_is_refused, .init = set_up, .fini = tear_down)
{
    static const struct {
        const char *text;
        enum status st;
    } rows[] = {
        {"", ST_INVALID},
        {"recorder-stats 2\n", ST_INVALID},
        {"recorder-stats 1\nsince 1\n", ST_INVALID},
        {"recorder-stats 1\nsince 1\nframes 2\nevents 3\ncommits 4\nrepeated 5\n"
         "refused 6\nmalformed 7\nturned_away 8\n",
         ST_OK},
        {"recorder-stats 1\nsince 1\nframes 2\nevents 3\ncommits 4\nrepeated 5\n"
         "refused 6\nmalformed 7\nturned_away 8\nnewer words\n",
         ST_OK},
        {"recorder-stats 1\nsince 1\nframes x\nevents 3\ncommits 4\nrepeated 5\n"
         "refused 6\nmalformed 7\nturned_away 8\n",
         ST_INVALID},
    };

    cr_assert(recorder_stats_read(folder, NULL, NULL) == ST_NOT_FOUND);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct recorder_stats stats = {0};

        cr_assert(!note_write(path, text_of(rows[i].text), NULL));
        cr_assert(recorder_stats_read(folder, &stats, NULL) == rows[i].st, "%s",
                  rows[i].text);
        cr_assert(stats.malformed == (rows[i].st ? 0 : 7), "%s", rows[i].text);
    }
}

Test(recorder_stats, a_folder_that_is_gone_ends_nothing)
{
    struct stats_file f;
    int fd = open("/dev/null", O_WRONLY);

    log_begin("test", LOG_INFO, fd);
    stats_file_begin(&f, "/tmp/shortfall-no-such-folder", 1, 0);
    cr_assert(f.failed);
    cr_assert(stats_file_left_us(&f, 0) == INT64_MAX, "it is not tried again and again");
    (void)close(fd);
}

Test(note, is_replaced_whole_and_read_word_by_word, .init = set_up, .fini = tear_down)
{
    char text[NOTE_SIZE];
    static char long_text[NOTE_SIZE + 1];
    struct text rest;
    uint64_t number = 0;

    cr_assert(note_read(path, text, NULL) == ST_NOT_FOUND);
    cr_assert(!note_write(path, TEXT_LITERAL("a longer first\n"), NULL));
    cr_assert(!note_write(path, TEXT_LITERAL("up 12\n\nend"), NULL));
    cr_assert(!note_read(path, text, NULL));
    cr_assert_str_eq(text, "up 12\n\nend");
    rest = text_of(text);
    cr_assert(text_is(note_word(&rest), "up"));
    cr_assert(note_number(note_word(&rest), &number) && number == 12);
    cr_assert(note_word(&rest).len == 0, "the line has ended");
    cr_assert(note_next_line(&rest) && note_word(&rest).len == 0);
    cr_assert(note_next_line(&rest) && text_is(note_word(&rest), "end"));
    cr_assert(!note_next_line(&rest));

    cr_assert(!note_number(TEXT_LITERAL(""), &number));
    cr_assert(!note_number(TEXT_LITERAL("-1"), &number));
    cr_assert(!note_number(TEXT_LITERAL("18446744073709551616"), &number));
    cr_assert(note_number(TEXT_LITERAL("18446744073709551615"), &number));

    memset(long_text, 'x', NOTE_SIZE);
    cr_assert(!note_write(path, (struct text){long_text, NOTE_SIZE - 1}, NULL));
    cr_assert(note_read(path, text, NULL) == ST_OK, "as long as may be");
    cr_assert(!note_write(path, (struct text){long_text, NOTE_SIZE}, NULL));
    cr_assert(note_read(path, text, NULL) == ST_OVERFLOW);
}
