/* Alert transitions from msgpack. What a newer writer adds (keys, and values at the end
 * of lists) is skipped, since it changes nothing of what is known; everything else that
 * is unknown or missing is refused. */
#include "transition_wire.h"

#include "body.h"

#include <inttypes.h>
#include <string.h>

#define LEN(table) (sizeof(table) / sizeof((table)[0]))

struct transition_body {
    struct transition t;
    struct transition_texts texts;
};

/* A printable text of `min` to size - 1 bytes into an array of `size`. */
static enum status read_chars(struct cursor *c, const char *name, uint32_t min, char *to,
                              size_t size, struct why *why)
{
    struct text text = {NULL, 0};
    enum status st = body_text(c, name, &text, why);
    if (st)
        return st;
    if (text.len < min || text.len >= size || !text_is_printable(text))
        return why_set(why, ST_INVALID, "%s: not a printable text of %u to %zu bytes",
                       name, (unsigned)min, size - 1);
    (void)text_copy(text, to, size);
    return ST_OK;
}

static enum status read_uid(struct cursor *c, const char *name, void *to, struct why *why)
{
    return read_chars(c, name, 1, to, RULE_UID_MAX + 1, why);
}

static enum status read_country(struct cursor *c, const char *name, void *to,
                                struct why *why)
{
    struct text code = {NULL, 0};
    enum status st = body_text(c, name, &code, why);
    if (st)
        return st;
    place_id id = place_find(code);
    if (id == PLACE_NONE)
        return why_set(why, ST_INVALID, "%s: unknown code", name);
    *(place_id *)to = id;
    return ST_OK;
}

static enum status read_commodity(struct cursor *c, const char *name, void *to,
                                  struct why *why)
{
    struct text code = {NULL, 0};
    enum status st = body_text(c, name, &code, why);
    if (st)
        return st;
    commodity_id id = commodity_find(code);
    if (id == COMMODITY_NONE)
        return why_set(why, ST_INVALID, "%s: unknown code", name);
    *(commodity_id *)to = id;
    return ST_OK;
}

/* The number of one of `count` values. */
static enum status read_choice(struct cursor *c, const char *name, unsigned count,
                               unsigned *out, struct why *why)
{
    uint64_t value = 0;
    enum status st = body_uint(c, name, &value, why);
    if (st)
        return st;
    if (value >= count)
        return why_set(why, ST_INVALID,
                       "%s: %" PRIu64 " names nothing; there are 0 to %u", name, value,
                       count - 1);
    *out = (unsigned)value;
    return ST_OK;
}

static enum status read_state(struct cursor *c, const char *name, void *to,
                              struct why *why)
{
    unsigned state = 0;
    enum status st = read_choice(c, name, ALERT_RESOLVED + 1, &state, why);
    if (!st)
        *(enum alert_state *)to = (enum alert_state)state;
    return st;
}

static enum status read_ordinal(struct cursor *c, const char *name, void *to,
                                struct why *why)
{
    uint64_t ordinal = 0;
    enum status st = body_uint(c, name, &ordinal, why);
    if (st)
        return st;
    if (ordinal > UINT32_MAX)
        return why_set(why, ST_OVERFLOW, "%s: %" PRIu64 " is above 32 bits", name,
                       ordinal);
    *(uint32_t *)to = (uint32_t)ordinal;
    return ST_OK;
}

_Static_assert(sizeof((struct transition){0}.rules_hash) == ALERT_HASH_SIZE,
               "read_hash serves both");

static enum status read_hash(struct cursor *c, const char *name, void *to,
                             struct why *why)
{
    struct bytes hash = {NULL, 0};
    enum status st = cursor_bytes(c, &hash);
    if (st)
        return cursor_explain(c, st, name, why);
    if (hash.len != ALERT_HASH_SIZE)
        return why_set(why, ST_INVALID, "%s: %zu bytes; %d are due", name, hash.len,
                       ALERT_HASH_SIZE);
    memcpy(to, hash.at, ALERT_HASH_SIZE);
    return ST_OK;
}

static enum status read_figure(struct cursor *c, const char *name, int64_t *to,
                               struct why *why)
{
    if (cursor_nil(c)) {
        *to = VALUE_NONE;
        return ST_OK;
    }
    return body_int(c, name, to, why);
}

/* A list of `known` values and perhaps more, which later versions have added. Who reads
 * on behind the list skips those; a key's own value just ends. */
static enum status open_list(struct cursor *c, const char *name, uint32_t known,
                             uint32_t *more, struct why *why)
{
    uint32_t len = 0;
    enum status st = cursor_list(c, &len);
    if (st)
        return cursor_explain(c, st, name, why);
    if (len < known)
        return why_set(why, ST_INVALID, "%s: a list of %u values; it has %u", name,
                       (unsigned)len, (unsigned)known);
    *more = len - known;
    return ST_OK;
}

static enum status skip_more(struct cursor *c, const char *name, uint32_t more,
                             struct why *why)
{
    enum status st = ST_OK;
    while (!st && more--)
        st = cursor_skip(c, CURSOR_DEPTH_MAX - 1);
    return st ? cursor_explain(c, st, name, why) : ST_OK;
}

static enum status read_balance(struct cursor *c, const char *name, void *to,
                                struct why *why)
{
    uint32_t more = 0;
    enum status st = open_list(c, name, FIGURES_LEN, &more, why);
    for (size_t i = 0; !st && i < FIGURES_LEN; i++) {
        void *at = (char *)to + figure_offsets[i];
        st = read_figure(c, name, at, why);
    }
    return st;
}

