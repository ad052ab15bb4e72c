/* Rows of quarantine, balance, cursor and origin, to statements and back. */
#include "store_rows.h"

#include "frame_table.h"

#define FIGURES                                                                          \
    "as_of_us, horizon_us, stock, unmet, days_of_cover, stock_out_us, shortfall, "       \
    "shortfall_ratio, uncovered_deficit, delivery_ratio, overdue, expected"
#define ALERT                                                                            \
    "pos, rule, country, commodity, state, alert, severity, summary, at_us, clock_us, "  \
    "begun_us, seq, ordinal, episode, notification, rules_hash, moved_first, "           \
    "moved_last, movers, " FIGURES
#define READING                                                                          \
    "metric, horizon_us, window_us, market, currency, comparison, value, threshold"
#define QUARANTINE "seq, pos, event, clock_us, code, source, id, revision"
#define CURSOR     "pos, seq, clock, digest, applied, repeated, superseded, quarantined, late"

const char *const store_statement_texts[STORE_STATEMENTS] = {
    [STORE_BEGIN] = "BEGIN IMMEDIATE",
    [STORE_PUT_FRAME] = FRAME_INSERT,
    [STORE_PUT_ALERT] = "INSERT INTO alert (" ALERT ", at, clock, begun) VALUES "
                        "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,"
                        "?,?,?)",
    [STORE_PUT_READING] = "INSERT INTO alert_reading (pos, ordinal, " READING
                          ") VALUES (?,?,?,?,?,?,?,?,?,?)",
    [STORE_PUT_QUARANTINE] = "INSERT INTO quarantine (" QUARANTINE
                             ", clock, reason, advice) VALUES (?,?,?,?,?,?,?,?,?,?,?)",
    [STORE_PUT_BALANCE] =
        "INSERT OR REPLACE INTO balance (country, commodity, unit, as_of, "
        "stock_out, " FIGURES ") VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
    [STORE_PUT_CURSOR] =
        "INSERT OR REPLACE INTO cursor (one, " CURSOR ") VALUES (1,?,?,?,?,?,?,?,?,?)",
    [STORE_PUT_ORIGIN] = "INSERT INTO origin (one, journal, first_hash) VALUES (1,?,?)",
    [STORE_GET_ALERTS] = "SELECT " ALERT " FROM alert WHERE pos > ? ORDER BY pos LIMIT ?",
    [STORE_GET_READINGS] =
        "SELECT " READING " FROM alert_reading WHERE pos = ? ORDER BY ordinal",
    [STORE_GET_QUARANTINE] = "SELECT " QUARANTINE " FROM quarantine ORDER BY seq LIMIT ?",
    [STORE_GET_CURSOR] = "SELECT " CURSOR " FROM cursor",
    [STORE_GET_ORIGIN] = "SELECT journal, first_hash FROM origin",
};

enum status store_put_quarantine(sqlite3_stmt *put, const struct quarantine_row *row,
                                 struct why *why)
{
    struct sql_args args = sql_args_of(put);

    sql_put_uint(&args, row->seq);
    sql_put_uint(&args, row->pos);
    sql_put_uint(&args, row->index);
    sql_put_value(&args, row->clock);
    sql_put_int(&args, row->verdict);
    sql_put_string(&args, row->source);
    sql_put_string(&args, row->id);
    sql_put_int(&args, row->revision);
    sql_put_time(&args, row->clock);
    sql_put_string(&args, verdict_name(row->verdict));
    sql_put_string(&args, verdict_advice(row->verdict));
    return sql_run(put, why);
}

enum status store_get_quarantine(sqlite3_stmt *row, struct quarantine_row *out,
                                 struct why *why)
{
    struct sql_fields fields = sql_fields_of(row);
    struct quarantine_row read = {.seq = sql_get_uint(&fields)};
    enum status st;

    read.pos = sql_get_uint(&fields);
    read.index = (uint32_t)sql_get_int(&fields, 0, UINT32_MAX);
    read.clock = sql_get_value(&fields);
    read.verdict = (enum verdict)sql_get_int(&fields, 0, VERDICT_COUNT - 1);
    sql_get_string(&fields, read.source, sizeof(read.source));
    sql_get_string(&fields, read.id, sizeof(read.id));
    read.revision = (int32_t)sql_get_int(&fields, 0, INT32_MAX);
    st = sql_get_end(&fields, why);
    if (!st)
        *out = read;
    return st;
}

