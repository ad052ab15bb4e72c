/* A checkpoint's file: the words that say what it is, then blocks, each with its length
 * and its hash over the one before; the last one is empty. Must never hand out a byte
 * whose block's hash was not compared. */
#include "shortfall/storage/checkpoint_file.h"

#include "checkpoint_names.h"

#include "shortfall/core/hash.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BLOCK_MAX  ((size_t)1 << 20) /* bytes: what the caches of a processor hold */
#define BLOCK_HEAD (4 + 16)          /* its length and its hash */
#define MARK_SIZE  (8 + 8 + FRAME_HASH_SIZE)

/* The last byte is the number of the form: to be raised with every change of it. */
static const uint8_t magic[16] = {'s', 'h', 'o', 'r', 't', 'f', 'a', 'l',
                                  'l', ' ', 'c', 'k', 'p', 't', 0,   1};

struct checkpoint_file {
    int fd;
    bool writing, sealed, published;
    char db[PATH_SIZE];
    char path[PATH_SIZE]; /* where it is now */
    uint64_t pos;
    struct hash128 chain; /* of the blocks so far */
    size_t len, at;       /* of the block at hand: filled, and read of it */
    uint8_t block[BLOCK_HEAD + BLOCK_MAX];
};

/* Which block follows which is a part of the hash, so that none can be left out. */
static struct hash128 chain_next(struct hash128 chain, const uint8_t *bytes, size_t len)
{
    return hash128_of(bytes, len, chain.low ^ chain.high);
}

static void number_put(uint8_t *at, size_t size, uint64_t number)
{
    for (size_t i = 0; i < size; i++)
        at[i] = (uint8_t)(number >> (8 * i));
}

static uint64_t number_get(const uint8_t *at, size_t size)
{
    uint64_t number = 0;

    for (size_t i = 0; i < size; i++)
        number |= (uint64_t)at[i] << (8 * i);
    return number;
}

static enum status file_new(const char *db, struct checkpoint_file **out, struct why *why)
{
    struct checkpoint_file *file = malloc(sizeof *file);

    if (file == NULL)
        return why_set(why, ST_NO_MEMORY, "%s: no memory for a checkpoint", db);
    file->fd = -1;
    file->writing = file->sealed = file->published = false;
    file->len = file->at = 0;
    file->chain = hash128_of(magic, sizeof magic, 0);
    enum status st = path_format(file->db, why, "%s", db);

    if (st) {
        free(file);
        return st;
    }
    *out = file;
    return ST_OK;
}

void checkpoint_close(struct checkpoint_file *file)
{
    if (file == NULL)
        return;
    if (file->fd >= 0)
        (void)close(file->fd);
    if (file->writing && !file->published)
        (void)unlink(file->path);
    free(file);
}

int checkpoint_fd(const struct checkpoint_file *file)
{
    return file->fd;
}

/* --- writing ----------------------------------------------------------------------- */

static enum status write_all(struct checkpoint_file *file, const uint8_t *bytes,
                             size_t len, struct why *why)
{
    for (size_t done = 0; done < len;) {
        ssize_t written = write(file->fd, bytes + done, len - done);

        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return path_error(why, file->path);
        done += (size_t)written;
    }
    return ST_OK;
}

static enum status block_write(struct checkpoint_file *file, struct why *why)
{
    file->chain = chain_next(file->chain, file->block + BLOCK_HEAD, file->len);
    number_put(file->block, 4, file->len);
    hash128_bytes(file->chain, file->block + 4);
    enum status st = write_all(file, file->block, BLOCK_HEAD + file->len, why);

    file->len = 0;
    return st;
}

enum status checkpoint_write(void *self, const void *bytes, size_t len, struct why *why)
{
    struct checkpoint_file *file = self;
    const uint8_t *from = bytes;

    assert(file->writing && !file->sealed);
    while (len > 0) {
        size_t room = BLOCK_MAX - file->len;
        size_t part = len < room ? len : room;

        memcpy(file->block + BLOCK_HEAD + file->len, from, part);
        file->len += part;
        from += part;
        len -= part;
        if (file->len == BLOCK_MAX) {
            enum status st = block_write(file, why);

            if (st)
                return st;
        }
    }
    return ST_OK;
}

/* The mark is a block of its own: to choose among checkpoints reads no more than that. */
static enum status begin(struct checkpoint_file *file, const struct checkpoint_mark *mark,
                         struct why *why)
{
    uint8_t bytes[MARK_SIZE];
    enum status st = checkpoint_new_path(file->path, file->db, why);

    if (st)
        return st;
    if (unlink(file->path) != 0 && errno != ENOENT)
        return path_error(why, file->path);
    file->fd =
        open(file->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file->fd < 0)
        return path_error(why, file->path);
    file->writing = true;
    file->pos = mark->pos;
    number_put(bytes, 8, mark->pos);
    number_put(bytes + 8, 8, (uint64_t)mark->clock);
    memcpy(bytes + 16, mark->hash, FRAME_HASH_SIZE);
    st = write_all(file, magic, sizeof magic, why);
    if (st == ST_OK)
        st = checkpoint_write(file, bytes, sizeof bytes, why);
    return st ? st : block_write(file, why);
}

