/* The small things that every program of the bench shares. */
#define _DEFAULT_SOURCE /* MADV_HUGEPAGE; NOLINT(bugprone-reserved-identifier) */
#include "measure.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>

#define SECOND_NS  INT64_C(1000000000)
#define PAGE_LARGE ((size_t)2 * 1024 * 1024)

static int64_t read_clock_ns(clockid_t clock)
{
    struct timespec now;

    (void)clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * SECOND_NS + now.tv_nsec;
}

int64_t measure_now_ns(void)
{
    return read_clock_ns(CLOCK_MONOTONIC);
}

struct measure_span measure_begin(void)
{
    return (struct measure_span){measure_now_ns(),
                                 read_clock_ns(CLOCK_PROCESS_CPUTIME_ID)};
}

struct measure_span measure_since(struct measure_span begin)
{
    struct measure_span now = measure_begin();

    return (struct measure_span){now.wall_ns - begin.wall_ns, now.cpu_ns - begin.cpu_ns};
}

void measure_add(struct measure_span *sum, struct measure_span begin)
{
    struct measure_span span = measure_since(begin);

    sum->wall_ns += span.wall_ns;
    sum->cpu_ns += span.cpu_ns;
}

#define COST_TIMES 20000

struct measure_span measure_begin_cost(void)
{
    struct measure_span first = measure_begin();

    for (unsigned i = 1; i < COST_TIMES; i++)
        (void)measure_begin();
    struct measure_span all = measure_since(first);

    return (struct measure_span){all.wall_ns / COST_TIMES, all.cpu_ns / COST_TIMES};
}

int64_t measure_now_cost_ns(void)
{
    int64_t first_ns = measure_now_ns();

    for (unsigned i = 1; i < COST_TIMES; i++)
        (void)measure_now_ns();
    return (measure_now_ns() - first_ns) / COST_TIMES;
}

uint64_t measure_peak_bytes(void)
{
    struct rusage usage;

    (void)getrusage(RUSAGE_SELF, &usage);
    return (uint64_t)usage.ru_maxrss * 1024;
}

void measure_wait_until(int64_t ns)
{
    const struct timespec until = {ns / SECOND_NS, ns % SECOND_NS};

    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR) {
    }
}

void measure_print(const char *name, const char *unit, double value)
{
    (void)printf("%s\t%s\t%.3f\n", name, unit, value);
    (void)fflush(stdout);
}

void measure_print_part(const char *name, const char *part, const char *unit,
                        double value)
{
    (void)printf("%s/%s\t%s\t%.3f\n", name, part, unit, value);
    (void)fflush(stdout);
}

void measure_print_rate(const char *name, uint64_t count, struct measure_span span)
{
    measure_print(name, "1/s", (double)count * 1e9 / (double)span.wall_ns);
    measure_print_part(name, "cpu", "1/s", (double)count * 1e9 / (double)span.cpu_ns);
}

static int compare_ns(const void *a_ns, const void *b_ns)
{
    const int64_t *a = a_ns;
    const int64_t *b = b_ns;

    return *a < *b ? -1 : *a > *b;
}

void measure_print_latency(const char *name, int64_t *ns, size_t len)
{
    const struct {
        const char *name;
        size_t thousandths;
    } ranks[] = {{"p50", 500}, {"p99", 990}, {"max", 1000}};

    if (len == 0)
        measure_fail("%s: no event was measured", name);
    qsort(ns, len, sizeof ns[0], compare_ns);
    for (size_t i = 0; i < sizeof ranks / sizeof ranks[0]; i++) {
        size_t rank = (len * ranks[i].thousandths + 999) / 1000;

        measure_print_part(name, ranks[i].name, "us",
                           (double)ns[rank == 0 ? 0 : rank - 1] / 1e3);
    }
}

void measure_fail(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    (void)fputs("bench: ", stderr);
    (void)vfprintf(stderr, format, args);
    (void)fputc('\n', stderr);
    va_end(args);
    exit(1);
}

void measure_check(enum status st, const char *what, const struct why *why)
{
    if (st)
        measure_fail("%s: %s (%s)", what, status_text(st), why == NULL ? "" : why->text);
}

uint64_t measure_number(const char *text)
{
    char *end;
    uint64_t number = strtoull(text, &end, 10);

    if (end == text || *end != '\0')
        measure_fail("\"%s\" is not a number", text);
    return number;
}

void *measure_table(size_t size)
{
    size_t whole = (size + PAGE_LARGE - 1) / PAGE_LARGE * PAGE_LARGE;
    void *table = aligned_alloc(PAGE_LARGE, whole);

    if (table == NULL)
        measure_fail("no memory");
#ifdef MADV_HUGEPAGE
    (void)madvise(table, whole, MADV_HUGEPAGE);
#endif
    memset(table, 0, whole);
    return table;
}

static uint32_t get_u32(const uint8_t *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
           (uint32_t)at[3] << 24;
}

FILE *measure_frames_open(const char *path)
{
    FILE *in = fopen(path, "rb");

    if (in == NULL)
        measure_fail("%s: %s", path, strerror(errno));
    return in;
}

static void *grow(void *array, size_t size)
{
    void *grown = realloc(array, size);

    if (grown == NULL)
        measure_fail("no memory");
    return grown;
}

/* Behind the bytes that are there; the bodies are found again when all have their place.
 */
static void read_body(FILE *in, struct measure_frames *frames, size_t *bytes_len,
                      const uint8_t head[8])
{
    uint32_t len = get_u32(head);

    if (*bytes_len + len > frames->bytes_max) {
        frames->bytes_max = 2 * frames->bytes_max + len;
        frames->bytes = grow(frames->bytes, frames->bytes_max);
    }
    if (frames->len == frames->max) {
        frames->max = 2 * frames->max + 1024;
        frames->list = grow(frames->list, frames->max * sizeof frames->list[0]);
    }
    if (fread(frames->bytes + *bytes_len, 1, len, in) != len)
        measure_fail("the file ends in the middle of a frame");
    frames->list[frames->len++] = (struct measure_body){NULL, len, get_u32(head + 4)};
    *bytes_len += len;
}

bool measure_frames_next(FILE *in, size_t max, struct measure_frames *frames)
{
    size_t bytes_len = 0;
    const uint8_t *at;
    uint8_t head[8];

    frames->len = 0;
    frames->events = 0;
    while (frames->len < max && fread(head, 1, sizeof head, in) == sizeof head)
        read_body(in, frames, &bytes_len, head);
    at = frames->bytes;
    for (size_t i = 0; i < frames->len; i++) {
        frames->list[i].at = at;
        at += frames->list[i].len;
        frames->events += frames->list[i].events;
    }
    return frames->len > 0;
}

struct measure_frames measure_frames_read(const char *path)
{
    struct measure_frames frames = {0};
    FILE *in = measure_frames_open(path);

    (void)measure_frames_next(in, SIZE_MAX, &frames);
    (void)fclose(in);
    return frames;
}

void measure_frames_free(struct measure_frames *frames)
{
    free(frames->bytes);
    free(frames->list);
    *frames = (struct measure_frames){0};
}