static enum status read_term(struct cursor *c, const char *name, struct term *term,
                             struct why *why)
{
    enum status st = body_int(c, name, &term->horizon, why);
    if (!st)
        st = body_int(c, name, &term->window, why);
    if (!st)
        st = read_chars(c, name, 0, term->market, sizeof term->market, why);
    if (!st)
        st = read_chars(c, name, 0, term->currency, sizeof term->currency, why);
    return st;
}

static enum status read_reading(struct cursor *c, const char *name, struct reading *out,
                                struct why *why)
{
    uint32_t more = 0;
    unsigned metric = 0;
    unsigned comparison = 0;
    enum status st = open_list(c, name, READING_VALUES, &more, why);
    if (!st)
        st = read_choice(c, name, METRIC_COUNT, &metric, why);
    if (!st)
        st = read_choice(c, name, GREATER_EQUAL + 1, &comparison, why);
    if (!st)
        st = read_figure(c, name, &out->value, why);
    if (!st)
        st = read_figure(c, name, &out->threshold, why);
    if (!st)
        st = read_term(c, name, &out->term, why);
    if (st)
        return st;
    out->term.metric = (enum metric)metric;
    out->comparison = (enum comparison)comparison;
    return skip_more(c, name, more, why);
}

/* A list of at most `max`. */
static enum status read_count(struct cursor *c, const char *name, uint32_t max,
                              uint32_t *len, struct why *why)
{
    enum status st = cursor_list(c, len);
    if (st)
        return cursor_explain(c, st, name, why);
    if (*len > max)
        return why_set(why, ST_INVALID, "%s: a list of %u; at most %u are allowed", name,
                       (unsigned)*len, (unsigned)max);
    return ST_OK;
}

static enum status read_readings(struct cursor *c, const char *name, void *to,
                                 struct why *why)
{
    struct transition *t = to;
    uint32_t len = 0;
    enum status st = read_count(c, name, TRANSITION_TERMS_MAX, &len, why);
    for (uint32_t i = 0; !st && i < len; i++)
        st = read_reading(c, name, &t->readings[i], why);
    t->readings_len = len;
    return st;
}

static enum status read_moved(struct cursor *c, const char *name, void *to,
                              struct why *why)
{
    struct transition *t = to;
    uint32_t more = 0;
    enum status st = open_list(c, name, 2, &more, why);
    if (!st)
        st = body_uint(c, name, &t->moved_first, why);
    if (!st)
        st = body_uint(c, name, &t->moved_last, why);
    if (st)
        return st;
    /* Nothing is a key that is not there. In an exercise the first may be the greater. */
    if (t->moved_first == 0 || t->moved_last == 0)
        return why_set(why, ST_INVALID, "%s: 0 is no seq", name);
    return ST_OK;
}

static enum status read_movers(struct cursor *c, const char *name, void *to,
                               struct why *why)
{
    struct transition *t = to;
    uint32_t len = 0;
    enum status st = read_count(c, name, TRANSITION_MOVERS_MAX, &len, why);
    for (uint32_t i = 0; !st && i < len; i++)
        st = body_uint(c, name, &t->movers[i], why);
    t->movers_len = len;
    return st;
}

static enum status check_texts(const struct transition_texts *texts, struct why *why)
{
    if (!transition_texts_fit(texts))
        return why_set(
            why, ST_OVERFLOW,
            "transition: alert, severity or summary longer than %d, %d, %d bytes",
            RULE_NAME_MAX, TRANSITION_SEVERITY_MAX, TRANSITION_SUMMARY_MAX);
    if (!text_is_printable(texts->alert) || !text_is_printable(texts->severity) ||
        !text_is_printable(texts->summary))
        return why_set(why, ST_INVALID,
                       "transition: alert, severity or summary is not printable");
    return ST_OK;
}

#define AT(member) offsetof(struct transition_body, member)

static const struct body_key transition_keys[] = {
    {"uid", read_uid, AT(t.uid), true},
    {"country", read_country, AT(t.country), true},
    {"commodity", read_commodity, AT(t.commodity), true},
    {"state", read_state, AT(t.state), true},
    {"at", body_int, AT(t.at), true},
    {"clock", body_int, AT(t.clock), true},
    {"seq", body_uint, AT(t.seq), true},
    {"begun", body_int, AT(t.begun), true},
    {"ordinal", read_ordinal, AT(t.ordinal), true},
    {"episode", read_hash, AT(t.episode), true},
    {"notification", read_hash, AT(t.notification), true},
    {"rules_hash", read_hash, AT(t.rules_hash), true},
    {"balance", read_balance, AT(t.balance), true},
    {"readings", read_readings, AT(t), true}, /* the list and its length */
    {"moved", read_moved, AT(t), false},
    {"movers", read_movers, AT(t), false},
    {"alert", body_text, AT(texts.alert), false},
    {"severity", body_text, AT(texts.severity), false},
    {"summary", body_text, AT(texts.summary), false},
};

enum status unpack_transition(struct bytes body, struct transition *out,
                              struct transition_texts *texts, struct why *why)
{
    struct transition_body read = {.texts = {.alert = {NULL, 0}}};
    enum status st = body_read(body, "transition", transition_keys, LEN(transition_keys),
                               true, &read, why);
    if (!st)
        st = check_texts(&read.texts, why);
    if (st)
        return st;
    read.t.balance.country = read.t.country;
    read.t.balance.commodity = read.t.commodity;
    *out = read.t;
    *texts = read.texts;
    return ST_OK;
}
