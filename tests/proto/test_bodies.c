/* Promises, openings, rules and transitions through the wire and back, and what their
 * readers must refuse. */
#include "pack_help.h"

#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

static uint8_t buffer[RULES_BODY_MAX];
static char long_text[RULES_TEXT_MAX + 1];

Test(bodies, a_promise_comes_back_at_every_limit)
{
    static const int64_t times[] = {TIME_MIN,         -1,       0,
                                    1200873600000000, TIME_MAX, TIME_END};
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        size_t len = 0;
        int64_t back = 42;
        struct why why = {""};
        cr_assert(pack_promise(times[i], buffer, PROMISE_BODY_MAX, &len) == ST_OK);
        cr_assert(pack_promise(times[i], buffer, len - 1, &len) == ST_FULL, "row %zu", i);
        enum status st = unpack_promise((struct bytes){buffer, len}, &back, &why);
        cr_assert(st == ST_OK && back == times[i], "row %zu: %s", i, why.text);
    }
}

static void opening_check(const struct opening *opening)
{
    struct opening back;
    struct why why = {""};
    size_t len = 0;
    cr_assert(pack_opening(opening, buffer, OPENING_BODY_MAX, &len) == ST_OK);
    enum status st = unpack_opening((struct bytes){buffer, len}, &back, &why);
    cr_assert(st == ST_OK, "%s", why.text);
    cr_assert(back.clock == opening->clock && back.feeds_len == opening->feeds_len);
    for (size_t i = 0; i < back.feeds_len; i++)
        cr_assert(text_equal(back.feeds[i], opening->feeds[i]), "feed %zu", i);
    cr_assert(pack_opening(opening, buffer, len - 1, &len) == ST_FULL);
}

Test(bodies, an_opening_comes_back_with_none_and_with_all_feeds)
{
    static char names[FEEDS_MAX][FRAME_PRODUCER_MAX];
    struct opening opening = {.clock = CLOCK_RECORDED};
    opening_check(&opening);
    opening.clock = CLOCK_PUBLISHED;
    for (size_t i = 0; i < FEEDS_MAX; i++) {
        memset(names[i], 'a' + (int)i, FRAME_PRODUCER_MAX);
        opening.feeds[opening.feeds_len++] = (struct text){names[i], FRAME_PRODUCER_MAX};
    }
    opening_check(&opening);
}

Test(bodies, rules_come_back_up_to_their_limits_and_not_beyond)
{
    static const struct {
        const char *label;
        uint32_t name, text;
        enum status wanted;
    } rows[] = {
        {"shortest", 1, 0, ST_OK},
        {"longest", RULES_FILE_MAX, RULES_TEXT_MAX, ST_OK},
        {"name one beyond", RULES_FILE_MAX + 1, 1, ST_OVERFLOW},
        {"text one beyond", 1, RULES_TEXT_MAX + 1, ST_OVERFLOW},
    };
    memset(long_text, '\n', sizeof long_text);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char file[RULES_FILE_MAX + 1];
        memset(file, 'r', sizeof file);
        struct text name = {file, rows[i].name}, text = {long_text, rows[i].text};
        struct text name_back, text_back;
        struct why why = {""};
        size_t len = 0;
        enum status st = pack_rules(name, text, buffer, sizeof buffer, &len);
        cr_assert(st == rows[i].wanted, "%s: %s", rows[i].label, status_text(st));
        if (st)
            continue;
        st = unpack_rules((struct bytes){buffer, len}, &name_back, &text_back, &why);
        cr_assert(st == ST_OK, "%s: %s", rows[i].label, why.text);
        cr_assert(text_equal(name, name_back) && text_equal(text, text_back), "%s",
                  rows[i].label);
    }
}

