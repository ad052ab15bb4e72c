/* A subcommand of `shortfall`: one file, one entry in the table of main_shortfall.c. */
#ifndef SHORTFALL_TOOLS_COMMAND_H
#define SHORTFALL_TOOLS_COMMAND_H

#include "shortfall/core/status.h"

struct command {
    const char *name;
    const char *summary;               /* one line for `shortfall --help` */
    int (*run)(int argc, char **argv); /* argv[0] is "shortfall NAME"; the exit code */
};

int command_alerts(int argc, char **argv);
int command_balance(int argc, char **argv);
int command_config(int argc, char **argv);
int command_publish(int argc, char **argv);
int command_replay(int argc, char **argv);
int command_run_daemons(int argc, char **argv);
int command_status(int argc, char **argv);
int command_tables(int argc, char **argv);
int command_verify(int argc, char **argv);
int command_version(int argc, char **argv);

/* Prints "shortfall NAME: why" on standard error and returns the exit code of `st`. */
int command_fail(const char *name, enum status st, const struct why *why);

/* Standard output must have taken everything: ends a command that printed data. */
int command_done(const char *name);

#endif
