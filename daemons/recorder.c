/* The recorder's loop: what is readable together is one round, one commit, one sync. A
 * position leaves only for what is durable, and after the first error of the journal
 * nothing leaves any more: the process ends. */
#include "recorder.h"

#include "frame_clock.h"
#include "recorder_feeds.h"
#include "recorder_journal.h"
#include "recorder_round.h"
#include "recorder_stamp.h"
#include "recorder_stats_file.h"
#include "recorder_tail.h"

#include "shortfall/bus/server.h"
#include "shortfall/daemons/log.h"
#include "shortfall/storage/journal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define QUIET_MS  20               /* without a request: now the journal may tidy up */
#define COUNTS_US (60 * SECOND_US) /* between two lines of counts */

static struct recorder_settings {
    const char *journal, *ingest, *reader, *exercise;
    int64_t commit_wait_us, clock_jump_us, rotate_bytes;
} settings;

#define MEMBER(name) offsetof(struct recorder_settings, name)

static const struct option_row options[] = {
    {.name = "journal",
     .kind = OPTION_PATH,
     .offset = MEMBER(journal),
     .word = "DIR",
     .required = true,
     .help = "The folder of the journal; it is made if it does not exist."},
    {.name = "ingest",
     .kind = OPTION_ENDPOINT,
     .offset = MEMBER(ingest),
     .required = true,
     .help = "Where publishers connect: ipc://PATH, or tcp://127.0.0.1:PORT."},
    {.name = "reader",
     .kind = OPTION_ENDPOINT,
     .offset = MEMBER(reader),
     .required = true,
     .help = "Where readers of the journal connect."},
    {.name = "exercise",
     .kind = OPTION_TEXT,
     .offset = MEMBER(exercise),
     .word = "NAME[,NAME...]",
     .help =
         "Make a new journal an exercise: it runs on the events' own published times, "
         "and these feeds move its clock. An old journal must be the same exercise."},
    {.name = "commit-wait",
     .kind = OPTION_DURATION,
     .offset = MEMBER(commit_wait_us),
     .standard = "0",
     .least = 0,
     .most = 10 * SECOND_US,
     .help = "After the first frame of a commit, wait this long for more."},
    {.name = "clock-jump",
     .kind = OPTION_DURATION,
     .offset = MEMBER(clock_jump_us),
     .standard = "10m",
     .least = SECOND_US,
     .most = 365 * DAY_US,
     .help = "Stop when the wall clock jumps by more than this between two commits, or "
             "stands this far before the journal's last frame."},
    {.name = "rotate",
     .kind = OPTION_SIZE,
     .offset = MEMBER(rotate_bytes),
     .standard = "256MiB",
     .least = INT64_C(64) * 1024,
     .most = INT64_C(64) * 1024 * 1024 * 1024,
     .help = "Begin the next file of the journal when one is larger than this."},
};

struct recorder {
    struct journal *journal;
    struct tail *tail;
    struct bus_server *server;
    struct round *round;
    struct feeds feeds;
    struct stamp stamp;
    bool tidy; /* nothing was recorded since the journal was told that it is quiet */
    int64_t counts_due_us;
    struct round_counts counts_logged;
    struct bus_server_counts server_logged;
    struct stats_file stats;
};

static void recorder_close(void *self)
{
    struct recorder *r = self;

    if (r->stats.journal)
        stats_file_finish(&r->stats);
    bus_server_close(r->server);
    tail_close(r->tail);
    round_free(r->round);
    journal_close(r->journal);
    free(r);
}

static enum status check_exercise(const struct recorder *r, const struct feeds *wanted,
                                  struct why *why)
{
    char names[256];

    if (!settings.exercise || feeds_agree(&r->feeds, wanted))
        return ST_OK;
    if (r->feeds.clock == CLOCK_RECORDED)
        return why_set(why, ST_INVALID,
                       "--exercise %s: the journal %s exists and is not an exercise",
                       settings.exercise, settings.journal);
    return why_set(why, ST_INVALID,
                   "--exercise %s: the journal %s exists as an exercise of the feeds %s",
                   settings.exercise, settings.journal,
                   feeds_format(&r->feeds, names, sizeof names));
}

