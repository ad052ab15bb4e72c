/* The recorder as publishers meet it: a process of its own behind real sockets in a
 * temporary folder. */
#include "../../daemons/recorder.h"

#include "shortfall/bus/server.h"
#include "shortfall/proto/json.h"
#include "shortfall/proto/pack.h"
#include "shortfall/storage/journal.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define WAIT_MS 20000 /* ends a test that hangs; never waited for otherwise */

#define CHILD_S 60 /* a recorder whose test has failed does not outlive this */

static char folder[] = "/tmp/shortfall-recorder-XXXXXX";
static char journal[64], ingest[64], reader[64];
static pid_t pid;
static struct bus *bus;

static void make_folder(void)
{
    cr_assert(mkdtemp(folder) != NULL);
    (void)snprintf(journal, sizeof journal, "%s/journal", folder);
    (void)snprintf(ingest, sizeof ingest, "ipc://%s/ingest", folder);
    (void)snprintf(reader, sizeof reader, "ipc://%s/reader", folder);
}

static void remove_folder(void)
{
    char command[128];

    (void)snprintf(command, sizeof command, "rm -rf '%s'", folder);
    cr_assert(system(command) == 0);
}

/* In the child: what is wrong is told by the exit code, so the log goes nowhere. */
static void run_recorder(int ready_fd, const char *exercise)
{
    char line[512];
    char *argv[16];
    int argc = 0;
    int nowhere = open("/dev/null", O_WRONLY);

    (void)snprintf(line, sizeof line,
                   "recorder --journal %s --ingest %s --reader %s --ready-fd %d%s%s",
                   journal, ingest, reader, ready_fd, exercise ? " --exercise " : "",
                   exercise ? exercise : "");
    for (char *at = line; at && argc < 15;) {
        char *blank = strchr(at, ' ');

        argv[argc++] = at;
        if (blank)
            *blank++ = '\0';
        at = blank;
    }
    argv[argc] = NULL;
    (void)dup2(nowhere, STDOUT_FILENO);
    (void)dup2(nowhere, STDERR_FILENO);
    (void)alarm(CHILD_S);
    _exit(daemon_main(&recorder_daemon, argc, argv));
}

/* Returns once it is ready (true) or has ended. */
static bool start_recorder(const char *exercise)
{
    char byte;
    int fds[2];
    bool ready;

    cr_assert(pipe(fds) == 0);
    pid = fork();
    cr_assert(pid >= 0);
    if (pid == 0) {
        (void)close(fds[0]);
        run_recorder(fds[1], exercise);
    }
    (void)close(fds[1]);
    ready = read(fds[0], &byte, 1) == 1 && byte == '\n';
    (void)close(fds[0]);
    return ready;
}

static int end_recorder(int signal_number)
{
    int state = 0;

    if (signal_number)
        (void)kill(pid, signal_number);
    cr_assert(waitpid(pid, &state, 0) == pid);
    return WIFEXITED(state) ? WEXITSTATUS(state) : -WTERMSIG(state);
}

static struct bus_greeting hello(const char *producer)
{
    const struct bus_options options = {.ingest = ingest, .reader = reader};
    struct bus_greeting greeting;
    struct why why = {""};

    bus_close(bus);
    bus = NULL;
    cr_assert(bus_open(&options, &bus, &why) == ST_OK, "%s", why.text);
    cr_assert(bus_hello(bus, text_of(producer), WAIT_MS, &greeting, &why) == ST_OK, "%s",
              why.text);
    return greeting;
}

static struct bus_message send_body(enum frame_type type, uint64_t number,
                                    struct bytes body)
{
    const struct frame frame = {.type = type,
                                .number = number,
                                .cursor = {(const uint8_t *)"here", 4},
                                .body = body};
    struct bus_message m;
    struct why why = {""};

    cr_assert(bus_send(bus, &frame, &why) == ST_OK, "%s", why.text);
    cr_assert(bus_receive(bus, -1, WAIT_MS, &m, &why) == ST_OK, "%s", why.text);
    cr_assert(m.number == number, "an answer to %llu", (unsigned long long)m.number);
    return m;
}

static void expect_position(struct bus_message m, uint64_t pos, bool repeated)
{
    cr_assert(m.kind == BUS_POSITION, "refused: %.*s", TEXT_ARGS(m.text));
    cr_assert(m.pos == pos && m.repeated == repeated, "position %llu, repeated %d",
              (unsigned long long)m.pos, m.repeated);
}

