/* One function a form, and the table of them: what a stated value must look like and what
 * it means. Numbers are read digit by digit, never through a double; nothing is guessed.
 */
#include "json_form.h"

#include "json_words.h"

#include <assert.h>

const struct json_value *reading_value(const struct reading *r, enum event_field field)
{
    assert(r->object->stated[field]);
    return &r->object->values[field];
}

static const struct layout_row *row_find(struct layout layout, enum event_field field)
{
    size_t i = 0;

    while (i < layout.len && layout.rows[i].field != field)
        i++;
    return i < layout.len ? &layout.rows[i] : NULL;
}

const struct layout_row *reading_row(const struct reading *r, enum event_field field)
{
    const struct layout_row *row = row_find(layout_common, field);

    if (!row)
        row = row_find(layout_of(r->ev.kind), field);
    assert(row);
    return row;
}

static void *place_in(struct reading *r, enum event_field field)
{
    return (char *)&r->ev + reading_row(r, field)->offset;
}

enum status reading_refuse(struct reading *r, enum event_field field, enum status st,
                           const char *format, ...)
{
    const struct json_object *object = r->object;
    unsigned column =
        object->stated[field] ? object->values[field].column : object->column;
    va_list arguments;

    va_start(arguments, format);
    json_refuse_list(r->error, column, event_field_name(field), st, format, arguments);
    va_end(arguments);
    return st;
}

/* What was stated, and what is wrong with it. */
static enum status refuse_stated(struct reading *r, enum event_field field,
                                 enum status st, const char *wrong)
{
    char quoted[TEXT_QUOTE_SIZE];

    return reading_refuse(r, field, st, "%s %s",
                          text_quote(reading_value(r, field)->text, quoted), wrong);
}

static enum status refuse_unknown(struct reading *r, enum event_field field,
                                  const char *what, const char *nearest)
{
    char quoted[TEXT_QUOTE_SIZE];

    return reading_refuse(r, field, ST_INVALID, "unknown %s %s%s", what,
                          text_quote(reading_value(r, field)->text, quoted),
                          json_hint(nearest).text);
}

static enum status read_word(struct reading *r, enum event_field field,
                             const struct json_words *words, unsigned *out)
{
    struct text text = reading_value(r, field)->text;
    unsigned index = json_word_find(words, text);
    char quoted[TEXT_QUOTE_SIZE];
    char list[JSON_WORDS_SIZE];

    if (index == words->count)
        return reading_refuse(r, field, ST_INVALID, "unknown %s %s%s; it is one of %s",
                              words->what, text_quote(text, quoted),
                              json_hint(json_word_suggest(words, text)).text,
                              json_words_list(words, list));
    *out = index;
    return ST_OK;
}

static enum status read_kind(struct reading *r, enum event_field field, void *at)
{
    unsigned index = 0;
    enum status st = read_word(r, field, &json_kinds, &index);

    if (!st)
        *(enum event_kind *)at = (enum event_kind)index;
    return st;
}

static enum status read_terms(struct reading *r, enum event_field field, void *at)
{
    unsigned index = 0;
    enum status st = read_word(r, field, &json_terms, &index);

    if (!st)
        *(enum terms *)at = (enum terms)index;
    return st;
}

static enum status read_status(struct reading *r, enum event_field field, void *at)
{
    unsigned index = 0;
    enum status st = read_word(r, field, &json_statuses, &index);

    if (!st)
        *(enum pledge_status *)at = (enum pledge_status)index;
    return st;
}

static enum status read_line(struct reading *r, enum event_field field, void *at)
{
    unsigned index = 0;
    enum status st = read_word(r, field, &json_lines, &index);

    if (!st)
        *(enum use_line *)at = (enum use_line)index;
    return st;
}

static enum status read_text(struct reading *r, enum event_field field, void *at)
{
    *(struct text *)at = reading_value(r, field)->text;
    return ST_OK;
}

static enum status read_flag(struct reading *r, enum event_field field, void *at)
{
    *(bool *)at = reading_value(r, field)->truth;
    return ST_OK;
}

static enum status read_time(struct reading *r, enum event_field field, void *at)
{
    int64_t time = TIME_NONE;
    struct why why;
    enum status st = timestamp_parse(reading_value(r, field)->text, &time, &why);

    if (st)
        return reading_refuse(r, field, st, "%s", why.text);
    *(int64_t *)at = time;
    return ST_OK;
}

