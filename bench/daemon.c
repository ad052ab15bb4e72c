/* Daemons started, measured and stopped. */
#include "daemon.h"

#include "measure.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define READY_FD    7
#define MEMORY_BASE (INT64_C(32) * 1024 * 1024)
#define FACT_BYTES  160

static void join(char out[DAEMON_PATH_SIZE], const char *scheme, const char *dir,
                 const char *name)
{
    int len = snprintf(out, DAEMON_PATH_SIZE, "%s%s/%s", scheme, dir, name);

    if (len < 0 || len >= DAEMON_PATH_SIZE)
        measure_fail("%s: the path is too long", dir);
}

/* The new process keeps the pipe's other end as READY_FD and nothing else of ours. */
static pid_t start(const char *program, const char *const *arguments)
{
    int ready[2];
    char line;

    (void)fflush(stdout);
    if (pipe(ready) != 0)
        measure_fail("no pipe: %s", strerror(errno));
    pid_t pid = fork();

    if (pid < 0)
        measure_fail("no process: %s", strerror(errno));
    if (pid == 0) {
        union {
            const char *const *lent;
            char *const *given; /* execv changes none of them */
        } list = {arguments};

        (void)dup2(STDERR_FILENO, STDOUT_FILENO);
        (void)dup2(ready[1], READY_FD);
        (void)execv(program, list.given);
        _exit(127);
    }
    (void)close(ready[1]);
    if (read(ready[0], &line, 1) != 1)
        measure_fail("%s did not start", program);
    (void)close(ready[0]);
    return pid;
}

void daemons_start(struct live_daemons *d, const char *bin, const char *dir,
                   const char *rules)
{
    char recorder[DAEMON_PATH_SIZE];
    char aggregator[DAEMON_PATH_SIZE];
    char journal[DAEMON_PATH_SIZE];
    char db[DAEMON_PATH_SIZE];

    join(recorder, "", bin, "shortfall-recorder");
    join(aggregator, "", bin, "shortfall-aggregator");
    join(journal, "", dir, "journal");
    join(db, "", dir, "state.db");
    join(d->ingest, "ipc://", dir, "ingest");
    join(d->reader, "ipc://", dir, "reader");
    join(d->alerts, "ipc://", dir, "alerts");
    d->recorder = start(recorder, (const char *const[]){recorder, "--journal", journal,
                                                        "--ingest", d->ingest, "--reader",
                                                        d->reader, "--log-level", "warn",
                                                        "--ready-fd", "7", NULL});
    d->aggregator =
        start(aggregator,
              (const char *const[]){aggregator, "--journal", journal, "--ingest",
                                    d->ingest, "--reader", d->reader, "--serve",
                                    d->alerts, "--db", db, "--rules", rules,
                                    "--log-level", "warn", "--ready-fd", "7", NULL});
}

/* The most memory it ever had resident, as the kernel counts it. */
static int64_t peak_bytes(pid_t pid)
{
    char path[64];
    char line[256];
    int64_t kib = 0;

    (void)snprintf(path, sizeof path, "/proc/%ld/status", (long)pid);
    FILE *in = fopen(path, "r");

    while (in != NULL && fgets(line, sizeof line, in) != NULL)
        if (strncmp(line, "VmHWM:", 6) == 0)
            kib = strtoll(line + 6, NULL, 10);
    if (in != NULL)
        (void)fclose(in);
    return kib * 1024;
}

static int64_t children_us(void)
{
    struct rusage usage;

    (void)getrusage(RUSAGE_CHILDREN, &usage);
    return ((int64_t)usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 +
           usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

static void stop(pid_t pid, const char *name, uint64_t rate, uint64_t events,
                 uint64_t facts)
{
    int64_t before_us = children_us();
    int64_t bytes = peak_bytes(pid);
    char full[96];
    int code;

    if (kill(pid, SIGTERM) != 0 || waitpid(pid, &code, 0) != pid || code != 0)
        measure_fail("the %s did not end well", name);
    if (rate != 0)
        return;
    (void)snprintf(full, sizeof full, "live/%s/memory", name);
    measure_print(full, "MiB", (double)bytes / (1024 * 1024));
    (void)snprintf(full, sizeof full, "live/%s/memory/of-goal", name);
    measure_print(full, "",
                  (double)bytes / (double)(MEMORY_BASE + FACT_BYTES * (int64_t)facts));
    (void)snprintf(full, sizeof full, "live/%s/cpu", name);
    measure_print(full, "us/event", (double)(children_us() - before_us) / (double)events);
}

void daemons_stop(struct live_daemons *d, uint64_t rate, uint64_t events, uint64_t facts)
{
    stop(d->aggregator, "aggregator", rate, events, facts);
    stop(d->recorder, "recorder", rate, events, facts);
    if (rate == 0)
        measure_print("live/facts", "", (double)facts);
}
