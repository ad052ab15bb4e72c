/* The conformance suite of the store. It never looks behind the ops. */
#include "store_suite.h"

#include "scratch.h"

#include <criterion/criterion.h>
#include <string.h>

struct store *store_must_open(const struct store_ops *ops, const char *path,
                              enum store_mode mode)
{
    struct store *s = NULL;
    struct why why;

    expect_status(store_open(ops, path, mode, &s, &why), ST_OK, &why, "open store");
    return s;
}

void store_must_commit(struct store *s, const struct effects *effects)
{
    struct why why;

    expect_status(store_commit(s, effects, &why), ST_OK, &why, "commit");
}

struct collected {
    struct alert_row rows[8];
    uint64_t pos[8];
    size_t len, max;
};

static bool collect(void *self, uint64_t pos, const struct alert_row *row)
{
    struct collected *c = self;

    c->pos[c->len] = pos;
    c->rows[c->len++] = *row;
    return c->len < c->max;
}

/* Asks for alerts and checks their positions, first to last (first 0: none). */
static void expect_alerts(struct store *s, uint64_t after, size_t max,
                          struct collected *c, uint64_t first, uint64_t last,
                          const char *label)
{
    size_t expected = first ? last - first + 1 : 0;
    struct why why;

    c->len = 0;
    expect_status(store_alerts(s, after, max, collect, c, &why), ST_OK, &why, label);
    cr_assert(c->len == expected, "%s: %zu alerts instead of %zu", label, c->len,
              expected);
    for (size_t i = 0; i < expected; i++)
        cr_assert(c->pos[i] == first + i, "%s: position %llu", label,
                  (unsigned long long)c->pos[i]);
}

static void expect_cursor(struct store *s, const struct store_cursor *expected,
                          const char *label)
{
    struct store_cursor cursor;
    struct why why;

    memset(&cursor, 0, sizeof(cursor));
    expect_status(store_cursor(s, &cursor, &why), ST_OK, &why, label);
    cr_assert(memcmp(&cursor, expected, sizeof(cursor)) == 0, "%s: cursor %llu", label,
              (unsigned long long)cursor.pos);
}

static bool count_row(void *self, const struct quarantine_row *row)
{
    (void)row;
    ++*(size_t *)self;
    return true;
}

static void new_is_empty(const struct store_ops *ops, const char *path)
{
    struct store_cursor start = {.clock = TIME_NONE};
    struct collected c = {.max = 8};
    struct store_origin origin;
    struct store *s = store_must_open(ops, path, STORE_CREATE);
    size_t rows = 0;
    struct why why;

    for (int round = 0; round < 2; round++) {
        expect_cursor(s, &start, "new");
        expect_status(store_origin(s, &origin, &why), ST_NOT_FOUND, &why, "origin");
        expect_alerts(s, 0, 8, &c, 0, 0, "none");
        expect_status(store_quarantine(s, 8, count_row, &rows, &why), ST_OK, &why, "");
        cr_assert(rows == 0);
        store_close(s);
        s = store_must_open(ops, path, round ? STORE_READ : STORE_WRITE);
    }
    store_close(s);
}

static void alerts_come_back_whole(const struct store_ops *ops, const char *path)
{
    struct alert_row rows[] = {alert_make(7), alert_at_its_limits(), alert_make(8)};
    struct effects effects = {.alerts = rows, .alerts_len = 3, .cursor = cursor_at(1)};
    struct collected c = {.max = 8};
    struct store *s = store_must_open(ops, path, STORE_WRITE);

    rows[2].transition.movers_len = 1;
    rows[2].transition.movers[0] = 42;
    store_must_commit(s, &effects);
    for (int round = 0; round < 2; round++) {
        expect_alerts(s, 0, 8, &c, 1, 3, "all");
        for (size_t i = 0; i < 3; i++)
            cr_assert(memcmp(&c.rows[i], &rows[i], sizeof(rows[i])) == 0, "row %zu", i);
        store_close(s);
        s = store_must_open(ops, path, STORE_READ);
    }
    store_close(s);
}

