/* shortfall tables: the codes that events and rules may name. */
#include "command.h"
#include "print.h"
#include "tables.h"

#include "shortfall/daemons/options.h"

#include <string.h>

static struct settings {
    bool json, markdown;
} settings;

static const struct option_row rows[] = {
    {.name = "json",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct settings, json),
     .help = "one JSON object a line"},
    {.name = "markdown",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct settings, markdown),
     .help = "as a page of docs/reference"},
};

static const struct program program = {
    .name = "shortfall tables",
    .summary = "Prints a table of the codes that events and rules may name: commodities, "
               "units, metrics, places or exit-codes.",
    .operands = "TABLE",
    .lists = {{rows, sizeof rows / sizeof rows[0], &settings}},
};

/* Of UTF-8: what is not the second or a later byte of a character. */
static int characters(const char *text)
{
    int len = 0;

    for (; *text != '\0'; text++)
        len += ((unsigned char)*text & 0xc0) != 0x80;
    return len;
}

static void print_text(const struct table *table)
{
    int widths[TABLE_CELLS_MAX] = {0};
    struct table_row row;

    for (size_t i = 0; i < table->len(); i++) {
        table->row(i, &row);
        for (size_t k = 0; table->heads[k] != NULL; k++) {
            int len = characters(row.cells[k]);

            widths[k] = len > widths[k] ? len : widths[k];
        }
    }
    for (size_t i = 0; i < table->len(); i++) {
        table->row(i, &row);
        size_t k = 0;

        for (; table->heads[k + 1] != NULL; k++)
            (void)printf("%s%*s", row.cells[k], widths[k] + 2 - characters(row.cells[k]),
                         "");
        (void)printf("%s\n", row.cells[k]);
    }
}

static void print_json(const struct table *table)
{
    struct table_row row;

    for (size_t i = 0; i < table->len(); i++) {
        table->row(i, &row);
        for (size_t k = 0; table->heads[k] != NULL; k++) {
            (void)fputc(k == 0 ? '{' : ',', stdout);
            print_string(stdout, table->heads[k]);
            (void)fputc(':', stdout);
            print_string(stdout, row.cells[k]);
        }
        (void)fputs("}\n", stdout);
    }
}

static void print_markdown(const struct table *table)
{
    struct table_row row;

    (void)printf("# %s\n\n%s\n\n|", table->name, table->about);
    for (size_t k = 0; table->heads[k] != NULL; k++)
        (void)printf(" %s |", table->heads[k]);
    (void)printf("\n|");
    for (size_t k = 0; table->heads[k] != NULL; k++)
        (void)printf("---|");
    for (size_t i = 0; i < table->len(); i++) {
        table->row(i, &row);
        (void)printf("\n| `%s` |", row.cells[0]);
        for (size_t k = 1; table->heads[k] != NULL; k++)
            (void)printf(" %s |", row.cells[k]);
    }
    (void)printf("\n");
}

static const struct table *find_table(const char *name)
{
    const struct table *table;

    for (size_t i = 0; (table = table_get(i)) != NULL; i++)
        if (strcmp(table->name, name) == 0)
            return table;
    (void)fprintf(stderr, "shortfall tables: there is no table \"%.64s\"; there are",
                  name);
    for (size_t i = 0; (table = table_get(i)) != NULL; i++)
        (void)fprintf(stderr, " %s", table->name);
    (void)fputc('\n', stderr);
    return NULL;
}

int command_tables(int argc, char **argv)
{
    struct command_line line;
    int code = options_begin(&program, argc, argv, &line);

    if (code >= 0)
        return code;
    if (line.operands_len != 1 || (settings.json && settings.markdown)) {
        (void)fputs("shortfall tables: give one TABLE, and one form of output at most\n",
                    stderr);
        return EXIT_USAGE;
    }
    const struct table *table = find_table(line.operands[0]);

    if (table == NULL)
        return EXIT_USAGE;
    if (settings.json)
        print_json(table);
    else
        (settings.markdown ? print_markdown : print_text)(table);
    return command_done("tables");
}
