/* An event: what a source states about one fact (docs/ARCHITECTURE.md, "An event").
 * A plain value; its texts are lent by the buffer it was read from. */
#ifndef SHORTFALL_CORE_EVENT_H
#define SHORTFALL_CORE_EVENT_H

#include "shortfall/core/commodity.h"
#include "shortfall/core/place.h"
#include "shortfall/core/qty.h"
#include "shortfall/core/status.h"
#include "shortfall/core/text.h"
#include "shortfall/core/timestamp.h"
#include "shortfall/core/unit.h"

#define EVENT_SOURCE_MAX     64                                    /* bytes */
#define EVENT_ID_MAX         128                                   /* bytes */
#define EVENT_FACT_MAX       (EVENT_SOURCE_MAX + 1 + EVENT_ID_MAX) /* "source/id" */
#define EVENT_NOTE_MAX       512 /* bytes, note and ref each */
#define EVENT_MARKET_MAX     32  /* bytes */
#define EVENT_INSTRUMENT_MAX 64  /* bytes */
#define EVENT_NUMBER_MAX     160 /* bytes of a stated number's own text */
#define EVENT_REVISION_MAX   INT32_MAX
#define EVENT_SIZE_MAX       16384 /* bytes of one encoded event */
#define POLICY_FACTOR_ONE    1000  /* a factor is in thousandths */
#define MONEY_ONE            10000 /* money is in 1/10,000 of the currency's unit */

enum event_kind {
    EVENT_SHIPMENT,
    EVENT_PLEDGE,
    EVENT_PRICE,
    EVENT_POLICY,
    EVENT_STOCK,
    EVENT_PRODUCTION,
    EVENT_USE,
    EVENT_KIND_COUNT
};

enum terms {
    TERMS_UNKNOWN,
    TERMS_COMMERCIAL,
    TERMS_GRANT,
    TERMS_LOAN,
    TERMS_BARTER,
    TERMS_COUNT
};

enum pledge_status {
    PLEDGE_OFFERED,
    PLEDGE_AGREED,
    PLEDGE_SUSPENDED,
    PLEDGE_REFUSED,
    PLEDGE_LAPSED,
    PLEDGE_COMPLETE,
    PLEDGE_STATUS_COUNT
};

enum use_line {
    USE_FOOD,
    USE_FEED,
    USE_SEED,
    USE_LOSSES,
    USE_INDUSTRY,
    USE_TRANSPORT,
    USE_POWER,
    USE_HOUSEHOLDS,
    USE_OTHER,
    USE_LINE_COUNT
};

/* A quantity as it was stated and as it is counted. `number` is the stated decimal,
 * `unit` its unit, `set` the factor set of the conversion; `amount` is in base units. */
struct amount {
    struct qty amount;
    struct text number;
    unit_id unit;
    factor_set_id set;
};

struct shipment {
    place_id from, to;
    commodity_id commodity;
    struct amount quantity;
    struct amount arrived_quantity; /* number.len 0: not stated, `amount` = quantity's */
    int64_t departed, eta, arrived; /* TIME_NONE: not stated */
    bool cancelled;
    enum terms terms;
    struct text pledge; /* "source/id"; or an id of the same source (no '/'); or empty */
    struct text credit; /* a decimal in quantity's unit, converted as the pledge's
                           commodity; empty: not stated */
};

struct pledge {
    place_id from, to;
    commodity_id commodity;
    struct amount quantity;
    int64_t due; /* TIME_NONE: not stated */
    enum pledge_status status;
};

struct price {
    commodity_id commodity;
    struct text market;
    int64_t money;      /* 1/10,000 of the currency's unit, per one `unit`; may be < 0 */
    struct text number; /* as stated */
    char currency[4];   /* ISO 4217, NUL-terminated */
    unit_id unit;
};

struct policy {
    place_id actor, target; /* PLACE_ANY: `*` */
    commodity_id commodity; /* a code, a group, or COMMODITY_ANY */
    struct text instrument;
    int32_t factor; /* thousandths, 0 to 1000 */
    int64_t until;  /* TIME_NONE: open */
};

