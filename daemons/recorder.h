/* The recorder: takes frames from publishers, makes them durable, tells the publishers
 * their positions, and serves the frames to readers. */
#ifndef SHORTFALL_DAEMONS_RECORDER_H
#define SHORTFALL_DAEMONS_RECORDER_H

#include "frame.h"

extern const struct daemon recorder_daemon;

#endif
