/* Fields that take one of a few fixed words: kind, terms, status, line. The words are
 * core's; here they are only searched, suggested and listed. */
#ifndef PROTO_JSON_WORDS_H
#define PROTO_JSON_WORDS_H

#include "shortfall/core/text.h"

struct json_words {
    const char *what;
    unsigned count;
    const char *(*name)(unsigned index);
};

extern const struct json_words json_kinds, json_terms, json_statuses, json_lines;

/* The index of that word, or `count`. */
unsigned json_word_find(const struct json_words *words, struct text text);

/* The nearest word, or NULL when none is near. */
const char *json_word_suggest(const struct json_words *words, struct text text);

#define JSON_WORDS_SIZE 128
/* All words, with commas between; returns `out`. */
const char *json_words_list(const struct json_words *words, char out[JSON_WORDS_SIZE]);

#endif
