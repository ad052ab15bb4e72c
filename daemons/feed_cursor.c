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

enum status feed_cursor_parse(struct bytes bytes, struct feed_cursor *out,
                              struct why *why)
{
    char text[FRAME_CURSOR_MAX + 1] = "";
    char after[16];
    char again[FRAME_CURSOR_MAX];
    char quoted[TEXT_QUOTE_SIZE];
    struct feed_cursor c = {.published = TIME_NONE};
    int file_at = 0;
    struct text shown = {text, (uint32_t)bytes.len};

    assert(bytes.len <= FRAME_CURSOR_MAX);
    if (bytes.len > 0)
        memcpy(text, bytes.at, bytes.len);
    if (sscanf(text,
               "v1 offset=%" SCNu64 " line=%" SCNu64 " published=%" SCNd64
               " after=%15s file=%n",
               &c.place.offset, &c.place.line, &c.published, after, &file_at) == 4 &&
        file_at > 0 && strlen(text + file_at) <= FEED_FILE_MAX) {
        while (c.after < AFTER_COUNT && strcmp(after, after_names[c.after]) != 0)
            c.after++;
        memcpy(c.file, text + file_at, strlen(text + file_at) + 1);
        /* What is written back the same was read right. */
        if (c.after < AFTER_COUNT &&
            feed_cursor_format(&c, (uint8_t *)again) == bytes.len &&
            memcmp(again, text, bytes.len) == 0) {
            *out = c;
            return ST_OK;
        }
    }
    return why_set(why, ST_INVALID, "%s is no cursor of a feed",
                   text_quote(shown, quoted));
}

const char *feed_file_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}
