/* The journal's writer. A position leaves this file only after the commit that holds it
 * returned; after the first error of the disk nothing is written any more. */
#include "shortfall/storage/journal.h"

#include "file_lock.h"
#include "journal_closed.h"
#include "journal_file.h"
#include "journal_files.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* Pages in the WAL from which a quiet moment is used to copy them, and from which it is
 * done without waiting for one: 4 and 64 MiB. */
#define WAL_QUIET_PAGES 128
#define WAL_PAGES_MAX   2048

/* How long opening and rotation wait for readers that are in the middle of reading. They
 * read for a millisecond or so, unless they are stopped there. */
#define OPEN_WAIT_MS   5000
#define ROTATE_WAIT_MS 100

struct journal {
    char dir[PATH_SIZE];
    int64_t rotate_bytes;
    int64_t rotate_at; /* bytes of the open file at which it is tried (again) */
    struct file_lock *lock;
    struct journal_file file; /* the newest */
    uint64_t file_first;      /* position in its name */
    struct frame_chain chain; /* where the journal ends */
    int wal_pages;            /* in the WAL after the last commit */
    int wal_limit;            /* pages at which append copies them */
    bool broken;              /* the disk refused; what it holds is no longer known */
};

static int note_wal_pages(void *self, sqlite3 *db, const char *name, int pages)
{
    struct journal *j = self;

    (void)db;
    (void)name;
    j->wal_pages = pages;
    return SQLITE_OK;
}

/* Opens the file that begins at `first` and leaves nothing of it in a WAL: what a run
 * that ended badly had written is durable in the file before anybody is answered. */
static enum status open_newest(struct journal *j, uint64_t first, struct why *why)
{
    char path[PATH_SIZE];
    enum status st = journal_file_path(j->dir, first, path, why);

    if (!st)
        st = journal_file_open_write(path, &j->file, why);
    if (st)
        return st;
    j->file_first = first;
    j->rotate_at = j->rotate_bytes;
    j->wal_pages = 0;
    j->wal_limit = WAL_PAGES_MAX;
    sqlite3_wal_hook(j->file.db, note_wal_pages, j);
    st = sql_checkpoint(j->file.db, SQLITE_CHECKPOINT_TRUNCATE, OPEN_WAIT_MS, NULL, why);
    if (!st && j->file.start.pos + 1 != first)
        st = why_set(why, ST_CORRUPT, "%s: begins with frame %llu", path,
                     (unsigned long long)j->file.start.pos + 1);
    if (!st)
        st = frame_table_end(j->file.db, &j->file.start, &j->chain, why);
    return st;
}

/* The file before the newest must end where the newest begins. */
static enum status check_link(struct journal *j, uint64_t first, struct why *why)
{
    char path[PATH_SIZE];
    struct journal_file file = {.db = NULL};
    struct frame_chain end;
    enum status st = journal_file_path(j->dir, first, path, why);

    if (!st)
        st = journal_file_open_closed(path, &file, why);
    if (st)
        return st;
    st = frame_table_end(file.db, &file.start, &end, why);
    journal_file_close(&file);
    if (st)
        return st;
    if (end.pos != j->file.start.pos ||
        memcmp(end.hash, j->file.start.hash, FRAME_HASH_SIZE) != 0)
        return why_set(why, ST_CORRUPT,
                       "%s: ends with frame %llu, and the next file does not follow it",
                       path, (unsigned long long)end.pos);
    return ST_OK;
}

static enum status open_files(struct journal *j, struct why *why)
{
    struct journal_files files = {NULL, 0};
    enum status st = journal_files_list(j->dir, &files, why);
    uint64_t newest;

    if (st)
        return st;
    newest = files.len ? files.first[files.len - 1] : 1;
    if (!files.len) {
        char path[PATH_SIZE];
        struct frame_chain start = frame_chain_start();

        st = journal_file_path(j->dir, newest, path, why);
        if (!st)
            st = journal_file_create(path, &start, NULL, why);
    }
    if (!st)
        st = open_newest(j, newest, why);
    if (!st && files.len > 1)
        st = check_link(j, files.first[files.len - 2], why);
    journal_files_free(&files);
    return st;
}

