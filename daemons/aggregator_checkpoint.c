/* Checkpoints of the aggregator. One is written by a forked process, which sees the
 * memory as it was at that moment, so that no alert waits for a disk; the parent gives
 * the file its name. Must never make one of what is not committed: the database would
 * lack the effects of frames that a start from it no longer folds. */
#include "aggregator_parts.h"
#include "frame_clock.h"

#include "shortfall/daemons/log.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOOK_US (200 * INT64_C(1000)) /* between two looks at the writer */

/* --- the note: what the journal says of this aggregator -------------------------------
 */

enum { NOTE_FEED = 1, NOTE_PROMISED = 2, NOTE_RULES = 4 };

/* number, rules, flags, name of the producer. Compared byte by byte on the same machine:
 * the build's fingerprint stands before it. */
static struct bytes note_write(const struct aggregator *a,
                               uint8_t out[CHECKPOINT_NOTE_MAX])
{
    const struct own_frames *own = &a->own;
    size_t name_len = strlen(a->settings->producer);
    uint8_t flags =
        (uint8_t)((own->is_feed ? NOTE_FEED : 0) | (own->promised ? NOTE_PROMISED : 0) |
                  (own->has_rules ? NOTE_RULES : 0));
    uint8_t *at = out;

    memcpy(at, &own->number, sizeof own->number);
    at += sizeof own->number;
    memcpy(at, &own->rules, sizeof own->rules);
    at += sizeof own->rules;
    *at++ = flags;
    memcpy(at, a->settings->producer, name_len);
    return (struct bytes){out, (size_t)(at - out) + name_len};
}

/* False: it was written under another name. */
static bool note_read(struct aggregator *a, const struct checkpoint_note *note)
{
    struct own_frames own = {0};
    const size_t fixed = sizeof own.number + sizeof own.rules + 1;
    size_t name_len = strlen(a->settings->producer);
    const uint8_t *at = note->bytes;

    if (note->len != fixed + name_len ||
        memcmp(at + fixed, a->settings->producer, name_len) != 0)
        return false;
    memcpy(&own.number, at, sizeof own.number);
    memcpy(&own.rules, at + sizeof own.number, sizeof own.rules);
    own.is_feed = at[fixed - 1] & NOTE_FEED;
    own.promised = at[fixed - 1] & NOTE_PROMISED;
    own.has_rules = at[fixed - 1] & NOTE_RULES;
    own.rules_are_ours = own.has_rules && rules_are_given(a, own.rules);
    a->own = own;
    return true;
}

/* --- the start ------------------------------------------------------------------------
 */

static void drop(void *self, uint64_t pos, enum status st, const char *reason)
{
    const struct aggregator *a = self;
    bool is_useless = st == ST_CORRUPT || st == ST_VERSION || st == ST_CONFLICT;
    struct why why = {""};

    log_write(LOG_WARN, "checkpoint-unfit", log_count("pos", pos),
              log_string("why", reason));
    if (is_useless && checkpoint_remove(a->settings->db, pos, &why))
        log_write(LOG_WARN, "checkpoint-unfit", log_count("pos", pos),
                  log_string("why", why.text));
}

/* A power cut may take the last commits of the database, which is only a cache too. */
static void drop_those_ahead(struct aggregator *a)
{
    struct why why = {""};
    uint64_t most = UINT64_MAX;
    uint64_t pos;

    while (checkpoint_find(a->settings->db, most, &pos, &why) == ST_OK &&
           pos > a->committed.pos) {
        drop(a, pos, ST_CONFLICT, "it is ahead of the database");
        most = pos - 1;
    }
}

void aggregator_resume(struct aggregator *a, struct journal_reader *frames)
{
    const struct fold_options fold = {.memory_max = (size_t)a->settings->memory_max,
                                      .known = TIME_END};
    const struct checkpoint_search search = {.db = a->settings->db,
                                             .frames = frames,
                                             .options = &fold,
                                             .pos_max = a->committed.pos,
                                             .clock_max = TIME_END,
                                             .unfit = drop,
                                             .self = a};
    struct checkpoint_found found;
    struct why why = {""};

    drop_those_ahead(a);
    if (checkpoint_resume(&search, &found, &why) != ST_OK)
        return;
    if (!note_read(a, &found.note)) {
        drop(a, found.mark.pos, ST_CONFLICT, "the aggregator had another name");
        fold_free(found.fold);
        return;
    }
    fold_free(a->fold);
    a->fold = found.fold;
    a->pos = found.mark.pos;
    a->seq = fold_seq(found.fold);
    memcpy(a->hash, found.mark.hash, sizeof a->hash);
    a->checkpoints.seq = a->seq;
    log_write(LOG_INFO, "resumed", log_count("pos", a->pos), log_count("seq", a->seq));
}

/* --- writing ---------------------------------------------------------------------- */

static void log_failure(const char *reason)
{
    log_write(LOG_WARN, "checkpoint-failed", log_string("why", reason));
}

