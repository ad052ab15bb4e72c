/* The rows of a sheet: which lines each one sums, and how it is called. */
#ifndef SHORTFALL_TOOLS_SHEET_ROWS_H
#define SHORTFALL_TOOLS_SHEET_ROWS_H

#include "shortfall/core/sheet.h"

enum sheet_row_kind {
    ROW_TOTAL, /* of the rows below it, or of rows above */
    ROW_LINE,  /* left out by people's form when it is nil */
    ROW_FIXED, /* a line that is shown even then */
    ROW_PART   /* of the row above: not added again */
};

struct sheet_row {
    const char *name, *label; /* for programs; for people */
    enum sheet_row_kind kind;
    uint64_t plus, minus; /* bits of enum sheet_line */
    size_t figure_at;     /* 0: by bits; else the offset of a figure in struct sheet */
};

/* A row's figure, the newest report behind it included. */
struct sheet_figure sheet_row_figure(const struct sheet *sheet,
                                     const struct sheet_row *row);

/* The rows for this account's group: of food, of energy, or of an account of which only
 * imports are known. */
const struct sheet_row *sheet_rows(const struct sheet *sheet, size_t *len);

/* What is not counted on, in the order of enum sheet_aside. */
extern const struct sheet_row sheet_asides[ASIDE_COUNT];

#endif
