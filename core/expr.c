/* Reads a rule expression: comparisons joined by and, or, not, in the usual precedence
 * (not, and, or). Operators wait on a stack of our own, so that no text, however deeply
 * nested, can exhaust the stack of the process. Nothing is kept of the text. */
#include "shortfall/core/expr.h"

#include "expr_lex.h"
#include "expr_metric.h"
#include "expr_parser.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

enum status parser_fail(struct parser *p, uint32_t offset, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    p->error->offset = offset;
    (void)vsnprintf(p->error->text, sizeof(p->error->text), format, args);
    va_end(args);
    return ST_INVALID;
}

const char *parser_found(const struct parser *p, char buffer[FOUND_SIZE])
{
    const struct token *token = &p->token;
    uint32_t len = token->text.len < FOUND_MAX ? token->text.len : FOUND_MAX;

    if (token->kind == TOKEN_END)
        return "the end";
    if (!text_is_printable((struct text){token->text.at, len}))
        return "an unprintable character";
    (void)snprintf(buffer, FOUND_SIZE, "\"%.*s\"", (int)len, token->text.at);
    return buffer;
}

void parser_advance(struct parser *p)
{
    p->token = lex_next(&p->lexer);
}

bool parser_at_word(const struct parser *p, const char *word)
{
    return p->token.kind == TOKEN_WORD && text_is(p->token.text, word);
}

static enum status too_long(struct parser *p, uint32_t offset)
{
    (void)parser_fail(p, offset,
                      "the expression is too long: at most %d comparisons and "
                      "operators",
                      EXPR_NODES_MAX);
    return ST_FULL;
}

/* Appends a node; it is an operand of what comes later. */
static enum status append(struct parser *p, const struct expr_node *node)
{
    if (p->out.len == EXPR_NODES_MAX)
        return too_long(p, node->offset);
    p->operands[p->operands_len++] = p->out.len;
    p->out.nodes[p->out.len++] = *node;
    return ST_OK;
}

static enum status push(struct parser *p, enum waiting_kind kind)
{
    if (p->waiting_len == WAITING_MAX)
        return too_long(p, p->token.offset);
    p->waiting[p->waiting_len++] = (struct waiting){kind, p->token.offset};
    parser_advance(p);
    return ST_OK;
}

static uint8_t pop_operand(struct parser *p)
{
    assert(p->operands_len > 0);
    return p->operands[--p->operands_len];
}

/* Turns the operator on top of the stack and its operands into a node. */
static enum status reduce(struct parser *p)
{
    static const enum expr_op ops[] = {
        [WAITING_OR] = EXPR_OR, [WAITING_AND] = EXPR_AND, [WAITING_NOT] = EXPR_NOT};
    struct waiting top = p->waiting[--p->waiting_len];
    struct expr_node node = {.op = ops[top.kind], .offset = top.offset};

    if (top.kind != WAITING_NOT)
        node.right = pop_operand(p);
    node.left = pop_operand(p);
    return append(p, &node);
}

/* Reduces what binds at least as tightly as `kind`, down to an open parenthesis. */
static enum status reduce_above(struct parser *p, enum waiting_kind kind)
{
    while (p->waiting_len > 0 && p->waiting[p->waiting_len - 1].kind >= kind) {
        enum status st = reduce(p);
        if (st)
            return st;
    }
    return ST_OK;
}

static enum status close_parenthesis(struct parser *p)
{
    enum status st = reduce_above(p, WAITING_OR);

    if (st)
        return st;
    if (p->waiting_len == 0)
        return parser_fail(p, p->token.offset, "\")\" closes nothing");
    p->waiting_len--;
    parser_advance(p);
    return ST_OK;
}

/* Everything in front of a comparison, then the comparison or has(). */
static enum status read_operand(struct parser *p)
{
    enum status st = ST_OK;
    struct expr_node node;

    while (!st && (p->token.kind == TOKEN_OPEN || parser_at_word(p, "not")))
        st = push(p, p->token.kind == TOKEN_OPEN ? WAITING_OPEN : WAITING_NOT);
    if (st)
        return st;
    st = parser_comparison(p, &node);
    if (st)
        return st;
    return append(p, &node);
}

static enum status read_end(struct parser *p)
{
    enum status st = reduce_above(p, WAITING_OR);
    char found[FOUND_SIZE];

    if (st)
        return st;
    if (p->token.kind != TOKEN_END)
        return parser_fail(p, p->token.offset,
                           "expected \"and\", \"or\" or the end, found %s",
                           parser_found(p, found));
    if (p->waiting_len > 0)
        return parser_fail(p, p->waiting[p->waiting_len - 1].offset,
                           "\"(\" is never closed");
    return ST_OK;
}

/* What follows an operand; `more` when that is an operator and so another operand. */
static enum status read_operator(struct parser *p, bool *more)
{
    enum status st = ST_OK;

    while (!st && p->token.kind == TOKEN_CLOSE)
        st = close_parenthesis(p);
    if (st)
        return st;
    *more = parser_at_word(p, "and") || parser_at_word(p, "or");
    if (!*more)
        return read_end(p);
    enum waiting_kind kind = parser_at_word(p, "and") ? WAITING_AND : WAITING_OR;
    st = reduce_above(p, kind);
    return st ? st : push(p, kind);
}

enum status expr_parse(struct text text, struct expr *out, struct expr_error *error)
{
    struct parser p = {.lexer = {.text = text}, .error = error};
    enum status st = ST_OK;
    bool more = true;

    parser_advance(&p);
    if (p.token.kind == TOKEN_END)
        return parser_fail(&p, 0,
                           "the expression is empty: write a comparison such as "
                           "\"days_of_cover < 30\"");
    while (!st && more) {
        st = read_operand(&p);
        if (!st)
            st = read_operator(&p, &more);
    }
    if (st)
        return st;
    assert(p.operands_len == 1 && p.operands[0] == p.out.len - 1);
    *out = p.out;
    return ST_OK;
}
