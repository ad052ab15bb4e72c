/* Recorder and aggregator as processes of their own, and what they took of the machine.
 */
#ifndef BENCH_DAEMON_H
#define BENCH_DAEMON_H

#include <stdint.h>
#include <sys/types.h>

#define DAEMON_PATH_SIZE 512

struct live_daemons {
    char ingest[DAEMON_PATH_SIZE], reader[DAEMON_PATH_SIZE], alerts[DAEMON_PATH_SIZE];
    pid_t recorder, aggregator;
};

/* Starts both, from the programs in `bin`, with everything they write in `dir`, which is
 * empty; returns when both are ready. */
void daemons_start(struct live_daemons *d, const char *bin, const char *dir,
                   const char *rules);

/* Stops both and prints for each: the most memory it ever had, that memory as a share of
 * 32 MiB + 160 B a fact, and its computing time for an event. */
void daemons_stop(struct live_daemons *d, uint64_t rate, uint64_t events, uint64_t facts);

#endif
