/* JSON into a buffer. Must never write behind its end, nor a part of a piece. */
#include "json_put.h"

#include <stdio.h>
#include <string.h>

void json_put(struct json_line *l, const char *bytes, size_t len)
{
    if (l->full || len > l->size - l->len) {
        l->full = true;
        return;
    }
    memcpy(l->out + l->len, bytes, len);
    l->len += len;
}

void json_put_plain(struct json_line *l, const char *s)
{
    json_put(l, s, strlen(s));
}

static void put_escaped(struct json_line *l, unsigned char byte)
{
    char escape[8];

    if (byte == '"' || byte == '\\')
        (void)snprintf(escape, sizeof escape, "\\%c", byte);
    else
        (void)snprintf(escape, sizeof escape, "\\u%04x", byte);
    json_put_plain(l, escape);
}

static bool needs_escape(char c)
{
    return c == '"' || c == '\\' || (unsigned char)c < 0x20;
}

void json_put_string(struct json_line *l, struct text text)
{
    uint32_t from = 0;

    json_put_plain(l, "\"");
    for (uint32_t i = 0; i < text.len; i++) {
        if (!needs_escape(text.at[i]))
            continue;
        json_put(l, text.at + from, i - from);
        put_escaped(l, (unsigned char)text.at[i]);
        from = i + 1;
    }
    json_put(l, text.at ? text.at + from : "", text.len - from);
    json_put_plain(l, "\"");
}

enum status json_end(struct json_line *l, size_t *len)
{
    json_put(l, "", 1);
    if (l->full)
        return ST_FULL;
    *len = l->len - 1;
    return ST_OK;
}
