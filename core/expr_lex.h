/* Tokens of a rule expression. Private to core. Lexing never fails: what fits nothing is
 * a TOKEN_BAD of one character, and the parser says what it expected instead. */
#ifndef CORE_EXPR_LEX_H
#define CORE_EXPR_LEX_H

#include "shortfall/core/text.h"

enum token_kind {
    TOKEN_END,
    TOKEN_WORD, /* letters, digits and '_', not beginning with a digit */
    TOKEN_NUMBER,
    TOKEN_ARGUMENT, /* by lex_argument only */
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_COMMA,
    TOKEN_SLASH,
    TOKEN_LESS,
    TOKEN_LESS_EQUAL,
    TOKEN_GREATER,
    TOKEN_GREATER_EQUAL,
    TOKEN_BAD
};

struct token {
    enum token_kind kind;
    struct text text; /* lent by the text of the lexer; of a quoted argument: within */
    uint32_t offset;  /* of its first byte, a quote included */
};

struct lexer {
    struct text text;
    uint32_t offset; /* of the first byte not read yet */
};

struct token lex_next(struct lexer *lexer);

/* The next token as an argument of a metric: a market's name or a duration. Bare up to a
 * space, a comma, a parenthesis or a comparison (then it may be empty), or anything in
 * double quotes; TOKEN_BAD when the closing quote is missing. */
struct token lex_argument(struct lexer *lexer);

#endif
