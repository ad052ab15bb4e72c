/* The aggregator: follows the recorder's stream, folds it, commits what came of it and
 * serves the alert transitions that are committed. It owns the store and nothing else;
 * whatever it has to say goes through the recorder and counts when it is read back. */
#include "aggregator.h"

#include "aggregator_parts.h"
#include "frame_clock.h"

#include "shortfall/bus/wait.h"
#include "shortfall/daemons/log.h"

#include <stdlib.h>
#include <string.h>

#define GREETING_MS                                                                      \
    500 /* a hello waits no longer, so that followers are served meanwhile */

static struct aggregator_settings settings;

#define AT(member) offsetof(struct aggregator_settings, member)

static const struct option_row options[] = {
    {.name = "ingest",
     .kind = OPTION_ENDPOINT,
     .offset = AT(ingest),
     .required = true,
     .help = "Where the recorder takes frames: rules and ticks go there."},
    {.name = "reader",
     .kind = OPTION_ENDPOINT,
     .offset = AT(reader),
     .required = true,
     .help = "Where the recorder serves its journal."},
    {.name = "journal",
     .kind = OPTION_PATH,
     .offset = AT(journal),
     .word = "DIR",
     .required = true,
     .help = "The folder of the same journal. It is read at the start, and noted in the "
             "database for the commands that read it."},
    {.name = "db",
     .kind = OPTION_PATH,
     .offset = AT(db),
     .word = "FILE",
     .required = true,
     .help = "The database of balances and alerts; made when it does not exist."},
    {.name = "serve",
     .kind = OPTION_ENDPOINT,
     .offset = AT(serve),
     .required = true,
     .help = "Where to serve the alert transitions."},
    {.name = "rules",
     .kind = OPTION_PATH,
     .offset = AT(rules),
     .word = "FILE",
     .help = "A rule file to put in force, unless the journal's newest rules are these. "
             "Without it, the journal's rules stay in force."},
    {.name = "producer",
     .kind = OPTION_TEXT,
     .offset = AT(producer),
     .word = "NAME",
     .standard = "aggregator",
     .help = "The name under which rules and ticks stand in the journal. In an exercise "
             "it must be one of the declared feeds."},
    {.name = "commit-every",
     .kind = OPTION_DURATION,
     .offset = AT(commit_every_us),
     .standard = "100ms",
     .most = 60 * SECOND_US,
     .help = "While events keep coming, commit at least so often. When none is waiting, "
             "what has come is committed at once."},
    {.name = "checkpoint-every",
     .kind = OPTION_DURATION,
     .offset = AT(checkpoint_every_us),
     .standard = "10m",
     .most = 365 * DAY_US,
     .help = "Write a checkpoint of all that is in memory beside the database, at most "
             "so often, so that a start and the reading commands need not read the whole "
             "journal. 0: never."},
    {.name = "checkpoint-events",
     .kind = OPTION_INTEGER,
     .offset = AT(checkpoint_events),
     .standard = "1000000",
     .least = 1,
     .most = INT64_MAX,
     .unit = "events",
     .help = "And not before so many have come since the last one; for the one that is "
             "written at the end, a hundredth of it."},
    {.name = "memory",
     .kind = OPTION_SIZE,
     .offset = AT(memory_max),
     .standard = "0",
     .help = "Limit for facts and accounts; what would pass it stops the aggregator. 0: "
             "no limit."},
};

static void aggregator_close(void *self)
{
    struct aggregator *a = self;

    aggregator_checkpoint_close(a);
    bus_close(a->bus);
    bus_server_close(a->server);
    fold_free(a->fold);
    store_close(a->store);
    rules_file_free(&a->rules);
    free(a);
}

static enum status open_state(struct aggregator *a, struct why *why)
{
    const struct fold_options fold = {.memory_max = (size_t)settings.memory_max,
                                      .known = TIME_END};
    enum status st = store_open(&store_sqlite, settings.db, STORE_WRITE, &a->store, why);

    if (st == ST_OK)
        st = store_cursor(a->store, &a->committed, why);
    if (st == ST_OK)
        st = outbox_end(a->store, &a->outbox, why);
    return st ? st : fold_new(&fold, &a->fold, why);
}

/* One frame further back than we are: that the recorder sends the very frame with which
 * the folder ended shows that both are one journal. */
static enum status open_sockets(struct aggregator *a, struct why *why)
{
    const struct bus_server_options serve = {
        .reader = settings.serve, .stream_id = a->first_hash, .oldest = 1};
    const struct bus_options bus = {.ingest = settings.ingest, .reader = settings.reader};
    enum status st = bus_server_open(&serve, &a->server, why);

    if (st == ST_OK)
        st = bus_open(&bus, &a->bus, why);
    return st ? st : bus_follow(a->bus, a->pos - 1, why);
}

static enum status set_up(struct aggregator *a, int stop_fd, struct why *why)
{
    enum status st = ST_OK;