static void outbox_has_no_gaps(const struct store_ops *ops, const char *path)
{
    static const struct {
        const char *label;
        uint64_t after;
        size_t max, stop;
        uint64_t first, last;
    } rows[] = {
        {"all", 0, SIZE_MAX, 8, 1, 5},
        {"after the second", 2, 8, 8, 3, 5},
        {"two of them", 1, 2, 8, 2, 3},
        {"after the last", 5, 8, 8, 0, 0},
        {"after none", UINT64_MAX, 8, 8, 0, 0},
        {"stopped", 0, 8, 2, 1, 2},
        {"no room", 0, 0, 8, 0, 0},
    };
    struct alert_row alerts[] = {alert_make(1), alert_make(2), alert_make(3)};
    struct effects effects = {.alerts = alerts, .alerts_len = 2, .cursor = cursor_at(1)};
    struct store *s = store_must_open(ops, path, STORE_WRITE);
    struct effects nothing = {.cursor = cursor_at(2)};
    struct collected c;

    effects.alerts_len = 1;
    store_must_commit(s, &effects);
    store_must_commit(s, &nothing);
    effects.cursor = cursor_at(2);
    store_must_commit(s, &effects);
    store_close(s);
    s = store_must_open(ops, path, STORE_WRITE);
    effects.alerts_len = 3;
    effects.cursor = cursor_at(3);
    store_must_commit(s, &effects);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        c.max = rows[i].stop;
        expect_alerts(s, rows[i].after, rows[i].max, &c, rows[i].first, rows[i].last,
                      rows[i].label);
    }
    store_close(s);
}

struct kept_rows {
    struct quarantine_row rows[4];
    size_t len, max;
};

static bool keep_row(void *self, const struct quarantine_row *row)
{
    struct kept_rows *kept = self;

    kept->rows[kept->len++] = *row;
    return kept->len < kept->max;
}

static void quarantine_comes_back(const struct store_ops *ops, const char *path)
{
    struct quarantine_row rows[2];
    struct effects effects = {
        .quarantine = rows, .quarantine_len = 2, .cursor = cursor_at(9)};
    struct store *s = store_must_open(ops, path, STORE_WRITE);
    struct kept_rows kept = {.max = 4};
    struct why why;

    memset(rows, 0, sizeof(rows));
    memset(&kept.rows, 0, sizeof(kept.rows));
    rows[0] = (struct quarantine_row){.seq = 5, .pos = 2, .index = 255, .clock = 77};
    rows[0].verdict = VERDICT_CONFLICT;
    memset(rows[0].source, 's', EVENT_SOURCE_MAX);
    memset(rows[0].id, 'i', EVENT_ID_MAX);
    rows[0].revision = INT32_MAX;
    rows[1] = (struct quarantine_row){.seq = 6, .pos = 3, .verdict = VERDICT_KIND};
    store_must_commit(s, &effects);
    for (int round = 0; round < 2; round++) {
        kept.len = 0;
        expect_status(store_quarantine(s, 4, keep_row, &kept, &why), ST_OK, &why, "rows");
        cr_assert(kept.len == 2);
        for (size_t i = 0; i < 2; i++)
            cr_assert(kept.rows[i].seq == rows[i].seq &&
                          kept.rows[i].pos == rows[i].pos &&
                          kept.rows[i].index == rows[i].index &&
                          kept.rows[i].clock == rows[i].clock &&
                          kept.rows[i].verdict == rows[i].verdict &&
                          kept.rows[i].revision == rows[i].revision &&
                          strcmp(kept.rows[i].source, rows[i].source) == 0 &&
                          strcmp(kept.rows[i].id, rows[i].id) == 0,
                      "row %zu", i);
        store_close(s);
        s = store_must_open(ops, path, STORE_READ);
    }
    kept.len = 0;
    expect_status(store_quarantine(s, 1, keep_row, &kept, &why), ST_OK, &why, "at most");
    cr_assert(kept.len == 1);
    store_close(s);
}

