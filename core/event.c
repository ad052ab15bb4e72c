/* Names of what an event is made of, and which kind may or must state what. The names are
 * a contract (JSON, CSV, messages): they are never changed. */
#include "shortfall/core/event.h"

#include <assert.h>

static const char *const field_names[FIELD_COUNT] = {
    [FIELD_KIND] = "kind",
    [FIELD_SOURCE] = "source",
    [FIELD_ID] = "id",
    [FIELD_REVISION] = "revision",
    [FIELD_RETRACT] = "retract",
    [FIELD_TIME] = "time",
    [FIELD_PUBLISHED] = "published",
    [FIELD_ALTERNATIVE_TO] = "alternative_to",
    [FIELD_NOTE] = "note",
    [FIELD_REF] = "ref",
    [FIELD_FROM] = "from",
    [FIELD_TO] = "to",
    [FIELD_COUNTRY] = "country",
    [FIELD_COMMODITY] = "commodity",
    [FIELD_QUANTITY] = "quantity",
    [FIELD_UNIT] = "unit",
    [FIELD_DEPARTED] = "departed",
    [FIELD_ETA] = "eta",
    [FIELD_ARRIVED] = "arrived",
    [FIELD_ARRIVED_QUANTITY] = "arrived_quantity",
    [FIELD_CANCELLED] = "cancelled",
    [FIELD_TERMS] = "terms",
    [FIELD_PLEDGE] = "pledge",
    [FIELD_CREDIT] = "credit",
    [FIELD_DUE] = "due",
    [FIELD_STATUS] = "status",
    [FIELD_MARKET] = "market",
    [FIELD_PRICE] = "price",
    [FIELD_CURRENCY] = "currency",
    [FIELD_ACTOR] = "actor",
    [FIELD_TARGET] = "target",
    [FIELD_INSTRUMENT] = "instrument",
    [FIELD_FACTOR] = "factor",
    [FIELD_UNTIL] = "until",
    [FIELD_LINE] = "line",
};

static const char *const kind_names[EVENT_KIND_COUNT] = {
    [EVENT_SHIPMENT] = "shipment", [EVENT_PLEDGE] = "pledge",
    [EVENT_PRICE] = "price",       [EVENT_POLICY] = "policy",
    [EVENT_STOCK] = "stock",       [EVENT_PRODUCTION] = "production",
    [EVENT_USE] = "use",
};

static const char *const terms_names[TERMS_COUNT] = {
    [TERMS_UNKNOWN] = "unknown", [TERMS_COMMERCIAL] = "commercial",
    [TERMS_GRANT] = "grant",     [TERMS_LOAN] = "loan",
    [TERMS_BARTER] = "barter",
};

static const char *const status_names[PLEDGE_STATUS_COUNT] = {
    [PLEDGE_OFFERED] = "offered",     [PLEDGE_AGREED] = "agreed",
    [PLEDGE_SUSPENDED] = "suspended", [PLEDGE_REFUSED] = "refused",
    [PLEDGE_LAPSED] = "lapsed",       [PLEDGE_COMPLETE] = "complete",
};

static const char *const line_names[USE_LINE_COUNT] = {
    [USE_FOOD] = "food",         [USE_FEED] = "feed",
    [USE_SEED] = "seed",         [USE_LOSSES] = "losses",
    [USE_INDUSTRY] = "industry", [USE_TRANSPORT] = "transport",
    [USE_POWER] = "power",       [USE_HOUSEHOLDS] = "households",
    [USE_OTHER] = "other",
};

/* `count` when there is no such name. */
static unsigned name_find(const char *const *names, unsigned count, struct text name)
{
    unsigned i = 0;

    while (i < count && !text_is(name, names[i]))
        i++;
    return i;
}

/* The nearest name, if it is near enough to be meant: one edit for each three bytes, and
 * one in any case. */
static const char *name_suggest(const char *const *names, unsigned count,
                                struct text name)
{
    const char *best = NULL;
    unsigned limit = name.len < 6 ? 1 : name.len / 3;

    for (unsigned i = 0; i < count; i++) {
        unsigned distance = text_distance(name, text_of(names[i]), limit);

        if (distance > limit)
            continue;
        best = names[i];
        if (distance == 0)
            break;
        limit = distance - 1;
    }
    return best;
}

const char *event_field_name(enum event_field field)
{
    assert((unsigned)field < FIELD_COUNT);
    return field_names[field];
}

const char *event_kind_name(enum event_kind kind)
{
    assert((unsigned)kind < EVENT_KIND_COUNT);
    return kind_names[kind];
}

const char *terms_name(enum terms terms)
{
    assert((unsigned)terms < TERMS_COUNT);
    return terms_names[terms];
}

const char *pledge_status_name(enum pledge_status status)
{
    assert((unsigned)status < PLEDGE_STATUS_COUNT);
    return status_names[status];
}