static void log_written(uint64_t pos)
{
    log_write(LOG_INFO, "checkpoint", log_count("pos", pos));
}

/* The connections and the lock of the database are the parent's alone: with them open
 * here, others would take it for alive when it is not. */
static void close_all_but(int kept)
{
    long most = sysconf(_SC_OPEN_MAX);

    for (int fd = STDERR_FILENO + 1; fd < most; fd++) {
        if (fd != kept)
            (void)close(fd);
    }
}

/* In the child: nothing but writing. Its parent may have had threads. */
static void write_and_exit(struct aggregator *a)
{
    const struct checkpoint_writer out = {checkpoint_write, a->checkpoints.file};
    uint8_t bytes[CHECKPOINT_NOTE_MAX];
    struct why why = {""};

    (void)signal(SIGTERM, SIG_DFL);
    (void)signal(SIGINT, SIG_DFL);
    close_all_but(checkpoint_fd(a->checkpoints.file));
    enum status st = fold_save(a->fold, note_write(a, bytes), &out, &why);

    if (st == ST_OK)
        st = checkpoint_seal(a->checkpoints.file, &why);
    if (st)
        log_failure(why.text);
    _exit(st == ST_OK ? 0 : 1);
}

static void begin_one(struct aggregator *a)
{
    const struct checkpoint_mark mark = fold_mark(a->fold, a->hash);
    struct checkpoints *c = &a->checkpoints;
    struct why why = {""};

    c->us = clock_monotonic_us();
    if (checkpoint_create(a->settings->db, &mark, &c->file, &why)) {
        log_failure(why.text);
        return;
    }
    pid_t writer = fork();

    if (writer == 0)
        write_and_exit(a);
    if (writer < 0) {
        log_failure(strerror(errno));
        checkpoint_close(c->file);
        c->file = NULL;
        return;
    }
    c->writer = writer;
    c->writer_pos = a->pos;
    c->writer_seq = a->seq;
}

/* What the writer could not do it has said itself. */
static void end_one(struct aggregator *a, int ended)
{
    struct checkpoints *c = &a->checkpoints;
    struct why why = {""};

    if (!WIFEXITED(ended)) {
        log_failure("its writer was killed");
    } else if (WEXITSTATUS(ended) == 0 && checkpoint_publish(c->file, &why)) {
        log_failure(why.text);
    } else if (WEXITSTATUS(ended) == 0) {
        log_written(c->writer_pos);
        c->seq = c->writer_seq;
    }
    checkpoint_close(c->file);
    c->file = NULL;
    c->writer = 0;
}

/* How long until the next one is due; INT64_MAX: not before more events have come. */
static int64_t due_in_us(const struct aggregator *a)
{
    const struct checkpoints *c = &a->checkpoints;

    if (a->settings->checkpoint_every_us == 0 ||
        a->seq - c->seq < (uint64_t)a->settings->checkpoint_events ||
        !fold_is_whole(a->fold))
        return INT64_MAX;
    int64_t rest_us =
        c->us == 0 ? 0 : c->us + a->settings->checkpoint_every_us - clock_monotonic_us();

    return rest_us > 0 ? rest_us : 0;
}

void aggregator_checkpoint(struct aggregator *a)
{
    pid_t writer = a->checkpoints.writer;
    int ended;

    if (writer != 0 && waitpid(writer, &ended, WNOHANG) == writer)
        end_one(a, ended);
    if (a->checkpoints.writer == 0 && a->pos <= a->committed.pos && due_in_us(a) == 0)
        begin_one(a);
}

int64_t aggregator_checkpoint_wait_us(const struct aggregator *a)
{
    return a->checkpoints.writer == 0 ? due_in_us(a) : LOOK_US;
}

static void await_writer(struct aggregator *a)
{
    int ended = 0;
    pid_t writer;

    if (a->checkpoints.writer == 0)
        return;
    do
        writer = waitpid(a->checkpoints.writer, &ended, 0);
    while (writer < 0 && errno == EINTR);
    end_one(a, ended);
}

void aggregator_checkpoint_close(struct aggregator *a)
{
    if (a->checkpoints.writer != 0)
        (void)kill(a->checkpoints.writer, SIGKILL);
    await_writer(a);
}

void aggregator_checkpoint_last(struct aggregator *a)
{
    uint8_t bytes[CHECKPOINT_NOTE_MAX];
    uint64_t least = (uint64_t)a->settings->checkpoint_events / 100;
    struct why why = {""};

    await_writer(a);
    if (a->settings->checkpoint_every_us == 0 || a->pos != a->committed.pos ||
        a->seq - a->checkpoints.seq <= least || !fold_is_whole(a->fold))
        return;
    if (checkpoint_make(a->settings->db, a->fold, note_write(a, bytes), a->hash, &why)) {
        log_failure(why.text);
        return;
    }
    a->checkpoints.seq = a->seq;
    log_written(a->pos);
}
