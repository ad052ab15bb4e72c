/* A command that is told of a transition. */
#ifndef SHORTFALL_DAEMONS_NOTIFIER_COMMAND_H
#define SHORTFALL_DAEMONS_NOTIFIER_COMMAND_H

#include "shortfall/core/status.h"
#include "shortfall/core/text.h"

struct command_variable {
    const char *name, *value;
};

struct command {
    const char *text; /* for /bin/sh -c */
    int64_t timeout_us;
    const struct command_variable *variables; /* added to its environment */
    size_t variables_len;
    struct text input; /* its standard input; it need not read it */
};

/* Must be called once before command_run: a child that ends must end a wait. */
MUST_USE enum status command_prepare(struct why *why);

/* Runs the command in a process group of its own, which has no open file of ours but
 * standard error (its standard output goes there too), and waits for it. ST_OK: it exited
 * with 0. ST_REFUSED: it exited otherwise, was ended by a signal, was not done within its
 * time (the group is then killed), or could not be started. ST_STOPPED: stop_fd became
 * readable and it was not done soon after that: killed. */
MUST_USE enum status command_run(const struct command *command, int stop_fd,
                                 struct why *why);

#endif
