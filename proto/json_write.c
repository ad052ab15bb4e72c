/* An event as a JSON line: what it states, in the order of enum event_field, and nothing
 * that it does not state. */
#include "shortfall/proto/json.h"

#include "json_put.h"
#include "layout.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void put_key(struct json_line *l, enum event_field field)
{
    json_put_plain(l, l->len > 1 ? ",\"" : "\"");
    json_put_plain(l, event_field_name(field));
    json_put_plain(l, "\":");
}

static void put_word(struct json_line *l, enum event_field field, const char *word)
{
    put_key(l, field);
    json_put_string(l, text_of(word));
}

/* A decimal in the grammar of JSON stands as it was stated. */
static void put_number(struct json_line *l, enum event_field field, struct text number)
{
    if (number.len == 0)
        return;
    put_key(l, field);
    json_put(l, number.at, number.len);
}

static void write_kind(struct json_line *l, enum event_field field, const void *at)
{
    put_word(l, field, event_kind_name(*(const enum event_kind *)at));
}

static void write_text(struct json_line *l, enum event_field field, const void *at)
{
    const struct text *text = at;

    if (text->len == 0)
        return;
    put_key(l, field);
    json_put_string(l, *text);
}

static void write_revision(struct json_line *l, enum event_field field, const void *at)
{
    char digits[16];
    int32_t revision = *(const int32_t *)at;

    (void)snprintf(digits, sizeof digits, "%" PRId32, revision);
    if (revision)
        put_number(l, field, text_of(digits));
}

static void write_flag(struct json_line *l, enum event_field field, const void *at)
{
    if (*(const bool *)at)
        put_number(l, field, text_of("true"));
}

static void write_time(struct json_line *l, enum event_field field, const void *at)
{
    char buffer[TIMESTAMP_SIZE];
    int64_t time = *(const int64_t *)at;

    if (time != TIME_NONE)
        put_word(l, field, timestamp_format(time, buffer));
}

static void write_place(struct json_line *l, enum event_field field, const void *at)
{
    put_word(l, field, place_code(*(const place_id *)at));
}

static void write_commodity(struct json_line *l, enum event_field field, const void *at)
{
    put_word(l, field, commodity_code(*(const commodity_id *)at));
}

static void write_unit(struct json_line *l, enum event_field field, const void *at)
{
    put_word(l, field, unit_code(*(const unit_id *)at));
}

static void write_amount(struct json_line *l, enum event_field field, const void *at)
{
    const struct amount *amount = at;

    put_number(l, field, amount->number);
}

static void write_number(struct json_line *l, enum event_field field, const void *at)
{
    put_number(l, field, *(const struct text *)at);
}

static void write_money(struct json_line *l, enum event_field field, const void *at)
{
    const struct price *price = at;

    put_number(l, field, price->number);
}

static void write_currency(struct json_line *l, enum event_field field, const void *at)
{
    put_word(l, field, at);
}

static void write_factor(struct json_line *l, enum event_field field, const void *at)
{
    int32_t factor = *(const int32_t *)at;
    char digits[24];
    int len = snprintf(digits, sizeof digits, "%" PRId32 ".%03" PRId32,
                       factor / POLICY_FACTOR_ONE, factor % POLICY_FACTOR_ONE);

    while (len > 0 && digits[len - 1] == '0')
        len--;
    if (len > 0 && digits[len - 1] == '.')
        len--;
    put_number(l, field, (struct text){digits, (uint32_t)len});
}

static void write_terms(struct json_line *l, enum event_field field, const void *at)
{
    enum terms terms = *(const enum terms *)at;

    if (terms != TERMS_UNKNOWN)
        put_word(l, field, terms_name(terms));
}

static void write_status(struct json_line *l, enum event_field field, const void *at)
{
    put_word(l, field, pledge_status_name(*(const enum pledge_status *)at));
}

static void write_use_line(struct json_line *l, enum event_field field, const void *at)
{
    put_word(l, field, use_line_name(*(const enum use_line *)at));
}

typedef void write_form(struct json_line *l, enum event_field field, const void *at);

static write_form *const writers[] = {
    [LAYOUT_KIND] = write_kind,
    [LAYOUT_TEXT] = write_text,
    [LAYOUT_REVISION] = write_revision,
    [LAYOUT_FLAG] = write_flag,
    [LAYOUT_TIME] = write_time,
    [LAYOUT_PUBLISHED] = write_time,
    [LAYOUT_PLACE] = write_place,
    [LAYOUT_PLACE_OR_ANY] = write_place,
    [LAYOUT_COMMODITY] = write_commodity,
    [LAYOUT_COMMODITY_OR_ANY] = write_commodity,
    [LAYOUT_UNIT] = write_unit,
    [LAYOUT_AMOUNT] = write_amount,
    [LAYOUT_AMOUNT_OPTIONAL] = write_amount,
    [LAYOUT_MONEY] = write_money,
    [LAYOUT_CURRENCY] = write_currency,
    [LAYOUT_THOUSANDTHS] = write_factor,
    [LAYOUT_TERMS] = write_terms,
    [LAYOUT_STATUS] = write_status,
    [LAYOUT_LINE] = write_use_line,
};

static write_form *writer_of(const struct layout_row *row)
{
    return row->field == FIELD_CREDIT ? write_number : writers[row->form];
}

static void write_rows(struct json_line *l, const struct event *ev, struct layout layout)
{
    for (size_t i = 0; i < layout.len; i++) {
        const struct layout_row *row = &layout.rows[i];

        if (row->form != LAYOUT_PUBLISHED || ev->states_published)
            writer_of(row)(l, row->field, (const char *)ev + row->offset);
    }
}

enum status json_write_event(const struct event *ev, char *out, size_t size, size_t *len)
{
    struct json_line l = {.out = out, .size = size};

    json_put_plain(&l, "{");
    write_rows(&l, ev, layout_common);
    if (!ev->retract)
        write_rows(&l, ev, layout_of(ev->kind));
    json_put_plain(&l, "}");
    return json_end(&l, len);
}