static enum status read_place(struct reading *r, enum event_field field, void *at)
{
    struct text code = reading_value(r, field)->text;
    place_id place = place_find(code);

    if (place == PLACE_NONE)
        return refuse_unknown(r, field, "place", place_suggest(code));
    *(place_id *)at = place;
    return ST_OK;
}

static enum status read_party(struct reading *r, enum event_field field, void *at)
{
    if (!text_is(reading_value(r, field)->text, "*"))
        return read_place(r, field, at);
    *(place_id *)at = PLACE_ANY;
    return ST_OK;
}

static enum status read_commodity(struct reading *r, enum event_field field, void *at)
{
    struct text code = reading_value(r, field)->text;
    commodity_id commodity = commodity_find(code);

    if (commodity == COMMODITY_NONE)
        return refuse_unknown(r, field, "commodity", commodity_suggest(code));
    *(commodity_id *)at = commodity;
    return ST_OK;
}

static enum status read_scope(struct reading *r, enum event_field field, void *at)
{
    if (!text_is(reading_value(r, field)->text, "*"))
        return read_commodity(r, field, at);
    *(commodity_id *)at = COMMODITY_ANY;
    return ST_OK;
}

static enum status read_unit(struct reading *r, enum event_field field, void *at)
{
    struct text code = reading_value(r, field)->text;
    unit_id unit = unit_find(code);

    if (unit == UNIT_NONE)
        return refuse_unknown(r, field, "unit", unit_suggest(code));
    *(unit_id *)at = unit;
    return ST_OK;
}

static enum status read_currency(struct reading *r, enum event_field field, void *at)
{
    struct text code = reading_value(r, field)->text;
    bool upper = code.len == 3;

    for (uint32_t i = 0; upper && i < code.len; i++)
        upper = code.at[i] >= 'A' && code.at[i] <= 'Z';
    if (!upper)
        return refuse_stated(r, field, ST_INVALID,
                             "is not three capital letters such as USD");
    text_copy(code, at, sizeof r->ev.as.price.currency);
    return ST_OK;
}

/* The number, whether it is stated as a JSON number or in a string. */
static enum status read_decimal(struct reading *r, enum event_field field,
                                struct decimal *out)
{
    enum status st = decimal_parse(reading_value(r, field)->text, out);

    if (st == ST_OVERFLOW)
        return refuse_stated(r, field, st,
                             "has too many digits, or an exponent beyond +-400");
    if (st)
        return refuse_stated(r, field, st,
                             "is not a decimal number such as 1250.5: no spaces, no "
                             "thousands marks");
    return ST_OK;
}

/* The number in steps of 10^-places. ST_INVALID: it is no whole number of them;
 * ST_OVERFLOW: it is beyond an int64. */
static enum status decimal_exact(struct decimal *number, int places, int64_t *out)
{
    int64_t steps = 1;

    while (number->len > 0 && number->digits[number->len - 1] == 0) {
        number->len--;
        number->scale--;
    }
    if (number->len > 0 && number->scale > places)
        return ST_INVALID;
    for (int i = 0; i < places; i++)
        steps *= 10;
    return decimal_scale(number, steps, 1, out);
}

static enum status read_revision(struct reading *r, enum event_field field, void *at)
{
    struct decimal number;
    int64_t revision = 0;
    enum status st = read_decimal(r, field, &number);

    if (st)
        return st;
    st = decimal_exact(&number, 0, &revision);
    if (!st && revision < 0)
        st = ST_INVALID;
    if (!st && revision > EVENT_REVISION_MAX)
        st = ST_OVERFLOW;
    if (st)
        return refuse_stated(r, field, st, "is not a whole number from 0 to 2147483647");
    *(int32_t *)at = (int32_t)revision;
    return ST_OK;
}

static enum status read_factor(struct reading *r, enum event_field field, void *at)
{
    struct decimal number;
    int64_t thousandths = 0;
    enum status st = read_decimal(r, field, &number);

    if (st)
        return st;
    st = decimal_exact(&number, 3, &thousandths);
    if (st || thousandths < 0 || thousandths > POLICY_FACTOR_ONE)
        return refuse_stated(r, field, ST_INVALID,
                             "is not a factor from 0 to 1 with at most three decimals");
    *(int32_t *)at = (int32_t)thousandths;
    return ST_OK;
}

static enum status read_number(struct reading *r, enum event_field field, void *at)
{
    struct decimal number;
    enum status st = read_decimal(r, field, &number);

