/* The program shortfall-aggregator as a daemon of the frame. */
#ifndef SHORTFALL_DAEMONS_AGGREGATOR_H
#define SHORTFALL_DAEMONS_AGGREGATOR_H

#include "frame.h"

extern const struct daemon aggregator_daemon;

#endif
