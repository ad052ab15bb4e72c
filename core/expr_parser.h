/* What the two halves of the expression parser share: expr.c knows the operators,
 * expr_compare.c a single comparison. Private to core. */
#ifndef CORE_EXPR_PARSER_H
#define CORE_EXPR_PARSER_H

#include "expr_lex.h"
#include "shortfall/core/expr.h"

#define WAITING_MAX 64
#define FOUND_MAX   40 /* bytes of a token that a message repeats */
#define FOUND_SIZE  (FOUND_MAX + 3)

/* In order of how tightly they bind; an open parenthesis lets nothing through. */
enum waiting_kind { WAITING_OPEN, WAITING_OR, WAITING_AND, WAITING_NOT };

/* An operator or an open parenthesis whose operand is not complete yet. */
struct waiting {
    enum waiting_kind kind;
    uint32_t offset;
};

struct parser {
    struct lexer lexer;
    struct token token; /* the next one, not consumed yet */
    struct expr out;
    struct expr_error *error;
    struct waiting waiting[WAITING_MAX];
    size_t waiting_len;
    uint8_t operands[EXPR_NODES_MAX]; /* indices of nodes no operator has taken yet */
    size_t operands_len;
};

/* Notes the error and returns ST_INVALID. */
enum status parser_fail(struct parser *p, uint32_t offset, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* The next token as a message names it. */
const char *parser_found(const struct parser *p, char buffer[FOUND_SIZE]);

void parser_advance(struct parser *p);
bool parser_at_word(const struct parser *p, const char *word);

/* Reads `metric < number unit` or `has(metric)`. */
MUST_USE enum status parser_comparison(struct parser *p, struct expr_node *out);

#endif
