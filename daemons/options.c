/* Parses a command line by the tables of its program. `--name value` and `--name=value`
 * are the same; `--` ends the options; there are no short names and no abbreviations, so
 * that an option added later never changes what a script says. */
#include "shortfall/daemons/options.h"

#include "options_value.h"

#include "shortfall/core/text.h"

#include <assert.h>
#include <string.h>

#define ROWS_MAX 64 /* of all lists together */

#ifndef SHORTFALL_VERSION
#error "the build says the version"
#endif

/* The rows of a program as one list. */
struct rows {
    size_t len;
    struct {
        const struct option_row *row;
        void *settings;
        bool given;
    } list[ROWS_MAX];
};

struct parser {
    struct rows rows;
    const struct program *program;
    char **argv;
    int argc, index;
};

static void gather_rows(const struct program *program, struct rows *out)
{
    out->len = 0;
    for (size_t i = 0; i < OPTION_LISTS_MAX && program->lists[i].len > 0; i++)
        for (size_t k = 0; k < program->lists[i].len; k++) {
            assert(out->len < ROWS_MAX);
            out->list[out->len].row = &program->lists[i].rows[k];
            out->list[out->len].settings = program->lists[i].settings;
            out->list[out->len++].given = false;
        }
}

/* `typed` is the option with its dashes, without its value. */
static enum status refuse_unknown(const struct rows *rows, struct text typed,
                                  struct why *why)
{
    const char *names[ROWS_MAX + 2] = {"help", "version"};
    char wrong[TEXT_QUOTE_MAX];
    char quoted[TEXT_QUOTE_SIZE];
    const char *nearest;

    for (size_t i = 0; i < rows->len; i++)
        names[i + 2] = rows->list[i].row->name;
    (void)text_copy(typed, wrong, sizeof wrong);
    nearest = option_nearest(wrong + strspn(wrong, "-"), names, rows->len + 2);
    (void)text_quote(typed, quoted);
    if (nearest)
        return why_set(why, ST_INVALID, "unknown option %s (did you mean \"--%s\"?)",
                       quoted, nearest);
    return why_set(why, ST_INVALID, "unknown option %s", quoted);
}

/* The word behind an option, if there is one that is not an option itself. */
static const char *take_next(struct parser *p)
{
    if (p->index + 1 >= p->argc || !strncmp(p->argv[p->index + 1], "--", 2))
        return NULL;
    return p->argv[++p->index];
}

static enum status take_row(struct parser *p, size_t index, const char *value,
                            struct why *why)
{
    const struct option_row *row = p->rows.list[index].row;
    enum status st;

    if (p->rows.list[index].given)
        return why_set(why, ST_INVALID, "--%s: given twice", row->name);
    p->rows.list[index].given = true;
    if (row->kind == OPTION_FLAG && value)
        return why_set(why, ST_INVALID, "--%s: takes no value", row->name);
    if (row->kind != OPTION_FLAG && !value)
        value = take_next(p);
    if (row->kind != OPTION_FLAG && !value)
        return why_set(why, ST_INVALID, "--%s: expected %s behind it", row->name,
                       option_word(row));
    st = option_set(row, p->rows.list[index].settings, value, why);
    return st ? why_wrap(why, st, "--%s", row->name) : ST_OK;
}

/* The two that every program has. */
static bool *own_flag(struct text name, struct command_line *line)
{
    if (text_is(name, "help"))
        return &line->help;
    return text_is(name, "version") ? &line->version : NULL;
}

/* `--help=markdown` and `--help=man`; false: no such form. */
static bool take_help_format(const char *value, struct command_line *line)
{
    static const struct {
        const char *name;
        enum help_format format;
    } formats[] = {{"markdown", HELP_MARKDOWN}, {"man", HELP_MAN}};

    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
        if (!strcmp(value, formats[i].name)) {
            line->help_format = formats[i].format;
            return true;
        }
    return false;
}

