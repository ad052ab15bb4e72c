/* Stories: steps a world and writes down what it says. */
#include "story.h"

#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STORY_RULES_MAX 8
#define STORY_SETS_MAX  4
#define STEP_EVENTS_MAX 64
#define TRACE_SIZE      16384

struct story_set {
    struct rule rules[STORY_RULES_MAX];
    place_id countries[STORY_RULES_MAX];
    commodity_id commodities[STORY_RULES_MAX];
    struct year_setting years[STORY_RULES_MAX];
    struct ruleset set;
};

struct story {
    struct world *world;
    struct story_set sets[STORY_SETS_MAX]; /* lent to the world, so all are kept */
    size_t set;
    bool rules_waiting, open, readings, evidence;
    uint64_t seq;
    size_t len;
    char trace[TRACE_SIZE];
};

static void *heap_resize(void *self, void *old, size_t size)
{
    (void)self;
    if (size == 0) {
        free(old);
        return NULL;
    }
    return realloc(old, size);
}

struct memory heap_memory(void)
{
    return (struct memory){heap_resize, NULL, 0};
}

struct story *story_begin(void)
{
    struct story *s = calloc(1, sizeof *s);
    struct memory memory = heap_memory();
    struct why why;

    cr_assert(s != NULL);
    cr_assert(world_new(&memory, &s->world, &why) == ST_OK, "%s", why.text);
    for (size_t i = 0; i < STORY_SETS_MAX; i++)
        s->sets[i].set = (struct ruleset){s->sets[i].rules, 0, s->sets[i].years, 0, {0}};
    return s;
}

static void say(struct story *s, const char *text)
{
    size_t len = strlen(text);

    cr_assert(s->len + len < TRACE_SIZE, "the trace is full");
    memcpy(s->trace + s->len, text, len + 1);
    s->len += len;
}

/* "2008-11-01" for midnight, else the whole time. */
static const char *say_time(int64_t time, char buffer[TIMESTAMP_SIZE])
{
    timestamp_format(time, buffer);
    if (time != TIME_NONE && time % DAY_US == 0)
        buffer[strcspn(buffer, "T")] = '\0';
    return buffer;
}

/* Millionths as a decimal: grams as tonnes, and ratios and days as they are. */
static const char *say_millionths(int64_t value, char buffer[32])
{
    if (value == VALUE_NONE)
        return "none";
    uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    int len = snprintf(buffer, 32, "%s%llu.%06llu", value < 0 ? "-" : "",
                       (unsigned long long)(size / 1000000),
                       (unsigned long long)(size % 1000000));

    while (buffer[len - 1] == '0')
        buffer[--len] = '\0';
    if (buffer[len - 1] == '.')
        buffer[len - 1] = '\0';
    return buffer;
}

static void say_readings(struct story *s, const struct transition *t)
{
    static const char *const signs[] = {"<", "<=", ">", ">="};

    for (size_t i = 0; i < t->readings_len; i++) {
        const struct reading *r = &t->readings[i];
        char term[TERM_SIZE];
        char value[32];
        char threshold[32];
        char line[256];

        (void)snprintf(line, sizeof line, "  %s %s %s %s\n", term_format(&r->term, term),
                       say_millionths(r->value, value), signs[r->comparison],
                       say_millionths(r->threshold, threshold));
        say(s, line);
    }
}

static void say_evidence(struct story *s, const struct transition *t)
{
    char begun[TIMESTAMP_SIZE];
    char line[256];

    (void)snprintf(line, sizeof line, "  seq %llu begun %s.%u moved %llu to %llu:",
                   (unsigned long long)t->seq, say_time(t->begun, begun), t->ordinal,
                   (unsigned long long)t->moved_first, (unsigned long long)t->moved_last);
    say(s, line);
    for (size_t i = 0; i < t->movers_len; i++) {
        (void)snprintf(line, sizeof line, " %llu", (unsigned long long)t->movers[i]);
        say(s, line);
    }
    say(s, "\n");
}

static void on_transition(void *self, const struct transition *t)
{
    struct story *s = self;
    char at[TIMESTAMP_SIZE];
    char line[256];

    (void)snprintf(line, sizeof line, "%s %s %s/%s %s\n", say_time(t->at, at), t->uid,
                   place_code(t->country), commodity_code(t->commodity),
                   alert_state_name(t->state));
    say(s, line);
    if (s->readings)
        say_readings(s, t);
    if (s->evidence)
        say_evidence(s, t);
}

static struct world_sink sink_of(struct story *s)
{
    return (struct world_sink){on_transition, NULL, s};
}

static void end_step(struct story *s)
{
    struct world_sink sink = sink_of(s);

    if (s->open)
        world_end(s->world, &sink);
    s->open = false;
}