/* A different value in every byte and field, so that no two can be mistaken. */
static struct transition transition_full(void)
{
    struct transition t = {.country = place_find(TEXT_LITERAL("PRK")),
                           .commodity = commodity_find(TEXT_LITERAL("heavy_fuel_oil")),
                           .state = ALERT_RESOLVED,
                           .at = INT64_MIN,
                           .clock = INT64_MAX,
                           .seq = UINT64_MAX,
                           .begun = -7,
                           .ordinal = UINT32_MAX,
                           .readings_len = TRANSITION_TERMS_MAX,
                           .moved_first = UINT64_MAX - 5,
                           .moved_last = UINT64_MAX - 1,
                           .movers_len = TRANSITION_MOVERS_MAX};
    memset(t.uid, 'u', RULE_UID_MAX);
    for (uint8_t i = 0; i < ALERT_HASH_SIZE; i++) {
        t.episode[i] = i;
        t.notification[i] = (uint8_t)(0x40 + i);
        t.rules_hash[i] = (uint8_t)(0xf0 + i);
    }
    t.balance = (struct balance){.country = t.country,
                                 .commodity = t.commodity,
                                 .as_of = TIME_MAX,
                                 .horizon = HORIZON_DEFAULT,
                                 .stock = INT64_MAX - 1,
                                 .unmet = INT64_MAX - 2,
                                 .days_of_cover = VALUE_NONE,
                                 .stock_out = TIME_NONE,
                                 .shortfall = INT64_MAX - 3,
                                 .shortfall_ratio = VALUE_NONE,
                                 .uncovered_deficit = INT64_MAX - 4,
                                 .delivery_ratio = -INT64_MAX,
                                 .overdue = INT64_MAX - 5,
                                 .expected = INT64_MAX - 6};
    for (unsigned i = 0; i < TRANSITION_TERMS_MAX; i++) {
        struct reading *r = &t.readings[i];
        r->term.metric = (enum metric)(i % METRIC_COUNT);
        r->term.horizon = INT64_MAX - i;
        r->term.window = INT64_MAX - 100 - i;
        memset(r->term.market, 'm', EVENT_MARKET_MAX);
        memcpy(r->term.currency, "USD", 4);
        r->comparison = (enum comparison)(i % (GREATER_EQUAL + 1));
        r->value = i == 3 ? VALUE_NONE : INT64_MAX - 200 - i;
        r->threshold = INT64_MIN + 1 + i;
    }
    for (unsigned i = 0; i < TRANSITION_MOVERS_MAX; i++)
        t.movers[i] = UINT64_MAX - 50 + i;
    return t;
}

static bool readings_same(const struct reading *a, const struct reading *b)
{
    return a->term.metric == b->term.metric && a->term.horizon == b->term.horizon &&
           a->term.window == b->term.window && !strcmp(a->term.market, b->term.market) &&
           !strcmp(a->term.currency, b->term.currency) &&
           a->comparison == b->comparison && a->value == b->value &&
           a->threshold == b->threshold;
}

static bool balances_same(const struct balance *a, const struct balance *b)
{
    return a->country == b->country && a->commodity == b->commodity &&
           a->as_of == b->as_of && a->horizon == b->horizon && a->stock == b->stock &&
           a->unmet == b->unmet && a->days_of_cover == b->days_of_cover &&
           a->stock_out == b->stock_out && a->shortfall == b->shortfall &&
           a->shortfall_ratio == b->shortfall_ratio &&
           a->uncovered_deficit == b->uncovered_deficit &&
           a->delivery_ratio == b->delivery_ratio && a->overdue == b->overdue &&
           a->expected == b->expected;
}

static void transition_check(const char *label, const struct transition *t,
                             const struct transition_texts *texts)
{
    struct transition b;
    struct transition_texts back;
    struct why why = {""};
    size_t len = 0;
    cr_assert(pack_transition(t, texts, buffer, TRANSITION_BODY_MAX, &len) == ST_OK, "%s",
              label);
    enum status st = unpack_transition((struct bytes){buffer, len}, &b, &back, &why);
    cr_assert(st == ST_OK, "%s: %s", label, why.text);
    cr_assert(!strcmp(b.uid, t->uid) && b.country == t->country &&
                  b.commodity == t->commodity && b.state == t->state && b.at == t->at &&
                  b.clock == t->clock && b.seq == t->seq && b.begun == t->begun &&
                  b.ordinal == t->ordinal,
              "%s: identity", label);
    cr_assert(!memcmp(b.episode, t->episode, ALERT_HASH_SIZE), "%s: episode", label);
    cr_assert(!memcmp(b.notification, t->notification, ALERT_HASH_SIZE),
              "%s: notification", label);
    cr_assert(!memcmp(b.rules_hash, t->rules_hash, ALERT_HASH_SIZE), "%s: rules", label);
    cr_assert(balances_same(&b.balance, &t->balance), "%s: balance", label);
    cr_assert(b.readings_len == t->readings_len, "%s: readings", label);
    for (size_t i = 0; i < t->readings_len; i++)
        cr_assert(readings_same(&b.readings[i], &t->readings[i]), "%s: reading %zu",
                  label, i);
    cr_assert(b.moved_first == t->moved_first && b.moved_last == t->moved_last &&
                  b.movers_len == t->movers_len &&
                  !memcmp(b.movers, t->movers, sizeof b.movers),
              "%s: moved", label);
    cr_assert(text_equal(back.alert, texts->alert) &&
                  text_equal(back.severity, texts->severity) &&
                  text_equal(back.summary, texts->summary),
              "%s: texts", label);
    for (size_t size = 0; size < len; size += 7)
        cr_assert(pack_transition(t, texts, buffer, size, &len) == ST_FULL,
                  "%s: %zu bytes", label, size);
}

