/* Lines for operators. A value from outside may hold anything: it is escaped here, so
 * that no line can be forged by one. */
#include "shortfall/daemons/log.h"

#include "frame_clock.h"

#include "shortfall/core/timestamp.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

const char *const log_level_names[LOG_LEVEL_COUNT + 1] = {"debug", "info",  "warn",
                                                          "error", "fatal", NULL};

static struct {
    const char *who;
    enum log_level least;
    int fd;
} setup = {"shortfall", LOG_INFO, STDERR_FILENO};

/* A line in the making. Nothing is written beyond LOG_LINE_MAX - 1: the newline fits. */
struct line {
    char *at;
    size_t len;
};

struct log_field log_text(const char *key, struct text value)
{
    return (struct log_field){.key = key, .kind = LOG_FIELD_TEXT, .text = value};
}

struct log_field log_string(const char *key, const char *value)
{
    return log_text(key, text_of(value));
}

struct log_field log_count(const char *key, uint64_t value)
{
    return (struct log_field){.key = key, .kind = LOG_FIELD_UNSIGNED, .number = value};
}

struct log_field log_whole(const char *key, int64_t value)
{
    return (struct log_field){.key = key, .kind = LOG_FIELD_SIGNED, .whole = value};
}

struct log_field log_time(const char *key, int64_t time)
{
    return (struct log_field){.key = key, .kind = LOG_FIELD_TIME, .whole = time};
}

void log_begin(const char *who, enum log_level least, int fd)
{
    assert((unsigned)least < LOG_LEVEL_COUNT);
    setup.who = who;
    setup.least = least;
    setup.fd = fd;
}

bool log_wants(enum log_level level)
{
    return level >= setup.least;
}

/* Whole or not at all, so that a cut never falls into an escape or a character. */
static bool put(struct line *l, struct text t)
{
    if (t.len > LOG_LINE_MAX - 1 - l->len)
        return false;
    if (t.len > 0)
        memcpy(l->at + l->len, t.at, t.len);
    l->len += t.len;
    return true;
}

static bool put_string(struct line *l, const char *s)
{
    return put(l, text_of(s));
}

/* Bytes of the character at the start of `t`; 0: not one that may be shown. */
static uint32_t character_len(struct text t)
{
    for (uint32_t len = 1; len <= 4 && len <= t.len; len++)
        if (text_is_printable((struct text){t.at, len}))
            return len;
    return 0;
}

static bool is_word(struct text t)
{
    for (uint32_t i = 0; i < t.len; i++)
        if (t.at[i] == ' ' || t.at[i] == '"' || t.at[i] == '\\' || t.at[i] == '=')
            return false;
    return t.len > 0 && text_is_printable(t);
}

/* One character as it stands between quotes; *taken: its bytes in `t`. */
static bool put_escaped(struct line *l, struct text t, uint32_t *taken)
{
    uint32_t len = character_len(t);
    char shown[5];

    *taken = len > 0 ? len : 1;
    if (t.at[0] == '"' || t.at[0] == '\\')
        (void)snprintf(shown, sizeof shown, "\\%c", t.at[0]);
    else if (t.at[0] == '\n')
        (void)snprintf(shown, sizeof shown, "\\n");
    else if (len == 0)
        (void)snprintf(shown, sizeof shown, "\\x%02X", (unsigned)(uint8_t)t.at[0]);
    else
        (void)text_copy((struct text){t.at, len}, shown, sizeof shown);
    return put_string(l, shown);
}

#define CUT_MARK "...\""

static void put_quoted(struct line *l, struct text t)
{
    size_t end = LOG_LINE_MAX - 1 - strlen(CUT_MARK) - 4; /* 4: the longest escape */
    uint32_t taken;

    if (l->len > end || !put_string(l, "\""))
        return;
    while (t.len > 0 && l->len <= end) {
        (void)put_escaped(l, t, &taken);
        t.at += taken;
        t.len -= taken;
    }
    (void)put_string(l, t.len > 0 ? CUT_MARK : "\"");
}

static void put_value(struct line *l, const struct log_field *field)
{
    char number[TIMESTAMP_SIZE];

    switch (field->kind) {
    case LOG_FIELD_TEXT:
        /* A word that does not fit is quoted too: then it can be cut. */
        if (!is_word(field->text) || !put(l, field->text))
            put_quoted(l, field->text);
        return;
    case LOG_FIELD_UNSIGNED:
        (void)snprintf(number, sizeof number, "%" PRIu64, field->number);
        break;
    case LOG_FIELD_SIGNED:
        (void)snprintf(number, sizeof number, "%" PRId64, field->whole);
        break;
    case LOG_FIELD_TIME:
        (void)timestamp_format(field->whole, number);
        break;
    }
    (void)put_string(l, number);
}

/* To the millisecond, whatever it is, so that lines stand in columns. */
static void put_time(struct line *l, int64_t wall_us)
{
    char second[TIMESTAMP_SIZE];
    char shown[TIMESTAMP_SIZE + 8];
    int64_t part_us = wall_us % SECOND_US;

    if (part_us < 0)
        part_us += SECOND_US;
    (void)timestamp_format(wall_us - part_us, second);
    (void)snprintf(shown, sizeof shown, "%.*s.%03dZ ", (int)strlen(second) - 1, second,
                   (int)(part_us / 1000));
    (void)put_string(l, shown);
}

size_t log_format(int64_t wall_us, enum log_level level, const char *word,
                  const struct log_field *fields, size_t len, char out[LOG_LINE_MAX])
{
    struct line l = {out, 0};

    put_time(&l, wall_us);
    (void)put_string(&l, log_level_names[level]);
    (void)put_string(&l, " ");
    (void)put_string(&l, setup.who);
    (void)put_string(&l, " ");
    (void)put_string(&l, word);
    for (size_t i = 0; i < len; i++) {
        size_t before = l.len;

        if (!put_string(&l, " ") || !put_string(&l, fields[i].key) ||
            !put_string(&l, "=")) {
            l.len = before;
            break;
        }
        put_value(&l, &fields[i]);
    }
    l.at[l.len++] = '\n';
    return l.len;
}

void log_line(enum log_level level, const char *word, const struct log_field *fields,
              size_t len)
{
    char line[LOG_LINE_MAX];
    size_t line_len;
    ssize_t written;

    if (!log_wants(level))
        return;
    line_len = log_format(clock_wall_us(), level, word, fields, len, line);
    do
        written = write(setup.fd, line, line_len);
    while (written < 0 && errno == EINTR);
    /* There is nobody else to tell that this failed. */
}
