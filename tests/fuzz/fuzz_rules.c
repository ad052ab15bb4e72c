/* Any bytes as a rule file, and as an expression of one. What is accepted holds what the
 * core builds upon; what is refused says where and why, and can be printed. */
#include "fuzz.h"

#include "shortfall/proto/rules.h"

#include <string.h>

static void expr_sound(const struct expr *expr)
{
    MUST(expr->len <= EXPR_NODES_MAX);
    for (unsigned i = 0; i < expr->len; i++) {
        const struct expr_node *node = &expr->nodes[i];
        bool two = node->op == EXPR_AND || node->op == EXPR_OR;
        MUST(!(two || node->op == EXPR_NOT) || node->left < i);
        MUST(!two || node->right < i);
    }
}

/* A term that is printed can be read again; its currency stands with the threshold. */
static void term_again(const struct term *term)
{
    char text[TERM_SIZE], has[TERM_SIZE + sizeof "has()"];
    struct expr_error error;
    struct expr again;
    (void)snprintf(has, sizeof has, "has(%s)", term_format(term, text));
    MUST(expr_parse(text_of(has), &again, &error) == ST_OK);
    const struct term *other = &again.nodes[0].term;
    MUST(other->metric == term->metric && other->horizon == term->horizon);
    MUST(other->window == term->window && strcmp(other->market, term->market) == 0);
}

static void check_expr(struct text text)
{
    struct expr_error error = {0};
    struct expr expr;
    enum status st = expr_parse(text, &expr, &error);
    if (st) {
        MUST(st == ST_INVALID || st == ST_FULL);
        MUST(error.offset <= text.len && error.text[0]);
        return;
    }
    MUST(expr.len > 0);
    expr_sound(&expr);
    for (commodity_id c = 0; c < commodity_count(); c++)
        MUST(!expr_check_commodity(&expr, c, &error) || error.text[0]);
    for (unsigned i = 0; i < expr.len; i++)
        if (expr.nodes[i].op == EXPR_HAS || expr.nodes[i].op == EXPR_COMPARE)
            term_again(&expr.nodes[i].term);
}

static void check_rule(const struct rule *rule)
{
    struct transition t = {.state = ALERT_FIRING};
    char summary[200];
    expr_sound(&rule->when);
    expr_sound(&rule->clear);
    MUST(rule->when.len > 0 && !expr_overlaps(&rule->when, &rule->clear));
    MUST(rule->hold >= 0 && rule->keep >= 0);
    MUST(strlen(rule->uid) <= RULE_UID_MAX && strlen(rule->alert) <= RULE_NAME_MAX);
    for (size_t size = 1; size <= sizeof summary; size *= 2) {
        size_t len = rules_summary(rule, &t, summary, size);
        MUST(len < size && strlen(summary) == len);
        MUST(text_is_printable(text_of(summary)));
    }
}

static void check_errors(const struct config_errors *errors, struct text source)
{
    char shown[1024];
    MUST(errors->len > 0 && errors->len <= CONFIG_ERRORS_MAX);
    MUST(errors->total >= errors->len);
    for (size_t i = 0; i < errors->len; i++) {
        const struct config_error *e = &errors->list[i], *before = e - (i > 0);
        MUST(e->line >= 1 && e->column >= 1 && e->text[0]);
        MUST(e->line > before->line ||
             (e->line == before->line && e->column >= before->column));
        size_t len = config_error_format(e, "rules.yaml", source, shown, sizeof shown);
        MUST(len < sizeof shown && strlen(shown) == len);
    }
}

static void check_file(struct text text)
{
    static struct config_errors errors;
    struct ruleset *rules = NULL;
    enum status st = rules_parse(text, &rules, &errors);
    if (st) {
        MUST(st == ST_INVALID);
        check_errors(&errors, text);
        return;
    }
    MUST(errors.total == 0 && rules->rules_len <= RULES_MAX);
    for (size_t i = 0; i < rules->rules_len; i++) {
        check_rule(&rules->rules[i]);
        for (size_t k = 0; k < i; k++)
            MUST(strcmp(rules->rules[i].uid, rules->rules[k].uid) != 0);
    }
    rules_free(rules);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct text text = {(const char *)data, (uint32_t)size};
    check_file(text);
    check_expr(text);
    return 0;
}
