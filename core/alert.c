/* inactive -> pending -> firing -> inactive, each at the exact instant. */
#include "alert.h"

#include "outlook.h"

#include <assert.h>
#include <string.h>

#define PURPOSE_EPISODE      UINT64_C(0x73662d657069)
#define PURPOSE_NOTIFICATION UINT64_C(0x73662d6e6f74)
#define PURPOSE_ALERT        UINT64_C(0x73662d616c65)

const char *alert_state_name(enum alert_state state)
{
    return state == ALERT_FIRING ? "firing" : "resolved";
}

/* --- what a transition says --------------------------------------------------------- */

struct alert_key {
    unsigned char bytes[RULE_UID_MAX + 1 + 16 + 1 + 64 + 64];
    size_t len;
};

static void key_add(struct alert_key *key, const void *bytes, size_t len)
{
    assert(key->len + len <= sizeof key->bytes);
    memcpy(key->bytes + key->len, bytes, len);
    key->len += len;
}

static void key_add_number(struct alert_key *key, int64_t value)
{
    unsigned char bytes[8];

    for (unsigned i = 0; i < 8; i++)
        bytes[i] = (unsigned char)((uint64_t)value >> (8 * i));
    key_add(key, bytes, sizeof bytes);
}

/* uid NUL country NUL commodity NUL: names, not numbers, so that a larger table of codes
 * does not rename an alert. */
static struct alert_key key_of(const struct world *w, const struct instance *i)
{
    const struct account *a = account_at(w, i->account);
    const char *parts[3] = {instance_rule(w, i)->uid, place_code(a->country),
                            commodity_code(a->commodity)};
    struct alert_key key = {.len = 0};

    for (size_t p = 0; p < 3; p++)
        key_add(&key, parts[p], strlen(parts[p]) + 1);
    return key;
}

static void fill_identity(const struct world *w, const struct instance *i,
                          struct transition *t)
{
    struct alert_key key = key_of(w, i);

    key_add_number(&key, i->since);
    key_add_number(&key, i->ordinal);
    hash128_bytes(hash128_of(key.bytes, key.len, PURPOSE_EPISODE), t->episode);
    key.len = 0;
    key_add(&key, t->episode, sizeof t->episode);
    key_add_number(&key, (int64_t)t->state);
    hash128_bytes(hash128_of(key.bytes, key.len, PURPOSE_NOTIFICATION), t->notification);
}

static void fill_movers(const struct world *w, const struct instance *i,
                        struct transition *t)
{
    const struct account *a = account_at(w, i->account);
    uint32_t kept =
        a->movers_len < TRANSITION_MOVERS_MAX ? a->movers_len : TRANSITION_MOVERS_MAX;

    if (kept > a->movers_len - i->quiet_moves)
        kept = a->movers_len - i->quiet_moves;
    for (uint32_t n = kept; n > 0; n--)
        t->movers[t->movers_len++] =
            a->movers[(a->movers_len - n) % TRANSITION_MOVERS_MAX];
    if (t->movers_len > 0) {
        /* A rule that is younger than what moved the account has seen none of it. */
        t->moved_first = i->moved_first ? i->moved_first : t->movers[0];
        t->moved_last = t->movers[t->movers_len - 1];
    }
}

static void fill_readings(struct view *v, const struct expr *expr,
                          const struct bounds *bounds, struct transition *t)
{
    for (size_t n = 0; n < expr->len && t->readings_len < TRANSITION_TERMS_MAX; n++) {
        const struct expr_node *node = &expr->nodes[n];

        if (node->op != EXPR_COMPARE)
            continue;
        t->readings[t->readings_len++] = (struct reading){
            .term = node->term,
            .comparison = node->comparison,
            .value = metric_value(v, &node->term, &bounds->list[n]),
            .threshold = bound_value(&bounds->list[n], node->term.metric)};
    }
}

/* The condition that decided: `when` for a beginning, `clear` (else `when`) for an end.
 */
