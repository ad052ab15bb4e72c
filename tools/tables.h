/* The tables of codes that the program was built with, as rows of text. */
#ifndef SHORTFALL_TOOLS_TABLES_H
#define SHORTFALL_TOOLS_TABLES_H

#include <stddef.h>

#define TABLE_CELLS_MAX 9
#define TABLE_CELL_SIZE 256

struct table_row {
    char cells[TABLE_CELLS_MAX][TABLE_CELL_SIZE];
};

struct table {
    const char *name, *about;
    const char *heads[TABLE_CELLS_MAX + 1]; /* a NULL behind the last */
    size_t (*len)(void);
    void (*row)(size_t index, struct table_row *out);
};

/* NULL beyond the last. */
const struct table *table_get(size_t index);

#endif
