/* Ids that end with a time, as the default ids of prices do:
 * commodity/market/currency/unit/time in microseconds. Says nothing of what stands before
 * it. */
#ifndef SHORTFALL_CORE_TICK_NAME_H
#define SHORTFALL_CORE_TICK_NAME_H

#include "shortfall/core/text.h"

struct tick_name {
    struct text front; /* up to and with the last slash */
    int64_t time;
};

/* False: the id does not end so. */
bool tick_name_read(struct text id, struct tick_name *out);

#endif
