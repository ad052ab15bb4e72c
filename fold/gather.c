/* Effects as they gather: growing arrays, and copies of the frames where they are kept.
 */
#include "gather.h"

#include "shortfall/proto/rules.h"

#include <stdlib.h>
#include <string.h>

enum status gather_init(struct gather *g)
{
    *g = (struct gather){0};
    g->changed = calloc(place_count() * commodity_count(), 1);
    return g->changed == NULL ? ST_NO_MEMORY : ST_OK;
}

static void frame_free(struct frame *frame)
{
    union {
        const void *lent;
        void *owned; /* gather_frame made the one block that holds all three */
    } block = {frame->producer.at};

    free(block.owned);
}

void gather_clear(struct gather *g)
{
    for (size_t i = 0; i < g->frames_len; i++)
        frame_free(&g->frames[i]);
    g->alerts_len = g->quarantine_len = g->balances_len = g->frames_len = 0;
}

void gather_free(struct gather *g)
{
    gather_clear(g);
    free(g->alerts);
    free(g->quarantine);
    free(g->balances);
    free(g->changed);
    free(g->frames);
    *g = (struct gather){0};
}

/* Room for one more item; `array` is left as it was when there is none. */
static void *grow(void *array, size_t len, size_t *max, size_t item_size)
{
    if (len < *max)
        return array;
    size_t more = *max == 0 ? 64 : 2 * *max;
    void *grown = realloc(array, more * item_size);

    if (grown != NULL)
        *max = more;
    return grown;
}

static const struct rule *rule_of(const struct ruleset *rules, const char *uid)
{
    for (size_t i = 0; rules != NULL && i < rules->rules_len; i++) {
        if (strcmp(rules->rules[i].uid, uid) == 0)
            return &rules->rules[i];
    }
    return NULL;
}

void gather_transition(void *self, const struct transition *transition)
{
    struct gather *g = self;
    void *grown = grow(g->alerts, g->alerts_len, &g->alerts_max, sizeof g->alerts[0]);

    if (grown == NULL) {
        g->out_of_memory = true;
        return;
    }
    g->alerts = grown;
    struct alert_row *row = &g->alerts[g->alerts_len++];
    const struct rule *rule = rule_of(g->rules, transition->uid);

    memset(row, 0, sizeof *row);
    row->transition = *transition;
    if (rule == NULL)
        return;
    const char *severity = rules_label(rule, "severity");

    text_copy(text_of(rule->alert), row->alert, sizeof row->alert);
    text_copy(text_of(severity == NULL ? "" : severity), row->severity,
              sizeof row->severity);
    (void)rules_summary(rule, transition, row->summary, sizeof row->summary);
}

void gather_changed(void *self, place_id country, commodity_id commodity)
{
    struct gather *g = self;

    g->changed[(size_t)country * commodity_count() + commodity] = 1;
}

void gather_quarantine(struct gather *g, const struct quarantine_row *row)
{
    void *grown = grow(g->quarantine, g->quarantine_len, &g->quarantine_max, sizeof *row);

    if (grown == NULL) {
        g->out_of_memory = true;
        return;
    }
    g->quarantine = grown;
    g->quarantine[g->quarantine_len++] = *row;
}

enum status gather_frame(struct gather *g, const struct frame *frame)
{
    void *grown = grow(g->frames, g->frames_len, &g->frames_max, sizeof *frame);
    size_t size = frame->producer.len + frame->cursor.len + frame->body.len + 1;
    char *block = grown == NULL ? NULL : malloc(size);

    if (grown != NULL)
        g->frames = grown;
    if (block == NULL)
        return ST_NO_MEMORY;
    struct frame copy = *frame;
    char *at = block;

    memcpy(at, frame->producer.at, frame->producer.len);
    copy.producer.at = at;
    at += frame->producer.len;
    if (frame->cursor.len > 0)
        memcpy(at, frame->cursor.at, frame->cursor.len);
    copy.cursor.at = (const uint8_t *)at;
    at += frame->cursor.len;
    if (frame->body.len > 0)
        memcpy(at, frame->body.at, frame->body.len);
    copy.body.at = (const uint8_t *)at;
    g->frames[g->frames_len++] = copy;
    return ST_OK;
}

enum status gather_balances(struct gather *g, struct world *w, struct why *why)
{
    enum status st = world_settle(w, why);

    g->balances_len = 0;
    if (st)
        return st;
    for (size_t i = 0; i < world_accounts_len(w); i++) {
        place_id country;
        commodity_id commodity;

        world_account_key(w, i, &country, &commodity);
        if (!g->changed[(size_t)country * commodity_count() + commodity])
            continue;
        void *grown =
            grow(g->balances, g->balances_len, &g->balances_max, sizeof g->balances[0]);

        if (grown == NULL)
            return why_set(why, ST_NO_MEMORY, "gather balances: no memory");
        g->balances = grown;
        st = world_balance(w, country, commodity, world_clock(w), HORIZON_DEFAULT,
                           &g->balances[g->balances_len++], why);
        if (st)
            return st;
    }
    memset(g->changed, 0, place_count() * commodity_count());
    return ST_OK;
}
