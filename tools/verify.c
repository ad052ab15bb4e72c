/* shortfall verify: a database against the journal it was made from. Folds the journal
 * again up to the database's cursor and names the first position at which the two part.
 */
#include "command.h"
#include "database.h"
#include "print.h"
#include "verify_rows.h"

#include "shortfall/daemons/options.h"
#include "shortfall/storage/journal.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

static struct settings {
    const char *journal;
    bool json;
} settings;

static const struct option_row rows[] = {
    {.name = "journal",
     .kind = OPTION_PATH,
     .offset = offsetof(struct settings, journal),
     .word = "DIR",
     .help =
         "journal to fold; without it, the one the database was made from, or its own "
         "frames"},
    {.name = "json",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct settings, json),
     .help = "one JSON object"},
};

static const struct program program = {
    .name = "shortfall verify",
    .summary =
        "Checks the chain of a journal, folds it again up to where a database stands, "
        "and "
        "compares transitions, quarantine, counts and digest. Names the first position "
        "at "
        "which the two part. The exit code is 0 when they are equal and 1 when they are "
        "not; a journal whose chain is broken is damaged data.",
    .operands = "DB",
    .lists = {{rows, sizeof rows / sizeof rows[0], &settings}},
};

/* The fold is looked at after so many frames: the digest that comes with it costs. */
#define LOOK_FRAMES 64

struct seen {
    uint64_t pos, last_seq;
    int64_t clock;
};

struct verify {
    struct database db;
    const char *path; /* where the frames are */
    struct verify_rows *rows;
    struct store_cursor cursor; /* as the fold gives it */
    struct seen seen[LOOK_FRAMES];
    size_t seen_len;
    uint64_t alerts;
    struct verify_finding finding;
};

/* --- frames ----------------------------------------------------------------------- */

static bool frame_equal(const struct frame *a, const struct frame *b)
{
    return a->first_seq == b->first_seq && a->events == b->events && a->type == b->type &&
           a->clock == b->clock && a->number == b->number &&
           text_equal(a->producer, b->producer) && a->body.len == b->body.len &&
           (a->body.len == 0 || memcmp(a->body.at, b->body.at, a->body.len) == 0);
}

/* A database that keeps its frames is held against another journal frame by frame. */
static enum status compare_frames(struct verify *v, const char *db, struct why *why)
{
    struct journal_reader *own = NULL;
    struct journal_reader *other = NULL;
    struct frame a;
    struct frame b;
    enum status st = journal_reader_open(db, &own, why);

    if (st == ST_OK)
        st = journal_reader_open(v->path, &other, why);
    for (uint64_t pos = 0; st == ST_OK && pos < v->db.cursor.pos; pos++) {
        st = journal_reader_next(own, pos, &a, why);
        if (st == ST_OK)
            st = journal_reader_next(other, pos, &b, why);
        if (st == ST_OK && !frame_equal(&a, &b)) {
            verify_find(&v->finding, pos + 1, "the database was made from another frame");
            break;
        }
    }
    journal_reader_close(own);
    journal_reader_close(other);
    return st == ST_NOT_FOUND ? ST_OK : st; /* the fold says where frames are missing */
}

static enum status compare_opening(struct verify *v, struct why *why)
{
    struct journal_reader *reader;
    struct frame frame;
    enum status st = journal_reader_open(v->path, &reader, why);

    if (st)
        return st;
    st = journal_reader_next(reader, 0, &frame, why);
    if (st == ST_OK &&
        memcmp(frame.hash, v->db.origin.first_hash, sizeof frame.hash) != 0)
        verify_find(&v->finding, 1, "the database was made from another journal");
    journal_reader_close(reader);
    return st == ST_NOT_FOUND ? ST_OK : st;
}

/* --- the fold --------------------------------------------------------------------- */

/* Where a transition came about: a recorded journal steps frame by frame; in a published
 * one, behind the last event applied by then. */
static uint64_t position_of(const struct verify *v, const struct transition *t)
{
    bool by_clock = fold_clock_kind(v->db.fold) == CLOCK_RECORDED;

    for (size_t i = 0; i < v->seen_len; i++) {
        const struct seen *s = &v->seen[i];

        if (by_clock ? s->clock >= t->clock : s->last_seq >= t->seq)
            return s->pos;
    }
    return v->db.cursor.pos;
}

/* Holds what the fold has brought about since the last look against the store. */
static enum status look(struct verify *v, struct why *why)
{
    const struct effects *effects;
    enum status st = fold_effects(v->db.fold, false, &effects, why);

    if (st)
        return st;
    v->cursor = effects->cursor;
    v->alerts += effects->alerts_len;
    for (size_t i = 0; i < effects->quarantine_len; i++)
        verify_quarantine(v->rows, &effects->quarantine[i], &v->finding);
    for (size_t i = 0; st == ST_OK && i < effects->alerts_len; i++) {
        const struct alert_row *row = &effects->alerts[i];

        st = verify_alert(v->rows, row, position_of(v, &row->transition), &v->finding,
                          why);
    }
    fold_clear(v->db.fold);
    v->seen_len = 0;
    return st;
}

