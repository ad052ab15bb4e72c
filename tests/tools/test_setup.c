/* Configurations: the values that come out, the words that daemons are started with, and
 * everything that is said of a wrong one. */
#include "../../tools/setup.h"

#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STATE "/var/lib/shortfall"

static struct config_errors errors;

static struct setup *parse(const char *text)
{
    struct setup *setup = NULL;

    cr_assert(setup_parse(text_of(text), "/etc/sf", STATE, &setup, &errors) == ST_OK);
    return setup;
}

static struct setup *parse_right(const char *text)
{
    struct setup *setup = parse(text);

    cr_assert(errors.total == 0, "%s\n%u:%u: %s", text, errors.list[0].line,
              errors.list[0].column, errors.list[0].text);
    return setup;
}

static const struct section *section_named(const struct setup *setup, const char *name)
{
    const struct section *section;
    size_t i = 0;

    while ((section = setup_section(setup, i++)) != NULL)
        if (strcmp(section->name, name) == 0)
            return section;
    cr_assert(false, "no section %s", name);
    return NULL;
}

static const struct setting *find(const struct setup *setup, const char *section,
                                  const char *key)
{
    return setup_find(section_named(setup, section), key);
}

Test(setup, an_empty_file_is_all_defaults)
{
    static const struct {
        const char *section, *key, *value;
    } rows[] = {
        {"", "state", STATE},
        {"", "journal", STATE "/journal"},
        {"", "ingest", "ipc://" STATE "/run/ingest"},
        {"", "reader", "ipc://" STATE "/run/reader"},
        {"", "serve", "ipc://" STATE "/run/serve"},
        {"", "log_level", "info"},
        {"recorder", "rotate", "256MiB"},
        {"recorder", "exercise", NULL},
        {"aggregator", "db", STATE "/state.db"},
        {"aggregator", "rules", NULL},
        {"aggregator", "commit_every", "100ms"},
        {"notifier", "ledger", STATE "/delivered.db"},
        {"notifier", "stdout", "text"},
    };
    static const char *const texts[] = {"", "# nothing\n",
                                        "recorder:\naggregator:\nnotifier:\nfeeds:\n"};

    for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++) {
        struct setup *setup = parse_right(texts[k]);

        cr_assert(setup->feeds_len == 0);
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
            const struct setting *s = find(setup, rows[i].section, rows[i].key);

            cr_assert(s->place.line == 0, "%s", rows[i].key);
            cr_assert(rows[i].value ? s->value && !strcmp(s->value, rows[i].value)
                                    : !s->value,
                      "%s.%s: %s", rows[i].section, rows[i].key, s->value);
        }
        setup_free(setup);
    }
}

Test(setup, values_keep_their_place_and_paths_are_of_the_files_folder)
{
    struct setup *setup = parse_right("state: var\n"
                                      "ingest: ipc://sock/in\n"
                                      "reader: tcp://127.0.0.1:7000\n"
                                      "recorder: {rotate: 64KiB, exercise: [a, aggr]}\n"
                                      "aggregator:\n"
                                      "  rules: ../r.yaml\n"
                                      "  producer: aggr\n"
                                      "feeds:\n"
                                      "  - {name: a, source: /in/a.jsonl}\n");
    static const struct {
        const char *section, *key, *value;
        unsigned line;
    } rows[] = {
        {"", "state", "/etc/sf/var", 1},
        {"", "journal", "/etc/sf/var/journal", 0},
        {"", "ingest", "ipc:///etc/sf/sock/in", 2},
        {"", "reader", "tcp://127.0.0.1:7000", 3},
        {"", "serve", "ipc:///etc/sf/var/run/serve", 0},
        {"recorder", "rotate", "64KiB", 4},
        {"recorder", "exercise", "a,aggr", 4},
        {"aggregator", "rules", "/etc/sf/../r.yaml", 6},
        {"aggregator", "db", "/etc/sf/var/state.db", 0},
        {"feeds[0]", "name", "a", 9},
        {"feeds[0]", "source", "/in/a.jsonl", 9},
        {"feeds[0]", "exercise", "true", 0}, /* the recorder's is one */
        {"feeds[0]", "follow", "false", 0},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct setting *s = find(setup, rows[i].section, rows[i].key);

        cr_assert(s->value && !strcmp(s->value, rows[i].value), "%s.%s: %s",
                  rows[i].section, rows[i].key, s->value);
        cr_assert(s->place.line == rows[i].line, "%s.%s: line %u", rows[i].section,
                  rows[i].key, s->place.line);
    }
    cr_assert(find(setup, "recorder", "rotate")->read.number == 65536);
    setup_free(setup);
}

