/* A feed's cursor as text. The recorder never looks into it. */
#include "feed_cursor.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *const after_names[AFTER_COUNT] = {"data", "promise", "end"};

size_t feed_cursor_format(const struct feed_cursor *cursor, uint8_t out[FRAME_CURSOR_MAX])
{
    int len = snprintf((char *)out, FRAME_CURSOR_MAX,
                       "v1 offset=%" PRIu64 " line=%" PRIu64 " published=%" PRId64
                       " after=%s file=%s",
                       cursor->place.offset, cursor->place.line, cursor->published,
                       after_names[cursor->after], cursor->file);

    assert(len > 0 && len < FRAME_CURSOR_MAX);
    return (size_t)len;
}

static bool take(struct text *rest, const char *word)
{
    struct text head = *rest;
    size_t len = strlen(word);

    if (rest->len < len)
        return false;
    head.len = (uint32_t)len;
    rest->at += len;
    rest->len -= head.len;
    return text_is(head, word);
}

/* Digits behind a minus or not; no number is longer than what fits. */
static bool take_number(struct text *rest, int64_t *out)
{
    bool negative = rest->len > 0 && rest->at[0] == '-';
    int64_t number = 0;
    uint32_t i = negative;

    for (; i < rest->len && rest->at[i] >= '0' && rest->at[i] <= '9'; i++) {
        int digit = rest->at[i] - '0';

        if (__builtin_mul_overflow(number, 10, &number) ||
            __builtin_add_overflow(number, negative ? -digit : digit, &number))
            return false;
    }
    if (i == negative)
        return false;
    rest->at += i;
    rest->len -= i;
    *out = number;
    return true;
}

static bool take_count(struct text *rest, const char *word, uint64_t *out)
{
    int64_t number = 0;

    if (!take(rest, word) || !take_number(rest, &number) || number < 0)
        return false;
    *out = (uint64_t)number;
    return true;
}

static bool take_after(struct text *rest, enum feed_after *out)
{
    for (enum feed_after a = AFTER_DATA; a < AFTER_COUNT; a++) {
        struct text tried = *rest;

        if (!take(&tried, after_names[a]))
            continue;
        *rest = tried;
        *out = a;
        return true;
    }
    return false;
}

enum status feed_cursor_parse(struct bytes bytes, struct feed_cursor *out,
                              struct why *why)
{
    struct text rest = {(const char *)bytes.at, (uint32_t)bytes.len};
    struct text whole = rest;
    struct feed_cursor c;
    char quoted[TEXT_QUOTE_SIZE];

    assert(bytes.len <= FRAME_CURSOR_MAX);
    if (take_count(&rest, "v1 offset=", &c.place.offset) &&
        take_count(&rest, " line=", &c.place.line) && take(&rest, " published=") &&
        take_number(&rest, &c.published) && take(&rest, " after=") &&
        take_after(&rest, &c.after) && take(&rest, " file=") && rest.len > 0 &&
        rest.len <= FEED_FILE_MAX) {
        (void)text_copy(rest, c.file, sizeof c.file);
        *out = c;
        return ST_OK;
    }
    return why_set(why, ST_INVALID, "%s is no cursor of a feed",
                   text_quote(whole, quoted));
}

const char *feed_file_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}
