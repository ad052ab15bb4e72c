/* The program shortfall-notifier as a daemon of the frame. */
#ifndef SHORTFALL_DAEMONS_NOTIFIER_H
#define SHORTFALL_DAEMONS_NOTIFIER_H

#include "frame.h"

extern const struct daemon notifier_daemon;

#endif
