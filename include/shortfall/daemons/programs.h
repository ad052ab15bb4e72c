/* The daemons as those who start them see them: their names and the rows of their
 * options, so that a configuration is judged by the very tables that a command line is
 * judged by. */
#ifndef SHORTFALL_DAEMONS_PROGRAMS_H
#define SHORTFALL_DAEMONS_PROGRAMS_H

#include "shortfall/daemons/options.h"

/* In the order in which they start. */
enum daemon_kind {
    DAEMON_RECORDER,
    DAEMON_AGGREGATOR,
    DAEMON_NOTIFIER,
    DAEMON_FEED,
    DAEMON_KIND_COUNT
};

/* "recorder"; the program is "shortfall-" and this. */
const char *daemon_name(enum daemon_kind kind);

/* Its own options; static. */
const struct option_row *daemon_options(enum daemon_kind kind, size_t *len);

/* What every daemon has beside them: "log-level", "ready-fd". */
const struct option_row *daemon_common_options(size_t *len);

/* A value by the member of its kind: text for text, paths and endpoints, number for the
 * rest. */
union option_value {
    bool flag;
    const char *text; /* the very `value` that was judged */
    int64_t number;
};

/* Judges a value as the row's program would; a flag's is "true" or "false". ST_INVALID
 * with the reason, without the option's name. */
MUST_USE enum status option_check(const struct option_row *row, const char *value,
                                  union option_value *out, struct why *why);

#endif
