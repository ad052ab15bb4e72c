/* A transition with all its evidence, to the tables alert and alert_reading and back to
 * the same value. */
#include "store_rows.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "[1,2,3]": 20 digits and a comma each. */
#define MOVERS_SIZE (TRANSITION_MOVERS_MAX * 21 + 3)

static const char *const comparison_signs[] = {
    [LESS] = "<", [LESS_EQUAL] = "<=", [GREATER] = ">", [GREATER_EQUAL] = ">="};

#define COMPARISONS (sizeof(comparison_signs) / sizeof(comparison_signs[0]))

static const char *comparison_sign(size_t index)
{
    return comparison_signs[index];
}

static const char *metric_name_at(size_t index)
{
    return metric_name((enum metric)index);
}

static const char *state_name_at(size_t index)
{
    return alert_state_name((enum alert_state)index);
}

/* Index of a name, or `len`. */
static size_t find_name(struct text name, size_t len,
                        const char *(*name_at)(size_t index))
{
    size_t i = 0;

    while (i < len && !text_is(name, name_at(i)))
        i++;
    return i;
}

static void write_movers(const struct transition *t, char out[MOVERS_SIZE])
{
    size_t len = 0;

    out[len++] = '[';
    for (size_t i = 0; i < t->movers_len; i++)
        len += (size_t)snprintf(out + len, MOVERS_SIZE - len, "%s%llu", i ? "," : "",
                                (unsigned long long)t->movers[i]);
    out[len++] = ']';
    out[len] = '\0';
}

/* False: not what write_movers writes. */
static bool read_movers(const char *text, struct transition *t)
{
    const char *at = text;

    t->movers_len = 0;
    if (*at++ != '[')
        return false;
    while (*at >= '0' && *at <= '9') {
        char *end;

        if (t->movers_len == TRANSITION_MOVERS_MAX)
            return false;
        errno = 0;
        t->movers[t->movers_len++] = strtoull(at, &end, 10);
        if (errno)
            return false;
        at = *end == ',' ? end + 1 : end;
    }
    return strcmp(at, "]") == 0;
}

static enum status put_reading(sqlite3_stmt *put, uint64_t pos, size_t index,
                               const struct reading *reading, struct why *why)
{
    struct sql_args args = sql_args_of(put);

    sql_put_uint(&args, pos);
    sql_put_uint(&args, index);
    sql_put_string(&args, metric_name(reading->term.metric));
    sql_put_int(&args, reading->term.horizon);
    sql_put_int(&args, reading->term.window);
    sql_put_string(&args, reading->term.market);
    sql_put_string(&args, reading->term.currency);
    sql_put_string(&args, comparison_signs[reading->comparison]);
    sql_put_value(&args, reading->value);
    sql_put_value(&args, reading->threshold);
    return sql_run(put, why);
}

static enum status put_row(sqlite3_stmt *put, uint64_t pos, const struct alert_row *row,
                           struct why *why)
{
    struct sql_args args = sql_args_of(put);
    const struct transition *t = &row->transition;
    char movers[MOVERS_SIZE];

    write_movers(t, movers);
    sql_put_uint(&args, pos);
    sql_put_string(&args, t->uid);
    sql_put_string(&args, place_code(t->country));
    sql_put_string(&args, commodity_code(t->commodity));
    sql_put_string(&args, alert_state_name(t->state));
    sql_put_string(&args, row->alert);
    sql_put_string(&args, row->severity);
    sql_put_string(&args, row->summary);
    sql_put_value(&args, t->at);
    sql_put_value(&args, t->clock);
    sql_put_value(&args, t->begun);
    sql_put_uint(&args, t->seq);
    sql_put_uint(&args, t->ordinal);
    sql_put_bytes(&args, t->episode, sizeof(t->episode));
    sql_put_bytes(&args, t->notification, sizeof(t->notification));
    sql_put_bytes(&args, t->rules_hash, sizeof(t->rules_hash));
    sql_put_uint(&args, t->moved_first);
    sql_put_uint(&args, t->moved_last);
    sql_put_string(&args, movers);
    store_put_figures(&args, &t->balance);
    sql_put_time(&args, t->at);
    sql_put_time(&args, t->clock);
    sql_put_time(&args, t->begun);
    return sql_run(put, why);
}

enum status store_put_alert(sqlite3_stmt *const *stmts, uint64_t pos,
                            const struct alert_row *row, struct why *why)
{
    const struct transition *t = &row->transition;
    enum status st = put_row(stmts[STORE_PUT_ALERT], pos, row, why);

    for (size_t i = 0; !st && i < t->readings_len; i++)
        st = put_reading(stmts[STORE_PUT_READING], pos, i, &t->readings[i], why);
    return st;
}

static enum status unknown_word(struct text word, const char *noun, struct why *why)
{
    return why_set(why, ST_VERSION, "this program knows no %s \"%.*s\"", noun,
                   TEXT_ARGS(word));
}

