/* The bodies of promises, openings and rules. They steer the whole journal, so a key that
 * is not known is refused, never skipped. */
#include "shortfall/proto/pack.h"

#include "body.h"
#include "sink.h"

#include <inttypes.h>

#define KEYS(table) (table), sizeof(table) / sizeof((table)[0])

enum status pack_promise(int64_t before, uint8_t *out, size_t size, size_t *len)
{
    struct sink s;
    sink_open(&s, out, size);
    sink_map(&s, 1);
    sink_uint(&s, 1);
    sink_int(&s, before);
    return sink_close(&s, len);
}

enum status unpack_promise(struct bytes body, int64_t *before, struct why *why)
{
    static const struct body_key keys[] = {{"before", body_int, 0, true}};
    int64_t read = 0;
    enum status st = body_read(body, "promise", KEYS(keys), false, &read, why);
    if (st)
        return st;
    if ((read < TIME_MIN || read > TIME_MAX) && read != TIME_END)
        return why_set(why, ST_OVERFLOW, "promise: before: %" PRId64 " is no time", read);
    *before = read;
    return ST_OK;
}

enum status pack_opening(const struct opening *opening, uint8_t *out, size_t size,
                         size_t *len)
{
    struct sink s;
    sink_open(&s, out, size);
    sink_map(&s, opening->feeds_len ? 2 : 1);
    sink_uint(&s, 1);
    sink_int(&s, opening->clock);
    if (opening->feeds_len) {
        sink_uint(&s, 2);
        sink_list(&s, opening->feeds_len);
    }
    for (size_t i = 0; i < opening->feeds_len; i++)
        sink_text(&s, opening->feeds[i]);
    return sink_close(&s, len);
}

static enum status read_clock(struct cursor *c, const char *name, void *to,
                              struct why *why)
{
    int64_t clock = 0;
    enum status st = body_int(c, name, &clock, why);
    if (st)
        return st;
    if (clock != CLOCK_RECORDED && clock != CLOCK_PUBLISHED)
        return why_set(why, ST_INVALID, "%s: %" PRId64 " names no kind of clock", name,
                       clock);
    *(enum clock_kind *)to = (enum clock_kind)clock;
    return ST_OK;
}

static bool has_feed(const struct opening *opening, struct text feed)
{
    for (size_t i = 0; i < opening->feeds_len; i++)
        if (text_equal(opening->feeds[i], feed))
            return true;
    return false;
}

static enum status read_feeds(struct cursor *c, const char *name, void *to,
                              struct why *why)
{
    struct opening *opening = to;
    uint32_t len = 0;
    enum status st = cursor_list(c, &len);
    if (st)
        return cursor_explain(c, st, name, why);
    if (len > FEEDS_MAX)
        return why_set(why, ST_INVALID, "%s: %u feeds; at most %d are allowed", name,
                       (unsigned)len, FEEDS_MAX);
    for (uint32_t i = 0; i < len; i++) {
        struct text feed = {NULL, 0};
        st = body_text(c, name, &feed, why);
        if (st)
            return st;
        if (!frame_producer_is_valid(feed) || has_feed(opening, feed))
            return why_set(why, ST_INVALID,
                           "%s: feed %u is no producer's name, or stands twice", name,
                           (unsigned)i);
        opening->feeds[opening->feeds_len++] = feed;
    }
    return ST_OK;
}

enum status unpack_opening(struct bytes body, struct opening *out, struct why *why)
{
    static const struct body_key keys[] = {
        {"clock", read_clock, offsetof(struct opening, clock), true},
        {"feeds", read_feeds, 0, false}, /* the list and its length */
    };
    struct opening read = {.feeds_len = 0};
    enum status st = body_read(body, "opening", KEYS(keys), false, &read, why);
    if (!st)
        *out = read;
    return st;
}

struct rules_body {
    struct text name, text;
};

enum status pack_rules(struct text name, struct text text, uint8_t *out, size_t size,
                       size_t *len)
{
    struct sink s;
    if (name.len > RULES_FILE_MAX || text.len > RULES_TEXT_MAX)
        return ST_OVERFLOW;
    sink_open(&s, out, size);
    sink_map(&s, 2);
    sink_uint(&s, 1);
    sink_text(&s, name);
    sink_uint(&s, 2);
    sink_text(&s, text);
    return sink_close(&s, len);
}

/* The characters of the rules are their loader's to judge: it can say the line. */
static enum status check_rules(const struct rules_body *rules, struct why *why)
{
    if (rules->name.len > RULES_FILE_MAX || rules->text.len > RULES_TEXT_MAX)
        return why_set(
            why, ST_OVERFLOW,
            "rules: name of %u, text of %u bytes; at most %d and %d are allowed",
            (unsigned)rules->name.len, (unsigned)rules->text.len, RULES_FILE_MAX,
            RULES_TEXT_MAX);
    if (rules->name.len == 0 || !text_is_printable(rules->name))
        return why_set(why, ST_INVALID, "rules: name: not a printable text");
    return ST_OK;
}

enum status unpack_rules(struct bytes body, struct text *name, struct text *text,
                         struct why *why)
{
    static const struct body_key keys[] = {
        {"name", body_text, offsetof(struct rules_body, name), true},
        {"text", body_text, offsetof(struct rules_body, text), true},
    };
    struct rules_body read = {.name = {NULL, 0}};
    enum status st = body_read(body, "rules", KEYS(keys), false, &read, why);
    if (!st)
        st = check_rules(&read, why);
    if (st)
        return st;
    *name = read.name;
    *text = read.text;
    return ST_OK;
}
