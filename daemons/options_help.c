/* The text of `--help`, made from the tables alone: it cannot fall behind the parser. */
#include "shortfall/daemons/options.h"

#include "options_help.h"
#include "options_value.h"

#include <string.h>

#define COLUMNS     80
#define HELP_COLUMN 26 /* where the help of an option begins */

/* Writes a piece that is never broken, behind a blank or, beyond COLUMNS, on a new line
 * that begins at `indent`; returns the column behind it. */
static size_t put_piece(FILE *out, const char *piece, size_t len, size_t column,
                        size_t indent)
{
    if (column > indent && column + 1 + len > COLUMNS) {
        (void)fprintf(out, "\n%*s", (int)indent, "");
        column = indent;
    }
    if (column != indent) {
        (void)fputc(' ', out);
        column++;
    }
    (void)fwrite(piece, 1, len, out);
    return column + len;
}

static size_t put_words(FILE *out, const char *words, size_t column, size_t indent)
{
    while (*words) {
        size_t len = strcspn(words, " ");

        column = put_piece(out, words, len, column, indent);
        words += len;
        words += strspn(words, " ");
    }
    return column;
}

const char *option_notes(const struct option_row *row, char out[OPTION_NOTES_SIZE])
{
    char range[OPTION_RANGE_SIZE];
    const char *between = "";
    size_t len = 0;
    const struct {
        const char *before, *text;
    } parts[] = {{"", row->required ? "required" : ""},
                 {"", option_range(row, range)},
                 {"default ", row->standard ? row->standard : ""}};

    out[0] = '\0';
    for (size_t i = 0; i < 3; i++) {
        if (!parts[i].text[0] || len >= OPTION_NOTES_SIZE)
            continue;
        len += (size_t)snprintf(out + len, OPTION_NOTES_SIZE - len, "%s%s%s", between,
                                parts[i].before, parts[i].text);
        between = "; ";
    }
    return out;
}

/* A label, and what it is for beside it. `notes` follow in parentheses, if there are any.
 */
static void put_entry(FILE *out, const char *label, const char *help, const char *notes)
{
    size_t column = (size_t)fprintf(out, "  %s", label);
    char behind[OPTION_NOTES_SIZE + 2];

    if (column + 2 > HELP_COLUMN) {
        (void)fputc('\n', out);
        column = 0;
    }
    (void)fprintf(out, "%*s", (int)(HELP_COLUMN - column), "");
    column = put_words(out, help, HELP_COLUMN, HELP_COLUMN);
    (void)snprintf(behind, sizeof behind, notes[0] ? "(%s)" : "%s", notes);
    (void)put_words(out, behind, column, HELP_COLUMN);
    (void)fputc('\n', out);
}

static void put_option(FILE *out, const struct option_row *row)
{
    const char *word = option_word(row);
    char label[128];
    char notes[OPTION_NOTES_SIZE];

    (void)snprintf(label, sizeof label, "--%s%s%s", row->name, word[0] ? " " : "", word);
    put_entry(out, label, row->help, option_notes(row, notes));
}

const struct program_command own_options[OWN_OPTIONS_LEN] = {
    {"--help", "Print this and exit."},
    {"--version", "Print the version and exit."},
};

/* What must be there, then the rest; a long line is broken between two options. */
static void put_usage(const struct program *program, FILE *out)
{
    size_t indent = (size_t)fprintf(out, "usage: %s", program->name) + 1;
    size_t column = indent - 1;
    char part[128];

    for (size_t i = 0; i < OPTION_LISTS_MAX && program->lists[i].len > 0; i++)
        for (size_t k = 0; k < program->lists[i].len; k++) {
            const struct option_row *row = &program->lists[i].rows[k];

            if (!row->required)
                continue;
            (void)snprintf(part, sizeof part, "--%s %s", row->name, option_word(row));
            column = put_piece(out, part, strlen(part), column, indent);
        }
    if (program->lists[0].len > 0)
        column = put_piece(out, "[OPTION...]", 11, column, indent);
    if (program->operands)
        (void)put_piece(out, program->operands, strlen(program->operands), column,
                        indent);
    (void)fputs("\n\n", out);
}

void options_help(const struct program *program, FILE *out)
{
    put_usage(program, out);
    (void)put_words(out, program->summary, 0, 0);
    (void)fputs("\n\n", out);
    for (size_t i = 0; i < program->commands_len; i++)
        put_entry(out, program->commands[i].name, program->commands[i].summary, "");
    if (program->commands_len > 0)
        (void)fputc('\n', out);
    for (size_t i = 0; i < OPTION_LISTS_MAX && program->lists[i].len > 0; i++)
        for (size_t k = 0; k < program->lists[i].len; k++)
            put_option(out, &program->lists[i].rows[k]);
    for (size_t i = 0; i < OWN_OPTIONS_LEN; i++)
        put_entry(out, own_options[i].name, own_options[i].summary, "");
}
