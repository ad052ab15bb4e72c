/* The part of `shortfall status` that is about processes: who runs, since when, and what
 * the recorder has refused. */
#ifndef SHORTFALL_TOOLS_STATUS_RUN_H
#define SHORTFALL_TOOLS_STATUS_RUN_H

#include "run_note.h"

#include "shortfall/daemons/recorder_stats.h"

struct status_run {
    pid_t supervisor; /* 0: none lives */
    bool has_note;    /* one has run there */
    struct run_note note;
    bool has_stats;
    struct recorder_stats stats;
};

/* Reads what a supervisor and a recorder have left, if they have. ST_INVALID, ST_IO. */
MUST_USE enum status status_run_read(const struct setup *setup, struct status_run *out,
                                     struct why *why);

/* The rows above those of the database, and the one on refusals. */
void status_run_print(const struct status_run *run);
void status_run_print_refusals(const struct status_run *run);

/* The same as members of an object, each with a comma before it. */
void status_run_print_json(const struct status_run *run);

#endif
