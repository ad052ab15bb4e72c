/* The table of the daemons. Starts nothing: it only shows what each of them would take.
 */
#include "shortfall/daemons/programs.h"

#include "aggregator.h"
#include "feed.h"
#include "notifier.h"
#include "options_value.h"
#include "recorder.h"

#include "shortfall/core/text.h"

#include <assert.h>
#include <string.h>

static const struct daemon *const daemons[DAEMON_KIND_COUNT] = {
    [DAEMON_RECORDER] = &recorder_daemon,
    [DAEMON_AGGREGATOR] = &aggregator_daemon,
    [DAEMON_NOTIFIER] = &notifier_daemon,
    [DAEMON_FEED] = &feed_daemon,
};

const char *daemon_name(enum daemon_kind kind)
{
    assert((unsigned)kind < DAEMON_KIND_COUNT);
    return daemons[kind]->name;
}

const struct option_row *daemon_options(enum daemon_kind kind, size_t *len)
{
    assert((unsigned)kind < DAEMON_KIND_COUNT);
    *len = daemons[kind]->options_len;
    return daemons[kind]->options;
}

const struct option_row *daemon_common_options(size_t *len)
{
    return frame_option_rows(len);
}

static enum status check_flag(const char *value, bool *out, struct why *why)
{
    char quoted[TEXT_QUOTE_SIZE];
    bool yes = strcmp(value, "true") == 0;

    if (!yes && strcmp(value, "false") != 0)
        return why_set(why, ST_INVALID, "%s: expected true or false",
                       text_quote(text_of(value), quoted));
    *out = yes;
    return ST_OK;
}

enum status option_check(const struct option_row *row, const char *value,
                         union option_value *out, struct why *why)
{
    union option_value read = {.number = 0};
    struct option_row here = *row;
    enum status st;

    here.offset = 0; /* the value stands alone, not in a daemon's settings */
    st = row->kind == OPTION_FLAG ? check_flag(value, &read.flag, why)
                                  : option_set(&here, &read, value, why);
    if (st)
        return st;
    *out = read;
    return ST_OK;
}