    if (!st)
        *(struct text *)at = reading_value(r, field)->text;
    return st;
}

static enum status read_money(struct reading *r, enum event_field field, void *at)
{
    struct price *price = at;
    struct decimal number;
    enum status st = read_decimal(r, field, &number);

    if (st)
        return st;
    st = decimal_scale(&number, MONEY_ONE, 1, &price->money);
    if (st)
        return refuse_stated(r, field, st, "is beyond the greatest price");
    price->number = reading_value(r, field)->text;
    return ST_OK;
}

/* Comes after the other fields: an amount is nothing without its commodity and its unit.
 */
static enum status read_amount(struct reading *r, enum event_field field, void *at)
{
    const unit_id *unit = place_in(r, FIELD_UNIT);
    const commodity_id *commodity = place_in(r, FIELD_COMMODITY);
    struct amount amount = {
        .number = reading_value(r, field)->text, .unit = *unit, .set = r->set};
    struct decimal number;
    int64_t num = 0;
    int64_t den = 0;
    struct why why;
    enum status st = read_decimal(r, field, &number);

    if (st)
        return st;
    st = unit_factor(*unit, *commodity, r->set, &num, &den, &why);
    if (st)
        return reading_refuse(r, FIELD_UNIT, st, "%s", why.text);
    st = unit_convert(&number, *unit, *commodity, r->set, &amount.amount, &why);
    if (st)
        return reading_refuse(r, field, st, "%s", why.text);
    *(struct amount *)at = amount;
    return ST_OK;
}

#define ONE(type) (1u << (type))
#define A_STRING  ONE(JSON_STRING), "a string"
#define A_NUMBER  ONE(JSON_NUMBER), "a number"
#define A_FLAG    ONE(JSON_FLAG), "true or false"
#define A_TIME    ONE(JSON_STRING), "a time in a string, such as \"2008-11-01\""
#define A_DECIMAL ONE(JSON_NUMBER) | ONE(JSON_STRING), "a number or a decimal in a string"

struct form {
    unsigned types; /* bits of enum json_type */
    const char *wanted;
    enum status (*read)(struct reading *r, enum event_field field, void *at);
};

static const struct form forms[] = {
    [LAYOUT_KIND] = {A_STRING, read_kind},
    [LAYOUT_TEXT] = {A_STRING, read_text},
    [LAYOUT_REVISION] = {A_NUMBER, read_revision},
    [LAYOUT_FLAG] = {A_FLAG, read_flag},
    [LAYOUT_TIME] = {A_TIME, read_time},
    [LAYOUT_PUBLISHED] = {A_TIME, read_time},
    [LAYOUT_PLACE] = {A_STRING, read_place},
    [LAYOUT_PLACE_OR_ANY] = {A_STRING, read_party},
    [LAYOUT_COMMODITY] = {A_STRING, read_commodity},
    [LAYOUT_COMMODITY_OR_ANY] = {A_STRING, read_scope},
    [LAYOUT_UNIT] = {A_STRING, read_unit},
    [LAYOUT_AMOUNT] = {A_DECIMAL, read_amount},
    [LAYOUT_AMOUNT_OPTIONAL] = {A_DECIMAL, read_amount},
    [LAYOUT_MONEY] = {A_DECIMAL, read_money},
    [LAYOUT_CURRENCY] = {A_STRING, read_currency},
    [LAYOUT_THOUSANDTHS] = {A_DECIMAL, read_factor},
    [LAYOUT_TERMS] = {A_STRING, read_terms},
    [LAYOUT_STATUS] = {A_STRING, read_status},
    [LAYOUT_LINE] = {A_STRING, read_line},
};

/* The one text that is a number to whoever writes JSON. */
static const struct form credit_form = {A_DECIMAL, read_number};

static const char *const type_names[JSON_TYPE_COUNT] = {
    [JSON_NULL] = "null (leave the key out)",
    [JSON_FLAG] = "true or false",
    [JSON_NUMBER] = "a number",
    [JSON_STRING] = "a string",
};

enum status reading_field(struct reading *r, enum event_field field)
{
    const struct layout_row *row = reading_row(r, field);
    const struct form *form = field == FIELD_CREDIT ? &credit_form : &forms[row->form];
    enum json_type type = reading_value(r, field)->type;

    if (!(form->types & ONE(type)))
        return reading_refuse(r, field, ST_INVALID, "must be %s, not %s", form->wanted,
                              type_names[type]);
    return form->read(r, field, place_in(r, field));
}
