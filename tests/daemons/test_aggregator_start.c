/* The aggregator's start: a journal's folder folded into a store, in one go or in
 * several, and the states in which it must refuse to go on. */
#include "../../daemons/aggregator_parts.h"

#include "shortfall/daemons/log.h"
#include "shortfall/proto/json.h"
#include "shortfall/storage/journal.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/shortfall-start-XXXXXX";

static void begin(void)
{
    cr_assert(mkdtemp(folder));
    cr_assert(!chdir(folder));
    log_begin("test", LOG_FATAL, STDERR_FILENO);
}

static void end(void)
{
    char command[64];

    snprintf(command, sizeof command, "rm -rf %s", folder);
    cr_assert_eq(system(command), 0);
}

TestSuite(aggregator_start, .init = begin, .fini = end);

/* --- a journal ---------------------------------------------------------------------- */

#define RULES                                                                            \
    "version: 1\ngroups:\n  - name: g\n    rules:\n"                                     \
    "      - alert: Low\n        uid: low\n"                                             \
    "        for_each: {country: [PRK], commodity: [rice]}\n"                            \
    "        when: stock < 5 t\n"

static void append(struct journal *j, const char *producer, uint64_t number,
                   enum frame_type type, uint32_t events, struct bytes body)
{
    struct frame frame = {.type = type,
                          .events = events,
                          .clock = (int64_t)journal_tail(j).pos + 1,
                          .producer = text_of(producer),
                          .number = number,
                          .body = body};
    struct why why = {""};

    cr_assert_eq(journal_append(j, &frame, 1, &why), ST_OK, "%s", why.text);
}

static void append_opening(struct journal *j, enum clock_kind clock, const char *feed)
{
    uint8_t body[OPENING_BODY_MAX];
    struct opening opening = {.clock = clock};
    size_t len;

    if (feed != NULL)
        opening.feeds[opening.feeds_len++] = text_of(feed);
    cr_assert_eq(pack_opening(&opening, body, sizeof body, &len), ST_OK);
    append(j, "recorder", 1, FRAME_OPENING, 0, (struct bytes){body, len});
}

static void append_rules(struct journal *j, uint64_t number, const char *text)
{
    static uint8_t body[RULES_BODY_MAX];
    size_t len;

    cr_assert_eq(pack_rules(text_of("r.yaml"), text_of(text), body, sizeof body, &len),
                 ST_OK);
    append(j, "aggregator", number, FRAME_RULES, 0, (struct bytes){body, len});
}

static void append_promise(struct journal *j, uint64_t number, int64_t before)
{
    uint8_t body[PROMISE_BODY_MAX];
    size_t len;

    cr_assert_eq(pack_promise(before, body, sizeof body, &len), ST_OK);
    append(j, "aggregator", number, FRAME_PROMISE, 0, (struct bytes){body, len});
}

/* A stock of rice: below five tonnes for odd numbers, so that each fires or resolves. */
static void append_stock(struct journal *j, uint64_t number)
{
    char line[256];
    struct json_reader *reader;
    struct json_error error;
    struct event ev;
    struct packer *p;

    snprintf(line, sizeof line,
             "{\"kind\":\"stock\",\"source\":\"s\",\"id\":\"%llu\",\"time\":"
             "\"1969-01-0%llu\",\"country\":\"PRK\",\"commodity\":\"rice\","
             "\"quantity\":%d,\"unit\":\"t\"}",
             (unsigned long long)number, (unsigned long long)number,
             number % 2 == 1 ? 1 : 9);
    cr_assert_eq(json_reader_new(&reader), ST_OK);
    cr_assert_eq(json_read_event(reader, text_of(line), FACTOR_SET_DEFAULT, &ev, &error),
                 ST_OK);
    cr_assert_eq(packer_new(&p), ST_OK);
    cr_assert_eq(packer_add(p, &ev), ST_OK);
    append(j, "feed", number, FRAME_DATA, 1, packer_body(p));
    packer_free(p);
    json_reader_free(reader);
}

static struct journal *journal(const char *dir)
{
    const struct journal_options options = {.rotate_bytes = JOURNAL_ROTATE_BYTES};
    struct journal *j = NULL;
    struct why why = {""};

    cr_assert_eq(journal_open(dir, &options, &j, &why), ST_OK, "%s", why.text);
    return j;
}

/* Opening, rules and stocks 1 to `stocks`. */
static void make_journal(const char *dir, uint64_t stocks)
{
    struct journal *j = journal(dir);

    if (journal_tail(j).pos == 0) {
        append_opening(j, CLOCK_RECORDED, NULL);
        append_rules(j, 1, RULES);
    }
    for (uint64_t number = journal_tail(j).pos - 1; number <= stocks; number++)
        append_stock(j, number);
    journal_close(j);
}

