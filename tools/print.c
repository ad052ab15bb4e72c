/* Printing figures. Numbers are written digit by digit from integers: no locale and no
 * double has a hand in them. */
#include "print.h"

#include "shortfall/proto/alert_json.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#define BASE_PER_UNIT 1000000 /* grams in a tonne, and TJ are counted in 10^9 kJ */
#define KJ_PER_TJ     INT64_C(1000000000)

void print_amount(FILE *out, int64_t value)
{
    if (value == VALUE_NONE)
        (void)fputs("null", out);
    else
        (void)fprintf(out, "%" PRId64, value);
}

/* The digits of millionths, rounded half to even to `decimals`, trailing zeros kept. */
static void millionths_text(int64_t value, unsigned decimals, char out[FIGURE_SIZE])
{
    uint64_t magnitude = value < 0 ? (uint64_t)0 - (uint64_t)value : (uint64_t)value;
    uint64_t step = 1;

    for (unsigned i = decimals; i < 6; i++)
        step *= 10;
    uint64_t whole = magnitude / step;
    uint64_t rest = magnitude % step;

    if (2 * rest > step || (2 * rest == step && whole % 2 == 1))
        whole++;
    uint64_t unit = MICRO / step;

    if (decimals == 0)
        (void)snprintf(out, FIGURE_SIZE, "%s%" PRIu64, value < 0 ? "-" : "", whole);
    else
        (void)snprintf(out, FIGURE_SIZE, "%s%" PRIu64 ".%0*" PRIu64, value < 0 ? "-" : "",
                       whole / unit, (int)decimals, whole % unit);
}

void print_millionths(FILE *out, int64_t value)
{
    char text[FIGURE_SIZE];

    if (value == VALUE_NONE) {
        (void)fputs("null", out);
        return;
    }
    millionths_text(value, 6, text);
    size_t len = strlen(text);

    while (text[len - 1] == '0' && text[len - 2] != '.')
        text[--len] = '\0';
    (void)fputs(text, out);
}

void print_string(FILE *out, const char *text)
{
    (void)fputc('"', out);
    for (const unsigned char *c = (const unsigned char *)text; *c != '\0'; c++) {
        if (*c == '"' || *c == '\\')
            (void)fprintf(out, "\\%c", *c);
        else if (*c < 0x20)
            (void)fprintf(out, "\\u%04x", *c);
        else
            (void)fputc(*c, out);
    }
    (void)fputc('"', out);
}

void print_time(FILE *out, int64_t time)
{
    char text[TIMESTAMP_SIZE];

    if (time == TIME_NONE)
        (void)fputs("null", out);
    else
        (void)fprintf(out, "\"%s\"", timestamp_format(time, text));
}

const char *base_unit(commodity_id commodity)
{
    return commodity_get(commodity)->dimension == DIMENSION_ENERGY ? "kJ" : "g";
}

typedef void print_fn(FILE *out, int64_t value);

void print_balance_json(FILE *out, const struct balance *b, int64_t known)
{
    char horizon[DURATION_SIZE];
    const struct {
        const char *name;
        print_fn *print;
        int64_t value;
    } fields[] = {
        {"stock", print_amount, b->stock},
        {"unmet", print_amount, b->unmet},
        {"days_of_cover", print_millionths, b->days_of_cover},
        {"stock_out", print_time, b->stock_out},
        {"shortfall", print_amount, b->shortfall},
        {"shortfall_ratio", print_millionths, b->shortfall_ratio},
        {"uncovered_deficit", print_amount, b->uncovered_deficit},
        {"delivery_ratio", print_millionths, b->delivery_ratio},
        {"overdue", print_amount, b->overdue},
        {"expected", print_amount, b->expected},
    };

    (void)fprintf(out, "{\"country\":\"%s\",\"commodity\":\"%s\",\"as_of\":",
                  place_code(b->country), commodity_code(b->commodity));
    print_time(out, b->as_of);
    (void)fputs(",\"known\":", out);
    print_time(out, known);
    (void)fprintf(out, ",\"unit\":\"%s\"", base_unit(b->commodity));
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        (void)fprintf(out, ",\"%s\":", fields[i].name);
        fields[i].print(out, fields[i].value);
    }
    (void)fprintf(out, ",\"horizon\":\"%s\"}\n", duration_format(b->horizon, horizon));
}

