/* The feed as a recorder meets it: the feed is a process of its own, and the test is a
 * recorder that says what it likes. */
#include "shortfall/bus/server.h"
#include "shortfall/daemons/options.h"
#include "shortfall/proto/pack.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define WAIT_MS 20000 /* ends a test that hangs; never waited for otherwise */

#define CHILD_S 60 /* a feed whose test has failed does not outlive this */

static char folder[] = "/tmp/shortfall-feed-XXXXXX";
static char file[64], ingest[64];
static struct bus_server *server;
static pid_t pid;

static void begin(void)
{
    static const uint8_t stream_id[FRAME_HASH_SIZE] = {1};
    struct bus_server_options options = {.ingest = ingest, .stream_id = stream_id};
    struct why why = {""};

    cr_assert(mkdtemp(folder) != NULL);
    (void)snprintf(file, sizeof file, "%s/ships.jsonl", folder);
    (void)snprintf(ingest, sizeof ingest, "ipc://%s/ingest", folder);
    cr_assert(bus_server_open(&options, &server, &why) == ST_OK, "%s", why.text);
}

static void end(void)
{
    char command[128];

    bus_server_close(server);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", folder);
    cr_assert(system(command) == 0);
}

/* Stocks with the ids s1, s2, ..., one a day from 2008-01-01 on. */
static void write_lines(unsigned first, unsigned last)
{
    FILE *out = fopen(file, "a");

    cr_assert(out != NULL);
    for (unsigned i = first; i <= last; i++)
        (void)fprintf(
            out,
            "{\"kind\":\"stock\",\"source\":\"t\",\"id\":\"s%u\",\"time\":\"2008-"
            "01-%02u\",\"country\":\"PRK\",\"commodity\":\"rice\",\"quantity\":1,"
            "\"unit\":\"t\"}\n",
            i, i);
    cr_assert(fclose(out) == 0);
}

static void write_text(const char *text)
{
    FILE *out = fopen(file, "a");

    cr_assert(out != NULL && fputs(text, out) >= 0 && fclose(out) == 0);
}

/* `options` are parted by blanks. The bus has threads by now, one of which may hold a
 * lock of the allocator when the process forks: the child touches nothing and becomes the
 * program itself. */
static void start_feed(const char *options)
{
    static char line[512];
    static char *argv[32];
    int argc = 0;
    int nowhere;

    (void)snprintf(line, sizeof line, "shortfall-feed --source %s --ingest %s%s%s", file,
                   ingest, options[0] ? " " : "", options);
    for (char *at = line; at && argc < 31;) {
        char *blank = strchr(at, ' ');

        argv[argc++] = at;
        if (blank)
            *blank++ = '\0';
        at = blank;
    }
    argv[argc] = NULL;
    pid = fork();
    cr_assert(pid >= 0);
    if (pid > 0)
        return;
    nowhere = open("/dev/null", O_WRONLY);
    (void)dup2(nowhere, STDOUT_FILENO);
    (void)dup2(nowhere, STDERR_FILENO);
    (void)alarm(CHILD_S);
    (void)execv(BINARY_DIR "/bin/shortfall-feed", argv);
    _exit(127);
}

static int feed_code(void)
{
    int state = 0;

    cr_assert(waitpid(pid, &state, 0) == pid);
    return WIFEXITED(state) ? WEXITSTATUS(state) : -WTERMSIG(state);
}

static struct bus_request next_request(void)
{
    struct bus_request request;
    struct why why = {""};

    bus_server_release(server);
    while (bus_server_next(server, &request, &why) != ST_OK)
        cr_assert(bus_server_wait(server, -1, WAIT_MS, 0, &why) == ST_OK, "%s", why.text);
    return request;
}

/* Answers its hello. */
static void greet(enum clock_kind clock, uint64_t last_number, const char *cursor)
{
    struct bus_greeting greeting = {.last_number = last_number, .clock = clock};
    struct bus_request request = next_request();

    while (request.kind != BUS_HELLO) /* of a feed that is gone by now */
        request = next_request();
    cr_assert(text_is(request.producer, "ships"));
    greeting.cursor_len = strlen(cursor);
    memcpy(greeting.cursor, cursor, greeting.cursor_len);
    bus_server_greet(server, request.peer, &greeting);
}

