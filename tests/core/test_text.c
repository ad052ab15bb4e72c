/* Views of bytes: comparing, judging, quoting, and how far two words are apart. */
#include "shortfall/core/text.h"

#include <criterion/criterion.h>
#include <string.h>

Test(text, is_compared_by_its_bytes)
{
    static const struct {
        const char *a, *b;
        int order;
    } rows[] = {
        {"", "", 0},    {"", "a", -1},     {"a", "a", 0},   {"a", "b", -1},
        {"ab", "a", 1}, {"ab", "abc", -1}, {"b", "abc", 1}, {"a", "\xC3\xA9", -1},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct text a = text_of(rows[i].a);
        struct text b = text_of(rows[i].b);

        cr_assert(text_compare(a, b) == rows[i].order, "%s, %s", rows[i].a, rows[i].b);
        cr_assert(text_compare(b, a) == -rows[i].order, "%s, %s", rows[i].b, rows[i].a);
        cr_assert(text_equal(a, b) == (rows[i].order == 0), "%s = %s", rows[i].a,
                  rows[i].b);
        cr_assert(text_is(a, rows[i].b) == (rows[i].order == 0), "%s is %s", rows[i].a,
                  rows[i].b);
    }
    cr_assert(text_equal((struct text){NULL, 0}, text_of("")), "nothing is empty");
    cr_assert(!text_equal(((struct text){"a\0b", 3}), text_of("a")), "a NUL is a byte");
    cr_assert(text_compare(((struct text){"a\0c", 3}), ((struct text){"a\0b", 3})) == 1,
              "bytes behind a NUL count");
}

Test(text, is_copied_as_far_as_it_fits)
{
    char buffer[4];

    cr_assert_str_eq(text_copy(text_of("abc"), buffer, sizeof(buffer)), "abc");
    cr_assert_str_eq(text_copy(text_of("abcd"), buffer, sizeof(buffer)), "abc");
    cr_assert_str_eq(text_copy((struct text){NULL, 0}, buffer, sizeof(buffer)), "");
    cr_assert_str_eq(text_copy(text_of("abc"), buffer, 1), "");
}

#define ROW(bytes, printable)                                                            \
    {                                                                                    \
        {bytes, sizeof(bytes) - 1}, printable                                            \
    }

