/* What is due when, and how late it was. */
#include "schedule.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FRAME_HEAD 3 /* bytes: a list of so many events */

static void *grow(void *array, size_t size)
{
    void *grown = realloc(array, size);

    if (grown == NULL)
        measure_fail("no memory");
    return grown;
}

void stream_add(struct stream *s, const uint8_t *event, size_t len)
{
    if (s->bytes_len + len > s->bytes_max) {
        s->bytes_max = 2 * s->bytes_max + len + 65536;
        s->bytes = grow(s->bytes, s->bytes_max);
    }
    if (s->len == s->max) {
        s->max = 2 * s->max + 1024;
        s->ends = grow(s->ends, s->max * sizeof s->ends[0]);
    }
    memcpy(s->bytes + s->bytes_len, event, len);
    s->bytes_len += len;
    s->ends[s->len++] = s->bytes_len;
}

void stream_free(struct stream *s)
{
    free(s->bytes);
    free(s->ends);
    *s = (struct stream){NULL, 0, 0, NULL, 0, 0};
}

uint64_t schedule_sampled(uint64_t rate)
{
    if (rate == 0)
        return 1000;
    return rate < 100 ? 1 : rate / 100;
}

int64_t schedule_due_ns(const struct schedule *s, uint64_t index)
{
    if (s->rate == 0)
        return s->start_ns;
    return s->start_ns + (int64_t)(index * UINT64_C(1000000000) / s->rate);
}

bool schedule_is_done(const struct schedule *s)
{
    return s->next == s->stream->len;
}

int64_t schedule_next_ns(const struct schedule *s)
{
    int64_t due_ns = schedule_due_ns(s, s->next);
    int64_t lingered_ns = s->rate == 0 ? due_ns : s->sent_ns + SCHEDULE_LINGER_NS;

    return due_ns > lingered_ns ? due_ns : lingered_ns;
}

static uint32_t count_due(const struct schedule *s, int64_t now_ns)
{
    uint32_t count = 0;

    while (count < 256 && s->next + count < s->stream->len &&
           schedule_due_ns(s, s->next + count) <= now_ns)
        count++;
    return count;
}

size_t schedule_frame(struct schedule *s, uint8_t out[SCHEDULE_FRAME_SIZE],
                      uint32_t *events)
{
    int64_t now_ns = measure_now_ns();
    uint32_t count = count_due(s, now_ns);

    if (count == 0 || (count < 256 && now_ns < schedule_next_ns(s)))
        return 0;
    size_t begin = s->next == 0 ? 0 : s->stream->ends[s->next - 1];
    size_t len = s->stream->ends[s->next + count - 1] - begin;

    assert(FRAME_HEAD + len <= SCHEDULE_FRAME_SIZE);
    out[0] = 0xdc;
    out[1] = (uint8_t)(count >> 8);
    out[2] = (uint8_t)count;
    memcpy(out + FRAME_HEAD, s->stream->bytes + begin, len);
    s->next += count;
    s->sent_ns = now_ns;
    *events = count;
    return FRAME_HEAD + len;
}

void latencies_open(struct latencies *l, const struct schedule *s)
{
    *l = (struct latencies){.max = s->stream->len / s->sampled + 1};
    l->ns = grow(NULL, l->max * sizeof l->ns[0]);
}

void latencies_free(struct latencies *l)
{
    free(l->ns);
    *l = (struct latencies){NULL, 0, 0, 0};
}

void latencies_note(struct latencies *l, const struct schedule *s, uint64_t index)
{
    assert(index < s->stream->len);
    l->last_ns = measure_now_ns();
    if (index % s->sampled == s->sampled - 1 && l->len < l->max)
        l->ns[l->len++] = l->last_ns - schedule_due_ns(s, index);
}

void latencies_print(struct latencies *l, const struct schedule *s, const char *name)
{
    double kept = (double)s->stream->len * 1e9 / (double)(l->last_ns - s->start_ns);
    char full[96];

    if (s->rate == 0) {
        (void)snprintf(full, sizeof full, "%s/rate", name);
        measure_print(full, "1/s", kept);
        return;
    }
    (void)snprintf(full, sizeof full, "%s/%" PRIu64, name, s->rate);
    measure_print_latency(full, l->ns, l->len);
    (void)snprintf(full, sizeof full, "%s/%" PRIu64 "/kept", name, s->rate);
    measure_print(full, "1/s", kept);
}
