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

void measure_print_rate(const char *name, uint64_t count, struct measure_span span)
{
    char full[128];

    measure_print(name, "1/s", (double)count * 1e9 / (double)span.wall_ns);
    (void)snprintf(full, sizeof full, "%s/cpu", name);
    measure_print(full, "1/s", (double)count * 1e9 / (double)span.cpu_ns);
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
        char full[128];

        (void)snprintf(full, sizeof full, "%s/%s", name, ranks[i].name);
        measure_print(full, "us", (double)ns[rank == 0 ? 0 : rank - 1] / 1e3);
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

static uint8_t *read_whole(const char *path, size_t *len)
{
    FILE *in = fopen(path, "rb");

    if (in == NULL || fseek(in, 0, SEEK_END) != 0)
        measure_fail("%s: %s", path, strerror(errno));
    long size = ftell(in);

    rewind(in);
    *len = size < 0 ? 0 : (size_t)size;
    uint8_t *bytes = malloc(*len + 1);

    if (bytes == NULL || fread(bytes, 1, *len, in) != *len)
        measure_fail("%s: cannot be read", path);
    (void)fclose(in);
    return bytes;
}

struct measure_frames measure_frames_read(const char *path)
{
    struct measure_frames frames = {NULL, NULL, 0, 0};
    size_t size;
    size_t max = 0;

    frames.bytes = read_whole(path, &size);
    for (size_t at = 0; at + 8 <= size;) {
        struct measure_body body = {frames.bytes + at + 8, get_u32(frames.bytes + at),
                                    get_u32(frames.bytes + at + 4)};

        if (body.len > size - at - 8)
            measure_fail("%s: ends in the middle of a frame", path);
        if (frames.len == max) {
            max = 2 * max + 1024;
            frames.list = realloc(frames.list, max * sizeof frames.list[0]);
            if (frames.list == NULL)
                measure_fail("no memory");
        }
        frames.list[frames.len++] = body;
        frames.events += body.events;
        at += 8 + body.len;
    }
    return frames;
}

void measure_frames_free(struct measure_frames *frames)
{
    free(frames->bytes);
    free(frames->list);
    *frames = (struct measure_frames){NULL, NULL, 0, 0};
}
