/* The options of the feed. */
#include "feed_settings.h"

#include "feed_cursor.h"

#include "shortfall/bus/bus.h"
#include "shortfall/core/timestamp.h"

#include <string.h>

struct feed_settings feed_settings;

static const char *const on_error_names[] = {"stop", "skip", NULL};

#define MEMBER(name) offsetof(struct feed_settings, name)

const struct option_row feed_options[FEED_OPTIONS_LEN] = {
    {.name = "source",
     .kind = OPTION_PATH,
     .offset = MEMBER(source),
     .word = "FILE",
     .required = true,
     .help = "Events as JSON lines; - is standard input."},
    {.name = "ingest",
     .kind = OPTION_ENDPOINT,
     .offset = MEMBER(ingest),
     .required = true,
     .help = "The recorder's endpoint for publishers."},
    {.name = "producer",
     .kind = OPTION_TEXT,
     .offset = MEMBER(producer),
     .word = "NAME",
     .help = "The name under which the recorder remembers how far this feed is: 1 to 64 "
             "of a-z 0-9 . _ -, by default the file's name without its suffix."},
    {.name = "batch",
     .kind = OPTION_INTEGER,
     .offset = MEMBER(batch),
     .standard = "256",
     .least = 1,
     .most = FRAME_EVENTS_MAX,
     .unit = "events",
     .help = "Events a frame."},
    {.name = "window",
     .kind = OPTION_INTEGER,
     .offset = MEMBER(window),
     .standard = "64",
     .least = 1,
     .most = BUS_WINDOW_MAX,
     .unit = "frames",
     .help = "Frames sent before the recorder has answered the first of them."},
    {.name = "factors",
     .kind = OPTION_TEXT,
     .offset = MEMBER(factors),
     .word = "SET",
     .help = "The set of factors for units of volume, instead of the default set."},
    {.name = "follow",
     .kind = OPTION_FLAG,
     .offset = MEMBER(follow),
     .help = "The source grows: send what is there without waiting for a full frame, and "
             "at the end of the file wait for more."},
    {.name = "exercise",
     .kind = OPTION_FLAG,
     .offset = MEMBER(exercise),
     .help = "Feed an exercise: promise after each frame that nothing published earlier "
             "follows. The lines must be in order of published."},
    {.name = "on-error",
     .kind = OPTION_CHOICE,
     .offset = MEMBER(on_error),
     .standard = "stop",
     .choices = on_error_names,
     .help = "At a wrong line: stop before its frame, or log it and go on without it. "
             "The exit code is 65 either way."},
    {.name = "wait",
     .kind = OPTION_DURATION,
     .offset = MEMBER(wait_us),
     .standard = "30s",
     .least = 1000,
     .most = 365 * DAY_US,
     .help = "How long to wait at the start for a recorder that does not answer."},
    {.name = "progress",
     .kind = OPTION_FLAG,
     .offset = MEMBER(progress),
     .help = "Log once a second how far it is."},
};

enum status feed_factors(factor_set_id *out, struct why *why)
{
    char known[256] = "";
    char quoted[TEXT_QUOTE_SIZE];
    size_t len = 0;
    factor_set_id set = FACTOR_SET_DEFAULT;

    if (feed_settings.factors)
        set = factor_set_find(text_of(feed_settings.factors));
    if (set != FACTOR_SET_NONE) {
        *out = set;
        return ST_OK;
    }
    for (factor_set_id i = 0; factor_set_name(i) && len < sizeof known; i++)
        len += (size_t)snprintf(known + len, sizeof known - len, "%s%s",
                                i > 0 ? ", " : "", factor_set_name(i));
    return why_set(why, ST_INVALID, "--factors: there is no set %s (there are: %s)",
                   text_quote(text_of(feed_settings.factors), quoted), known);
}

enum status feed_producer(char out[FRAME_PRODUCER_MAX + 1], struct why *why)
{
    struct text name = text_of(feed_file_name(feed_settings.source));
    const char *dot = strrchr(name.at, '.');
    char quoted[TEXT_QUOTE_SIZE];

    if (feed_settings.producer)
        name = text_of(feed_settings.producer);
    else if (dot && dot > name.at)
        name.len = (uint32_t)(dot - name.at);
    if (frame_producer_is_valid(name)) {
        (void)text_copy(name, out, FRAME_PRODUCER_MAX + 1);
        return ST_OK;
    }
    return why_set(why, ST_INVALID,
                   "%s is no name of a producer (1 to %d of a-z 0-9 . _ -)%s",
                   text_quote(name, quoted), FRAME_PRODUCER_MAX,
                   feed_settings.producer ? "" : ": give one with --producer");
}