Test(text, is_printable_when_it_shows_what_it_is)
{
    static const struct {
        struct text text;
        bool printable;
    } rows[] = {
        ROW("", true),
        ROW("plain, with spaces", true),
        ROW("caf\xC3\xA9 \xE6\xB0\xB4 \xF0\x9F\x8C\xBE", true),
        ROW("~", true),
        ROW("\x7F", false),
        ROW("a\0b", false),
        ROW("a\tb", false),
        ROW("a\nb", false),
        ROW("\x1B[31m", false),
        ROW("\xC2\x9F", false), /* the last C1 control */
        ROW("\xC2\xA0", true),
        ROW("\x80", false),             /* a continuation alone */
        ROW("\xC3", false),             /* cut */
        ROW("\xE6\xB0", false),         /* cut */
        ROW("\xF0\x9F\x8C", false),     /* cut */
        ROW("\xC3\x28", false),         /* no continuation */
        ROW("\xC0\xAF", false),         /* overlong '/' */
        ROW("\xC1\xBF", false),         /* overlong */
        ROW("\xC2\x80", false),         /* a C1 control, well-formed */
        ROW("\xE0\x9F\xBF", false),     /* overlong */
        ROW("\xE0\xA0\x80", true),      /* the least of three bytes */
        ROW("\xF0\x8F\xBF\xBF", false), /* overlong */
        ROW("\xF0\x90\x80\x80", true),  /* the least of four bytes */
        ROW("\xED\x9F\xBF", true),      /* the last before the surrogates */
        ROW("\xED\xA0\x80", false),     /* the first surrogate */
        ROW("\xED\xBF\xBF", false),     /* the last surrogate */
        ROW("\xEE\x80\x80", true),
        ROW("\xF4\x8F\xBF\xBF", true),  /* U+10FFFF */
        ROW("\xF4\x90\x80\x80", false), /* one beyond */
        ROW("\xF8\x88\x80\x80\x80", false),
        ROW("\xFF", false),
        ROW("\xEF\xBB\xBFx", false), /* byte order mark */
        ROW("\xD8\x9C", false),      /* Arabic letter mark */
        ROW("\xE2\x80\x8D", true),   /* zero width joiner: part of words */
        ROW("\xE2\x80\x8E", false),  /* left-to-right mark */
        ROW("\xE2\x80\x8F", false),
        ROW("\xE2\x80\x90", true),
        ROW("\xE2\x80\xA8", false), /* line separator */
        ROW("\xE2\x80\xAE", false), /* right-to-left override */
        ROW("\xE2\x80\xAF", true),
        ROW("\xE2\x81\xA6", false), /* isolate */
        ROW("\xE2\x81\xA9", false),
        ROW("\xE2\x81\xAA", true),
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        cr_assert(text_is_printable(rows[i].text) == rows[i].printable, "row %zu: %s", i,
                  rows[i].text.at);
}

/* Words of eight bytes are judged at once, what is left over on its own. */
Test(text, every_byte_is_judged_wherever_it_stands)
{
    for (uint32_t len = 1; len <= 20; len++)
        for (uint32_t at = 0; at < len; at++)
            for (int byte = 0; byte < 0x100; byte++) {
                char bytes[20];

                memset(bytes, 'a', sizeof(bytes));
                bytes[at] = (char)byte;
                cr_assert(text_is_printable((struct text){bytes, len}) ==
                              (byte >= 0x20 && byte < 0x7F),
                          "byte %d at %u of %u", byte, at, len);
            }
}

Test(text, a_character_may_lie_across_words)
{
    for (uint32_t at = 0; at <= 20; at++) {
        char bytes[24];

        memset(bytes, ' ', sizeof(bytes));
        memcpy(bytes + at, "\xE6\xB0\xB4", 3);
        cr_assert(text_is_printable((struct text){bytes, sizeof(bytes)}), "at %u", at);
        cr_assert(!text_is_printable((struct text){bytes, at + 2}), "cut, at %u", at);
        bytes[23] = '\n';
        cr_assert(!text_is_printable((struct text){bytes, sizeof(bytes)}), "then %u", at);
    }
}

#define TEN   "0123456789"
#define SIXTY TEN TEN TEN TEN TEN TEN

Test(text, is_quoted_for_messages)
{
    const struct {
        struct text text;
        const char *quoted;
    } rows[] = {
        {TEXT_LITERAL(""), "\"\""},
        {TEXT_LITERAL("maze"), "\"maze\""},
        {TEXT_LITERAL("a\"b\\c"), "\"a\\\"b\\\\c\""},
        {TEXT_LITERAL("a\0\n\x7F"), "\"a\\x00\\x0A\\x7F\""},
        {TEXT_LITERAL("caf\xC3\xA9"), "\"caf\xC3\xA9\""},
        {TEXT_LITERAL("\xC3"), "\"\\xC3\""},
        {TEXT_LITERAL("\xE2\x80\xAE"), "\"\\xE2\\x80\\xAE\""},
        {TEXT_LITERAL(SIXTY "abcd"), "\"" SIXTY "abcd\""},
        {TEXT_LITERAL(SIXTY "abcde"), "\"" SIXTY "abcd\"..."},
        {TEXT_LITERAL(SIXTY "abc\xC3\xA9"), "\"" SIXTY "abc\"..."},
        {TEXT_LITERAL(SIXTY "a\n"), "\"" SIXTY "a\"..."},
        {TEXT_LITERAL(SIXTY "\n"), "\"" SIXTY "\\x0A\""},
    };
    char buffer[TEXT_QUOTE_SIZE];

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        cr_assert_str_eq(text_quote(rows[i].text, buffer), rows[i].quoted, "row %zu: %s",
                         i, buffer);
}

#define WORD_32 "abcdefghijklmnopqrstuvwxyz012345"

Test(text, knows_how_far_words_are_apart)
{
    static const struct {
        const char *a, *b;
        unsigned limit, distance;
    } rows[] = {
        {"", "", 3, 0},
        {"", "abc", 3, 3},
        {"", "abcd", 3, 4},
        {"maize", "maize", 0, 0},
        {"maze", "maize", 0, 1},
        {"maze", "maize", 3, 1},
        {"maixe", "maize", 3, 1},
        {"miaze", "maize", 3, 1}, /* neighbours swapped */
        {"amize", "maize", 3, 1},
        {"maizes", "maize", 3, 1},
        {"quantitiy", "quantity", 3, 1},
        {"wheat", "white", 5, 3},
        {"kitten", "sitting", 5, 3},
        {"kitten", "sitting", 2, 3},
        {"kitten", "sitting", 1, 2},
        {"rice", "barley", 9, 5},
        {WORD_32, WORD_32, 2, 0},
        {WORD_32 "6", WORD_32 "6", 2, 3}, /* too long: far apart */
        {WORD_32 "6", WORD_32, 2, 3},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct text a = text_of(rows[i].a);
        struct text b = text_of(rows[i].b);

        cr_assert(text_distance(a, b, rows[i].limit) == rows[i].distance, "%s, %s: %u",
                  rows[i].a, rows[i].b, text_distance(a, b, rows[i].limit));
        cr_assert(text_distance(b, a, rows[i].limit) == rows[i].distance, "%s, %s: %u",
                  rows[i].b, rows[i].a, text_distance(b, a, rows[i].limit));
    }
}
