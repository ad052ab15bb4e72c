/* The live path with real daemons: a publisher on a schedule, recorder, aggregator, and a
 * follower of the alert transitions. Some events are stock counts that make an alert
 * fire; what is measured is how long after such an event was due its alert came out of
 * the aggregator's stream: recorded, folded and committed. With rate 0 everything is due
 * at once, and what is measured is how much goes through. */
#include "daemon.h"
#include "generate.h"
#include "measure.h"
#include "schedule.h"

#include "shortfall/bus/bus.h"
#include "shortfall/proto/pack.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_MS 60000 /* without any transition: then something is wrong */

struct live {
    struct live_daemons daemons;
    struct generate_options options;
    struct stream stream;
    struct schedule schedule;
    uint64_t facts;
};

/* All events are reported in the past, as seen from the recorder that will stamp them. */
static void make_events(struct live *live, uint64_t events)
{
    struct timespec now;
    struct packer *packer;
    struct generator *g;
    struct event ev;

    (void)clock_gettime(CLOCK_REALTIME, &now);
    int64_t span_us = (int64_t)events * live->options.pace_us;

    /* The generator begins on a whole second. */
    live->options.start = ((int64_t)now.tv_sec - span_us / SECOND_US - 1) * SECOND_US;
    measure_check(packer_new(&packer), "make a packer", NULL);
    g = generator_new(&live->options);
    for (uint64_t i = 0; i < events; i++) {
        generator_next(g, &ev);
        packer_clear(packer);
        measure_check(packer_add(packer, &ev), "pack an event", NULL);
        struct bytes body = packer_body(packer);

        stream_add(&live->stream, body.at + 1, body.len - 1); /* a list of one */
    }
    live->facts = generator_facts(g);
    generator_free(g);
    packer_free(packer);
}

static struct bus *open_bus(const char *ingest, const char *reader)
{
    const struct bus_options how = {.ingest = ingest, .reader = reader};
    struct bus *bus;
    struct why why = {""};

    measure_check(bus_open(&how, &bus, &why), "open the bus", &why);
    return bus;
}

static void receive(struct bus *bus, int64_t timeout_ms, struct bus_message *out)
{
    struct why why = {""};

    measure_check(bus_receive(bus, -1, timeout_ms, out, &why), "receive", &why);
    if (out->kind == BUS_REFUSAL)
        measure_fail("refused: %.*s", TEXT_ARGS(out->text));
}

/* --- the publisher: a process of its own ----------------------------------------------
 */

static void take_positions(struct bus *bus, size_t most)
{
    struct bus_message m;
    struct why why = {""};
    enum status st;

    while (bus_unanswered(bus) > most)
        receive(bus, PATIENCE_MS, &m);
    while ((st = bus_receive(bus, -1, 0, &m, &why)) == ST_OK) {
    }
    if (st != ST_AGAIN)
        measure_check(st, "receive", &why);
}

static void send_due(struct schedule *s, struct bus *bus, uint64_t number)
{
    static uint8_t body[SCHEDULE_FRAME_SIZE];
    struct frame frame = {.type = FRAME_DATA, .number = number};
    struct why why = {""};

    measure_wait_until(schedule_next_ns(s));
    frame.body = (struct bytes){body, schedule_frame(s, body, &frame.events)};
    if (frame.events > 0)
        measure_check(bus_send(bus, &frame, &why), "send", &why);
}

static void publish(struct live *live)
{
    struct schedule *s = &live->schedule;
    struct bus *bus = open_bus(live->daemons.ingest, NULL);
    struct bus_greeting greeting;
    struct why why = {""};
    char name[64];

    measure_check(bus_hello(bus, TEXT_LITERAL("bench"), 5000, &greeting, &why), "hello",
                  &why);
    for (uint64_t number = 1; !schedule_is_done(s); number++) {
        uint64_t before = s->next;

        send_due(s, bus, number);
        number -= s->next == before;
        take_positions(bus, BUS_WINDOW_MAX - 1);
    }
    take_positions(bus, 0);
    if (s->rate == 0) {
        (void)snprintf(name, sizeof name, "live/durable");
        measure_print(name, "1/s",
                      (double)s->stream->len * 1e9 /
                          (double)(measure_now_ns() - s->start_ns));
    }
    bus_close(bus);
}

