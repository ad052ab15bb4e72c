/* Characters of a text that people write. Private to proto. */
#ifndef PROTO_CONFIG_TEXT_H
#define PROTO_CONFIG_TEXT_H

#include "shortfall/core/text.h"

/* The length of the UTF-8 sequence that begins at `at` by its first byte, within the
 * text; at least 1. */
uint32_t config_character_len(struct text text, uint32_t at);

/* The text without a byte order mark: columns are counted behind it. */
struct text config_skip_mark(struct text text);

#endif
