/* Options: what is taken, what is refused and with which words, and the help. */
#include "shortfall/daemons/options.h"

#include "shortfall/core/timestamp.h"

#include <criterion/criterion.h>
#include <string.h>

struct settings {
    const char *dir, *ingest, *name;
    int64_t batch, wait_us, rotate, until, speed, depth;
    bool progress;
};

static const char *const speeds[] = {"max", "60x", "1x", NULL};

#define MEMBER(member) offsetof(struct settings, member)

static const struct option_row rows[] = {
    {.name = "dir",
     .kind = OPTION_PATH,
     .offset = MEMBER(dir),
     .word = "DIR",
     .required = true,
     .help = "A folder that is made if it does not exist, and that "
             "nobody else may look into."},
    {.name = "ingest", .kind = OPTION_ENDPOINT, .offset = MEMBER(ingest), .help = "In."},
    {.name = "name", .kind = OPTION_TEXT, .offset = MEMBER(name), .help = "A name."},
    {.name = "batch",
     .kind = OPTION_INTEGER,
     .offset = MEMBER(batch),
     .standard = "256",
     .least = 1,
     .most = 256,
     .unit = "events",
     .help = "Events a frame."},
    {.name = "wait",
     .kind = OPTION_DURATION,
     .offset = MEMBER(wait_us),
     .least = 0,
     .most = 10 * SECOND_US,
     .help = "How long."},
    {.name = "rotate",
     .kind = OPTION_SIZE,
     .offset = MEMBER(rotate),
     .standard = "256MiB",
     .least = 65536,
     .most = INT64_C(1) << 36,
     .help = "When."},
    {.name = "until", .kind = OPTION_TIME, .offset = MEMBER(until), .help = "To."},
    {.name = "speed",
     .kind = OPTION_CHOICE,
     .offset = MEMBER(speed),
     .choices = speeds,
     .standard = "max",
     .help = "How fast."},
    {.name = "depth",
     .kind = OPTION_INTEGER,
     .offset = MEMBER(depth),
     .least = -5,
     .most = 5,
     .help = "How deep."},
    {.name = "progress",
     .kind = OPTION_FLAG,
     .offset = MEMBER(progress),
     .help = "Show."},
};

static struct settings settings;

static struct program program_of(const char *operands)
{
    return (struct program){.name = "test",
                            .summary = "Does nothing.",
                            .operands = operands,
                            .lists = {{rows, sizeof rows / sizeof rows[0], &settings}}};
}

#define WORDS_MAX 12

/* Parses a line of words that blanks part. */
static enum status parse(const char *line, const char *operands, struct command_line *out,
                         struct why *why)
{
    static char buffer[1024];
    static char *argv[WORDS_MAX + 2];
    struct program program = program_of(operands);
    int argc = 0;

    (void)snprintf(buffer, sizeof buffer, "test %s", line);
    for (char *at = buffer; at && *at && argc < WORDS_MAX;) {
        char *blank = strchr(at, ' ');

        argv[argc++] = at;
        if (blank)
            *blank++ = '\0';
        at = blank;
    }
    argv[argc] = NULL;
    return options_parse(&program, argc, argv, out, why);
}

Test(options, members_hold_their_defaults_when_nothing_is_given)
{
    struct command_line line;
    struct why why = {""};

    memset(&settings, 0x55, sizeof settings);
    cr_assert(parse("--dir d", NULL, &line, &why) == ST_OK, "%s", why.text);
    cr_assert_str_eq(settings.dir, "d");
    cr_assert(settings.ingest == NULL && settings.name == NULL);
    cr_assert(settings.batch == 256 && settings.wait_us == 0 && settings.depth == 0);
    cr_assert(settings.rotate == 256 * 1024 * 1024);
    cr_assert(settings.until == TIME_NONE);
    cr_assert(settings.speed == 0 && !settings.progress);
    cr_assert(!line.help && !line.version && line.operands_len == 0);
}

Test(options, numbers_are_taken_at_their_limits)
{
    static const struct {
        const char *line;
        size_t offset;
        int64_t want;
    } cases[] = {
        {"--batch 1", MEMBER(batch), 1},
        {"--batch 256", MEMBER(batch), 256},
        {"--batch=7", MEMBER(batch), 7},
        {"--wait 0", MEMBER(wait_us), 0},
        {"--wait 10s", MEMBER(wait_us), 10 * SECOND_US},
        {"--wait 5us", MEMBER(wait_us), 5},
        {"--rotate 65536", MEMBER(rotate), 65536},
        {"--rotate 64KiB", MEMBER(rotate), 65536},
        {"--rotate 64GiB", MEMBER(rotate), INT64_C(1) << 36},
        {"--until 1970-01-02", MEMBER(until), DAY_US},
        {"--speed 1x", MEMBER(speed), 2},
        {"--depth -5", MEMBER(depth), -5},
        {"--depth=5", MEMBER(depth), 5},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char words[128];
        struct command_line line;
        struct why why = {""};
        int64_t got;

        (void)snprintf(words, sizeof words, "--dir d %s", cases[i].line);
        cr_assert(parse(words, NULL, &line, &why) == ST_OK, "%s: %s", cases[i].line,
                  why.text);
        memcpy(&got, (const char *)&settings + cases[i].offset, sizeof got);
        cr_assert(got == cases[i].want, "%s: %lld", cases[i].line, (long long)got);
    }
}