const char *use_line_name(enum use_line line)
{
    assert((unsigned)line < USE_LINE_COUNT);
    return line_names[line];
}

enum event_field event_field_find(struct text name)
{
    return (enum event_field)name_find(field_names, FIELD_COUNT, name);
}

enum event_kind event_kind_find(struct text name)
{
    return (enum event_kind)name_find(kind_names, EVENT_KIND_COUNT, name);
}

enum terms terms_find(struct text name)
{
    return (enum terms)name_find(terms_names, TERMS_COUNT, name);
}

enum pledge_status pledge_status_find(struct text name)
{
    return (enum pledge_status)name_find(status_names, PLEDGE_STATUS_COUNT, name);
}

enum use_line use_line_find(struct text name)
{
    return (enum use_line)name_find(line_names, USE_LINE_COUNT, name);
}

const char *event_field_suggest(struct text name)
{
    return name_suggest(field_names, FIELD_COUNT, name);
}

const char *event_kind_suggest(struct text name)
{
    return name_suggest(kind_names, EVENT_KIND_COUNT, name);
}

#define BIT(field)      (UINT64_C(1) << (field))

#define COMMON_REQUIRED (BIT(FIELD_KIND) | BIT(FIELD_SOURCE) | BIT(FIELD_TIME))
#define COMMON_ALLOWED                                                                   \
    (COMMON_REQUIRED | BIT(FIELD_ID) | BIT(FIELD_REVISION) | BIT(FIELD_RETRACT) |        \
     BIT(FIELD_PUBLISHED) | BIT(FIELD_ALTERNATIVE_TO) | BIT(FIELD_NOTE) |                \
     BIT(FIELD_REF))
#define GOODS (BIT(FIELD_COMMODITY) | BIT(FIELD_QUANTITY) | BIT(FIELD_UNIT))
#define LEVEL (BIT(FIELD_ID) | BIT(FIELD_COUNTRY) | GOODS)
#define ROUTE (BIT(FIELD_ID) | BIT(FIELD_FROM) | BIT(FIELD_TO) | GOODS)

/* Beside the common fields. An id is required but of a price, which has one of its own.
 */
static const struct {
    uint64_t required, optional;
} kind_fields[EVENT_KIND_COUNT] = {
    [EVENT_SHIPMENT] = {ROUTE, BIT(FIELD_DEPARTED) | BIT(FIELD_ETA) | BIT(FIELD_ARRIVED) |
                                   BIT(FIELD_ARRIVED_QUANTITY) | BIT(FIELD_CANCELLED) |
                                   BIT(FIELD_TERMS) | BIT(FIELD_PLEDGE) |
                                   BIT(FIELD_CREDIT)},
    [EVENT_PLEDGE] = {ROUTE | BIT(FIELD_STATUS), BIT(FIELD_DUE)},
    [EVENT_PRICE] = {BIT(FIELD_COMMODITY) | BIT(FIELD_MARKET) | BIT(FIELD_PRICE) |
                         BIT(FIELD_CURRENCY) | BIT(FIELD_UNIT),
                     0},
    [EVENT_POLICY] = {BIT(FIELD_ID) | BIT(FIELD_ACTOR) | BIT(FIELD_TARGET) |
                          BIT(FIELD_COMMODITY) | BIT(FIELD_INSTRUMENT) |
                          BIT(FIELD_FACTOR),
                      BIT(FIELD_UNTIL)},
    [EVENT_STOCK] = {LEVEL, 0},
    [EVENT_PRODUCTION] = {LEVEL, BIT(FIELD_UNTIL)},
    [EVENT_USE] = {LEVEL | BIT(FIELD_UNTIL) | BIT(FIELD_LINE), 0},
};

bool event_field_allowed(enum event_kind kind, enum event_field field)
{
    assert((unsigned)kind < EVENT_KIND_COUNT && (unsigned)field < FIELD_COUNT);
    return ((COMMON_ALLOWED | kind_fields[kind].required | kind_fields[kind].optional) &
            BIT(field)) != 0;
}

bool event_field_required(enum event_kind kind, enum event_field field)
{
    assert((unsigned)kind < EVENT_KIND_COUNT && (unsigned)field < FIELD_COUNT);
    return ((COMMON_REQUIRED | kind_fields[kind].required) & BIT(field)) != 0;
}

void fact_name_split(struct text name, struct text own_source, struct text *source,
                     struct text *id)
{
    uint32_t slash = 0;

    while (slash < name.len && name.at[slash] != '/')
        slash++;
    if (slash == name.len) {
        *source = own_source;
        *id = name;
        return;
    }
    *source = (struct text){name.at, slash};
    *id = (struct text){name.at + slash + 1, name.len - slash - 1};
}