/* The words of a section's daemon, with blanks between them. */
static void assert_words(const struct setup *setup, const char *section,
                         const char *expected)
{
    char line[1024];
    size_t len = 0;
    char **words = setup_words(setup, section_named(setup, section), "/bin", 3);

    cr_assert(words != NULL);
    for (size_t i = 0; words[i]; i++)
        len += (size_t)snprintf(line + len, sizeof line - len, "%s%s", i > 0 ? " " : "",
                                words[i]);
    setup_words_free(words);
    cr_assert_str_eq(line, expected, "%s:\n%s", section, line);
}

Test(setup, the_folder_itself_has_a_short_name)
{
    static const struct {
        const char *text, *state;
    } rows[] = {{"state: .\n", "/etc/sf"},     {"state: ./\n", "/etc/sf"},
                {"state: ./a\n", "/etc/sf/a"}, {"state: ../a\n", "/etc/sf/../a"},
                {"state: .a\n", "/etc/sf/.a"}, {"state: /\n", "/"}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct setup *setup = parse_right(rows[i].text);

        cr_assert_str_eq(setup_top(setup, "state"), rows[i].state, "%s: %s", rows[i].text,
                         setup_top(setup, "state"));
        setup_free(setup);
    }
}

Test(setup, daemons_get_what_is_not_their_own_default)
{
    struct setup *setup =
        parse_right("state: /s\n"
                    "log_level: debug\n"
                    "recorder: {commit_wait: 5ms, exercise: [ships, aggregator]}\n"
                    "aggregator: {rules: /r.yaml, memory: 1GiB}\n"
                    "notifier: {stdout: none, command: mail -s x me}\n"
                    "feeds:\n"
                    "  - name: ships\n"
                    "    source: s.jsonl\n"
                    "    follow: true\n"
                    "    batch: 8\n"
                    "    progress: false\n");

    assert_words(setup, "recorder",
                 "/bin/shortfall-recorder --journal=/s/journal "
                 "--ingest=ipc:///s/run/ingest --reader=ipc:///s/run/reader "
                 "--exercise=ships,aggregator --commit-wait=5ms --log-level=debug "
                 "--ready-fd=3");
    assert_words(setup, "aggregator",
                 "/bin/shortfall-aggregator --serve=ipc:///s/run/serve "
                 "--journal=/s/journal --ingest=ipc:///s/run/ingest "
                 "--reader=ipc:///s/run/reader --db=/s/state.db --rules=/r.yaml "
                 "--memory=1GiB --log-level=debug --ready-fd=3");
    assert_words(setup, "notifier",
                 "/bin/shortfall-notifier --reader=ipc:///s/run/serve "
                 "--ledger=/s/delivered.db --stdout=none --command=mail -s x me "
                 "--log-level=debug --ready-fd=3");
    assert_words(setup, "feeds[0]",
                 "/bin/shortfall-feed --ingest=ipc:///s/run/ingest "
                 "--source=/etc/sf/s.jsonl --producer=ships --batch=8 --follow "
                 "--exercise --log-level=debug --ready-fd=3");
    setup_free(setup);
}

/* Every error of a text as "line:column: text", one a line. */
static void assert_said(const char *text, const char *expected)
{
    static char said[16384];
    size_t len = 0;
    struct setup *setup = parse(text);

    said[0] = '\0';
    for (size_t i = 0; i < errors.len; i++)
        len += (size_t)snprintf(said + len, sizeof said - len, "%u:%u: %s\n",
                                errors.list[i].line, errors.list[i].column,
                                errors.list[i].text);
    setup_free(setup);
    cr_assert(strcmp(said, expected) == 0, "of\n%s\nfound\n%s\nexpected\n%s", text, said,
              expected);
}

