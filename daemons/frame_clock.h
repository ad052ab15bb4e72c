/* The two clocks of a daemon. Only the wall clock says what time it is; only the
 * monotonic one may measure how long something lasts. */
#ifndef SHORTFALL_DAEMONS_FRAME_CLOCK_H
#define SHORTFALL_DAEMONS_FRAME_CLOCK_H

#include <stdint.h>

int64_t clock_wall_us(void);      /* microseconds since 1970 */
int64_t clock_monotonic_us(void); /* microseconds since some instant of the past */

#endif
