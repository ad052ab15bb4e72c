/* The ledger of deliveries. */
#include "scratch.h"

#include "shortfall/storage/store.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

TestSuite(delivered, .init = scratch_make, .fini = scratch_remove);

static struct delivered *must_open(const char *path)
{
    struct delivered *d = NULL;
    struct why why;

    expect_status(delivered_open(path, &d, &why), ST_OK, &why, "open ledger");
    return d;
}

static void expect_last(struct delivered *d, const char *target, uint64_t expected,
                        const char *label)
{
    uint64_t last = UINT64_MAX;
    struct why why;

    expect_status(delivered_last(d, target, &last, &why), ST_OK, &why, label);
    cr_assert(last == expected, "%s: %llu", label, (unsigned long long)last);
}

Test(delivered, knows_how_far_each_target_has_come)
{
    static const struct {
        const char *label, *target;
        uint64_t pos;
        uint8_t notification; /* its every byte */
        enum status check, note;
        uint64_t last;
    } rows[] = {
        {"first", "hook", 1, 1, ST_OK, ST_OK, 1},
        {"again", "hook", 1, 1, ST_CONFLICT, ST_OK, 1},
        {"out of order", "hook", 3, 3, ST_OK, ST_OK, 1},
        {"farther", "hook", 4, 4, ST_OK, ST_OK, 1},
        {"the gap", "hook", 2, 2, ST_OK, ST_OK, 4},
        {"another at that place", "hook", 4, 9, ST_OK, ST_CONFLICT, 4},
        {"the same elsewhere", "hook", 5, 4, ST_CONFLICT, ST_CONFLICT, 4},
        {"no position", "hook", 0, 5, ST_OK, ST_INVALID, 4},
        {"beyond all", "hook", UINT64_MAX, 5, ST_OK, ST_INVALID, 4},
        {"another target", "mail", 2, 2, ST_OK, ST_OK, 0},
        {"from its start", "mail", 1, 1, ST_OK, ST_OK, 2},
    };
    char path[SCRATCH_PATH];
    struct delivered *d = must_open(scratch_path("delivered.db", path));

    expect_last(d, "hook", 0, "new");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint8_t notification[ALERT_HASH_SIZE];
        struct why why;

        memset(notification, rows[i].notification, sizeof(notification));
        expect_status(delivered_check(d, rows[i].target, notification, &why),
                      rows[i].check, &why, rows[i].label);
        expect_status(delivered_note(d, rows[i].target, rows[i].pos, notification, &why),
                      rows[i].note, &why, rows[i].label);
        expect_last(d, rows[i].target, rows[i].last, rows[i].label);
        if (i % 3 == 0) {
            delivered_close(d);
            d = must_open(path);
            expect_last(d, rows[i].target, rows[i].last, "opened again");
        }
    }
    expect_last(d, "hook", 4, "not moved by the other");
    delivered_close(d);
    cr_assert(scratch_mode(path) == 0600);
}

Test(delivered, has_one_writer_and_one_version)
{
    char path[SCRATCH_PATH];
    char pid[32];
    struct delivered *d = must_open(scratch_path("delivered.db", path));
    struct delivered *other = NULL;
    struct why why;

    (void)snprintf(pid, sizeof(pid), "process %ld ", (long)getpid());
    expect_status(delivered_open(path, &other, &why), ST_CONFLICT, &why, "second");
    expect_why(&why, pid, "second");
    delivered_close(d);
    scratch_sql(path, "PRAGMA user_version = 3");
    expect_status(delivered_open(path, &other, &why), ST_VERSION, &why, "newer");
    expect_why(&why, "of schema 3, this program has 1", "newer");
    cr_assert(other == NULL);
    delivered_close(NULL);
}
