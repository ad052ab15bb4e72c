/* The recorder's side of its note (recorder_stats.h). */
#ifndef SHORTFALL_DAEMONS_RECORDER_STATS_FILE_H
#define SHORTFALL_DAEMONS_RECORDER_STATS_FILE_H

#include "shortfall/daemons/recorder_stats.h"

#include <stdbool.h>

struct stats_file {
    const char *journal;
    struct recorder_stats now, written;
    int64_t due_us; /* monotonic: not written before */
    bool failed;    /* said in the log once */
};

/* Takes the place of what an earlier recorder left. */
void stats_file_begin(struct stats_file *f, const char *journal, uint64_t since,
                      int64_t monotonic_us);

/* Writes f->now when it has changed and the last time is a second ago. A failure is only
 * logged. */
void stats_file_update(struct stats_file *f, int64_t monotonic_us);

/* The same at once: before the end. */
void stats_file_finish(struct stats_file *f);

/* How long until something is to be written; INT64_MAX: nothing is. */
int64_t stats_file_left_us(const struct stats_file *f, int64_t monotonic_us);

#endif
