/* Looks for a frame in the closed files of a journal. Every file knows the numbers its
 * producers had reached when it was closed, so the right one is found by halving: a
 * publisher that sends its whole past again does not cost a walk over all files each
 * time. */
#include "journal_closed.h"

#include "journal_files.h"

/* `*last` is how far the producer had come by the end of this file. */
static enum status find_in(const char *dir, uint64_t first,
                           const struct journal_wanted *wanted, uint64_t *last,
                           uint64_t *pos, bool *same, struct why *why)
{
    char path[PATH_SIZE];
    struct journal_file file = {.db = NULL};
    struct bytes cursor;
    enum status st = journal_file_path(dir, first, path, why);

    if (!st)
        st = journal_file_open_closed(path, &file, why);
    if (st)
        return st;
    st = journal_file_producer(&file, wanted->producer, last, &cursor, why);
    if (!st)
        st = journal_file_find(&file, wanted, pos, same, why);
    journal_file_close(&file);
    return st;
}

enum status journal_closed_find(const char *dir, uint64_t newest,
                                const struct journal_wanted *wanted, uint64_t *pos,
                                bool *same, struct why *why)
{
    struct journal_files files = {NULL, 0};
    enum status st = journal_files_list(dir, &files, why);
    size_t low = 0;
    size_t high;

    if (st)
        return st;
    st = ST_NOT_FOUND;
    high = journal_files_find(&files, newest); /* the index of the newest */
    while (st == ST_NOT_FOUND && low < high) {
        size_t middle = low + (high - low) / 2;
        uint64_t last = 0;

        st = find_in(dir, files.first[middle], wanted, &last, pos, same, why);
        if (last < wanted->number)
            low = middle + 1;
        else
            high = middle;
    }
    journal_files_free(&files);
    return st;
}
