/* Reads frames by position, over all files of a journal or from one file. Frames are
 * copied out in batches: between two calls no lock is held and no snapshot stands in the
 * way of the writer's checkpoint, however long the reader thinks. */
#include "shortfall/storage/journal.h"

#include "frame_source.h"
#include "journal_files.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define BATCH_FRAMES 64
#define FRAME_MAX    (FRAME_BODY_MAX + FRAME_CURSOR_MAX + FRAME_PRODUCER_MAX)
#define BATCH_BYTES  (1024 * 1024 + FRAME_MAX)

struct journal_reader {
    char path[PATH_SIZE];
    bool is_folder;
    struct frame_source source; /* db NULL: none open */
    struct frame frames[BATCH_FRAMES];
    size_t len, next; /* frames[next .. len) wait to be handed out */
    bool has_chain;
    struct frame_chain chain; /* over all that was read in a row */
    size_t used;              /* of `bytes` */
    uint8_t bytes[BATCH_BYTES];
};

/* Opens the file of the folder that holds `pos`, or would. */
static enum status open_file_of(struct journal_reader *r, uint64_t pos, struct why *why)
{
    char path[PATH_SIZE];
    struct journal_files files = {NULL, 0};
    enum status st = journal_files_list(r->path, &files, why);
    bool closed = false;
    size_t index;

    if (st)
        return st;
    index = journal_files_find(&files, pos);
    if (!files.len) {
        st = why_set(why, ST_NOT_FOUND, "%s: no journal in this folder", r->path);
    } else if (index == files.len) {
        st =
            why_set(why, ST_CORRUPT, "%s: the journal begins with frame %llu, not %llu",
                    r->path, (unsigned long long)files.first[0], (unsigned long long)pos);
    } else {
        closed = index + 1 < files.len;
        st = journal_file_path(r->path, files.first[index], path, why);
    }
    journal_files_free(&files);
    if (st)
        return st;
    frame_source_close(&r->source);
    return frame_source_open(path, closed, &r->source, why);
}

enum status journal_reader_open(const char *path, struct journal_reader **out,
                                struct why *why)
{
    struct journal_reader *r;
    enum status st;

    if (sodium_init() < 0)
        return why_set(why, ST_IO, "libsodium does not start");
    r = calloc(1, sizeof(*r));
    if (!r)
        return why_set(why, ST_NO_MEMORY, "%s: no memory", path);
    r->is_folder = path_is_folder(path);
    st = path_format(r->path, why, "%s", path);
    if (!st && r->is_folder)
        st = open_file_of(r, UINT64_MAX, why);
    else if (!st)
        st = frame_source_open(path, false, &r->source, why);
    if (st) {
        journal_reader_close(r);
        return why_wrap(why, st, "read the journal");
    }
    *out = r;
    return ST_OK;
}

void journal_reader_close(struct journal_reader *r)
{
    if (!r)
        return;
    frame_source_close(&r->source);
    free(r);
}

static const uint8_t *keep(struct journal_reader *r, const void *at, size_t len)
{
    uint8_t *kept = r->bytes + r->used;

    assert(len <= sizeof(r->bytes) - r->used);
    if (len)
        memcpy(kept, at, len);
    r->used += len;
    return kept;
}

static void keep_frame(struct journal_reader *r, const struct frame *frame)
{
    struct frame *kept = &r->frames[r->len++];

    *kept = *frame;
    kept->producer.at = (const char *)keep(r, frame->producer.at, frame->producer.len);
    kept->cursor.at = keep(r, frame->cursor.at, frame->cursor.len);
    kept->body.at = keep(r, frame->body.at, frame->body.len);
}

static void drop_batch(struct journal_reader *r)
{
    r->len = 0;
    r->next = 0;
    r->used = 0;
}

/* Where the chain of hashes stands at `after`: where reading ended, where the file
 * begins, or, for a reader that begins in the middle, what the frame there says of
 * itself. */
static enum status find_chain(struct journal_reader *r, uint64_t after, struct why *why)
{
    struct frame frame;
    enum status st;