static enum status take_frame(struct verify *v, const struct frame *frame,
                              struct why *why)
{
    enum status st = fold_frame(v->db.fold, frame, why);

    if (st)
        return st;
    v->seen[v->seen_len++] =
        (struct seen){frame->pos, frame->first_seq + frame->events - 1, frame->clock};
    return v->seen_len == LOOK_FRAMES ? look(v, why) : ST_OK;
}

static enum status fold_journal(struct verify *v, struct why *why)
{
    struct journal_reader *frames;
    uint64_t last = v->db.cursor.pos;
    enum status st = journal_reader_open(v->path, &frames, why);

    if (st)
        return st;
    for (uint64_t pos = 0; st == ST_OK && pos < last && !v->finding.found; pos++) {
        struct frame frame;

        st = journal_reader_next(frames, pos, &frame, why);
        if (st == ST_OK)
            st = take_frame(v, &frame, why);
        if (st != ST_NOT_FOUND)
            continue;
        verify_find(
            &v->finding, pos + 1,
            "the journal ends before it; the database stands at position %" PRIu64, last);
        st = look(v, why);
    }
    journal_reader_close(frames);
    return st;
}

/* After all frames: what waits, and the clock that a replay was told to run to, which an
 * aggregator never is. */
static enum status fold_rest(struct verify *v, struct why *why)
{
    enum status st = fold_finish(v->db.fold, why);
    bool is_replay = v->db.origin.journal[0] == '\0';

    if (st == ST_OK && is_replay && v->db.cursor.clock != TIME_NONE)
        st = fold_advance(v->db.fold, v->db.cursor.clock, why);
    if (st == ST_OK)
        st = look(v, why);
    if (st == ST_OK && !v->finding.found)
        verify_cursor(&v->db.cursor, &v->cursor, &v->finding);
    return st;
}

static enum status compare(struct verify *v, struct why *why)
{
    const struct fold_options options = {.known = v->db.cursor.clock};
    enum status st = verify_rows_new(v->db.store, &v->rows, why);

    if (st == ST_OK)
        st = fold_new(&options, &v->db.fold, why);
    if (st == ST_OK)
        st = fold_journal(v, why);
    if (st == ST_OK && !v->finding.found)
        st = fold_rest(v, why);
    if (st == ST_OK)
        st = verify_rest(v->rows, world_clock(fold_world(v->db.fold)), v->db.cursor.pos,
                         &v->finding, why);
    return st;
}

static enum status run(struct verify *v, const char *db, struct why *why)
{
    uint64_t frames;
    enum status st = database_open(db, &v->db, why);

    if (st)
        return st;
    bool is_own = v->db.origin.journal[0] == '\0';

    v->path = settings.journal != NULL ? settings.journal
              : is_own                 ? db
                                       : v->db.origin.journal;
    st = journal_verify(v->path, &frames, why);
    if (st)
        return st;
    if (!is_own)
        st = compare_opening(v, why);
    else if (settings.journal != NULL)
        st = compare_frames(v, db, why);
    return st || v->finding.found ? st : compare(v, why);
}

/* --- output ----------------------------------------------------------------------- */

static void print_difference(const struct verify *v)
{
    if (settings.json) {
        (void)printf("{\"equal\":false,\"position\":%" PRIu64 ",\"what\":",
                     v->finding.pos);
        print_string(stdout, v->finding.text);
        (void)puts("}");
        return;
    }
    (void)printf("they part at position %" PRIu64 ": %s\n", v->finding.pos,
                 v->finding.text);
}

static void print_equal(const struct verify *v)
{
    const struct store_cursor *c = &v->db.cursor;
    char hex[HEX_SIZE(DIGEST_SIZE)];

    hex_format(c->digest, DIGEST_SIZE, hex);
    (void)printf(settings.json ? "{\"equal\":true,\"pos\":%" PRIu64 ",\"seq\":%" PRIu64
                                 ",\"transitions\":%" PRIu64 ",\"quarantined\":%" PRIu64
                                 ",\"digest\":\"%s\"}\n"
                               : "equal: %" PRIu64 " frames, %" PRIu64 " events, %" PRIu64
                                 " transitions, %" PRIu64 " in quarantine, digest %s\n",
                 c->pos, c->seq, v->alerts, c->quarantined, hex);
}

int command_verify(int argc, char **argv)
{
    struct command_line line;
    struct verify v = {0};
    struct why why = {""};
    int code = options_begin(&program, argc, argv, &line);

    if (code >= 0)
        return code;
    if (line.operands_len != 1) {
        (void)fputs("shortfall verify: name one database\n"
                    "Try \"shortfall verify --help\".\n",
                    stderr);
        return EXIT_USAGE;
    }
    enum status st = run(&v, line.operands[0], &why);

    if (st == ST_OK)
        (v.finding.found ? print_difference : print_equal)(&v);
    database_close(&v.db);
    verify_rows_free(v.rows);
    code = st ? command_fail("verify", st, &why) : command_done("verify");
    return code == 0 && v.finding.found ? status_exit_code(ST_CONFLICT) : code;
}
