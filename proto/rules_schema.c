/* Values that several parts of a rule file have. Reports what is wrong; a value that is
 * wrong is simply not there for the caller. */
#include "rules_schema.h"

bool schema_country(struct reader *r, const struct config_node *node, place_id *out)
{
    char quoted[CONFIG_QUOTE_SIZE];
    char near[CONFIG_NEAR_SIZE];

    if (!config_is_text(r->errors, node, "a country"))
        return false;
    place_id id = text_is(node->value, "*") ? PLACE_ANY : place_find(node->value);
    if (id == PLACE_NONE) {
        config_error_add(r->errors, node->inside, "unknown country %s%s",
                         config_quote(node->value, quoted),
                         config_near(place_suggest(node->value), near));
        return false;
    }
    if (id != PLACE_ANY && !place_has_balance(id)) {
        config_error_add(r->errors, node->inside,
                         "%s is a party without a balance: name a country",
                         config_quote(node->value, quoted));
        return false;
    }
    *out = id;
    return true;
}

bool schema_commodity(struct reader *r, const struct config_node *node, commodity_id *out)
{
    char quoted[CONFIG_QUOTE_SIZE];
    char near[CONFIG_NEAR_SIZE];

    if (!config_is_text(r->errors, node, "a commodity"))
        return false;
    commodity_id id =
        text_is(node->value, "*") ? COMMODITY_ANY : commodity_find(node->value);
    if (id == COMMODITY_NONE) {
        config_error_add(r->errors, node->inside, "unknown commodity %s%s",
                         config_quote(node->value, quoted),
                         config_near(commodity_suggest(node->value), near));
        return false;
    }
    *out = id;
    return true;
}
