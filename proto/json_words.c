/* The four word lists of an event. Must not keep a copy of any word: core names them. */
#include "json_words.h"

#include "shortfall/core/event.h"

#include <stdio.h>

#define EDITS_MAX 2 /* a suggestion further away would be a guess */

static const char *kind_word(unsigned index)
{
    return event_kind_name((enum event_kind)index);
}

static const char *terms_word(unsigned index)
{
    return terms_name((enum terms)index);
}

static const char *status_word(unsigned index)
{
    return pledge_status_name((enum pledge_status)index);
}

static const char *line_word(unsigned index)
{
    return use_line_name((enum use_line)index);
}

const struct json_words json_kinds = {"kind", EVENT_KIND_COUNT, kind_word};
const struct json_words json_terms = {"terms", TERMS_COUNT, terms_word};
const struct json_words json_statuses = {"status", PLEDGE_STATUS_COUNT, status_word};
const struct json_words json_lines = {"line", USE_LINE_COUNT, line_word};

unsigned json_word_find(const struct json_words *words, struct text text)
{
    unsigned index = 0;

    while (index < words->count && !text_is(text, words->name(index)))
        index++;
    return index;
}

const char *json_word_suggest(const struct json_words *words, struct text text)
{
    const char *nearest = NULL;
    unsigned best = EDITS_MAX + 1;

    for (unsigned i = 0; i < words->count; i++) {
        unsigned edits = text_distance(text, text_of(words->name(i)), EDITS_MAX);

        if (edits < best) {
            best = edits;
            nearest = words->name(i);
        }
    }
    return nearest;
}

const char *json_words_list(const struct json_words *words, char out[JSON_WORDS_SIZE])
{
    size_t len = 0;

    out[0] = '\0';
    for (unsigned i = 0; i < words->count && len < JSON_WORDS_SIZE; i++) {
        int put = snprintf(out + len, JSON_WORDS_SIZE - len, "%s%s", i ? ", " : "",
                           words->name(i));
        len += put > 0 ? (size_t)put : 0;
    }
    return out;
}
