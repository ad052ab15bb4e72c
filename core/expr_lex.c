/* Tokens of a rule expression. The text may be any bytes: nothing here reads beyond its
 * length or trusts it to be UTF-8. */
#include "expr_lex.h"

#include <string.h>

#define END_OF_TEXT (-1)

/* The byte at `ahead` bytes from here. */
static int peek(const struct lexer *lexer, uint32_t ahead)
{
    if (ahead >= lexer->text.len - lexer->offset)
        return END_OF_TEXT;
    return (unsigned char)lexer->text.at[lexer->offset + ahead];
}

/* Not isdigit and the like: those depend on the locale. */
static bool is_digit(int c)
{
    return c >= '0' && c <= '9';
}

static bool is_word_start(int c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_space(int c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void skip_spaces(struct lexer *lexer)
{
    while (is_space(peek(lexer, 0)))
        lexer->offset++;
}

/* The next `len` bytes as a token. */
static struct token take(struct lexer *lexer, enum token_kind kind, uint32_t len)
{
    struct token token = {kind, {lexer->text.at + lexer->offset, len}, lexer->offset};
    lexer->offset += len;
    return token;
}

static uint32_t word_len(const struct lexer *lexer)
{
    uint32_t len = 0;
    while (is_word_start(peek(lexer, len)) || is_digit(peek(lexer, len)))
        len++;
    return len;
}

/* Takes more than a number may be ("1.2.3"): decimal_parse judges it as a whole. */
static uint32_t number_len(const struct lexer *lexer)
{
    uint32_t len = peek(lexer, 0) == '-' ? 1 : 0;
    while (is_digit(peek(lexer, len)) || peek(lexer, len) == '.')
        len++;
    if (peek(lexer, len) != 'e' && peek(lexer, len) != 'E')
        return len;
    /* Without digits behind it, the 'e' belongs to the unit. */
    uint32_t sign = peek(lexer, len + 1) == '-' || peek(lexer, len + 1) == '+' ? 1 : 0;
    uint32_t end = len + 1 + sign;
    if (!is_digit(peek(lexer, end)))
        return len;
    while (is_digit(peek(lexer, end)))
        end++;
    return end;
}

/* One character with its continuation bytes, so that a message never holds half of it. */
static uint32_t character_len(const struct lexer *lexer)
{
    uint32_t len = 1;
    while (len < 4 && peek(lexer, len) != END_OF_TEXT &&
           (peek(lexer, len) & 0xC0) == 0x80)
        len++;
    return len;
}

static struct token take_sign(struct lexer *lexer, int c)
{
    bool equal = peek(lexer, 1) == '=';
    switch (c) {
    case '(':
        return take(lexer, TOKEN_OPEN, 1);
    case ')':
        return take(lexer, TOKEN_CLOSE, 1);
    case ',':
        return take(lexer, TOKEN_COMMA, 1);
    case '/':
        return take(lexer, TOKEN_SLASH, 1);
    case '<':
        return equal ? take(lexer, TOKEN_LESS_EQUAL, 2) : take(lexer, TOKEN_LESS, 1);
    case '>':
        return equal ? take(lexer, TOKEN_GREATER_EQUAL, 2)
                     : take(lexer, TOKEN_GREATER, 1);
    default:
        return take(lexer, TOKEN_BAD, character_len(lexer));
    }
}

struct token lex_next(struct lexer *lexer)
{
    skip_spaces(lexer);
    int c = peek(lexer, 0);
    if (c == END_OF_TEXT)
        return take(lexer, TOKEN_END, 0);
    if (is_word_start(c))
        return take(lexer, TOKEN_WORD, word_len(lexer));
    int after_sign = peek(lexer, 1);
    if (is_digit(c) || c == '.' ||
        (c == '-' && (is_digit(after_sign) || after_sign == '.')))
        return take(lexer, TOKEN_NUMBER, number_len(lexer));
    return take_sign(lexer, c);
}

static struct token take_quoted(struct lexer *lexer)
{
    uint32_t len = 1;
    while (peek(lexer, len) != '"' && peek(lexer, len) != END_OF_TEXT)
        len++;
    if (peek(lexer, len) == END_OF_TEXT)
        return take(lexer, TOKEN_BAD, len);
    struct token token = take(lexer, TOKEN_ARGUMENT, len + 1);
    token.text.at++;
    token.text.len -= 2;
    return token;
}

struct token lex_argument(struct lexer *lexer)
{
    skip_spaces(lexer);
    if (peek(lexer, 0) == '"')
        return take_quoted(lexer);
    uint32_t len = 0;
    int c = peek(lexer, 0);
    while (c != END_OF_TEXT && c != 0 && !is_space(c) && !strchr(",()<>=\"", c))
        c = peek(lexer, ++len);
    return take(lexer, TOKEN_ARGUMENT, len);
}
