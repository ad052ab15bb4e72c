/* The supervisor's folder: its lock and its note. The lock says whether it lives, since a
 * number of a process may be given again; the note says the rest. */
#include "run_note.h"

#include "shortfall/daemons/note.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_SIZE  1200
#define NOTE_FIRST "shortfall-run 1"

static enum status path_below(const char *state, const char *name, char out[PATH_SIZE],
                              struct why *why)
{
    int len = snprintf(out, PATH_SIZE, "%s/%s", state, name);

    if (len < 0 || len >= PATH_SIZE)
        return why_set(why, ST_INVALID, "a path of more than %d bytes", PATH_SIZE - 1);
    return ST_OK;
}

static enum status io_error(struct why *why, const char *path)
{
    return why_set(why, ST_IO, "%s: %s", path, strerror(errno));
}

/* --- folders ------------------------------------------------------------------------ */

static enum status make_one(const char *path, struct why *why)
{
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return io_error(why, path);
    return ST_OK;
}

static enum status make_folder(const char *path, struct why *why)
{
    char part[PATH_SIZE];
    enum status st = path_below(path, "", part, why); /* it ends with a slash now */

    for (char *at = part + 1; !st && *at; at++) {
        if (*at != '/')
            continue;
        *at = '\0';
        st = make_one(part, why);
        *at = '/';
    }
    return st;
}

/* Who can reach a socket can speak as any producer. */
static enum status make_private_folder(const char *path, struct why *why)
{
    struct stat info;
    enum status st = make_folder(path, why);

    if (st)
        return st;
    if (lstat(path, &info))
        return io_error(why, path);
    if (!S_ISDIR(info.st_mode) || info.st_uid != geteuid())
        return why_set(why, ST_INVALID, "%s: it must be a folder of our own", path);
    if ((info.st_mode & 0077) != 0 && chmod(path, 0700))
        return io_error(why, path);
    return ST_OK;
}

static bool has_own_sockets(const struct setup *setup)
{
    static const char *const keys[] = {"ingest", "reader", "serve"};

    for (size_t i = 0; i < 3; i++)
        if (setup_find(&setup->top, keys[i])->place.line == 0)
            return true;
    return false;
}

enum status run_make_folders(const struct setup *setup, struct why *why)
{
    const char *state = setup_top(setup, "state");
    char path[PATH_SIZE];
    enum status st = make_folder(state, why);

    if (st || !has_own_sockets(setup))
        return st;
    st = path_below(state, "run", path, why);
    return st ? st : make_private_folder(path, why);
}

/* --- the lock ----------------------------------------------------------------------- */

static enum status open_lock(const char *state, int flags, int *fd, struct why *why)
{
    char path[PATH_SIZE];
    enum status st = path_below(state, "run.lock", path, why);

    if (st)
        return st;
    *fd = open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0600);
    return *fd < 0 ? io_error(why, path) : ST_OK;
}

/* The descriptor stays open for as long as the process lives. */
enum status run_take_lock(const char *state, struct why *why)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int fd;
    enum status st = open_lock(state, O_RDWR | O_CREAT, &fd, why);

    if (st)
        return st;
    if (fcntl(fd, F_SETLK, &lock) == 0)
        return ST_OK;
    (void)close(fd);
    return why_set(why, ST_CONFLICT, "%s: process %ld supervises there already", state,
                   (long)run_lock_holder(state));
}

pid_t run_lock_holder(const char *state)
{
    struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET};
    int fd;

    if (open_lock(state, O_RDONLY, &fd, NULL))
        return 0;
    bool known = fcntl(fd, F_GETLK, &lock) == 0;

    (void)close(fd);
    return known && lock.l_type != F_UNLCK ? lock.l_pid : 0;
}

/* --- the note ----------------------------------------------------------------------- */

enum status run_note_write(const char *state, const struct run_note *note,
                           struct why *why)
{
    char path[PATH_SIZE];
    char text[NOTE_SIZE];
    size_t len = (size_t)snprintf(text, sizeof text,
                                  NOTE_FIRST "\nsupervisor running %ld %" PRId64 " 0 -\n",
                                  (long)note->pid, note->since_us);
    enum status st = path_below(state, "run.state", path, why);

    for (size_t i = 0; i < note->len; i++) {
        const struct run_row *row = &note->list[i];
        char end[24] = "-";

        if (row->has_ended)
            (void)snprintf(end, sizeof end, "%s%d", row->end < 0 ? "signal-" : "exit-",
                           abs(row->end));
        assert(len + 200 < sizeof text); /* RUN_CHILDREN_MAX rows of at most 200 */
        len += (size_t)snprintf(text + len, sizeof text - len,
                                "%s %s %ld %" PRId64 " %" PRIu64 " %s\n", row->name,
                                child_state_names[row->state], (long)row->pid,
                                row->since_us, row->restarts, end);
    }
    return st ? st : note_write(path, (struct text){text, (uint32_t)len}, why);
}

static bool read_state(struct text word, enum child_state *out)
{
    for (int i = 0; i < CHILD_STATE_COUNT; i++)
        if (text_is(word, child_state_names[i])) {
            *out = (enum child_state)i;
            return true;
        }
    return false;
}

static bool read_end(struct text word, struct run_row *row)
{
    bool is_signal = word.len > 7 && strncmp(word.at, "signal-", 7) == 0;
    bool is_exit = word.len > 5 && strncmp(word.at, "exit-", 5) == 0;
    uint32_t before = is_signal ? 7 : 5;
    uint64_t number;

    row->has_ended = is_signal || is_exit;
    if (!row->has_ended)
        return text_is(word, "-");
    if (!note_number((struct text){word.at + before, word.len - before}, &number) ||
        number > 255)
        return false;
    row->end = is_signal ? -(int)number : (int)number;
    return true;
}

static bool read_row(struct text line, struct run_row *row)
{
    struct text name = note_word(&line);
    uint64_t pid;
    uint64_t since;

    if (name.len == 0 || name.len >= sizeof row->name ||
        !read_state(note_word(&line), &row->state) ||
        !note_number(note_word(&line), &pid) || pid > INT32_MAX ||
        !note_number(note_word(&line), &since) || since > INT64_MAX ||
        !note_number(note_word(&line), &row->restarts))
        return false;
    (void)text_copy(name, row->name, sizeof row->name);
    row->pid = (pid_t)pid;
    row->since_us = (int64_t)since;
    return read_end(note_word(&line), row);
}

/* The first row is the supervisor's own. */
static bool read_rows(struct text rest, struct run_note *out)
{
    struct run_row own = {.name = ""};

    if (!note_next_line(&rest) || !read_row(rest, &own))
        return false;
    out->pid = own.pid;
    out->since_us = own.since_us;
    while (note_next_line(&rest)) {
        if (out->len == RUN_CHILDREN_MAX || !read_row(rest, &out->list[out->len]))
            return false;
        out->len++;
    }
    return true;
}

enum status run_note_read(const char *state, struct run_note *out, struct why *why)
{
    struct run_note note = {.len = 0};
    char path[PATH_SIZE];
    char text[NOTE_SIZE];
    enum status st = path_below(state, "run.state", path, why);

    if (!st)
        st = note_read(path, text, why);
    if (st)
        return st;
    if (strncmp(text, NOTE_FIRST "\n", strlen(NOTE_FIRST) + 1) != 0 ||
        !read_rows(text_of(text), &note))
        return why_set(why, ST_INVALID, "%s: not the note of a supervisor", path);
    *out = note;
    return ST_OK;
}
