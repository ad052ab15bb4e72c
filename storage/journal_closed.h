/* Looks for a frame in the closed files of a journal. */
#ifndef SHORTFALL_STORAGE_JOURNAL_CLOSED_H
#define SHORTFALL_STORAGE_JOURNAL_CLOSED_H

#include "journal_file.h"

/* As journal_find, in the files before the one that begins with frame `newest`. */
MUST_USE enum status journal_closed_find(const char *dir, uint64_t newest,
                                         const struct journal_wanted *wanted,
                                         uint64_t *pos, bool *same, struct why *why);

#endif
