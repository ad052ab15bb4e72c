/* Pages of the reference, made from the same tables as --help: Markdown for
 * docs/reference and roff for the manual. Must say nothing that the tables do not say. */
#include "options_help.h"

#include <assert.h>
#include <string.h>

#ifndef SHORTFALL_VERSION
#error "the build says the version"
#endif

/* --- Markdown --------------------------------------------------------------------- */

/* Text of a paragraph or a cell. A bar would end the cell, in code too; what stands in
 * backticks is shown as it is. */
static void put_markdown(FILE *out, const char *text)
{
    bool code = false;

    for (; *text; text++) {
        if (*text == '`')
            code = !code;
        if (*text == '|' || (!code && strchr("*_<[", *text)))
            (void)fputc('\\', out);
        (void)fputc(*text, out);
    }
}

static void put_markdown_row(FILE *out, const char *code, const char *text,
                             const char *notes)
{
    (void)fputs("| `", out);
    for (; *code; code++)
        (void)fprintf(out, *code == '|' ? "\\%c" : "%c", *code);
    (void)fputs("` | ", out);
    put_markdown(out, text);
    if (notes) {
        (void)fputs(" | ", out);
        put_markdown(out, notes);
    }
    (void)fputs(" |\n", out);
}

static void put_markdown_commands(const struct program *program, FILE *out)
{
    if (program->commands_len == 0)
        return;
    (void)fputs("\n| command | does |\n|---|---|\n", out);
    for (size_t i = 0; i < program->commands_len; i++) {
        (void)fprintf(out, "| [%s](%s-%s.md) | ", program->commands[i].name,
                      program->name, program->commands[i].name);
        put_markdown(out, program->commands[i].summary);
        (void)fputs(" |\n", out);
    }
}

/* "--db OUT" of a row. */
static const char *option_label(const struct option_row *row, char out[128])
{
    const char *word = option_word(row);

    (void)snprintf(out, 128, "--%s%s%s", row->name, word[0] ? " " : "", word);
    return out;
}

static void put_markdown_options(const struct program *program, FILE *out)
{
    char label[128];
    char notes[OPTION_NOTES_SIZE];

    (void)fputs("\n| option | is for | values |\n|---|---|---|\n", out);
    for (size_t i = 0; i < OPTION_LISTS_MAX && program->lists[i].len > 0; i++)
        for (size_t k = 0; k < program->lists[i].len; k++) {
            const struct option_row *row = &program->lists[i].rows[k];

            put_markdown_row(out, option_label(row, label), row->help,
                             option_notes(row, notes));
        }
    for (size_t i = 0; i < OWN_OPTIONS_LEN; i++)
        put_markdown_row(out, own_options[i].name, own_options[i].summary, "");
}

/* --- both ------------------------------------------------------------------------- */

/* Hands out the words of the usage one by one; what must be given comes first. */
static void put_usage(const struct program *program, FILE *out,
                      void (*put)(FILE *out, const char *word))
{
    char label[128];

    put(out, program->name);
    for (size_t i = 0; i < OPTION_LISTS_MAX && program->lists[i].len > 0; i++)
        for (size_t k = 0; k < program->lists[i].len; k++) {
            if (!program->lists[i].rows[k].required)
                continue;
            (void)fputc(' ', out);
            put(out, option_label(&program->lists[i].rows[k], label));
        }
    if (program->lists[0].len > 0) {
        (void)fputc(' ', out);
        put(out, "[OPTION...]");
    }
    if (program->operands) {
        (void)fputc(' ', out);
        put(out, program->operands);
    }
    (void)fputc('\n', out);
}

static void put_plain(FILE *out, const char *word)
{
    (void)fputs(word, out);
}

static void markdown_page(const struct program *program, FILE *out)
{
    (void)fprintf(out, "# %s\n\n", program->name);
    put_markdown(out, program->summary);
    (void)fputs("\n\n    ", out);
    put_usage(program, out, put_plain);
    put_markdown_commands(program, out);
    put_markdown_options(program, out);
    (void)fputs("\nExit codes: [exit-codes.md](exit-codes.md).\n", out);
}

/* --- roff ------------------------------------------------------------------------- */