Test(bodies, a_transition_comes_back_with_all_and_with_the_least)
{
    struct transition full = transition_full();
    struct transition least = {.uid = "a",
                               .country = place_find(TEXT_LITERAL("PRK")),
                               .commodity = commodity_find(TEXT_LITERAL("food"))};
    least.balance.country = least.country;
    least.balance.commodity = least.commodity;
    memset(long_text, 's', sizeof long_text);
    struct transition_texts texts = {.alert = {long_text, RULE_NAME_MAX},
                                     .severity = {long_text, TRANSITION_SEVERITY_MAX},
                                     .summary = {long_text, TRANSITION_SUMMARY_MAX}};
    struct transition_texts none = {.alert = {NULL, 0}};
    transition_check("all", &full, &texts);
    transition_check("least", &least, &none);
}

Test(bodies, a_transition_refuses_texts_one_byte_too_long)
{
    struct transition t = transition_full();
    static const uint32_t lens[][3] = {{RULE_NAME_MAX + 1, 0, 0},
                                       {0, TRANSITION_SEVERITY_MAX + 1, 0},
                                       {0, 0, TRANSITION_SUMMARY_MAX + 1}};
    for (size_t i = 0; i < 3; i++) {
        size_t len = 0;
        struct transition_texts texts = {.alert = {long_text, lens[i][0]},
                                         .severity = {long_text, lens[i][1]},
                                         .summary = {long_text, lens[i][2]}};
        enum status st = pack_transition(&t, &texts, buffer, sizeof buffer, &len);
        cr_assert(st == ST_OVERFLOW, "row %zu: %s", i, status_text(st));
    }
}

/* Least transition, with room for what a row puts in: keys 1 to 14. */
#define BEFORE_ORDINAL "01a161 02a350524b 03a4666f6f64 0400 0500 0600 0700 0800"
#define OTHER_HASHES                                                                     \
    "0bc41000000000000000000000000000000000 0cc41000000000000000000000000000000000"
#define HASHES   "0ac41000000000000000000000000000000000" OTHER_HASHES
#define IDENTITY BEFORE_ORDINAL "0900" HASHES
#define BALANCE  "0d9c000000000000000000000000"

enum { PROMISE, OPENING, RULES, TRANSITION };

