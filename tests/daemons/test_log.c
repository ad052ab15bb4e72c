/* Lines for operators: their form, their escapes, their bound. */
#include "shortfall/daemons/log.h"

#include "shortfall/core/timestamp.h"

#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

/* 2026-01-05T10:00:00.123456Z */
#define SOME_TIME INT64_C(1767607200123456)

static void begin(void)
{
    log_begin("recorder", LOG_INFO, STDERR_FILENO);
}

Test(log, a_line_has_time_level_daemon_word_and_fields, .init = begin)
{
    const struct log_field fields[] = {
        log_string("id", "6f1c"), log_count("pos", UINT64_MAX), log_whole("left", -3),
        log_time("clock", 0),     log_string("port", ""),
    };
    char line[LOG_LINE_MAX + 1];
    size_t len = log_format(SOME_TIME, LOG_WARN, "duplicate", fields, 5, line);

    line[len] = '\0';
    cr_assert_str_eq(line, "2026-01-05T10:00:00.123Z warn recorder duplicate id=6f1c "
                           "pos=18446744073709551615 left=-3 "
                           "clock=1970-01-01T00:00:00Z port=\"\"\n");
}

Test(log, times_have_three_decimals_before_1970_too, .init = begin)
{
    static const struct {
        int64_t us;
        const char *want;
    } cases[] = {
        {0, "1970-01-01T00:00:00.000Z "},
        {999, "1970-01-01T00:00:00.000Z "},
        {1000, "1970-01-01T00:00:00.001Z "},
        {-1, "1969-12-31T23:59:59.999Z "},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char line[LOG_LINE_MAX];

        (void)log_format(cases[i].us, LOG_INFO, "x", NULL, 0, line);
        cr_assert(!strncmp(line, cases[i].want, strlen(cases[i].want)), "%s: %.30s",
                  cases[i].want, line);
    }
}

Test(log, values_cannot_forge_a_line_or_a_field, .init = begin)
{
    static const struct {
        const char *value, *want;
    } cases[] = {
        {"plain-word_1.x:/@", "plain-word_1.x:/@"},
        {"two words", "\"two words\""},
        {"a=b", "\"a=b\""},
        {"say \"no\"", "\"say \\\"no\\\"\""},
        {"back\\slash", "\"back\\\\slash\""},
        {"line\nfatal", "\"line\\nfatal\""},
        {"tab\t", "\"tab\\x09\""},
        {"\xff\xfe", "\"\\xFF\\xFE\""},
        {"\xe2\x80\xa8", "\"\\xE2\\x80\\xA8\""}, /* a line separator */
        {"r\xc3\xa9seau", "r\xc3\xa9seau"},
        {"un r\xc3\xa9seau", "\"un r\xc3\xa9seau\""},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct log_field field = log_string("v", cases[i].value);
        char line[LOG_LINE_MAX + 1];
        size_t len = log_format(0, LOG_INFO, "x", &field, 1, line);
        const char *got;

        cr_assert(line[len - 1] == '\n', "case %zu has no newline", i);
        line[len - 1] = '\0';
        got = strstr(line, " v=");
        cr_assert(got && !strcmp(got + 3, cases[i].want), "case %zu: %s", i, line);
    }
}

Test(log, a_long_line_is_cut_between_characters_and_keeps_its_newline, .init = begin)
{
    static char value[3 * LOG_LINE_MAX];
    static const struct {
        const char *unit, *end;
    } cases[] = {
        {"a", "a...\"\n"},
        {"\xc3\xa9", "\xc3\xa9...\"\n"},
        {"\n", "\\n...\"\n"},
        {"\xff", "\\xFF...\"\n"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t unit_len = strlen(cases[i].unit);
        struct log_field fields[2];
        char line[LOG_LINE_MAX];
        size_t len, end_len = strlen(cases[i].end);

        for (size_t at = 0; at + unit_len < sizeof value; at += unit_len)
            memcpy(value + at, cases[i].unit, unit_len);
        fields[0] = log_text("v", (struct text){value, (uint32_t)(sizeof value - 2)});
        fields[1] = log_string("after", value);
        len = log_format(0, LOG_INFO, "x", fields, 2, line);
        cr_assert(len <= LOG_LINE_MAX && len > LOG_LINE_MAX - 20, "case %zu: %zu", i,
                  len);
        cr_assert(!memcmp(line + len - end_len, cases[i].end, end_len),
                  "case %zu ends with %.*s", i, 12, line + len - 12);
        cr_assert(memchr(line, '\n', len) == line + len - 1, "case %zu: two lines", i);
    }
}

Test(log, lines_below_the_level_are_dropped)
{
    char got[LOG_LINE_MAX];
    ssize_t len;
    int fds[2];

    cr_assert(pipe(fds) == 0);
    log_begin("feed", LOG_WARN, fds[1]);
    log_write(LOG_INFO, "opened", log_count("pos", 1));
    log_write(LOG_WARN, "odd", log_count("pos", 2));
    log_write(LOG_DEBUG, "sent", log_count("pos", 3));
    cr_assert(log_wants(LOG_WARN) && !log_wants(LOG_INFO));
    len = read(fds[0], got, sizeof got - 1);
    cr_assert(len > 0);
    got[len] = '\0';
    cr_assert(strstr(got, "Z warn feed odd pos=2\n") != NULL, "%s", got);
    cr_assert(strchr(got, '\n') == got + len - 1, "more than one line: %s", got);
    log_begin("test", LOG_INFO, STDERR_FILENO);
    (void)close(fds[0]);
    (void)close(fds[1]);
}
