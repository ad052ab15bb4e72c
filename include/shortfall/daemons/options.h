/* Options of a program as tables: one row says an option's name, kind, default, range and
 * help, and parsing, `--help` and every error come from the row. Must never print or end
 * the process but in options_begin, which is for main. */
#ifndef SHORTFALL_DAEMONS_OPTIONS_H
#define SHORTFALL_DAEMONS_OPTIONS_H

#include "shortfall/core/status.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* What a value looks like, and the type of the member that holds it. */
enum option_kind {
    OPTION_FLAG,     /* bool: no value */
    OPTION_TEXT,     /* const char *: printable UTF-8, not empty */
    OPTION_PATH,     /* const char *: not empty */
    OPTION_ENDPOINT, /* const char *: ipc://PATH, tcp://HOST:PORT */
    OPTION_DURATION, /* int64_t, microseconds: 90d, 10s, 500ms, or 0 */
    OPTION_INTEGER,  /* int64_t */
    OPTION_SIZE,     /* int64_t, bytes: 4096, 64KiB, 256MiB, 1GiB */
    OPTION_TIME,     /* int64_t, microseconds since 1970: a date or an RFC 3339 time */
    OPTION_CHOICE,   /* int64_t: index into the row's choices */
    OPTION_KIND_COUNT
};

struct option_row {
    const char *name; /* without its dashes: "journal" */
    enum option_kind kind;
    size_t offset;        /* of its member in the settings (offsetof) */
    const char *word;     /* the value in the help, "DIR"; NULL: the kind's own word */
    const char *standard; /* the default as it would be typed; NULL: none, and the member
                             is false, NULL, 0, TIME_NONE, or -1 for a choice */
    bool required;
    int64_t least, most; /* duration, integer, size: its range; both 0: no range but 0 and
                            above */
    const char *unit;    /* integer: what it counts, "events"; or NULL */
    const char *const *choices; /* choice: names, a NULL behind the last */
    const char *help;           /* what it is for; range and default are added to it */
};

/* Some rows and where their values go. A program may have several such lists. */
struct option_list {
    const struct option_row *rows;
    size_t len;
    void *settings;
};

#define OPTION_LISTS_MAX 4

/* One command of a program that has several, and what it does in one line. */
struct program_command {
    const char *name, *summary;
};

struct program {
    const char *name;     /* as typed: "shortfall-feed", "shortfall replay" */
    const char *summary;  /* what it does, one or more sentences */
    const char *operands; /* what stands behind the options: "FILE..."; NULL: nothing */
    struct option_list lists[OPTION_LISTS_MAX]; /* a len of 0 ends them */
    const struct program_command *commands;     /* NULL: none */
    size_t commands_len;
};

/* How help is written: for a terminal, or as a page of the reference. The pages are made
 * by scripts/make-reference, which alone asks for them: --help=markdown, --help=man. */
enum help_format { HELP_TEXT, HELP_MARKDOWN, HELP_MAN };

/* What the command line asks for. `operands` are lent by argv. */
struct command_line {
    bool help, version;
    enum help_format help_format;
    char **operands;
    int operands_len;
};

#define EXIT_USAGE  2
#define EXIT_CONFIG 78

/* Every exit code there is, in their order, and what it says to a script. */
struct exit_code {
    int code;
    const char *meaning;
};

const struct exit_code *exit_codes(size_t *len);

/* Sets every member of every list: to what is given, else to its default. Texts are lent
 * by argv or the table; argv's own slots are used for the operands. ST_INVALID: an option
 * that does not exist, stands twice, lacks its value or has a wrong one, or a required
 * one is missing (not looked for when help or version is asked for). */
MUST_USE enum status options_parse(const struct program *program, int argc, char **argv,
                                   struct command_line *out, struct why *why);

/* The text of `--help`: at most 80 columns wide. */
void options_help(const struct program *program, FILE *out);

/* The same as a page: HELP_MARKDOWN for docs/reference, HELP_MAN for a manual (roff). */
void options_reference(const struct program *program, enum help_format format, FILE *out);

/* The first lines of a main: parses, and prints help, version or what is wrong. Returns
 * -1 when the program is to go on, else its exit code. */
MUST_USE int options_begin(const struct program *program, int argc, char **argv,
                           struct command_line *out);

#endif
