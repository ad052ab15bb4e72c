/* Lines of the notifier: their form, and a reader that does not read or is gone. */
#include "../../daemons/notifier_line.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define T INT64_C(1215043200000000) /* 2008-07-03T00:00:00Z */

static const struct {
    const char *label;
    enum alert_state state;
    int64_t at;
    const char *severity, *summary, *line;
} rows[] = {
    {"firing", ALERT_FIRING, T, "critical", "836 kt open",
     "2008-07-03T00:00:00Z FIRING critical PRK food prk-uncovered: 836 kt open"},
    {"resolved, to the microsecond", ALERT_RESOLVED, T + 1, "info", "covered",
     "2008-07-03T00:00:00.000001Z RESOLVED info PRK food prk-uncovered: covered"},
    {"no severity", ALERT_FIRING, T, "", "x",
     "2008-07-03T00:00:00Z FIRING - PRK food prk-uncovered: x"},
    {"no summary", ALERT_RESOLVED, T, "info", "",
     "2008-07-03T00:00:00Z RESOLVED info PRK food prk-uncovered"},
};

Test(notifier_line, says_when_what_and_where)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct transition t = {.uid = "prk-uncovered",
                                     .country = place_find(TEXT_LITERAL("PRK")),
                                     .commodity = commodity_find(TEXT_LITERAL("food")),
                                     .state = rows[i].state,
                                     .at = rows[i].at};
        const struct transition_texts texts = {.severity = text_of(rows[i].severity),
                                               .summary = text_of(rows[i].summary)};
        char line[NOTICE_SIZE];
        size_t len = notice_format(&t, &texts, line);

        cr_assert_str_eq(line, rows[i].line, "%s: %s", rows[i].label, line);
        cr_assert_eq(len, strlen(line), "%s", rows[i].label);
    }
}

Test(notifier_line, the_longest_fits)
{
    struct transition t = {.country = place_find(TEXT_LITERAL("PRK")),
                           .commodity = commodity_find(TEXT_LITERAL("heavy_fuel_oil")),
                           .state = ALERT_RESOLVED,
                           .at = TIME_MAX};
    char text[TRANSITION_SUMMARY_MAX];
    char line[NOTICE_SIZE];

    memset(t.uid, 'u', RULE_UID_MAX);
    memset(text, 's', sizeof text);
    const struct transition_texts texts = {.severity = {text, TRANSITION_SEVERITY_MAX},
                                           .summary = {text, TRANSITION_SUMMARY_MAX}};
    size_t len = notice_format(&t, &texts, line);

    cr_assert(len < NOTICE_SIZE);
    cr_assert_eq(line[len - 1], 's');
}

/* More than a pipe holds, so that it must be read for all of it to go. */
#define LONG_LEN (1024 * 1024)

static char long_text[LONG_LEN];

struct ends {
    int read, write, stop, stopper;
};

static struct ends ends_open(void)
{
    int line[2];
    int stop[2];

    cr_assert(!pipe(line) && !pipe(stop));
    (void)signal(SIGPIPE, SIG_IGN);
    return (struct ends){line[0], line[1], stop[0], stop[1]};
}

Test(notifier_line, goes_out_whole_with_its_newline)
{
    struct ends e = ends_open();
    struct why why = {""};
    char got[8] = {0};

    cr_assert_eq(line_put(e.write, TEXT_LITERAL("news"), e.stop, &why), ST_OK);
    cr_assert_eq(read(e.read, got, sizeof got), 5);
    cr_assert_str_eq(got, "news\n");
}

Test(notifier_line, a_reader_that_does_not_read_cannot_keep_us_from_stopping)
{
    struct ends e = ends_open();
    struct why why = {""};

    memset(long_text, 'x', sizeof long_text);
    cr_assert_eq(write(e.stopper, "", 1), 1);
    cr_assert_eq(line_put(e.write, (struct text){long_text, LONG_LEN}, e.stop, &why),
                 ST_STOPPED);
}

Test(notifier_line, a_reader_that_is_gone_is_an_error)
{
    struct ends e = ends_open();
    struct why why = {""};

    close(e.read);
    cr_assert_eq(line_put(e.write, TEXT_LITERAL("news"), e.stop, &why), ST_IO);
}
