/* A recorder in a process of its own, for the tests over ZeroMQ: the server of the bus
 * around a stream in memory, which a restart of the server survives. */
#ifndef TESTS_BUS_RECORDER_CHILD_H
#define TESTS_BUS_RECORDER_CHILD_H

#include "shortfall/bus/server.h"

#include <sys/types.h>

struct recorder {
    char folder[64];
    char ingest[128], reader[128]; /* endpoints in that folder */
    pid_t pid;
    int control; /* asks and answers, byte by byte */
};

/* Returns once both endpoints are bound. */
void recorder_start(struct recorder *r);
void recorder_stop(struct recorder *r);

/* Ends the server and begins another over the same frames; `stream` names it. */
void recorder_restart(struct recorder *r, char stream);

/* Takes frames without an answer, until the restart. */
void recorder_swallow(struct recorder *r);

/* Refuses the next frame as busy. */
void recorder_busy(struct recorder *r);

/* Returns when there are so many frames. */
void recorder_await_tail(struct recorder *r, unsigned tail);

struct bus_server_counts recorder_counts(struct recorder *r);

#endif