static enum status take_option(struct parser *p, const char *word,
                               struct command_line *line, struct why *why)
{
    const char *equals = strchr(word, '=');
    struct text typed = text_of(word);
    struct text name;
    bool *flag;

    if (equals)
        typed.len = (uint32_t)(equals - word);
    name = (struct text){typed.at + 2, typed.len - 2};
    for (size_t i = 0; i < p->rows.len; i++)
        if (text_is(name, p->rows.list[i].row->name))
            return take_row(p, i, equals ? equals + 1 : NULL, why);
    flag = own_flag(name, line);
    if (!flag)
        return refuse_unknown(&p->rows, typed, why);
    if (equals && (flag != &line->help || !take_help_format(equals + 1, line)))
        return why_set(why, ST_INVALID, "%.*s: takes no value", TEXT_ARGS(typed));
    *flag = true;
    return ST_OK;
}

static enum status take_operand(struct parser *p, struct command_line *line,
                                struct why *why)
{
    char quoted[TEXT_QUOTE_SIZE];

    if (!p->program->operands)
        return why_set(why, ST_INVALID, "unexpected argument %s",
                       text_quote(text_of(p->argv[p->index]), quoted));
    /* Never ahead of what is being read: an operand comes from here or behind. */
    line->operands[line->operands_len++] = p->argv[p->index];
    return ST_OK;
}

static enum status take_word(struct parser *p, bool *options_ended,
                             struct command_line *line, struct why *why)
{
    const char *word = p->argv[p->index];

    if (*options_ended || word[0] != '-' || word[1] == '\0')
        return take_operand(p, line, why);
    if (!strcmp(word, "--")) {
        *options_ended = true;
        return ST_OK;
    }
    if (word[1] != '-')
        return refuse_unknown(&p->rows, text_of(word), why);
    return take_option(p, word, line, why);
}

static enum status check_required(const struct rows *rows, struct why *why)
{
    for (size_t i = 0; i < rows->len; i++) {
        const struct option_row *row = rows->list[i].row;

        if (row->required && !rows->list[i].given)
            return why_set(why, ST_INVALID, "--%s %s is missing", row->name,
                           option_word(row));
    }
    return ST_OK;
}

enum status options_parse(const struct program *program, int argc, char **argv,
                          struct command_line *out, struct why *why)
{
    struct parser p = {.program = program, .argv = argv, .argc = argc};
    struct command_line line = {.operands = argc > 0 ? argv + 1 : argv};
    bool options_ended = false;

    gather_rows(program, &p.rows);
    for (size_t i = 0; i < p.rows.len; i++)
        option_reset(p.rows.list[i].row, p.rows.list[i].settings);
    for (p.index = 1; p.index < argc; p.index++) {
        enum status st = take_word(&p, &options_ended, &line, why);

        if (st)
            return st;
    }
    if (!line.help && !line.version) {
        enum status st = check_required(&p.rows, why);

        if (st)
            return st;
    }
    *out = line;
    return ST_OK;
}

/* Help and version are of use only where they can be read. */
static int finish_output(void)
{
    return fflush(stdout) || ferror(stdout) ? status_exit_code(ST_IO) : 0;
}

int options_begin(const struct program *program, int argc, char **argv,
                  struct command_line *out)
{
    struct why why = {""};

    if (options_parse(program, argc, argv, out, &why)) {
        (void)fprintf(stderr, "%s: %s\nTry \"%s --help\".\n", program->name, why.text,
                      program->name);
        return EXIT_USAGE;
    }
    if (out->help) {
        if (out->help_format == HELP_TEXT)
            options_help(program, stdout);
        else
            options_reference(program, out->help_format, stdout);
        return finish_output();
    }
    if (out->version) {
        (void)printf("%s %s\n", program->name, SHORTFALL_VERSION);
        return finish_output();
    }
    return -1;
}