    if (r->has_chain && r->chain.pos == after)
        return ST_OK;
    r->has_chain = after == r->source.start.pos;
    r->chain = r->source.start;
    if (r->has_chain || after == 0)
        return ST_OK;
    frame_seek(r->source.after, after - 1);
    st = frame_source_row(&r->source, &frame, why);
    if (st)
        return st == ST_NOT_FOUND ? ST_OK : st;
    if (frame.pos != after)
        return ST_OK; /* a hole, told where it is read */
    r->has_chain = true;
    r->chain = (struct frame_chain){
        .pos = after, .seq = frame.first_seq + frame.events - 1, .clock = frame.clock};
    memcpy(r->chain.hash, frame.hash, sizeof(r->chain.hash));
    return ST_OK;
}

/* A frame that was changed on the disk must not become a figure. */
static enum status check_frame(struct journal_reader *r, const struct frame *frame,
                               uint64_t expected, struct why *why)
{
    if (frame->pos != expected)
        return why_set(why, ST_CORRUPT, "%s: frame %llu is missing",
                       frame_source_path(&r->source), (unsigned long long)expected);
    if (r->has_chain && frame_chain_check(&r->chain, frame, why))
        return why_wrap(why, ST_CORRUPT, "%s", frame_source_path(&r->source));
    return ST_OK;
}

/* Reads on in the open file. ST_NOT_FOUND: it has nothing above `after`. */
static enum status fill_batch(struct journal_reader *r, uint64_t after, struct why *why)
{
    uint64_t expected = after + 1;
    enum status st = find_chain(r, after, why);

    drop_batch(r);
    if (st)
        return st;
    frame_seek(r->source.after, after);
    while (r->len < BATCH_FRAMES && r->used + FRAME_MAX <= sizeof(r->bytes)) {
        struct frame frame;

        st = frame_source_row(&r->source, &frame, why);
        if (st)
            break;
        st = check_frame(r, &frame, expected, why);
        if (st)
            break;
        keep_frame(r, &frame);
        expected++;
    }
    sqlite3_reset(r->source.after);
    if (r->len) /* what follows a good frame is told when it is asked for */
        return ST_OK;
    return st;
}

/* Whether files that follow the open one have come to exist since it was opened: the name
 * of the next one tells where it begins. */
static enum status has_followers(struct journal_reader *r, bool *out, struct why *why)
{
    char path[PATH_SIZE];
    int64_t last = 0;
    enum status st =
        sql_number(r->source.db, "SELECT coalesce(max(pos), 0) FROM frame", &last, why);

    *out = r->source.closed;
    if (st || *out || last <= 0)
        return st;
    st = journal_file_path(r->path, (uint64_t)last + 1, path, why);
    *out = !st && path_exists(path);
    return st;
}

/* The open file has nothing above `after`: what follows it, if anything does? */
static enum status read_on(struct journal_reader *r, uint64_t after, struct why *why)
{
    bool followers = false;
    enum status st = r->is_folder ? has_followers(r, &followers, why) : ST_OK;

    if (st)
        return st;
    if (followers) {
        st = open_file_of(r, after + 1, why);
        if (!st)
            st = fill_batch(r, after, why);
        if (st != ST_NOT_FOUND)
            return st;
        if (r->source.closed)
            return why_set(why, ST_CORRUPT, "%s: frame %llu is missing",
                           frame_source_path(&r->source), (unsigned long long)after + 1);
    }
    return why_set(why, ST_NOT_FOUND, "no frame after %llu", (unsigned long long)after);
}

static enum status read_batch(struct journal_reader *r, uint64_t after, struct why *why)
{
    enum status st = ST_OK;

    if (r->is_folder && (after < r->source.start.pos || !r->source.db))
        st = open_file_of(r, after + 1, why); /* back, into an older file */
    if (!st)
        st = fill_batch(r, after, why);
    return st == ST_NOT_FOUND ? read_on(r, after, why) : st;
}

enum status journal_reader_next(struct journal_reader *r, uint64_t after,
                                struct frame *out, struct why *why)
{
    enum status st = ST_OK;

    if (after >= INT64_MAX)
        return why_set(why, ST_NOT_FOUND, "no frame after %llu",
                       (unsigned long long)after);
    if (r->next == r->len || r->frames[r->next].pos != after + 1)
        st = read_batch(r, after, why);
    if (st)
        return st;
    *out = r->frames[r->next++];
    return ST_OK;
}
