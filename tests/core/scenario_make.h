/* What the files that make a scenario share. */
#ifndef SHORTFALL_TESTS_CORE_SCENARIO_MAKE_H
#define SHORTFALL_TESTS_CORE_SCENARIO_MAKE_H

#include "scenario.h"

/* Text that lives as long as the scenario. */
const char *scenario_keep(struct scenario *s, const char *format, ...) PRINTF_LIKE(2, 3);

/* Who sends and pledges; other than `to`. */
place_id scenario_supplier(struct scenario *s, place_id to);

void scenario_reports(struct scenario *s, bool conflicts); /* scenario_facts.c */
void scenario_rules(struct scenario *s);                   /* scenario_rules.c */

#endif
