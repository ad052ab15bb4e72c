/* Finding codes, exactly and roughly. The exact way is taken three or four times for
 * every event and so is one hash and, nearly always, one comparison; the rough way only
 * runs when an error message is being written. */
#include "codes.h"

#include <string.h>

static bool slot_is(const struct code_slot *slot, struct text code,
                    struct code_words words)
{
    return slot->len == code.len && slot->words.first == words.first &&
           slot->words.last == words.last &&
           (code.len <= CODE_WORDS_LEN || memcmp(slot->code, code.at, code.len) == 0);
}

uint16_t codes_find(const struct code_slot *slots, uint32_t slots_len, struct text code)
{
    uint32_t mask = slots_len - 1;
    struct code_words words = code_words(code.at, code.len);

    for (uint32_t i = code_hash(words, code.len) & mask; slots[i].len != 0;
         i = (i + 1) & mask) {
        if (slot_is(&slots[i], code, words))
            return slots[i].id;
    }
    return CODE_NONE;
}

/* ASCII only: the locale must not decide which codes are alike. */
static int fold(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A' + 'a';
    return c == ' ' || c == '-' ? '_' : c;
}

bool codes_alike(struct text a, struct text b)
{
    if (a.len != b.len)
        return false;
    for (uint32_t i = 0; i < a.len; i++) {
        if (fold(a.at[i]) != fold(b.at[i]))
            return false;
    }
    return true;
}

unsigned codes_reach(struct text written)
{
    if (written.len <= 3)
        return written.len == 3 ? 1 : 0;
    return written.len < 9 ? 2 : written.len / 3;
}

/* The first of the nearest of words[from..to), within reach. */
static uint16_t nearest(const struct code_word *words, size_t from, size_t to,
                        struct text written)
{
    unsigned reach = codes_reach(written);
    uint16_t id = CODE_NONE;

    for (size_t i = from; i < to; i++) {
        unsigned distance = text_distance(written, text_of(words[i].word), reach);
        if (distance > reach)
            continue;
        id = words[i].id;
        if (distance == 0)
            return id;
        reach = distance - 1;
    }
    return id;
}

uint16_t codes_suggest(const struct code_word *words, size_t words_len, size_t codes_len,
                       struct text written)
{
    uint16_t id;

    for (size_t i = 0; i < words_len; i++) {
        if (codes_alike(text_of(words[i].word), written))
            return words[i].id;
    }
    id = nearest(words, 0, codes_len, written);
    if (id != CODE_NONE || written.len <= 3)
        return id;
    return nearest(words, codes_len, words_len, written);
}
