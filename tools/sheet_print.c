/* A sheet in two forms. Where people read "-" there is nothing, where programs read 0. */
#include "sheet_print.h"

#include "print.h"
#include "sheet_rows.h"

#include <inttypes.h>
#include <string.h>

#define CELL_SIZE 16

static bool is_nil(const struct sheet_figure *f)
{
    return f->to_date == 0 && f->expected == 0;
}

/* Whole days since the newest report behind a figure; VALUE_NONE: there is none. A report
 * of a later day than the sheet's is as fresh as can be. */
static int64_t age_days(const struct sheet *s, const struct sheet_figure *f)
{
    if (f->newest == TIME_NONE)
        return VALUE_NONE;
    return f->newest > s->now.as_of ? 0 : (s->now.as_of - f->newest) / DAY_US;
}

/* --- for people ------------------------------------------------------------------- */

/* A number and, behind it, the mark of what is expected. */
static void cell(char out[CELL_SIZE], int64_t value, bool is_expected)
{
    char figure[FIGURE_SIZE];

    (void)snprintf(out, CELL_SIZE, "%.14s%s",
                   value == 0 ? "-" : figure_thousands(value, figure),
                   is_expected && value != 0 ? "*" : " ");
}

static void print_row(FILE *out, const struct sheet *s, const struct sheet_row *row)
{
    static const int indents[] = {
        [ROW_TOTAL] = 0, [ROW_LINE] = 2, [ROW_FIXED] = 2, [ROW_PART] = 4};
    struct sheet_figure f = sheet_row_figure(s, row);
    char cells[3][CELL_SIZE];
    char age[FIGURE_SIZE] = "-";
    int64_t days = age_days(s, &f);

    if (row->kind == ROW_LINE && is_nil(&f))
        return;
    cell(cells[0], f.to_date, false);
    cell(cells[1], f.expected, true);
    cell(cells[2], f.to_date + f.expected, f.expected != 0);
    if (days != VALUE_NONE)
        (void)snprintf(age, sizeof age, "%" PRId64, days);
    (void)fprintf(out, "%*s%-*s%12s%12s%12s%6s\n", indents[row->kind], "",
                  36 - indents[row->kind], row->label, cells[0], cells[1], cells[2], age);
}

static void print_heading(FILE *out, const struct sheet *s, int64_t known)
{
    const struct commodity *c = commodity_get(s->now.commodity);
    char start[TIMESTAMP_SIZE];
    char end[TIMESTAMP_SIZE];
    char as_of[TIMESTAMP_SIZE];
    char at[TIMESTAMP_SIZE];

    (void)fprintf(out, "%s %s (%s), %s\n", place_code(s->now.country), c->code, c->name,
                  c->dimension == DIMENSION_ENERGY ? "terajoules" : "thousand tonnes");
    (void)fprintf(out, "balance year %.10s to %.10s\nas of %s, known %s\n",
                  timestamp_format(s->year_start, start),
                  timestamp_format(s->year_end - 1, end),
                  timestamp_format(s->now.as_of, as_of), timestamp_format(known, at));
    (void)fprintf(out, "%-36s%12s%12s%12s%6s\n", "", "to date ", "expected*", "year ",
                  "age d");
}

static void print_asides(FILE *out, const struct sheet *s)
{
    bool is_headed = false;

    for (size_t i = 0; i < ASIDE_COUNT; i++) {
        struct sheet_figure f = s->asides[i];
        char amount[CELL_SIZE];
        int64_t days = age_days(s, &f);

        if (is_nil(&f))
            continue;
        if (!is_headed)
            (void)fprintf(out, "NOT COUNTED ON\n");
        is_headed = true;
        cell(amount, f.to_date, false);
        (void)fprintf(out, "  %-34s%12s%24s%6" PRId64 "\n", sheet_asides[i].label, amount,
                      "", days == VALUE_NONE ? 0 : days);
    }
}

static void print_figures(FILE *out, const struct sheet *s)
{
    const struct balance *b = &s->now;
    char a[FIGURE_SIZE];
    char horizon[DURATION_SIZE];
    char day[TIMESTAMP_SIZE];

    (void)fprintf(out, "Days of cover: %s", figure_decimal(b->days_of_cover, 1, a));
    if (b->stock_out != TIME_NONE)
        (void)fprintf(out, ", stock out on %.10s", timestamp_format(b->stock_out, day));
    (void)fprintf(out, "\nWithin %s: expected %s", duration_format(b->horizon, horizon),
                  figure_amount(b->expected, b->commodity, a));
    (void)fprintf(out, ", shortfall %s", figure_amount(b->shortfall, b->commodity, a));
    if (b->shortfall_ratio != VALUE_NONE)
        (void)fprintf(out, " (%s of use)", figure_decimal(b->shortfall_ratio, 3, a));
    (void)fputc('\n', out);
}

