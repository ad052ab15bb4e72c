/* Statuses as words and as exit codes, and the reasons that travel beside them. A reason
 * is for a person: nothing may ever be decided by its text. */
#include "shortfall/core/status.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
    EXIT_DONE = 0,
    EXIT_FAILED = 1,
    EXIT_BAD_DATA = 65,
    EXIT_UNREACHABLE = 69,
    EXIT_IO = 74,
    EXIT_CONFIG = 78,
    EXIT_TIMED_OUT = 124
};

/* Bad configuration is ST_INVALID too: whoever reads a configuration or rules says
 * EXIT_CONFIG itself. ST_VERSION is EXIT_CONFIG because another program must be installed
 * or another file named; ST_STOPPED is the ordinary end of a daemon. */
static const struct {
    const char *text;
    int exit_code;
} statuses[ST_COUNT] = {
    [ST_OK] = {"done", EXIT_DONE},
    [ST_INVALID] = {"invalid input", EXIT_BAD_DATA},
    [ST_OVERFLOW] = {"number out of range", EXIT_BAD_DATA},
    [ST_NOT_FOUND] = {"not found", EXIT_FAILED},
    [ST_CONFLICT] = {"conflict with what exists", EXIT_FAILED},
    [ST_REFUSED] = {"refused by the other side", EXIT_FAILED},
    [ST_AGAIN] = {"time limit reached", EXIT_TIMED_OUT},
    [ST_UNREACHABLE] = {"other side not reachable", EXIT_UNREACHABLE},
    [ST_FULL] = {"limit reached", EXIT_FAILED},
    [ST_NO_MEMORY] = {"out of memory", EXIT_FAILED},
    [ST_VERSION] = {"made by another version", EXIT_CONFIG},
    [ST_CORRUPT] = {"stored data is corrupt", EXIT_IO},
    [ST_IO] = {"input or output error", EXIT_IO},
    [ST_STOPPED] = {"stopped", EXIT_DONE},
};

const char *status_text(enum status st)
{
    assert((unsigned)st < ST_COUNT);
    return statuses[st].text;
}

int status_exit_code(enum status st)
{
    assert((unsigned)st < ST_COUNT);
    return statuses[st].exit_code;
}

static void reason_format(char reason[WHY_MAX], const char *format, va_list args)
    PRINTF_LIKE(2, 0);

/* Into a buffer of its own first: an argument may be the old reason itself. */
static void reason_format(char reason[WHY_MAX], const char *format, va_list args)
{
    if (vsnprintf(reason, WHY_MAX, format, args) < 0)
        reason[0] = '\0';
}

enum status why_set(struct why *why, enum status st, const char *format, ...)
{
    char reason[WHY_MAX];
    va_list args;

    if (!why)
        return st;
    va_start(args, format);
    reason_format(reason, format, args);
    va_end(args);
    memcpy(why->text, reason, strlen(reason) + 1);
    return st;
}

static void reason_append(char reason[WHY_MAX], const char *more)
{
    size_t len = strlen(reason);
    size_t more_len = strlen(more);

    if (more_len > WHY_MAX - 1 - len)
        more_len = WHY_MAX - 1 - len;
    memcpy(reason + len, more, more_len);
    reason[len + more_len] = '\0';
}

enum status why_wrap(struct why *why, enum status st, const char *format, ...)
{
    char front[WHY_MAX];
    va_list args;

    if (!why)
        return st;
    va_start(args, format);
    reason_format(front, format, args);
    va_end(args);
    reason_append(front, ": ");
    reason_append(front, why->text);
    memcpy(why->text, front, strlen(front) + 1);
    return st;
}