/* The ids of a data frame, "s1 s2 "; what a promise says, as text. */
static const char *content_of(const struct frame *frame)
{
    static char out[512];
    struct unpacker u;
    struct event ev;
    bool skipped;
    int64_t before = 0;
    size_t len = 0;

    if (frame->type == FRAME_PROMISE) {
        cr_assert(unpack_promise(frame->body, &before, NULL) == ST_OK);
        return timestamp_format(before, out);
    }
    cr_assert(unpack_begin(frame->body, &u, NULL) == ST_OK);
    while (unpack_next(&u, &ev, &skipped, NULL) == ST_OK)
        len += (size_t)snprintf(out + len, sizeof out - len, "%.*s ", TEXT_ARGS(ev.id));
    return out;
}

/* What the next frame must be, and what it is answered with. */
struct exchange {
    uint64_t number;
    const char *content;
    const char *refusal; /* NULL: a position */
};

static void exchange(const struct exchange *list, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        struct bus_request r = next_request();

        /* Those of the window that were sent before it knew of a refusal. */
        while (i > 0 && list[i - 1].refusal && r.frame.number != list[i].number)
            r = next_request();
        cr_assert(r.kind == BUS_SUBMIT);
        cr_assert(r.frame.number == list[i].number, "frame %zu has number %llu", i,
                  (unsigned long long)r.frame.number);
        cr_assert_str_eq(content_of(&r.frame), list[i].content, "frame %zu: %s", i,
                         content_of(&r.frame));
        if (list[i].refusal)
            bus_server_refuse(server, r.peer, list[i].number, REFUSED_FORM,
                              list[i].number, text_of(list[i].refusal));
        else
            bus_server_position(server, r.peer, list[i].number, 100 + i, false);
    }
}

#define EXCHANGE(...)                                                                    \
    exchange((const struct exchange[]){__VA_ARGS__},                                     \
             sizeof((const struct exchange[]){__VA_ARGS__}) / sizeof(struct exchange))

Test(feed, a_file_is_sent_in_frames, .init = begin, .fini = end)
{
    write_lines(1, 5);
    start_feed("--batch 2");
    greet(CLOCK_RECORDED, 0, "");
    EXCHANGE({1, "s1 s2 ", NULL}, {2, "s3 s4 ", NULL}, {3, "s5 ", NULL});
    cr_assert(feed_code() == 0);
}

Test(feed, it_goes_on_behind_the_cursor, .init = begin, .fini = end)
{
    struct bus_request r;
    char cursor[FRAME_CURSOR_MAX + 1];

    write_lines(1, 5);
    start_feed("--batch 2 --window 1");
    greet(CLOCK_RECORDED, 0, "");
    r = next_request();
    (void)text_copy(
        (struct text){(const char *)r.frame.cursor.at, (uint32_t)r.frame.cursor.len},
        cursor, sizeof cursor);
    (void)kill(pid, SIGKILL);
    cr_assert(feed_code() == -SIGKILL);
    /* Recorded, but the feed never heard of it; and its number was another. */
    start_feed("--batch 2");
    greet(CLOCK_RECORDED, 7, cursor);
    EXCHANGE({8, "s3 s4 ", NULL}, {9, "s5 ", NULL});
    cr_assert(feed_code() == 0);
}

Test(feed, refused_events_are_left_out, .init = begin, .fini = end)
{
    write_lines(1, 8);
    start_feed("--batch 2 --on-error skip");
    greet(CLOCK_RECORDED, 0, "");
    EXCHANGE({1, "s1 s2 ", "event 1: unit: no"}, {1, "s1 ", NULL},
             {2, "s3 s4 ", "event 0: unit: no\nevent 1: unit: no"}, {2, "s5 s6 ", NULL},
             {3, "s7 s8 ", NULL});
    cr_assert(feed_code() == 65);
}

Test(feed, a_refusal_stops_it, .init = begin, .fini = end)
{
    static const struct {
        const char *options, *refusal;
    } cases[] = {
        {"--batch 2", "event 1: unit: no"},
        {"--batch 2 --on-error skip", "body: no event is named"},
    };

    write_lines(1, 4);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        start_feed(cases[i].options);
        greet(CLOCK_RECORDED, 0, "");
        EXCHANGE({1, "s1 s2 ", cases[i].refusal});
        cr_assert(feed_code() == 65, "case %zu", i);
    }
}

