/* One writer at a time: a file that says which process it is. */
#ifndef SHORTFALL_STORAGE_FILE_LOCK_H
#define SHORTFALL_STORAGE_FILE_LOCK_H

#include "shortfall/core/status.h"

struct file_lock;

/* Held until it is released or the process ends. ST_CONFLICT names the process that holds
 * it, which may be this one. */
MUST_USE enum status file_lock_take(const char *path, struct file_lock **out,
                                    struct why *why);
void file_lock_release(struct file_lock *lock);

#endif
