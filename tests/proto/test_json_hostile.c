/* Lines that nobody writes in good faith: none may crash the reader, be taken for an
 * event or get a message that a terminal could choke on. */
#include "shortfall/proto/json.h"

#include "json_lines.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define GOOD STOCK ",\"quantity\":1,\"unit\":\"t\"}"

static struct json_reader *reader;
static struct event ev;
static struct json_error error;

static void open_reader(void)
{
    cr_assert_eq(json_reader_new(&reader), ST_OK);
}

static void close_reader(void)
{
    json_reader_free(reader);
}

TestSuite(json_hostile, .init = open_reader, .fini = close_reader);

static enum status read_text(struct text line)
{
    memset(&error, 0, sizeof error);
    return json_read_event(reader, line, FACTOR_SET_DEFAULT, &ev, &error);
}

/* Of the first `mark` in the line; of the line's end where `mark` is empty. */
static unsigned column_at(struct text line, struct text mark)
{
    uint32_t i = 0;

    if (mark.len == 0)
        return line.len + 1;
    while (i + mark.len <= line.len && memcmp(line.at + i, mark.at, mark.len) != 0)
        i++;
    return i + 1;
}

#define LINE(s)                                                                          \
    {                                                                                    \
        (s), sizeof(s) - 1                                                               \
    }