static pid_t start_publisher(struct live *live)
{
    (void)fflush(stdout);
    pid_t pid = fork();

    if (pid < 0)
        measure_fail("no process for the publisher");
    if (pid > 0)
        return pid;
    publish(live);
    _exit(0);
}

/* --- the follower ---------------------------------------------------------------------
 */

/* The rules stand in the journal: only then are alerts to be expected. */
static void wait_for_rules(const struct live_daemons *d)
{
    struct bus *bus = open_bus(NULL, d->reader);
    struct bus_message m;
    struct why why = {""};

    measure_check(bus_follow(bus, 0, &why), "follow the journal", &why);
    do
        receive(bus, PATIENCE_MS, &m);
    while (m.frame.type != FRAME_RULES);
    bus_close(bus);
}

/* Waits for the transition of every trigger. The newest event that moved the account is
 * the trigger itself: nothing else touches it. */
static void follow(struct live *live, struct bus *bus, struct latencies *latencies)
{
    uint64_t expected = live->stream.len / live->options.trigger_every;
    struct transition t;
    struct transition_texts texts;
    struct bus_message m;
    struct why why = {""};

    for (uint64_t seen = 0; seen < expected;) {
        receive(bus, PATIENCE_MS, &m);
        measure_check(unpack_transition(m.frame.body, &t, &texts, &why), "unpack", &why);
        if (!text_is(text_of(t.uid), "bench-trigger"))
            continue;
        seen++;
        if (t.moved_last == 0 || !generate_is_trigger(&live->options, t.moved_last - 1))
            measure_fail("a transition that no trigger brought about");
        latencies->last_ns = measure_now_ns();
        if (t.state == ALERT_FIRING)
            latencies_note(latencies, &live->schedule, t.moved_last - 1);
    }
}

static void run(struct live *live)
{
    struct bus *bus = open_bus(NULL, live->daemons.alerts);
    struct latencies latencies;
    struct why why = {""};
    int code;

    measure_check(bus_follow(bus, 0, &why), "follow the alerts", &why);
    latencies_open(&latencies, &live->schedule);
    live->schedule.start_ns = measure_now_ns() + 300000000;
    pid_t publisher = start_publisher(live);

    follow(live, bus, &latencies);
    if (waitpid(publisher, &code, 0) != publisher || code != 0)
        measure_fail("the publisher failed");
    latencies_print(&latencies, &live->schedule, "live");
    latencies_free(&latencies);
    bus_close(bus);
}

int main(int argc, char **argv)
{
    struct live live = {.options = {.seed = GENERATE_SEED,
                                    .countries = GENERATE_COUNTRIES,
                                    .commodities = GENERATE_COMMODITIES,
                                    .pace_us = 100}};

    if (argc != 6)
        measure_fail("usage: bench_live BIN DIR RULES RATE EVENTS");
    live.schedule.stream = &live.stream;
    live.schedule.rate = measure_number(argv[4]);
    live.schedule.sampled = schedule_sampled(live.schedule.rate);
    live.options.trigger_every = live.schedule.sampled;
    make_events(&live, measure_number(argv[5]));
    if (live.stream.len % live.schedule.sampled != 0)
        measure_fail("EVENTS is a multiple of %" PRIu64, live.schedule.sampled);
    daemons_start(&live.daemons, argv[1], argv[2], argv[3]);
    wait_for_rules(&live.daemons);
    run(&live);
    daemons_stop(&live.daemons, live.schedule.rate, live.stream.len, live.facts);
    stream_free(&live.stream);
    return 0;
}
