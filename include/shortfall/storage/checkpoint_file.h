/* Checkpoints as files beside a database: FILE-checkpoint-POS. Each holds bytes that are
 * not looked at here, in blocks with a hash of each, so that no byte that was damaged is
 * ever handed out. The hash guards against damage; it is no evidence. */
#ifndef SHORTFALL_STORAGE_CHECKPOINT_FILE_H
#define SHORTFALL_STORAGE_CHECKPOINT_FILE_H

#include "shortfall/core/frame.h"
#include "shortfall/core/status.h"

#define CHECKPOINTS_KEPT 2 /* the newest ones */

/* Of what a checkpoint is: everything up to a frame, which is known by its hash. */
struct checkpoint_mark {
    uint64_t pos;  /* of the last frame in it, from 1 */
    int64_t clock; /* TIME_NONE: no step yet */
    uint8_t hash[FRAME_HASH_SIZE];
};

struct checkpoint_file;

/* --- writing: create, write, seal, publish, close ----------------------------------- */

/* Begins a file under a name that no reader looks at; one that was left behind there goes
 * first. ST_IO, ST_NO_MEMORY. */
MUST_USE enum status checkpoint_create(const char *db, const struct checkpoint_mark *mark,
                                       struct checkpoint_file **out, struct why *why);

/* Appends bytes. The signature is that of struct checkpoint_writer. */
enum status checkpoint_write(void *file, const void *bytes, size_t len, struct why *why);

/* Ends the file and syncs it. Writing and sealing allocate nothing: a forked process may
 * do both, and its parent the rest. ST_IO. */
MUST_USE enum status checkpoint_seal(struct checkpoint_file *file, struct why *why);

/* Gives the sealed file its name, for good, and removes all but the newest. ST_IO. */
MUST_USE enum status checkpoint_publish(struct checkpoint_file *file, struct why *why);

/* Of a file that is read, or written. Removes one that was not published. */
void checkpoint_close(struct checkpoint_file *file);

/* The descriptor, for a forked process that closes all others. */
int checkpoint_fd(const struct checkpoint_file *file);

/* --- reading: find, open, read, end, close ------------------------------------------ */

/* The newest position, not above `most`, of which there is a checkpoint by its name.
 * ST_NOT_FOUND, ST_IO. */
MUST_USE enum status checkpoint_find(const char *db, uint64_t most, uint64_t *pos,
                                     struct why *why);

/* ST_NOT_FOUND: it is gone; ST_VERSION: another form of file; ST_CORRUPT: damaged, or not
 * what its name says; ST_IO. */
MUST_USE enum status checkpoint_open(const char *db, uint64_t pos,
                                     struct checkpoint_file **out,
                                     struct checkpoint_mark *mark, struct why *why);

/* Gives exactly `len` further bytes. The signature is that of struct checkpoint_reader.
 * ST_CORRUPT: damaged, or no more are there. */
enum status checkpoint_read(void *file, void *bytes, size_t len, struct why *why);

/* Everything was read, and the file ends as it should. ST_CORRUPT. */
MUST_USE enum status checkpoint_end(struct checkpoint_file *file, struct why *why);

/* Removes the checkpoint of a position; one that is not there is removed. ST_IO. */
MUST_USE enum status checkpoint_remove(const char *db, uint64_t pos, struct why *why);

/* Removes all but the `keep` newest. ST_IO. */
MUST_USE enum status checkpoint_prune(const char *db, size_t keep, struct why *why);

#endif
