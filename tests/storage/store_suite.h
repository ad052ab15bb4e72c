/* What every backend of the store must do, written over its ops: each function takes a
 * place where nothing is yet and fails the running test if the backend does not conform.
 */
#ifndef TESTS_STORAGE_STORE_SUITE_H
#define TESTS_STORAGE_STORE_SUITE_H

#include "shortfall/storage/store.h"

struct store_case {
    const char *name;
    void (*run)(const struct store_ops *ops, const char *path);
};

/* Ended by a NULL name. */
extern const struct store_case store_suite[];

/* For tests of one backend. */
struct store *store_must_open(const struct store_ops *ops, const char *path,
                              enum store_mode mode);
void store_must_commit(struct store *s, const struct effects *effects);
/* A cursor at `pos` with the same number of events and the same clock. */
struct store_cursor cursor_at(uint64_t pos);
/* A row with every field set; `seed` makes them differ. */
struct alert_row alert_make(unsigned seed);
/* Every list full, every number at its end. */
struct alert_row alert_at_its_limits(void);

#endif
