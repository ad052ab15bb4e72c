/* The frame of a step: what is in the digest, when rules look, what a sink is told, and a
 * world whose memory has an end. */
#include "story.h"

#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

#define JAN "2008-01-01"
#define FEB "2008-02-01"

static struct event rice(const char *tonnes)
{
    return harvest("h", "PRK", "rice", tonnes, JAN);
}

static void digest_of(struct story *s, uint8_t out[DIGEST_SIZE])
{
    world_digest(story_world(s), out);
}

Test(world, digest_is_of_what_stands)
{
    struct story *s = story_begin();
    uint8_t empty[DIGEST_SIZE];
    uint8_t one[DIGEST_SIZE];
    uint8_t other[DIGEST_SIZE];

    step(s, JAN);
    digest_of(s, empty);
    (void)record(s, "2008-01-02", rice("100"));
    digest_of(s, one);
    cr_assert(memcmp(empty, one, DIGEST_SIZE) != 0, "a fact changes it");
    (void)record(s, "2008-01-03", rice("100"));
    step(s, "2009-01-04");
    digest_of(s, other);
    cr_assert(memcmp(one, other, DIGEST_SIZE) == 0, "a repeat and the clock do not");
    (void)record(s, "2009-01-05", retracted(rice("100"), 1));
    digest_of(s, other);
    cr_assert(memcmp(empty, other, DIGEST_SIZE) == 0, "what is retracted is not in it");
    story_end(s, "");
}

Test(world, digest_holds_the_state_of_an_alert)
{
    uint8_t digests[3][DIGEST_SIZE];
    static const char *const whens[] = {"stock < 50 t", "stock < 60 t", "stock < 0 t"};
    static const int64_t holds[] = {0, DAY_US, 0};

    for (int i = 0; i < 3; i++) { /* firing, pending, inactive */
        struct story *s = story_begin();

        story_rule(s, "low", "PRK/rice", whens[i])->hold = holds[i];
        (void)record(s, JAN, rice("40"));
        digest_of(s, digests[i]);
        story_forget(s);
        story_end(s, "");
    }
    cr_assert(memcmp(digests[0], digests[1], DIGEST_SIZE) != 0, "firing and pending");
    cr_assert(memcmp(digests[0], digests[2], DIGEST_SIZE) != 0, "firing and inactive");
    cr_assert(memcmp(digests[1], digests[2], DIGEST_SIZE) != 0, "pending and inactive");
}

Test(world, rules_look_at_the_state_after_the_whole_step)
{
    struct story *s = story_begin();

    (void)story_rule(s, "low", "PRK/rice", "stock < 50 t");
    (void)record(s, JAN, rice("40"));
    (void)record(s, JAN, revised(rice("50"), 1));
    (void)record(s, FEB, stock("k", "PRK", "rice", "10", FEB));
    (void)record(s, FEB, harvest("more", "PRK", "rice", "40", FEB)); /* before the SET */
    story_end(s, "2008-02-01 low PRK/rice firing\n");
}

struct changes {
    char text[512];
};

static void on_change(void *self, place_id country, commodity_id goods)
{
    struct changes *c = self;
    size_t len = strlen(c->text);

    (void)snprintf(c->text + len, sizeof c->text - len, "%s/%s ", place_code(country),
                   commodity_code(goods));
}

static void on_transition(void *self, const struct transition *t)
{
    (void)self;
    cr_assert_fail("no rules, but %s", t->uid);
}

Test(world, says_each_changed_account_once_a_step)
{
    struct memory memory = heap_memory();
    struct changes changes = {""};
    struct world_sink sink = {on_transition, on_change, &changes};
    struct event arrives = arrived(ship("s", "RUS", "PRK", "rice", "1"), JAN);
    struct event facts[] = {rice("1"), harvest("i", "PRK", "rice", "2", JAN), arrives,
                            rice("1")};
    static const char *const accounts[] = {"PRK/rice ", "PRK/food "};
    struct world *w;

    cr_assert(world_new(&memory, &w, NULL) == ST_OK);
    cr_assert(world_reserve(w, 4, NULL) == ST_OK);
    world_begin(w, day(JAN), &sink);
    for (int i = 0; i < 4; i++)
        (void)world_apply(w, &facts[i], 1);
    world_end(w, &sink);
    cr_assert(strlen(changes.text) == strlen(accounts[0]) + strlen(accounts[1]), "%s",
              changes.text);
    for (int i = 0; i < 2; i++)
        cr_assert(strstr(changes.text, accounts[i]) != NULL, "%s", changes.text);
    changes.text[0] = '\0';
    world_begin(w, day(FEB), &sink);
    world_end(w, &sink);
    cr_assert_str_eq(changes.text, "", "nothing happened: %s", changes.text);
    world_free(w);
}

