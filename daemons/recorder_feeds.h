/* The declared feeds of an exercise journal and what each has promised. A journal that
 * runs on `recorded` has none. */
#ifndef SHORTFALL_DAEMONS_RECORDER_FEEDS_H
#define SHORTFALL_DAEMONS_RECORDER_FEEDS_H

#include "shortfall/core/frame.h"
#include "shortfall/core/status.h"

struct feed {
    char name[FRAME_PRODUCER_MAX + 1];
    int64_t promised; /* nothing published before follows; TIME_NONE: no promise yet */
};

struct feeds {
    enum clock_kind clock;
    size_t len;
    struct feed list[FEEDS_MAX];
};

/* "ships,prices" of the option --exercise; NULL: a journal on `recorded`, without feeds.
 * ST_INVALID. */
MUST_USE enum status feeds_parse(const char *names, struct feeds *out, struct why *why);

/* The body of the opening frame, of at most OPENING_BODY_MAX bytes, and back. ST_CORRUPT:
 * it is not one. */
MUST_USE enum status feeds_pack(const struct feeds *feeds, uint8_t *out, size_t size,
                                size_t *len);
MUST_USE enum status feeds_unpack(struct bytes body, struct feeds *out, struct why *why);

/* Same clock, same names in any order. */
bool feeds_agree(const struct feeds *a, const struct feeds *b);

struct feed *feeds_find(struct feeds *feeds, struct text name); /* NULL: not declared */

/* For messages: "ships, prices"; cut at size - 1. Returns `out`. */
const char *feeds_format(const struct feeds *feeds, char *out, size_t size);

#endif
