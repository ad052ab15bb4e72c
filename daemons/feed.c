/* The feed's loop: keep the window full, take what comes back, until every position is
 * there. Must never send an event under a number other than the one it was recorded
 * under: where to go on is what the recorder's cursor says, and nothing else. */
#include "feed.h"

#include "feed_cursor.h"
#include "feed_kept.h"
#include "feed_maker.h"
#include "feed_settings.h"
#include "feed_source.h"
#include "frame_clock.h"

#include "shortfall/bus/bus.h"
#include "shortfall/daemons/log.h"

#include <assert.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#define HELLO_MS    1000 /* asked again after this, and the signals looked at */
#define LULL_MS     20   /* between two looks at the source while answers are due */
#define FOLLOW_MS   200  /* between two looks at a file that may have grown */
#define PROGRESS_US SECOND_US

/* Whether the source has more for the window. */
enum supply {
    SUPPLY_MORE,
    SUPPLY_LULL,  /* not now */
    SUPPLY_ENDED, /* never, */
    SUPPLY_FAILED /* and `failure` says why */
};

struct feed {
    struct bus *bus;
    struct source *source;
    struct maker *maker;
    struct kept *kept;
    char producer[FRAME_PRODUCER_MAX + 1];
    enum supply supply;
    enum status failed; /* SUPPLY_FAILED: told once everything sent is recorded */
    struct why failure;
    uint64_t frames, events, pos; /* durable, by this process */
    uint64_t refused;             /* events left out because the recorder refused them */
    int64_t answered_us;          /* when the recorder was last heard */
    bool silent_logged;
    int64_t progress_us;
};

static void feed_close(void *self)
{
    struct feed *f = self;

    bus_close(f->bus);
    maker_free(f->maker);
    source_close(f->source);
    if (f->kept)
        kept_free(f->kept);
    free(f->kept);
    free(f);
}

static enum status check_stop(int stop_fd, struct why *why)
{
    struct pollfd item = {.fd = stop_fd, .events = POLLIN};

    if (poll(&item, 1, 0) > 0)
        return why_set(why, ST_STOPPED, "told to stop");
    return ST_OK;
}

/* Asks until there is an answer or --wait is over. */
static enum status greet(struct feed *f, int stop_fd, struct bus_greeting *out,
                         struct why *why)
{
    int64_t until_us = clock_monotonic_us() + feed_settings.wait_us;
    char waited[DURATION_SIZE];

    for (bool first = true;; first = false) {
        int64_t left_ms = (until_us - clock_monotonic_us() + 999) / 1000;
        int64_t timeout_ms = left_ms < HELLO_MS ? left_ms : HELLO_MS;
        enum status st = bus_hello(f->bus, text_of(f->producer),
                                   timeout_ms > 0 ? timeout_ms : 0, out, why);

        if (st != ST_AGAIN)
            return st;
        st = check_stop(stop_fd, why);
        if (st)
            return st;
        if (clock_monotonic_us() >= until_us)
            break;
        if (first)
            log_write(LOG_INFO, "waiting", log_string("ingest", feed_settings.ingest));
    }
    return why_set(why, ST_UNREACHABLE, "no recorder answers at %s within --wait %s",
                   feed_settings.ingest, duration_format(feed_settings.wait_us, waited));
}

static enum status check_clock(const struct bus_greeting *greeting, struct why *why)
{
    bool exercise = greeting->clock == CLOCK_PUBLISHED;

    if (exercise == feed_settings.exercise)
        return ST_OK;
    return why_set(why, ST_INVALID,
                   exercise
                       ? "the recorder's journal is an exercise: feed it with --exercise"
                       : "--exercise: the recorder's journal is not an exercise");
}

/* Where to go on: behind the last frame that is recorded. */
static enum status read_cursor(const struct feed *f, const struct bus_greeting *greeting,
                               struct feed_cursor *out, struct why *why)
{
    const char *file = feed_file_name(feed_settings.source);
    struct feed_cursor cursor = {.published = TIME_NONE};

