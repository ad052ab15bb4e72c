/* The notifier: takes alert transitions from the aggregator's stream and hands each of
 * them to every target. A delivery is noted in the ledger after it was made: so none is
 * left out, and after a crash one may be made twice, under the same notification id. */
#include "notifier.h"

#include "frame_clock.h"
#include "notifier_command.h"
#include "notifier_line.h"

#include "shortfall/bus/bus.h"
#include "shortfall/core/hash.h"
#include "shortfall/daemons/log.h"
#include "shortfall/proto/alert_json.h"
#include "shortfall/storage/store.h"

#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Stand in the ledger: never rename. */
#define TARGET_STDOUT  "stdout"
#define TARGET_COMMAND "command"

enum stdout_form { STDOUT_NONE, STDOUT_TEXT, STDOUT_JSON };

static const char *const stdout_forms[] = {"none", "text", "json", NULL};

static struct notifier_settings {
    const char *reader, *ledger;
    const char *command; /* NULL: none */
    int64_t command_timeout_us, retry_us, retry_max_us;
    int64_t form; /* enum stdout_form */
} settings;

#define AT(member) offsetof(struct notifier_settings, member)

static const struct option_row options[] = {
    {.name = "reader",
     .kind = OPTION_ENDPOINT,
     .offset = AT(reader),
     .required = true,
     .help = "Where the aggregator serves its alert transitions."},
    {.name = "ledger",
     .kind = OPTION_PATH,
     .offset = AT(ledger),
     .word = "FILE",
     .required = true,
     .help =
         "What has been delivered; made when it does not exist. Without it everything "
         "is delivered again."},
    {.name = "stdout",
     .kind = OPTION_CHOICE,
     .offset = AT(form),
     .standard = "text",
     .choices = stdout_forms,
     .help = "How each transition is written to standard output, one line each."},
    {.name = "command",
     .kind = OPTION_TEXT,
     .offset = AT(command),
     .word = "COMMAND",
     .help =
         "Run by /bin/sh for each transition, with the transition as a JSON line on "
         "its standard input and as SHORTFALL_RULE, _COUNTRY, _COMMODITY, _STATE, _AT "
         "and _NOTIFICATION in its environment. An exit status other than 0 means "
         "that it will be run again. The notification tells a repeat from news."},
    {.name = "command-timeout",
     .kind = OPTION_DURATION,
     .offset = AT(command_timeout_us),
     .standard = "10s",
     .least = SECOND_US / 1000,
     .most = HOUR_US,
     .help = "A command that takes longer is killed, and has failed."},
    {.name = "retry",
     .kind = OPTION_DURATION,
     .offset = AT(retry_us),
     .standard = "1s",
     .least = SECOND_US / 1000,
     .most = DAY_US,
     .help = "Wait after a first failure, doubled with each one that follows."},
    {.name = "retry-max",
     .kind = OPTION_DURATION,
     .offset = AT(retry_max_us),
     .standard = "5m",
     .least = SECOND_US / 1000,
     .most = DAY_US,
     .help = "The longest wait after a failure."},
};

/* A transition that waits for the command, as it came. */
struct pending {
    uint64_t pos;
    size_t len;
    uint8_t body[TRANSITION_BODY_MAX];
};

/* While the command fails, so many transitions still reach standard output. */
#define PENDING_MAX 256

struct notifier {
    struct delivered *ledger;
    struct bus *bus;
    struct pending pending[PENDING_MAX]; /* a ring */
    size_t first, pending_len;
    int64_t retry_at_us; /* monotonic; the command is not run before */
    int64_t backoff_us;  /* of the next failure */
    uint64_t failures;   /* of the first pending transition */
    char json[ALERT_JSON_SIZE];
};

static void notifier_close(void *self)
{
    struct notifier *n = self;

    bus_close(n->bus);
    delivered_close(n->ledger);
    free(n);
}

/* The first position that some target may not have had. */
static enum status find_start(struct notifier *n, uint64_t *after, struct why *why)
{
    const struct {
        const char *target;
        bool is_used;
    } targets[] = {{TARGET_STDOUT, settings.form != STDOUT_NONE},
                   {TARGET_COMMAND, settings.command != NULL}};
    uint64_t least = UINT64_MAX;

    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        uint64_t last = UINT64_MAX;
        enum status st = ST_OK;

        if (targets[i].is_used)
            st = delivered_last(n->ledger, targets[i].target, &last, why);
        if (st)
            return st;
        least = last < least ? last : least;
    }
    if (least == UINT64_MAX)
        return why_set(why, ST_INVALID,
                       "nowhere to deliver: --stdout none needs a "
                       "--command");
    *after = least;
    return ST_OK;
}

