/* The front program: finds the subcommand in the table and hands over. */
#include "command.h"

#include "shortfall/core/text.h"
#include "shortfall/daemons/options.h"

#include <stdio.h>
#include <string.h>

static const struct command commands[] = {
    {"run", "run all daemons of a configuration, and keep them running",
     command_run_daemons},
    {"config", "check a configuration, or show what it comes to", command_config},
    {"replay", "apply event files or a journal into a new database", command_replay},
    {"balance", "the balance sheet of countries and commodities", command_balance},
    {"alerts", "alert transitions, oldest first", command_alerts},
    {"publish", "send events to a running recorder", command_publish},
    {"status", "positions, clock, digest and quarantine", command_status},
    {"verify", "a database against the journal it was made from", command_verify},
    {"tables", "commodities, units, metrics, places and exit codes", command_tables},
    {"version", "the versions of the program and its libraries", command_version},
};

#define COMMANDS_LEN (sizeof commands / sizeof commands[0])

/* `shortfall --help` and its pages, from the same table. */
static int front_page(int argc, char **argv)
{
    struct program_command listed[COMMANDS_LEN];
    const struct program program = {
        .name = "shortfall",
        .summary = "Running balances of energy and food, and alerts before a shortfall. "
                   "`shortfall COMMAND --help` tells the options of one command. The "
                   "daemons are shortfall-recorder, shortfall-feed, "
                   "shortfall-aggregator and shortfall-notifier.",
        .operands = "COMMAND [OPTION...]",
        .commands = listed,
        .commands_len = COMMANDS_LEN};
    struct command_line line;

    for (size_t i = 0; i < COMMANDS_LEN; i++)
        listed[i] = (struct program_command){commands[i].name, commands[i].summary};
    if (argc < 2) {
        options_help(&program, stderr);
        return EXIT_USAGE;
    }
    int code = options_begin(&program, argc, argv, &line);

    return code < 0 ? EXIT_USAGE : code;
}

static int unknown_command(const char *name)
{
    const char *nearest = NULL;

    for (size_t i = 0; i < COMMANDS_LEN && nearest == NULL; i++) {
        if (text_distance(text_of(name), text_of(commands[i].name), 2) <= 2)
            nearest = commands[i].name;
    }
    (void)fprintf(stderr, "shortfall: unknown command \"%.64s\"%s%s%s\n", name,
                  nearest == NULL ? "; see `shortfall --help`" : " (did you mean \"",
                  nearest == NULL ? "" : nearest, nearest == NULL ? "" : "\"?)");
    return EXIT_USAGE;
}

int main(int argc, char **argv)
{
    char help[] = "--help";

    if (argc >= 2 && strcmp(argv[1], "help") == 0)
        argv[1] = help;
    if (argc < 2 || (strncmp(argv[1], "--", 2) == 0 && strcmp(argv[1], "--version") != 0))
        return front_page(argc, argv);
    if (strcmp(argv[1], "--version") == 0)
        return command_version(1, argv);
    for (size_t i = 0; i < COMMANDS_LEN; i++) {
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    }
    return unknown_command(argv[1]);
}