void store_put_figures(struct sql_args *args, const struct balance *balance)
{
    const int64_t figures[] = {
        balance->as_of,          balance->horizon,         balance->stock,
        balance->unmet,          balance->days_of_cover,   balance->stock_out,
        balance->shortfall,      balance->shortfall_ratio, balance->uncovered_deficit,
        balance->delivery_ratio, balance->overdue,         balance->expected,
    };

    for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++)
        sql_put_value(args, figures[i]);
}

void store_get_figures(struct sql_fields *fields, struct balance *balance)
{
    int64_t *const figures[] = {
        &balance->as_of,          &balance->horizon,         &balance->stock,
        &balance->unmet,          &balance->days_of_cover,   &balance->stock_out,
        &balance->shortfall,      &balance->shortfall_ratio, &balance->uncovered_deficit,
        &balance->delivery_ratio, &balance->overdue,         &balance->expected,
    };

    for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++)
        *figures[i] = sql_get_value(fields);
}

enum status store_put_balance(sqlite3_stmt *put, const struct balance *balance,
                              struct why *why)
{
    struct sql_args args = sql_args_of(put);
    enum dimension dimension = commodity_get(balance->commodity)->dimension;

    sql_put_string(&args, place_code(balance->country));
    sql_put_string(&args, commodity_code(balance->commodity));
    sql_put_string(&args, dimension == DIMENSION_ENERGY ? "kJ" : "g");
    sql_put_time(&args, balance->as_of);
    sql_put_time(&args, balance->stock_out);
    store_put_figures(&args, balance);
    return sql_run(put, why);
}

enum status store_put_cursor(sqlite3_stmt *put, const struct store_cursor *cursor,
                             struct why *why)
{
    struct sql_args args = sql_args_of(put);

    sql_put_uint(&args, cursor->pos);
    sql_put_uint(&args, cursor->seq);
    sql_put_value(&args, cursor->clock);
    sql_put_bytes(&args, cursor->digest, DIGEST_SIZE);
    sql_put_uint(&args, cursor->applied);
    sql_put_uint(&args, cursor->repeated);
    sql_put_uint(&args, cursor->superseded);
    sql_put_uint(&args, cursor->quarantined);
    sql_put_uint(&args, cursor->late);
    return sql_run(put, why);
}

enum status store_get_cursor(sqlite3_stmt *get, struct store_cursor *out, struct why *why)
{
    struct sql_fields fields = sql_fields_of(get);
    enum status st = sql_row(get, why);
    struct store_cursor read;

    if (st)
        return st;
    read.pos = sql_get_uint(&fields);
    read.seq = sql_get_uint(&fields);
    read.clock = sql_get_value(&fields);
    sql_get_exactly(&fields, read.digest, DIGEST_SIZE);
    read.applied = sql_get_uint(&fields);
    read.repeated = sql_get_uint(&fields);
    read.superseded = sql_get_uint(&fields);
    read.quarantined = sql_get_uint(&fields);
    read.late = sql_get_uint(&fields);
    st = sql_get_end(&fields, why);
    sqlite3_reset(get);
    if (!st)
        *out = read;
    return st;
}

enum status store_put_origin(sqlite3_stmt *put, const struct store_origin *origin,
                             struct why *why)
{
    struct sql_args args = sql_args_of(put);

    sql_put_string(&args, origin->journal);
    sql_put_bytes(&args, origin->first_hash, FRAME_HASH_SIZE);
    return sql_run(put, why);
}

enum status store_get_origin(sqlite3_stmt *get, struct store_origin *out, struct why *why)
{
    struct sql_fields fields = sql_fields_of(get);
    enum status st = sql_row(get, why);
    struct store_origin read;

    if (st)
        return st;
    sql_get_string(&fields, read.journal, sizeof(read.journal));
    sql_get_exactly(&fields, read.first_hash, FRAME_HASH_SIZE);
    st = sql_get_end(&fields, why);
    sqlite3_reset(get);
    if (!st)
        *out = read;
    return st;
}
