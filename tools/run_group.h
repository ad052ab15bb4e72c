/* The children of a supervisor together: who is started when, in which order they are
 * stopped, and what is noted of them. Reads no clock and waits for nothing: run.c does.
 */
#ifndef SHORTFALL_TOOLS_RUN_GROUP_H
#define SHORTFALL_TOOLS_RUN_GROUP_H

#include "run_note.h"

#define GROUP_GRACE_US (10 * SECOND_US) /* from being told to stop until being killed */

struct run_group {
    const char *state;
    int64_t since_us;
    int64_t clock_jump_us; /* as the recorder has it */
    struct child list[RUN_CHILDREN_MAX];
    size_t len;
    bool changed;       /* since the note was written */
    bool stopping;      /* with the children of kind `stage` */
    int stage;          /* from feeds down to the recorder; -1: all have ended */
    int64_t kill_at_us; /* of the stage */
    bool was_unclean;   /* a child had to be killed, or ended badly when it was stopped */
    bool is_note_failed; /* said once */
};

/* One child for each daemon and feed, none of them started. ST_NOT_FOUND: a program is
 * missing; ST_NO_MEMORY, ST_IO. */
MUST_USE enum status group_add_all(struct run_group *g, const struct setup *setup,
                                   struct moment now, struct why *why);
void group_free(struct run_group *g);

/* Starts whoever's turn it is. */
void group_start_due(struct run_group *g, struct moment now);

/* Takes note of those that have ended. */
void group_reap(struct run_group *g, struct moment now);

/* Stops one kind after the other, feeds first; called again until g->stage is below 0.
 * `impatient`: without a grace. */
void group_stop(struct run_group *g, struct moment now, bool impatient);

/* One of them has something to say on its ready_fd. */
void group_look(struct run_group *g, struct child *c, struct moment now);

/* Milliseconds until something is to be done unasked; -1: nothing is. */
int group_patience_ms(const struct run_group *g, struct moment now);

/* Writes the note if anything has changed; a failure is logged, once. */
void group_note(struct run_group *g);

#endif
