/* Whether the arrays of another world can be read by this program. Private to core/. */
#ifndef SHORTFALL_CORE_LAYOUT_H
#define SHORTFALL_CORE_LAYOUT_H

#include "shortfall/core/hash.h"

/* A hash that is the same where arrays of this core mean the same; `head_size` is that of
 * what stands before them. */
struct hash128 layout_of_core(size_t head_size);

#endif
