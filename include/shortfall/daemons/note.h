/* Small files that one process writes for whoever wants to look: lines of a name and what
 * belongs to it. Replaced whole, by a rename, so that a reader meets the old one or the
 * new one. Nothing may depend on one: it is not synced, and is lost without harm. */
#ifndef SHORTFALL_DAEMONS_NOTE_H
#define SHORTFALL_DAEMONS_NOTE_H

#include "shortfall/core/status.h"
#include "shortfall/core/text.h"

#define NOTE_SIZE 16384 /* bytes, with a final NUL */

/* ST_IO; ST_INVALID: the path is too long. */
MUST_USE enum status note_write(const char *path, struct text note, struct why *why);

/* With a NUL behind it. ST_NOT_FOUND: there is none; ST_OVERFLOW: too long to be one;
 * ST_IO. */
MUST_USE enum status note_read(const char *path, char out[NOTE_SIZE], struct why *why);

/* Takes the next word, up to a blank or the end of the line, off the front of the rest;
 * an empty one at the end of the line, where the rest stays. */
struct text note_word(struct text *rest);

/* Moves the rest behind the end of its line. False: there is no further line. */
bool note_next_line(struct text *rest);

/* False: not a number of digits that fits. */
bool note_number(struct text word, uint64_t *out);

#endif
