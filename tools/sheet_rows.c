/* The tables of rows. A total is the sum of the lines it names and nothing else, so that
 * what is printed adds up because the lines do. */
#include "sheet_rows.h"

#include <stddef.h>

#define LINE(line)        (UINT64_C(1) << (line))
#define USES(first, last) ((LINE((last) + 1) - 1) & ~(LINE(first) - 1))
#define USE(line)         LINE(SHEET_USE + (line))
#define IMPORT(how)                                                                      \
    (LINE(SHEET_ARRIVED + (how)) | LINE(SHEET_AT_SEA + (how)) |                          \
     LINE(SHEET_CONTRACTED + (how)))
#define BY_ALL(line)                                                                     \
    (LINE((line) + IMPORT_COMMERCIAL) | LINE((line) + IMPORT_LOAN) |                     \
     LINE((line) + IMPORT_AID))

#define AVAILABLE (LINE(SHEET_OPENING) | LINE(SHEET_PRODUCTION) | LINE(SHEET_DIFFERENCE))
#define IMPORTS                                                                          \
    (BY_ALL(SHEET_ARRIVED) | BY_ALL(SHEET_AT_SEA) | BY_ALL(SHEET_CONTRACTED) |           \
     LINE(SHEET_PLEDGES))
#define UTILISED (USES(SHEET_USE, SHEET_EXPORTS) | LINE(SHEET_CLOSING))

#define ROW(kind, name, label, plus, minus)                                              \
    {                                                                                    \
        (name), (label), (kind), (plus), (minus), 0                                      \
    }
#define FIGURE(kind, name, label, member)                                                \
    {                                                                                    \
        (name), (label), (kind), 0, 0, offsetof(struct sheet, member)                    \
    }

static const struct sheet_row food[] = {
    ROW(ROW_TOTAL, "availability", "DOMESTIC AVAILABILITY", AVAILABLE, 0),
    ROW(ROW_FIXED, "opening_stock", "Opening stock", LINE(SHEET_OPENING), 0),
    ROW(ROW_FIXED, "production", "Production", LINE(SHEET_PRODUCTION), 0),
    ROW(ROW_LINE, "statistical_difference", "Statistical difference",
        LINE(SHEET_DIFFERENCE), 0),
    ROW(ROW_TOTAL, "utilisation", "UTILISATION", UTILISED, 0),
    ROW(ROW_FIXED, "food", "Food use", USE(USE_FOOD), 0),
    ROW(ROW_LINE, "feed", "Feed", USE(USE_FEED), 0),
    ROW(ROW_LINE, "seed", "Seed", USE(USE_SEED), 0),
    ROW(ROW_LINE, "losses", "Losses", USE(USE_LOSSES), 0),
    ROW(ROW_LINE, "other", "Other use",
        USE(USE_INDUSTRY) | USE(USE_TRANSPORT) | USE(USE_POWER) | USE(USE_HOUSEHOLDS) |
            USE(USE_OTHER),
        0),
    ROW(ROW_LINE, "exports", "Exports", LINE(SHEET_EXPORTS), 0),
    ROW(ROW_FIXED, "closing_stock", "Closing stock", LINE(SHEET_CLOSING), 0),
    ROW(ROW_TOTAL, "import_requirement", "IMPORT REQUIREMENT", UTILISED, AVAILABLE),
    ROW(ROW_FIXED, "commercial_imports", "Commercial, received or contracted",
        IMPORT(IMPORT_COMMERCIAL), 0),
    ROW(ROW_LINE, "loan_imports", "Concessional, received or shipped",
        IMPORT(IMPORT_LOAN), 0),
    ROW(ROW_FIXED, "aid", "Food aid, received or shipped", IMPORT(IMPORT_AID), 0),
    ROW(ROW_FIXED, "pledges", "Pledges not yet shipped", LINE(SHEET_PLEDGES), 0),
    ROW(ROW_TOTAL, "uncovered_deficit", "UNCOVERED DEFICIT", LINE(SHEET_UNCOVERED), 0),
    FIGURE(ROW_LINE, "pledged", "Pledged in all, ever", pledged),
    FIGURE(ROW_PART, "delivered", "of which delivered", delivered),
};

