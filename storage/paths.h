/* Names of files and folders, and what the system says about them. */
#ifndef SHORTFALL_STORAGE_PATHS_H
#define SHORTFALL_STORAGE_PATHS_H

#include "shortfall/core/status.h"

#include <stdbool.h>

#define PATH_SIZE 1200 /* bytes of a path, with the final NUL */

/* ST_INVALID: longer than PATH_SIZE. */
MUST_USE enum status path_format(char out[PATH_SIZE], struct why *why, const char *format,
                                 ...) PRINTF_LIKE(3, 4);

/* "file:" URI of a path with one query parameter. */
MUST_USE enum status path_uri(char out[PATH_SIZE], const char *path, const char *query,
                              struct why *why);

/* ST_IO with the path and what errno says. */
enum status path_error(struct why *why, const char *path);

bool path_exists(const char *path);
bool path_is_folder(const char *path);

/* Makes a folder, and those above it, with mode 0700; one that exists is left as it is.
 */
MUST_USE enum status path_make_folder(const char *path, struct why *why);

/* Makes the entry of a file or folder durable in the folder that holds it. */
MUST_USE enum status path_sync_folder_of(const char *path, struct why *why);

#endif
