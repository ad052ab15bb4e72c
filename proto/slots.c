/* Maps with small integer keys. Must never look at a value: only at where it ends. */
#include "slots.h"

#include <assert.h>
#include <inttypes.h>

/* One pair. */
static enum status pair_read(struct cursor *c, const struct slots_rule *rule,
                             struct slots *out, struct why *why)
{
    size_t offset = (size_t)(c->at - c->begin);
    int64_t key = 0;
    enum status st = cursor_int(c, &key);
    if (st)
        return cursor_explain(c, ST_INVALID, "key", why);
    bool known = key >= 1 && key <= (int64_t)rule->last;
    if (!known && !rule->skip_unknown)
        return why_set(why, ST_INVALID, "byte %zu: key %" PRId64 " is not known here",
                       offset, key);
    if (known && slots_has(out, (unsigned)key))
        return why_set(why, ST_INVALID, "byte %zu: key %" PRId64 " stands twice", offset,
                       key);
    const uint8_t *value = c->at;
    st = cursor_skip(c, rule->depth);
    if (st)
        return cursor_explain(c, st, "value", why);
    if (known) {
        out->seen |= UINT64_C(1) << key;
        out->at[key] = value;
    }
    return ST_OK;
}

enum status slots_read(struct cursor *c, const struct slots_rule *rule, struct slots *out,
                       struct why *why)
{
    uint32_t pairs = 0;
    assert(rule->last <= SLOTS_KEY_MAX);
    enum status st = cursor_map(c, &pairs);
    if (st)
        return cursor_explain(c, st, "map", why);
    out->seen = 0;
    out->from = *c;
    for (uint32_t i = 0; i < pairs; i++) {
        st = pair_read(c, rule, out, why);
        if (st)
            return st;
    }
    return ST_OK;
}

bool slots_has(const struct slots *s, unsigned key)
{
    assert(key <= SLOTS_KEY_MAX);
    return s->seen >> key & 1;
}

struct cursor slots_cursor(const struct slots *s, unsigned key)
{
    assert(slots_has(s, key));
    struct cursor c = s->from;
    c.at = s->at[key];
    return c;
}
