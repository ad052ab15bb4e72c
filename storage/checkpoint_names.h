/* The names of checkpoints, and which of them are there. Private to storage/. */
#ifndef SHORTFALL_STORAGE_CHECKPOINT_NAMES_H
#define SHORTFALL_STORAGE_CHECKPOINT_NAMES_H

#include "paths.h"

#include <stdint.h>

/* The file of a position, and the one that is not finished. */
MUST_USE enum status checkpoint_path(char out[PATH_SIZE], const char *db, uint64_t pos,
                                     struct why *why);
MUST_USE enum status checkpoint_new_path(char out[PATH_SIZE], const char *db,
                                         struct why *why);

#endif
