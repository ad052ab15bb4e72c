/* A single comparison of a rule expression: a metric with its arguments, and the number
 * and unit it is compared with, which must be of the metric's own measure. */
#include "expr_metric.h"
#include "expr_parser.h"

#include "shortfall/core/timestamp.h"

#include <assert.h>
#include <string.h>

/* Where the number in front of the next token began, and the metric it belongs to: what
 * most messages about a threshold speak of. */
struct context {
    const char *metric;
    uint32_t number;
};

static enum status expected(struct parser *p, const char *what)
{
    char found[FOUND_SIZE];

    return parser_fail(p, p->token.offset, "expected %s, found %s", what,
                       parser_found(p, found));
}

static enum status expect(struct parser *p, enum token_kind kind, const char *what)
{
    if (p->token.kind != kind)
        return expected(p, what);
    parser_advance(p);
    return ST_OK;
}

static enum status take_market(struct parser *p, struct term *term)
{
    struct text name = p->token.text;

    if (name.len > EVENT_MARKET_MAX)
        return parser_fail(p, p->token.offset, "a market's name has at most %d bytes",
                           EVENT_MARKET_MAX);
    if (!text_is_printable(name))
        return parser_fail(p, p->token.offset,
                           "the market's name holds an unprintable character");
    (void)text_copy(name, term->market, sizeof(term->market));
    return ST_OK;
}

static enum status take_duration(struct parser *p, int64_t *out)
{
    char found[FOUND_SIZE];

    if (duration_parse(p->token.text, out, NULL))
        return parser_fail(p, p->token.offset,
                           "%s is not a duration such as 90d, 36h or 2w",
                           parser_found(p, found));
    return ST_OK;
}

static enum status take_argument(struct parser *p, enum argument argument,
                                 struct term *term)
{
    switch (argument) {
    case ARGUMENT_MARKET:
        return take_market(p, term);
    case ARGUMENT_HORIZON:
        return take_duration(p, &term->horizon);
    case ARGUMENT_WINDOW:
        return take_duration(p, &term->window);
    case ARGUMENT_NONE:
        break;
    }
    return parser_fail(p, p->token.offset, "\"%s\" takes %s", metric_name(term->metric),
                       metric_row(term->metric)->arguments_min ? "no more arguments"
                                                               : "no argument");
}

/* From the token after "(" to the one after ")"; `count` arguments were read. */
static enum status read_arguments(struct parser *p, const struct metric_row *row,
                                  struct term *term, unsigned *count)
{
    bool more = true;

    while (more) {
        enum argument argument =
            *count < ARGUMENTS_MAX ? row->arguments[*count] : ARGUMENT_NONE;
        p->token = lex_argument(&p->lexer);
        if (p->token.kind == TOKEN_BAD)
            return parser_fail(p, p->token.offset, "the closing quote is missing");
        if (p->token.text.len == 0)
            return parser_fail(p, p->token.offset, "an argument is missing: write %s",
                               row->usage);
        enum status st = take_argument(p, argument, term);
        if (st)
            return st;
        (*count)++;
        parser_advance(p);
        more = p->token.kind == TOKEN_COMMA;
    }
    return expect(p, TOKEN_CLOSE, "\")\" or \",\"");
}

static enum status unknown_metric(struct parser *p)
{
    const char *near = metric_suggest(p->token.text);
    char found[FOUND_SIZE];

    if (!near)
        return parser_fail(p, p->token.offset, "unknown metric %s",
                           parser_found(p, found));
    return parser_fail(p, p->token.offset, "unknown metric %s (did you mean \"%s\"?)",
                       parser_found(p, found), near);
}

static enum status read_term(struct parser *p, struct term *out)
{
    uint32_t offset = p->token.offset;
    struct term term = {.metric = metric_find(p->token.text)};
    unsigned count = 0;