Test(setup, everything_wrong_is_said_at_once)
{
    assert_said(
        "log_level: inof\n"
        "rotate: 1GiB\n"
        "ingest: ipc://@x\n"
        "recoder: {}\n"
        "recorder:\n"
        "  commit-wait: 11s\n"
        "  commit_wait: 11s\n"
        "  rotate: 1MB\n"
        "  exercise: [a, B, a]\n"
        "  journal: /x\n"
        "aggregator:\n"
        "  rules:\n"
        "  memory: -1\n"
        "notifier:\n"
        "  stdout: none\n"
        "  retry: 10m\n"
        "feeds:\n"
        "  - name: recorder\n"
        "    source: \"-\"\n"
        "    follow: yes\n"
        "  - source: x\n"
        "    batch: 257\n"
        "  - {name: a, source: x.jsonl, factors: unn}\n"
        "  - {name: a, source: x.jsonl, factors: un}\n"
        "  - {name: aggregator, source: x.jsonl}\n"
        "  - nothing\n",
        "1:12: \"inof\": expected debug|info|warn|error|fatal (did you mean info?)\n"
        "2:1: \"rotate\" does not belong into a configuration: it stands in "
        "\"recorder\"\n"
        "3:9: ipc://@x: an ipc endpoint is the path of a file in a private folder\n"
        "4:1: unknown key \"recoder\" in a configuration (did you mean \"recorder\"?)\n"
        "6:3: unknown key \"commit-wait\" in \"recorder\" (did you mean "
        "\"commit_wait\"?)\n"
        "7:16: \"11s\": expected 0 to 10s\n"
        "8:11: \"1MB\": expected a size such as 4096, 64KiB, 256MiB or 1GiB\n"
        "9:17: \"B\" is no name of a feed (1 to 64 of a-z 0-9 . _ -)\n"
        "9:20: \"a\" stands in the list twice\n"
        "10:3: \"journal\" does not belong into \"recorder\": it stands at the top of "
        "the file\n"
        "12:9: \"rules\" is empty\n"
        "13:11: \"-1\": expected 0 or more\n"
        "15:11: nowhere to deliver: \"stdout: none\" needs a \"command\"\n"
        "16:10: \"retry_max\" (5m) is shorter than \"retry\" (10m)\n"
        "18:11: the name \"recorder\" is the recorder's own\n"
        "19:14: a feed under the supervisor has no standard input: name a file\n"
        "20:13: \"yes\": expected true or false\n"
        "21:5: a feed needs \"name\"\n"
        "22:12: \"257\": expected 1 to 256 events\n"
        "23:41: there is no set of factors \"unn\" (there are: ei2021, un)\n"
        "24:12: the name \"a\" is taken by the feed on line 23\n"
        "25:12: the name \"aggregator\" is the aggregator's\n"
        "26:5: a feed must be a mapping of keys\n");
}

