/* Processes and refusals, from the small files that they leave. What a note says of
 * running daemons is believed only while its supervisor lives: they end with it. */
#include "status_run.h"

#include "print.h"

#include <inttypes.h>
#include <stdio.h>

enum status status_run_read(const struct setup *setup, struct status_run *out,
                            struct why *why)
{
    const char *state = setup_top(setup, "state");
    struct status_run run = {.supervisor = run_lock_holder(state)};
    enum status st = run_note_read(state, &run.note, why);

    if (st && st != ST_NOT_FOUND)
        return st;
    run.has_note = st == ST_OK;
    st = recorder_stats_read(setup_top(setup, "journal"), &run.stats, why);
    if (st && st != ST_NOT_FOUND)
        return st;
    run.has_stats = st == ST_OK;
    *out = run;
    return ST_OK;
}

static bool lives(const struct status_run *run, const struct run_row *row)
{
    return run->supervisor != 0 && row->pid != 0;
}

static const char *state_name(const struct status_run *run, const struct run_row *row)
{
    return run->supervisor != 0 || row->state == CHILD_DONE
               ? child_state_names[row->state]
               : child_state_names[CHILD_STOPPED];
}

static void print_row(const struct status_run *run, const struct run_row *row)
{
    char since[TIMESTAMP_SIZE];

    (void)printf("  %-18s %-8s", row->name, state_name(run, row));
    if (lives(run, row))
        (void)printf(" process %ld", (long)row->pid);
    (void)printf(" since %s", timestamp_format(row->since_us, since));
    if (row->restarts > 0)
        (void)printf(", started again %" PRIu64 " time%s", row->restarts,
                     row->restarts == 1 ? "" : "s");
    if (row->has_ended && row->end != 0)
        (void)printf(", ended before by %s %d: %s", row->end < 0 ? "signal" : "exit code",
                     row->end < 0 ? -row->end : row->end, child_end_text(row->end));
    (void)printf("\n");
}

void status_run_print(const struct status_run *run)
{
    char since[TIMESTAMP_SIZE];

    if (run->supervisor == 0)
        (void)printf("supervisor   not running\n");
    else if (run->has_note)
        (void)printf("supervisor   process %ld since %s\n", (long)run->supervisor,
                     timestamp_format(run->note.since_us, since));
    else
        (void)printf("supervisor   process %ld\n", (long)run->supervisor);
    for (size_t i = 0; run->has_note && i < run->note.len; i++)
        print_row(run, &run->note.list[i]);
}

void status_run_print_refusals(const struct status_run *run)
{
    char since[TIMESTAMP_SIZE];

    if (!run->has_stats)
        return;
    (void)printf("refusals     %" PRIu64 " frames refused, %" PRIu64
                 " messages malformed, %" PRIu64 " turned away, %" PRIu64
                 " frames repeated since %s\n",
                 run->stats.refused, run->stats.malformed, run->stats.turned_away,
                 run->stats.repeated, timestamp_format((int64_t)run->stats.since, since));
}

static void print_row_json(const struct status_run *run, const struct run_row *row)
{
    (void)printf("{\"name\":");
    print_string(stdout, row->name);
    (void)printf(",\"state\":\"%s\",\"pid\":", state_name(run, row));
    if (lives(run, row))
        (void)printf("%ld", (long)row->pid);
    else
        (void)printf("null");
    (void)printf(",\"since\":");
    print_time(stdout, row->since_us);
    (void)printf(",\"restarts\":%" PRIu64, row->restarts);
    if (row->has_ended && row->end < 0)
        (void)printf(",\"signal\":%d", -row->end);
    else if (row->has_ended)
        (void)printf(",\"exit_code\":%d", row->end);
    (void)printf("}");
}

void status_run_print_json(const struct status_run *run)
{
    (void)printf(",\"supervisor\":");
    if (run->supervisor != 0)
        (void)printf("%ld", (long)run->supervisor);
    else
        (void)printf("null");
    (void)printf(",\"daemons\":[");
    for (size_t i = 0; run->has_note && i < run->note.len; i++) {
        (void)printf("%s", i > 0 ? "," : "");
        print_row_json(run, &run->note.list[i]);
    }
    (void)printf("]");
    if (!run->has_stats)
        return;
    (void)printf(",\"refused\":%" PRIu64 ",\"malformed\":%" PRIu64
                 ",\"turned_away\":%" PRIu64 ",\"resent\":%" PRIu64
                 ",\"refusals_since\":",
                 run->stats.refused, run->stats.malformed, run->stats.turned_away,
                 run->stats.repeated);
    print_time(stdout, (int64_t)run->stats.since);
}
