/* The frame of a daemon: everything that is the same in each of them. A daemon is a table
 * of options and three functions; the frame has the signals, readiness, logging and exit
 * codes:
 *
 *   int main(int argc, char **argv) { return daemon_main(&recorder_daemon, argc, argv); }
 *
 * Options of every daemon: --log-level, --ready-fd, --help, --version. */
#ifndef SHORTFALL_DAEMONS_FRAME_H
#define SHORTFALL_DAEMONS_FRAME_H

#include "shortfall/daemons/options.h"

struct daemon {
    const char *name;    /* in log lines: "recorder"; the program is "shortfall-" + it */
    const char *summary; /* for --help */
    const struct option_row *options;
    size_t options_len;
    void *settings; /* what the options fill in; static, the daemon's own */

    /* Sets up what step works on. What is invalid here (ST_INVALID, ST_OVERFLOW) is bad
     * configuration: exit code 78. */
    enum status (*open)(int stop_fd, void **self, struct why *why);

    /* One round of work; called again until it returns other than ST_OK. It must wait
     * for something, on `stop_fd` too: readable from SIGTERM or SIGINT on, never to be
     * read. ST_STOPPED: a clean end, by signal or because all is done. Any other status
     * is logged once by the frame with `why`, and ends the process with
     * status_exit_code. */
    enum status (*step)(void *self, int stop_fd, struct why *why);

    /* After the last step; not called when open failed. */
    void (*close)(void *self);
};

/* The options that every daemon has; static. */
const struct option_row *frame_option_rows(size_t *len);

/* Returns the exit code of the process. */
int daemon_main(const struct daemon *daemon, int argc, char **argv);

#endif