/* stock, production and use. */
struct level {
    place_id country;
    commodity_id commodity;
    struct amount quantity;
    int64_t until;      /* production: TIME_NONE or after `time`; use: after `time` */
    enum use_line line; /* use only */
};

struct event {
    enum event_kind kind;
    struct text source, id;
    int32_t revision; /* 0 to EVENT_REVISION_MAX */
    bool retract;     /* then nothing of `as` is stated */
    int64_t time;
    int64_t published;          /* always set: `time` where not stated */
    bool states_published;      /* the source stated it */
    struct text alternative_to; /* "source/id" or empty */
    struct text note, ref;
    union {
        struct shipment shipment;
        struct pledge pledge;
        struct price price;
        struct policy policy;
        struct level stock;
        struct level production;
        struct level use;
    } as;
};

/* Every key an event can have, in the order of SCHEMA.md; names as in JSON. */
enum event_field {
    FIELD_KIND,
    FIELD_SOURCE,
    FIELD_ID,
    FIELD_REVISION,
    FIELD_RETRACT,
    FIELD_TIME,
    FIELD_PUBLISHED,
    FIELD_ALTERNATIVE_TO,
    FIELD_NOTE,
    FIELD_REF,
    FIELD_FROM,
    FIELD_TO,
    FIELD_COUNTRY,
    FIELD_COMMODITY,
    FIELD_QUANTITY,
    FIELD_UNIT,
    FIELD_DEPARTED,
    FIELD_ETA,
    FIELD_ARRIVED,
    FIELD_ARRIVED_QUANTITY,
    FIELD_CANCELLED,
    FIELD_TERMS,
    FIELD_PLEDGE,
    FIELD_CREDIT,
    FIELD_DUE,
    FIELD_STATUS,
    FIELD_MARKET,
    FIELD_PRICE,
    FIELD_CURRENCY,
    FIELD_ACTOR,
    FIELD_TARGET,
    FIELD_INSTRUMENT,
    FIELD_FACTOR,
    FIELD_UNTIL,
    FIELD_LINE,
    FIELD_COUNT
};

/* Names as they stand in JSON; static, never NULL. */
const char *event_field_name(enum event_field field);
const char *event_kind_name(enum event_kind kind);
const char *terms_name(enum terms terms);
const char *pledge_status_name(enum pledge_status status);
const char *use_line_name(enum use_line line);

/* The value of that name, or its ..._COUNT. */
enum event_field event_field_find(struct text name);
enum event_kind event_kind_find(struct text name);
enum terms terms_find(struct text name);
enum pledge_status pledge_status_find(struct text name);
enum use_line use_line_find(struct text name);

/* The nearest name of a list of `count` names given by `name_of`, or NULL. */
const char *event_field_suggest(struct text name);
const char *event_kind_suggest(struct text name);

/* Whether an event of this kind may, or must, state this field (a retraction must state
 * only kind, source, id, revision, time, published, and may state retract and note). */
bool event_field_allowed(enum event_kind kind, enum event_field field);
bool event_field_required(enum event_kind kind, enum event_field field);

/* What is wrong with an event, and in which field. */
struct event_problem {
    enum event_field field;
    char text[240]; /* what was found and what is allowed, without the field's name */
};

/* Every check of an event that can be made from the event alone (semantics 1 and 2):
 * lengths and characters of texts, ranges of times and amounts, from != to, until after
 * time, revisions that must state `published`, amounts that agree with their stated
 * number and unit. ST_INVALID or ST_OVERFLOW with the first problem (NULL: not wanted).
 */
MUST_USE enum status event_check(const struct event *ev, struct event_problem *problem);

/* The part of it that keeps the core safe, for an event that event_check has passed
 * before and that was kept since: lengths of texts, ranges of numbers, times and choices,
 * from != to, until after time. It neither looks at the characters of texts nor converts
 * a stated number again. */
MUST_USE enum status event_check_recorded(const struct event *ev,
                                          struct event_problem *problem);

/* Splits "source/id" at the first '/'; without one, the source is `own_source`. */
void fact_name_split(struct text name, struct text own_source, struct text *source,
                     struct text *id);

#endif
