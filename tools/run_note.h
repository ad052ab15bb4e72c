/* What a supervisor leaves in its folder for others: who it is, and what it runs. */
#ifndef SHORTFALL_TOOLS_RUN_NOTE_H
#define SHORTFALL_TOOLS_RUN_NOTE_H

#include "run_children.h"
#include "setup.h"

#define RUN_CHILDREN_MAX (DAEMON_FEED + SETUP_FEEDS_MAX)

struct run_note {
    pid_t pid;
    int64_t since_us; /* wall clock */
    size_t len;
    struct run_row {
        char name[96];
        enum child_state state;
        pid_t pid; /* 0: it does not run */
        int64_t since_us;
        uint64_t restarts;
        int end; /* as in struct child */
        bool has_ended;
    } list[RUN_CHILDREN_MAX];
};

/* Makes the folders: `state`, and the one of the sockets if they have their default
 * places, which nobody else may look into. ST_IO; ST_INVALID: it is another user's. */
MUST_USE enum status run_make_folders(const struct setup *setup, struct why *why);

/* One supervisor a folder: held until the process ends. ST_CONFLICT names the other. */
MUST_USE enum status run_take_lock(const char *state, struct why *why);

/* The process that supervises there; 0: none. */
pid_t run_lock_holder(const char *state);

/* Replaced by a rename. */
MUST_USE enum status run_note_write(const char *state, const struct run_note *note,
                                    struct why *why);
/* ST_NOT_FOUND: no supervisor has ever run there; ST_INVALID; ST_IO. */
MUST_USE enum status run_note_read(const char *state, struct run_note *out,
                                   struct why *why);

#endif
