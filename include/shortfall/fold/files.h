/* Event files (JSON lines) put in the order of their clock: by `published`, then file,
 * then line. Memory holds the events in their encoded form, about a hundred bytes each.
 */
#ifndef SHORTFALL_FOLD_FILES_H
#define SHORTFALL_FOLD_FILES_H

#include "shortfall/core/event.h"
#include "shortfall/core/frame.h"
#include "shortfall/core/rule.h"
#include "shortfall/core/status.h"

struct event_files;

/* A line that is wrong: place, field ("" where none is concerned) and reason. */
struct line_error {
    const char *file; /* "-" for standard input */
    uint64_t line;    /* from 1 */
    unsigned column;  /* bytes, from 1 */
    const char *field, *text;
};
typedef void line_error_fn(void *self, const struct line_error *error);

/* "file:line:column: field: text" and, cut at size - 1, its length. */
size_t line_error_format(const struct line_error *error, char *out, size_t size);

MUST_USE enum status event_files_new(struct event_files **out, struct why *why);
void event_files_free(struct event_files *files);

/* Reads a whole file ("-": standard input). Wrong lines are told to `fn` and left out;
 * their number is added to *wrong. ST_NOT_FOUND, ST_IO: the file cannot be read. */
MUST_USE enum status event_files_read(struct event_files *files, const char *path,
                                      factor_set_id set, line_error_fn *fn, void *self,
                                      uint64_t *wrong, struct why *why);

/* Adds an encoded event, for a source that is not a file. */
MUST_USE enum status event_files_add(struct event_files *files, struct bytes event,
                                     int64_t published, struct why *why);

size_t event_files_len(const struct event_files *files);

/* Whether a frame may hold only events of one clock value (for replays slower than the
 * machine); normally it holds as many as fit. */
void event_files_one_clock(struct event_files *files, bool one_clock);

/* The events as frames of a published journal without feeds, from position 1: its
 * opening, the rules (where rules.len > 0), then data in order. Each call fills in the
 * next frame, lent until the next call. ST_NOT_FOUND after the last one. */
MUST_USE enum status event_files_next(struct event_files *files, struct text rules_name,
                                      struct text rules, struct frame *out,
                                      struct why *why);

#endif
