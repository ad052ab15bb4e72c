/* The declared feeds of a journal. They stand in its opening frame: an option can only
 * say them for a journal that does not exist yet. */
#include "recorder_feeds.h"

#include "shortfall/proto/pack.h"

#include <stdio.h>
#include <string.h>

static enum status add_feed(struct feeds *feeds, struct text name, struct why *why)
{
    char quoted[TEXT_QUOTE_SIZE];

    if (!frame_producer_is_valid(name))
        return why_set(why, ST_INVALID,
                       "--exercise: %s is no name of a feed (1 to %d of a-z 0-9 . _ -)",
                       text_quote(name, quoted), FRAME_PRODUCER_MAX);
    if (feeds_find(feeds, name))
        return why_set(why, ST_INVALID, "--exercise: %s stands twice",
                       text_quote(name, quoted));
    if (feeds->len == FEEDS_MAX)
        return why_set(why, ST_INVALID, "--exercise: at most %d feeds", FEEDS_MAX);
    (void)text_copy(name, feeds->list[feeds->len].name, sizeof feeds->list[0].name);
    feeds->list[feeds->len++].promised = TIME_NONE;
    return ST_OK;
}

enum status feeds_parse(const char *names, struct feeds *out, struct why *why)
{
    struct feeds feeds = {.clock = CLOCK_RECORDED};

    if (names)
        feeds.clock = CLOCK_PUBLISHED;
    while (names) {
        size_t len = strcspn(names, ",");
        enum status st = add_feed(&feeds, (struct text){names, (uint32_t)len}, why);

        if (st)
            return st;
        names = names[len] == ',' ? names + len + 1 : NULL;
    }
    *out = feeds;
    return ST_OK;
}

enum status feeds_pack(const struct feeds *feeds, uint8_t *out, size_t size, size_t *len)
{
    struct opening opening = {.clock = feeds->clock, .feeds_len = feeds->len};

    for (size_t i = 0; i < feeds->len; i++)
        opening.feeds[i] = text_of(feeds->list[i].name);
    return pack_opening(&opening, out, size, len);
}

enum status feeds_unpack(struct bytes body, struct feeds *out, struct why *why)
{
    struct opening opening;
    struct feeds feeds = {.clock = CLOCK_RECORDED};

    if (unpack_opening(body, &opening, why))
        return ST_CORRUPT;
    feeds.clock = opening.clock;
    for (size_t i = 0; i < opening.feeds_len; i++)
        if (add_feed(&feeds, opening.feeds[i], why))
            return ST_CORRUPT;
    *out = feeds;
    return ST_OK;
}

bool feeds_agree(const struct feeds *a, const struct feeds *b)
{
    if (a->clock != b->clock || a->len != b->len)
        return false;
    for (size_t i = 0; i < a->len; i++) {
        size_t k = 0;

        while (k < b->len && strcmp(a->list[i].name, b->list[k].name) != 0)
            k++;
        if (k == b->len)
            return false;
    }
    return true;
}

struct feed *feeds_find(struct feeds *feeds, struct text name)
{
    for (size_t i = 0; i < feeds->len; i++)
        if (text_is(name, feeds->list[i].name))
            return &feeds->list[i];
    return NULL;
}

const char *feeds_format(const struct feeds *feeds, char *out, size_t size)
{
    size_t len = 0;

    out[0] = '\0';
    for (size_t i = 0; i < feeds->len && len < size; i++)
        len += (size_t)snprintf(out + len, size - len, "%s%s", i > 0 ? ", " : "",
                                feeds->list[i].name);
    return out;
}
