/* A rule file read whole, for the programs of the bench that fold. */
#ifndef BENCH_RULES_READ_H
#define BENCH_RULES_READ_H

#include "shortfall/proto/rules.h"

/* Ends the process when there is anything wrong with it. Free with rules_free. */
struct ruleset *rules_read(const char *path);

#endif
