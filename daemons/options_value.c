/* Values of options. Every kind is one row of a table: its word, its reader, and how a
 * number of it is shown. */
#include "options_value.h"

#include "shortfall/core/text.h"
#include "shortfall/core/timestamp.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

typedef enum status read_fn(const struct option_row *row, const char *value, void *member,
                            struct why *why);

/* What was given, quoted and cut, then what is allowed. */
static enum status refuse(struct why *why, const char *value, const char *allowed)
{
    char quoted[TEXT_QUOTE_SIZE];

    return why_set(why, ST_INVALID, "%s: %s", text_quote(text_of(value), quoted),
                   allowed);
}

static bool has_range(const struct option_row *row)
{
    return row->least != 0 || row->most != 0;
}

static const char *show_number(const struct option_row *row, int64_t number,
                               char out[DURATION_SIZE])
{
    static const struct {
        int64_t bytes;
        const char *suffix;
    } sizes[] = {{INT64_C(1) << 30, "GiB"}, {1 << 20, "MiB"}, {1 << 10, "KiB"}};

    if (row->kind == OPTION_DURATION && number > 0)
        return duration_format(number, out);
    for (size_t i = 0; row->kind == OPTION_SIZE && i < 3; i++)
        if (number > 0 && number % sizes[i].bytes == 0) {
            (void)snprintf(out, DURATION_SIZE, "%" PRId64 "%s", number / sizes[i].bytes,
                           sizes[i].suffix);
            return out;
        }
    (void)snprintf(out, DURATION_SIZE, "%" PRId64, number);
    return out;
}

static enum status store_number(const struct option_row *row, const char *value,
                                int64_t number, void *member, struct why *why)
{
    char range[OPTION_RANGE_SIZE + 16];
    char shown[OPTION_RANGE_SIZE];
    bool fits =
        has_range(row) ? number >= row->least && number <= row->most : number >= 0;

    if (fits) {
        *(int64_t *)member = number;
        return ST_OK;
    }
    (void)snprintf(range, sizeof range, "expected %s",
                   has_range(row) ? option_range(row, shown) : "0 or more");
    return refuse(why, value, range);
}

/* Digits, with a minus before them or not. `*end` is what follows. ST_OVERFLOW: too many
 * of them for an int64_t. */
static enum status read_digits(const char *value, int64_t *out, const char **end)
{
    const char *at = *value == '-' ? value + 1 : value;
    int64_t sign = *value == '-' ? -1 : 1;
    int64_t number = 0;

    if (*at < '0' || *at > '9')
        return ST_INVALID;
    for (; *at >= '0' && *at <= '9'; at++)
        if (__builtin_mul_overflow(number, 10, &number) ||
            __builtin_add_overflow(number, sign * (*at - '0'), &number))
            return ST_OVERFLOW;
    *out = number;
    *end = at;
    return ST_OK;
}

static enum status read_flag(const struct option_row *row, const char *value,
                             void *member, struct why *why)
{
    (void)row;
    (void)why;
    assert(!value); /* the parser refuses a flag with a value */
    *(bool *)member = true;
    return ST_OK;
}

static enum status read_text(const struct option_row *row, const char *value,
                             void *member, struct why *why)
{
    (void)row;
    if (!*value || !text_is_printable(text_of(value)))
        return refuse(why, value, "expected printable text, not empty");
    *(const char **)member = value;
    return ST_OK;
}

static enum status read_path(const struct option_row *row, const char *value,
                             void *member, struct why *why)
{
    (void)row;
    if (!*value)
        return refuse(why, value, "expected a path, not empty");
    *(const char **)member = value;
    return ST_OK;
}

/* Whether there is anything behind the scheme; the rest is the bus's to judge. */
static enum status read_endpoint(const struct option_row *row, const char *value,
                                 void *member, struct why *why)
{
    static const char *const schemes[] = {"ipc://", "tcp://"};

    (void)row;
    for (size_t i = 0; i < 2; i++)
        if (!strncmp(value, schemes[i], strlen(schemes[i])) &&
            value[strlen(schemes[i])]) {
            *(const char **)member = value;
            return ST_OK;
        }
    return refuse(why, value, "expected ipc://PATH or tcp://HOST:PORT");
}

static enum status read_duration(const struct option_row *row, const char *value,
                                 void *member, struct why *why)
{
    int64_t duration = 0;

    if (strcmp(value, "0") != 0) {
        enum status st = duration_parse(text_of(value), &duration, why);

        if (st)
            return ST_INVALID;
    }
    return store_number(row, value, duration, member, why);
}

static enum status read_integer(const struct option_row *row, const char *value,
                                void *member, struct why *why)
{
    const char *end = value;
    int64_t number = 0;
    enum status st = read_digits(value, &number, &end);

    if (st == ST_OVERFLOW)
        return refuse(why, value, "the number is too great");
    if (st || *end)
        return refuse(why, value, "expected a whole number");
    return store_number(row, value, number, member, why);
}

