/* A scenario as others would write it: a file of events and a file of rules. */
#include "scenario.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

static void say(const char *format, ...) PRINTF_LIKE(1, 2);

static void say(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    (void)vfprintf(stderr, format, args);
    va_end(args);
}

static void say_text(const char *name, struct text text)
{
    if (text.len > 0)
        say(",\"%s\":\"%.*s\"", name, TEXT_ARGS(text));
}

static void say_time(const char *name, int64_t time)
{
    char buffer[TIMESTAMP_SIZE];

    if (time != TIME_NONE)
        say(",\"%s\":\"%s\"", name, timestamp_format(time, buffer));
}

static void say_quantity(const struct amount *a)
{
    say(",\"quantity\":%.*s,\"unit\":\"%s\"", TEXT_ARGS(a->number), unit_code(a->unit));
}

static void say_goods(commodity_id goods)
{
    say(",\"commodity\":\"%s\"", commodity_code(goods));
}

static void say_shipment(const struct shipment *s)
{
    say(",\"from\":\"%s\",\"to\":\"%s\"", place_code(s->from), place_code(s->to));
    say_goods(s->commodity);
    say_quantity(&s->quantity);
    say_time("departed", s->departed);
    say_time("eta", s->eta);
    say_time("arrived", s->arrived);
    if (s->arrived_quantity.number.len > 0)
        say(",\"arrived_quantity\":%.*s", TEXT_ARGS(s->arrived_quantity.number));
    if (s->cancelled)
        say(",\"cancelled\":true");
    say(",\"terms\":\"%s\"", terms_name(s->terms));
    say_text("pledge", s->pledge);
    if (s->credit.len > 0)
        say(",\"credit\":%.*s", TEXT_ARGS(s->credit));
}

static void say_pledge(const struct pledge *p)
{
    say(",\"from\":\"%s\",\"to\":\"%s\"", place_code(p->from), place_code(p->to));
    say_goods(p->commodity);
    say_quantity(&p->quantity);
    say_time("due", p->due);
    say(",\"status\":\"%s\"", pledge_status_name(p->status));
}

static void say_price(const struct price *p)
{
    say_goods(p->commodity);
    say(",\"market\":\"%.*s\",\"price\":%.*s,\"currency\":\"%s\",\"unit\":\"%s\"",
        TEXT_ARGS(p->market), TEXT_ARGS(p->number), p->currency, unit_code(p->unit));
}

static void say_policy(const struct policy *p)
{
    say(",\"actor\":\"%s\",\"target\":\"%s\"", place_code(p->actor),
        place_code(p->target));
    say_goods(p->commodity);
    say(",\"instrument\":\"%.*s\",\"factor\":%" PRId32 ".%03" PRId32,
        TEXT_ARGS(p->instrument), p->factor / POLICY_FACTOR_ONE,
        p->factor % POLICY_FACTOR_ONE);
    say_time("until", p->until);
}

static void say_level(enum event_kind kind, const struct level *l)
{
    say(",\"country\":\"%s\"", place_code(l->country));
    say_goods(l->commodity);
    if (kind == EVENT_USE)
        say(",\"line\":\"%s\"", use_line_name(l->line));
    say_quantity(&l->quantity);
    say_time("until", l->until);
}

static void say_content(const struct event *ev)
{
    switch (ev->kind) {
    case EVENT_SHIPMENT:
        say_shipment(&ev->as.shipment);
        return;
    case EVENT_PLEDGE:
        say_pledge(&ev->as.pledge);
        return;
    case EVENT_PRICE:
        say_price(&ev->as.price);
        return;
    case EVENT_POLICY:
        say_policy(&ev->as.policy);
        return;
    case EVENT_STOCK:
    case EVENT_PRODUCTION:
    case EVENT_USE:
    case EVENT_KIND_COUNT:
        say_level(ev->kind, &ev->as.stock);
    }
}

static void say_event(const struct event *ev, int64_t clock)
{
    say("{\"kind\":\"%s\",\"source\":\"%.*s\",\"id\":\"%.*s\"", event_kind_name(ev->kind),
        TEXT_ARGS(ev->source), TEXT_ARGS(ev->id));
    if (ev->revision > 0)
        say(",\"revision\":%" PRId32, ev->revision);
    if (ev->retract)
        say(",\"retract\":true");
    say_time("time", ev->time);
    say_time("published", clock);
    say_text("alternative_to", ev->alternative_to);
    if (!ev->retract)
        say_content(ev);
    say("}\n");
}

/* A waiting time in the unit of rule files; the odd microsecond is said beside it. */
static void say_span(const char *name, int64_t span)
{
    if (span >= HOUR_US)
        say("        %s: %" PRId64 "h%s\n", name, span / HOUR_US,
            span % HOUR_US > 0 ? " # and 1 us" : "");
}

static void say_rule(const struct scenario *s, const struct rule *rule)
{
    /* Texts stand where the rule stood before others were left out. */
    size_t at = (size_t)(rule->countries - s->countries);

    say("      - alert: %s\n        uid: %s\n", rule->alert, rule->uid);
    say("        for_each: {country: [%s], commodity: [%s]}\n",
        place_code(rule->countries[0]), commodity_code(rule->commodities[0]));
    say("        when: %s\n", s->whens[at][0]);
    if (rule->clear.len > 0)
        say("        clear: %s\n", s->whens[at][1]);
    say_span("for", rule->hold);
    say_span("keep", rule->keep);
}

static void say_rules(const struct scenario *s)
{
    say("version: 1\n");
    if (s->set.years_len > 0)
        say("settings:\n  years:\n");
    for (size_t i = 0; i < s->set.years_len; i++)
        say("    - {country: \"%s\", commodity: \"%s\", starts: %02u-%02u}\n",
            place_code(s->years[i].country), commodity_code(s->years[i].commodity),
            (unsigned)s->years[i].month, (unsigned)s->years[i].day);
    say("groups:\n  - name: random\n    rules:\n");
    for (size_t i = 0; i < s->set.rules_len; i++)
        say_rule(s, &s->rules[i]);
}

static void say_looks(const struct scenario *s, size_t step)
{
    char as_of[TIMESTAMP_SIZE];
    char horizon[DURATION_SIZE];

    for (size_t i = 0; i < s->looks_len; i++) {
        const struct scenario_look *look = &s->looks[i];

        if (look->step == step)
            say("# balance %s/%s as of %s, horizon %s\n", place_code(look->country),
                commodity_code(look->commodity), timestamp_format(look->as_of, as_of),
                duration_format(look->horizon, horizon));
    }
}

void scenario_print(const struct scenario *s)
{
    char clock[TIMESTAMP_SIZE];

    for (size_t i = 0; i < s->steps_len; i++) {
        if (s->steps[i].events_len == 0)
            say("# a step at %s\n", timestamp_format(s->steps[i].clock, clock));
        for (size_t k = 0; k < s->steps[i].events_len; k++)
            say_event(s->steps[i].events[k], s->steps[i].clock);
        say_looks(s, i);
    }
    say("# the last step, at %s\n", timestamp_format(s->until, clock));
    say_looks(s, s->steps_len);
    if (s->set.rules_len > 0 || s->set.years_len > 0)
        say_rules(s);
}
