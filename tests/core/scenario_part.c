/* A scenario with parts left out. Must never change what it keeps: a log that is made
 * smaller must fail for the same reason. */
#include "scenario.h"

#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

size_t scenario_parts(const struct scenario *s)
{
    return s->order_len + s->looks_len + s->set.rules_len + s->set.years_len +
           s->steps_len;
}

/* Lends the reports and texts of `s`, has an order of its own. */
static struct scenario *copy_of(const struct scenario *s)
{
    size_t size = sizeof *s + s->order_len * sizeof s->order[0];
    struct scenario *copy = calloc(1, size);

    cr_assert(copy != NULL);
    *copy = *s;
    copy->order = (const struct event **)(void *)(copy + 1);
    copy->order_len = copy->steps_len = copy->looks_len = 0;
    copy->set.rules = copy->rules;
    copy->set.years = copy->years;
    copy->set.rules_len = copy->set.years_len = 0;
    return copy;
}

/* `moved[i]`: the step of the copy in which that happens that happened in step i. */
static void keep_steps(const struct scenario *s, const bool *events, const bool *steps,
                       struct scenario *copy, size_t moved[SCENARIO_STEPS_MAX + 1])
{
    size_t from = 0;
    size_t event = 0;

    for (size_t i = 0; i < s->steps_len; i++) {
        moved[i] = copy->steps_len;
        for (size_t k = 0; k < s->steps[i].events_len; k++) {
            if (events[event++])
                copy->order[copy->order_len++] = s->steps[i].events[k];
        }
        if (!steps[i])
            continue;
        copy->steps[copy->steps_len++] = (struct oracle_step){
            s->steps[i].clock, copy->order + from, copy->order_len - from};
        from = copy->order_len;
    }
    moved[s->steps_len] = copy->steps_len;
}

/* What the rule lends from the scenario it lends from the copy, at the same place. */
static void keep_rule(struct scenario *copy, const struct rule *rule)
{
    struct rule *kept = &copy->rules[copy->set.rules_len++];
    size_t at = 0;

    *kept = *rule;
    while (scenario_uids[at] != rule->uid)
        at++;
    kept->countries = &copy->countries[at];
    kept->commodities = &copy->commodities[at];
}

struct scenario *scenario_part(const struct scenario *s, const bool *kept)
{
    struct scenario *copy = copy_of(s);
    size_t moved[SCENARIO_STEPS_MAX + 1];
    const bool *looks = kept + s->order_len;
    const bool *rules = looks + s->looks_len;
    const bool *years = rules + s->set.rules_len;

    keep_steps(s, kept, years + s->set.years_len, copy, moved);
    for (size_t i = 0; i < s->looks_len; i++) {
        if (!looks[i])
            continue;
        copy->looks[copy->looks_len] = s->looks[i];
        copy->looks[copy->looks_len++].step = moved[s->looks[i].step];
    }
    for (size_t i = 0; i < s->set.rules_len; i++) {
        if (rules[i])
            keep_rule(copy, &s->set.rules[i]);
    }
    for (size_t i = 0; i < s->set.years_len; i++) {
        if (years[i])
            copy->years[copy->set.years_len++] = s->set.years[i];
    }
    return copy;
}
