/* Parameters and columns in their order, so that no number of a column is written down
 * twice; what does not fit is told once, at the end of the row. */
#include "sqlite.h"

#include "shortfall/core/timestamp.h"

#include <assert.h>
#include <string.h>

struct sql_args sql_args_of(sqlite3_stmt *stmt)
{
    return (struct sql_args){.stmt = stmt, .at = 0};
}

/* Binding lent memory fails only when the statement and its caller disagree. */
static void put_done(int code)
{
    assert(code == SQLITE_OK);
}

void sql_put_int(struct sql_args *args, int64_t value)
{
    put_done(sqlite3_bind_int64(args->stmt, ++args->at, value));
}

void sql_put_uint(struct sql_args *args, uint64_t value)
{
    assert(value <= INT64_MAX);
    sql_put_int(args, (int64_t)value);
}

void sql_put_value(struct sql_args *args, int64_t value)
{
    if (value != INT64_MIN)
        sql_put_int(args, value);
    else
        put_done(sqlite3_bind_null(args->stmt, ++args->at));
}

void sql_put_time(struct sql_args *args, int64_t time)
{
    char text[TIMESTAMP_SIZE];

    if (time == TIME_NONE) {
        put_done(sqlite3_bind_null(args->stmt, ++args->at));
        return;
    }
    timestamp_format(time, text);
    put_done(sqlite3_bind_text(args->stmt, ++args->at, text, -1, SQLITE_TRANSIENT));
}

void sql_put_string(struct sql_args *args, const char *value)
{
    put_done(sqlite3_bind_text(args->stmt, ++args->at, value, -1, SQLITE_STATIC));
}

void sql_put_text(struct sql_args *args, struct text value)
{
    const char *at = value.len ? value.at : "";

    put_done(sqlite3_bind_text64(args->stmt, ++args->at, at, value.len, SQLITE_STATIC,
                                 SQLITE_UTF8));
}

void sql_put_bytes(struct sql_args *args, const void *at, size_t len)
{
    /* A NULL pointer would store NULL, not an empty blob. */
    put_done(
        sqlite3_bind_blob64(args->stmt, ++args->at, len ? at : "", len, SQLITE_STATIC));
}

struct sql_fields sql_fields_of(sqlite3_stmt *stmt)
{
    return (struct sql_fields){.stmt = stmt, .at = 0, .bad = false};
}

/* The column to read next, if it has that type. */
static bool next_is(struct sql_fields *fields, int type, int *column)
{
    *column = fields->at++;
    if (sqlite3_column_type(fields->stmt, *column) == type)
        return true;
    fields->bad = true;
    return false;
}

int64_t sql_get_int(struct sql_fields *fields, int64_t min, int64_t max)
{
    int column;
    int64_t value;

    if (!next_is(fields, SQLITE_INTEGER, &column))
        return min;
    value = sqlite3_column_int64(fields->stmt, column);
    if (value >= min && value <= max)
        return value;
    fields->bad = true;
    return min;
}

uint64_t sql_get_uint(struct sql_fields *fields)
{
    return (uint64_t)sql_get_int(fields, 0, INT64_MAX);
}

int64_t sql_get_value(struct sql_fields *fields)
{
    if (sqlite3_column_type(fields->stmt, fields->at) != SQLITE_NULL)
        return sql_get_int(fields, INT64_MIN, INT64_MAX);
    fields->at++;
    return INT64_MIN;
}

struct text sql_get_text(struct sql_fields *fields, size_t max)
{
    struct text none = {"", 0};
    int column;
    const void *at;
    int len;

    assert(max <= INT32_MAX);
    if (!next_is(fields, SQLITE_TEXT, &column))
        return none;
    at = sqlite3_column_text(fields->stmt, column);
    len = sqlite3_column_bytes(fields->stmt, column);
    if (at && len >= 0 && (size_t)len <= max)
        return (struct text){at, (uint32_t)len};
    fields->bad = true;
    return none;
}

void sql_get_string(struct sql_fields *fields, char *out, size_t size)
{
    text_copy(sql_get_text(fields, size - 1), out, size);
}

struct bytes sql_get_bytes(struct sql_fields *fields, size_t max)
{
    struct bytes none = {NULL, 0};
    int column;
    const void *at;
    int len;

    if (!next_is(fields, SQLITE_BLOB, &column))
        return none;
    at = sqlite3_column_blob(fields->stmt, column); /* NULL when it is empty */
    len = sqlite3_column_bytes(fields->stmt, column);
    if (len >= 0 && (size_t)len <= max && (at || !len))
        return (struct bytes){at, (size_t)len};
    fields->bad = true;
    return none;
}

void sql_get_exactly(struct sql_fields *fields, uint8_t *out, size_t len)
{
    struct bytes value = sql_get_bytes(fields, len);

    if (value.at && value.len == len)
        memcpy(out, value.at, len);
    else
        fields->bad = true;
}

enum status sql_get_end(const struct sql_fields *fields, struct why *why)
{
    const char *path = sqlite3_db_filename(sqlite3_db_handle(fields->stmt), "main");

    if (!fields->bad)
        return ST_OK;
    return why_set(why, ST_CORRUPT, "%s: a value that cannot stand there", path);
}