Test(options, what_is_wrong_is_refused_with_its_reason)
{
    static const struct {
        const char *line, *why;
    } cases[] = {
        {"", "--dir DIR is missing"},
        {"--dir", "--dir: expected DIR behind it"},
        {"--dir --progress", "--dir: expected DIR behind it"},
        {"--dir=", "--dir: \"\": expected a path, not empty"},
        {"--dir d --dir e", "--dir: given twice"},
        {"--dri d", "unknown option \"--dri\" (did you mean \"--dir\"?)"},
        {"--dri=d", "unknown option \"--dri\" (did you mean \"--dir\"?)"},
        {"--di d", "unknown option \"--di\" (did you mean \"--dir\"?)"},
        {"--hepl", "unknown option \"--hepl\" (did you mean \"--help\"?)"},
        {"--help=1", "--help: takes no value"},
        {"--version=man", "--version: takes no value"},
        {"--elephant", "unknown option \"--elephant\""},
        {"-d", "unknown option \"-d\""},
        {"--dir d e", "unexpected argument \"e\""},
        {"--dir d -", "unexpected argument \"-\""},
        {"--dir d -- --progress", "unexpected argument \"--progress\""},
        {"--progress=1", "--progress: takes no value"},
        {"--batch 0", "--batch: \"0\": expected 1 to 256 events"},
        {"--batch 257", "--batch: \"257\": expected 1 to 256 events"},
        {"--batch 7x", "--batch: \"7x\": expected a whole number"},
        {"--batch 0x7", "--batch: \"0x7\": expected a whole number"},
        {"--batch 9223372036854775808",
         "--batch: \"9223372036854775808\": the number is too great"},
        {"--depth -6", "--depth: \"-6\": expected -5 to 5"},
        {"--wait 10001ms", "--wait: \"10001ms\": expected 0 to 10s"},
        {"--wait 10", "--wait: \"10\": expected a duration such as 90d, 36h or 2w"},
        {"--rotate 65535", "--rotate: \"65535\": expected 64KiB to 64GiB"},
        {"--rotate 65GiB", "--rotate: \"65GiB\": expected 64KiB to 64GiB"},
        {"--rotate 1MB", "--rotate: \"1MB\": expected a size such as 4096, 64KiB, 256MiB "
                         "or 1GiB"},
        {"--rotate 9007199254740992GiB", "--rotate: \"9007199254740992GiB\": expected a "
                                         "size such as 4096, 64KiB, 256MiB or 1GiB"},
        {"--until 2008-02-30", "--until: \"2008-02-30\": there is no such day"},
        {"--speed mx", "--speed: \"mx\": expected max|60x|1x (did you mean max?)"},
        {"--speed slow", "--speed: \"slow\": expected max|60x|1x"},
        {"--ingest /tmp/x",
         "--ingest: \"/tmp/x\": expected ipc://PATH or tcp://HOST:PORT"},
        {"--ingest ipc://",
         "--ingest: \"ipc://\": expected ipc://PATH or tcp://HOST:PORT"},
        {"--name \x01", "--name: \"\\x01\": expected printable text, not empty"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct command_line line;
        struct why why = {""};
        enum status st = parse(cases[i].line, NULL, &line, &why);

        cr_assert(st == ST_INVALID, "%s: %s", cases[i].line, status_text(st));
        cr_assert_str_eq(why.text, cases[i].why, "%s: %s", cases[i].line, why.text);
    }
}

Test(options, operands_stand_anywhere_and_end_options_with_dashes)
{
    struct command_line line;
    struct why why = {""};

    cr_assert(parse("a --dir d - --progress b -- --batch", "FILE...", &line, &why) ==
                  ST_OK,
              "%s", why.text);
    cr_assert(line.operands_len == 4, "%d operands", line.operands_len);
    cr_assert_str_eq(line.operands[0], "a");
    cr_assert_str_eq(line.operands[1], "-");
    cr_assert_str_eq(line.operands[2], "b");
    cr_assert_str_eq(line.operands[3], "--batch");
    cr_assert(settings.progress);
    cr_assert_str_eq(settings.dir, "d");
}

Test(options, help_and_version_need_nothing_else)
{
    struct command_line line;
    struct why why = {""};

    cr_assert(parse("--help", NULL, &line, &why) == ST_OK && line.help);
    cr_assert(line.help_format == HELP_TEXT);
    cr_assert(parse("--help=man", NULL, &line, &why) == ST_OK && line.help);
    cr_assert(line.help_format == HELP_MAN);
    cr_assert(parse("--version", NULL, &line, &why) == ST_OK && line.version);
    cr_assert(parse("--version --batch 0", NULL, &line, &why) == ST_INVALID);
}

Test(options, help_shows_ranges_and_defaults_within_80_columns)
{
    static const char *const wanted[] = {
        "usage: test --dir DIR [OPTION...] FILE...\n\nDoes nothing.\n\n",
        ("  --dir DIR               A folder that is made if it does not exist, and "
         "that\n"
         "                          nobody else may look into. (required)\n"),
        "  --ingest ENDPOINT       In.\n",
        "  --batch N               Events a frame. (1 to 256 events; default 256)\n",
        "  --wait DURATION         How long. (0 to 10s)\n",
        "  --rotate SIZE           When. (64KiB to 64GiB; default 256MiB)\n",
        "  --speed WORD            How fast. (max|60x|1x; default max)\n",
        "  --progress              Show.\n",
        "  --help                  Print this and exit.\n",
    };
    struct program program = program_of("FILE...");
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    cr_assert(out != NULL);
    options_help(&program, out);
    (void)fclose(out);
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        cr_assert(strstr(text, wanted[i]) != NULL, "not in the help: %s", wanted[i]);
    for (const char *at = text; *at; at += strcspn(at, "\n") + 1)
        cr_assert(strcspn(at, "\n") <= 80, "too wide: %.*s", (int)strcspn(at, "\n"), at);
    free(text);
}
