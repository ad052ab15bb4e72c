/* A transition as JSON. Numbers are written digit by digit from integers: no locale and
 * no double may have a hand in them. */
#include "shortfall/proto/alert_json.h"

#include "json_put.h"

#include "shortfall/core/hash.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NUMBER_SIZE 32

static void put_key(struct json_line *l, const char *key)
{
    json_put_plain(l, l->out[l->len - 1] == '{' ? "\"" : ",\"");
    json_put_plain(l, key);
    json_put_plain(l, "\":");
}

static void put_word(struct json_line *l, const char *key, struct text word)
{
    put_key(l, key);
    json_put_string(l, word);
}

static void put_time(struct json_line *l, const char *key, int64_t time)
{
    char text[TIMESTAMP_SIZE];

    if (time != TIME_NONE) {
        put_word(l, key, text_of(timestamp_format(time, text)));
        return;
    }
    put_key(l, key);
    json_put_plain(l, "null");
}

static void put_hash(struct json_line *l, const char *key, const uint8_t *bytes,
                     size_t len)
{
    char hex[HEX_SIZE(ALERT_HASH_SIZE)];

    put_word(l, key, text_of(hex_format(bytes, len, hex)));
}

static void put_count(struct json_line *l, uint64_t count)
{
    char digits[NUMBER_SIZE];

    (void)snprintf(digits, sizeof digits, "%" PRIu64, count);
    json_put_plain(l, digits);
}

/* Millionths as a decimal of one to six places. */
static void put_millionths(struct json_line *l, int64_t value)
{
    uint64_t magnitude = value < 0 ? (uint64_t)0 - (uint64_t)value : (uint64_t)value;
    char digits[NUMBER_SIZE];
    int len =
        snprintf(digits, sizeof digits, "%s%" PRIu64 ".%06" PRIu64, value < 0 ? "-" : "",
                 magnitude / (uint64_t)MICRO, magnitude % (uint64_t)MICRO);

    while (len > 2 && digits[len - 1] == '0' && digits[len - 2] != '.')
        digits[--len] = '\0';
    json_put_plain(l, digits);
}

static void put_value(struct json_line *l, const char *key, enum metric metric,
                      int64_t value)
{
    enum measure measure = metric_measure(metric);
    char digits[NUMBER_SIZE];

    put_key(l, key);
    if (value == VALUE_NONE) {
        json_put_plain(l, "null");
    } else if (measure == MEASURE_DAYS || measure == MEASURE_RATIO) {
        put_millionths(l, value);
    } else {
        (void)snprintf(digits, sizeof digits, "%" PRId64, value);
        json_put_plain(l, digits);
    }
}

static void put_reading(struct json_line *l, const struct reading *r)
{
    static const char *const signs[] = {
        [LESS] = "<", [LESS_EQUAL] = "<=", [GREATER] = ">", [GREATER_EQUAL] = ">="};
    char term[TERM_SIZE];

    json_put_plain(l, "{");
    put_word(l, "metric", text_of(term_format(&r->term, term)));
    put_value(l, "value", r->term.metric, r->value);
    put_word(l, "compared", text_of(signs[r->comparison]));
    put_value(l, "threshold", r->term.metric, r->threshold);
    json_put_plain(l, "}");
}

static void put_evidence(struct json_line *l, const struct transition *t)
{
    put_key(l, "readings");
    json_put_plain(l, "[");
    for (size_t i = 0; i < t->readings_len; i++) {
        json_put_plain(l, i == 0 ? "" : ",");
        put_reading(l, &t->readings[i]);
    }
    json_put_plain(l, "]");
    put_key(l, "moved");
    json_put_plain(l, "{");
    put_key(l, "first");
    put_count(l, t->moved_first);
    put_key(l, "last");
    put_count(l, t->moved_last);
    put_key(l, "newest");
    json_put_plain(l, "[");
    for (size_t i = 0; i < t->movers_len; i++) {
        json_put_plain(l, i == 0 ? "" : ",");
        put_count(l, t->movers[i]);
    }
    json_put_plain(l, "]}");
}

enum status alert_json_write(const struct transition *t,
                             const struct transition_texts *texts, char *out, size_t size,
                             size_t *len)
{
    struct json_line l = {.out = out, .size = size};

    if (size == 0)
        return ST_FULL;
    json_put_plain(&l, "{");
    put_word(&l, "rule", text_of(t->uid));
    put_word(&l, "country", text_of(place_code(t->country)));
    put_word(&l, "commodity", text_of(commodity_code(t->commodity)));
    put_word(&l, "state", text_of(alert_state_name(t->state)));
    put_time(&l, "at", t->at);
    put_time(&l, "clock", t->clock);
    put_hash(&l, "episode", t->episode, sizeof t->episode);
    put_hash(&l, "notification", t->notification, sizeof t->notification);
    put_time(&l, "begun", t->begun);
    put_word(&l, "alert", texts->alert);
    put_word(&l, "severity", texts->severity);
    put_word(&l, "summary", texts->summary);
    put_hash(&l, "rules", t->rules_hash, sizeof t->rules_hash);
    put_key(&l, "seq");
    put_count(&l, t->seq);
    put_evidence(&l, t);
    json_put_plain(&l, "}");
    return json_end(&l, len);
}
