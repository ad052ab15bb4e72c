/* Files of ours: made, opened for writing or reading, their version checked before
 * anything else is read. A file of another program is never changed. */
#include "sqlite.h"

#include "paths.h"

#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* How long a writer waits for a reader that is in the middle of reading. */
#define BUSY_MS 5000

/* Some locks of SQLite do not wait by themselves: the change to WAL while somebody reads,
 * a checkpoint while a reader builds the index of the WAL. False: waited long enough. */
static bool wait_on(int *waited_ms, int max_ms)
{
    if (*waited_ms >= max_ms)
        return false;
    (void)sqlite3_sleep(1);
    ++*waited_ms;
    return true;
}

/* Whatever stands in the file, its schema can do nothing but hold tables. */
static enum status harden(sqlite3 *db, struct why *why)
{
    sqlite3_extended_result_codes(db, 1);
    if (sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL) != SQLITE_OK ||
        sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL) != SQLITE_OK ||
        sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL) != SQLITE_OK ||
        sqlite3_busy_timeout(db, BUSY_MS) != SQLITE_OK)
        return sql_error(db, why);
    return sql_exec(db, "PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0", why);
}

static enum status open_raw(const char *name, int flags, sqlite3 **out, struct why *why)
{
    sqlite3 *db = NULL;
    enum status st;

    if (sqlite3_open_v2(name, &db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
        st = db ? sql_error(db, why) : why_set(why, ST_NO_MEMORY, "%s: no memory", name);
        sqlite3_close(db);
        return st;
    }
    st = harden(db, why);
    if (st) {
        sqlite3_close(db);
        return st;
    }
    *out = db;
    return ST_OK;
}

/* The kind of an open file and the version of its schema, which may be an older one. */
static enum status read_kind(sqlite3 *db, const char *path,
                             const struct sql_kind *const *kinds,
                             const struct sql_kind **kind, int *version, struct why *why)
{
    int64_t application_id = 0;
    int64_t user_version = 0;
    enum status st = sql_number(db, "PRAGMA application_id", &application_id, why);

    assert(kinds[0]);
    if (!st)
        st = sql_number(db, "PRAGMA user_version", &user_version, why);
    if (st)
        return st;
    for (size_t i = 0; kinds[i]; i++) {
        if (kinds[i]->application_id != application_id)
            continue;
        if (user_version < 1 || user_version > kinds[i]->version)
            return why_set(why, ST_VERSION, "%s: %s of schema %lld, this program has %d",
                           path, kinds[i]->noun, (long long)user_version,
                           kinds[i]->version);
        *kind = kinds[i];
        *version = (int)user_version;
        return ST_OK;
    }
    return why_set(why, ST_VERSION, "%s: no %s: application id 0x%08llx, not 0x%08llx",
                   path, kinds[0]->noun, (unsigned long long)application_id,
                   (unsigned long long)kinds[0]->application_id);
}

/* Runs the steps above `from`, within the caller's transaction. */
static enum status migrate(sqlite3 *db, const struct sql_kind *kind, int from,
                           struct why *why)
{
    char pragma[64];

    for (const struct sql_step *step = kind->steps; step->script; step++) {
        enum status st;

        if (step->version <= from)
            continue;
        st = sql_exec(db, step->script, why);
        if (st)
            return why_wrap(why, st, "schema %d", step->version);
    }
    (void)snprintf(pragma, sizeof(pragma), "PRAGMA user_version = %d", kind->version);
    return sql_exec(db, pragma, why);
}

static enum status fill_new(sqlite3 *db, const struct sql_kind *kind, sql_fill_fn *fill,
                            void *self, struct why *why)
{
    char pragmas[96];
    enum status st;

    (void)snprintf(pragmas, sizeof(pragmas),
                   "PRAGMA page_size = %d; PRAGMA synchronous = FULL", kind->page_size);
    st = sql_exec(db, pragmas, why);
    if (!st)
        st = sql_exec(db, "BEGIN IMMEDIATE", why);
    if (st)
        return st;
    (void)snprintf(pragmas, sizeof(pragmas), "PRAGMA application_id = %lld",
                   (long long)kind->application_id);
    st = sql_exec(db, pragmas, why);
    if (!st)
        st = migrate(db, kind, 0, why);
    if (!st && fill)
        st = fill(self, db, why);
    return sql_end(db, st, why);
}

/* An empty file of mode 0600: SQLite gives the files beside it the same mode. A run that
 * was killed may have left one; its rollback journal is nothing to an empty file. */
static enum status make_empty(const char *path, struct why *why)
{
    int fd;

    (void)unlink(path);
    fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return path_error(why, path);
    (void)close(fd);
    return ST_OK;
}

enum status sql_create(const char *path, const struct sql_kind *kind, sql_fill_fn *fill,
                       void *self, struct why *why)
{
    char unfinished[PATH_SIZE];
    sqlite3 *db = NULL;
    enum status st = path_format(unfinished, why, "%s.new", path);

    if (!st)
        st = make_empty(unfinished, why);
    if (!st)
        st = open_raw(unfinished, SQLITE_OPEN_READWRITE, &db, why);
    if (!st)
        st = fill_new(db, kind, fill, self, why);
    sqlite3_close(db);
    if (st)
        return st;
    if (rename(unfinished, path) != 0)
        return path_error(why, path);
    return path_sync_folder_of(path, why);
}

static enum status change_to_wal(sqlite3 *db, struct why *why)
{
    int waited_ms = 0;
    enum status st;

