/* The recorder's note on what it took and refused: a line for each count. Must never hold
 * up or end a recorder: a note that cannot be written is logged, once. */
#include "recorder_stats_file.h"

#include "shortfall/core/timestamp.h"
#include "shortfall/daemons/log.h"
#include "shortfall/daemons/note.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define STATS_NAME  "recorder.stats"
#define STATS_FIRST "recorder-stats 1"
#define PATH_SIZE   1200
#define EVERY_US    SECOND_US

#define AT(member)  offsetof(struct recorder_stats, member)

static const struct {
    const char *name;
    size_t offset; /* of a uint64_t */
} counts[] = {
    {"since", AT(since)},         {"frames", AT(frames)},
    {"events", AT(events)},       {"commits", AT(commits)},
    {"repeated", AT(repeated)},   {"refused", AT(refused)},
    {"malformed", AT(malformed)}, {"turned_away", AT(turned_away)},
};

#define COUNTS_LEN (sizeof counts / sizeof counts[0])

static_assert(sizeof(struct recorder_stats) == COUNTS_LEN * sizeof(uint64_t),
              "each count has its row");

static enum status stats_path(const char *journal, char out[PATH_SIZE], struct why *why)
{
    int len = snprintf(out, PATH_SIZE, "%s/" STATS_NAME, journal);

    if (len < 0 || len >= PATH_SIZE)
        return why_set(why, ST_INVALID, "a path of more than %d bytes", PATH_SIZE - 1);
    return ST_OK;
}

/* *mask: which counts were met. */
static bool read_count(struct text rest, struct recorder_stats *out, unsigned *mask)
{
    struct text name = note_word(&rest);

    for (size_t i = 0; i < COUNTS_LEN; i++) {
        uint64_t value;

        if (!text_is(name, counts[i].name))
            continue;
        if (!note_number(note_word(&rest), &value))
            return false;
        memcpy((char *)out + counts[i].offset, &value, sizeof value);
        *mask |= 1U << i;
        return true;
    }
    return true; /* a later version may count more */
}

enum status recorder_stats_read(const char *journal, struct recorder_stats *out,
                                struct why *why)
{
    struct recorder_stats stats = {0};
    char path[PATH_SIZE];
    char note[NOTE_SIZE];
    unsigned mask = 0;
    enum status st = stats_path(journal, path, why);

    if (!st)
        st = note_read(path, note, why);
    if (st)
        return st;
    struct text rest = text_of(note);
    bool right = strncmp(note, STATS_FIRST "\n", strlen(STATS_FIRST) + 1) == 0;

    while (right && note_next_line(&rest))
        right = read_count(rest, &stats, &mask);
    if (!right || mask != (1U << COUNTS_LEN) - 1)
        return why_set(why, ST_INVALID, "%s: not the counts of a recorder", path);
    *out = stats;
    return ST_OK;
}

static enum status stats_write(const struct stats_file *f, struct why *why)
{
    char path[PATH_SIZE];
    char note[64 * (COUNTS_LEN + 1)];
    size_t len = (size_t)snprintf(note, sizeof note, STATS_FIRST "\n");
    enum status st = stats_path(f->journal, path, why);

    for (size_t i = 0; i < COUNTS_LEN; i++) {
        uint64_t value;

        memcpy(&value, (const char *)&f->now + counts[i].offset, sizeof value);
        len += (size_t)snprintf(note + len, sizeof note - len, "%s %" PRIu64 "\n",
                                counts[i].name, value);
    }
    assert(len < sizeof note);
    return st ? st : note_write(path, (struct text){note, (uint32_t)len}, why);
}

static bool has_changed(const struct stats_file *f)
{
    return memcmp(&f->now, &f->written, sizeof f->now) != 0;
}

void stats_file_finish(struct stats_file *f)
{
    struct why why = {""};

    if (!has_changed(f))
        return;
    f->written = f->now;
    if (stats_write(f, &why) && !f->failed) {
        f->failed = true;
        log_write(LOG_WARN, "no-stats", log_string("why", why.text));
    }
}

void stats_file_update(struct stats_file *f, int64_t monotonic_us)
{
    if (monotonic_us < f->due_us || !has_changed(f))
        return;
    f->due_us = monotonic_us + EVERY_US;
    stats_file_finish(f);
}

void stats_file_begin(struct stats_file *f, const char *journal, uint64_t since,
                      int64_t monotonic_us)
{
    *f = (struct stats_file){.journal = journal, .now = {.since = since}};
    f->due_us = monotonic_us;
    stats_file_update(f, monotonic_us);
}

int64_t stats_file_left_us(const struct stats_file *f, int64_t monotonic_us)
{
    if (!has_changed(f))
        return INT64_MAX;
    return f->due_us > monotonic_us ? f->due_us - monotonic_us : 0;
}
