/* Stock reports of a group's members: the group gets the difference that each shows
 * (semantics section 3, Groups). */
#ifndef SHORTFALL_CORE_REPORT_H
#define SHORTFALL_CORE_REPORT_H

#include "state.h"

/* The member's path changed over [from, until]: the reports in it, and the first one
 * behind it, may show other differences. */
void reports_stale(struct world *w, uint32_t member, int64_t from, int64_t until);

/* Makes the differences on the group's path right. Before that path is read. */
void reports_refresh(struct world *w, struct account *group);

#endif
