/* Alert transitions to msgpack: the evidence for people and programs that follow the
 * alerts. Must never leave out a figure: *none* is said, as nil. */
#include "transition_wire.h"

#include "sink.h"

const size_t figure_offsets[FIGURES_LEN] = {
    offsetof(struct balance, as_of),
    offsetof(struct balance, horizon),
    offsetof(struct balance, stock),
    offsetof(struct balance, unmet),
    offsetof(struct balance, days_of_cover),
    offsetof(struct balance, stock_out),
    offsetof(struct balance, shortfall),
    offsetof(struct balance, shortfall_ratio),
    offsetof(struct balance, uncovered_deficit),
    offsetof(struct balance, delivery_ratio),
    offsetof(struct balance, overdue),
    offsetof(struct balance, expected),
};

#define KEYS_ALWAYS 14 /* uid to readings */

static void put_figure(struct sink *s, int64_t value)
{
    if (value == VALUE_NONE)
        sink_nil(s);
    else
        sink_int(s, value);
}

static void put_balance(struct sink *s, const struct balance *balance)
{
    sink_list(s, FIGURES_LEN);
    for (size_t i = 0; i < FIGURES_LEN; i++) {
        const void *at = (const char *)balance + figure_offsets[i];
        put_figure(s, *(const int64_t *)at);
    }
}

static void put_reading(struct sink *s, const struct reading *reading)
{
    sink_list(s, READING_VALUES);
    sink_int(s, reading->term.metric);
    sink_int(s, reading->comparison);
    put_figure(s, reading->value);
    put_figure(s, reading->threshold);
    sink_int(s, reading->term.horizon);
    sink_int(s, reading->term.window);
    sink_code(s, reading->term.market);
    sink_code(s, reading->term.currency);
}

/* Keys 1 to 12: what it is. */
static void put_identity(struct sink *s, const struct transition *t)
{
    sink_uint(s, 1);
    sink_code(s, t->uid);
    sink_uint(s, 2);
    sink_code(s, place_code(t->country));
    sink_uint(s, 3);
    sink_code(s, commodity_code(t->commodity));
    sink_uint(s, 4);
    sink_int(s, t->state);
    sink_uint(s, 5);
    sink_int(s, t->at);
    sink_uint(s, 6);
    sink_int(s, t->clock);
    sink_uint(s, 7);
    sink_uint(s, t->seq);
    sink_uint(s, 8);
    sink_int(s, t->begun);
    sink_uint(s, 9);
    sink_uint(s, t->ordinal);
    sink_uint(s, 10);
    sink_bytes(s, t->episode, sizeof t->episode);
    sink_uint(s, 11);
    sink_bytes(s, t->notification, sizeof t->notification);
    sink_uint(s, 12);
    sink_bytes(s, t->rules_hash, sizeof t->rules_hash);
}

/* Keys 13 to 16: why. */
static void put_evidence(struct sink *s, const struct transition *t)
{
    sink_uint(s, 13);
    put_balance(s, &t->balance);
    sink_uint(s, 14);
    sink_list(s, t->readings_len);
    for (size_t i = 0; i < t->readings_len; i++)
        put_reading(s, &t->readings[i]);
    if (t->moved_last) {
        sink_uint(s, 15);
        sink_list(s, 2);
        sink_uint(s, t->moved_first);
        sink_uint(s, t->moved_last);
    }
    if (t->movers_len) {
        sink_uint(s, 16);
        sink_list(s, t->movers_len);
    }
    for (size_t i = 0; i < t->movers_len; i++)
        sink_uint(s, t->movers[i]);
}

static void put_attribute(struct sink *s, unsigned key, struct text value)
{
    if (value.len == 0)
        return;
    sink_uint(s, key);
    sink_text(s, value);
}

static size_t count_keys(const struct transition *t, const struct transition_texts *texts)
{
    const bool optional[] = {t->moved_last > 0, t->movers_len > 0, texts->alert.len > 0,
                             texts->severity.len > 0, texts->summary.len > 0};
    size_t keys = KEYS_ALWAYS;
    for (size_t i = 0; i < sizeof optional / sizeof optional[0]; i++)
        keys += optional[i];
    return keys;
}

bool transition_texts_fit(const struct transition_texts *texts)
{
    return texts->alert.len <= RULE_NAME_MAX &&
           texts->severity.len <= TRANSITION_SEVERITY_MAX &&
           texts->summary.len <= TRANSITION_SUMMARY_MAX;
}

enum status pack_transition(const struct transition *transition,
                            const struct transition_texts *texts, uint8_t *out,
                            size_t size, size_t *len)
{
    struct sink s;
    if (!transition_texts_fit(texts))
        return ST_OVERFLOW;
    sink_open(&s, out, size);
    sink_map(&s, count_keys(transition, texts));
    put_identity(&s, transition);
    put_evidence(&s, transition);
    put_attribute(&s, 17, texts->alert);
    put_attribute(&s, 18, texts->severity);
    put_attribute(&s, 19, texts->summary);
    return sink_close(&s, len);
}