    if (strlen(file) > FEED_FILE_MAX)
        return why_set(why, ST_INVALID,
                       "--source: the file's name is longer than %d bytes",
                       FEED_FILE_MAX);
    if (greeting->last_number > 0) {
        enum status st = feed_cursor_parse(
            (struct bytes){greeting->cursor, greeting->cursor_len}, &cursor, why);

        if (st)
            return why_wrap(why, st,
                            "the recorder knows the producer %s, but not as a feed",
                            f->producer);
        if (strcmp(cursor.file, file) != 0)
            return why_set(why, ST_INVALID,
                           "the recorder knows the producer %s as the feed of %s, not of "
                           "%s: give this one another name with --producer",
                           f->producer, cursor.file, file);
    }
    (void)text_copy(text_of(file), cursor.file, sizeof cursor.file);
    *out = cursor;
    return ST_OK;
}

static enum status open_source(struct feed *f, const struct feed_cursor *from,
                               factor_set_id factors, int stop_fd, struct why *why)
{
    const struct maker_options how = {
        .path = feed_settings.source,
        .factors = factors,
        .batch = (uint32_t)feed_settings.batch,
        .exercise = feed_settings.exercise,
        .skip_wrong = feed_settings.on_error == ON_ERROR_SKIP,
        .flush_at_lull = feed_settings.follow,
    };
    enum status st = source_seek(f->source, &from->place, stop_fd, why);

    return st ? st : maker_new(&how, f->source, from, &f->maker, why);
}

static enum status open_parts(struct feed *f, int stop_fd, struct why *why)
{
    const struct bus_options how = {.ingest = feed_settings.ingest};
    struct bus_greeting greeting;
    struct feed_cursor from = {0};
    factor_set_id factors = FACTOR_SET_DEFAULT;
    enum status st = feed_factors(&factors, why);

    if (!st)
        st = feed_producer(f->producer, why);
    if (!st)
        st = source_open(feed_settings.source, feed_settings.follow, &f->source, why);
    if (!st)
        st = bus_open(&how, &f->bus, why);
    if (!st)
        st = greet(f, stop_fd, &greeting, why);
    if (!st)
        st = check_clock(&greeting, why);
    if (!st)
        st = read_cursor(f, &greeting, &from, why);
    if (!st)
        st = open_source(f, &from, factors, stop_fd, why);
    if (st)
        return st;
    f->kept->next_number = greeting.last_number + 1;
    log_write(LOG_INFO, "opened", log_string("source", feed_settings.source),
              log_string("producer", f->producer),
              log_count("number", f->kept->next_number),
              log_count("offset", from.place.offset), log_count("line", from.place.line));
    return ST_OK;
}

static enum status feed_open(int stop_fd, void **self, struct why *why)
{
    struct feed *f = calloc(1, sizeof *f);
    enum status st;

    if (!f)
        return why_set(why, ST_NO_MEMORY, "start the feed");
    f->kept = calloc(1, sizeof *f->kept);
    st = f->kept ? open_parts(f, stop_fd, why)
                 : why_set(why, ST_NO_MEMORY, "start the feed");
    if (st) {
        feed_close(f);
        return st;
    }
    f->answered_us = clock_monotonic_us();
    f->progress_us = f->answered_us;
    *self = f;
    return ST_OK;
}

static enum status send_frame(struct feed *f, const struct kept_frame *frame,
                              struct why *why)
{
    const struct frame sent = {.type = frame->type,
                               .number = frame->number,
                               .events = frame->events,
                               .cursor = {frame->cursor, frame->cursor_len},
                               .body = {frame->body, frame->body_len}};
    enum status st = bus_send(f->bus, &sent, why);

