/* Bytes that somebody else owns: a view, never a copy. */
#ifndef SHORTFALL_CORE_TEXT_H
#define SHORTFALL_CORE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* UTF-8 text, not NUL-terminated. len 0 means "not stated". Lent: valid as long as the
 * buffer it was read from. */
struct text {
    const char *at;
    uint32_t len;
};

/* Any bytes; the same rules. */
struct bytes {
    const uint8_t *at;
    size_t len;
};

#define TEXT_LITERAL(s) ((struct text){(s), (uint32_t)(sizeof(s) - 1)})

/* For printf("%.*s", TEXT_ARGS(t)). */
#define TEXT_ARGS(t) (int)(t).len, (t).at

struct text text_of(const char *s);
bool text_equal(struct text a, struct text b);
bool text_is(struct text a, const char *s);

/* Byte order, a prefix before what it is a prefix of: -1, 0 or 1. */
int text_compare(struct text a, struct text b);

/* Copies at most size - 1 bytes and ends them with NUL; returns `buffer`. */
char *text_copy(struct text t, char *buffer, size_t size);

/* Well-formed UTF-8 (no overlong form, no surrogate) without control characters, NUL,
 * byte order mark, line separators or bidirectional controls. */
bool text_is_printable(struct text t);

#define TEXT_QUOTE_MAX  64 /* bytes between the quotes */
#define TEXT_QUOTE_SIZE (1 + TEXT_QUOTE_MAX + sizeof("\"..."))

/* For messages: the text in double quotes, what is not printable as \xNN, cut (then with
 * "..." behind it) between characters. Returns `buffer`. */
const char *text_quote(struct text t, char buffer[TEXT_QUOTE_SIZE]);

/* How many single edits (a byte put in, left out or replaced, two neighbours swapped) lie
 * between two words; `limit` + 1 when it is more than that. For "did you mean": words
 * longer than 32 bytes count as far apart. */
unsigned text_distance(struct text a, struct text b, unsigned limit);

#endif
