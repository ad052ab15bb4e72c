/* Recomputes what a journal claims of itself: the chain of hashes over all its frames,
 * from file to file, and what it remembers of its producers. It changes nothing. */
#include "shortfall/storage/journal.h"

#include "frame_source.h"
#include "journal_files.h"

#include <sodium.h>
#include <string.h>

struct verifier {
    struct frame_chain chain;
    uint64_t frames;
    bool begun; /* a first file was read */
};

static enum status check_start(struct verifier *v, const struct frame_source *source,
                               struct why *why)
{
    const struct frame_chain *start = &source->start;

    if (!v->begun)
        v->chain = *start; /* files before it may have been put away */
    v->begun = true;
    if (start->pos == v->chain.pos && start->seq == v->chain.seq &&
        start->clock == v->chain.clock &&
        memcmp(start->hash, v->chain.hash, FRAME_HASH_SIZE) == 0)
        return ST_OK;
    return why_set(why, ST_CORRUPT,
                   "frame %llu: the file before this one ends with frame %llu",
                   (unsigned long long)start->pos + 1, (unsigned long long)v->chain.pos);
}

static enum status check_frames(struct verifier *v, struct frame_source *source,
                                struct why *why)
{
    frame_seek(source->after, v->chain.pos);
    for (;;) {
        struct frame frame;
        int64_t clock = v->chain.clock;
        enum status st = sql_row(source->after, why);

        if (st)
            return st == ST_NOT_FOUND ? ST_OK
                                      : why_wrap(why, st, "frame %llu",
                                                 (unsigned long long)v->chain.pos + 1);
        st = frame_read(source->after, &frame, why);
        if (!st)
            st = frame_chain_check(&v->chain, &frame, why);
        if (st)
            return st;
        if (source->is_journal && frame.clock <= clock)
            return why_set(why, ST_CORRUPT, "frame %llu: its clock does not advance",
                           (unsigned long long)frame.pos);
        v->frames++;
    }
}

/* A producer must be remembered with the number of its last frame here: frames that were
 * taken off the end would otherwise leave no trace. */
static enum status check_producers(const struct frame_source *source, struct why *why)
{
    int64_t wrong = 0;
    enum status st;

    if (!source->is_journal)
        return ST_OK;
    st = sql_number(
        source->db,
        "SELECT count(*) FROM (SELECT producer, max(number) AS last FROM frame "
        "GROUP BY producer) LEFT JOIN producer ON name = producer "
        "WHERE last_number IS NOT last",
        &wrong, why);
    if (!st && wrong)
        st = why_set(why, ST_CORRUPT,
                     "%lld producers are remembered with another number than their last",
                     (long long)wrong);
    return st;
}

static enum status verify_file(struct verifier *v, const char *path, bool closed,
                               struct why *why)
{
    struct frame_source source = {.db = NULL};
    enum status st = frame_source_open(path, closed, &source, why);

    if (st)
        return st;
    st = check_start(v, &source, why);
    if (!st)
        st = check_frames(v, &source, why);
    if (!st)
        st = check_producers(&source, why);
    frame_source_close(&source);
    if (st)
        return why_wrap(why, st, "%s", path);
    return ST_OK;
}

static enum status verify_folder(struct verifier *v, const char *dir, struct why *why)
{
    struct journal_files files = {NULL, 0};
    enum status st = journal_files_list(dir, &files, why);

    if (!st && !files.len)
        st = why_set(why, ST_NOT_FOUND, "%s: no journal in this folder", dir);
    for (size_t i = 0; !st && i < files.len; i++) {
        char path[PATH_SIZE];

        st = journal_file_path(dir, files.first[i], path, why);
        if (!st)
            st = verify_file(v, path, i + 1 < files.len, why);
    }
    journal_files_free(&files);
    return st;
}

enum status journal_verify(const char *path, uint64_t *frames, struct why *why)
{
    struct verifier v = {.frames = 0};
    enum status st;

    if (sodium_init() < 0)
        return why_set(why, ST_IO, "libsodium does not start");
    st = path_is_folder(path) ? verify_folder(&v, path, why)
                              : verify_file(&v, path, false, why);
    if (st)
        return st;
    *frames = v.frames;
    return ST_OK;
}