    assert(st != ST_FULL); /* we keep no more than the window holds */
    if (!st && log_wants(LOG_DEBUG))
        log_write(LOG_DEBUG, "sent", log_count("number", frame->number),
                  log_count("events", frame->events));
    return st;
}

/* As many frames as the window takes. */
static enum status fill_window(struct feed *f, struct why *why)
{
    if (f->supply == SUPPLY_LULL)
        f->supply = SUPPLY_MORE;
    while (f->supply == SUPPLY_MORE && f->kept->len < (size_t)feed_settings.window) {
        struct kept_frame *frame = kept_place(f->kept);
        enum status st = maker_next(f->maker, frame, why);

        if (st == ST_AGAIN) {
            f->supply = SUPPLY_LULL;
        } else if (st == ST_NOT_FOUND) {
            f->supply = SUPPLY_ENDED;
        } else if (st) {
            f->supply = SUPPLY_FAILED;
            f->failed = st;
            f->failure = *why;
        } else {
            kept_add(f->kept);
            st = send_frame(f, frame, why);
            if (st)
                return st;
        }
    }
    return ST_OK;
}

static enum status take_position(struct feed *f, const struct bus_message *m,
                                 struct why *why)
{
    const struct kept_frame *frame = kept_at(f->kept, 0);

    if (f->kept->len == 0 || frame->number != m->number)
        return why_set(why, ST_CORRUPT,
                       "a position for frame %" PRIu64 ", which is not due", m->number);
    f->frames++;
    f->events += frame->events;
    f->pos = m->pos;
    if (log_wants(LOG_DEBUG))
        log_write(LOG_DEBUG, "durable", log_count("number", m->number),
                  log_count("pos", m->pos));
    kept_pop(f->kept);
    return ST_OK;
}

/* One line for each reason, with the line of the source that it is about. */
static void log_refusal(const struct kept_frame *frame, struct text reasons)
{
    struct text reason;
    uint32_t index;

    while (kept_next_reason(frame, &reasons, &reason, &index))
        if (index < frame->events)
            log_write(LOG_ERROR, "refused", log_count("number", frame->number),
                      log_string("source", feed_settings.source),
                      log_count("line", frame->lines[index]), log_text("why", reason));
        else
            log_write(LOG_ERROR, "refused", log_count("number", frame->number),
                      log_text("why", reason));
}

/* The bus has forgotten all frames from the refused one on. */
static enum status send_again(struct feed *f, struct why *why)
{
    enum status st = ST_OK;

    for (size_t i = 0; !st && i < f->kept->len; i++)
        st = send_frame(f, kept_at(f->kept, i), why);
    return st;
}

static enum status leave_out(struct feed *f, struct kept_frame *frame,
                             const bool wrong[FRAME_EVENTS_MAX], size_t wrong_len,
                             struct why *why)
{
    enum status st = ST_OK;

    f->refused += wrong_len;
    if (wrong_len == frame->events)
        kept_drop(f->kept);
    else
        st = kept_leave_out(frame, wrong, why);
    return st ? st : send_again(f, why);
}

static enum status take_refusal(struct feed *f, const struct bus_message *m,
                                struct why *why)
{
    struct kept_frame *frame = kept_at(f->kept, 0);
    bool wrong[FRAME_EVENTS_MAX] = {false};
    size_t wrong_len = 0;

    if (m->refusal == REFUSED_PRODUCER)
        return why_set(why, ST_CONFLICT,
                       "another feed has taken the name %s from this one: %.*s",
                       f->producer, TEXT_ARGS(m->text));
    if (f->kept->len == 0 || frame->number != m->number)
        return why_set(why, ST_CORRUPT,
                       "a refusal of frame %" PRIu64 ", which is not due", m->number);
    if (feed_settings.on_error == ON_ERROR_SKIP && frame->type == FRAME_DATA &&
        (m->refusal == REFUSED_FORM || m->refusal == REFUSED_ORDER))
        wrong_len = kept_mark_refused(frame, m->text, wrong);
    log_refusal(frame, m->text);
    if (wrong_len > 0)
        return leave_out(f, frame, wrong, wrong_len, why);
    return why_set(why, ST_INVALID,
                   "the recorder refused frame %" PRIu64 " (line %" PRIu64
                   " and following), and wants frame %" PRIu64 ": %.*s",
                   m->number, frame->events > 0 ? frame->lines[0] : 0, m->expected,
                   TEXT_ARGS(m->text));
}

