/* A transition as one line for people: the `summary` of its rule with the figures of the
 * moment. For display only: what is rounded here is never read back. */
#include "rules_template.h"

#include "shortfall/core/transition.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define FIGURE_SIZE (RULE_NAME_MAX + 1) /* an alert's name is the longest */

struct line {
    char *out;
    size_t len, size;
};

/* How an integer is shown: divided down to 10^-decimals, zeros at the end cut down to
 * `decimals_min`. */
struct style {
    int64_t divisor;
    int decimals, decimals_min;
    const char *suffix;
};

static const struct style days_style = {MICRO / 10, 1, 1, ""};
static const struct style ratio_style = {MICRO / 1000, 3, 3, ""};
static const struct style money_style = {1, 4, 2, ""};

/* Base units to tonnes or gigajoules, and from a thousand of them on to the greater. */
#define GREATER_FROM INT64_C(1000000000)
static const struct style amount_styles[2][2] = {
    [DIMENSION_MASS] = {{100000, 1, 0, " t"}, {100000000, 1, 0, " kt"}},
    [DIMENSION_ENERGY] = {{100000, 1, 0, " GJ"}, {100000000, 1, 0, " TJ"}},
};

/* value / divisor, rounded half to even. */
static uint64_t divide_rounded(uint64_t value, uint64_t divisor)
{
    uint64_t quotient = value / divisor;
    uint64_t rest = value % divisor;

    if (rest > divisor - rest || (rest == divisor - rest && quotient % 2 == 1))
        quotient++;
    return quotient;
}

static void format_value(int64_t value, struct style style, char out[FIGURE_SIZE])
{
    uint64_t size = value < 0 ? -(uint64_t)value : (uint64_t)value;
    uint64_t rounded = divide_rounded(size, (uint64_t)style.divisor);
    uint64_t one = 1;
    int decimals = style.decimals;

    if (value == VALUE_NONE) {
        (void)snprintf(out, FIGURE_SIZE, "none");
        return;
    }
    for (; decimals > style.decimals_min && rounded % 10 == 0; decimals--)
        rounded /= 10;
    for (int i = 0; i < decimals; i++)
        one *= 10;
    const char *sign = value < 0 && rounded > 0 ? "-" : "";
    if (decimals == 0)
        (void)snprintf(out, FIGURE_SIZE, "%s%" PRIu64 "%s", sign, rounded, style.suffix);
    else
        (void)snprintf(out, FIGURE_SIZE, "%s%" PRIu64 ".%0*" PRIu64 "%s", sign,
                       rounded / one, decimals, rounded % one, style.suffix);
}

static void format_amount(int64_t value, commodity_id commodity, char out[FIGURE_SIZE])
{
    enum dimension dimension = commodity_get(commodity)->dimension;
    bool greater = value == 0 || value >= GREATER_FROM || value <= -GREATER_FROM;

    assert(dimension == DIMENSION_MASS || dimension == DIMENSION_ENERGY);
    format_value(value, amount_styles[dimension][greater ? 1 : 0], out);
}

static void format_date(int64_t time, char out[FIGURE_SIZE])
{
    static const size_t date_len = sizeof("2009-05-30") - 1;
    char buffer[TIMESTAMP_SIZE];

    if (time == TIME_NONE)
        (void)snprintf(out, FIGURE_SIZE, "none");
    else
        (void)snprintf(out, FIGURE_SIZE, "%.*s", (int)date_len,
                       timestamp_format(time, buffer));
}

static void format_measure(const struct term *term, int64_t value, commodity_id commodity,
                           char out[FIGURE_SIZE])
{
    switch (metric_measure(term->metric)) {
    case MEASURE_AMOUNT:
        format_amount(value, commodity, out);
        return;
    case MEASURE_DAYS:
        format_value(value, days_style, out);
        return;
    case MEASURE_RATIO:
        format_value(value, ratio_style, out);
        return;
    case MEASURE_PRICE:
    case MEASURE_MONEY:
        format_value(value, money_style, out);
        if (value != VALUE_NONE && term->currency[0] != '\0') {
            size_t len = strlen(out);
            (void)snprintf(out + len, FIGURE_SIZE - len, " %s", term->currency);
        }
        return;
    }
}

