/* Pages of the reference: everything of the tables is in them, and nothing in a text can
 * end a cell or begin a request. */
#include "shortfall/daemons/options.h"

#include <criterion/criterion.h>
#include <string.h>

static const char *const words[] = {"a", "b", NULL};

static struct settings {
    const char *db;
    int64_t word;
} settings;

static const struct option_row rows[] = {
    {.name = "word",
     .kind = OPTION_CHOICE,
     .offset = offsetof(struct settings, word),
     .choices = words,
     .standard = "a",
     .help = ".Which | of *these*, `as_is`."},
    {.name = "db",
     .kind = OPTION_PATH,
     .offset = offsetof(struct settings, db),
     .word = "OUT",
     .required = true,
     .help = "A\\B."},
};

static const struct program_command commands[] = {{"run", "runs"}, {"stop", "stops"}};

static const struct program program = {
    .name = "test it",
    .summary = "Does one thing. Then the other.",
    .operands = "FILE",
    .lists = {{rows, sizeof rows / sizeof rows[0], &settings}},
    .commands = commands,
    .commands_len = 2};

static void check(enum help_format format, const char *const *wanted, size_t len)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    const char *at;

    cr_assert(out != NULL);
    options_reference(&program, format, out);
    (void)fclose(out);
    at = text;
    for (size_t i = 0; i < len; i++) { /* in this order */
        at = strstr(at, wanted[i]);
        cr_assert(at != NULL, "not there, or not in order: %s in\n%s", wanted[i], text);
        at += strlen(wanted[i]);
    }
    free(text);
}

#define CHECK(format, wanted) check(format, wanted, sizeof wanted / sizeof wanted[0])

Test(options_reference, a_markdown_page_has_every_option_in_a_cell)
{
    static const char *const wanted[] = {
        "# test it\n\nDoes one thing. Then the other.\n",
        "\n    test it --db OUT [OPTION...] FILE\n",
        "| [run](test it-run.md) | runs |\n| [stop](test it-stop.md) | stops |\n",
        "| `--word WORD` | .Which \\| of \\*these\\*, `as_is`. | a\\|b; default a |\n",
        "| `--db OUT` | A\\B. | required |\n",
        "| `--help` | Print this and exit. |  |\n",
        "(exit-codes.md)",
    };

    CHECK(HELP_MARKDOWN, wanted);
}

Test(options_reference, a_manual_page_escapes_what_roff_would_obey)
{
    static const char *const wanted[] = {
        ".TH \"test\\-it\" 1 ",
        ".SH NAME\ntest\\-it \\- Does one thing\n",
        ".SH SYNOPSIS\ntest it \\-\\-db OUT [OPTION...] FILE\n",
        ".SH DESCRIPTION\nDoes one thing. Then the other.\n",
        ".SH COMMANDS\n.TP\n\\fBrun\\fR\nruns\n",
        (".SH OPTIONS\n.TP\n\\fB\\-\\-word WORD\\fR\n"
         "\\&.Which | of *these*, \\fIas_is\\fR. (a|b; default a)\n"),
        "\\fB\\-\\-db OUT\\fR\nA\\eB. (required)\n",
        ".SH EXIT STATUS\n.TP\n\\fB0\\fR\n",
        "\\fB124\\fR\n",
    };

    CHECK(HELP_MAN, wanted);
}

Test(options_reference, help_lists_the_commands)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    cr_assert(out != NULL);
    options_help(&program, out);
    (void)fclose(out);
    cr_assert(strstr(text, "\n\n  run                     runs\n  stop ") != NULL, "%s",
              text);
    free(text);
}

Test(options_reference, every_exit_code_of_a_status_has_its_meaning)
{
    size_t len;
    const struct exit_code *codes = exit_codes(&len);

    for (size_t i = 1; i < len; i++)
        cr_assert(codes[i - 1].code < codes[i].code, "row %zu", i);
    for (int st = ST_OK; st < ST_COUNT; st++) {
        size_t i = 0;

        while (i < len && codes[i].code != status_exit_code((enum status)st))
            i++;
        cr_assert(i < len, "%s: exit code %d", status_text((enum status)st),
                  status_exit_code((enum status)st));
    }
}
