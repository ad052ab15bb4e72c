/* What a call that can fail says: a status for the program, a `why` for a person.
 * Every function that returns a status leaves its outputs alone when it fails. */
#ifndef SHORTFALL_CORE_STATUS_H
#define SHORTFALL_CORE_STATUS_H

#include <stddef.h>

#define MUST_USE          __attribute__((warn_unused_result))
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))

enum status {
    ST_OK = 0,
    ST_INVALID,     /* the input breaks a rule of its format or of the domain */
    ST_OVERFLOW,    /* the number is well formed but does not fit its range */
    ST_NOT_FOUND,   /* what was asked for does not exist */
    ST_CONFLICT,    /* it exists already, with other content */
    ST_REFUSED,     /* the other side understood and said no */
    ST_AGAIN,       /* nothing within the time limit; the same call may be made again */
    ST_UNREACHABLE, /* the other side does not answer at all */
    ST_FULL,        /* a stated limit is reached; nothing was changed */
    ST_NO_MEMORY,   /* the system has no memory left; nothing was changed */
    ST_VERSION,     /* made by another version of the program */
    ST_CORRUPT,     /* what was stored is not what is read: the process must end */
    ST_IO,          /* the system refused a read, write or sync: the process must end */
    ST_STOPPED,     /* a signal or a close ended the wait */
    ST_COUNT
};

/* A short noun phrase, never NULL; static. */
const char *status_text(enum status st);

/* The process exit code that tells `st` to a script (docs/reference/exit-codes.md).
 */
int status_exit_code(enum status st);

#define WHY_MAX 640 /* bytes, with the final NUL; longer text is cut */

/* What was being done, to what, and what the other side said. */
struct why {
    char text[WHY_MAX];
};

/* Writes the reason and returns `st`, so that a failing line is one line. `why` may be
 * NULL: the caller wants the status only. */
enum status why_set(struct why *why, enum status st, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* Puts "what was being done: " in front of the reason, and returns `st`. */
enum status why_wrap(struct why *why, enum status st, const char *format, ...)
    PRINTF_LIKE(3, 4);

#endif