static void print_notes(FILE *out, const struct sheet *s)
{
    const struct commodity *c = commodity_get(s->now.commodity);
    char a[FIGURE_SIZE];

    if (s->now.delivery_ratio != VALUE_NONE)
        (void)fprintf(out, "Share of pledges delivered: %s\n",
                      figure_decimal(s->now.delivery_ratio, 3, a));
    if (s->is_undescribed)
        (void)fprintf(out, "No stock, production or use is known of it%s%s.\n",
                      c->group == COMMODITY_NONE ? "" : ": it counts in ",
                      c->group == COMMODITY_NONE ? "" : commodity_code(c->group));
    if (s->is_use_double)
        (void)fprintf(out,
                      "Warning: uses stand on %s and on its members: if one includes the "
                      "other,\nit is counted twice.\n",
                      c->code);
}

void sheet_print(FILE *out, const struct sheet *sheet, int64_t known)
{
    size_t len;
    const struct sheet_row *rows = sheet_rows(sheet, &len);

    print_heading(out, sheet, known);
    for (size_t i = 0; i < len; i++) {
        struct sheet_figure above = {0, 0, TIME_NONE};

        if (rows[i].kind == ROW_PART)
            above = sheet_row_figure(sheet, &rows[i - 1]);
        if (rows[i].kind != ROW_PART || !is_nil(&above))
            print_row(out, sheet, &rows[i]);
    }
    print_asides(out, sheet);
    if (!sheet->is_undescribed)
        print_figures(out, sheet);
    print_notes(out, sheet);
}

/* --- for programs ----------------------------------------------------------------- */

typedef void print_figure_fn(FILE *out, const struct sheet *s, const char *name,
                             const struct sheet_figure *f, size_t index);

static void json_figure(FILE *out, const struct sheet *s, const char *name,
                        const struct sheet_figure *f, size_t index)
{
    (void)fprintf(out,
                  "%s{\"row\":\"%s\",\"to_date\":%" PRId64 ",\"expected\":%" PRId64
                  ",\"year\":%" PRId64 ",\"age_days\":",
                  index == 0 ? "" : ",", name, f->to_date, f->expected,
                  f->to_date + f->expected);
    print_amount(out, age_days(s, f));
    (void)fputc('}', out);
}

static void json_aside(FILE *out, const struct sheet *s, const char *name,
                       const struct sheet_figure *f, size_t index)
{
    (void)fprintf(out, "%s{\"row\":\"%s\",\"amount\":%" PRId64 ",\"age_days\":",
                  index == 0 ? "" : ",", name, f->to_date);
    print_amount(out, age_days(s, f));
    (void)fputc('}', out);
}

static void each_row(FILE *out, const struct sheet *s, print_figure_fn *fn)
{
    size_t len;
    const struct sheet_row *rows = sheet_rows(s, &len);

    for (size_t i = 0; i < len; i++) {
        struct sheet_figure f = sheet_row_figure(s, &rows[i]);

        fn(out, s, rows[i].name, &f, i);
    }
}

static void each_aside(FILE *out, const struct sheet *s, print_figure_fn *fn)
{
    for (size_t i = 0; i < ASIDE_COUNT; i++)
        fn(out, s, sheet_asides[i].name, &s->asides[i], i);
}

void sheet_print_json(FILE *out, const struct sheet *sheet, int64_t known)
{
    const struct balance *b = &sheet->now;

    (void)fprintf(out, "{\"country\":\"%s\",\"commodity\":\"%s\",\"as_of\":",
                  place_code(b->country), commodity_code(b->commodity));
    print_time(out, b->as_of);
    (void)fputs(",\"known\":", out);
    print_time(out, known);
    (void)fputs(",\"year_start\":", out);
    print_time(out, sheet->year_start);
    (void)fputs(",\"year_end\":", out);
    print_time(out, sheet->year_end);
    (void)fprintf(out, ",\"unit\":\"%s\",\"sheet\":[", base_unit(b->commodity));
    each_row(out, sheet, json_figure);
    (void)fputs("],\"not_counted_on\":[", out);
    each_aside(out, sheet, json_aside);
    (void)fprintf(out, "],\"uses_on_group_and_member\":%s}\n",
                  sheet->is_use_double ? "true" : "false");
}

static void csv_figure(FILE *out, const struct sheet *s, const char *name,
                       const struct sheet_figure *f, size_t index)
{
    const struct balance *b = &s->now;
    char as_of[TIMESTAMP_SIZE];
    char start[TIMESTAMP_SIZE];
    int64_t days = age_days(s, f);

    (void)index;
    (void)fprintf(out, "%s,%s,%s,%s,%s,%s,%" PRId64 ",%" PRId64 ",%" PRId64 ",",
                  place_code(b->country), commodity_code(b->commodity),
                  timestamp_format(b->as_of, as_of),
                  timestamp_format(s->year_start, start), base_unit(b->commodity), name,
                  f->to_date, f->expected, f->to_date + f->expected);
    if (days != VALUE_NONE)
        (void)fprintf(out, "%" PRId64, days);
    (void)fputc('\n', out);
}

void sheet_print_csv_heading(FILE *out)
{
    (void)fputs(
        "country,commodity,as_of,year_start,unit,row,to_date,expected,year,age_days\n",
        out);
}

void sheet_print_csv(FILE *out, const struct sheet *sheet, int64_t known)
{
    (void)known;
    each_row(out, sheet, csv_figure);
    each_aside(out, sheet, csv_figure);
}
