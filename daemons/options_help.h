/* What --help and the pages of the reference share. Private to daemons. */
#ifndef SHORTFALL_DAEMONS_OPTIONS_HELP_H
#define SHORTFALL_DAEMONS_OPTIONS_HELP_H

#include "options_value.h"

/* "required; 1 to 256 events; default 256"; empty when there is nothing to say. */
#define OPTION_NOTES_SIZE (OPTION_RANGE_SIZE + 128)
const char *option_notes(const struct option_row *row, char out[OPTION_NOTES_SIZE]);

/* The options that every program has and no table names. */
#define OWN_OPTIONS_LEN 2
extern const struct program_command own_options[OWN_OPTIONS_LEN];

#endif
