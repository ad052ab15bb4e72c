/* How runs grow. Integers only: between two entries every figure is a straight line, so
 * the state at any microsecond is exact. */
#include "run.h"

#include <assert.h>

struct run run_begin(int128_t use_rate, int128_t supply_rate)
{
    return (struct run){.first = TIME_NONE,
                        .time = TIME_NONE,
                        .set_time = TIME_NONE,
                        .use_in = use_rate,
                        .supply_in = supply_rate,
                        .use_rate = use_rate,
                        .supply_rate = supply_rate,
                        .lowest = RUN_HIGHEST,
                        .highest = RUN_LOWEST,
                        .head = RUN_HIGHEST,
                        .gap = RUN_LOWEST};
}

struct run run_origin(void)
{
    struct run r = run_begin(0, 0);

    r.set = true;
    r.lowest = r.highest = 0;
    return r;
}

static int128_t lesser(int128_t a, int128_t b)
{
    return a < b ? a : b;
}

static int128_t greater(int128_t a, int128_t b)
{
    return a > b ? a : b;
}

void run_close(struct run *r)
{
    r->lowest = lesser(r->lowest, r->position);
    r->highest = greater(r->highest, r->position);
    r->gap = greater(r->gap, run_gap(r));
}

/* Nearly every rate fits 64 bits: one multiplication. */
static inline int128_t accrual(int128_t rate, int64_t span)
{
    int64_t narrow = (int64_t)rate;

    return narrow == rate ? (int128_t)narrow * span : rate * span;
}

/* Between jumps everything goes one way: of the instant that is over and the value just
 * before the next jump, each extreme can only be at one. */
static inline void pass_by(struct run *r, int64_t span)
{
    int128_t used = accrual(r->use_rate, span);
    int128_t supplied = accrual(r->supply_rate, span);
    int128_t position = r->position + supplied - used;
    int128_t gap = run_gap(r);

    if (used > supplied) {
        r->highest = greater(r->highest, r->position);
        r->lowest = lesser(r->lowest, position);
        gap += used - supplied;
    } else {
        r->lowest = lesser(r->lowest, r->position);
        r->highest = greater(r->highest, position);
    }
    r->gap = greater(r->gap, gap);
    r->position = position;
    r->used += used;
    r->supplied += supplied;
}

void run_accrue(struct run *r, int64_t time)
{
    if (r->time == time)
        return;
    if (r->time == TIME_NONE)
        r->first = time;
    else if (r->use_rate != 0 || r->supply_rate != 0)
        pass_by(r, time - r->time);
    else
        run_close(r);
    r->time = time;
}

/* `lowest` is the least X up to the SET, which ends the segment. */
static void end_segment(struct run *r, int128_t lowest)
{
    if (r->set) {
        r->closed -= lowest; /* U of the segment; a second SET here adds 0 */
        return;
    }
    r->head = lowest;
    r->set = true;
}

static void enter_set(struct run *r, int128_t level)
{
    end_segment(r, lesser(r->lowest, r->position));
    r->position = level;
    r->lowest = 0;
    r->highest = level;
    r->set_time = r->time;
    r->reports++;
}

void run_enter(struct run *r, const struct entry *e, int128_t value)
{
    run_accrue(r, e->time);
    switch ((enum entry_kind)e->kind) {
    case ENTRY_ADD:
        r->position += value * PICO;
        r->supplied += value * PICO;
        return;
    case ENTRY_SUPPLY_REST:
        r->position += value;
        r->supplied += value;
        return;
    case ENTRY_DIFFERENCE:
        r->position += value;
        r->reports++;
        return;
    case ENTRY_SUPPLY_RATE:
        r->supply_rate += value;
        return;
    case ENTRY_USE_RATE:
        r->use_rate += value;
        return;
    case ENTRY_USE_REST:
        r->position -= value;
        r->used += value;
        return;
    case ENTRY_EXPECTED:
        r->expected += value * PICO;
        return;
    case ENTRY_SET:
        enter_set(r, value * PICO);
        return;
    }
    assert(false); /* an entry of no kind */
}

static uint32_t count_adds(const struct entry *list, uint32_t len)
{
    uint32_t count = 0;

    while (count < len && list[count].kind == ENTRY_ADD && !list[count].wide)
        count++;
    return count;
}

/* While nothing is observed or expected, the gap is the position upside down: one is
 * deepest where the other is greatest. */
uint32_t run_enter_adds(struct run *r, const struct entry *list, uint32_t len)
{
    uint32_t count = count_adds(list, len);
    int128_t rate = r->supply_rate - r->use_rate;
    bool narrow = (int64_t)rate == rate;

    if (count < 2 || r->time == TIME_NONE)
        return 0;
    int128_t level = run_gap(r) + r->position;
    int128_t position = r->position;
    int128_t least = RUN_HIGHEST;
    int128_t most = RUN_LOWEST;
    int128_t sum = 0;
    int64_t time = r->time;

    for (uint32_t i = 0; i < count; i++) {
        int64_t span = list[i].time - time;
        int128_t amount = (int128_t)list[i].value * PICO;

        if (span != 0) { /* all jumps of one instant are one jump */
            least = lesser(least, position);
            most = greater(most, position);
            position += narrow ? (int128_t)(int64_t)rate * span : rate * span;
            least = lesser(least, position);
            most = greater(most, position);
            time = list[i].time;
        }
        position += amount;
        sum += amount;
    }
    r->supplied += accrual(r->supply_rate, time - r->time) + sum;
    r->used += accrual(r->use_rate, time - r->time);
    r->lowest = lesser(r->lowest, least);
    r->highest = greater(r->highest, most);
    r->gap = greater(r->gap, level - least);
    r->position = position;
    r->time = time;
    return count;
}

static void append_position(struct run *r, const struct run *next)
{
    int128_t lowest = lesser(r->lowest, r->position + next->lowest);

    if (!next->set) {
        r->lowest = lowest;
        r->highest = greater(r->highest, r->position + next->highest);
        r->position += next->position;
        return;
    }
    end_segment(r, lesser(r->lowest, r->position + next->head));
    r->closed += next->closed;
    r->position = next->position;
    r->lowest = next->lowest;
    r->highest = next->highest;
    r->set_time = next->set_time;
}

void run_append(struct run *r, const struct run *next)
{
    if (next->time == TIME_NONE)
        return;
    assert(r->use_rate == next->use_in && r->supply_rate == next->supply_in);
    run_accrue(r, next->first);
    append_position(r, next);
    r->gap = greater(r->gap, run_gap(r) + next->gap);
    r->used += next->used;
    r->supplied += next->supplied;
    r->expected += next->expected;
    r->use_rate = next->use_rate;
    r->supply_rate = next->supply_rate;
    r->reports += next->reports;
    r->time = next->time;
}

int128_t run_unmet(const struct run *r)
{
    return r->closed - r->lowest;
}

int128_t run_stock(const struct run *r)
{
    int128_t stock = r->position - r->lowest;

    assert(r->set && stock >= 0);
    return stock;
}