static enum status set_up(struct notifier *n, struct why *why)
{
    const struct bus_options bus = {.reader = settings.reader};
    uint64_t after = 0;

    if (settings.retry_max_us < settings.retry_us)
        return why_set(why, ST_INVALID, "--retry-max: shorter than --retry");
    enum status st = command_prepare(why);

    if (st == ST_OK)
        st = delivered_open(settings.ledger, &n->ledger, why);
    if (st == ST_OK)
        st = find_start(n, &after, why);
    if (st == ST_OK)
        st = bus_open(&bus, &n->bus, why);
    if (st == ST_OK)
        st = bus_follow(n->bus, after, why);
    if (st == ST_OK)
        log_write(LOG_INFO, "opened", log_string("ledger", settings.ledger),
                  log_string("reader", settings.reader), log_count("after", after));
    return st;
}

static enum status notifier_open(int stop_fd, void **self, struct why *why)
{
    struct notifier *n = calloc(1, sizeof *n);

    (void)stop_fd;
    if (n == NULL)
        return why_set(why, ST_NO_MEMORY, "start: no memory");
    n->backoff_us = settings.retry_us;
    enum status st = set_up(n, why);

    if (st) {
        notifier_close(n);
        return st;
    }
    *self = n;
    return ST_OK;
}

/* --- delivering --------------------------------------------------------------------- */

static enum status note(struct notifier *n, const char *target, uint64_t pos,
                        const struct transition *t, struct why *why)
{
    enum status st = delivered_note(n->ledger, target, pos, t->notification, why);

    if (st == ST_CONFLICT)
        return why_wrap(why, st, "%s is of another journal", settings.ledger);
    if (st == ST_OK)
        log_write(LOG_DEBUG, "delivered", log_count("pos", pos),
                  log_string("target", target), log_string("rule", t->uid));
    return st;
}

/* *wanted: it has not been delivered to this target. */
static enum status check(struct notifier *n, const char *target,
                         const struct transition *t, bool *wanted, struct why *why)
{
    enum status st = delivered_check(n->ledger, target, t->notification, why);

    *wanted = st == ST_OK;
    return st == ST_CONFLICT ? ST_OK : st;
}

static enum status write_json(struct notifier *n, const struct transition *t,
                              const struct transition_texts *texts, struct text *out,
                              struct why *why)
{
    size_t len;
    enum status st = alert_json_write(t, texts, n->json, sizeof n->json, &len);

    if (st)
        return why_set(why, st, "a transition of %s does not fit a JSON line", t->uid);
    *out = (struct text){n->json, (uint32_t)len};
    return ST_OK;
}

static enum status print(struct notifier *n, uint64_t pos, const struct transition *t,
                         const struct transition_texts *texts, int stop_fd,
                         struct why *why)
{
    char notice[NOTICE_SIZE];
    struct text line = {notice, 0};
    bool wanted;
    enum status st = check(n, TARGET_STDOUT, t, &wanted, why);

    if (st || !wanted)
        return st;
    if (settings.form == STDOUT_JSON)
        st = write_json(n, t, texts, &line, why);
    else
        line.len = (uint32_t)notice_format(t, texts, notice);
    if (st == ST_OK)
        st = line_put(STDOUT_FILENO, line, stop_fd, why);
    if (st)
        return st == ST_STOPPED ? st : why_wrap(why, st, "standard output");
    return note(n, TARGET_STDOUT, pos, t, why);
}

static enum status run_command(struct notifier *n, const struct transition *t,
                               const struct transition_texts *texts, int stop_fd,
                               struct why *why)
{
    char at[TIMESTAMP_SIZE];
    char notification[HEX_SIZE(ALERT_HASH_SIZE)];
    const struct command_variable variables[] = {
        {"SHORTFALL_RULE", t->uid},
        {"SHORTFALL_COUNTRY", place_code(t->country)},
        {"SHORTFALL_COMMODITY", commodity_code(t->commodity)},
        {"SHORTFALL_STATE", alert_state_name(t->state)},
        {"SHORTFALL_AT", timestamp_format(t->at, at)},
        {"SHORTFALL_NOTIFICATION",
         hex_format(t->notification, sizeof t->notification, notification)},
    };
    struct command command = {.text = settings.command,
                              .timeout_us = settings.command_timeout_us,
                              .variables = variables,
                              .variables_len = sizeof variables / sizeof variables[0]};
    enum status st = write_json(n, t, texts, &command.input, why);

    if (st)
        return st;
    n->json[command.input.len++] = '\n'; /* in place of its NUL */
    return command_run(&command, stop_fd, why);
}