/* `text`: how the refusal's text begins. */
static void expect_refusal(struct bus_message m, enum refusal refusal, uint64_t expected,
                           const char *text)
{
    cr_assert(m.kind == BUS_REFUSAL, "%s: taken", text);
    cr_assert(m.refusal == refusal, "%s: %d: %.*s", text, (int)m.refusal,
              TEXT_ARGS(m.text));
    cr_assert(m.expected == expected, "%s: %llu is expected", text,
              (unsigned long long)m.expected);
    cr_assert(m.text.len >= strlen(text) && !memcmp(m.text.at, text, strlen(text)),
              "%s: %.*s", text, TEXT_ARGS(m.text));
}

static uint8_t body_bytes[FRAME_BODY_MAX];

/* `len` stocks published on 2008-01-`day`. */
static struct bytes stocks(unsigned len, unsigned day)
{
    struct json_reader *json = NULL;
    struct packer *packer = NULL;
    struct bytes body;

    cr_assert(json_reader_new(&json) == ST_OK && packer_new(&packer) == ST_OK);
    for (unsigned i = 0; i < len; i++) {
        struct json_error error;
        struct event ev;
        char line[256];

        (void)snprintf(line, sizeof line,
                       "{\"kind\":\"stock\",\"source\":\"t\",\"id\":\"d%u-%u\",\"time\":"
                       "\"2008-01-%02u\",\"country\":\"PRK\",\"commodity\":\"rice\","
                       "\"quantity\":1,\"unit\":\"t\"}",
                       day, i, day);
        cr_assert(json_read_event(json, text_of(line), 0, &ev, &error) == ST_OK, "%s",
                  error.text);
        cr_assert(packer_add(packer, &ev) == ST_OK);
    }
    body = packer_body(packer);
    memcpy(body_bytes, body.at, body.len);
    packer_free(packer);
    json_reader_free(json);
    return (struct bytes){body_bytes, body.len};
}

/* The same with the country of the event at `index` made one that does not exist. */
static struct bytes spoilt(unsigned len, unsigned index)
{
    struct bytes body = stocks(len, 1);
    unsigned found = 0;

    for (size_t i = 0; i + 3 <= body.len; i++)
        if (!memcmp(body_bytes + i, "PRK", 3) && found++ == index)
            body_bytes[i] = 'Q';
    return body;
}

static struct bytes promise(int64_t before)
{
    size_t len = 0;

    cr_assert(pack_promise(before, body_bytes, sizeof body_bytes, &len) == ST_OK);
    return (struct bytes){body_bytes, len};
}

static struct bytes rules(const char *text)
{
    size_t len = 0;

    cr_assert(pack_rules(TEXT_LITERAL("r.yaml"), text_of(text), body_bytes,
                         sizeof body_bytes, &len) == ST_OK);
    return (struct bytes){body_bytes, len};
}

static const struct bytes nothing = {(const uint8_t *)"", 0};

Test(recorder, a_number_is_taken_once, .init = make_folder, .fini = remove_folder)
{
    struct bus_greeting greeting;

    cr_assert(start_recorder(NULL));
    greeting = hello("ships");
    cr_assert(greeting.last_number == 0 && greeting.clock == CLOCK_RECORDED);
    expect_position(send_body(FRAME_DATA, 1, stocks(3, 1)), 2, false);
    expect_position(send_body(FRAME_DATA, 2, stocks(1, 2)), 3, false);
    (void)hello("ships"); /* forgets what was sent */
    expect_position(send_body(FRAME_DATA, 1, stocks(3, 1)), 2, true);
    (void)hello("ships");
    expect_refusal(send_body(FRAME_DATA, 2, stocks(2, 2)), REFUSED_REUSED, 3,
                   "this number was taken before");
    expect_refusal(send_body(FRAME_DATA, 4, stocks(2, 2)), REFUSED_GAP, 3,
                   "a frame before this one is missing");
    greeting = hello("ships");
    cr_assert(greeting.last_number == 2);
    cr_assert(greeting.cursor_len == 4 && !memcmp(greeting.cursor, "here", 4));
    greeting = hello("prices");
    cr_assert(greeting.last_number == 0);
    bus_close(bus);
    cr_assert(end_recorder(SIGTERM) == 0);
}