/* The value or the threshold of one of the condition's comparisons; "none" without it. */
static void format_reading(const struct transition *t, const struct reading *reading,
                           bool threshold, char out[FIGURE_SIZE])
{
    if (reading)
        format_measure(&reading->term, threshold ? reading->threshold : reading->value,
                       t->commodity, out);
    else
        format_value(VALUE_NONE, ratio_style, out);
}

static int64_t balance_field(const struct transition *t, size_t offset)
{
    int64_t value;

    memcpy(&value, (const char *)&t->balance + offset, sizeof(value));
    return value;
}

static void format_figure(const struct rule *rule, const struct transition *t,
                          const struct figure *figure, char out[FIGURE_SIZE])
{
    const struct reading *first = t->readings_len > 0 ? &t->readings[0] : NULL;

    switch (figure->kind) {
    case FIGURE_ALERT:
        (void)snprintf(out, FIGURE_SIZE, "%s", rule->alert);
        return;
    case FIGURE_STATE:
        (void)snprintf(out, FIGURE_SIZE, "%s", alert_state_name(t->state));
        return;
    case FIGURE_COUNTRY:
        (void)snprintf(out, FIGURE_SIZE, "%s", place_code(t->country));
        return;
    case FIGURE_COMMODITY:
        (void)snprintf(out, FIGURE_SIZE, "%s", commodity_code(t->commodity));
        return;
    case FIGURE_AT:
        format_date(t->at, out);
        return;
    case FIGURE_VALUE:
    case FIGURE_THRESHOLD:
        format_reading(t, first, figure->kind == FIGURE_THRESHOLD, out);
        return;
    case FIGURE_AMOUNT:
        format_amount(balance_field(t, figure->offset), t->commodity, out);
        return;
    case FIGURE_DAYS:
        format_value(balance_field(t, figure->offset), days_style, out);
        return;
    case FIGURE_RATIO:
        format_value(balance_field(t, figure->offset), ratio_style, out);
        return;
    case FIGURE_DATE:
        format_date(balance_field(t, figure->offset), out);
        return;
    }
}

/* A {{name}} that is a metric of the condition, or a figure of the balance. */
static void format_name(const struct rule *rule, const struct transition *t,
                        struct text name, char out[FIGURE_SIZE])
{
    const struct figure *figure = figure_find(name);
    const struct reading *found = NULL;

    if (figure) {
        format_figure(rule, t, figure, out);
        return;
    }
    for (size_t i = 0; i < t->readings_len && !found; i++) {
        if (figure_is_term(name, &t->readings[i].term))
            found = &t->readings[i];
    }
    format_reading(t, found, false, out);
}

/* Ends and tabs of a template become spaces: a summary is one line. */
static void put(struct line *line, struct text text)
{
    for (uint32_t at = 0; at < text.len;) {
        uint32_t len = config_character_len(text, at);
        if (line->len + len > line->size - 1) {
            line->size = line->len + 1; /* whole characters only, and nothing after */
            return;
        }
        memcpy(line->out + line->len, text.at + at, len);
        if (text.at[at] == '\n' || text.at[at] == '\t')
            line->out[line->len] = ' ';
        line->len += len;
        at += len;
    }
}

static void render(struct line *line, const struct rule *rule, const struct transition *t,
                   struct text text)
{
    char figure[FIGURE_SIZE];

    for (uint32_t at = 0; at < text.len;) {
        struct piece piece = piece_next(text, &at);
        put(line, piece.plain);
        if (!piece.has_name)
            continue;
        format_name(rule, t, piece.name, figure);
        put(line, text_of(figure));
    }
    while (line->len > 0 && line->out[line->len - 1] == ' ')
        line->len--;
}

static const char *label_find(const struct label *labels, size_t len, const char *key)
{
    for (size_t i = 0; i < len; i++) {
        if (strcmp(labels[i].key, key) == 0)
            return labels[i].value;
    }
    return NULL;
}

const char *rules_label(const struct rule *rule, const char *key)
{
    return label_find(rule->labels, rule->labels_len, key);
}

size_t rules_summary(const struct rule *rule, const struct transition *t, char *out,
                     size_t size)
{
    struct line line = {.out = out, .size = size};
    const char *summary = label_find(rule->annotations, rule->annotations_len, "summary");

    assert(size > 0);
    render(&line, rule, t,
           text_of(summary ? summary : "{{country}} {{commodity}}: {{alert}} {{state}}"));
    out[line.len] = '\0';
    return line.len;
}