static enum status open_journal(struct recorder *r, uint8_t stream_id[FRAME_HASH_SIZE],
                                struct why *why)
{
    const struct journal_options how = {.rotate_bytes = settings.rotate_bytes};
    struct feeds wanted;
    enum status st = feeds_parse(settings.exercise, &wanted, why);

    if (!st)
        st = journal_open(settings.journal, &how, &r->journal, why);
    if (!st)
        st =
            stamp_begin(&r->stamp, journal_tail(r->journal).clock, settings.clock_jump_us,
                        clock_wall_us(), clock_monotonic_us(), why);
    if (!st)
        st = recorder_begin_journal(r->journal, &wanted, &r->stamp, why);
    if (!st)
        st = recorder_read_journal(settings.journal, &r->feeds, stream_id, why);
    return st ? st : check_exercise(r, &wanted, why);
}

static enum status open_parts(struct recorder *r, struct why *why)
{
    uint8_t stream_id[FRAME_HASH_SIZE];
    struct bus_server_options how = {.ingest = settings.ingest,
                                     .reader = settings.reader,
                                     .stream_id = stream_id,
                                     .oldest = 1};
    enum status st = open_journal(r, stream_id, why);

    if (!st)
        st = tail_open(settings.journal, &r->tail, why);
    if (!st)
        st = round_new(&r->round, why);
    if (!st)
        st = bus_server_open(&how, &r->server, why);
    return st;
}

static enum status recorder_open(int stop_fd, void **self, struct why *why)
{
    struct recorder *r = calloc(1, sizeof *r);
    struct journal_tail end;
    enum status st;

    (void)stop_fd;
    if (!r)
        return why_set(why, ST_NO_MEMORY, "start the recorder");
    st = open_parts(r, why);
    if (st) {
        recorder_close(r);
        return st;
    }
    r->counts_due_us = clock_monotonic_us() + COUNTS_US;
    stats_file_begin(&r->stats, settings.journal, (uint64_t)clock_wall_us(),
                     clock_monotonic_us());
    end = journal_tail(r->journal);
    log_write(
        LOG_INFO, "opened", log_string("journal", settings.journal),
        log_count("pos", end.pos), log_count("seq", end.seq),
        log_string("clock", r->feeds.clock == CLOCK_RECORDED ? "recorded" : "published"),
        log_string("ingest", settings.ingest), log_string("reader", settings.reader));
    *self = r;
    return ST_OK;
}

static enum status serve(struct recorder *r, struct why *why)
{
    return bus_server_serve(r->server, journal_tail(r->journal).pos, tail_read, r->tail,
                            why);
}

/* Everything that is readable now. */
static enum status take_readable(struct recorder *r, bool *any, struct why *why)
{
    while (!round_is_full(r->round)) {
        struct bus_request request;
        enum status st = bus_server_next(r->server, &request, why);

        if (st)
            return st == ST_AGAIN ? ST_OK : st;
        st = round_take(r->round, &request, r->journal, &r->feeds, why);
        if (st)
            return st;
        *any = true;
    }
    return ST_OK;
}

/* More requests for the same commit, until --commit-wait is over. Readers are served
 * meanwhile: a follower that waits would end each wait at once. */
static enum status take_more(struct recorder *r, int stop_fd, struct why *why)
{
    int64_t until_us = clock_monotonic_us() + settings.commit_wait_us;
    int64_t left_us;
    bool any;
    enum status st = ST_OK;

    while (!st && !round_is_full(r->round) && !round_has_greeting(r->round) &&
           (left_us = until_us - clock_monotonic_us()) > 0) {
        st = bus_server_wait(r->server, stop_fd, (left_us + 999) / 1000,
                             journal_tail(r->journal).pos, why);
        if (!st)
            st = take_readable(r, &any, why);
        if (!st)
            st = serve(r, why);
    }
    /* Told to stop: what was taken is recorded and answered first. */
    return st == ST_AGAIN || st == ST_STOPPED ? ST_OK : st;
}

