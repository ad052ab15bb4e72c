/* A balance sheet as people read it and as programs do: the same rows from one table. */
#ifndef SHORTFALL_TOOLS_SHEET_PRINT_H
#define SHORTFALL_TOOLS_SHEET_PRINT_H

#include "shortfall/core/sheet.h"

#include <stdio.h>

/* One screen of 80 columns, in thousand tonnes or terajoules. */
void sheet_print(FILE *out, const struct sheet *sheet, int64_t known);

/* One object with its newline; amounts in base units, as integers. */
void sheet_print_json(FILE *out, const struct sheet *sheet, int64_t known);

/* One line a row, under the heading. */
void sheet_print_csv_heading(FILE *out);
void sheet_print_csv(FILE *out, const struct sheet *sheet, int64_t known);

#endif