static enum status read_size(const struct option_row *row, const char *value,
                             void *member, struct why *why)
{
    static const struct {
        const char *suffix;
        int64_t bytes;
    } suffixes[] = {{"", 1}, {"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}};
    const char *end = value;
    int64_t number = 0;
    enum status st = read_digits(value, &number, &end);

    for (size_t i = 0; !st && i < 4; i++) {
        if (strcmp(end, suffixes[i].suffix) != 0)
            continue;
        if (__builtin_mul_overflow(number, suffixes[i].bytes, &number))
            break;
        return store_number(row, value, number, member, why);
    }
    return refuse(why, value, "expected a size such as 4096, 64KiB, 256MiB or 1GiB");
}

static enum status read_time(const struct option_row *row, const char *value,
                             void *member, struct why *why)
{
    int64_t time;

    (void)row;
    if (timestamp_parse(text_of(value), &time, why))
        return ST_INVALID;
    *(int64_t *)member = time;
    return ST_OK;
}

static size_t choices_len(const struct option_row *row)
{
    size_t len = 0;

    while (row->choices[len])
        len++;
    return len;
}

static enum status read_choice(const struct option_row *row, const char *value,
                               void *member, struct why *why)
{
    size_t len = choices_len(row);
    const char *nearest;
    char allowed[OPTION_RANGE_SIZE + 64];
    char shown[OPTION_RANGE_SIZE];

    for (size_t i = 0; i < len; i++)
        if (!strcmp(value, row->choices[i])) {
            *(int64_t *)member = (int64_t)i;
            return ST_OK;
        }
    nearest = option_nearest(value, row->choices, len);
    if (nearest)
        (void)snprintf(allowed, sizeof allowed, "expected %s (did you mean %s?)",
                       option_range(row, shown), nearest);
    else
        (void)snprintf(allowed, sizeof allowed, "expected %s", option_range(row, shown));
    return refuse(why, value, allowed);
}

static const struct {
    const char *word;
    read_fn *read;
} kinds[OPTION_KIND_COUNT] = {
    [OPTION_FLAG] = {"", read_flag},
    [OPTION_TEXT] = {"TEXT", read_text},
    [OPTION_PATH] = {"PATH", read_path},
    [OPTION_ENDPOINT] = {"ENDPOINT", read_endpoint},
    [OPTION_DURATION] = {"DURATION", read_duration},
    [OPTION_INTEGER] = {"N", read_integer},
    [OPTION_SIZE] = {"SIZE", read_size},
    [OPTION_TIME] = {"TIME", read_time},
    [OPTION_CHOICE] = {"WORD", read_choice},
};

static void *member_of(const struct option_row *row, void *settings)
{
    return (char *)settings + row->offset;
}

const char *option_word(const struct option_row *row)
{
    return row->word ? row->word : kinds[row->kind].word;
}

static void clear_member(const struct option_row *row, void *member)
{
    switch (row->kind) {
    case OPTION_FLAG:
        *(bool *)member = false;
        return;
    case OPTION_TEXT:
    case OPTION_PATH:
    case OPTION_ENDPOINT:
        *(const char **)member = NULL;
        return;
    case OPTION_DURATION:
    case OPTION_INTEGER:
    case OPTION_SIZE:
        *(int64_t *)member = 0;
        return;
    case OPTION_TIME:
        *(int64_t *)member = TIME_NONE;
        return;
    case OPTION_CHOICE:
        *(int64_t *)member = -1;
        return;
    case OPTION_KIND_COUNT:
        break;
    }
    assert(row->kind < OPTION_KIND_COUNT);
}

void option_reset(const struct option_row *row, void *settings)
{
    enum status st = ST_OK;

    clear_member(row, member_of(row, settings));
    if (row->standard)
        st = option_set(row, settings, row->standard, NULL);
    assert(!st); /* the table's own default is wrong */
}

enum status option_set(const struct option_row *row, void *settings, const char *value,
                       struct why *why)
{
    return kinds[row->kind].read(row, value, member_of(row, settings), why);
}

const char *option_range(const struct option_row *row, char out[OPTION_RANGE_SIZE])
{
    char least[DURATION_SIZE];
    char most[DURATION_SIZE];
    size_t len = 0;

    out[0] = '\0';
    if (row->kind == OPTION_CHOICE) {
        for (size_t i = 0; row->choices[i] && len < OPTION_RANGE_SIZE; i++)
            len += (size_t)snprintf(out + len, OPTION_RANGE_SIZE - len, "%s%s",
                                    i > 0 ? "|" : "", row->choices[i]);
        return out;
    }
    if (has_range(row))
        (void)snprintf(out, OPTION_RANGE_SIZE, "%s to %s%s%s",
                       show_number(row, row->least, least),
                       show_number(row, row->most, most), row->unit ? " " : "",
                       row->unit ? row->unit : "");
    return out;
}

const char *option_nearest(const char *wrong, const char *const *names, size_t len)
{
    struct text word = text_of(wrong);
    unsigned limit = word.len < 6 ? 1 : word.len / 3;
    const char *best = NULL;

    for (size_t i = 0; i < len; i++) {
        unsigned distance = text_distance(word, text_of(names[i]), limit);

        if (distance > limit)
            continue;
        best = names[i];
        if (distance == 0)
            break;
        limit = distance - 1;
    }
    return best;
}
