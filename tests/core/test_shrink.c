/* What makes failing logs smaller, held against planted reasons to fail. */
#include "judge.h"
#include "shrink.h"

#include <criterion/criterion.h>

#include <stdlib.h>

#define ITEMS_MAX 200

/* Fails while all of these are kept; counts the calls. */
struct reason {
    const char *label;
    size_t items[6], items_len, len;
    size_t calls;
};

static bool all_kept(void *self, const bool *kept, size_t len)
{
    struct reason *r = self;

    (void)len;
    r->calls++;
    for (size_t i = 0; i < r->items_len; i++) {
        if (!kept[r->items[i]])
            return false;
    }
    return true;
}

Test(shrink, leaves_exactly_what_is_needed)
{
    static struct reason rows[] = {
        {.label = "nothing", .items_len = 0, .len = 50},
        {.label = "one of one", .items = {0}, .items_len = 1, .len = 1},
        {.label = "the first", .items = {0}, .items_len = 1, .len = 64},
        {.label = "the last", .items = {63}, .items_len = 1, .len = 64},
        {.label = "neighbours", .items = {31, 32}, .items_len = 2, .len = 64},
        {.label = "far apart", .items = {3, 77, 199}, .items_len = 3, .len = 200},
        {.label = "six", .items = {0, 1, 50, 99, 100, 150}, .items_len = 6, .len = 151},
        {.label = "none of none", .items_len = 0, .len = 0},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool kept[ITEMS_MAX];
        struct reason *r = &rows[i];
        size_t left = shrink(kept, r->len, 5000, all_kept, r);
        bool fails = all_kept(r, kept, r->len);

        cr_assert(left == r->items_len && fails, "%s: %zu are left", r->label, left);
        cr_assert(r->calls < 1000, "%s: %zu calls", r->label, r->calls);
    }
}

/* Any three of them fail: which ones are left does not matter. */
static bool three_kept(void *self, const bool *kept, size_t len)
{
    size_t count = 0;

    (void)self;
    for (size_t i = 0; i < len; i++)
        count += kept[i];
    return count >= 3;
}

Test(shrink, goes_on_until_no_single_item_can_go)
{
    bool kept[100];

    cr_assert(shrink(kept, 100, 5000, three_kept, NULL) == 3);
}

Test(shrink, stops_after_its_trials_with_something_that_fails)
{
    static const size_t trials[] = {0, 1, 5, 20};

    for (size_t i = 0; i < sizeof trials / sizeof trials[0]; i++) {
        struct reason r = {.items = {7, 90}, .items_len = 2};
        bool kept[ITEMS_MAX];
        size_t left = shrink(kept, ITEMS_MAX, trials[i], all_kept, &r);

        cr_assert(r.calls == trials[i] && kept[7] && kept[90] && left >= 2,
                  "%zu trials: %zu calls, %zu left", trials[i], r.calls, left);
        cr_assert(trials[i] > 0 || left == ITEMS_MAX, "no trial, and still smaller");
    }
}

/* A planted defect of a world: it has a retraction, a look and a rule with a `clear`. */
static bool has_defect(void *self, const bool *kept, size_t len)
{
    struct scenario *part = scenario_part(self, kept);
    bool retracted = false;
    bool clears = false;

    (void)len;
    for (size_t i = 0; i < part->steps_len; i++) {
        for (size_t k = 0; k < part->steps[i].events_len; k++)
            retracted |= part->steps[i].events[k]->retract;
    }
    for (size_t i = 0; i < part->set.rules_len; i++)
        clears |= part->set.rules[i].clear.len > 0;
    bool looked = part->looks_len > 0;

    free(part);
    return retracted && clears && looked;
}

/* Parts of a part keep what they lend: the rule still says what it said. */
static void check_smallest(struct scenario *s, const bool *kept, size_t left)
{
    struct scenario *part = scenario_part(s, kept);
    struct scenario *again = scenario_part(part, kept);
    const struct rule *rule = &part->set.rules[0];
    size_t at = 0;

    cr_assert(left == 4 && part->order_len == 1 && part->steps_len == 1 &&
                  part->steps[0].events[0]->retract && part->looks_len == 1 &&
                  part->looks[0].step <= 1 && part->set.rules_len == 1 &&
                  part->set.years_len == 0,
              "seed %llu: %zu parts are left", (unsigned long long)s->seed, left);
    while (scenario_uids[at] != rule->uid)
        at++;
    cr_assert(rule->countries == &part->countries[at] &&
              rule->commodities[0] == s->commodities[at] && again->set.rules_len <= 1);
    free(again);
    free(part);
}

Test(shrink, makes_a_failing_world_as_small_as_its_defect)
{
    size_t shrunk = 0;

    for (uint64_t seed = 500; shrunk < 10; seed++) {
        struct scenario *s = scenario_new(seed, true);
        size_t len = scenario_parts(s);
        bool *kept = malloc(len);

        for (size_t i = 0; i < len; i++)
            kept[i] = true;
        if (has_defect(s, kept, len)) {
            check_smallest(s, kept, shrink(kept, len, 4000, has_defect, s));
            shrunk++;
        }
        free(kept);
        free(s);
    }
}

/* All of a scenario is the scenario. */
Test(shrink, keeps_everything_that_is_to_be_kept)
{
    for (uint64_t seed = 0; seed < 50; seed++) {
        struct scenario *s = scenario_new(seed, true);
        size_t len = scenario_parts(s);
        bool *kept = malloc(len);

        for (size_t i = 0; i < len; i++)
            kept[i] = true;
        struct scenario *all = scenario_part(s, kept);

        cr_assert(all->order_len == s->order_len && all->steps_len == s->steps_len &&
                  all->looks_len == s->looks_len && scenario_parts(all) == len);
        for (size_t i = 0; i < s->order_len; i++)
            cr_assert(all->order[i] == s->order[i]);
        for (size_t i = 0; i < s->steps_len; i++)
            cr_assert(all->steps[i].clock == s->steps[i].clock &&
                      all->steps[i].events_len == s->steps[i].events_len);
        free(all);
        free(kept);
        free(s);
    }
}

Test(shrink, a_crash_in_another_process_is_a_difference)
{
    struct scenario *s = scenario_new(1, true);
    struct difference d = {""};

    cr_assert(scenario_agrees_apart(s, &d), "%s", d.text);
    s->steps[1].clock = s->steps[0].clock - 1; /* the core asserts that clocks rise */
    cr_assert(!scenario_agrees_apart(s, &d));
    cr_assert(d.text[0] != '\0');
    free(s);
}
