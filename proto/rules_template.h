/* Annotations with {{names}} of figures: what the check at load and the rendering of a
 * transition share. Private to proto. */
#ifndef PROTO_RULES_TEMPLATE_H
#define PROTO_RULES_TEMPLATE_H

#include "rules_schema.h"
#include "shortfall/core/balance.h"

enum figure_kind {
    FIGURE_ALERT,
    FIGURE_STATE,
    FIGURE_COUNTRY,
    FIGURE_COMMODITY,
    FIGURE_AT,
    FIGURE_VALUE,     /* of the first comparison of the condition */
    FIGURE_THRESHOLD, /* of the same */
    FIGURE_AMOUNT,    /* this and the rest: a field of the balance */
    FIGURE_DAYS,
    FIGURE_RATIO,
    FIGURE_DATE
};

struct figure {
    const char *name;
    enum figure_kind kind;
    size_t offset; /* in struct balance, of an int64_t */
};

/* NULL when no figure has that name. */
const struct figure *figure_find(struct text name);

/* Whether a {{name}} is this term as term_format writes it, spaces aside. */
bool figure_is_term(struct text name, const struct term *term);

/* A stretch of plain text and the {{name}} that ends it. */
struct piece {
    struct text plain;
    struct text name;     /* without the braces and the spaces within them */
    uint32_t name_offset; /* from the start of the template */
    bool has_name;        /* false: the last piece */
    bool unclosed;        /* "{{" without "}}": at name_offset; the last piece */
};

/* The piece that begins at *at, which moves behind it. */
struct piece piece_next(struct text text, uint32_t *at);

/* Checks the names in an annotation of `rule`. */
void template_check(struct reader *r, const struct config_node *text,
                    const struct rule *rule, bool terms_known);

#endif
