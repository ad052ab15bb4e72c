/* The balance sheet of an account over the balance year that holds an instant, in the
 * rows of the field (FAO's food balance, the energy balance), with what is expected of
 * the rest of the year and what is not counted on. Figures at an instant are the
 * world's; what the rows break down are the reports behind them. */
#ifndef SHORTFALL_CORE_SHEET_H
#define SHORTFALL_CORE_SHEET_H

#include "shortfall/core/hash.h"
#include "shortfall/core/world.h"

/* What a report that counts states, as far as a sheet asks. A plain value; `credit` is
 * lent by whoever made it. */
struct sheet_fact {
    struct hash128
        key; /* of a shipment with a pledge: the pledge's identity; else its own */
    enum event_kind kind; /* never a price */
    place_id from, to;    /* policy: actor, target; stock, production, use: `to` */
    commodity_id commodity;
    struct qty quantity, arrived_quantity;
    int64_t time, published;
    int64_t departed, eta, arrived; /* shipment */
    int64_t until; /* pledge: due; policy, production, use: until; or TIME_NONE */
    enum terms terms;
    enum pledge_status status;
    enum use_line line;
    int32_t factor;
    bool cancelled, has_pledge;
    struct text credit; /* as stated, in `unit` by `set`; empty: not stated */
    unit_id unit;
    factor_set_id set;
};

/* The identity of a fact as a key, and what its event states. Not for prices and
 * retractions. */
struct hash128 sheet_key(struct text source, struct text id);
struct sheet_fact sheet_fact_of(const struct event *ev);

/* The order in which world_sheet wants its facts: a pledge stands before its shipments.
 * For qsort. */
int sheet_fact_compare(const void *a, const void *b);

/* Who pays for an import, by its terms. */
enum sheet_import {
    IMPORT_COMMERCIAL, /* commercial, barter; unknown without a pledge */
    IMPORT_LOAN,
    IMPORT_AID, /* grant; unknown with a pledge */
    IMPORT_COUNT
};

/* The lines that add up, in either column:
 *   opening + production + difference + imports + pledges + uncovered
 *       = uses + exports + closing */
enum sheet_line {
    SHEET_OPENING, /* stock as the year began */
    SHEET_PRODUCTION,
    SHEET_DIFFERENCE, /* statistical: what stock reports corrected */
    SHEET_ARRIVED,    /* by enum sheet_import; expected: a date of arrival ahead */
    SHEET_AT_SEA = SHEET_ARRIVED + IMPORT_COUNT,     /* departed, by enum sheet_import */
    SHEET_CONTRACTED = SHEET_AT_SEA + IMPORT_COUNT,  /* not departed, the same */
    SHEET_PLEDGES = SHEET_CONTRACTED + IMPORT_COUNT, /* what ships have not taken up */
    SHEET_UNCOVERED, /* to date: unmet; in the whole year: the uncovered deficit */
    SHEET_USE,       /* by enum use_line */
    SHEET_EXPORTS = SHEET_USE + USE_LINE_COUNT,
    SHEET_CLOSING, /* to date: the stock now; in the whole year: what is left over */
    SHEET_LINES
};

/* What is known and not counted on. Nothing stands in two of them. */
enum sheet_aside {
    ASIDE_SHIPS_OVERDUE,   /* eta has passed; without an agreed pledge that has them */
    ASIDE_PLEDGES_OVERDUE, /* due has passed: what is not delivered or under way */
    ASIDE_POLICY,          /* cut by policies, of what was due within the year */
    ASIDE_UNDATED,         /* ships without eta; without an agreed pledge that has them */
    ASIDE_NOT_AGREED,      /* pledges offered or suspended */
    ASIDE_LATER,           /* expected, after the end of the year */
    ASIDE_COUNT
};

struct sheet_figure {
    int64_t to_date, expected; /* base units: [year_start, as_of], (as_of, year_end] */
    int64_t newest; /* `published` of the newest report behind it; TIME_NONE: none */
};

struct sheet {
    int64_t year_start, year_end;
    struct balance now; /* with the account, as_of and horizon */
    /* No stock, production or use is known: only imports and asides have a meaning. */
    bool is_undescribed;
    bool is_use_double; /* uses stand on a group and on a member, within the year */
    struct sheet_figure lines[SHEET_LINES];
    struct sheet_figure asides[ASIDE_COUNT]; /* in to_date */
    struct sheet_figure pledged,
        delivered; /* in to_date; ever, as delivery_ratio has it */
};

/* Whose sheet, and when. `facts` are the reports that count of all that touches
 * `country`, its policies, and the shipments of its pledges, in the order of
 * sheet_fact_compare. */
struct sheet_question {
    place_id country;
    commodity_id commodity; /* of an account that the world knows */
    int64_t as_of, horizon;
    const struct sheet_fact *facts;
    size_t len;
};

/* Errors as of world_balance. */
MUST_USE enum status world_sheet(struct world *w, const struct sheet_question *question,
                                 struct sheet *out, struct why *why);

#endif
