/* What every exit code means: for the manual pages and for docs/reference. The codes of
 * statuses are in core/status.c. */
#include "shortfall/daemons/options.h"

static const struct exit_code codes[] = {
    {0, "done; of a daemon: ended as it was asked to"},
    {1, "failed, or a check found errors"},
    {EXIT_USAGE, "wrong usage: nothing was done"},
    {65, "bad input data; the message names the place"},
    {69, "a daemon is not reachable"},
    {74, "input or output failed, or a file is damaged"},
    {EXIT_CONFIG, "bad configuration or rules, or made by another version"},
    {124, "timed out; the same command may be given again"},
};

const struct exit_code *exit_codes(size_t *len)
{
    *len = sizeof codes / sizeof codes[0];
    return codes;
}
