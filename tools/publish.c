/* shortfall publish: JSON lines to a running recorder; returns when they are durable. */
#include "command.h"

#include "shortfall/bus/bus.h"
#include "shortfall/core/commodity.h"
#include "shortfall/daemons/options.h"
#include "shortfall/fold/files.h"
#include "shortfall/fold/lines.h"
#include "shortfall/proto/json.h"
#include "shortfall/proto/pack.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct settings {
    const char *ingest, *producer, *factors;
    int64_t timeout;
    bool json, quiet;
} settings;

static const struct option_row rows[] = {
    {.name = "ingest",
     .kind = OPTION_ENDPOINT,
     .offset = offsetof(struct settings, ingest),
     .required = true,
     .help = "where the recorder takes frames in"},
    {.name = "producer",
     .kind = OPTION_TEXT,
     .offset = offsetof(struct settings, producer),
     .word = "NAME",
     .standard = "publish",
     .help = "name under which the frames are numbered; one live publisher has it at a "
             "time"},
    {.name = "factors",
     .kind = OPTION_TEXT,
     .offset = offsetof(struct settings, factors),
     .word = "SET",
     .standard = "ei2021",
     .help = "factor set for volumes"},
    {.name = "timeout",
     .kind = OPTION_DURATION,
     .offset = offsetof(struct settings, timeout),
     .standard = "30s",
     .least = SECOND_US / 10,
     .most = DAY_US,
     .help = "how long to wait for the recorder's answers"},
    {.name = "quiet",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct settings, quiet),
     .help = "do not print positions"},
    {.name = "json",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct settings, json),
     .help = "positions as one JSON object a line"},
};

static const struct program program = {
    .name = "shortfall publish",
    .summary =
        "Sends events, one JSON object a line, to a running recorder and returns "
        "when they are durable, with the position of each. A line that is wrong is "
        "named and left out (exit code 65).",
    .operands = "FILE|-",
    .lists = {{rows, sizeof rows / sizeof rows[0], &settings}},
};

/* The lines of a frame that is on its way. */
struct sent {
    uint64_t number;
    uint32_t len;
    uint64_t lines[FRAME_EVENTS_MAX];
};

struct publish {
    const char *file;
    bool each_line; /* a pipe or a terminal: nobody knows when the next line comes */
    factor_set_id set;
    struct bus *bus;
    struct lines *lines;
    struct json_reader *reader;
    struct packer *packer;
    uint64_t number;                      /* of the frame in the making */
    struct sent sent[BUS_WINDOW_MAX + 1]; /* by number modulo the size */
    uint64_t wrong;                       /* lines */
};

static struct sent *sent_at(struct publish *p, uint64_t number)
{
    return &p->sent[number % (BUS_WINDOW_MAX + 1)];
}

static void print_positions(struct publish *p, const struct bus_message *m)
{
    const struct sent *s = sent_at(p, m->number);

    for (uint32_t i = 0; i < s->len && !settings.quiet; i++) {
        if (settings.json)
            (void)printf("{\"line\":%" PRIu64 ",\"pos\":%" PRIu64 ",\"event\":%u}\n",
                         s->lines[i], m->pos, (unsigned)i + 1);
        else
            (void)printf("%s:%" PRIu64 ": position %" PRIu64 ", event %u\n", p->file,
                         s->lines[i], m->pos, (unsigned)i + 1);
    }
    (void)fflush(stdout);
}

static enum status take_answer(struct publish *p, struct why *why)
{
    struct bus_message m;
    enum status st = bus_receive(p->bus, -1, settings.timeout / 1000, &m, why);

    if (st == ST_AGAIN)
        return why_set(why, st,
                       "no answer from %s: what has no position yet may or may not be "
                       "durable; publish it again, repeats do no harm",
                       settings.ingest);
    if (st)
        return st;
    if (m.kind == BUS_POSITION) {
        print_positions(p, &m);
        return ST_OK;
    }
    const struct sent *s = sent_at(p, m.number);

    return why_set(why, ST_REFUSED,
                   "%s:%" PRIu64
                   ": the recorder refused the frame that begins here: %.*s",
                   p->file, s->len == 0 ? 0 : s->lines[0], TEXT_ARGS(m.text));
}

static enum status send_frame(struct publish *p, struct why *why)
{
    struct frame frame = {.type = FRAME_DATA,
                          .number = p->number,
                          .events = (uint32_t)packer_events(p->packer),
                          .body = packer_body(p->packer)};
    enum status st = frame.events == 0 ? ST_OK : bus_send(p->bus, &frame, why);