enum status checkpoint_create(const char *db, const struct checkpoint_mark *mark,
                              struct checkpoint_file **out, struct why *why)
{
    struct checkpoint_file *file = NULL;
    enum status st = file_new(db, &file, why);

    if (st)
        return st;
    assert(file != NULL);
    st = begin(file, mark, why);
    if (st) {
        checkpoint_close(file);
        return st;
    }
    *out = file;
    return ST_OK;
}

enum status checkpoint_seal(struct checkpoint_file *file, struct why *why)
{
    enum status st = file->len > 0 ? block_write(file, why) : ST_OK;

    if (st == ST_OK)
        st = block_write(file, why); /* the empty one */
    if (st == ST_OK && fsync(file->fd) != 0)
        st = path_error(why, file->path);
    file->sealed = st == ST_OK;
    return st;
}

enum status checkpoint_publish(struct checkpoint_file *file, struct why *why)
{
    char path[PATH_SIZE];
    enum status st = checkpoint_path(path, file->db, file->pos, why);

    if (st)
        return st;
    if (rename(file->path, path) != 0)
        return path_error(why, path);
    file->published = true;
    st = path_sync_folder_of(path, why);
    return st ? st : checkpoint_prune(file->db, CHECKPOINTS_KEPT, why);
}

/* --- reading ----------------------------------------------------------------------- */

static enum status damaged(const struct checkpoint_file *file, struct why *why)
{
    return why_set(why, ST_CORRUPT, "%s: it is damaged", file->path);
}

static enum status read_all(struct checkpoint_file *file, uint8_t *bytes, size_t len,
                            struct why *why)
{
    for (size_t done = 0; done < len;) {
        ssize_t got = read(file->fd, bytes + done, len - done);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return path_error(why, file->path);
        if (got == 0)
            return damaged(file, why);
        done += (size_t)got;
    }
    return ST_OK;
}

static enum status block_read(struct checkpoint_file *file, struct why *why)
{
    uint8_t hash[16];
    enum status st = read_all(file, file->block, BLOCK_HEAD, why);

    if (st)
        return st;
    uint64_t len = number_get(file->block, 4);

    if (len > BLOCK_MAX)
        return damaged(file, why);
    st = read_all(file, file->block + BLOCK_HEAD, (size_t)len, why);
    if (st)
        return st;
    file->chain = chain_next(file->chain, file->block + BLOCK_HEAD, (size_t)len);
    hash128_bytes(file->chain, hash);
    if (memcmp(hash, file->block + 4, sizeof hash) != 0)
        return damaged(file, why);
    file->len = (size_t)len;
    file->at = 0;
    return ST_OK;
}

enum status checkpoint_read(void *self, void *bytes, size_t len, struct why *why)
{
    struct checkpoint_file *file = self;
    uint8_t *to = bytes;

    while (len > 0) {
        if (file->at == file->len) {
            enum status st = block_read(file, why);

            if (st)
                return st;
            if (file->len == 0)
                return why_set(why, ST_CORRUPT, "%s: it ends too early", file->path);
        }
        size_t there = file->len - file->at;
        size_t part = len < there ? len : there;

        memcpy(to, file->block + BLOCK_HEAD + file->at, part);
        file->at += part;
        to += part;
        len -= part;
    }
    return ST_OK;
}

static enum status read_mark(struct checkpoint_file *file, struct checkpoint_mark *mark,
                             struct why *why)
{
    uint8_t bytes[MARK_SIZE];
    uint8_t first[sizeof magic];
    enum status st = read_all(file, first, sizeof first, why);

    if (st == ST_OK && memcmp(first, magic, sizeof magic) != 0)
        return why_set(why, ST_VERSION, "%s: another form of file", file->path);
    if (st == ST_OK)
        st = checkpoint_read(file, bytes, sizeof bytes, why);
    if (st)
        return st;
    if (number_get(bytes, 8) != file->pos || file->at != file->len)
        return damaged(file, why);
    mark->pos = file->pos;
    mark->clock = (int64_t)number_get(bytes + 8, 8);
    memcpy(mark->hash, bytes + 16, FRAME_HASH_SIZE);
    return ST_OK;
}

enum status checkpoint_open(const char *db, uint64_t pos, struct checkpoint_file **out,
                            struct checkpoint_mark *mark, struct why *why)
{
    struct checkpoint_file *file = NULL;
    enum status st = file_new(db, &file, why);

    if (st)
        return st;
    assert(file != NULL);
    file->pos = pos;
    st = checkpoint_path(file->path, db, pos, why);
    if (st == ST_OK) {
        file->fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        if (file->fd < 0)
            st = errno == ENOENT ? why_set(why, ST_NOT_FOUND, "%s: not there", file->path)
                                 : path_error(why, file->path);
    }
    if (st == ST_OK)
        st = read_mark(file, mark, why);
    if (st) {
        checkpoint_close(file);
        return st;
    }
    *out = file;
    return ST_OK;
}

enum status checkpoint_end(struct checkpoint_file *file, struct why *why)
{
    uint8_t more;

    if (file->at != file->len)
        return why_set(why, ST_CORRUPT, "%s: it ends too late", file->path);
    enum status st = block_read(file, why);

    if (st)
        return st;
    if (file->len != 0 || read(file->fd, &more, 1) != 0)
        return why_set(why, ST_CORRUPT, "%s: it ends too late", file->path);
    return ST_OK;
}
