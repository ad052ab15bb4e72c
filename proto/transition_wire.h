/* The order of a balance's figures and the size of a reading on the wire, for the writer
 * and the reader of transitions. Private to proto. */
#ifndef SHORTFALL_PROTO_TRANSITION_WIRE_H
#define SHORTFALL_PROTO_TRANSITION_WIRE_H

#include "shortfall/proto/pack.h"

#define FIGURES_LEN 12

/* Where each figure stands in a struct balance. Any may be *none*, which is nil. */
extern const size_t figure_offsets[FIGURES_LEN];

_Static_assert(VALUE_NONE == TIME_NONE, "one nil stands for both");

/* metric, comparison, value, threshold, horizon, window, market, currency */
#define READING_VALUES 8

bool transition_texts_fit(const struct transition_texts *texts);

#endif
