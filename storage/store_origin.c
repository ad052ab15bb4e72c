/* The journal that a store was made from, as the store names it. */
#define _XOPEN_SOURCE 700 /* realpath; NOLINT(bugprone-reserved-identifier) */

#include "shortfall/storage/store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum status store_origin_make(const char *journal,
                              const uint8_t first_hash[FRAME_HASH_SIZE],
                              struct store_origin *out, struct why *why)
{
    char *path = realpath(journal, NULL);

    if (path == NULL)
        return why_set(why, ST_IO, "%s: %s", journal, strerror(errno));
    size_t len = strlen(path);
    bool fits = len < sizeof out->journal;

    if (fits) {
        *out = (struct store_origin){{0}, {0}};
        memcpy(out->journal, path, len + 1);
        memcpy(out->first_hash, first_hash, FRAME_HASH_SIZE);
    }
    free(path);
    return fits ? ST_OK
                : why_set(why, ST_INVALID, "%s: the path is longer than %zu bytes",
                          journal, sizeof out->journal - 1);
}
