/* A journal out of any bytes, so that a fuzzer can write one. A frame is one byte of
 * type, one of how far its clock steps, two of its body's length, and the body. */
#ifndef TESTS_FUZZ_FRAMES_H
#define TESTS_FUZZ_FRAMES_H

#include "shortfall/core/frame.h"

/* Makes `frame` the one after itself, from the first bytes of `rest`, which moves behind
 * them; its body is lent. false: no frame is left. */
bool frame_next(struct bytes *rest, struct frame *frame);

/* Whether a reader of journals may take such a body. */
bool frame_is_sound(const struct frame *frame);

#endif