static void note_failure(struct notifier *n, const struct pending *p,
                         const struct why *why)
{
    char wait[DURATION_SIZE];

    n->failures++;
    n->retry_at_us = clock_monotonic_us() + n->backoff_us;
    log_write(LOG_WARN, "command-failed", log_count("pos", p->pos),
              log_count("failures", n->failures), log_string("why", why->text),
              log_string("retry", duration_format(n->backoff_us, wait)));
    n->backoff_us = n->backoff_us < settings.retry_max_us / 2 ? 2 * n->backoff_us
                                                              : settings.retry_max_us;
}

static void drop_first(struct notifier *n)
{
    n->first = (n->first + 1) % PENDING_MAX;
    n->pending_len--;
    n->failures = 0;
    n->retry_at_us = 0;
    n->backoff_us = settings.retry_us;
}

/* Tells the command of the first transition that waits for it, if it is time. */
static enum status try_command(struct notifier *n, int stop_fd, struct why *why)
{
    const struct pending *p = &n->pending[n->first];
    struct transition_texts texts;
    struct transition t;

    if (n->pending_len == 0 || clock_monotonic_us() < n->retry_at_us)
        return ST_OK;
    enum status st = unpack_transition((struct bytes){p->body, p->len}, &t, &texts, why);

    if (st)
        return st;
    st = run_command(n, &t, &texts, stop_fd, why);
    if (st == ST_REFUSED) {
        note_failure(n, p, why);
        return ST_OK;
    }
    if (st == ST_OK)
        st = note(n, TARGET_COMMAND, p->pos, &t, why);
    if (st)
        return st;
    if (n->failures > 0)
        log_write(LOG_INFO, "command-recovered", log_count("pos", p->pos),
                  log_count("failures", n->failures));
    drop_first(n);
    return ST_OK;
}

static enum status queue(struct notifier *n, uint64_t pos, struct bytes body,
                         const struct transition *t, struct why *why)
{
    bool wanted = false;
    enum status st = ST_OK;

    if (settings.command != NULL)
        st = check(n, TARGET_COMMAND, t, &wanted, why);
    if (st || !wanted)
        return st;
    struct pending *p = &n->pending[(n->first + n->pending_len++) % PENDING_MAX];

    p->pos = pos;
    p->len = body.len;
    memcpy(p->body, body.at, body.len);
    return ST_OK;
}

static enum status take(struct notifier *n, const struct frame *frame, int stop_fd,
                        struct why *why)
{
    struct transition_texts texts;
    struct transition t;
    enum status st;

    if (frame->type != FRAME_TRANSITION || frame->body.len > TRANSITION_BODY_MAX)
        return why_set(why, ST_INVALID, "%s serves frames of type %s, not transitions",
                       settings.reader, frame_type_name(frame->type));
    st = unpack_transition(frame->body, &t, &texts, why);
    if (st)
        return why_wrap(why, st, "transition %llu", (unsigned long long)frame->pos);
    if (settings.form != STDOUT_NONE)
        st = print(n, frame->pos, &t, &texts, stop_fd, why);
    return st ? st : queue(n, frame->pos, frame->body, &t, why);
}

/* Milliseconds until the command may be run again; -1: it has nothing to do. */
static int patience_ms(const struct notifier *n)
{
    int64_t left_us = n->retry_at_us - clock_monotonic_us();

    if (n->pending_len == 0)
        return -1;
    if (left_us <= 0)
        return 0;
    return left_us / 1000 < INT_MAX ? (int)(left_us / 1000) + 1 : INT_MAX;
}

static enum status wait_for_retry(const struct notifier *n, int stop_fd, struct why *why)
{
    struct pollfd stop = {.fd = stop_fd, .events = POLLIN};

    if (poll(&stop, 1, patience_ms(n)) > 0)
        return why_set(why, ST_STOPPED, "told to stop");
    return ST_OK;
}

static enum status notifier_step(void *self, int stop_fd, struct why *why)
{
    struct notifier *n = self;
    struct bus_message m;
    enum status st = try_command(n, stop_fd, why);

    if (st)
        return st;
    if (n->pending_len == PENDING_MAX)
        return wait_for_retry(n, stop_fd, why);
    st = bus_receive(n->bus, stop_fd, patience_ms(n), &m, why);
    if (st == ST_AGAIN)
        return ST_OK;
    if (st == ST_CORRUPT)
        return why_wrap(why, st, "%s does not serve what %s was made from",
                        settings.reader, settings.ledger);
    return st ? st : take(n, &m.frame, stop_fd, why);
}

const struct daemon notifier_daemon = {
    .name = "notifier",
    .summary = "Delivers alert transitions, each at least once to every target.",
    .options = options,
    .options_len = sizeof options / sizeof options[0],
    .settings = &settings,
    .open = notifier_open,
    .step = notifier_step,
    .close = notifier_close,
};
