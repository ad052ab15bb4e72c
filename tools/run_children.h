/* The daemons that `shortfall run` has started: one child each, when it is to be started
 * again, and what others may know of it. Reads no clock: the caller says what time it
 * is. */
#ifndef SHORTFALL_TOOLS_RUN_CHILDREN_H
#define SHORTFALL_TOOLS_RUN_CHILDREN_H

#include "shortfall/core/status.h"
#include "shortfall/core/timestamp.h"
#include "shortfall/daemons/programs.h"

#include <sys/types.h>

#define CHILD_BACKOFF_LEAST_US (SECOND_US / 5)
#define CHILD_BACKOFF_MOST_US  (30 * SECOND_US)
#define CHILD_SETTLED_US       (10 * SECOND_US) /* of life: the next failure is a first */
#define CHILD_READY_FD         3                /* as the child knows it */

enum child_state {
    CHILD_IDLE,     /* its turn has not come */
    CHILD_STARTING, /* runs, and has not said that it is ready */
    CHILD_READY,
    CHILD_WAITING, /* has ended, and is started again at due_us */
    CHILD_DONE,    /* a feed that has recorded all it had */
    CHILD_STOPPED, /* ended because it was told to */
    CHILD_HELD,    /* is not started again before a person or the clock has changed */
    CHILD_STATE_COUNT
};

extern const char *const child_state_names[CHILD_STATE_COUNT];

struct child {
    enum daemon_kind kind;
    char name[96]; /* "recorder", "feed/shipments" */
    char **words;  /* its command line; owned */
    enum child_state state;
    int64_t since_us; /* wall clock: of the state */
    pid_t pid;        /* 0: it does not run */
    int ready_fd;     /* -1: none */
    bool was_ready;   /* ever */
    bool is_told;     /* to stop */
    bool is_killed;
    int64_t started_us, due_us, backoff_us; /* monotonic; 0: no failure yet */
    int64_t offset_us; /* of the wall clock from the monotonic one, when it started */
    uint64_t restarts;
    int end;        /* how it ended last: exit code, or minus a signal; if has_ended */
    bool has_ended; /* ever */
    bool is_repeat; /* it ended as it did before, and will again: known already */
};

/* Both clocks, in microseconds. */
struct moment {
    int64_t wall_us, monotonic_us;
};

/* Starts it, as the leader of a process group of its own: a Ctrl-C on the terminal is for
 * us, who stop the children in order. It is told to end if we die. ST_IO. */
MUST_USE enum status child_start(struct child *c, struct moment now, struct why *why);

/* Reads its ready_fd, which is readable or closed: true when it has become ready. */
bool child_look(struct child *c, struct moment now);

/* It has ended with this status of wait(): done, stopped, or to be started again. */
void child_ended(struct child *c, int wait_status, struct moment now);

/* Whether the wall clock has jumped by more than this since it was started. Then it is
 * held: it stopped for just that, and a restart would follow the clock for ever. The
 * caller asks again at due_us; a clock that is back lets it go. */
bool child_hold(struct child *c, struct moment now, int64_t jump_us);

/* Whether an exit code says that starting again will not mend it: bad configuration, bad
 * data, bad usage. */
bool child_end_is_lasting(int end);

/* What an exit code or, below 0, a signal means, for people. */
const char *child_end_text(int end);

/* SIGTERM, or SIGKILL; once each. */
void child_tell(struct child *c, bool kill);

#endif
