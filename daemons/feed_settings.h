/* The options of the feed, and what follows from them. */
#ifndef SHORTFALL_DAEMONS_FEED_SETTINGS_H
#define SHORTFALL_DAEMONS_FEED_SETTINGS_H

#include "shortfall/core/commodity.h"
#include "shortfall/core/frame.h"
#include "shortfall/daemons/options.h"

enum feed_on_error { ON_ERROR_STOP, ON_ERROR_SKIP };

struct feed_settings {
    const char *source, *producer, *ingest, *factors;
    int64_t batch, window, on_error, wait_us;
    bool follow, exercise, progress;
};

extern struct feed_settings feed_settings;
#define FEED_OPTIONS_LEN 11
extern const struct option_row feed_options[FEED_OPTIONS_LEN];

/* --factors; ST_INVALID names the sets there are. */
MUST_USE enum status feed_factors(factor_set_id *out, struct why *why);

/* --producer, or the source's name without folder and suffix. ST_INVALID. */
MUST_USE enum status feed_producer(char out[FRAME_PRODUCER_MAX + 1], struct why *why);

#endif
