/* A file as lines, however long the file; a line has an upper bound. */
#ifndef SHORTFALL_FOLD_LINES_H
#define SHORTFALL_FOLD_LINES_H

#include "shortfall/core/status.h"
#include "shortfall/core/text.h"

struct lines;

/* "-" is standard input. ST_NOT_FOUND, ST_IO. */
MUST_USE enum status lines_open(const char *path, struct lines **out, struct why *why);
void lines_close(struct lines *l);

/* The next line without its end (LF or CR LF), lent until the next call; *number counts
 * from 1. ST_NOT_FOUND after the last. A line that is too long comes cut at the bound
 * plus one byte, so that its reader refuses it. ST_IO. */
MUST_USE enum status lines_next(struct lines *l, struct text *line, uint64_t *number,
                                struct why *why);

#endif