/* Text that no character of it is a request or another hyphen than the one typed; what
 * stands in backticks becomes italic. */
static void put_roff(FILE *out, const char *text)
{
    bool italic = false;

    if (*text == '.' || *text == '\'')
        (void)fputs("\\&", out);
    for (; *text; text++) {
        switch (*text) {
        case '`':
            italic = !italic;
            (void)fputs(italic ? "\\fI" : "\\fR", out);
            break;
        case '-':
            (void)fputs("\\-", out);
            break;
        case '\\':
            (void)fputs("\\e", out);
            break;
        default:
            (void)fputc(*text, out);
        }
    }
}

static void put_roff_entry(FILE *out, const char *label, const char *text,
                           const char *notes)
{
    (void)fputs(".TP\n\\fB", out);
    put_roff(out, label);
    (void)fputs("\\fR\n", out);
    put_roff(out, text);
    if (notes[0]) {
        (void)fputs(" (", out);
        put_roff(out, notes);
        (void)fputc(')', out);
    }
    (void)fputc('\n', out);
}

/* "shortfall-replay", which is also the page's own name. */
static void page_name(const struct program *program, char *out, size_t size)
{
    (void)snprintf(out, size, "%s", program->name);
    for (; *out; out++)
        if (*out == ' ')
            *out = '-';
}

/* What `apropos` shows: the summary's first sentence, in one line. */
static void put_roff_head(const struct program *program, const char *name, FILE *out)
{
    char first[256];
    const char *end = strstr(program->summary, ". ");
    int len = end ? (int)(end - program->summary) : (int)strlen(program->summary);

    if (!end && len > 0 && program->summary[len - 1] == '.')
        len--;
    (void)snprintf(first, sizeof first, "%.*s", len, program->summary);
    (void)fputs(".TH \"", out);
    put_roff(out, name);
    (void)fprintf(out, "\" 1 \"\" \"shortfall %s\"\n.SH NAME\n", SHORTFALL_VERSION);
    put_roff(out, name);
    (void)fputs(" \\- ", out);
    put_roff(out, first);
    (void)fputs("\n.SH SYNOPSIS\n", out);
}

static void put_roff_options(const struct program *program, FILE *out)
{
    char label[128];
    char notes[OPTION_NOTES_SIZE];

    if (program->commands_len > 0)
        (void)fputs(".SH COMMANDS\n", out);
    for (size_t i = 0; i < program->commands_len; i++)
        put_roff_entry(out, program->commands[i].name, program->commands[i].summary, "");
    (void)fputs(".SH OPTIONS\n", out);
    for (size_t i = 0; i < OPTION_LISTS_MAX && program->lists[i].len > 0; i++)
        for (size_t k = 0; k < program->lists[i].len; k++) {
            const struct option_row *row = &program->lists[i].rows[k];

            put_roff_entry(out, option_label(row, label), row->help,
                           option_notes(row, notes));
        }
    for (size_t i = 0; i < OWN_OPTIONS_LEN; i++)
        put_roff_entry(out, own_options[i].name, own_options[i].summary, "");
}

static void man_page(const struct program *program, FILE *out)
{
    size_t len;
    const struct exit_code *codes = exit_codes(&len);
    char name[64];
    char number[16];

    page_name(program, name, sizeof name);
    put_roff_head(program, name, out);
    put_usage(program, out, put_roff);
    (void)fputs(".SH DESCRIPTION\n", out);
    put_roff(out, program->summary);
    (void)fputc('\n', out);
    put_roff_options(program, out);
    (void)fputs(".SH EXIT STATUS\n", out);
    for (size_t i = 0; i < len; i++) {
        (void)snprintf(number, sizeof number, "%d", codes[i].code);
        put_roff_entry(out, number, codes[i].meaning, "");
    }
}

void options_reference(const struct program *program, enum help_format format, FILE *out)
{
    switch (format) {
    case HELP_MARKDOWN:
        markdown_page(program, out);
        return;
    case HELP_MAN:
        man_page(program, out);
        return;
    case HELP_TEXT:
        break;
    }
    assert(format != HELP_TEXT); /* that is options_help */
}
