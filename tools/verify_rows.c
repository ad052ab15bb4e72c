/* Transitions are compared one by one, by all that is printed of them and by their
 * balance; quarantined events by their seq. */
#include "verify_rows.h"

#include "shortfall/proto/alert_json.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE_ROWS 64

struct verify_rows {
    struct store *store;
    struct alert_row page[PAGE_ROWS];
    size_t page_len, page_at;
    uint64_t read; /* rows that were in pages so far: the last outbox position */
    struct quarantine_row *quarantine; /* by seq */
    bool *met;
    size_t quarantine_len;
    char stored_json[ALERT_JSON_SIZE], folded_json[ALERT_JSON_SIZE];
};

void verify_find(struct verify_finding *finding, uint64_t pos, const char *format, ...)
{
    va_list args;

    if (finding->found && finding->pos <= pos)
        return;
    finding->found = true;
    finding->pos = pos;
    va_start(args, format);
    if (vsnprintf(finding->text, sizeof finding->text, format, args) < 0)
        finding->text[0] = '\0';
    va_end(args);
}

/* --- reading the store ------------------------------------------------------------ */

struct quarantine_list {
    struct quarantine_row *rows;
    size_t len, max;
    bool out_of_memory;
};

static bool take_quarantine(void *self, const struct quarantine_row *row)
{
    struct quarantine_list *list = self;

    if (list->len == list->max) {
        size_t max = list->max == 0 ? 64 : 2 * list->max;
        struct quarantine_row *rows = realloc(list->rows, max * sizeof *rows);

        if (rows == NULL) {
            list->out_of_memory = true;
            return false;
        }
        list->rows = rows;
        list->max = max;
    }
    list->rows[list->len++] = *row;
    return true;
}

enum status verify_rows_new(struct store *store, struct verify_rows **out,
                            struct why *why)
{
    struct verify_rows *rows = calloc(1, sizeof *rows);
    struct quarantine_list list = {0};

    if (rows == NULL)
        return why_set(why, ST_NO_MEMORY, "compare rows: no memory");
    rows->store = store;
    enum status st = store_quarantine(store, SIZE_MAX, take_quarantine, &list, why);

    rows->quarantine = list.rows;
    rows->quarantine_len = list.len;
    rows->met = calloc(list.len + 1, sizeof *rows->met);
    if (st == ST_OK && (list.out_of_memory || rows->met == NULL))
        st = why_set(why, ST_NO_MEMORY, "compare rows: no memory");
    if (st) {
        verify_rows_free(rows);
        return st;
    }
    *out = rows;
    return ST_OK;
}

void verify_rows_free(struct verify_rows *rows)
{
    if (rows == NULL)
        return;
    free(rows->quarantine);
    free(rows->met);
    free(rows);
}

static bool take_alert(void *self, uint64_t outbox_pos, const struct alert_row *row)
{
    struct verify_rows *rows = self;

    rows->page[rows->page_len++] = *row;
    rows->read = outbox_pos;
    return true;
}

/* The store's next transition; NULL: it has no more. */
static enum status next_alert(struct verify_rows *rows, const struct alert_row **out,
                              struct why *why)
{
    enum status st = ST_OK;

    if (rows->page_at == rows->page_len) {
        rows->page_at = rows->page_len = 0;
        st = store_alerts(rows->store, rows->read, PAGE_ROWS, take_alert, rows, why);
    }
    if (st)
        return st;
    *out = rows->page_at < rows->page_len ? &rows->page[rows->page_at++] : NULL;
    return ST_OK;
}

/* --- comparing -------------------------------------------------------------------- */

static void alert_json(const struct alert_row *row, char out[ALERT_JSON_SIZE])
{
    const struct transition_texts texts = {text_of(row->alert), text_of(row->severity),
                                           text_of(row->summary)};
    size_t len;
    enum status st =
        alert_json_write(&row->transition, &texts, out, ALERT_JSON_SIZE, &len);

    assert(st == ST_OK); /* the size holds any transition */
    (void)st;
}

static bool balance_equal(const struct balance *a, const struct balance *b)
{
    return a->as_of == b->as_of && a->horizon == b->horizon && a->stock == b->stock &&
           a->unmet == b->unmet && a->days_of_cover == b->days_of_cover &&
           a->stock_out == b->stock_out && a->shortfall == b->shortfall &&
           a->shortfall_ratio == b->shortfall_ratio &&
           a->uncovered_deficit == b->uncovered_deficit &&
           a->delivery_ratio == b->delivery_ratio && a->overdue == b->overdue &&
           a->expected == b->expected;
}

#define ALERT_TEXT_SIZE (RULE_UID_MAX + 96)

/* "prk-food PRK food firing at 2009-05-30T00:00:00Z". */
static const char *alert_text(const struct alert_row *row, char out[ALERT_TEXT_SIZE])
{
    const struct transition *t = &row->transition;
    char at[TIMESTAMP_SIZE];

    (void)snprintf(out, ALERT_TEXT_SIZE, "%.64s %s %.32s %s at %s", t->uid,
                   place_code(t->country), commodity_code(t->commodity),
                   alert_state_name(t->state), timestamp_format(t->at, at));
    return out;
}