static enum status open_folder(struct journal *j, const char *dir, struct why *why)
{
    char lock_path[PATH_SIZE];
    enum status st = path_format(j->dir, why, "%s", dir);

    if (!st)
        st = path_make_folder(dir, why);
    if (!st)
        st = path_format(lock_path, why, "%s/journal.lock", dir);
    if (!st)
        st = file_lock_take(lock_path, &j->lock, why);
    return st;
}

enum status journal_open(const char *dir, const struct journal_options *options,
                         struct journal **out, struct why *why)
{
    struct journal *j;
    enum status st;

    if (sodium_init() < 0)
        return why_set(why, ST_IO, "libsodium does not start");
    j = calloc(1, sizeof(*j));
    if (!j)
        return why_set(why, ST_NO_MEMORY, "%s: no memory", dir);
    j->rotate_bytes = options->rotate_bytes;
    st = open_folder(j, dir, why);
    if (!st)
        st = open_files(j, why);
    if (st) {
        j->broken = true; /* so that closing writes nothing */
        journal_close(j);
        return why_wrap(why, st, "open journal");
    }
    *out = j;
    return ST_OK;
}

void journal_close(struct journal *j)
{
    if (!j)
        return;
    if (j->broken)
        journal_file_close(&j->file);
    else
        journal_file_close_write(&j->file);
    file_lock_release(j->lock);
    free(j);
}

struct journal_tail journal_tail(const struct journal *j)
{
    return (struct journal_tail){j->chain.pos, j->chain.seq, j->chain.clock};
}

/* Remembers what makes every later write meaningless. */
static enum status note_broken(struct journal *j, enum status st)
{
    if (st == ST_IO || st == ST_CORRUPT)
        j->broken = true;
    return st;
}

static enum status refuse_broken(const struct journal *j, struct why *why)
{
    if (!j->broken)
        return ST_OK;
    return why_set(why, ST_IO, "%s: an earlier write failed", j->dir);
}

/* Copies the WAL as far as readers allow. A reader in the way costs nothing but a longer
 * WAL: the next try comes when it has grown as much again. */
static enum status copy_wal(struct journal *j, struct why *why)
{
    bool all = false;
    enum status st = sql_checkpoint(j->file.db, SQLITE_CHECKPOINT_PASSIVE, 0, &all, why);

    if (st == ST_CONFLICT)
        st = ST_OK;
    if (st)
        return note_broken(j, st);
    j->wal_limit = all ? WAL_PAGES_MAX : j->wal_pages + WAL_PAGES_MAX;
    j->wal_pages = all ? 0 : j->wal_pages;
    return ST_OK;
}

/* The order is what a crash in between relies on: a file that a newer one follows has
 * nothing left in its WAL, so it can be read as it stands. */
static enum status begin_file(struct journal *j, struct why *why)
{
    char path[PATH_SIZE];
    struct journal_file closed = j->file;
    enum status st = journal_file_path(j->dir, j->chain.pos + 1, path, why);

    if (!st)
        st = journal_file_create(path, &j->chain, j->file.db, why);
    if (st)
        return st;
    j->file = (struct journal_file){.db = NULL};
    journal_file_close_write(&closed);
    return open_newest(j, j->chain.pos + 1, why);
}

static enum status rotate_if_due(struct journal *j, struct why *why)
{
    int64_t bytes = 0;
    enum status st = journal_file_bytes(&j->file, &bytes, why);

    if (st || bytes < j->rotate_at || j->chain.pos == j->file.start.pos)
        return st;
    st =
        sql_checkpoint(j->file.db, SQLITE_CHECKPOINT_TRUNCATE, ROTATE_WAIT_MS, NULL, why);
    if (st == ST_CONFLICT) { /* a reader is stopped in the middle: later, then */
        j->rotate_at = bytes + j->rotate_bytes / 16;
        return ST_OK;
    }
    if (!st)
        st = begin_file(j, why);
    if (st) {
        j->broken = true;
        return why_wrap(why, st, "begin the next file");
    }
    return ST_OK;
}