static void cursor_never_goes_back(const struct store_ops *ops, const char *path)
{
    static const struct {
        const char *label;
        uint64_t pos, seq;
        int64_t clock;
        enum status expected;
    } rows[] = {
        {"first", 5, 50, 500, ST_OK},
        {"pos back", 4, 51, 501, ST_INVALID},
        {"seq back", 6, 49, 501, ST_INVALID},
        {"clock back", 6, 51, 499, ST_INVALID},
        {"no clock", 6, 51, TIME_NONE, ST_INVALID},
        {"the same", 5, 50, 500, ST_OK},
        {"clock alone", 5, 50, 501, ST_OK},
        {"on", 6, 50, 502, ST_OK},
        {"far", INT64_MAX, INT64_MAX, INT64_MAX, ST_OK},
    };
    struct store *s = store_must_open(ops, path, STORE_WRITE);
    struct store_cursor last;

    memset(&last, 0, sizeof(last));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct effects effects = {.cursor = {.pos = rows[i].pos, .seq = rows[i].seq}};
        struct why why;

        effects.cursor.clock = rows[i].clock;
        effects.cursor.applied = i;
        effects.cursor.repeated = i + 1;
        effects.cursor.superseded = i + 2;
        effects.cursor.quarantined = i + 3;
        effects.cursor.late = i + 4;
        memset(effects.cursor.digest, (int)i, DIGEST_SIZE);
        expect_status(store_commit(s, &effects, &why), rows[i].expected, &why,
                      rows[i].label);
        if (rows[i].expected == ST_OK)
            last = effects.cursor;
        expect_cursor(s, &last, rows[i].label);
    }
    store_close(s);
    s = store_must_open(ops, path, STORE_READ);
    expect_cursor(s, &last, "opened again");
    store_close(s);
}

static void commit_is_all_or_nothing(const struct store_ops *ops, const char *path)
{
    struct frame frames[] = {frame_make("p", 1, 1, "one"), frame_make("p", 2, 2, "two")};
    struct alert_row alert = alert_make(1);
    struct quarantine_row row = {.seq = 1, .verdict = VERDICT_KIND};
    struct effects effects = {.frames = frames,
                              .frames_len = 2,
                              .alerts = &alert,
                              .alerts_len = 1,
                              .quarantine = &row,
                              .quarantine_len = 1,
                              .balances = &alert.transition.balance,
                              .balances_len = 1,
                              .cursor = cursor_at(2)};
    struct store_cursor start = {.clock = TIME_NONE};
    struct store *s = store_must_open(ops, path, STORE_WRITE);
    struct collected c = {.max = 8};
    struct quarantine_row twice[2];
    size_t rows = 0;
    struct why why;

    frames[0].pos = frames[0].first_seq = 1;
    frames[1].pos = frames[1].first_seq = 3; /* two is left out */
    expect_status(store_commit(s, &effects, &why), ST_INVALID, &why, "a gap");
    frames[1].pos = 2;
    expect_status(store_commit(s, &effects, &why), ST_INVALID, &why, "a gap in seq");
    frames[1].first_seq = 2;
    twice[0] = twice[1] = row;
    effects.quarantine = twice;
    effects.quarantine_len = 2;
    expect_status(store_commit(s, &effects, &why), ST_INVALID, &why, "an event twice");
    expect_cursor(s, &start, "nothing was done");
    expect_alerts(s, 0, 8, &c, 0, 0, "nothing was done");
    expect_status(store_quarantine(s, 8, count_row, &rows, &why), ST_OK, &why, "");
    cr_assert(rows == 0);

    effects.quarantine_len = 1;
    store_must_commit(s, &effects); /* the same numbers are free */
    expect_alerts(s, 0, 8, &c, 1, 1, "then all");
    expect_status(store_commit(s, &effects, &why), ST_INVALID, &why, "frames again");
    store_close(s);
}