static void emit(struct world *w, struct instance *i, enum alert_state state,
                 int64_t time, const struct alert_context *context)
{
    assert(context != NULL); /* without one, judge() has gone back */
    const struct rule *rule = instance_rule(w, i);
    const struct account *a = account_at(w, i->account);
    const struct expr *expr =
        state == ALERT_RESOLVED && rule->clear.len > 0 ? &rule->clear : &rule->when;
    struct bounds bounds;
    struct view v = view_open(w, i->account, time);
    struct transition t = {.country = a->country,
                           .commodity = a->commodity,
                           .state = state,
                           .at = time,
                           .clock = context->clock,
                           .seq = w->seq,
                           .begun = i->since,
                           .ordinal = i->ordinal};

    text_copy(text_of(rule->uid), t.uid, sizeof t.uid);
    memcpy(t.rules_hash, w->rules->hash, sizeof t.rules_hash);
    fill_identity(w, i, &t);
    metric_balance(&v, HORIZON_DEFAULT, &t.balance);
    bounds_make(expr, a->commodity, &bounds);
    fill_readings(&v, expr, &bounds, &t);
    fill_movers(w, i, &t);
    context->sink->transition(context->sink->self, &t);
}

/* --- the machine ------------------------------------------------------------------ */

static void begin_episode(struct instance *i, int64_t time)
{
    i->ordinal = i->last_begun == time ? i->ordinal + 1 : 0;
    i->last_begun = time;
    i->since = time;
    i->state = INSTANCE_PENDING;
}

static void end_episode(struct instance *i)
{
    i->state = INSTANCE_INACTIVE;
    i->since = TIME_NONE;
    i->clear_since = TIME_NONE;
}

/* From here on the evidence for the next change is gathered anew. */
static void mark_quiet(const struct world *w, struct instance *i)
{
    i->moved_first = 0;
    i->quiet_moves = account_at(w, i->account)->movers_len;
}

static void judge_firing(struct world *w, struct instance *i, enum truth clear,
                         int64_t time, const struct alert_context *context)
{
    if (clear == TRUTH_FALSE) {
        i->clear_since = TIME_NONE;
        mark_quiet(w, i);
        return;
    }
    if (clear == TRUTH_UNKNOWN)
        return;
    if (i->clear_since == TIME_NONE)
        i->clear_since = time;
    if (time - i->clear_since < instance_rule(w, i)->keep)
        return;
    emit(w, i, ALERT_RESOLVED, time, context);
    end_episode(i);
    mark_quiet(w, i);
}

static void judge_idle(struct world *w, struct instance *i, enum truth when, int64_t time,
                       const struct alert_context *context)
{
    if (when == TRUTH_FALSE) {
        end_episode(i);
        mark_quiet(w, i);
        return;
    }
    if (when == TRUTH_UNKNOWN)
        return;
    if (i->state == INSTANCE_INACTIVE)
        begin_episode(i, time);
    if (time - i->since < instance_rule(w, i)->hold)
        return;
    emit(w, i, ALERT_FIRING, time, context);
    i->state = INSTANCE_FIRING;
    i->clear_since = TIME_NONE;
    mark_quiet(w, i);
}

/* Where `when` is true, `clear` counts as false; without a `clear`, it is not `when`. */
static enum truth clear_truth(enum truth when, bool has_clear, enum truth clear)
{
    if (when == TRUTH_TRUE)
        return TRUTH_FALSE;
    if (has_clear)
        return clear;
    return when == TRUTH_FALSE ? TRUTH_TRUE : TRUTH_UNKNOWN;
}

static int64_t sooner(int64_t a, int64_t b)
{
    if (a == TIME_NONE)
        return b;
    return b == TIME_NONE || a < b ? a : b;
}

/* The waiting times of the machine itself, where they run. */
static int64_t timer_of(const struct rule *rule, const struct instance *i,
                        enum truth when, enum truth clear, int64_t time)
{
    int64_t due = TIME_NONE;

    if (i->state == INSTANCE_PENDING && when == TRUTH_TRUE)
        due = i->since + rule->hold;
    if (i->state == INSTANCE_FIRING && clear == TRUTH_TRUE)
        due = i->clear_since + rule->keep;
    return due > time ? due : TIME_NONE;
}

/* How far it is worth looking from `time`: farther each time the outlook came to its end
 * undisturbed, less far where it is thrown away long before that. */
static int64_t reach_end(struct account *a, int64_t time)
{
    int64_t least = INT64_C(1) << (a->reach - 3);

    if (a->judged != time) {
        bool early = a->judged != TIME_NONE && time - a->judged < least;

        if (!a->touched && a->reach < REACH_MOST)
            a->reach++;
        if (a->touched && early && a->reach > REACH_LEAST)
            a->reach--;
        a->judged = time;
    }
    return TIME_MAX - time < INT64_C(1) << a->reach ? TIME_MAX
                                                    : time + (INT64_C(1) << a->reach);
}

struct judgement {
    struct bounds when_bounds, clear_bounds;
    enum truth when, clear;
};

