/* A rule file on disk, read whole and judged. */
#ifndef SHORTFALL_FOLD_RULES_FILE_H
#define SHORTFALL_FOLD_RULES_FILE_H

#include "shortfall/core/status.h"
#include "shortfall/core/text.h"

/* The rule file as it will stand in the journal. */
struct rules_file {
    char *text; /* NULL: no file was given; owned */
    size_t len;
    const char *name; /* the last part of its path, lent by the caller */
};

/* Reads and judges the file; all errors are printed to standard error. ST_INVALID. */
MUST_USE enum status rules_file_read(const char *path, struct rules_file *out,
                                     struct why *why);
void rules_file_free(struct rules_file *file);

#endif
