/* The feed: reads a file of events, publishes them to the recorder, and remembers nothing
 * itself: where it is, the recorder knows. */
#ifndef SHORTFALL_DAEMONS_FEED_H
#define SHORTFALL_DAEMONS_FEED_H

#include "frame.h"

extern const struct daemon feed_daemon;

#endif