Test(feed, a_wrong_line_stops_it_before_its_frame, .init = begin, .fini = end)
{
    write_lines(1, 3);
    write_text("{\"kind\":\"stok\"}\n");
    write_lines(4, 4);
    start_feed("--batch 2");
    greet(CLOCK_RECORDED, 0, "");
    EXCHANGE({1, "s1 s2 ", NULL});
    cr_assert(feed_code() == 65);
    start_feed("--batch 2 --on-error skip");
    greet(CLOCK_RECORDED, 0, "");
    EXCHANGE({1, "s1 s2 ", NULL}, {2, "s3 s4 ", NULL});
    cr_assert(feed_code() == 65);
}

Test(feed, an_exercise_gets_promises, .init = begin, .fini = end)
{
    write_lines(1, 3);
    start_feed("--batch 2 --exercise");
    greet(CLOCK_PUBLISHED, 0, "");
    EXCHANGE({1, "s1 s2 ", NULL}, {2, "2008-01-03T00:00:00Z", NULL}, {3, "s3 ", NULL},
             {4, "end", NULL});
    cr_assert(feed_code() == 0);
}

Test(feed, an_exercise_goes_on_between_data_and_promise, .init = begin, .fini = end)
{
    static const struct {
        const char *after;
        const char *next;
    } cases[] = {{"data", "2008-01-02T00:00:00Z"}, {"promise", "s2 s3 "}};
    char cursor[256];
    FILE *in;
    long offset;

    write_lines(1, 1);
    in = fopen(file, "r");
    cr_assert(in && fseek(in, 0, SEEK_END) == 0);
    offset = ftell(in);
    (void)fclose(in);
    write_lines(2, 3);
    for (size_t i = 0; i < 2; i++) {
        (void)snprintf(cursor, sizeof cursor,
                       "v1 offset=%ld line=1 published=1199145600000000 after=%s "
                       "file=ships.jsonl",
                       offset, cases[i].after);
        start_feed("--exercise");
        greet(CLOCK_PUBLISHED, 4, cursor);
        EXCHANGE({5, cases[i].next, NULL});
        (void)kill(pid, SIGKILL);
        (void)feed_code();
    }
    (void)snprintf(cursor, sizeof cursor,
                   "v1 offset=%ld line=1 published=0 after=end file=ships.jsonl", offset);
    start_feed("--exercise");
    greet(CLOCK_PUBLISHED, 4, cursor);
    cr_assert(feed_code() == 65, "lines behind the promised end");
}

Test(feed, an_exercise_must_be_in_order, .init = begin, .fini = end)
{
    write_lines(1, 3);
    write_lines(2, 2);
    start_feed("--exercise");
    greet(CLOCK_PUBLISHED, 0, "");
    cr_assert(feed_code() == 65);
}

Test(feed, another_producer_of_its_name_is_refused, .init = begin, .fini = end)
{
    static const struct {
        enum clock_kind clock;
        const char *options, *cursor;
    } cases[] = {
        {CLOCK_RECORDED, "",
         "v1 offset=9 line=1 published=1 after=data file=prices.jsonl"},
        {CLOCK_RECORDED, "",
         "v1 offset=99999 line=1 published=1 after=data file=ships.jsonl"},
        {CLOCK_RECORDED, "",
         "v1 offset=9 line=1 published=1 after=data file=ships.jsonl"},
        {CLOCK_RECORDED, "", "something else"},
        {CLOCK_RECORDED, "", ""},
        {CLOCK_RECORDED, "--exercise", ""},
        {CLOCK_PUBLISHED, "", ""},
    };

    write_lines(1, 3);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        start_feed(cases[i].options);
        greet(cases[i].clock, 3, cases[i].cursor);
        cr_assert(feed_code() == EXIT_CONFIG, "case %zu", i);
    }
}

Test(feed, nobody_there_is_told, .init = begin, .fini = end)
{
    write_lines(1, 1);
    bus_server_close(server);
    server = NULL;
    start_feed("--wait 50ms");
    cr_assert(feed_code() == 69);
}

Test(feed, a_file_that_grows_is_followed, .init = begin, .fini = end)
{
    write_lines(1, 3);
    start_feed("--batch 2 --follow");
    greet(CLOCK_RECORDED, 0, "");
    EXCHANGE({1, "s1 s2 ", NULL}, {2, "s3 ", NULL});
    write_lines(4, 4);
    EXCHANGE({3, "s4 ", NULL});
    (void)kill(pid, SIGTERM);
    cr_assert(feed_code() == 0);
}
