/* Figures as they are printed: JSON for programs, plain columns for people. */
#ifndef SHORTFALL_TOOLS_PRINT_H
#define SHORTFALL_TOOLS_PRINT_H

#include "shortfall/core/balance.h"
#include "shortfall/core/transition.h"
#include "shortfall/storage/store.h"

#include <stdio.h>

/* "null" for VALUE_NONE, else the integer. */
void print_amount(FILE *out, int64_t value);

/* Millionths as a decimal without trailing zeros ("237.876365", "0"); "null" for none. */
void print_millionths(FILE *out, int64_t value);

/* A JSON string with its quotes; control characters and the quote escaped. */
void print_string(FILE *out, const char *text);

/* A time as a JSON string, or null for TIME_NONE. */
void print_time(FILE *out, int64_t time);

/* One object of `balance --json`, of `alerts --json`, with its newline (formats). */
void print_balance_json(FILE *out, const struct balance *b, int64_t known);
void print_alert_json(FILE *out, const struct alert_row *row);
void print_quarantine_json(FILE *out, const struct quarantine_row *row);

/* The unit in which amounts of a commodity are shown to programs: "g" or "kJ". */
const char *base_unit(commodity_id commodity);

#define FIGURE_SIZE 32
/* For people: tonnes or terajoules with thousands in groups of three ("5,128,000 t");
 * "none" for VALUE_NONE. Returns `buffer`. */
const char *figure_amount(int64_t value, commodity_id commodity,
                          char buffer[FIGURE_SIZE]);
/* Thousand tonnes or terajoules with one decimal, from a million on with none ("5,128.0",
 * "-0.3", "7,654,321"). Returns `buffer`. */
const char *figure_thousands(int64_t value, char buffer[FIGURE_SIZE]);
/* Millionths with `decimals` decimals, 0 to 6; "none". Returns `buffer`. */
const char *figure_decimal(int64_t value, unsigned decimals, char buffer[FIGURE_SIZE]);

#endif
