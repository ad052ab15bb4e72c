/* The smallest part of a list that still fails. */
#ifndef SHORTFALL_TESTS_CORE_SHRINK_H
#define SHORTFALL_TESTS_CORE_SHRINK_H

#include <stdbool.h>
#include <stddef.h>

/* Whether the items that are kept still fail together. */
typedef bool shrink_fails_fn(void *self, const bool *kept, size_t len);

/* All items must fail together. Leaves a part of them in `kept` that fails and of which
 * no single item can be taken out, or what was reached after `trials` calls of `fails`.
 * Gives how many are kept. */
size_t shrink(bool *kept, size_t len, size_t trials, shrink_fails_fn *fails, void *self);

#endif
