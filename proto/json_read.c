/* The grammar of a line: yajl takes it apart, and what it calls back with is collected as
 * one struct json_object, each value with its column. Must never hand a number to a
 * double, and never let a key pass that it does not know or has seen. */
#include "json_arena.h"
#include "json_escape.h"
#include "json_object.h"

#include <yajl/yajl_parse.h>

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct json_reader {
    yajl_handle handle;
    struct text line;
    struct json_error *error;
    enum status refused;    /* why a callback ended the parse */
    size_t token_end;       /* of the last token that was called back */
    bool opened, closed;    /* the object's braces */
    enum event_field field; /* of the last key */
    struct json_object object;
    char id[JSON_ID_SIZE];
    size_t strings_len;
    char strings[JSON_LINE_MAX]; /* decoded texts; none is longer than it stood in the
                                    line */
    struct json_arena arena;
};

enum status json_reader_new(struct json_reader **out)
{
    struct json_reader *r = malloc(sizeof *r);

    if (!r)
        return ST_NO_MEMORY;
    *out = r;
    return ST_OK;
}

void json_reader_free(struct json_reader *r)
{
    free(r);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static size_t skip_blanks(struct text line, size_t at)
{
    while (at < line.len && is_blank(line.at[at]))
        at++;
    return at;
}

/* Where the token after the last one begins: between two lie only blanks and one mark. */
static size_t token_begin(const struct json_reader *r)
{
    size_t at = skip_blanks(r->line, r->token_end);

    if (r->opened && at < r->line.len && (r->line.at[at] == ',' || r->line.at[at] == ':'))
        at = skip_blanks(r->line, at + 1);
    return at;
}

static unsigned column_of(size_t offset)
{
    assert(offset <= JSON_LINE_MAX);
    return (unsigned)offset + 1;
}

/* Notes the token that yajl is calling back with; where it begins. */
static size_t token_take(struct json_reader *r)
{
    size_t begin = token_begin(r);

    r->token_end = yajl_get_bytes_consumed(r->handle);
    assert(begin < r->token_end && r->token_end <= r->line.len);
    return begin;
}

/* The callbacks' way to end the parse. */
static int refuse_at(struct json_reader *r, size_t offset, const char *field,
                     const char *problem)
{
    r->refused =
        json_refuse(r->error, column_of(offset), field, ST_INVALID, "%s", problem);
    return 0;
}

/* Keeps a copy: what yajl decoded is gone after the callback, and the line is not ours.
 */
static struct text keep(struct json_reader *r, const void *at, size_t len)
{
    char *copy = r->strings + r->strings_len;

    assert(len <= sizeof r->strings - r->strings_len);
    memcpy(copy, at, len);
    r->strings_len += len;
    return (struct text){copy, (uint32_t)len};
}

/* Whether the string token from `begin` to the last token's end is sound. */
static bool escapes_are_sound(struct json_reader *r, size_t begin, const char *field)
{
    struct text raw = {r->line.at + begin, (uint32_t)(r->token_end - begin)};
    uint32_t offset = 0;
    const char *problem = NULL;

    if (memchr(raw.at, '\\', raw.len))
        problem = json_escape_problem(raw, &offset);
    return !problem || refuse_at(r, begin + offset, field, problem);
}

static void take_value(struct json_reader *r, enum json_type type, size_t begin,
                       struct text text, bool truth)
{
    struct json_object *object = &r->object;
    struct json_value *value = &object->values[r->field];

    value->type = type;
    value->truth = truth;
    value->text = text;
    value->column = column_of(begin);
    object->stated[r->field] = true;
    object->order[object->len++] = r->field;
}

static int on_null(void *self)
{
    struct json_reader *r = self;

    take_value(r, JSON_NULL, token_take(r), (struct text){NULL, 0}, false);
    return 1;
}

static int on_boolean(void *self, int truth)
{
    struct json_reader *r = self;

    take_value(r, JSON_FLAG, token_take(r), (struct text){NULL, 0}, truth);
    return 1;
}

static int on_number(void *self, const char *at, size_t len)
{
    struct json_reader *r = self;

    take_value(r, JSON_NUMBER, token_take(r), keep(r, at, len), false);
    return 1;
}

static int on_string(void *self, const unsigned char *at, size_t len)
{
    struct json_reader *r = self;
    size_t begin = token_take(r);

    if (!escapes_are_sound(r, begin, event_field_name(r->field)))
        return 0;
    take_value(r, JSON_STRING, begin, keep(r, at, len), false);
    return 1;
}

static int refuse_key(struct json_reader *r, size_t begin, struct text key)
{
    char quoted[TEXT_QUOTE_SIZE];

    r->refused =
        json_refuse(r->error, column_of(begin), "", ST_INVALID, "unknown key %s%s",
                    text_quote(key, quoted), json_hint(event_field_suggest(key)).text);
    return 0;
}

static int on_key(void *self, const unsigned char *at, size_t len)
{
    struct json_reader *r = self;
    size_t begin = token_take(r);
    struct text key = {(const char *)at, (uint32_t)len};
    enum event_field field = event_field_find(key);

    if (!escapes_are_sound(r, begin, ""))
        return 0;
    if (field == FIELD_COUNT)
        return refuse_key(r, begin, key);
    if (r->object.stated[field])
        return refuse_at(r, begin, event_field_name(field), "is stated twice");
    r->field = field;
    r->object.values[field].key_column = column_of(begin);
    return 1;
}

static int on_open_list(void *self)
{
    struct json_reader *r = self;

    return refuse_at(r, token_take(r), event_field_name(r->field),
                     "a value must not be a list");
}

static int on_open_object(void *self)
{
    struct json_reader *r = self;
    size_t begin = token_take(r);

    if (r->opened)
        return refuse_at(r, begin, event_field_name(r->field),
                         "a value must not be an object");
    r->opened = true;
    r->object.column = column_of(begin);
    return 1;
}

static int on_close_object(void *self)
{
    struct json_reader *r = self;

    (void)token_take(r);
    r->closed = true;
    return 1;
}

static const yajl_callbacks callbacks = {
    .yajl_null = on_null,
    .yajl_boolean = on_boolean,
    .yajl_number = on_number,
    .yajl_string = on_string,
    .yajl_start_map = on_open_object,
    .yajl_map_key = on_key,
    .yajl_end_map = on_close_object,
    .yajl_start_array = on_open_list,
};

/* Bytes by which a token of more than one byte can begin. */
static bool starts_token(char c)
{
    static const char starts[] = "\"-0123456789tfn";

    return memchr(starts, c, sizeof starts - 1);
}

/* Where yajl stumbled: within a token that it could not finish, else at its start. */
static size_t stumble(const struct json_reader *r, bool lexical)
{
    size_t begin = token_begin(r);
    size_t consumed = yajl_get_bytes_consumed(r->handle);

    if (lexical && begin < r->line.len && starts_token(r->line.at[begin]) &&
        consumed < r->line.len)
        return consumed;
    return begin;
}

/* yajl's own reason, without its prefix, its full stop and its picture. */
static enum status refuse_syntax(struct json_reader *r)
{
    unsigned char *message = yajl_get_error(r->handle, 0, NULL, 0);
    const char *text = (const char *)message;
    const char *colon = strstr(text, ": ");
    bool lexical = strncmp(text, "lexical", 7) == 0;
    enum status st;

    text = colon ? colon + 2 : text;
    st = json_refuse(r->error, column_of(stumble(r, lexical)), "", ST_INVALID,
                     "not JSON: %.*s", (int)strcspn(text, ".\n"), text);
    yajl_free_error(r->handle, message);
    return st;
}

/* yajl itself would overlook a token behind the object that the line's end cuts off. */
static enum status check_end(struct json_reader *r)
{
    size_t rest;

    if (!r->closed)
        return json_refuse(r->error, column_of(r->line.len), "", ST_INVALID,
                           "not JSON: the line ends before the object does");
    rest = skip_blanks(r->line, r->token_end);
    if (rest < r->line.len)
        return json_refuse(r->error, column_of(rest), "", ST_INVALID,
                           "not JSON: something follows the object");
    return ST_OK;
}

static enum status parse(struct json_reader *r)
{
    yajl_alloc_funcs funcs = json_arena_funcs(&r->arena);
    yajl_status status;
    enum status st;

    json_arena_clear(&r->arena);
    r->handle = yajl_alloc(&callbacks, &funcs, r);
    assert(r->handle);
    status = yajl_parse(r->handle, (const unsigned char *)r->line.at, r->line.len);
    if (status == yajl_status_client_canceled)
        st = r->refused;
    else if (status == yajl_status_error && !r->closed)
        st = refuse_syntax(r);
    else
        st = check_end(r);
    yajl_free(r->handle);
    r->handle = NULL;
    return st;
}

static void begin_line(struct json_reader *r, struct text line, struct json_error *error)
{
    r->line = line;
    r->error = error;
    r->token_end = 0;
    r->opened = r->closed = false;
    r->strings_len = 0;
    r->object.len = 0;
    memset(r->object.stated, 0, sizeof r->object.stated);
}

/* What can be told from the line's outside. */
static enum status check_line(struct text line, struct json_error *error)
{
    static const char mark[] = "\xEF\xBB\xBF";
    size_t begin = skip_blanks(line, 0);

    if (line.len > JSON_LINE_MAX)
        return json_refuse(error, JSON_LINE_MAX + 1, "", ST_OVERFLOW,
                           "the line is longer than %d bytes", JSON_LINE_MAX);
    if (begin == line.len)
        return ST_NOT_FOUND;
    if (line.len >= 3 && memcmp(line.at, mark, 3) == 0)
        return json_refuse(error, 1, "", ST_INVALID,
                           "starts with a byte order mark: save the file without it");
    if (line.at[begin] != '{')
        return json_refuse(error, column_of(begin), "", ST_INVALID,
                           "not a JSON object: a line is one object in { }");
    return ST_OK;
}

enum status json_read_event(struct json_reader *r, struct text line, factor_set_id set,
                            struct event *out, struct json_error *error)
{
    enum status st = check_line(line, error);

    if (st)
        return st;
    begin_line(r, line, error);
    st = parse(r);
    if (st)
        return st;
    return json_object_event(&r->object, set, r->id, out, error);
}