Test(recorder, what_it_took_outlives_a_kill, .init = make_folder, .fini = remove_folder)
{
    struct bus_message m;
    struct why why = {""};

    cr_assert(start_recorder(NULL));
    (void)hello("ships");
    expect_position(send_body(FRAME_DATA, 1, stocks(3, 1)), 2, false);
    cr_assert(end_recorder(SIGKILL) == -SIGKILL);
    cr_assert(start_recorder(NULL));
    cr_assert(hello("ships").last_number == 1);
    expect_position(send_body(FRAME_DATA, 2, stocks(1, 2)), 3, false);
    cr_assert(bus_follow(bus, 0, &why) == ST_OK);
    for (uint64_t pos = 1; pos <= 3; pos++) {
        static const uint32_t events[] = {0, 3, 1};
        static const uint64_t first[] = {1, 1, 4};

        cr_assert(bus_receive(bus, -1, WAIT_MS, &m, &why) == ST_OK, "%s", why.text);
        cr_assert(m.kind == BUS_FRAME && m.frame.pos == pos);
        cr_assert(m.frame.events == events[pos - 1] &&
                      m.frame.first_seq == first[pos - 1],
                  "frame %d", (int)pos);
    }
    bus_close(bus);
    cr_assert(end_recorder(SIGINT) == 0);
}

Test(recorder, what_is_wrong_binds_no_number, .init = make_folder, .fini = remove_folder)
{
    static const uint8_t garbage[] = {0xc1, 0x00};
    static const struct bytes broken = {garbage, sizeof garbage};

    cr_assert(start_recorder(NULL));
    (void)hello("ships");
    expect_refusal(send_body(FRAME_DATA, 1, broken), REFUSED_FORM, 1, "body: ");
    expect_refusal(send_body(FRAME_DATA, 1, nothing), REFUSED_FORM, 1, "body: ");
    expect_refusal(send_body(FRAME_DATA, 1, stocks(0, 1)), REFUSED_FORM, 1,
                   "body: a data frame without events");
    expect_refusal(send_body(FRAME_DATA, 1, spoilt(3, 1)), REFUSED_FORM, 1,
                   "event 1: country: ");
    expect_refusal(send_body(FRAME_TICK, 1, stocks(1, 1)), REFUSED_FORM, 1,
                   "a tick has no body");
    expect_refusal(send_body(FRAME_PROMISE, 1, promise(0)), REFUSED_FORM, 1,
                   "a promise belongs into an exercise journal");
    expect_refusal(send_body(FRAME_RULES, 1, rules("version: 2\n")), REFUSED_FORM, 1,
                   "r.yaml:1:");
    expect_refusal(send_body(FRAME_OPENING, 1, nothing), REFUSED_FORM, 1,
                   "a publisher sends no frames of type opening");
    expect_refusal(send_body(FRAME_TRANSITION, 1, nothing), REFUSED_FORM, 1,
                   "a publisher sends no frames of type transition");
    expect_refusal(send_body(FRAME_SILENCE, 1, nothing), REFUSED_FORM, 1,
                   "this version knows no frames of type silence yet");
    expect_position(send_body(FRAME_TICK, 1, nothing), 2, false);
    expect_position(send_body(FRAME_RULES, 2, rules("version: 1\ngroups: []\n")), 3,
                    false);
    (void)hello("recorder");
    expect_refusal(send_body(FRAME_TICK, 2, nothing), REFUSED_FORM, 2,
                   "the name recorder is the recorder's own");
    bus_close(bus);
    cr_assert(end_recorder(SIGTERM) == 0);
}

Test(recorder, every_wrong_event_is_named, .init = make_folder, .fini = remove_folder)
{
    struct bytes body = stocks(FRAME_EVENTS_MAX, 1);
    struct bus_message m;

    for (size_t i = 0; i + 3 <= body.len; i++)
        if (!memcmp(body_bytes + i, "PRK", 3))
            body_bytes[i] = 'Q';
    cr_assert(start_recorder(NULL));
    (void)hello("ships");
    m = send_body(FRAME_DATA, 1, body);
    expect_refusal(m, REFUSED_FORM, 1, "event 0: country: ");
    cr_assert(m.text.len <= BUS_REFUSAL_TEXT_MAX);
    for (unsigned i = 1; i < FRAME_EVENTS_MAX; i++) {
        char text[BUS_REFUSAL_TEXT_MAX + 1];
        char want[32];

        (void)snprintf(want, sizeof want, "\nevent %u: country: ", i);
        cr_assert(strstr(text_copy(m.text, text, sizeof text), want) != NULL, "%u", i);
    }
    bus_close(bus);
    cr_assert(end_recorder(SIGTERM) == 0);
}

