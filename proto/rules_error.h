/* How the reader of rule files says what is wrong, and where. Private to proto. */
#ifndef PROTO_RULES_ERROR_H
#define PROTO_RULES_ERROR_H

#include "shortfall/core/status.h"
#include "shortfall/proto/rules.h"

struct place {
    unsigned line, column; /* from 1; column in bytes */
};

/* Keeps the errors in order of their place, and of those the first RULES_ERRORS_MAX. */
void rules_error_add(struct rules_errors *errors, struct place place, const char *format,
                     ...) PRINTF_LIKE(3, 4);

#define QUOTED_MAX  64 /* bytes of a found value that a message repeats */
#define QUOTED_SIZE (QUOTED_MAX + 6)

/* A found value in quotes, cut, and with '?' for what does not belong on a terminal;
 * returns `buffer`. */
const char *rules_quote(struct text found, char buffer[QUOTED_SIZE]);

#define NEAR_SIZE 96

/* ` (did you mean "maize"?)`, or "" when near is NULL; returns `buffer`. */
const char *rules_near(const char *near, char buffer[NEAR_SIZE]);

/* The length of the UTF-8 sequence that begins at `at` by its first byte, within the
 * text; at least 1. */
uint32_t rules_character_len(struct text text, uint32_t at);

/* The text without a byte order mark: columns are counted behind it. */
struct text rules_skip_mark(struct text text);

#endif