static const struct sheet_row energy[] = {
    ROW(ROW_TOTAL, "supply", "SUPPLY", AVAILABLE | IMPORTS, 0),
    ROW(ROW_FIXED, "opening_stock", "Opening stock", LINE(SHEET_OPENING), 0),
    ROW(ROW_FIXED, "production", "Production", LINE(SHEET_PRODUCTION), 0),
    ROW(ROW_FIXED, "imports_arrived", "Imports, arrived", BY_ALL(SHEET_ARRIVED), 0),
    ROW(ROW_FIXED, "imports_at_sea", "Imports, at sea", BY_ALL(SHEET_AT_SEA), 0),
    ROW(ROW_FIXED, "imports_contracted", "Imports, contracted", BY_ALL(SHEET_CONTRACTED),
        0),
    ROW(ROW_LINE, "pledges", "Pledges not yet shipped", LINE(SHEET_PLEDGES), 0),
    ROW(ROW_LINE, "statistical_difference", "Statistical difference",
        LINE(SHEET_DIFFERENCE), 0),
    ROW(ROW_TOTAL, "use_and_closing", "USE, EXPORTS AND CLOSING STOCK", UTILISED, 0),
    ROW(ROW_LINE, "food", "Food", USE(USE_FOOD), 0),
    ROW(ROW_LINE, "feed", "Feed", USE(USE_FEED), 0),
    ROW(ROW_LINE, "seed", "Seed", USE(USE_SEED), 0),
    ROW(ROW_LINE, "industry", "Industry", USE(USE_INDUSTRY), 0),
    ROW(ROW_LINE, "transport", "Transport", USE(USE_TRANSPORT), 0),
    ROW(ROW_LINE, "power", "Power", USE(USE_POWER), 0),
    ROW(ROW_LINE, "households", "Households", USE(USE_HOUSEHOLDS), 0),
    ROW(ROW_LINE, "other", "Other use", USE(USE_OTHER), 0),
    ROW(ROW_LINE, "losses", "Losses", USE(USE_LOSSES), 0),
    ROW(ROW_FIXED, "exports", "Exports", LINE(SHEET_EXPORTS), 0),
    ROW(ROW_FIXED, "closing_stock", "Closing stock", LINE(SHEET_CLOSING), 0),
    ROW(ROW_TOTAL, "uncovered_deficit", "UNCOVERED DEFICIT", LINE(SHEET_UNCOVERED), 0),
    FIGURE(ROW_LINE, "pledged", "Pledged in all, ever", pledged),
    FIGURE(ROW_PART, "delivered", "of which delivered", delivered),
};

static const struct sheet_row imports[] = {
    ROW(ROW_TOTAL, "imports", "IMPORTS", IMPORTS, 0),
    ROW(ROW_LINE, "imports_arrived", "Arrived", BY_ALL(SHEET_ARRIVED), 0),
    ROW(ROW_LINE, "imports_at_sea", "At sea", BY_ALL(SHEET_AT_SEA), 0),
    ROW(ROW_LINE, "imports_contracted", "Contracted", BY_ALL(SHEET_CONTRACTED), 0),
    ROW(ROW_LINE, "pledges", "Pledges not yet shipped", LINE(SHEET_PLEDGES), 0),
    ROW(ROW_LINE, "exports", "Exports", LINE(SHEET_EXPORTS), 0),
    FIGURE(ROW_LINE, "pledged", "Pledged in all, ever", pledged),
    FIGURE(ROW_PART, "delivered", "of which delivered", delivered),
};

const struct sheet_row sheet_asides[ASIDE_COUNT] = {
    [ASIDE_SHIPS_OVERDUE] =
        FIGURE(ROW_LINE, "ships_overdue", "Ships overdue", asides[ASIDE_SHIPS_OVERDUE]),
    [ASIDE_PLEDGES_OVERDUE] = FIGURE(ROW_LINE, "pledges_overdue", "Pledges overdue",
                                     asides[ASIDE_PLEDGES_OVERDUE]),
    [ASIDE_POLICY] = FIGURE(ROW_LINE, "suspended_by_policy", "Suspended by policy",
                            asides[ASIDE_POLICY]),
    [ASIDE_UNDATED] =
        FIGURE(ROW_LINE, "without_a_date", "Without a date", asides[ASIDE_UNDATED]),
    [ASIDE_NOT_AGREED] = FIGURE(ROW_LINE, "pledges_not_agreed",
                                "Pledges offered or suspended", asides[ASIDE_NOT_AGREED]),
    [ASIDE_LATER] = FIGURE(ROW_LINE, "after_the_year", "Expected after the year's end",
                           asides[ASIDE_LATER]),
};

static void figure_add(struct sheet_figure *sum, const struct sheet_figure *line,
                       int64_t sign)
{
    sum->to_date += sign * line->to_date;
    sum->expected += sign * line->expected;
    if (line->newest != TIME_NONE &&
        (sum->newest == TIME_NONE || line->newest > sum->newest))
        sum->newest = line->newest;
}

struct sheet_figure sheet_row_figure(const struct sheet *sheet,
                                     const struct sheet_row *row)
{
    struct sheet_figure sum = {0, 0, TIME_NONE};

    if (row->figure_at != 0)
        return *(const struct sheet_figure *)(const void *)((const char *)sheet +
                                                            row->figure_at);
    for (size_t i = 0; i < SHEET_LINES; i++) {
        if (row->plus & LINE(i))
            figure_add(&sum, &sheet->lines[i], 1);
        if (row->minus & LINE(i))
            figure_add(&sum, &sheet->lines[i], -1);
    }
    return sum;
}

const struct sheet_row *sheet_rows(const struct sheet *sheet, size_t *len)
{
    commodity_id group = commodity_get(sheet->now.commodity)->group;

    if (sheet->is_undescribed) {
        *len = sizeof imports / sizeof imports[0];
        return imports;
    }
    /* The tables of codes have two groups; what is in none is counted like energy. */
    if (group != COMMODITY_NONE && commodity_get(group)->dimension == DIMENSION_MASS) {
        *len = sizeof food / sizeof food[0];
        return food;
    }
    *len = sizeof energy / sizeof energy[0];
    return energy;
}