static enum status get_reading(sqlite3_stmt *row, struct reading *out, struct why *why)
{
    struct sql_fields fields = sql_fields_of(row);
    struct text metric = sql_get_text(&fields, RULE_NAME_MAX);
    size_t comparison;

    memset(out, 0, sizeof(*out));
    out->term.metric = (enum metric)find_name(metric, METRIC_COUNT, metric_name_at);
    if (out->term.metric == METRIC_COUNT)
        return unknown_word(metric, "metric", why);
    out->term.horizon = sql_get_int(&fields, 0, INT64_MAX);
    out->term.window = sql_get_int(&fields, 0, INT64_MAX);
    sql_get_string(&fields, out->term.market, sizeof(out->term.market));
    sql_get_string(&fields, out->term.currency, sizeof(out->term.currency));
    comparison = find_name(sql_get_text(&fields, 2), COMPARISONS, comparison_sign);
    fields.bad |= comparison == COMPARISONS;
    out->comparison = (enum comparison)comparison;
    out->value = sql_get_value(&fields);
    out->threshold = sql_get_value(&fields);
    return sql_get_end(&fields, why);
}

static enum status get_readings(sqlite3_stmt *get, uint64_t pos, struct transition *t,
                                struct why *why)
{
    struct sql_args args = sql_args_of(get);
    enum status st;

    t->readings_len = 0;
    sql_put_uint(&args, pos);
    while ((st = sql_row(get, why)) == ST_OK) {
        if (t->readings_len == TRANSITION_TERMS_MAX)
            st = why_set(why, ST_CORRUPT, "more than %d readings", TRANSITION_TERMS_MAX);
        else
            st = get_reading(get, &t->readings[t->readings_len++], why);
        if (st)
            break;
    }
    sqlite3_reset(get);
    return st == ST_NOT_FOUND ? ST_OK : st;
}

/* The three columns that name things of the tables this program was built with. */
static enum status get_names(struct sql_fields *fields, struct transition *t,
                             struct why *why)
{
    struct text country = sql_get_text(fields, RULE_NAME_MAX);
    struct text commodity = sql_get_text(fields, RULE_NAME_MAX);
    struct text state = sql_get_text(fields, RULE_NAME_MAX);
    size_t index = find_name(state, ALERT_RESOLVED + 1, state_name_at);

    t->country = place_find(country);
    if (t->country == PLACE_NONE)
        return unknown_word(country, "place", why);
    t->commodity = commodity_find(commodity);
    if (t->commodity == COMMODITY_NONE)
        return unknown_word(commodity, "commodity", why);
    fields->bad |= index > ALERT_RESOLVED;
    t->state = (enum alert_state)index;
    return ST_OK;
}

static enum status get_row(sqlite3_stmt *row, uint64_t *pos, struct alert_row *out,
                           struct why *why)
{
    struct sql_fields fields = sql_fields_of(row);
    struct transition *t = &out->transition;
    char movers[MOVERS_SIZE];
    enum status st;

    memset(out, 0, sizeof(*out));
    *pos = sql_get_uint(&fields);
    sql_get_string(&fields, t->uid, sizeof(t->uid));
    st = get_names(&fields, t, why);
    if (st)
        return st;
    sql_get_string(&fields, out->alert, sizeof(out->alert));
    sql_get_string(&fields, out->severity, sizeof(out->severity));
    sql_get_string(&fields, out->summary, sizeof(out->summary));
    t->at = sql_get_value(&fields);
    t->clock = sql_get_value(&fields);
    t->begun = sql_get_value(&fields);
    t->seq = sql_get_uint(&fields);
    t->ordinal = (uint32_t)sql_get_int(&fields, 0, UINT32_MAX);
    sql_get_exactly(&fields, t->episode, sizeof(t->episode));
    sql_get_exactly(&fields, t->notification, sizeof(t->notification));
    sql_get_exactly(&fields, t->rules_hash, sizeof(t->rules_hash));
    t->moved_first = sql_get_uint(&fields);
    t->moved_last = sql_get_uint(&fields);
    sql_get_string(&fields, movers, sizeof(movers));
    fields.bad |= !read_movers(movers, t);
    store_get_figures(&fields, &t->balance);
    t->balance.country = t->country;
    t->balance.commodity = t->commodity;
    return sql_get_end(&fields, why);
}

enum status store_get_alert(sqlite3_stmt *const *stmts, uint64_t *pos,
                            struct alert_row *out, struct why *why)
{
    enum status st = get_row(stmts[STORE_GET_ALERTS], pos, out, why);

    if (!st)
        st = get_readings(stmts[STORE_GET_READINGS], *pos, &out->transition, why);
    if (st)
        return why_wrap(why, st, "alert %llu", (unsigned long long)*pos);
    return ST_OK;
}
