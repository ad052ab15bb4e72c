/* What every backend of the bus must do: the same stories, told to each of them. */
#ifndef TESTS_BUS_BUS_SUITE_H
#define TESTS_BUS_BUS_SUITE_H

#include "shortfall/bus/bus.h"

#define SUITE_RESEND_US 100000 /* short: the stories wait for it */
#define SUITE_WAIT_MS   20000  /* far more than anything takes */

/* A recorder of some kind, and the way to it. */
struct bus_fixture {
    const char *name;
    const char *ingest, *reader;          /* endpoints; set by start */
    void (*start)(struct bus_fixture *f); /* an empty stream */
    void (*stop)(struct bus_fixture *f);

    /* The recorder ends and begins anew with the frames that it has; every connection is
     * gone. */
    void (*restart)(struct bus_fixture *f);

    /* From now to the restart frames are taken and not answered; await_tail returns when
     * there are so many. NULL: cannot be done here. */
    void (*swallow)(struct bus_fixture *f);
    void (*await_tail)(struct bus_fixture *f, unsigned tail);

    /* Sends what no client sends to both endpoints. NULL: no bytes here. */
    void (*attack)(struct bus_fixture *f);
};

void bus_suite(struct bus_fixture *f);

#endif