enum status verify_alert(struct verify_rows *rows, const struct alert_row *row,
                         uint64_t pos, struct verify_finding *finding, struct why *why)
{
    const struct alert_row *stored = NULL;
    char want[ALERT_TEXT_SIZE];
    char have[ALERT_TEXT_SIZE];
    enum status st = next_alert(rows, &stored, why);

    if (st)
        return st;
    if (stored == NULL) {
        verify_find(finding, pos,
                    "the journal gives %s, which the database does not have",
                    alert_text(row, want));
        return ST_OK;
    }
    alert_json(stored, rows->stored_json);
    alert_json(row, rows->folded_json);
    if (strcmp(alert_text(row, want), alert_text(stored, have)) != 0)
        verify_find(finding, pos, "the journal gives %s, the database has %s", want,
                    have);
    else if (strcmp(rows->stored_json, rows->folded_json) != 0 ||
             !balance_equal(&row->transition.balance, &stored->transition.balance))
        verify_find(finding, pos, "%s stands with other evidence in the database", want);
    return ST_OK;
}

static int seq_compare(const void *key, const void *element)
{
    const uint64_t *seq = key;
    const struct quarantine_row *row = element;

    return *seq < row->seq ? -1 : *seq > row->seq;
}

void verify_quarantine(struct verify_rows *rows, const struct quarantine_row *row,
                       struct verify_finding *finding)
{
    const struct quarantine_row *stored =
        rows->quarantine_len == 0
            ? NULL
            : bsearch(&row->seq, rows->quarantine, rows->quarantine_len,
                      sizeof rows->quarantine[0], seq_compare);

    if (stored == NULL) {
        verify_find(finding, row->pos,
                    "event %" PRIu32 ", %s/%s, is in quarantine (%s), which the database "
                    "does not say",
                    row->index + 1, row->source, row->id, verdict_name(row->verdict));
        return;
    }
    rows->met[stored - rows->quarantine] = true;
    if (stored->pos != row->pos || stored->index != row->index ||
        stored->clock != row->clock || stored->verdict != row->verdict ||
        stored->revision != row->revision || strcmp(stored->source, row->source) != 0 ||
        strcmp(stored->id, row->id) != 0)
        verify_find(finding, row->pos,
                    "event %" PRIu32 ", %s/%s, stands otherwise in the database's "
                    "quarantine",
                    row->index + 1, row->source, row->id);
}

enum status verify_rest(struct verify_rows *rows, int64_t clock, uint64_t pos,
                        struct verify_finding *finding, struct why *why)
{
    const struct alert_row *stored = NULL;
    char text[ALERT_TEXT_SIZE];
    enum status st = ST_OK;

    for (size_t i = 0; i < rows->quarantine_len; i++) {
        const struct quarantine_row *row = &rows->quarantine[i];

        if (!rows->met[i] && row->clock <= clock)
            verify_find(finding, row->pos,
                        "the database has %s/%s in quarantine (%s), which the journal "
                        "does not give",
                        row->source, row->id, verdict_name(row->verdict));
    }
    if (!finding->found)
        st = next_alert(rows, &stored, why);
    /* An aggregator may have written more since its cursor was read. */
    if (st == ST_OK && stored != NULL && stored->transition.clock <= clock)
        verify_find(finding, pos,
                    "the database has %s, which the journal up to there does not give",
                    alert_text(stored, text));
    return st;
}

void verify_cursor(const struct store_cursor *stored, const struct store_cursor *folded,
                   struct verify_finding *finding)
{
    char have[HEX_SIZE(DIGEST_SIZE)];
    char want[HEX_SIZE(DIGEST_SIZE)];
    const struct {
        const char *name;
        uint64_t stored, folded;
    } counts[] = {
        {"events", stored->seq, folded->seq},
        {"applied events", stored->applied, folded->applied},
        {"repeated events", stored->repeated, folded->repeated},
        {"superseded events", stored->superseded, folded->superseded},
        {"quarantined events", stored->quarantined, folded->quarantined},
        {"late events", stored->late, folded->late},
    };

    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        if (counts[i].stored != counts[i].folded)
            verify_find(finding, stored->pos,
                        "the database counts %" PRIu64 " %s, the journal gives %" PRIu64,
                        counts[i].stored, counts[i].name, counts[i].folded);
    }
    if (stored->clock != folded->clock)
        verify_find(finding, stored->pos, "the database has another clock");
    if (memcmp(stored->digest, folded->digest, DIGEST_SIZE) != 0)
        verify_find(
            finding, stored->pos,
            "the database states the digest %s, the journal gives %s; transitions "
            "and quarantine agree up to there",
            hex_format(stored->digest, DIGEST_SIZE, have),
            hex_format(folded->digest, DIGEST_SIZE, want));
}