static const struct {
    const char *label;
    int body;
    const char *hex;
    enum status wanted;
} hostile[] = {
    {"promise", PROMISE, "810100", ST_OK},
    {"promise: empty", PROMISE, "", ST_INVALID},
    {"promise: no key", PROMISE, "80", ST_INVALID},
    {"promise: unknown key", PROMISE, "8201000200", ST_INVALID},
    {"promise: key twice", PROMISE, "8201000100", ST_INVALID},
    {"promise: something after it", PROMISE, "81010000", ST_INVALID},
    {"promise: float", PROMISE, "8101cb0000000000000000", ST_INVALID},
    {"promise: before year 1", PROMISE, "8101d3ff23400100d43fff", ST_OVERFLOW},
    {"promise: year 1", PROMISE, "8101d3ff23400100d44000", ST_OK},
    {"promise: after year 9999", PROMISE, "8101cf0384440ccc736000", ST_OVERFLOW},
    {"promise: year 9999", PROMISE, "8101cf0384440ccc735fff", ST_OK},
    {"promise: above int64", PROMISE, "8101cf8000000000000000", ST_OVERFLOW},
    {"opening", OPENING, "810100", ST_OK},
    {"opening: two feeds", OPENING, "8201010292a161a162", ST_OK},
    {"opening: clock 2", OPENING, "810102", ST_INVALID},
    {"opening: no clock", OPENING, "810290", ST_INVALID},
    {"opening: feed twice", OPENING, "8201010292a161a161", ST_INVALID},
    {"opening: feed no name", OPENING, "8201010291a141", ST_INVALID},
    {"opening: feed empty", OPENING, "8201010291a0", ST_INVALID},
    {"opening: feeds a text", OPENING, "82010102a161", ST_INVALID},
    {"opening: 17 feeds", OPENING,
     "82010102dc0011a161a162a163a164a165a166a167a168a169a16aa16ba16ca16da16ea16fa170a"
     "171",
     ST_INVALID},
    {"opening: unknown key", OPENING, "8201000300", ST_INVALID},
    {"rules", RULES, "8201a17202a178", ST_OK},
    {"rules: nothing in them", RULES, "8201a17202a0", ST_OK},
    {"rules: no name", RULES, "8102a178", ST_INVALID},
    {"rules: empty name", RULES, "8201a002a178", ST_INVALID},
    {"rules: line break in the name", RULES, "8201a10a02a178", ST_INVALID},
    {"rules: no text", RULES, "8101a172", ST_INVALID},
    {"rules: bytes as text", RULES, "8201a17202c40178", ST_INVALID},
    {"rules: unknown key", RULES, "8301a17202a1780300", ST_INVALID},
    {"transition", TRANSITION, "8e" IDENTITY BALANCE "0e90", ST_OK},
    {"transition: unknown keys", TRANSITION,
     "de0010" IDENTITY BALANCE "0e90 cd012c9100 d0ff81a16100", ST_OK},
    {"transition: unknown key twice", TRANSITION,
     "de0010" IDENTITY BALANCE "0e90 3f00 3f00", ST_OK},
    {"transition: unknown key, too deep", TRANSITION,
     "8f" IDENTITY BALANCE "0e90 3f 91919190", ST_INVALID},
    {"transition: balance has more", TRANSITION,
     "8e" IDENTITY "0d9dc0c0c0c0c0c0c0c0c0c0c0c09100 0e90", ST_OK},
    {"transition: balance has less", TRANSITION,
     "8e" IDENTITY "0d9b0000000000000000000000 0e90", ST_INVALID},
    {"transition: a reading", TRANSITION, "8e" IDENTITY BALANCE "0e91980000c0000000a0a0",
     ST_OK},
    {"transition: a reading has more", TRANSITION,
     "8e" IDENTITY BALANCE "0e91990000c0000000a0a0c3", ST_OK},
    {"transition: another reading behind one that has more", TRANSITION,
     "8e" IDENTITY BALANCE "0e92990000c0000000a0a0c3980000c0000000a0a0", ST_OK},
    {"transition: no reading behind one that has more", TRANSITION,
     "8e" IDENTITY BALANCE "0e92990000c0000000a0a0c390", ST_INVALID},
    {"transition: moved has more", TRANSITION, "8f" IDENTITY BALANCE "0e90 0f93010290",
     ST_OK},
    {"transition: ordinal 2^32 - 1", TRANSITION,
     "8e" BEFORE_ORDINAL "09ceffffffff" HASHES BALANCE "0e90", ST_OK},
    {"transition: ordinal 2^32", TRANSITION,
     "8e" BEFORE_ORDINAL "09cf0000000100000000" HASHES BALANCE "0e90", ST_OVERFLOW},
    {"transition: hash of 15 bytes", TRANSITION,
     "8e" BEFORE_ORDINAL "0900 0ac40f000000000000000000000000000000" OTHER_HASHES BALANCE
     "0e90",
     ST_INVALID},
    {"transition: last metric", TRANSITION,
     "8e" IDENTITY BALANCE "0e91980b03c0000000a0a0", ST_OK},
    {"transition: metric beyond", TRANSITION,
     "8e" IDENTITY BALANCE "0e91980c00c0000000a0a0", ST_INVALID},
    {"transition: comparison beyond", TRANSITION,
     "8e" IDENTITY BALANCE "0e91980004c0000000a0a0", ST_INVALID},
    {"transition: currency of 4", TRANSITION,
     "8e" IDENTITY BALANCE "0e91980000c0000000a0a455534444", ST_INVALID},
    {"transition: 17 readings", TRANSITION,
     "8e" IDENTITY BALANCE "0edc0011c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0", ST_INVALID},
    {"transition: no readings", TRANSITION, "8d" IDENTITY BALANCE, ST_INVALID},
    {"transition: moved", TRANSITION, "8f" IDENTITY BALANCE "0e90 0f920102", ST_OK},
    {"transition: moved by one", TRANSITION, "8f" IDENTITY BALANCE "0e90 0f920101",
     ST_OK},
    {"transition: moved from nothing", TRANSITION, "8f" IDENTITY BALANCE "0e90 0f920001",
     ST_INVALID},
    {"transition: moved to nothing", TRANSITION, "8f" IDENTITY BALANCE "0e90 0f920100",
     ST_INVALID},
    {"transition: moved in another order", TRANSITION,
     "8f" IDENTITY BALANCE "0e90 0f920201", ST_OK},
    {"transition: moved has one", TRANSITION, "8f" IDENTITY BALANCE "0e90 0f9101",
     ST_INVALID},
    {"transition: mover below 0", TRANSITION, "8f" IDENTITY BALANCE "0e90 1091ff",
     ST_OVERFLOW},
    {"transition: 33 movers", TRANSITION,
     "8f" IDENTITY BALANCE "0e90 10dc0021"
     "000000000000000000000000000000000000000000000000000000000000000000",
     ST_INVALID},
    {"transition: severity of 32", TRANSITION,
     "8f" IDENTITY BALANCE "0e90 12d920"
     "7777777777777777777777777777777777777777777777777777777777777777",
     ST_OVERFLOW},
    {"transition: summary not UTF-8", TRANSITION, "8f" IDENTITY BALANCE "0e90 13a1ff",
     ST_INVALID},
    {"transition: state 2", TRANSITION, "8104 02", ST_INVALID},
};