Test(setup, each_part_is_checked)
{
    static const struct {
        const char *text, *said;
    } rows[] = {
        {"recorder: {exercise: [a]}\naggregator: {rules: r}\n",
         "1:22: \"exercise\" must name \"aggregator\" too: the aggregator says the "
         "rules\n"},
        {"recorder: {exercise: [a]}\n", ""}, /* without rules it says nothing */
        {"recorder: {exercise: [a]}\nfeeds: [{name: b, source: s}]\n",
         "2:16: \"b\" is not among the feeds in \"exercise\" of \"recorder\"\n"},
        {"recorder: {exercise: [ab, ba]}\nfeeds: [{name: b, source: s}]\n",
         "2:16: \"b\" is not among the feeds in \"exercise\" of \"recorder\"\n"},
        {"recorder: {exercise: [a, b]}\nfeeds: [{name: b, source: s}]\n", ""},
        {"recorder: {exercise: [a]}\nfeeds: [{name: a, source: s, exercise: false}]\n",
         "2:40: the recorder's journal is an exercise: its feeds must be too\n"},
        {"feeds: [{name: a, source: s, exercise: true}]\n",
         "1:40: the recorder's journal is no exercise: name its feeds in \"exercise\" of "
         "\"recorder\"\n"},
        {"recorder: {exercise: []}\n", "1:22: \"exercise\" names 1 to 16 feeds\n"},
        {"recorder: {exercise: [a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p]}\n", ""},
        {"recorder: {exercise: [a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q]}\n",
         "1:22: \"exercise\" names 1 to 16 feeds\n"},
        {"recorder: {exercise: a}\n", "1:22: \"exercise\" must be a list\n"},
        {"recorder: {exercise: [[a]]}\n",
         "1:23: the name of a feed must be a single value\n"},
        {"recorder: {rotate: [1]}\n", "1:20: \"rotate\" must be a single value\n"},
        {"recorder: [rotate]\n", "1:11: \"recorder\" must be a mapping of keys\n"},
        {"feeds: {name: a}\n", "1:8: \"feeds\" must be a list\n"},
        {"- a\n", "1:1: a configuration must be a mapping of keys\n"},
        {"notifier: {command: \"a\\0b\"}\n",
         "1:21: \"command\" holds an unprintable character\n"},
        {"aggregator: {producer: A}\n",
         "1:24: \"A\" is no name of a producer (1 to 64 of a-z 0-9 . _ -)\n"},
        {"reader: ipc:///x\nserve: ipc:///x\n",
         "2:8: \"serve\" is the same endpoint as \"reader\"\n"},
        {"ingest: tcp://192.0.2.1:7000\n",
         "1:9: tcp://192.0.2.1:7000: clear text only on loopback, "
         "tcp://127.0.0.1:PORT\n"},
        {"notifier: {retry: 5m}\n", ""},
        {"notifier: {retry: 5m, retry_max: 299s}\n",
         "1:34: \"retry_max\" (299s) is shorter than \"retry\" (5m)\n"},
        {"notifier: {stdout: none, command: x}\n", ""},
        {"notifier: {ledger: \"\"}\n", "1:20: \"ledger\" is empty\n"},
        {"state: s\nstate: t\n",
         "2:1: duplicate key \"state\": it stands on line 1 already\n"},
        {"state: *s\n", "1:8: aliases are not allowed: write the value itself, and * as "
                        "\"*\"\n"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_said(rows[i].text, rows[i].said);
}

Test(setup, a_default_that_cannot_be_is_said_at_its_cause)
{
    char text[256] = "# a path too long for a socket\nstate: /";
    struct setup *setup;

    for (size_t i = 0; i < 108; i++)
        (void)strcat(text, "x");
    setup = parse(text);
    cr_assert(errors.total == 3, "%zu errors", errors.total);
    cr_assert(errors.list[0].line == 2 && errors.list[0].column == 8);
    setup_free(setup);

    setup = NULL;
    cr_assert(setup_parse(text_of(""), "/etc/sf", NULL, &setup, &errors) == ST_OK);
    cr_assert(errors.total == 1 && errors.list[0].line == 1);
    cr_assert(strstr(errors.list[0].text, "\"state\" is needed") != NULL, "%s",
              errors.list[0].text);
    setup_free(setup);
}

Test(setup, feeds_have_their_limit)
{
    static char text[SETUP_FEEDS_MAX * 64];
    size_t len = (size_t)snprintf(text, sizeof text, "feeds:\n");
    struct setup *setup;

    for (int i = 0; i < SETUP_FEEDS_MAX; i++)
        len += (size_t)snprintf(text + len, sizeof text - len,
                                "  - {name: f%d, source: s}\n", i);
    setup = parse_right(text);
    cr_assert(setup->feeds_len == SETUP_FEEDS_MAX);
    setup_free(setup);
    (void)snprintf(text + len, sizeof text - len, "  - {name: more, source: s}\n");
    setup = parse(text);
    cr_assert(setup->feeds_len == SETUP_FEEDS_MAX && errors.total == 1);
    cr_assert_str_eq(errors.list[0].text, "more than 64 feeds");
    setup_free(setup);
}

/* --- the example -------------------------------------------------------------------- */

static char example[16384];

/* The example; `uncomment`: with the defaults that stand behind a # as settings, and the
 * feed that it describes. */
static void read_example(bool uncomment)
{
    FILE *f = fopen(SOURCE_DIR "/config/shortfall.yaml", "r");
    char line[512];
    size_t len = 0;
    bool in_feeds = false;

    cr_assert(f != NULL);
    while (fgets(line, sizeof line, f)) {
        size_t indent = strspn(line, " ");
        bool is_default = line[indent] == '#' && line[indent + 1] >= 'a';

        in_feeds = in_feeds || strncmp(line, "feeds:", 6) == 0;
        if (uncomment && is_default)
            memmove(line + indent, line + indent + 1, strlen(line + indent));
        if (uncomment && in_feeds && line[indent] == '#')
            memmove(line + indent, line + indent + 2, strlen(line + indent + 1));
        len += (size_t)snprintf(example + len, sizeof example - len, "%s", line);
    }
    (void)fclose(f);
}

static bool is_left_out(const char *key)
{
    /* These have no default, or are an exercise's. */
    return !strcmp(key, "exercise") || !strcmp(key, "command");
}

Test(setup, the_example_shows_every_key_and_its_true_default)
{
    struct setup *plain;
    struct setup *full;
    const struct section *section;

    read_example(false);
    plain = parse_right(example);
    cr_assert(plain->feeds_len == 0);
    read_example(true);
    full = parse_right(example);
    cr_assert(full->feeds_len == 1);
    for (size_t i = 0; (section = setup_section(full, i)) != NULL; i++)
        for (size_t k = 0; k < section->len; k++) {
            const struct setting *s = &section->list[k];
            const struct setting *standard = section->daemon == DAEMON_FEED
                                                 ? NULL
                                                 : find(plain, section->name, s->key);

            cr_assert((s->place.line > 0) != is_left_out(s->key), "%s.%s", section->name,
                      s->key);
            if (standard && standard->value)
                cr_assert_str_eq(s->value, standard->value, "%s.%s: %s", section->name,
                                 s->key, s->value);
            else if (s->row->standard && s->place.line > 0)
                cr_assert_str_eq(s->value, s->row->standard, "%s.%s: %s", section->name,
                                 s->key, s->value);
        }
    setup_free(plain);
    setup_free(full);
}