    if (term.metric == METRIC_COUNT)
        return unknown_metric(p);
    const struct metric_row *row = metric_row(term.metric);
    for (unsigned i = 0; i < ARGUMENTS_MAX; i++) {
        if (row->arguments[i] == ARGUMENT_HORIZON)
            term.horizon = HORIZON_DEFAULT;
    }
    parser_advance(p);
    if (p->token.kind == TOKEN_OPEN) {
        enum status st = read_arguments(p, row, &term, &count);
        if (st)
            return st;
    }
    if (count < row->arguments_min)
        return parser_fail(p, offset, "\"%s\" needs its arguments: write %s", row->name,
                           row->usage);
    *out = term;
    return ST_OK;
}

static enum status read_has(struct parser *p, struct expr_node *out)
{
    struct expr_node node = {.op = EXPR_HAS, .offset = p->token.offset};
    enum status st;

    parser_advance(p);
    st = expect(p, TOKEN_OPEN, "\"(\" after has");
    if (!st && p->token.kind != TOKEN_WORD)
        st = expected(p, "a metric");
    if (!st)
        st = read_term(p, &node.term);
    if (!st)
        st = expect(p, TOKEN_CLOSE, "\")\" after the metric of has");
    if (!st)
        *out = node;
    return st;
}

/* A unit or a currency may stand here, and no word that joins comparisons. */
static bool at_unit(const struct parser *p)
{
    return p->token.kind == TOKEN_WORD && !parser_at_word(p, "and") &&
           !parser_at_word(p, "or") && !parser_at_word(p, "not");
}

static enum status read_unit(struct parser *p, unit_id *out)
{
    unit_id unit = unit_find(p->token.text);
    char found[FOUND_SIZE];

    if (unit == UNIT_NONE) {
        const char *near = unit_suggest(p->token.text);
        if (!near)
            return parser_fail(p, p->token.offset, "unknown unit %s",
                               parser_found(p, found));
        return parser_fail(p, p->token.offset, "unknown unit %s (did you mean \"%s\"?)",
                           parser_found(p, found), near);
    }
    *out = unit;
    parser_advance(p);
    return ST_OK;
}

static enum status read_currency(struct parser *p, char out[4])
{
    struct text code = p->token.text;
    char found[FOUND_SIZE];

    bool fits = code.len == 3;
    for (uint32_t i = 0; fits && i < code.len; i++)
        fits = code.at[i] >= 'A' && code.at[i] <= 'Z';
    if (!fits)
        return parser_fail(p, p->token.offset,
                           "%s is not a currency: three capital letters such as USD",
                           parser_found(p, found));
    (void)text_copy(code, out, 4);
    parser_advance(p);
    return ST_OK;
}

static enum status read_amount_unit(struct parser *p, struct context at,
                                    struct expr_node *node)
{
    if (!at_unit(p))
        return parser_fail(p, at.number,
                           "\"%s\" is an amount: its number needs a unit such "
                           "as t, kt or TJ",
                           at.metric);
    return read_unit(p, &node->threshold.unit);
}

static enum status read_price_unit(struct parser *p, struct context at,
                                   struct expr_node *node)
{
    enum status st;

    if (!at_unit(p))
        return parser_fail(p, at.number,
                           "\"%s\" needs a currency and a unit such as USD/bbl",
                           at.metric);
    st = read_currency(p, node->term.currency);
    if (st)
        return st;
    if (p->token.kind != TOKEN_SLASH)
        return parser_fail(p, p->token.offset,
                           "a price is per unit: write %s/t or %s/bbl",
                           node->term.currency, node->term.currency);
    parser_advance(p);
    if (!at_unit(p))
        return expected(p, "a unit such as t or bbl after \"/\"");
    return read_unit(p, &node->threshold.unit);
}

static enum status read_money_unit(struct parser *p, struct context at,
                                   struct expr_node *node)
{
    if (!at_unit(p))
        return parser_fail(p, at.number,
                           "\"%s\" is money: its number needs a currency such "
                           "as USD",
                           at.metric);
    return read_currency(p, node->term.currency);
}