#define JANUARY_2008 INT64_C(1199145600000000)
#define DAY(d)       (JANUARY_2008 + ((d)-1) * DAY_US)

Test(recorder, an_exercise_holds_feeds_to_their_promises, .init = make_folder,
     .fini = remove_folder)
{
    cr_assert(start_recorder("ships,prices"));
    cr_assert(hello("ships").clock == CLOCK_PUBLISHED);
    expect_position(send_body(FRAME_DATA, 1, stocks(1, 5)), 2, false);
    expect_position(send_body(FRAME_PROMISE, 2, promise(DAY(10))), 3, false);
    expect_refusal(send_body(FRAME_DATA, 3, stocks(2, 9)), REFUSED_ORDER, 3,
                   "event 0: published: 2008-01-09T00:00:00Z is before "
                   "2008-01-10T00:00:00Z");
    expect_refusal(send_body(FRAME_PROMISE, 3, promise(DAY(10) - 1)), REFUSED_ORDER, 3,
                   "promise: 2008-01-09T23:59:59.999999Z is before");
    expect_refusal(send_body(FRAME_TICK, 3, nothing), REFUSED_FORM, 3,
                   "a tick moves the clock of recording");
    expect_position(send_body(FRAME_PROMISE, 3, promise(DAY(10))), 4, false);
    expect_position(send_body(FRAME_DATA, 4, stocks(1, 10)), 5, false);
    (void)hello("policies");
    expect_refusal(send_body(FRAME_DATA, 1, stocks(1, 20)), REFUSED_ORDER, 1,
                   "policies is not a declared feed of this exercise journal (its feeds: "
                   "ships, prices)");
    expect_refusal(send_body(FRAME_PROMISE, 1, promise(DAY(1))), REFUSED_ORDER, 1,
                   "policies is not a declared feed");
    /* Promises are remembered, each feed has its own. */
    cr_assert(end_recorder(SIGKILL) == -SIGKILL);
    cr_assert(start_recorder(NULL));
    (void)hello("ships");
    expect_refusal(send_body(FRAME_DATA, 5, stocks(1, 9)), REFUSED_ORDER, 5,
                   "event 0: published: ");
    expect_position(send_body(FRAME_PROMISE, 5, promise(DAY(10) + 1)), 6, false);
    expect_refusal(send_body(FRAME_DATA, 6, stocks(1, 10)), REFUSED_ORDER, 6,
                   "event 0: published: ");
    expect_position(send_body(FRAME_PROMISE, 6, promise(TIME_END)), 7, false);
    (void)hello("prices");
    expect_position(send_body(FRAME_DATA, 1, stocks(1, 1)), 8, false);
    bus_close(bus);
    cr_assert(end_recorder(SIGTERM) == 0);
}

Test(recorder, an_old_journal_keeps_its_kind, .init = make_folder, .fini = remove_folder)
{
    static const struct {
        const char *exercise;
        int code; /* 0: it starts */
    } cases[] = {
        {"b,a", 0},           {NULL, 0},
        {"a", EXIT_CONFIG},   {"a,b,c", EXIT_CONFIG},
        {"a,c", EXIT_CONFIG}, {"a,a", EXIT_CONFIG},
        {"a,", EXIT_CONFIG},  {"A", EXIT_CONFIG},
    };

    cr_assert(start_recorder("a,b"));
    cr_assert(end_recorder(SIGTERM) == 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool ready = start_recorder(cases[i].exercise);

        cr_assert(ready == (cases[i].code == 0), "case %zu", i);
        cr_assert(end_recorder(ready ? SIGTERM : 0) == cases[i].code, "case %zu", i);
    }
}

Test(recorder, an_ordinary_journal_is_no_exercise, .init = make_folder,
     .fini = remove_folder)
{
    cr_assert(start_recorder(NULL));
    cr_assert(end_recorder(SIGTERM) == 0);
    cr_assert(!start_recorder("a"));
    cr_assert(end_recorder(0) == EXIT_CONFIG);
}

Test(recorder, a_second_recorder_is_refused, .init = make_folder, .fini = remove_folder)
{
    pid_t first;

    cr_assert(start_recorder(NULL));
    first = pid;
    cr_assert(!start_recorder(NULL));
    cr_assert(end_recorder(0) == 1);
    pid = first;
    cr_assert(end_recorder(SIGTERM) == 0);
}
