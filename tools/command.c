/* How every subcommand ends. */
#include "command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

int command_fail(const char *name, enum status st, const struct why *why)
{
    (void)fflush(stdout);
    (void)fprintf(stderr, "shortfall %s: %s\n", name, why->text);
    return status_exit_code(st);
}

int command_done(const char *name)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return 0;
    struct why why;

    return command_fail(
        name, ST_IO,
        (why_set(&why, ST_IO, "standard output: %s", strerror(errno)), &why));
}