/* Days and ratios are bare numbers. */
static enum status read_no_unit(struct parser *p, struct context at, bool days)
{
    if (p->token.kind == TOKEN_BAD && text_is(p->token.text, "%"))
        return parser_fail(p, p->token.offset,
                           "\"%%\" is not a unit: write a bare number, "
                           "0.25 for a quarter");
    if (!at_unit(p))
        return ST_OK;
    if (days)
        return parser_fail(p, p->token.offset,
                           "\"%s\" takes a bare number of days, without "
                           "a unit",
                           at.metric);
    return parser_fail(p, p->token.offset, "\"%s\" takes a bare number, without a unit",
                       at.metric);
}

static enum status read_threshold_unit(struct parser *p, struct context at,
                                       struct expr_node *node)
{
    switch (metric_measure(node->term.metric)) {
    case MEASURE_AMOUNT:
        return read_amount_unit(p, at, node);
    case MEASURE_PRICE:
        return read_price_unit(p, at, node);
    case MEASURE_MONEY:
        return read_money_unit(p, at, node);
    case MEASURE_DAYS:
        return read_no_unit(p, at, true);
    case MEASURE_RATIO:
        return read_no_unit(p, at, false);
    }
    return ST_INVALID;
}

/* Whether the number fits the integers that values of its measure are held in. An amount
 * is judged with its commodity, by expr_check_commodity. */
static bool fits_measure(const struct decimal *number, enum measure measure)
{
    static const int64_t steps[] = {
        [MEASURE_DAYS] = DAY_US,
        [MEASURE_RATIO] = 1000000,
        [MEASURE_PRICE] = MONEY_ONE,
        [MEASURE_MONEY] = MONEY_ONE,
    };
    int64_t scaled;

    return measure == MEASURE_AMOUNT ||
           decimal_scale(number, steps[measure], 1, &scaled) == ST_OK;
}

static enum status read_number(struct parser *p, enum metric metric, struct decimal *out)
{
    struct decimal number;
    char found[FOUND_SIZE];
    bool may_be_negative = metric == METRIC_PRICE || metric == METRIC_PRICE_CHANGE;

    if (p->token.kind != TOKEN_NUMBER)
        return expected(p, "a number");
    enum status st = decimal_parse(p->token.text, &number);
    if (st == ST_INVALID)
        return parser_fail(p, p->token.offset,
                           "%s is not a decimal number such as 30 or 0.5",
                           parser_found(p, found));
    if (st || !fits_measure(&number, metric_measure(metric)))
        return parser_fail(p, p->token.offset, "%s is too large or too long a number",
                           parser_found(p, found));
    if (number.negative && number.len > 0 && !may_be_negative)
        return parser_fail(p, p->token.offset, "\"%s\" is never negative",
                           metric_name(metric));
    *out = number;
    parser_advance(p);
    return ST_OK;
}

static enum status read_comparison_sign(struct parser *p, enum comparison *out)
{
    if (p->token.kind < TOKEN_LESS || p->token.kind > TOKEN_GREATER_EQUAL)
        return expected(p, "a comparison (<, <=, >, >=)");
    *out = (enum comparison)(p->token.kind - TOKEN_LESS);
    parser_advance(p);
    return ST_OK;
}

static_assert(TOKEN_GREATER_EQUAL - TOKEN_LESS == (int)GREATER_EQUAL - (int)LESS,
              "the tokens of comparisons stand in the order of enum comparison");

enum status parser_comparison(struct parser *p, struct expr_node *out)
{
    struct expr_node node = {.op = EXPR_COMPARE, .offset = p->token.offset};
    enum status st;

    if (p->token.kind == TOKEN_NUMBER)
        return parser_fail(p, p->token.offset,
                           "the metric stands first: write days_of_cover < 30");
    if (!at_unit(p))
        return expected(p, "a metric");
    if (parser_at_word(p, "has"))
        return read_has(p, out);
    st = read_term(p, &node.term);
    if (!st)
        st = read_comparison_sign(p, &node.comparison);
    if (st)
        return st;
    struct context at = {metric_name(node.term.metric), p->token.offset};
    node.threshold_offset = at.number;
    node.threshold.unit = UNIT_NONE;
    st = read_number(p, node.term.metric, &node.threshold.number);
    if (!st)
        st = read_threshold_unit(p, at, &node);
    if (!st)
        *out = node;
    return st;
}