    while (st == ST_FULL) {
        st = take_answer(p, why);
        if (st == ST_OK)
            st = bus_send(p->bus, &frame, why);
    }
    if (st || frame.events == 0)
        return st;
    packer_clear(p->packer);
    p->number++;
    sent_at(p, p->number)->len = 0;
    return ST_OK;
}

static enum status add_event(struct publish *p, const struct event *ev, uint64_t line,
                             struct why *why)
{
    enum status st = packer_add(p->packer, ev);

    if (st == ST_FULL) {
        st = send_frame(p, why);
        if (st == ST_OK)
            st = packer_add(p->packer, ev);
    }
    if (st)
        return st == ST_OVERFLOW
                   ? why_set(why, st, "%s:%" PRIu64 ": event too large", p->file, line)
                   : st;
    struct sent *s = sent_at(p, p->number);

    s->number = p->number;
    s->lines[s->len++] = line;
    return p->each_line ? send_frame(p, why) : ST_OK;
}

static enum status take_line(struct publish *p, struct text text, uint64_t number,
                             struct why *why)
{
    struct event ev;
    struct json_error error;
    enum status st = json_read_event(p->reader, text, p->set, &ev, &error);
    char line[1024];

    if (st == ST_NOT_FOUND)
        return ST_OK;
    if (st == ST_OK)
        return add_event(p, &ev, number, why);
    struct line_error wrong = {p->file, number, error.column, error.field, error.text};

    (void)line_error_format(&wrong, line, sizeof line);
    (void)fprintf(stderr, "%s\n", line);
    p->wrong++;
    return ST_OK;
}

static enum status publish_lines(struct publish *p, struct why *why)
{
    struct text text;
    uint64_t number;
    enum status st;

    while ((st = lines_next(p->lines, &text, &number, why)) == ST_OK) {
        st = take_line(p, text, number, why);
        if (st)
            return st;
    }
    if (st == ST_NOT_FOUND)
        st = send_frame(p, why);
    while (st == ST_OK && bus_unanswered(p->bus) > 0)
        st = take_answer(p, why);
    return st;
}

static enum status say_hello(struct publish *p, struct why *why)
{
    struct bus_options options = {.ingest = settings.ingest};
    struct bus_greeting greeting;
    enum status st = bus_open(&options, &p->bus, why);

    if (st)
        return st;
    st = bus_hello(p->bus, text_of(settings.producer), settings.timeout / 1000, &greeting,
                   why);
    if (st == ST_AGAIN)
        return why_set(why, ST_UNREACHABLE, "no recorder answers at %s", settings.ingest);
    if (st)
        return st;
    p->number = greeting.last_number + 1;
    return ST_OK;
}

static enum status publish_open(struct publish *p, struct why *why)
{
    struct stat info;
    enum status st;

    p->set = factor_set_find(text_of(settings.factors));
    if (p->set == FACTOR_SET_NONE)
        return why_set(why, ST_INVALID, "unknown factor set \"%.64s\"", settings.factors);
    st = lines_open(p->file, &p->lines, why);
    if (st)
        return st;
    bool known = strcmp(p->file, "-") == 0 ? fstat(STDIN_FILENO, &info) == 0
                                           : stat(p->file, &info) == 0;

    p->each_line = known && !S_ISREG(info.st_mode);
    if (json_reader_new(&p->reader) || packer_new(&p->packer))
        return why_set(why, ST_NO_MEMORY, "no memory");
    return say_hello(p, why);
}

int command_publish(int argc, char **argv)
{
    struct command_line line;
    struct why why = {""};
    int code = options_begin(&program, argc, argv, &line);

    if (code >= 0)
        return code;
    if (line.operands_len != 1) {
        (void)fputs("shortfall publish: give one FILE, or - for standard input\n",
                    stderr);
        return EXIT_USAGE;
    }
    struct publish *p = calloc(1, sizeof *p);

    if (p == NULL)
        return command_fail("publish", ST_NO_MEMORY,
                            (why_set(&why, ST_NO_MEMORY, "no memory"), &why));
    p->file = line.operands[0];
    enum status st = publish_open(p, &why);

    if (st == ST_OK)
        st = publish_lines(p, &why);
    uint64_t wrong = p->wrong;

    bus_close(p->bus);
    lines_close(p->lines);
    json_reader_free(p->reader);
    packer_free(p->packer);
    free(p);
    if (st)
        return command_fail("publish", st, &why);
    code = command_done("publish");
    return code != 0 ? code : wrong > 0 ? status_exit_code(ST_INVALID) : 0;
}
