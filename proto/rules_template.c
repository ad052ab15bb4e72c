/* The names that an annotation may have in {{ }}, and their check when a file is loaded:
 * a mistyped name must never wait for the alert to be found. */
#include "rules_template.h"

#include <string.h>

#define FIGURE_EDITS_MAX 2

static const struct figure figures[] = {
    {"alert", FIGURE_ALERT, 0},
    {"state", FIGURE_STATE, 0},
    {"country", FIGURE_COUNTRY, 0},
    {"commodity", FIGURE_COMMODITY, 0},
    {"at", FIGURE_AT, 0},
    {"value", FIGURE_VALUE, 0},
    {"threshold", FIGURE_THRESHOLD, 0},
    {"stock", FIGURE_AMOUNT, offsetof(struct balance, stock)},
    {"unmet", FIGURE_AMOUNT, offsetof(struct balance, unmet)},
    {"days_of_cover", FIGURE_DAYS, offsetof(struct balance, days_of_cover)},
    {"stock_out", FIGURE_DATE, offsetof(struct balance, stock_out)},
    {"shortfall", FIGURE_AMOUNT, offsetof(struct balance, shortfall)},
    {"shortfall_ratio", FIGURE_RATIO, offsetof(struct balance, shortfall_ratio)},
    {"uncovered_deficit", FIGURE_AMOUNT, offsetof(struct balance, uncovered_deficit)},
    {"delivery_ratio", FIGURE_RATIO, offsetof(struct balance, delivery_ratio)},
    {"overdue", FIGURE_AMOUNT, offsetof(struct balance, overdue)},
    {"expected", FIGURE_AMOUNT, offsetof(struct balance, expected)},
};

#define FIGURES_LEN (sizeof(figures) / sizeof(figures[0]))

const struct figure *figure_find(struct text name)
{
    for (size_t i = 0; i < FIGURES_LEN; i++) {
        if (text_is(name, figures[i].name))
            return &figures[i];
    }
    return NULL;
}

bool figure_is_term(struct text name, const struct term *term)
{
    char buffer[TERM_SIZE];
    const char *written = term_format(term, buffer);
    uint32_t at = 0;

    for (;;) {
        while (at < name.len && name.at[at] == ' ')
            at++;
        written += strspn(written, " ");
        if (at == name.len || *written == '\0')
            return at == name.len && *written == '\0';
        if (name.at[at++] != *written++)
            return false;
    }
}

/* Where two braces of one kind stand at or after `at`; text.len: nowhere. */
static uint32_t find_braces(struct text text, uint32_t at, char brace)
{
    while (at + 1 < text.len && (text.at[at] != brace || text.at[at + 1] != brace))
        at++;
    return at + 1 < text.len ? at : text.len;
}

struct piece piece_next(struct text text, uint32_t *at)
{
    uint32_t open = find_braces(text, *at, '{');
    struct piece piece = {.plain = {text.at + *at, open - *at}, .name_offset = open};

    if (open == text.len) {
        *at = text.len;
        return piece;
    }
    uint32_t close = find_braces(text, open + 2, '}');
    if (close == text.len) {
        piece.unclosed = true;
        *at = text.len;
        return piece;
    }
    *at = close + 2;
    uint32_t from = open + 2;
    while (from < close && text.at[from] == ' ')
        from++;
    while (close > from && text.at[close - 1] == ' ')
        close--;
    piece.name = (struct text){text.at + from, close - from};
    piece.name_offset = from;
    piece.has_name = true;
    return piece;
}

static bool is_term_of(struct text name, const struct expr *expr)
{
    for (uint8_t i = 0; i < expr->len; i++) {
        if (expr->nodes[i].op == EXPR_COMPARE &&
            figure_is_term(name, &expr->nodes[i].term))
            return true;
    }
    return false;
}

static const char *near_figure(struct text name)
{
    unsigned best = FIGURE_EDITS_MAX;
    const char *near = NULL;

    for (size_t i = 0; i < FIGURES_LEN; i++) {
        unsigned edits = text_distance(name, text_of(figures[i].name), best);
        if (edits > best || (near && edits == best))
            continue;
        best = edits;
        near = figures[i].name;
    }
    return near;
}

void template_check(struct reader *r, const struct config_node *text,
                    const struct rule *rule, bool terms_known)
{
    char quoted[CONFIG_QUOTE_SIZE];
    char near[CONFIG_NEAR_SIZE];

    for (uint32_t at = 0; at < text->value.len;) {
        struct piece piece = piece_next(text->value, &at);
        if (piece.unclosed)
            config_error_add(r->errors, config_place_inside(text, piece.name_offset),
                             "\"{{\" is never closed");
        if (!piece.has_name || figure_find(piece.name) ||
            is_term_of(piece.name, &rule->when) || is_term_of(piece.name, &rule->clear))
            continue;
        /* With a broken condition, nobody knows which metrics it has. */
        const char *guess = near_figure(piece.name);
        if (!terms_known && !guess)
            continue;
        config_error_add(
            r->errors, config_place_inside(text, piece.name_offset),
            "unknown name %s: not a figure of the balance or a metric of this "
            "rule's conditions%s",
            config_quote(piece.name, quoted), config_near(guess, near));
    }
}