/* --- an aggregator ------------------------------------------------------------------ */

static struct aggregator_settings settings = {.journal = "j",
                                              .db = "state.db",
                                              .producer = "aggregator",
                                              .commit_every_us = 1000000};

static void aggregator_begin(struct aggregator *a)
{
    const struct fold_options fold = {.known = TIME_END};
    struct why why = {""};

    memset(a, 0, sizeof *a);
    a->settings = &settings;
    cr_assert_eq(store_open(&store_sqlite, settings.db, STORE_WRITE, &a->store, &why),
                 ST_OK, "%s", why.text);
    cr_assert_eq(store_cursor(a->store, &a->committed, &why), ST_OK);
    cr_assert_eq(outbox_end(a->store, &a->outbox, &why), ST_OK);
    cr_assert_eq(fold_new(&fold, &a->fold, &why), ST_OK);
}

static void aggregator_end(struct aggregator *a)
{
    fold_free(a->fold);
    store_close(a->store);
}

/* One start and one end. *out: what was committed by then. */
static enum status start(struct store_cursor *out, uint64_t *outbox, struct why *why)
{
    static struct aggregator a;
    int stop[2];

    cr_assert(!pipe(stop));
    aggregator_begin(&a);
    enum status st = aggregator_catch_up(&a, stop[0], why);

    *out = a.committed;
    *outbox = a.outbox;
    aggregator_end(&a);
    close(stop[0]);
    close(stop[1]);
    return st;
}

static void must_start(const char *label, uint64_t pos, uint64_t alerts,
                       struct store_cursor *out)
{
    uint64_t outbox;
    struct why why = {""};

    cr_assert_eq(start(out, &outbox, &why), ST_OK, "%s: %s", label, why.text);
    cr_assert_eq(out->pos, pos, "%s: position %llu", label, (unsigned long long)out->pos);
    cr_assert_eq(outbox, alerts, "%s: %llu alerts", label, (unsigned long long)outbox);
}

static void must_refuse(const char *label, enum status st, const char *part)
{
    struct store_cursor cursor;
    uint64_t outbox;
    struct why why = {""};
    enum status got = start(&cursor, &outbox, &why);

    cr_assert_eq(got, st, "%s: %d %s", label, (int)got, why.text);
    cr_assert(strstr(why.text, part) != NULL, "%s: %s", label, why.text);
}

Test(aggregator_start, in_one_go_or_several_gives_one_state)
{
    struct store_cursor one, several;

    for (uint64_t stocks = 0; stocks <= 5; stocks++) {
        make_journal("j", stocks);
        must_start("further", 2 + stocks, stocks, &several);
        must_start("nothing new", 2 + stocks, stocks, &several);
    }
    settings.db = "again.db";
    must_start("in one go", 7, 5, &one);
    cr_assert(memcmp(one.digest, several.digest, sizeof one.digest) == 0);
    cr_assert(one.seq == several.seq && one.clock == several.clock &&
              one.applied == several.applied);
}

Test(aggregator_start, refuses_a_journal_that_ends_before_the_store)
{
    struct store_cursor cursor;

    make_journal("j", 3);
    must_start("first", 5, 3, &cursor);
    cr_assert_eq(system("rm -r j"), 0);
    must_refuse("gone", ST_CORRUPT, "have 0 frames, counted 5");
    make_journal("j", 2);
    must_refuse("shorter", ST_CORRUPT, "have 4 frames, counted 5");
    make_journal("j", 4);
    must_start("as long and longer", 6, 4, &cursor);
}

Test(aggregator_start, refuses_another_journal)
{
    struct store_cursor cursor;
    struct journal *j;

    make_journal("j", 1);
    must_start("first", 3, 1, &cursor);
    cr_assert_eq(system("rm -r j"), 0);
    j = journal("j");
    append_opening(j, CLOCK_PUBLISHED, "feed");
    journal_close(j);
    must_refuse("another one", ST_CONFLICT, "state.db is of another journal");
}

Test(aggregator_start, refuses_a_store_with_another_digest)
{
    struct store_cursor cursor;

    make_journal("j", 3);
    must_start("first", 5, 3, &cursor);
    /* The same frames but one: another quantity, which no length or number tells. */
    cr_assert_eq(system("rm -r j"), 0);
    struct journal *j = journal("j");

    append_opening(j, CLOCK_RECORDED, NULL);
    append_rules(j, 1, RULES);
    append_stock(j, 1);
    append(j, "feed", 2, FRAME_TICK, 0, (struct bytes){NULL, 0});
    append(j, "feed", 3, FRAME_TICK, 0, (struct bytes){NULL, 0});
    journal_close(j);
    must_refuse("another digest", ST_CORRUPT, "delete it");
}