void print_alert_json(FILE *out, const struct alert_row *row)
{
    const struct transition_texts texts = {text_of(row->alert), text_of(row->severity),
                                           text_of(row->summary)};
    char json[ALERT_JSON_SIZE];
    size_t len = 0;
    enum status st = alert_json_write(&row->transition, &texts, json, sizeof json, &len);

    assert(st == ST_OK); /* the size holds any transition */
    (void)st;
    (void)fprintf(out, "%.*s\n", (int)len, json);
}

void print_quarantine_json(FILE *out, const struct quarantine_row *row)
{
    (void)fprintf(out, "{\"seq\":%" PRIu64 ",\"pos\":%" PRIu64 ",\"event\":%u,\"clock\":",
                  row->seq, row->pos, (unsigned)row->index + 1);
    print_time(out, row->clock);
    (void)fputs(",\"source\":", out);
    print_string(out, row->source);
    (void)fputs(",\"id\":", out);
    print_string(out, row->id);
    (void)fprintf(out, ",\"revision\":%d,\"verdict\":\"%s\",\"advice\":", row->revision,
                  verdict_name(row->verdict));
    print_string(out, verdict_advice(row->verdict));
    (void)fputs("}\n", out);
}

const char *figure_decimal(int64_t value, unsigned decimals, char buffer[FIGURE_SIZE])
{
    if (value == VALUE_NONE)
        return "none";
    millionths_text(value, decimals, buffer);
    return buffer;
}

/* "1234567" -> "1,234,567". */
static void group_digits(const char *digits, char out[FIGURE_SIZE])
{
    size_t len = strlen(digits);
    size_t at = 0;

    for (size_t i = 0; i < len && at + 2 < FIGURE_SIZE; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            out[at++] = ',';
        out[at++] = digits[i];
    }
    out[at] = '\0';
}

const char *figure_amount(int64_t value, commodity_id commodity, char buffer[FIGURE_SIZE])
{
    bool energy = commodity_get(commodity)->dimension == DIMENSION_ENERGY;
    int64_t unit = energy ? KJ_PER_TJ : BASE_PER_UNIT;
    char digits[FIGURE_SIZE];
    char grouped[FIGURE_SIZE];

    if (value == VALUE_NONE)
        return "none";
    int64_t whole = value / unit;
    int64_t twice = 2 * (value % unit);

    if (twice > unit || (twice == unit && whole % 2 == 1))
        whole++;
    (void)snprintf(digits, sizeof digits, "%" PRId64, whole);
    group_digits(digits, grouped);
    (void)snprintf(buffer, FIGURE_SIZE, "%.26s %s", grouped, energy ? "TJ" : "t");
    return buffer;
}

/* Grams in a thousand tonnes, and kilojoules in a terajoule. */
#define BASE_PER_THOUSAND UINT64_C(1000000000)
/* From here on the decimal is left out: the column has room for no more. */
#define THOUSANDS_WHOLE UINT64_C(1000000)

/* magnitude / unit, rounded half to even. */
static uint64_t rounded(uint64_t magnitude, uint64_t unit)
{
    uint64_t whole = magnitude / unit;
    uint64_t twice = 2 * (magnitude % unit);

    return whole + (twice > unit || (twice == unit && whole % 2 == 1));
}

const char *figure_thousands(int64_t value, char buffer[FIGURE_SIZE])
{
    uint64_t magnitude = value < 0 ? (uint64_t)0 - (uint64_t)value : (uint64_t)value;
    uint64_t tenths = rounded(magnitude, BASE_PER_THOUSAND / 10);
    bool is_whole = tenths >= 10 * THOUSANDS_WHOLE;
    char digits[FIGURE_SIZE];
    char grouped[FIGURE_SIZE];

    (void)snprintf(digits, sizeof digits, "%" PRIu64,
                   is_whole ? rounded(magnitude, BASE_PER_THOUSAND) : tenths / 10);
    group_digits(digits, grouped);
    int len = snprintf(buffer, FIGURE_SIZE, "%s%.26s", value < 0 && tenths > 0 ? "-" : "",
                       grouped);

    if (!is_whole)
        (void)snprintf(buffer + len, FIGURE_SIZE - (size_t)len, ".%" PRIu64, tenths % 10);
    return buffer;
}