Test(json_hostile, syntax_errors_have_their_column_and_one_line_of_reason)
{
    static const struct {
        const char *label;
        struct text line;
        struct text at; /* empty: the line's end */
        const char *text;
    } rows[] = {
        {"a word", LINE("hello"), LINE("hello"), "not a JSON object"},
        {"a list", LINE(" [1]"), LINE("["), "not a JSON object"},
        {"a number", LINE("1"), LINE("1"), "not a JSON object"},
        {"a byte order mark", LINE("\xEF\xBB\xBF" GOOD), LINE("\xEF"), "byte order mark"},
        {"UTF-16", LINE("\xFF\xFE{\0"), LINE("\xFF"), "not a JSON object"},
        {"NUL first", LINE("\0{}"), LINE("\0"), "not a JSON object"},
        {"NUL within", LINE("{\0\"kind\":1}"), LINE("\0\""), "not JSON"},
        {"NUL in a string", LINE("{\"kind\":\"u\0se\"}"), LINE("\0s"), "not JSON"},
        {"NUL escaped", LINE("{\"kind\":\"u\\u0000se\"}"), LINE("\\u0"), "NUL"},
        {"NUL behind", LINE("{\"note\":\"x\"}\0"), LINE("\0"), "something follows"},
        {"no end", LINE("{"), LINE(""), "the line ends before the object does"},
        {"no value", LINE("{\"kind\":"), LINE(""), "the line ends before"},
        {"no value, but a brace", LINE("{\"kind\":}"), LINE("}"), "not JSON"},
        {"no colon", LINE("{\"kind\" \"use\"}"), LINE("\"use"), "not JSON"},
        {"no comma", LINE("{\"note\":\"a\" \"ref\":\"b\"}"), LINE("\"ref"), "not JSON"},
        {"trailing comma", LINE("{\"note\":\"a\",}"), LINE("}"), "not JSON"},
        {"leading comma", LINE("{,\"note\":\"a\"}"), LINE("\""), "not JSON"},
        {"string without an end", LINE("{\"note\":\"a}"), LINE(""),
         "the line ends before"},
        {"key without an end", LINE("{\"not"), LINE(""), "the line ends before"},
        {"escape without an end", LINE("{\"note\":\"a\\"), LINE(""),
         "the line ends before"},
        {"number without an end", LINE("{\"revision\":1"), LINE(""),
         "the line ends before"},
        {"unquoted key", LINE("{note:\"a\"}"), LINE("ote"), "not JSON"},
        {"single quotes", LINE("{'note':1}"), LINE("'"), "not JSON"},
        {"a comment", LINE("{/* x */}"), LINE("/*"), "not JSON"},
        {"NaN", LINE("{\"price\":NaN}"), LINE("NaN"), "not JSON"},
        {"Infinity", LINE("{\"price\":-Infinity}"), LINE("Inf"), "not JSON"},
        {"hexadecimal", LINE("{\"price\":0x10}"), LINE("x10"), "not JSON"},
        {"leading zero", LINE("{\"price\":01}"), LINE("1}"), "not JSON"},
        {"leading plus", LINE("{\"price\":+1}"), LINE("+1"), "not JSON"},
        {"point without digits", LINE("{\"price\":1.}"), LINE("}"), "not JSON"},
        {"exponent without digits", LINE("{\"price\":1e}"), LINE("}"), "not JSON"},
        {"half a word", LINE("{\"retract\":tru}"), LINE("}"), "not JSON"},
        {"an unknown escape", LINE("{\"note\":\"a\\qb\"}"), LINE("qb"), "not JSON"},
        {"a short \\u", LINE("{\"note\":\"a\\u12g4\"}"), LINE("g4"), "not JSON"},
        {"a raw tab in a string", LINE("{\"note\":\"a\tb\"}"), LINE("\tb"), "not JSON"},
        {"half a pair, high", LINE("{\"note\":\"a\\ud83cb\"}"), LINE("\\ud8"),
         "surrogate"},
        {"half a pair, at the end", LINE("{\"note\":\"\\ud83c\"}"), LINE("\\ud8"),
         "surrogate"},
        {"half a pair, low", LINE("{\"note\":\"\\uDF3e\"}"), LINE("\\uDF"), "surrogate"},
        {"a pair of highs", LINE("{\"note\":\"\\ud83c\\ud83c\"}"), LINE("\\ud8"),
         "surrogate"},
        {"half a pair in a key", LINE("{\"\\ud83c\":1}"), LINE("\\ud8"), "surrogate"},
        {"an object behind", LINE("{\"note\":\"a\"}{}"), LINE("{}"), "something follows"},
        {"a comma behind", LINE("{\"note\":\"a\"} ,"), LINE(","), "something follows"},
        {"half a string behind", LINE("{\"note\":\"a\"} \"x"), LINE("\"x"),
         "something follows"},
        {"a number behind", LINE("{\"note\":\"a\"} 12"), LINE("12"), "something follows"},
        {"a list in a value", LINE("{\"note\":[[[[[["), LINE("["), "must not be a list"},
        {"a list in the object", LINE("{["), LINE("["), "not JSON"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        enum status st = read_text(rows[i].line);
        unsigned column = column_at(rows[i].line, rows[i].at);

        cr_expect_eq(st, ST_INVALID, "%s: %s", rows[i].label, status_text(st));
        cr_expect(strstr(error.text, rows[i].text), "%s: %s", rows[i].label, error.text);
        cr_expect(!strchr(error.text, '\n'), "%s: %s", rows[i].label, error.text);
        cr_expect_eq(error.column, column, "%s: column %u, not %u: %s", rows[i].label,
                     error.column, column, error.text);
    }
}

/* `before`, then `fill` until the line has `len` bytes with `after` at its end. */
static struct text long_line(const char *before, char fill, const char *after,
                             uint32_t len)
{
    char *line = malloc(len);
    size_t begin = strlen(before), end = strlen(after);

    cr_assert(line);
    memcpy(line, before, begin);
    memset(line + begin, fill, len - begin - end);
    memcpy(line + len - end, after, end);
    return (struct text){line, len};
}

Test(json_hostile, long_lines_are_bounded)
{
    static const struct {
        const char *label;
        const char *before;
        char fill;
        const char *after;
        uint32_t len;
        enum status st;
        const char *text;
    } rows[] = {
        {"spaces up to the limit", STOCK ",\"quantity\":1,\"unit\":\"t\"", ' ', "}",
         JSON_LINE_MAX, ST_OK, ""},
        {"one beyond", STOCK ",\"quantity\":1,\"unit\":\"t\"", ' ', "}",
         JSON_LINE_MAX + 1, ST_OVERFLOW, "longer than 65536 bytes"},
        {"blanks", "", ' ', "", JSON_LINE_MAX, ST_NOT_FOUND, ""},
        {"too many blanks", "", ' ', "", JSON_LINE_MAX + 1, ST_OVERFLOW, "longer"},
        {"a long note", STOCK ",\"quantity\":1,\"unit\":\"t\",\"note\":\"", 'x', "\"}",
         JSON_LINE_MAX, ST_INVALID, "at most 512"},
        {"a long note with escapes",
         STOCK ",\"quantity\":1,\"unit\":\"t\",\"note\":\"\\n", 'x', "\\n\"}",
         JSON_LINE_MAX, ST_INVALID, "at most 512"},
        {"escapes only", STOCK ",\"quantity\":1,\"unit\":\"t\",\"note\": \"\\", '\\',
         "\\\"}", JSON_LINE_MAX, ST_INVALID, "at most 512"},
        {"a long key", "{\"", 'k', "\":1}", JSON_LINE_MAX, ST_INVALID, "unknown key"},
        {"a long string without an end", "{\"note\":\"\\n", 'x', "x", JSON_LINE_MAX,
         ST_INVALID, "the line ends before"},
        {"deep lists", "{\"note\":", '[', "[", JSON_LINE_MAX, ST_INVALID, "a list"},
        {"deep objects", "{\"note\":{", '{', "{", JSON_LINE_MAX, ST_INVALID, "an object"},
        {"a hundred digits", STOCK ",\"unit\":\"t\",\"quantity\":", '9', "}", 200,
         ST_OVERFLOW, ""},
        {"digits up to the limit", STOCK ",\"unit\":\"t\",\"quantity\":", '9', "}",
         JSON_LINE_MAX, ST_OVERFLOW, ""},
        {"many decimals", STOCK ",\"unit\":\"t\",\"quantity\":0.", '0', "1}", 1000,
         ST_OVERFLOW, ""},
        {"a long code", STOCK ",\"quantity\":1,\"unit\":\"", 't', "\"}", JSON_LINE_MAX,
         ST_INVALID, "unknown unit \"tttt"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct text line =
            long_line(rows[i].before, rows[i].fill, rows[i].after, rows[i].len);
        enum status st = read_text(line);

        cr_expect_eq(st, rows[i].st, "%s: %s: %s", rows[i].label, status_text(st),
                     error.text);
        cr_expect(strstr(error.text, rows[i].text), "%s: %s", rows[i].label, error.text);
        free((void *)(uintptr_t)line.at);
    }
}

/* Every byte of a line replaced by each of a few, and the line cut there: the reader must
 * answer each with an event or with a reason that is fit to print. Lines are copied to
 * blocks of their own length, so that the sanitizer sees a step beyond the end. */
static void check_answer(const char *bytes, uint32_t len)
{
    char *copy = malloc(len ? len : 1);
    enum status st;

    cr_assert(copy);
    memcpy(copy, bytes, len);
    st = read_text((struct text){copy, len});
    cr_assert(st == ST_OK || st == ST_INVALID || st == ST_OVERFLOW || st == ST_NOT_FOUND,
              "%.*s: %s", (int)len, bytes, status_text(st));
    if (st == ST_INVALID || st == ST_OVERFLOW) {
        cr_assert(error.text[0] && text_is_printable(text_of(error.text)), "%.*s: %s",
                  (int)len, bytes, error.text);
        cr_assert(error.column >= 1 && error.column <= len + 1, "%.*s: column %u",
                  (int)len, bytes, error.column);
    }
    free(copy);
}

Test(json_hostile, damaged_lines_get_an_answer)
{
    static const char damage[] = "\0\"\\{}[]:,.-0eu\t\x7F\x80\xC3\xED\xF0\xFF";
    static const char *const lines[] = {
        SHIPMENT ",\"arrived\":\"2008-01-21T01:02:03.5+09:00\",\"terms\":\"loan\","
                 "\"credit\":1.5e3,\"note\":\"\\ud83c\\udf3e\\n\xE7\xB1\xB3\"}",
        PRICE ",\"price\":-143.95e-1,\"revision\":1,\"retract\":true,"
              "\"published\":\"2008-08-01\"}",
    };

    for (size_t row = 0; row < sizeof lines / sizeof lines[0]; row++) {
        uint32_t len = text_of(lines[row]).len;
        char line[1024];

        memcpy(line, lines[row], len);
        for (uint32_t at = 0; at < len; at++) {
            for (size_t i = 0; i + 1 < sizeof damage; i++) {
                line[at] = damage[i];
                check_answer(line, len);
            }
            line[at] = lines[row][at];
            check_answer(line, at);
        }
    }
}

Test(json_hostile, a_reader_goes_on_after_every_error)
{
    static const char *const bad[] = {
        "{", "{\"note\":[", "{\"note\":\"\\ud83c\"}", "x", "{\"kind\":\"stock\"}", ""};

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cr_assert_neq(read_text(text_of(bad[i])), ST_OK, "%s", bad[i]);
        cr_assert_eq(read_text(text_of(GOOD)), ST_OK, "after %s: %s", bad[i], error.text);
        cr_assert(text_is(ev.source, "s"));
    }
}