    if (!frame_producer_is_valid(text_of(settings.producer)))
        return why_set(why, ST_INVALID,
                       "--producer: not a name: at most %d of [a-z0-9._-]",
                       FRAME_PRODUCER_MAX);
    if (settings.rules != NULL)
        st = rules_file_read(settings.rules, &a->rules, why);
    if (st == ST_OK)
        st = open_state(a, why);
    if (st)
        return st;
    log_write(LOG_INFO, "opened", log_string("db", settings.db),
              log_count("pos", a->committed.pos), log_count("transitions", a->outbox));
    st = aggregator_catch_up(a, stop_fd, why);
    if (st == ST_OK)
        st = aggregator_check_voice(a, why);
    return st ? st : open_sockets(a, why);
}

static enum status aggregator_open(int stop_fd, void **self, struct why *why)
{
    struct aggregator *a = calloc(1, sizeof *a);

    if (a == NULL)
        return why_set(why, ST_NO_MEMORY, "start: no memory");
    a->settings = &settings;
    enum status st = set_up(a, stop_fd, why);

    if (st) {
        aggregator_close(a);
        return st;
    }
    a->counted_us = clock_monotonic_us();
    log_write(LOG_INFO, "caught-up", log_count("pos", a->pos),
              log_count("seq", a->committed.seq), log_count("transitions", a->outbox));
    *self = a;
    return ST_OK;
}

static enum status greet(struct aggregator *a, struct why *why)
{
    struct bus_greeting greeting;

    if (a->greeted)
        return ST_OK;
    enum status st =
        bus_hello(a->bus, text_of(settings.producer), GREETING_MS, &greeting, why);

    if (st == ST_AGAIN) {
        if (!a->told)
            log_write(LOG_INFO, "waiting", log_string("recorder", settings.ingest));
        a->told = true;
        return ST_OK;
    }
    if (st)
        return why_wrap(why, st, "hello to the recorder at %s", settings.ingest);
    if (greeting.last_number < a->own.number)
        return why_set(why, ST_CORRUPT,
                       "the recorder at %s knows %llu frames of \"%s\", its journal has "
                       "%llu: it writes another one",
                       settings.ingest, (unsigned long long)greeting.last_number,
                       settings.producer, (unsigned long long)a->own.number);
    a->greeted = true;
    a->sent = greeting.last_number;
    log_write(LOG_INFO, "connected", log_string("recorder", settings.ingest),
              log_count("number", a->sent));
    return ST_OK;
}

static enum status meet(struct aggregator *a, const struct frame *frame, struct why *why)
{
    if (frame->pos != a->pos || memcmp(frame->hash, a->hash, sizeof a->hash) != 0)
        return why_set(why, ST_CORRUPT,
                       "the recorder at %s serves another journal than %s",
                       settings.reader, settings.journal);
    a->met = true;
    return ST_OK;
}

static enum status take(struct aggregator *a, const struct bus_message *m,
                        struct why *why)
{
    switch (m->kind) {
    case BUS_POSITION:
        return ST_OK; /* it counts when it is read back */
    case BUS_REFUSAL:
        return aggregator_take_refusal(a, m, why);
    case BUS_FRAME:
        break;
    }
    return a->met ? aggregator_fold(a, &m->frame, why) : meet(a, &m->frame, why);
}

static bool must_commit(const struct aggregator *a)
{
    return a->pos != a->committed.pos &&
           clock_monotonic_us() >= a->uncommitted_us + settings.commit_every_us;
}

/* Folds what has come, until nothing more is there or a commit is due; then commits.
 * ST_AGAIN: nothing more is there. */
static enum status take_what_came(struct aggregator *a, int stop_fd, struct why *why)
{
    struct bus_message m;
    enum status st;

    do {
        st = bus_receive(a->bus, stop_fd, 0, &m, why);
        if (st == ST_OK)
            st = take(a, &m, why);
    } while (st == ST_OK && !must_commit(a));
    if (st != ST_OK && st != ST_AGAIN && st != ST_STOPPED)
        return st;
    enum status committed = aggregator_commit(a, st == ST_STOPPED, why);

    return committed ? committed : st;
}

static enum status take_step(struct aggregator *a, int stop_fd, struct why *why)
{
    enum status st = greet(a, why);

    if (st)
        return st;
    st = take_what_came(a, stop_fd, why);
    bool drained = st == ST_AGAIN;

    if (st && !drained)
        return st;
    aggregator_log_counts(a);
    aggregator_checkpoint(a);
    st = bus_server_serve(a->server, a->outbox, outbox_read, a, why);
    if (st || !drained)
        return st;
    st = aggregator_speak(a, why);
    if (st || !a->greeted)
        return st;
    st = bus_wait_any(a->bus, a->server, stop_fd, aggregator_patience_ms(a), a->outbox,
                      why);
    return st == ST_AGAIN ? ST_OK : st;
}

static enum status aggregator_step(void *self, int stop_fd, struct why *why)
{
    enum status st = take_step(self, stop_fd, why);

    if (st == ST_STOPPED)
        aggregator_checkpoint_last(self);
    return st;
}

const struct daemon aggregator_daemon = {
    .name = "aggregator",
    .summary =
        "Follows the journal of a recorder, keeps balances and alerts in a database "
        "and serves the alert transitions.",
    .options = options,
    .options_len = sizeof options / sizeof options[0],
    .settings = &settings,
    .open = aggregator_open,
    .step = aggregator_step,
    .close = aggregator_close,
};
