/* Small bodies as maps read through a table of keys. Must never know what a key means. */
#include "body.h"

#include <assert.h>

static enum status read_keys(const struct slots *slots, const struct body_key *keys,
                             unsigned keys_len, void *out, struct why *why)
{
    for (unsigned i = 0; i < keys_len; i++) {
        const struct body_key *row = &keys[i];
        unsigned key = i + 1;
        if (!slots_has(slots, key)) {
            if (row->required)
                return why_set(why, ST_INVALID, "%s: missing (key %u)", row->name, key);
            continue;
        }
        struct cursor c = slots_cursor(slots, key);
        enum status st = row->read(&c, row->name, (char *)out + row->offset, why);
        if (st)
            return st;
    }
    return ST_OK;
}

enum status body_read(struct bytes body, const char *what, const struct body_key *keys,
                      unsigned keys_len, bool skip_unknown, void *out, struct why *why)
{
    const struct slots_rule rule = {
        .last = keys_len, .depth = CURSOR_DEPTH_MAX - 1, .skip_unknown = skip_unknown};
    struct cursor c = cursor_of(body);
    struct slots slots;
    enum status st = slots_read(&c, &rule, &slots, why);
    if (!st && cursor_left(&c))
        st = why_set(why, ST_INVALID, "%zu bytes after its end", cursor_left(&c));
    if (!st)
        st = read_keys(&slots, keys, keys_len, out, why);
    return st ? why_wrap(why, st, "%s", what) : ST_OK;
}

enum status body_int(struct cursor *c, const char *name, void *to, struct why *why)
{
    enum status st = cursor_int(c, to);
    return st ? cursor_explain(c, st, name, why) : ST_OK;
}

enum status body_uint(struct cursor *c, const char *name, void *to, struct why *why)
{
    enum status st = cursor_uint(c, to);
    return st ? cursor_explain(c, st, name, why) : ST_OK;
}

enum status body_text(struct cursor *c, const char *name, void *to, struct why *why)
{
    enum status st = cursor_text(c, to);
    return st ? cursor_explain(c, st, name, why) : ST_OK;
}
