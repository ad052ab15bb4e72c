/* The feed's cursor as text, there and back. */
#include "../../daemons/feed_cursor.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct bytes bytes_of(const char *s)
{
    return (struct bytes){(const uint8_t *)s, strlen(s)};
}

Test(feed_cursor, what_is_written_is_read_again)
{
    static const struct feed_cursor cases[] = {
        {{5120, 40}, INT64_C(1215043200000000), AFTER_DATA, "ships.jsonl"},
        {{0, 0}, TIME_NONE, AFTER_END, "-"},
        {{INT64_MAX, INT64_MAX}, -1, AFTER_PROMISE, "a file= with blanks"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t text[FRAME_CURSOR_MAX];
        struct feed_cursor got;
        struct why why = {""};
        size_t len = feed_cursor_format(&cases[i], text);

        cr_assert(feed_cursor_parse((struct bytes){text, len}, &got, &why) == ST_OK,
                  "case %zu: %s", i, why.text);
        cr_assert(got.place.offset == cases[i].place.offset, "case %zu", i);
        cr_assert(got.place.line == cases[i].place.line, "case %zu", i);
        cr_assert(got.published == cases[i].published, "case %zu", i);
        cr_assert(got.after == cases[i].after, "case %zu", i);
        cr_assert_str_eq(got.file, cases[i].file, "case %zu", i);
    }
}

Test(feed_cursor, the_form_is_fixed)
{
    static const struct feed_cursor cursor = {{5120, 40}, 7, AFTER_DATA, "ships.jsonl"};
    static const char want[] = "v1 offset=5120 line=40 published=7 after=data "
                               "file=ships.jsonl";
    uint8_t text[FRAME_CURSOR_MAX];
    size_t len = feed_cursor_format(&cursor, text);

    cr_assert(len == strlen(want) && !memcmp(text, want, len), "%.*s", (int)len,
              (const char *)text);
}

Test(feed_cursor, anything_else_is_refused)
{
    static const char *const cases[] = {
        "",
        "v2 offset=1 line=1 published=1 after=data file=a",
        "v1 offset=-1 line=1 published=1 after=data file=a",
        "v1 offset=1 line= published=1 after=data file=a",
        "v1 offset=1 line=1 published=9223372036854775808 after=data file=a",
        "v1 offset=1 line=1 published=- after=data file=a",
        "v1 offset=1 line=1 published=1 after=both file=a",
        "v1 offset=1 line=1 published=1 after=data file=",
        "v1 offset=1 line=1 published=1 after=data",
        " v1 offset=1 line=1 published=1 after=data file=a",
    };
    char longest[FRAME_CURSOR_MAX + 1];
    struct feed_cursor got;
    int head;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        cr_assert(feed_cursor_parse(bytes_of(cases[i]), &got, NULL) == ST_INVALID, "%s",
                  cases[i]);
    head = snprintf(longest, sizeof longest,
                    "v1 offset=1 line=1 published=1 after=data file=");
    memset(longest + head, 'x', FEED_FILE_MAX + 1);
    longest[head + FEED_FILE_MAX] = '\0';
    cr_assert(feed_cursor_parse(bytes_of(longest), &got, NULL) == ST_OK);
    longest[head + FEED_FILE_MAX] = 'x';
    longest[head + FEED_FILE_MAX + 1] = '\0';
    cr_assert(feed_cursor_parse(bytes_of(longest), &got, NULL) == ST_INVALID);
}

Test(feed_cursor, a_file_is_known_without_its_folder)
{
    cr_assert_str_eq(feed_file_name("/a/b/c.jsonl"), "c.jsonl");
    cr_assert_str_eq(feed_file_name("c.jsonl"), "c.jsonl");
    cr_assert_str_eq(feed_file_name("-"), "-");
}