static enum status take_message(struct feed *f, const struct bus_message *m,
                                struct why *why)
{
    f->answered_us = clock_monotonic_us();
    f->silent_logged = false;
    if (m->kind == BUS_POSITION)
        return take_position(f, m, why);
    if (m->kind == BUS_REFUSAL)
        return take_refusal(f, m, why);
    return why_set(why, ST_CORRUPT, "a frame came, and none was asked for");
}

/* The bus goes on asking for ever; somebody should know. */
static void note_silence(struct feed *f)
{
    int64_t silent_us = clock_monotonic_us() - f->answered_us;

    if (f->silent_logged || silent_us < 10 * SECOND_US)
        return;
    f->silent_logged = true;
    log_write(LOG_WARN, "silence", log_string("ingest", feed_settings.ingest),
              log_count("unanswered", bus_unanswered(f->bus)));
}

static void note_progress(struct feed *f)
{
    uint64_t size = source_size(f->source);
    struct source_place place = maker_place(f->maker);
    int64_t now_us = clock_monotonic_us();

    if (!feed_settings.progress || now_us < f->progress_us + PROGRESS_US)
        return;
    f->progress_us = now_us;
    log_write(LOG_INFO, "progress", log_count("line", place.line),
              log_count("bytes", place.offset), log_count("of", size),
              log_count("durable", f->events),
              log_count("unanswered", bus_unanswered(f->bus)));
}

static enum status finish(struct feed *f, struct why *why)
{
    uint64_t left_out = maker_wrong(f->maker) + f->refused;

    log_write(LOG_INFO, "done", log_count("frames", f->frames),
              log_count("events", f->events), log_count("pos", f->pos));
    if (f->supply == SUPPLY_FAILED) {
        *why = f->failure;
        return f->failed;
    }
    if (left_out > 0)
        return why_set(why, ST_INVALID, "%" PRIu64 " events of %s were left out",
                       left_out, feed_settings.source);
    return why_set(why, ST_STOPPED, "everything is recorded");
}

static enum status take_answer(struct feed *f, int stop_fd, struct why *why)
{
    struct bus_message message;
    enum status st = bus_receive(
        f->bus, stop_fd, f->supply == SUPPLY_LULL ? LULL_MS : HELLO_MS, &message, why);

    if (st == ST_AGAIN) {
        note_silence(f);
        return ST_OK;
    }
    return st ? st : take_message(f, &message, why);
}

static enum status feed_step(void *self, int stop_fd, struct why *why)
{
    struct feed *f = self;
    enum status st = fill_window(f, why);

    note_progress(f);
    if (st)
        return st;
    if (bus_unanswered(f->bus) > 0)
        return take_answer(f, stop_fd, why);
    f->answered_us = clock_monotonic_us(); /* nothing is due: nobody is silent */
    if (f->supply == SUPPLY_ENDED || f->supply == SUPPLY_FAILED)
        return finish(f, why);
    return source_wait(f->source, stop_fd, FOLLOW_MS, why);
}

const struct daemon feed_daemon = {
    .name = "feed",
    .summary = "Reads events from a file and publishes them to the recorder. Started "
               "again, it goes on exactly behind the last event that is recorded.",
    .options = feed_options,
    .options_len = FEED_OPTIONS_LEN,
    .settings = &feed_settings,
    .open = feed_open,
    .step = feed_step,
    .close = feed_close,
};
