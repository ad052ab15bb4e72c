/* A random world from its seed: goods and scale, steps, looks; the reports and rules come
 * from the files beside. */
#include "scenario_make.h"

#include "story.h"

#include <criterion/criterion.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* splitmix64: any seed will do. */
uint64_t random_next(struct random *r)
{
    uint64_t z = (r->state += UINT64_C(0x9e3779b97f4a7c15));

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

int64_t random_below(struct random *r, int64_t below)
{
    return (int64_t)(random_next(r) % (uint64_t)below);
}

bool random_chance(struct random *r, int percent)
{
    return random_below(r, 100) < percent;
}

const char *scenario_keep(struct scenario *s, const char *format, ...)
{
    char *at = s->texts + s->texts_len;
    size_t room = s->texts_size - s->texts_len;
    va_list args;

    va_start(args, format);
    int len = vsnprintf(at, room, format, args);
    va_end(args);
    cr_assert(len >= 0 && (size_t)len < room, "the scenario's texts are full");
    s->texts_len += (size_t)len + 1;
    return at;
}

/* Mostly midnights, so that many things happen at one instant. */
int64_t scenario_time(struct scenario *s)
{
    int64_t t = day("2007-10-20") + random_below(&s->random, 60) * 7 * DAY_US;

    if (random_chance(&s->random, 30))
        t += random_below(&s->random, 7) * DAY_US;
    if (random_chance(&s->random, 25))
        t += random_below(&s->random, DAY_US);
    return t;
}

place_id scenario_country(struct scenario *s)
{
    return place(random_chance(&s->random, 75) ? "PRK" : "USA");
}

commodity_id scenario_goods(struct scenario *s)
{
    return s->goods[random_below(&s->random, (int64_t)s->goods_len)];
}

/* Two that have balances of their own, one that is only ever a supplier, and a party
 * without a balance. */
place_id scenario_supplier(struct scenario *s, place_id to)
{
    static const char *const codes[] = {"USA", "RUS", "WFP", "PRK"};
    place_id from;

    do {
        from = place(codes[random_below(&s->random, 4)]);
    } while (from == to);
    return from;
}

/* --- steps and looks ---------------------------------------------------------------- */

static struct scenario_look some_look(struct scenario *s, size_t step)
{
    static const int64_t horizons[] = {1, DAY_US, 30 * DAY_US, 90 * DAY_US, 400 * DAY_US};
    struct scenario_look look = {
        .step = step,
        .country = random_chance(&s->random, 90) ? scenario_country(s) : place("RUS"),
        .commodity = scenario_goods(s),
        .as_of = scenario_time(s),
        .horizon = horizons[random_below(&s->random, 5)]};

    if (random_chance(&s->random, 20))
        look.as_of += random_below(&s->random, 3) - 1;
    if (random_chance(&s->random, 5))
        look.as_of += (random_below(&s->random, 5) - 2) * 365 * DAY_US;
    return look;
}

static void look(struct scenario *s, size_t step, int64_t looks)
{
    for (; looks > 0 && s->looks_len < SCENARIO_LOOKS_MAX; looks--)
        s->looks[s->looks_len++] = some_look(s, step);
}

/* Some look after each step, some now and then, some only once all is over: until then
 * what was recorded waits. */
static void choose_looks(struct scenario *s)
{
    int64_t manner = random_below(&s->random, 3);
    bool large = s->size == SCENARIO_LARGE;

    s->looks_len = 0;
    for (size_t i = 0; i < s->steps_len && manner > 0; i++) {
        if (manner == 1)
            look(s, i, large ? random_below(&s->random, 2) : 2);
        else if (random_chance(&s->random, 20))
            look(s, i, large ? 1 : 3);
    }
    look(s, s->steps_len, large ? 3 : 5);
}

static void choose_steps(struct scenario *s)
{
    int64_t clock = day("2007-11-01");
    size_t at = 0;

    s->steps_len = 2 + (size_t)random_below(&s->random, SCENARIO_STEPS_MAX - 2);
    for (size_t i = 0; i < s->steps_len; i++) {
        size_t len = (s->order_len - at) / (s->steps_len - i);

        s->steps[i] = (struct oracle_step){clock, s->order + at, len};
        at += len;
        clock += 1 + random_below(&s->random, 60) * DAY_US / 2;
        if (random_chance(&s->random, 30))
            clock += random_below(&s->random, DAY_US);
    }
    s->until = clock + random_below(&s->random, 150) * DAY_US;
    /* Now and then the last step stands at the very instant of a report. */
    if (random_chance(&s->random, 10) && s->order[0]->time > s->until)
        s->until = s->order[0]->time;
}

static void shuffle(struct scenario *s, const struct event **list, size_t len)
{
    for (size_t i = len; i > 1; i--) {
        size_t k = (size_t)random_below(&s->random, (int64_t)i);
        const struct event *ev = list[i - 1];

        list[i - 1] = list[k];
        list[k] = ev;
    }
}

void scenario_shuffle(struct scenario *s)
{
    shuffle(s, s->order, s->order_len);
    choose_steps(s);
    choose_looks(s);
}

void scenario_stir(struct scenario *s)
{
    const struct event **to = s->order + s->order_len; /* behind what is there */

    for (size_t i = 0; i < s->steps_len; i++) {
        struct oracle_step *step = &s->steps[i];
        size_t len = step->events_len;

        cr_assert(to + len + 1 <= s->order + 2 * s->events_max);
        for (size_t k = 0; k < len; k++)
            to[k] = step->events[k];
        if (len > 0 && s->order_len + s->steps_len < s->events_max)
            to[len++] = step->events[0];
        shuffle(s, to, len);
        step->events = to;
        step->events_len = len;
        to += len;
    }
}

void scenario_repeat(struct scenario *s, int times)
{
    size_t once = s->order_len;

    for (size_t i = 0; i < once; i++) {
        int64_t more = random_below(&s->random, times);

        for (; more > 0 && s->order_len < 2 * s->events_max; more--)
            s->order[s->order_len++] = s->order[i];
    }
}

/* --- making one --------------------------------------------------------------------- */

static const struct {
    size_t events, text;
} sizes[] = {[SCENARIO_SMALL] = {96, 8192}, [SCENARIO_LARGE] = {ORACLE_FACTS_MAX, 32768}};

/* The events, their order and their texts stand behind the scenario itself. */
static struct scenario *new_block(enum scenario_size size)
{
    size_t events = sizes[size].events;
    size_t order_size = 2 * events * sizeof(const struct event *);
    struct scenario *s = calloc(1, sizeof *s + events * sizeof(struct event) +
                                       order_size + sizes[size].text);

    cr_assert(s != NULL);
    s->size = size;
    s->events = (struct event *)(void *)(s + 1);
    s->events_max = events;
    s->order = (const struct event **)(void *)(s->events + events);
    s->texts = (char *)(s->order + 2 * events);
    s->texts_size = sizes[size].text;
    return s;
}

static void choose_goods(struct scenario *s)
{
    static const char *const sets[][4] = {
        {"rice", "potatoes", "food", "food"},
        {"rice", "paddy", "wheat_flour", "food"},
        {"potatoes", "soybeans", "food", "rice"},
        {"anthracite", "electricity", "energy", "crude_oil"},
        {"fertilizer", "potatoes", "food", "steel"},
    };
    static const int64_t scales[] = {40, 5000, INT64_C(30000000000)};
    const char *const *set = sets[random_below(&s->random, 5)];

    for (s->goods_len = 0; s->goods_len < 4; s->goods_len++)
        s->goods[s->goods_len] = goods_of(set[s->goods_len]);
    s->scale = scales[random_below(&s->random, 3)];
    s->is_dry = random_chance(&s->random, 10);
    s->has_odd_prices = random_chance(&s->random, 10);
}

struct scenario *scenario_sized(uint64_t seed, bool conflicts, enum scenario_size size)
{
    struct scenario *s = new_block(size);
    struct event_problem problem;

    s->seed = s->random.state = seed;
    choose_goods(s);
    scenario_reports(s, conflicts);
    for (size_t i = 0; i < s->events_len; i++) {
        cr_assert(event_check(&s->events[i], &problem) == ST_OK, "%.*s: %s",
                  TEXT_ARGS(s->events[i].id), problem.text);
        s->order[s->order_len++] = &s->events[i];
    }
    for (int i = 0; i < 2; i++) /* said twice */
        s->order[s->order_len++] =
            &s->events[random_below(&s->random, (int64_t)s->events_len)];
    scenario_rules(s);
    scenario_shuffle(s);
    return s;
}

struct scenario *scenario_new(uint64_t seed, bool conflicts)
{
    return scenario_sized(seed, conflicts, SCENARIO_SMALL);
}