static void judgement_make(struct view *v, const struct rule *rule, struct judgement *out)
{
    commodity_id commodity = v->account->commodity;
    enum truth clear = TRUTH_UNKNOWN;

    bounds_make(&rule->when, commodity, &out->when_bounds);
    out->when = expr_truth(v, &rule->when, &out->when_bounds);
    if (rule->clear.len > 0) {
        bounds_make(&rule->clear, commodity, &out->clear_bounds);
        clear = expr_truth(v, &rule->clear, &out->clear_bounds);
    }
    out->clear = clear_truth(out->when, rule->clear.len > 0, clear);
}

/* Whether the judgement brings a transition, of which somebody must be told. */
static bool brings_transition(const struct rule *rule, const struct instance *i,
                              const struct judgement *j, int64_t time)
{
    if (i->state == INSTANCE_FIRING)
        return j->clear == TRUTH_TRUE &&
               (i->clear_since == TIME_NONE ? 0 : time - i->clear_since) >= rule->keep;
    return j->when == TRUTH_TRUE &&
           (i->state == INSTANCE_INACTIVE ? 0 : time - i->since) >= rule->hold;
}

static void schedule_next(struct world *w, uint32_t instance, struct view *v,
                          const struct judgement *j, int64_t until)
{
    const struct instance *i = instance_at(w, instance);
    const struct rule *rule = instance_rule(w, i);
    bool asks_clear = i->state == INSTANCE_FIRING && rule->clear.len > 0;
    int64_t due = timer_of(rule, i, j->when, j->clear, v->clock);

    if (!v->account->touched && expr_is_settled(v, &rule->when, &j->when_bounds) &&
        (!asks_clear || expr_is_settled(v, &rule->clear, &j->clear_bounds)))
        until = TIME_MAX;
    due = sooner(due, expr_next_change(v, &rule->when, &j->when_bounds, until));
    if (asks_clear)
        due = sooner(due, expr_next_change(v, &rule->clear, &j->clear_bounds, until));
    instance_schedule(w, instance, due);
}

/* False, and nothing is moved, when a transition is due but there is no context. */
static bool judge(struct world *w, uint32_t instance, struct view *v, int64_t until,
                  const struct alert_context *context)
{
    struct instance *i = instance_at(w, instance);
    const struct rule *rule = instance_rule(w, i);
    struct judgement j;

    if (v->account->touched && i->moved_first == 0)
        i->moved_first = v->account->step_first;
    judgement_make(v, rule, &j);
    if (context == NULL && brings_transition(rule, i, &j, v->clock))
        return false;
    i->unknown = (i->state == INSTANCE_FIRING ? j.clear : j.when) == TRUTH_UNKNOWN;
    if (i->state == INSTANCE_FIRING)
        judge_firing(w, i, j.clear, v->clock, context);
    else
        judge_idle(w, i, j.when, v->clock, context);
    schedule_next(w, instance, v, &j, until);
    return true;
}

void alert_judge(struct world *w, uint32_t instance, int64_t time,
                 const struct alert_context *context)
{
    struct view v = view_open(w, instance_at(w, instance)->account, time);
    bool done = judge(w, instance, &v, reach_end(v.account, time), context);

    assert(done);
    (void)done;
}

void account_judge(struct world *w, uint32_t account, int64_t time)
{
    struct account *a = account_at(w, account);
    struct view v = view_open(w, account, time);
    int64_t until = reach_end(a, time);

    a->quieted = time;
    for (uint32_t n = a->first_instance; n != INDEX_NONE;
         n = instance_at(w, n)->next_of_account) {
        bool is_due = a->touched || instance_due(w, n) == time;

        if (is_due && !judge(w, n, &v, until, NULL))
            instance_schedule(w, n, time);
    }
}

void alert_withdraw(struct world *w, struct instance *i, int64_t time,
                    const struct alert_context *context)
{
    emit(w, i, ALERT_RESOLVED, time, context);
    end_episode(i);
}

struct hash128 alert_sum(const struct world *w)
{
    struct hash128 sum = {0, 0};

    for (uint32_t n = 0; n < w->instances.len; n++) {
        const struct instance *i = instance_at(w, n);

        if (i->state == INSTANCE_INACTIVE)
            continue;
        struct alert_key key = key_of(w, i);

        key_add_number(&key, i->state);
        key_add_number(&key, i->since);
        key_add_number(&key, i->clear_since);
        sum = hash128_add(sum, hash128_of(key.bytes, key.len, PURPOSE_ALERT));
    }
    return sum;
}