Test(aggregator_start, stops_while_it_waits_for_a_journal)
{
    static struct aggregator a;
    struct why why = {""};
    int stop[2];

    cr_assert(!pipe(stop));
    cr_assert_eq(write(stop[1], "", 1), 1);
    aggregator_begin(&a);
    cr_assert_eq(aggregator_catch_up(&a, stop[0], &why), ST_STOPPED);
    aggregator_end(&a);
}

/* --- what it may say in it ---------------------------------------------------------- */

static const struct {
    const char *label;
    enum clock_kind clock;
    const char *feed;  /* declared; NULL: none */
    const char *there; /* rules in the journal; NULL: none */
    const char *given; /* NULL: none */
    bool promised;
    enum status st;
} voices[] = {
    {"live", CLOCK_RECORDED, NULL, NULL, RULES, false, ST_OK},
    {"live, other rules", CLOCK_RECORDED, NULL, RULES "\n", RULES, false, ST_OK},
    {"a feed", CLOCK_PUBLISHED, "aggregator", NULL, RULES, false, ST_OK},
    {"no feed", CLOCK_PUBLISHED, "feed", NULL, RULES, false, ST_INVALID},
    {"no feed, no rules", CLOCK_PUBLISHED, "feed", NULL, NULL, false, ST_OK},
    {"promised, the same", CLOCK_PUBLISHED, "aggregator", RULES, RULES, true, ST_OK},
    {"promised, others", CLOCK_PUBLISHED, "aggregator", RULES "\n", RULES, true,
     ST_INVALID},
    {"promised, none", CLOCK_PUBLISHED, "aggregator", NULL, RULES, true, ST_INVALID},
    {"promised, not given", CLOCK_PUBLISHED, "aggregator", RULES, NULL, true, ST_OK},
};

static enum status check_voice(size_t row, struct why *why)
{
    struct aggregator a;
    struct journal *j = journal("j");
    uint64_t number = 0;
    char given[] = RULES;

    append_opening(j, voices[row].clock, voices[row].feed);
    if (voices[row].there != NULL)
        append_rules(j, ++number, voices[row].there);
    if (voices[row].promised)
        append_promise(j, ++number, TIME_END);
    journal_close(j);
    aggregator_begin(&a);
    if (voices[row].given != NULL)
        a.rules = (struct rules_file){given, strlen(given), "r.yaml"};
    cr_assert_eq(aggregator_catch_up(&a, -1, why), ST_OK, "%s", why->text);
    cr_assert_eq(a.own.number, number, "%s", voices[row].label);
    enum status st = aggregator_check_voice(&a, why);

    aggregator_end(&a);
    return st;
}

Test(aggregator_start, knows_what_it_may_say)
{
    for (size_t i = 0; i < sizeof voices / sizeof voices[0]; i++) {
        struct why why = {""};
        enum status st = check_voice(i, &why);

        cr_assert_eq(st, voices[i].st, "%s: %d %s", voices[i].label, (int)st, why.text);
        cr_assert_eq(system("rm -r j state.db*"), 0);
    }
}

/* --- the rule file ------------------------------------------------------------------ */

static void write_file(const char *name, const char *text, size_t more)
{
    FILE *out = fopen(name, "w");

    cr_assert(out != NULL);
    cr_assert(fputs(text, out) >= 0);
    for (size_t i = 0; i < more; i++)
        cr_assert(fputc('\n', out) == '\n');
    cr_assert(!fclose(out));
}

Test(aggregator_start, reads_rules_up_to_their_limit)
{
    const size_t room = RULES_TEXT_MAX - strlen(RULES);
    const struct {
        const char *label, *text;
        size_t more;
        enum status st;
    } rows[] = {{"plain", RULES, 0, ST_OK},
                {"as long as may be", RULES, room, ST_OK},
                {"one byte longer", RULES, room + 1, ST_INVALID},
                {"wrong", "version: 2\n", 0, ST_INVALID}};

    cr_assert(freopen("errors.txt", "w", stderr) != NULL);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct rules_file file = {0};
        struct why why = {""};

        write_file("r.yaml", rows[i].text, rows[i].more);
        enum status st = rules_file_read("./r.yaml", &file, &why);

        cr_assert_eq(st, rows[i].st, "%s: %d %s", rows[i].label, (int)st, why.text);
        if (st == ST_OK) {
            cr_assert_str_eq(file.name, "r.yaml");
            cr_assert_eq(file.len, strlen(RULES) + rows[i].more);
        }
        rules_file_free(&file);
    }
    struct rules_file file = {0};
    struct why why = {""};

    cr_assert_eq(rules_file_read("none.yaml", &file, &why), ST_INVALID);
}