static enum status unpack_any(int kind, struct bytes body, struct why *why)
{
    struct opening opening;
    struct transition transition;
    struct transition_texts texts;
    struct text name, text;
    int64_t before = 0;
    if (kind == PROMISE)
        return unpack_promise(body, &before, why);
    if (kind == OPENING)
        return unpack_opening(body, &opening, why);
    if (kind == RULES)
        return unpack_rules(body, &name, &text, why);
    return unpack_transition(body, &transition, &texts, why);
}

Test(bodies, readers_refuse_what_is_wrong_and_skip_what_a_newer_transition_adds)
{
    for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
        struct bytes body = {buffer, from_hex(hostile[i].hex, buffer, sizeof buffer)};
        struct why why = {""};
        enum status st = unpack_any(hostile[i].body, body, &why);
        cr_assert(st == hostile[i].wanted, "%s: %s (%s)", hostile[i].label,
                  status_text(st), why.text);
        cr_assert(st == ST_OK || why.text[0], "%s: no reason", hostile[i].label);
    }
}

/* A copy in a block of its own, so that a read beyond the end is seen by the sanitizer.
 */
Test(bodies, every_truncation_of_a_full_transition_is_refused)
{
    struct transition t = transition_full();
    struct transition_texts texts = {.alert = TEXT_LITERAL("FuelAidShort")};
    size_t len = 0;
    cr_assert(pack_transition(&t, &texts, buffer, sizeof buffer, &len) == ST_OK);
    for (size_t cut = 0; cut < len; cut++) {
        uint8_t *copy = malloc(cut + 1);
        struct why why = {""};
        cr_assert(copy != NULL);
        memcpy(copy + 1, buffer, cut);
        enum status st = unpack_any(TRANSITION, (struct bytes){copy + 1, cut}, &why);
        cr_assert(st == ST_INVALID, "%zu bytes: %s", cut, status_text(st));
        free(copy);
    }
}
