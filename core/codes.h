/* What the tables of commodities, places and units have in common: a code found in a hash
 * table that was laid out when the program was built, and the guess at what a writer may
 * have meant by a code that is not there. Nothing here allocates or keeps state. */
#ifndef SHORTFALL_CORE_CODES_H
#define SHORTFALL_CORE_CODES_H

#include "code_hash.h"

#include "shortfall/core/text.h"

#define CODE_NONE UINT16_MAX

/* len 0: an empty slot. Every table has more than twice as many slots as codes. */
struct code_slot {
    struct code_words words;
    const char *code;
    uint16_t id;
    uint8_t len;
};

/* Another name of the entry `id`: an alias, or its name in full. */
struct code_word {
    const char *word;
    uint16_t id;
};

/* slots_len is a power of two. CODE_NONE: not there. */
uint16_t codes_find(const struct code_slot *slots, uint32_t slots_len, struct text code);

/* What `written` may mean, or CODE_NONE. `words` begins with the codes themselves,
 * codes_len of them, and goes on with names and aliases. First comes the word that is the
 * same but for case and for what stands between its parts; then the nearest code; then
 * the nearest other word. */
uint16_t codes_suggest(const struct code_word *words, size_t words_len, size_t codes_len,
                       struct text written);

/* Whether a and b are the same but for case, with space, hyphen and underscore alike. */
bool codes_alike(struct text a, struct text b);

/* How many edits away a word may be and still be offered: none up to two bytes and one at
 * three, where more would make every code near; then two, or a third of the length. */
unsigned codes_reach(struct text written);

#endif