static void keep_frames(struct recorder *r)
{
    size_t len;
    const struct frame *frames = round_frames(r->round, &len);

    for (size_t i = 0; i < len; i++) {
        tail_keep(r->tail, &frames[i]);
        if (log_wants(LOG_DEBUG))
            log_write(LOG_DEBUG, "took", log_text("producer", frames[i].producer),
                      log_count("number", frames[i].number),
                      log_count("pos", frames[i].pos));
    }
    r->tidy = r->tidy && len == 0;
}

static enum status finish_round(struct recorder *r, struct why *why)
{
    enum status st = round_commit(r->round, r->journal, &r->stamp, why);

    if (st)
        return st;
    keep_frames(r);
    st = round_answer(r->round, r->server, r->journal, &r->feeds, why);
    round_end(r->round);
    bus_server_release(r->server);
    return st;
}

static enum status do_round(struct recorder *r, int stop_fd, struct why *why)
{
    bool any = false;
    enum status st = take_readable(r, &any, why);

    if (!st && any && settings.commit_wait_us > 0)
        st = take_more(r, stop_fd, why);
    if (!st && any)
        st = finish_round(r, why);
    return st ? st : serve(r, why);
}

static void log_counts(struct recorder *r)
{
    struct round_counts c = round_counts(r->round);
    struct bus_server_counts s = bus_server_counts(r->server);

    r->counts_due_us = clock_monotonic_us() + COUNTS_US;
    if (!memcmp(&c, &r->counts_logged, sizeof c) &&
        !memcmp(&s, &r->server_logged, sizeof s))
        return;
    r->counts_logged = c;
    r->server_logged = s;
    log_write(LOG_INFO, "counts", log_count("frames", c.frames),
              log_count("events", c.events), log_count("commits", c.commits),
              log_count("repeated", c.repeated), log_count("refused", c.refused),
              log_count("malformed", s.malformed), log_count("turned_away", s.refused),
              log_count("served", s.served), log_count("producers", s.producers),
              log_count("followers", s.followers));
}

static void note_stats(struct recorder *r)
{
    struct round_counts c = round_counts(r->round);
    struct bus_server_counts s = bus_server_counts(r->server);

    r->stats.now = (struct recorder_stats){.since = r->stats.now.since,
                                           .frames = c.frames,
                                           .events = c.events,
                                           .commits = c.commits,
                                           .repeated = c.repeated,
                                           .refused = c.refused,
                                           .malformed = s.malformed,
                                           .turned_away = s.refused};
    stats_file_update(&r->stats, clock_monotonic_us());
}

/* Milliseconds until something is to be done without being asked. */
static int64_t wait_ms(const struct recorder *r)
{
    int64_t now_us = clock_monotonic_us();
    int64_t left_us = r->counts_due_us - now_us;
    int64_t stats_us = stats_file_left_us(&r->stats, now_us);

    left_us = stats_us < left_us ? stats_us : left_us;
    if (!r->tidy)
        return QUIET_MS;
    return left_us > 0 ? (left_us + 999) / 1000 : 0;
}

static enum status recorder_step(void *self, int stop_fd, struct why *why)
{
    struct recorder *r = self;
    enum status st = bus_server_wait(r->server, stop_fd, wait_ms(r),
                                     journal_tail(r->journal).pos, why);

    if (clock_monotonic_us() >= r->counts_due_us)
        log_counts(r);
    if (!st) {
        st = do_round(r, stop_fd, why);
    } else if (st == ST_AGAIN) {
        r->tidy = true;
        st = journal_idle(r->journal, why);
    }
    note_stats(r);
    return st;
}

const struct daemon recorder_daemon = {
    .name = "recorder",
    .summary = "Records what publishers send: makes it durable, tells them its position, "
               "and serves it to readers.",
    .options = options,
    .options_len = sizeof options / sizeof options[0],
    .settings = &settings,
    .open = recorder_open,
    .step = recorder_step,
    .close = recorder_close,
};
