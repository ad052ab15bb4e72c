/* Runs a scenario in the core and holds it against the oracle. */
#ifndef SHORTFALL_TESTS_CORE_JUDGE_H
#define SHORTFALL_TESTS_CORE_JUDGE_H

#include "scenario.h"

/* The first thing that differs, in words. */
struct difference {
    char text[480];
};

bool differs(struct difference *d, const char *format, ...) PRINTF_LIKE(2, 3);

#define HEARD_MAX 1024

/* The transitions of a run. Large: static. */
struct heard {
    size_t len;
    struct transition list[HEARD_MAX];
};

struct world_sink heard_sink(struct heard *heard);

/* A world with the scenario's rules, before the first step. Free with world_free. */
struct world *scenario_begin(const struct scenario *s, struct heard *heard);

/* One step; `*seq` is that of the last event so far. */
void scenario_step(struct world *w, const struct oracle_step *step, uint64_t *seq,
                   struct heard *heard);

/* A step without events. */
void scenario_tick(struct world *w, int64_t clock, struct heard *heard);

/* All steps, and the end. Nobody looks. */
struct world *scenario_run(const struct scenario *s, struct heard *heard);

bool balances_agree(const struct balance *a, const struct balance *b,
                    struct difference *d);

/* Whether two runs said the same, with evidence; when they found it may differ. */
bool transitions_same(const struct heard *a, const struct heard *b, struct difference *d);

/* The same transitions with the same figures, by whatever reports they were moved. */
bool transitions_alike(const struct heard *a, const struct heard *b,
                       struct difference *d);

/* Verdicts, every look, every transition and the books: core and oracle. */
bool scenario_agrees(const struct scenario *s, struct difference *d);

/* The same in a process of its own, which may crash: that differs too. */
bool scenario_agrees_apart(const struct scenario *s, struct difference *d);

/* Prints the smallest part of a scenario that differs, and how, to stderr. */
void scenario_explain(const struct scenario *s);

/* Double entry (books.c): sources less uses less stocks, with what is unmet and what
 * stock reports corrected, is zero for each commodity over all places, as of `as_of`. */
bool books_agree(const struct scenario *s, const struct oracle *o, struct world *w,
                 int64_t as_of, struct difference *d);

#endif