static void origin_is_set_once(const struct store_ops *ops, const char *path)
{
    struct store_origin mine = {.journal = "/var/lib/shortfall", .first_hash = {1, 2}};
    struct store_origin elsewhere = mine;
    struct store_origin newer = mine;
    struct store_origin read;
    struct effects effects = {.cursor = cursor_at(1)};
    struct store *s = store_must_open(ops, path, STORE_WRITE);
    struct why why;

    memcpy(elsewhere.journal, "/tmp", 5);
    newer.first_hash[0] = 9;
    expect_status(store_set_origin(s, &mine, &why), ST_OK, &why, "first");
    store_must_commit(s, &effects);
    store_close(s);
    s = store_must_open(ops, path, STORE_WRITE);
    expect_status(store_set_origin(s, &mine, &why), ST_OK, &why, "the same");
    expect_status(store_set_origin(s, &elsewhere, &why), ST_CONFLICT, &why, "elsewhere");
    expect_why(&why, mine.journal, "elsewhere");
    expect_status(store_set_origin(s, &newer, &why), ST_CONFLICT, &why,
                  "another journal");
    expect_status(store_origin(s, &read, &why), ST_OK, &why, "read");
    cr_assert(strcmp(read.journal, mine.journal) == 0);
    cr_assert(memcmp(read.first_hash, mine.first_hash, FRAME_HASH_SIZE) == 0);
    store_close(s);
}

static void origin_comes_before_effects(const struct store_ops *ops, const char *path)
{
    struct store_origin origin = {.journal = ""};
    struct effects effects = {.cursor = cursor_at(1)};
    struct store *s = store_must_open(ops, path, STORE_WRITE);
    struct why why;

    store_must_commit(s, &effects);
    expect_status(store_set_origin(s, &origin, &why), ST_CONFLICT, &why, "too late");
    store_close(s);
}

static void modes_mean_what_they_say(const struct store_ops *ops, const char *path)
{
    struct effects effects = {.cursor = cursor_at(1)};
    struct store_origin origin = {.journal = ""};
    struct store *writer;
    struct store *reader;
    struct store *other = NULL;
    struct why why;

    expect_status(store_open(ops, path, STORE_READ, &other, &why), ST_NOT_FOUND, &why,
                  "nothing to read");
    writer = store_must_open(ops, path, STORE_CREATE);
    expect_status(store_open(ops, path, STORE_WRITE, &other, &why), ST_CONFLICT, &why,
                  "second writer");
    reader = store_must_open(ops, path, STORE_READ);
    store_must_commit(writer, &effects);
    expect_cursor(reader, &effects.cursor, "a reader sees what is committed");
    expect_status(store_commit(reader, &effects, &why), ST_INVALID, &why,
                  "reader writes");
    expect_status(store_set_origin(reader, &origin, &why), ST_INVALID, &why,
                  "reader sets");
    store_close(reader);
    store_close(writer);
    expect_status(store_open(ops, path, STORE_CREATE, &other, &why), ST_CONFLICT, &why,
                  "something is there");
    cr_assert(other == NULL);
    store_close(store_must_open(ops, path, STORE_WRITE));
    store_close(NULL);
}

const struct store_case store_suite[] = {
    {"new is empty", new_is_empty},
    {"alerts come back whole", alerts_come_back_whole},
    {"outbox has no gaps", outbox_has_no_gaps},
    {"quarantine comes back", quarantine_comes_back},
    {"cursor never goes back", cursor_never_goes_back},
    {"commit is all or nothing", commit_is_all_or_nothing},
    {"origin is set once", origin_is_set_once},
    {"origin comes before effects", origin_comes_before_effects},
    {"modes mean what they say", modes_mean_what_they_say},
    {NULL, NULL},
};