    do
        st = sql_exec(db, "PRAGMA journal_mode = WAL", why);
    while (st == ST_CONFLICT && wait_on(&waited_ms, BUSY_MS));
    return st;
}

static enum status begin_writing(sqlite3 *db, const struct sql_kind *kind, int version,
                                 struct why *why)
{
    char pragmas[96];
    enum status st = change_to_wal(db, why);

    (void)snprintf(pragmas, sizeof(pragmas),
                   "PRAGMA wal_autocheckpoint = %d; PRAGMA synchronous = %s",
                   kind->auto_checkpoint ? 1000 : 0, kind->full_sync ? "FULL" : "NORMAL");
    if (!st)
        st = sql_exec(db, pragmas, why);
    if (st || version == kind->version)
        return st;
    st = sql_exec(db, "BEGIN IMMEDIATE", why);
    if (st)
        return st;
    return sql_end(db, migrate(db, kind, version, why), why);
}

enum status sql_open_write(const char *path, const struct sql_kind *kind, sqlite3 **out,
                           struct why *why)
{
    const struct sql_kind *kinds[] = {kind, NULL};
    sqlite3 *db = NULL;
    int version = 0;
    enum status st = open_raw(path, SQLITE_OPEN_READWRITE, &db, why);

    if (!st)
        st = read_kind(db, path, kinds, &kind, &version, why);
    if (!st)
        st = begin_writing(db, kind, version, why);
    if (st) {
        sqlite3_close(db);
        return st;
    }
    *out = db;
    return ST_OK;
}

/* `immutable` promises SQLite that nobody writes: no lock, no -shm file. */
static enum status open_reader(const char *path, bool immutable,
                               const struct sql_kind *const *kinds, sqlite3 **out,
                               const struct sql_kind **kind, struct why *why)
{
    char name[PATH_SIZE];
    const struct sql_kind *found = NULL;
    int version = 0;
    int flags = SQLITE_OPEN_READONLY | (immutable ? SQLITE_OPEN_URI : 0);
    enum status st = immutable ? path_uri(name, path, "immutable=1", why)
                               : path_format(name, why, "%s", path);

    if (!st)
        st = open_raw(name, flags, out, why);
    if (st)
        return st;
    st = read_kind(*out, path, kinds, &found, &version, why);
    if (st)
        return st;
    assert(found);
    if (version != found->version)
        return why_set(why, ST_VERSION,
                       "%s: %s of the older schema %d, this program has %d", path,
                       found->noun, version, found->version);
    *kind = found;
    return ST_OK;
}

/* A file in WAL mode, without its WAL, in a folder where none can be made. */
static bool wants_immutable(sqlite3 *db, const char *path)
{
    char wal[PATH_SIZE];
    int code = db ? sqlite3_errcode(db) & 0xff : SQLITE_OK;

    if (code != SQLITE_CANTOPEN && code != SQLITE_READONLY)
        return false;
    return path_format(wal, NULL, "%s-wal", path) == ST_OK && !path_exists(wal);
}

enum status sql_open_read(const char *path, const struct sql_kind *const *kinds,
                          bool closed, sqlite3 **out, const struct sql_kind **kind,
                          struct why *why)
{
    sqlite3 *db = NULL;
    enum status st;

    if (!path_exists(path))
        return why_set(why, ST_NOT_FOUND, "%s: no such file", path);
    st = open_reader(path, closed, kinds, &db, kind, why);
    if (st && !closed && wants_immutable(db, path)) {
        sql_close(db);
        db = NULL;
        st = open_reader(path, true, kinds, &db, kind, why);
    }
    if (st) {
        sql_close(db);
        return st;
    }
    *out = db;
    return ST_OK;
}

void sql_close(sqlite3 *db)
{
    if (!db)
        return;
    (void)sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    sqlite3_close(db);
}

void sql_close_write(sqlite3 *db)
{
    if (!db)
        return;
    /* Refused while a reader is connected: then the file stays in WAL mode, as it may. */
    (void)sqlite3_busy_timeout(db, 0);
    (void)sqlite3_exec(db, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
    sqlite3_close(db);
}

enum status sql_checkpoint(sqlite3 *db, int mode, int wait_ms, bool *all, struct why *why)
{
    int waited_ms = 0;
    int in_wal = 0;
    int copied = 0;
    int code;

    (void)sqlite3_busy_timeout(db, 0);
    do
        code = sqlite3_wal_checkpoint_v2(db, NULL, mode, &in_wal, &copied);
    while ((code & 0xff) == SQLITE_BUSY && wait_on(&waited_ms, wait_ms));
    (void)sqlite3_busy_timeout(db, BUSY_MS);
    if (code != SQLITE_OK)
        return why_wrap(why, sql_error(db, why), "checkpoint");
    if (all)
        *all = in_wal == copied;
    return ST_OK;
}
