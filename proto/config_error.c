/* Errors of a text that somebody wrote: collected in the order of their place, and
 * printed with the line they are about and a caret under the column. What was found in a
 * file is shown cut and without control characters: it must never be able to steer a
 * terminal. */
#include "shortfall/proto/config.h"

#include "config_text.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define LINE_SHOWN_MAX 160 /* bytes of a source line that are printed */
#define LINE_BEFORE    80  /* bytes shown before the column when a line is cut */

static bool is_before(struct config_place place, const struct config_error *error)
{
    return place.line < error->line ||
           (place.line == error->line && place.column < error->column);
}

void config_error_add(struct config_errors *errors, struct config_place place,
                      const char *format, ...)
{
    size_t at = errors->len;
    va_list args;

    errors->total++;
    while (at > 0 && is_before(place, &errors->list[at - 1]))
        at--;
    if (at == CONFIG_ERRORS_MAX)
        return;
    if (errors->len < CONFIG_ERRORS_MAX)
        errors->len++;
    memmove(&errors->list[at + 1], &errors->list[at],
            (errors->len - at - 1) * sizeof(errors->list[0]));
    struct config_error *error = &errors->list[at];
    error->line = place.line;
    error->column = place.column;
    va_start(args, format);
    (void)vsnprintf(error->text, sizeof(error->text), format, args);
    va_end(args);
}

static bool is_continuation(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

uint32_t config_character_len(struct text text, uint32_t at)
{
    uint32_t len = 1;

    while (len < 4 && at + len < text.len && is_continuation(text.at[at + len]))
        len++;
    return len;
}

struct text config_skip_mark(struct text text)
{
    static const char mark[] = "\xEF\xBB\xBF";
    static const uint32_t len = sizeof(mark) - 1;

    if (text.len >= len && memcmp(text.at, mark, len) == 0)
        return (struct text){text.at + len, text.len - len};
    return text;
}

const char *config_quote(struct text found, char buffer[CONFIG_QUOTE_SIZE])
{
    size_t len = 0;
    uint32_t at = 0;

    buffer[len++] = '"';
    while (at < found.len) {
        uint32_t bytes = config_character_len(found, at);
        if (len + bytes > CONFIG_QUOTE_MAX)
            break;
        if (text_is_printable((struct text){found.at + at, bytes})) {
            memcpy(buffer + len, found.at + at, bytes);
            len += bytes;
        } else {
            buffer[len++] = '?';
        }
        at += bytes;
    }
    (void)snprintf(buffer + len, CONFIG_QUOTE_SIZE - len,
                   at < found.len ? "...\"" : "\"");
    return buffer;
}

const char *config_near(const char *near, char buffer[CONFIG_NEAR_SIZE])
{
    buffer[0] = '\0';
    if (near)
        (void)snprintf(buffer, CONFIG_NEAR_SIZE, " (did you mean \"%s\"?)", near);
    return buffer;
}

/* The line of that number without its end; empty beyond the last. */
static struct text source_line(struct text source, unsigned line)
{
    const char *at = source.at;
    const char *end = source.at + source.len;

    for (unsigned i = 1; i < line && at < end; i++) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        at = newline ? newline + 1 : end;
    }
    const char *newline = at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL;
    struct text found = {at, (uint32_t)((newline ? newline : end) - at)};
    if (found.len > 0 && found.at[found.len - 1] == '\r')
        found.len--;
    return found;
}

/* A piece of a line that is too long to show, with the column in it. */
static struct text cut_line(struct text line, uint32_t *column)
{
    uint32_t from = 0;

    if (line.len <= LINE_SHOWN_MAX)
        return line;
    if (*column > LINE_BEFORE)
        from = *column - LINE_BEFORE;
    while (from < line.len && is_continuation(line.at[from]))
        from++;
    uint32_t len = line.len - from < LINE_SHOWN_MAX ? line.len - from : LINE_SHOWN_MAX;
    while (from + len < line.len && is_continuation(line.at[from + len]))
        len--;
    *column -= from;
    return (struct text){line.at + from, len};
}

struct writer {
    char *out;
    size_t len, size;
};

static void put(struct writer *w, const char *bytes, size_t len)
{
    size_t left = w->size - 1 - w->len;

    if (len > left)
        len = left;
    memcpy(w->out + w->len, bytes, len);
    w->len += len;
}

/* The line as it can be shown: tabs stay, so that the caret line can have them too. */
static void put_line(struct writer *w, struct text line)
{
    for (uint32_t at = 0; at < line.len;) {
        uint32_t bytes = config_character_len(line, at);
        struct text character = {line.at + at, bytes};
        if (line.at[at] == '\t' || text_is_printable(character))
            put(w, character.at, bytes);
        else
            put(w, "?", 1);
        at += bytes;
    }
    put(w, "\n", 1);
}

/* One space for each character before the column, and a tab for a tab. */
static void put_caret(struct writer *w, struct text line, uint32_t column)
{
    for (uint32_t at = 0; at < line.len && at + 1 < column;) {
        put(w, line.at[at] == '\t' ? "\t" : " ", 1);
        at += config_character_len(line, at);
    }
    put(w, "^\n", 2);
}

size_t config_error_format(const struct config_error *error, const char *name,
                           struct text source, char *out, size_t size)
{
    struct writer w = {.out = out, .size = size};
    uint32_t column = error->column;
    char place[32];

    assert(size > 0);
    (void)snprintf(place, sizeof(place), ":%u:%u: error: ", error->line, error->column);
    struct text line =
        cut_line(source_line(config_skip_mark(source), error->line), &column);
    put(&w, name, strlen(name));
    put(&w, place, strlen(place));
    put(&w, error->text, strlen(error->text));
    put(&w, "\n", 1);
    put_line(&w, line);
    put_caret(&w, line, column);
    out[w.len] = '\0';
    return w.len;
}
