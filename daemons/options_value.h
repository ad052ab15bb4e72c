/* Values of options: from a word of the command line, and back into words for help. */
#ifndef SHORTFALL_DAEMONS_OPTIONS_VALUE_H
#define SHORTFALL_DAEMONS_OPTIONS_VALUE_H

#include "shortfall/daemons/options.h"

/* The word for a value of this row, "DIR"; "" for a flag. */
const char *option_word(const struct option_row *row);

/* Sets the row's member to nothing, or to the row's default. */
void option_reset(const struct option_row *row, void *settings);

/* Sets the row's member. `value` is NULL for a flag. ST_INVALID with the reason, without
 * the option's name. */
MUST_USE enum status option_set(const struct option_row *row, void *settings,
                                const char *value, struct why *why);

/* The row's range as help shows it: "1 to 256 events", "text|json"; empty: none. */
#define OPTION_RANGE_SIZE 160
const char *option_range(const struct option_row *row, char out[OPTION_RANGE_SIZE]);

/* The nearest of `len` names, or NULL: for "did you mean". */
const char *option_nearest(const char *wrong, const char *const *names, size_t len);

#endif
