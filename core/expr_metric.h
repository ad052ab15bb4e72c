/* The table of metrics: what each is called, measures and takes. Private to core. */
#ifndef CORE_EXPR_METRIC_H
#define CORE_EXPR_METRIC_H

#include "shortfall/core/expr.h"

enum argument { ARGUMENT_NONE, ARGUMENT_MARKET, ARGUMENT_HORIZON, ARGUMENT_WINDOW };

#define ARGUMENTS_MAX 2

struct metric_row {
    const char *name;
    enum measure measure;
    enum argument arguments[ARGUMENTS_MAX]; /* in their order; the first NONE ends them */
    unsigned arguments_min;                 /* how many must be written */
    const char *usage;                      /* how it is written with all of them */
    const char *meaning;
};

const struct metric_row *metric_row(enum metric metric);

/* METRIC_COUNT when there is no such metric. */
enum metric metric_find(struct text name);

/* The nearest name, or NULL when none is near. */
const char *metric_suggest(struct text name);

#endif