struct rule *story_rule(struct story *s, const char *uid, const char *where,
                        const char *when)
{
    struct story_set *set = &s->sets[s->set];
    size_t i = set->set.rules_len++;
    struct rule *rule = &set->rules[i];
    struct expr_error error;
    const char *slash = strchr(where, '/');
    char country[8] = "";

    cr_assert(s->set < STORY_SETS_MAX && i < STORY_RULES_MAX && slash != NULL, "%s", uid);
    memcpy(country, where, (size_t)(slash - where));
    set->countries[i] = place(country);
    set->commodities[i] = goods_of(slash + 1);
    rule->uid = rule->alert = uid;
    rule->countries = &set->countries[i];
    rule->countries_len = set->countries[i] == PLACE_ANY ? 0 : 1;
    rule->commodities = &set->commodities[i];
    rule->commodities_len = set->commodities[i] == COMMODITY_ANY ? 0 : 1;
    cr_assert(expr_parse(text_of(when), &rule->when, &error) == ST_OK, "%s: %s", when,
              error.text);
    s->rules_waiting = true;
    return rule;
}

void story_clear(struct rule *rule, const char *clear)
{
    struct expr_error error;

    cr_assert(expr_parse(text_of(clear), &rule->clear, &error) == ST_OK, "%s: %s", clear,
              error.text);
}

void story_year(struct story *s, const char *country, const char *goods, uint8_t month,
                uint8_t day_of_month)
{
    struct story_set *set = &s->sets[s->set];

    cr_assert(set->set.years_len < STORY_RULES_MAX);
    set->years[set->set.years_len++] =
        (struct year_setting){place(country), goods_of(goods), month, day_of_month};
    s->rules_waiting = true;
}

void story_rules(struct story *s)
{
    struct world_sink sink = sink_of(s);
    struct why why;

    cr_assert(s->set < STORY_SETS_MAX);
    cr_assert(world_rules(s->world, &s->sets[s->set].set, &sink, &why) == ST_OK, "%s",
              why.text);
    s->set++;
    s->rules_waiting = false;
}

void step(struct story *s, const char *clock)
{
    int64_t at = day(clock);
    struct world_sink sink = sink_of(s);
    struct why why;

    if (s->open && world_clock(s->world) == at)
        return;
    end_step(s);
    if (s->rules_waiting)
        story_rules(s);
    cr_assert(world_reserve(s->world, STEP_EVENTS_MAX, &why) == ST_OK, "%s", why.text);
    world_begin(s->world, at, &sink);
    s->open = true;
}

enum verdict record(struct story *s, const char *clock, struct event ev)
{
    struct event_problem problem;

    cr_assert(event_check(&ev, &problem) == ST_OK, "%.*s: %s", TEXT_ARGS(ev.id),
              problem.text);
    step(s, clock);
    return world_apply(s->world, &ev, ++s->seq);
}

static const struct {
    const char *name;
    size_t offset;
} figures[] = {
    {"stock", offsetof(struct balance, stock)},
    {"unmet", offsetof(struct balance, unmet)},
    {"cover", offsetof(struct balance, days_of_cover)},
    {"shortfall", offsetof(struct balance, shortfall)},
    {"ratio", offsetof(struct balance, shortfall_ratio)},
    {"deficit", offsetof(struct balance, uncovered_deficit)},
    {"delivery", offsetof(struct balance, delivery_ratio)},
    {"overdue", offsetof(struct balance, overdue)},
    {"expected", offsetof(struct balance, expected)},
};

static void say_figure(struct story *s, const struct balance *b, const char *name)
{
    char buffer[32];
    char line[96];
    const char *value = NULL;

    if (strcmp(name, "out") == 0)
        value = say_time(b->stock_out, buffer);
    for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++) {
        int64_t number;

        memcpy(&number, (const char *)b + figures[i].offset, sizeof number);
        if (strcmp(name, figures[i].name) == 0)
            value = say_millionths(number, buffer);
    }
    cr_assert(value != NULL, "no such figure: %s", name);
    (void)snprintf(line, sizeof line, " %s %s", name, value);
    say(s, line);
}

void show(struct story *s, const char *account, const char *as_of, const char *fields)
{
    char names[128];
    char country[8] = "";
    const char *slash = strchr(account, '/');
    struct balance b;

    end_step(s);
    cr_assert(slash != NULL && strlen(fields) < sizeof names, "%s", account);
    memcpy(country, account, (size_t)(slash - account));
    cr_assert(world_balance(s->world, place(country), goods_of(slash + 1), day(as_of),
                            HORIZON_DEFAULT, &b, NULL) == ST_OK);
    say(s, as_of);
    say(s, " ");
    say(s, account);
    memcpy(names, fields, strlen(fields) + 1);
    for (char *name = strtok(names, " "); name != NULL; name = strtok(NULL, " "))
        say_figure(s, &b, name);
    say(s, "\n");
}

void story_readings(struct story *s)
{
    s->readings = true;
}

void story_evidence(struct story *s)
{
    s->evidence = true;
}

struct world *story_world(struct story *s)
{
    end_step(s);
    return s->world;
}

void story_forget(struct story *s)
{
    s->len = 0;
    s->trace[0] = '\0';
}

void story_first_line(struct story *s)
{
    end_step(s);
    s->len = strcspn(s->trace, "\n");
    s->len += s->trace[s->len] == '\n';
    s->trace[s->len] = '\0';
}

void story_end_at(struct story *s, int line, const char *label, const char *expected)
{
    end_step(s);
    cr_assert(strcmp(s->trace, expected) == 0,
              "line %d: %s went\n%s-- but should have gone\n%s", line, label, s->trace,
              expected);
    world_free(s->world);
    free(s);
}
