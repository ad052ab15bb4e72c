/* Lines with their places: whole, at the end without newline, too long, growing, and
 * going on behind a place. */
#include "../../daemons/feed_source.h"

#include "shortfall/proto/json.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[] = "/tmp/shortfall-source-XXXXXX";

static void make_file(void)
{
    int fd = mkstemp(path);

    cr_assert(fd >= 0);
    (void)close(fd);
}

static void remove_file(void)
{
    (void)unlink(path);
}

static void append(const char *bytes, size_t len)
{
    int fd = open(path, O_WRONLY | O_APPEND);

    cr_assert(fd >= 0 && write(fd, bytes, len) == (ssize_t)len);
    (void)close(fd);
}

static void append_text(const char *text)
{
    append(text, strlen(text));
}

static struct source *open_at(bool follow, uint64_t offset, uint64_t line)
{
    struct source_place place = {offset, line};
    struct source *s = NULL;
    struct why why = {""};

    cr_assert(source_open(path, follow, &s, &why) == ST_OK, "%s", why.text);
    cr_assert(source_seek(s, &place, -1, &why) == ST_OK, "%s", why.text);
    return s;
}

static void expect_line(struct source *s, const char *want, uint64_t offset,
                        uint64_t number)
{
    struct source_place behind;
    struct text line;
    struct why why = {""};
    enum status st = source_next(s, &line, &behind, &why);

    cr_assert(st == ST_OK, "%s: %s: %s", want, status_text(st), why.text);
    cr_assert(text_is(line, want), "%s: %.*s", want, TEXT_ARGS(line));
    cr_assert(behind.offset == offset && behind.line == number, "%s: %llu, %llu", want,
              (unsigned long long)behind.offset, (unsigned long long)behind.line);
}

static void expect_status(struct source *s, enum status want)
{
    struct source_place behind;
    struct text line;
    struct why why = {""};
    enum status st = source_next(s, &line, &behind, &why);

    cr_assert(st == want, "%s, not %s: %s", status_text(st), status_text(want), why.text);
}

Test(feed_source, lines_have_places, .init = make_file, .fini = remove_file)
{
    struct source *s;

    append_text("one\n\ntwo\r\nlast");
    s = open_at(false, 0, 0);
    expect_line(s, "one", 4, 1);
    expect_line(s, "", 5, 2);
    expect_line(s, "two", 10, 3);
    expect_line(s, "last", 14, 4);
    expect_status(s, ST_NOT_FOUND);
    expect_status(s, ST_NOT_FOUND);
    source_close(s);
}

Test(feed_source, a_line_too_long_is_cut_and_its_place_is_right, .init = make_file,
     .fini = remove_file)
{
    static const size_t lengths[] = {JSON_LINE_MAX, JSON_LINE_MAX + 1, JSON_LINE_MAX + 2,
                                     10 * JSON_LINE_MAX};
    char *bytes = malloc(10 * JSON_LINE_MAX);
    struct source_place behind;
    struct source *s;
    uint64_t offset = 0;

    memset(bytes, 'x', 10 * JSON_LINE_MAX);
    for (size_t i = 0; i < 4; i++) {
        append(bytes, lengths[i]);
        append_text("\n");
    }
    append_text("end\n");
    s = open_at(false, 0, 0);
    for (size_t i = 0; i < 4; i++) {
        size_t want = lengths[i] < JSON_LINE_MAX + 1 ? lengths[i] : JSON_LINE_MAX + 1;
        struct text line;

        cr_assert(source_next(s, &line, &behind, NULL) == ST_OK);
        offset += lengths[i] + 1;
        cr_assert(line.len == want, "line %zu: %u bytes", i, (unsigned)line.len);
        cr_assert(behind.offset == offset && behind.line == i + 1, "line %zu", i);
    }
    expect_line(s, "end", offset + 4, 5);
    source_close(s);
    free(bytes);
}

Test(feed_source, a_followed_line_is_there_with_its_newline, .init = make_file,
     .fini = remove_file)
{
    struct source *s = open_at(true, 0, 0);

    expect_status(s, ST_AGAIN);
    append_text("on");
    expect_status(s, ST_AGAIN);
    append_text("e\ntw");
    expect_line(s, "one", 4, 1);
    expect_status(s, ST_AGAIN);
    append_text("o\n");
    expect_line(s, "two", 8, 2);
    cr_assert(truncate(path, 3) == 0);
    expect_status(s, ST_INVALID);
    source_close(s);
}

Test(feed_source, it_goes_on_behind_a_place, .init = make_file, .fini = remove_file)
{
    struct source *s;

    append_text("one\ntwo\nthree");
    s = open_at(false, 4, 1);
    expect_line(s, "two", 8, 2);
    source_close(s);
    s = open_at(false, 13, 3); /* read when its last line had no newline */
    expect_status(s, ST_NOT_FOUND);
    source_close(s);
    append_text("\nfour\n");
    s = open_at(false, 13, 3);
    expect_line(s, "", 14, 4);
    expect_line(s, "four", 19, 5);
    source_close(s);
}

Test(feed_source, another_file_is_noticed, .init = make_file, .fini = remove_file)
{
    static const struct {
        uint64_t offset;
        const char *why;
    } cases[] = {
        {9, "the file is shorter than it was"},
        {5, "no line ends where one did"},
        {2, "no line ends where one did"},
    };

    append_text("one\ntwo\n");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct source_place place = {cases[i].offset, 1};
        struct source *s = NULL;
        struct why why = {""};

        cr_assert(source_open(path, false, &s, &why) == ST_OK);
        cr_assert(source_seek(s, &place, -1, &why) == ST_INVALID, "case %zu", i);
        cr_assert(strstr(why.text, cases[i].why) != NULL, "case %zu: %s", i, why.text);
        source_close(s);
    }
}

Test(feed_source, standard_input_is_read_again_up_to_the_place, .init = make_file,
     .fini = remove_file)
{
    struct source_place place = {8, 2};
    struct source_place beyond = {14, 3};
    struct source *s = NULL;
    struct why why = {""};

    append_text("one\ntwo\nthree\n");
    cr_assert(freopen(path, "r", stdin) != NULL);
    cr_assert(source_open("-", false, &s, &why) == ST_OK, "%s", why.text);
    cr_assert(source_seek(s, &place, -1, &why) == ST_OK, "%s", why.text);
    expect_line(s, "three", 14, 3);
    expect_status(s, ST_NOT_FOUND);
    source_close(s);
    /* What is left of it now ends before the place. */
    cr_assert(source_open("-", false, &s, &why) == ST_OK);
    cr_assert(source_seek(s, &beyond, -1, &why) == ST_INVALID);
    source_close(s);
}

Test(feed_source, a_source_that_cannot_be_read_is_told)
{
    struct source *s = NULL;
    struct why why = {""};

    cr_assert(source_open("/nowhere/at.all", false, &s, &why) == ST_NOT_FOUND);
    cr_assert(source_open("/tmp", false, &s, &why) == ST_INVALID);
    cr_assert_str_eq(why.text, "/tmp: is a folder");
}