Test(world, a_full_world_stays_as_it_was)
{
    struct memory memory = heap_memory();
    struct world_sink sink = {on_transition, NULL, NULL};
    struct world *w;
    char id[16];
    enum status st = ST_OK;
    struct why why;
    uint8_t before[DIGEST_SIZE];
    uint8_t after[DIGEST_SIZE];
    struct balance balances[2];
    struct world_counts counts[2];
    int64_t clock = day(JAN);
    int facts = 0;

    memory.limit = 1 << 20;
    cr_assert(world_new(&memory, &w, &why) == ST_OK, "%s", why.text);
    while ((st = world_reserve(w, 8, &why)) == ST_OK && facts < 100000) {
        world_begin(w, ++clock, &sink);
        for (int i = 0; i < 8; i++) {
            (void)snprintf(id, sizeof id, "h%d", ++facts);
            struct event ev = harvest(id, "PRK", "rice", "1", JAN);

            cr_assert(world_apply(w, &ev, (uint64_t)facts) == VERDICT_APPLIED);
        }
        world_end(w, &sink);
    }
    cr_assert(st == ST_FULL, "after %d facts: %s", facts, status_text(st));
    cr_assert(facts > 100, "only %d facts in a megabyte", facts);
    counts[0] = world_counts(w);
    world_digest(w, before);
    cr_assert(world_reserve(w, 8, &why) == ST_FULL);
    cr_assert(world_balance(w, place("PRK"), goods_of("rice"), day(FEB), DAY_US,
                            &balances[0], &why) == ST_OK);
    cr_assert(world_reserve(w, SIZE_MAX / 1000000, &why) == ST_FULL);
    cr_assert(strlen(why.text) > 0);
    world_begin(w, day(FEB), &sink); /* the clock still moves */
    world_end(w, &sink);
    counts[1] = world_counts(w);
    world_digest(w, after);
    cr_assert(world_balance(w, place("PRK"), goods_of("rice"), day(FEB), DAY_US,
                            &balances[1], &why) == ST_OK);
    cr_assert(memcmp(before, after, DIGEST_SIZE) == 0, "another digest");
    cr_assert(balances[0].stock == balances[1].stock &&
              balances[0].stock == INT64_C(1000000) * facts);
    cr_assert(counts[0].facts == (size_t)facts && counts[1].facts == (size_t)facts);
    cr_assert(counts[1].memory_bytes <= (1 << 20) / 8 * 9, "%zu", counts[1].memory_bytes);
    world_free(w);
    memory.limit = 100;
    cr_assert(world_new(&memory, &w, &why) == ST_FULL, "a world in a hundred bytes");
}

Test(world, names_its_accounts_and_counts)
{
    struct story *s = story_begin();
    char text[128] = "";
    struct world *w;

    (void)story_rule(s, "low", "*/rice", "stock < 2 t");
    story_rule(s, "slow", "PRK/rice", "stock < 2 t")->hold = DAY_US;
    (void)story_rule(s, "quiet", "PRK/rice", "stock < 0 t");
    (void)record(s, JAN, rice("1"));
    (void)record(s, JAN, harvest("u", "USA", "steel", "1", JAN));
    (void)record(s, JAN, price("m", "rice", "thai", "3 USD/t", JAN));
    w = story_world(s);
    for (size_t i = 0; i < world_accounts_len(w); i++) {
        place_id country;
        commodity_id goods;
        size_t len = strlen(text);

        world_account_key(w, i, &country, &goods);
        (void)snprintf(text + len, sizeof text - len, "%s/%s ", place_code(country),
                       commodity_code(goods));
    }
    cr_assert(strstr(text, "PRK/rice ") && strstr(text, "PRK/food ") &&
                  strcmp(text + 18, "USA/steel ") == 0,
              "%s", text);
    struct world_counts c = world_counts(w);

    cr_assert(c.facts == 3 && c.accounts == 3 && c.instances == 3 && c.pending == 1 &&
                  c.firing == 1,
              "%zu %zu %zu %zu %zu", c.facts, c.accounts, c.instances, c.pending,
              c.firing);
    story_end(s, "2008-01-01 low PRK/rice firing\n");
}