static enum status check_order(struct journal *j, const struct frame_chain *chain,
                               const struct frame *frame, struct why *why)
{
    uint64_t last = 0;
    struct bytes cursor;
    enum status st = frame_check(frame, why);

    if (st)
        return st;
    if (frame->clock <= chain->clock)
        return why_set(why, ST_INVALID, "clock %lld does not come after %lld",
                       (long long)frame->clock, (long long)chain->clock);
    st = journal_file_producer(&j->file, frame->producer, &last, &cursor, why);
    if (st)
        return st;
    if (frame->number != last + 1)
        return why_set(why, ST_INVALID, "number %llu of %.*s does not follow %llu",
                       (unsigned long long)frame->number, TEXT_ARGS(frame->producer),
                       (unsigned long long)last);
    return ST_OK;
}

/* Within a transaction; `chain` moves with the frames. */
static enum status insert_frames(struct journal *j, struct frame_chain *chain,
                                 struct frame *frames, size_t len, struct why *why)
{
    for (size_t i = 0; i < len; i++) {
        enum status st = check_order(j, chain, &frames[i], why);

        if (st)
            return st;
        frame_chain_append(chain, &frames[i]);
        st = journal_file_insert(&j->file, &frames[i], why);
        if (st)
            return st;
    }
    return ST_OK;
}

static void forget_positions(struct frame *frames, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        frames[i].pos = 0;
        frames[i].first_seq = 0;
        memset(frames[i].hash, 0, FRAME_HASH_SIZE);
    }
}

enum status journal_append(struct journal *j, struct frame *frames, size_t len,
                           struct why *why)
{
    struct frame_chain chain;
    enum status st = refuse_broken(j, why);

    if (!st)
        st = rotate_if_due(j, why);
    if (!st)
        st = sql_run(j->file.stmts[JOURNAL_BEGIN], why);
    if (st)
        return note_broken(j, st);
    chain = j->chain;
    st = insert_frames(j, &chain, frames, len, why);
    st = sql_end(j->file.db, st, why);
    if (st) {
        forget_positions(frames, len);
        return why_wrap(why, note_broken(j, st), "append to the journal");
    }
    j->chain = chain;
    /* The frames are durable whatever becomes of this copy; its failure is told by the
     * next call, which will find the journal broken. */
    if (j->wal_pages >= j->wal_limit)
        (void)copy_wal(j, NULL);
    return ST_OK;
}

enum status journal_idle(struct journal *j, struct why *why)
{
    enum status st = refuse_broken(j, why);

    if (!st)
        st = note_broken(j, rotate_if_due(j, why));
    if (st || j->wal_pages < WAL_QUIET_PAGES)
        return st;
    return copy_wal(j, why);
}

enum status journal_producer(struct journal *j, struct text producer,
                             uint64_t *last_number, struct bytes *cursor, struct why *why)
{
    return journal_file_producer(&j->file, producer, last_number, cursor, why);
}

enum status journal_find(struct journal *j, const struct frame *frame, uint64_t *pos,
                         bool *same, struct why *why)
{
    const struct journal_wanted wanted = {frame->producer, frame->number, frame->type,
                                          frame->body};
    struct bytes cursor;
    uint64_t last = 0;
    enum status st =
        journal_file_producer(&j->file, frame->producer, &last, &cursor, why);

    if (st)
        return st;
    if (frame->number >= 1 && frame->number <= last) {
        st = journal_file_find(&j->file, &wanted, pos, same, why);
        if (st == ST_NOT_FOUND)
            st = journal_closed_find(j->dir, j->file_first, &wanted, pos, same, why);
        if (st != ST_NOT_FOUND)
            return st;
    }
    return why_set(why, ST_NOT_FOUND, "no frame %llu of %.*s",
                   (unsigned long long)frame->number, TEXT_ARGS(frame->producer));
}
