/* The files of a journal's folder, by the position of the first frame each may hold. */
#ifndef SHORTFALL_STORAGE_JOURNAL_FILES_H
#define SHORTFALL_STORAGE_JOURNAL_FILES_H

#include "paths.h"

#include <stddef.h>
#include <stdint.h>

struct journal_files {
    uint64_t *first; /* rising */
    size_t len;
};

/* Free with journal_files_free. An empty list: a folder without a journal. */
MUST_USE enum status journal_files_list(const char *dir, struct journal_files *out,
                                        struct why *why);
void journal_files_free(struct journal_files *files);

/* Index of the file that holds `pos`, or would: the last one that begins at or before it.
 * `len` when even the first begins later. */
size_t journal_files_find(const struct journal_files *files, uint64_t pos);

/* dir/journal-<first>.db, the position in 20 digits. */
MUST_USE enum status journal_file_path(const char *dir, uint64_t first,
                                       char out[PATH_SIZE], struct why *why);

#endif
