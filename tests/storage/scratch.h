/* A temporary folder of one test, and small things that every test of storage needs. */
#ifndef TESTS_STORAGE_SCRATCH_H
#define TESTS_STORAGE_SCRATCH_H

#include "shortfall/core/status.h"
#include "shortfall/storage/journal.h"

#include <stdbool.h>

#define SCRATCH_PATH 512

/* Makes a folder under $TMPDIR; scratch_remove takes away it and all it holds. One a
 * test. */
void scratch_make(void);
void scratch_remove(void);

/* A path in the folder; `out` has SCRATCH_PATH bytes. */
const char *scratch_path(const char *name, char *out);

/* How many files of a folder have a name that begins with `prefix` and ends with
 * `suffix`. */
size_t scratch_count(const char *dir, const char *prefix, const char *suffix);

long long scratch_size(const char *path); /* -1: not there */
unsigned scratch_mode(const char *path);  /* permission bits */
void scratch_flip(const char *path,
                  const char *marker); /* one bit of its last occurrence */
void scratch_cut(const char *path, long long size);
void scratch_write(const char *path, const char *content);
/* A number for names, sizes and contents of all files of a folder. */
uint64_t scratch_fingerprint(const char *dir);

/* Runs statements on a file of ours, behind the back of its owner. */
void scratch_sql(const char *path, const char *statements);
/* The text that a query gives; lent until the next call. "" when there is no row. */
const char *scratch_query(const char *path, const char *query);

/* Fails the test unless `got` is `expected`. */
void expect_status(enum status got, enum status expected, const struct why *why,
                   const char *label);
/* Fails the test unless the reason contains `part`. */
void expect_why(const struct why *why, const char *part, const char *label);

/* A frame of data as a publisher sends it; body is text. */
struct frame frame_make(const char *producer, uint64_t number, int64_t clock,
                        const char *body);
void journal_must_open(const char *dir, int64_t rotate_bytes, struct journal **out);
/* Appends frames first to last of producer "p" with their number as the clock. */
void journal_must_append(struct journal *j, uint64_t first, uint64_t last);
/* The same, 50 frames a transaction. */
void journal_must_append_fast(struct journal *j, uint64_t first, uint64_t last);
/* The body of the frames that journal_must_append makes. */
const char *body_of(uint64_t number, char out[32]);

#endif
