/* The front program: finds the subcommand in the table and hands over. */
#include "command.h"

#include "shortfall/core/text.h"

#include <stdio.h>
#include <string.h>

static const struct command commands[] = {
    {"replay", "apply event files or a journal into a new database", command_replay},
    {"balance", "the balance sheet of countries and commodities", command_balance},
    {"alerts", "alert transitions, oldest first", command_alerts},
    {"publish", "send events to a running recorder", command_publish},
    {"status", "positions, clock, digest and quarantine", command_status},
    {"version", "the versions of the program and its libraries", command_version},
};

#define COMMANDS_LEN (sizeof commands / sizeof commands[0])
#define EXIT_USAGE   2

static void print_help(FILE *out)
{
    (void)fputs("Usage: shortfall COMMAND [OPTION...]\n\n"
                "Running balances of energy and food, and alerts before a shortfall.\n\n"
                "Commands:\n",
                out);
    for (size_t i = 0; i < COMMANDS_LEN; i++)
        (void)fprintf(out, "  %-9s %s\n", commands[i].name, commands[i].summary);
    (void)fputs("\n`shortfall COMMAND --help` tells the options of one. The daemons are\n"
                "shortfall-recorder, shortfall-feed, shortfall-aggregator and\n"
                "shortfall-notifier.\n",
                out);
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
    if (argc < 2) {
        print_help(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        print_help(stdout);
        return command_done("help");
    }
    if (strcmp(argv[1], "--version") == 0)
        return command_version(1, argv);
    for (size_t i = 0; i < COMMANDS_LEN; i++) {
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    }
    return unknown_command(argv[1]);
}
