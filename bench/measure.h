/* What every program of the bench needs: a clock, one line a result, frames in a file
 * that two programs can read, and an end when something is wrong. A result is printed as
 * "name TAB unit TAB value"; bench/run gathers them. Must never judge a figure. */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include "shortfall/core/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Nanoseconds of a clock that never jumps, the same one in every process. */
int64_t measure_now_ns(void);

/* Waits until that instant. */
void measure_wait_until(int64_t ns);

void measure_print(const char *name, const char *unit, double value);
void measure_print_part(const char *name, const char *part, const char *unit,
                        double value); /* of NAME/PART */

/* Time that went by, and time that this process computed: on a machine that others use,
 * the second one is what can be compared. */
struct measure_span {
    int64_t wall_ns, cpu_ns;
};
struct measure_span measure_begin(void);
struct measure_span measure_since(struct measure_span begin);
void measure_add(struct measure_span *sum, struct measure_span begin);

/* What measure_begin or measure_now_ns itself takes of each clock: many short spans are
 * longer than what they hold by as much. */
struct measure_span measure_begin_cost(void);
int64_t measure_now_cost_ns(void);

/* Of this process, in bytes: the most it ever had resident. */
uint64_t measure_peak_bytes(void);

/* `count` things in that span: name per second, and name/cpu per second of computing. */
void measure_print_rate(const char *name, uint64_t count, struct measure_span span);

/* Sorts, and prints name/p50, name/p99 and name/max in microseconds. */
void measure_print_latency(const char *name, int64_t *ns, size_t len);

/* Ends the process with exit code 1 and the reason. */
_Noreturn void measure_fail(const char *format, ...) PRINTF_LIKE(1, 2);

/* measure_fail when `st` is not ST_OK. */
void measure_check(enum status st, const char *what, const struct why *why);

uint64_t measure_number(const char *text);

/* Zeroed memory that is there already, on large pages where the system has them: on small
 * ones a table of this size costs more for finding its pages than for reading them. */
void *measure_table(size_t size);

/* One body of up to 256 events, lent by the list it stands in. */
struct measure_body {
    const uint8_t *at;
    uint32_t len, events;
};

struct measure_frames {
    uint8_t *bytes;
    size_t bytes_max;
    struct measure_body *list;
    size_t len, max;
    uint64_t events;
};

/* The file that `bench_generate frames` makes: of each frame its length and its events as
 * u32 little-endian, and its body. The next frames, at most `max`, in place of those that
 * stand in the list; false: there are none. */
FILE *measure_frames_open(const char *path);
bool measure_frames_next(FILE *in, size_t max, struct measure_frames *frames);

/* All of them. */
struct measure_frames measure_frames_read(const char *path);
void measure_frames_free(struct measure_frames *frames);

#endif
