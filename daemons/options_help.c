/* The text of `--help`, made from the tables alone: it cannot fall behind the parser. */
#include "shortfall/daemons/options.h"

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

/* "(required; 1 to 256 events; default 256)"; empty when there is nothing to say. */
static void describe(const struct option_row *row, char *out, size_t size)
{
    char range[OPTION_RANGE_SIZE];
    const char *between = "(";
    size_t len = 0;
    const struct {
        const char *before, *text;
    } parts[] = {{"", row->required ? "required" : ""},
                 {"", option_range(row, range)},
                 {"default ", row->standard ? row->standard : ""}};

    out[0] = '\0';
    for (size_t i = 0; i < 3; i++) {
        if (!parts[i].text[0] || len >= size)
            continue;
        len += (size_t)snprintf(out + len, size - len, "%s%s%s", between, parts[i].before,
                                parts[i].text);
        between = "; ";
    }
    if (len > 0 && len < size)
        (void)snprintf(out + len, size - len, ")");
}

static void put_option(FILE *out, const char *name, const char *word, const char *help,
                       const char *range)
{
    size_t column = (size_t)fprintf(out, "  --%s%s%s", name, word[0] ? " " : "", word);

    if (column + 2 > HELP_COLUMN) {
        (void)fputc('\n', out);
        column = 0;
    }
    (void)fprintf(out, "%*s", (int)(HELP_COLUMN - column), "");
    column = put_words(out, help, HELP_COLUMN, HELP_COLUMN);
    (void)put_words(out, range, column, HELP_COLUMN);
    (void)fputc('\n', out);
}

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
    column = put_piece(out, "[OPTION...]", 11, column, indent);
    if (program->operands)
        (void)put_piece(out, program->operands, strlen(program->operands), column,
                        indent);
    (void)fputs("\n\n", out);
}

void options_help(const struct program *program, FILE *out)
{
    char range[OPTION_RANGE_SIZE + 128];

    put_usage(program, out);
    (void)put_words(out, program->summary, 0, 0);
    (void)fputs("\n\n", out);
    for (size_t i = 0; i < OPTION_LISTS_MAX && program->lists[i].len > 0; i++)
        for (size_t k = 0; k < program->lists[i].len; k++) {
            const struct option_row *row = &program->lists[i].rows[k];

            describe(row, range, sizeof range);
            put_option(out, row->name, option_word(row), row->help, range);
        }
    put_option(out, "help", "", "Print this and exit.", "");
    put_option(out, "version", "", "Print the version and exit.", "");
}
