/* The names of an event's parts, and which kind may or must state which field. */
#include "shortfall/core/event.h"

#include <criterion/criterion.h>
#include <string.h>

Test(event, finds_every_name_again)
{
    for (unsigned i = 0; i < FIELD_COUNT; i++)
        cr_assert(event_field_find(text_of(event_field_name(i))) == i, "field %u", i);
    for (unsigned i = 0; i < EVENT_KIND_COUNT; i++)
        cr_assert(event_kind_find(text_of(event_kind_name(i))) == i, "kind %u", i);
    for (unsigned i = 0; i < TERMS_COUNT; i++)
        cr_assert(terms_find(text_of(terms_name(i))) == i, "terms %u", i);
    for (unsigned i = 0; i < PLEDGE_STATUS_COUNT; i++)
        cr_assert(pledge_status_find(text_of(pledge_status_name(i))) == i, "status %u",
                  i);
    for (unsigned i = 0; i < USE_LINE_COUNT; i++)
        cr_assert(use_line_find(text_of(use_line_name(i))) == i, "line %u", i);
}

Test(event, finds_no_other_names)
{
    static const char *const names[] = {"",    "Kind",      "kinds",
                                        "kin", "quantity ", "stocks"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct text name = text_of(names[i]);

        cr_assert(event_field_find(name) == FIELD_COUNT, "field %s", names[i]);
        cr_assert(event_kind_find(name) == EVENT_KIND_COUNT, "kind %s", names[i]);
        cr_assert(terms_find(name) == TERMS_COUNT, "terms %s", names[i]);
        cr_assert(pledge_status_find(name) == PLEDGE_STATUS_COUNT, "status %s", names[i]);
        cr_assert(use_line_find(name) == USE_LINE_COUNT, "line %s", names[i]);
    }
}

Test(event, suggests_the_nearest_name)
{
    static const struct {
        const char *name, *field, *kind;
    } rows[] = {
        {"quantiy", "quantity", NULL},
        {"Commodity", "commodity", NULL},
        {"comodity", "commodity", NULL},
        {"arived_qantity", "arrived_quantity", NULL},
        {"shipmnet", NULL, "shipment"},
        {"prices", "price", "price"},
        {"pledges", "pledge", "pledge"},
        {"uesr", NULL, NULL},
        {"to", "to", NULL},
        {"eto", "to", NULL},
        {"xyzzy", NULL, NULL},
        {"", NULL, NULL},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *field = event_field_suggest(text_of(rows[i].name));
        const char *kind = event_kind_suggest(text_of(rows[i].name));

        cr_assert_str_eq(field ? field : "-", rows[i].field ? rows[i].field : "-",
                         "%s: %s", rows[i].name, field ? field : "-");
        cr_assert_str_eq(kind ? kind : "-", rows[i].kind ? rows[i].kind : "-", "%s: %s",
                         rows[i].name, kind ? kind : "-");
    }
}

#define COMMON "revision retract published alternative_to note ref "

/* Whether `name` is one of the words of `list`. */
static bool lists(const char *list, const char *name)
{
    size_t len = strlen(name);

    for (const char *at = list; (at = strstr(at, name)); at += len)
        if ((at == list || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
            return true;
    return false;
}

Test(event, knows_the_fields_of_every_kind)
{
    static const struct {
        enum event_kind kind;
        const char *required, *optional;
    } rows[] = {
        {EVENT_SHIPMENT, "kind source id time from to commodity quantity unit",
         COMMON "departed eta arrived arrived_quantity cancelled terms pledge credit"},
        {EVENT_PLEDGE, "kind source id time from to commodity quantity unit status",
         COMMON "due"},
        {EVENT_PRICE, "kind source time commodity market price currency unit",
         COMMON "id"},
        {EVENT_POLICY, "kind source id time actor target commodity instrument factor",
         COMMON "until"},
        {EVENT_STOCK, "kind source id time country commodity quantity unit", COMMON},
        {EVENT_PRODUCTION, "kind source id time country commodity quantity unit",
         COMMON "until"},
        {EVENT_USE, "kind source id time country commodity quantity unit until line",
         COMMON},
    };

    cr_assert(sizeof(rows) / sizeof(rows[0]) == EVENT_KIND_COUNT, "a kind is missing");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        for (unsigned field = 0; field < FIELD_COUNT; field++) {
            const char *name = event_field_name(field);
            bool required = lists(rows[i].required, name);
            bool allowed = required || lists(rows[i].optional, name);

            cr_assert(event_field_required(rows[i].kind, field) == required,
                      "%s of a %s: required", name, event_kind_name(rows[i].kind));
            cr_assert(event_field_allowed(rows[i].kind, field) == allowed,
                      "%s of a %s: allowed", name, event_kind_name(rows[i].kind));
        }
}

Test(event, splits_names_of_facts_at_the_first_slash)
{
    static const struct {
        const char *name, *source, *id;
    } rows[] = {
        {"wfp/rice", "wfp", "rice"}, {"wfp/rice/1", "wfp", "rice/1"},
        {"rice", "own", "rice"},     {"/rice", "", "rice"},
        {"wfp/", "wfp", ""},         {"", "own", ""},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct text source;
        struct text id;

        fact_name_split(text_of(rows[i].name), text_of("own"), &source, &id);
        cr_assert(text_is(source, rows[i].source), "%s: source", rows[i].name);
        cr_assert(text_is(id, rows[i].id), "%s: id", rows[i].name);
    }
}
