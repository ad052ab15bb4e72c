/* The journal: frames appended and durable, so many a commit. */
#include "measure.h"

#include "shortfall/storage/journal.h"

#include <stdio.h>
#include <stdlib.h>

#define COMMIT_MAX 64

static void append_all(struct journal *j, const struct measure_frames *frames, size_t len,
                       size_t per_commit)
{
    struct why why = {""};

    for (size_t done = 0; done < len;) {
        struct frame list[COMMIT_MAX];
        size_t count = len - done < per_commit ? len - done : per_commit;

        for (size_t i = 0; i < count; i++) {
            const struct measure_body *body = &frames->list[done + i];

            list[i] = (struct frame){.type = FRAME_DATA,
                                     .events = body->events,
                                     .clock = (int64_t)(done + i + 1),
                                     .producer = TEXT_LITERAL("bench"),
                                     .number = done + i + 1,
                                     .body = {body->at, body->len}};
        }
        measure_check(journal_append(j, list, count, &why), "append", &why);
        done += count;
    }
}

int main(int argc, char **argv)
{
    if (argc != 5)
        measure_fail("usage: bench_journal FRAMES DIR FRAMES-A-COMMIT COUNT");
    struct measure_frames frames = measure_frames_read(argv[1]);
    const struct journal_options how = {.rotate_bytes = JOURNAL_ROTATE_BYTES};
    size_t per_commit = measure_number(argv[3]);
    size_t len = measure_number(argv[4]);
    struct journal *j;
    struct why why = {""};
    char name[64];
    uint64_t events = 0;

    if (len > frames.len)
        len = frames.len;
    if (per_commit == 0 || per_commit > COMMIT_MAX)
        measure_fail("1 to %d frames a commit", COMMIT_MAX);
    for (size_t i = 0; i < len; i++)
        events += frames.list[i].events;
    measure_check(journal_open(argv[2], &how, &j, &why), "open the journal", &why);
    (void)snprintf(name, sizeof name, "journal/%zu", per_commit);
    struct measure_span begin = measure_begin();

    append_all(j, &frames, len, per_commit);
    measure_print_rate(name, events, measure_since(begin));
    journal_close(j);
    measure_frames_free(&frames);
    return 0;
}
