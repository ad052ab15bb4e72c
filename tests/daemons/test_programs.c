/* The tables of the daemons as a configuration sees them. */
#include "shortfall/daemons/programs.h"

#include "shortfall/core/text.h"

#include <criterion/criterion.h>

#include <string.h>

static const struct option_row *find(enum daemon_kind kind, const char *name)
{
    size_t len;
    const struct option_row *rows = daemon_options(kind, &len);

    for (size_t i = 0; i < len; i++)
        if (strcmp(rows[i].name, name) == 0)
            return &rows[i];
    cr_assert(false, "%s has no option %s", daemon_name(kind), name);
    return NULL;
}

Test(programs, have_their_names_and_what_all_have)
{
    static const char *const names[DAEMON_KIND_COUNT] = {"recorder", "aggregator",
                                                         "notifier", "feed"};
    size_t len;
    const struct option_row *rows = daemon_common_options(&len);

    for (int kind = 0; kind < DAEMON_KIND_COUNT; kind++)
        cr_assert_str_eq(daemon_name((enum daemon_kind)kind), names[kind]);
    cr_assert(len == 2 && !strcmp(rows[0].name, "log-level") &&
              !strcmp(rows[1].name, "ready-fd"));
}

Test(programs, values_are_judged_by_the_rows_of_the_daemons)
{
    static const struct {
        enum daemon_kind kind;
        const char *option, *value;
        int64_t number; /* where `why` is NULL */
        const char *why;
    } rows[] = {
        {DAEMON_RECORDER, "rotate", "64KiB", 65536, NULL},
        {DAEMON_RECORDER, "rotate", "65535", 0, "\"65535\": expected 64KiB to 64GiB"},
        {DAEMON_RECORDER, "commit-wait", "10s", 10000000, NULL},
        {DAEMON_RECORDER, "commit-wait", "11s", 0, "\"11s\": expected 0 to 10s"},
        {DAEMON_NOTIFIER, "stdout", "json", 2, NULL},
        {DAEMON_NOTIFIER, "stdout", "jsn", 0,
         "\"jsn\": expected none|text|json (did you mean json?)"},
        {DAEMON_FEED, "batch", "256", 256, NULL},
        {DAEMON_FEED, "batch", "257", 0, "\"257\": expected 1 to 256 events"},
        {DAEMON_FEED, "follow", "true", 1, NULL},
        {DAEMON_FEED, "follow", "false", 0, NULL},
        {DAEMON_FEED, "follow", "yes", 0, "\"yes\": expected true or false"},
        {DAEMON_AGGREGATOR, "serve", "/run/x", 0,
         "\"/run/x\": expected ipc://PATH or tcp://HOST:PORT"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct option_row *row = find(rows[i].kind, rows[i].option);
        union option_value value = {.number = -7};
        struct why why = {""};
        enum status st = option_check(row, rows[i].value, &value, &why);

        cr_assert(st == (rows[i].why ? ST_INVALID : ST_OK), "%s %s: %s", rows[i].option,
                  rows[i].value, status_text(st));
        cr_assert_str_eq(why.text, rows[i].why ? rows[i].why : "", "%s: %s",
                         rows[i].option, why.text);
        if (st)
            continue;
        int64_t number = row->kind == OPTION_FLAG ? value.flag : value.number;

        cr_assert(number == rows[i].number, "%s %s: %lld", rows[i].option, rows[i].value,
                  (long long)number);
    }
}

Test(programs, texts_are_lent_and_a_failure_leaves_the_value_alone)
{
    const char *text = "wheat.jsonl";
    union option_value value = {.number = 0};

    cr_assert(!option_check(find(DAEMON_FEED, "source"), text, &value, NULL));
    cr_assert(value.text == text);
    cr_assert(option_check(find(DAEMON_FEED, "source"), "", &value, NULL) == ST_INVALID);
    cr_assert(value.text == text);
}
