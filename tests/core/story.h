/* A small language for stories about a world: what sources report on which day, and what
 * comes of it, as a block of text. Dates are strings, amounts are tonnes (gigajoules for
 * energy) as strings. Nothing here knows how the core computes. */
#ifndef SHORTFALL_TESTS_CORE_STORY_H
#define SHORTFALL_TESTS_CORE_STORY_H

#include "shortfall/core/world.h"

/* What sources say. The source is "a" unless `by` says otherwise; texts are lent. */
struct event ship(const char *id, const char *from, const char *to, const char *goods,
                  const char *tonnes);
struct event pledge(const char *id, const char *from, const char *to, const char *goods,
                    const char *tonnes);
struct event harvest(const char *id, const char *country, const char *goods,
                     const char *tonnes, const char *time);
struct event stock(const char *id, const char *country, const char *goods,
                   const char *tonnes, const char *time);
struct event use(const char *id, const char *country, const char *goods,
                 const char *tonnes, const char *time, const char *until);
struct event price(const char *id, const char *goods, const char *market,
                   const char *money_per_unit, const char *time); /* "143.95 USD/bbl" */
struct event policy(const char *id, const char *actor, const char *target,
                    const char *goods, int32_t factor, const char *time);

/* The same report with one more thing said. */
struct event by(struct event ev, const char *source);
struct event departed(struct event ev, const char *time);
struct event eta(struct event ev, const char *time);
struct event arrived(struct event ev, const char *time);
struct event arrived_with(struct event ev, const char *tonnes, const char *time);
struct event cancelled(struct event ev);
struct event toward(struct event ev, const char *pledge);
struct event credited(struct event ev, const char *tonnes);
struct event due(struct event ev, const char *time);
struct event status(struct event ev, enum pledge_status status);
struct event until(struct event ev, const char *time); /* production, policy */
struct event alternative(struct event ev, const char *fact);
struct event revised(struct event ev, int32_t revision);
struct event retracted(struct event ev, int32_t revision);

struct story;

struct story *story_begin(void);

/* Rules and settings named since the last story_rules are in force from the next step (or
 * from story_rules). `where` is "PRK/rice"; a star on either side means all. The rule is
 * lent, to set `hold` and `keep`. */
struct rule *story_rule(struct story *s, const char *uid, const char *where,
                        const char *when);
void story_clear(struct rule *rule, const char *clear);
void story_year(struct story *s, const char *country, const char *goods, uint8_t month,
                uint8_t day);
void story_rules(struct story *s);

/* The step at `clock` (the same one if it is the clock already) with one event more. */
enum verdict record(struct story *s, const char *clock, struct event ev);
/* A step without events. */
void step(struct story *s, const char *clock);

/* Writes figures of "PRK/rice" into the trace, at the end of the step that is open:
 * stock unmet cover out shortfall ratio deficit delivery overdue expected. Horizon 90 d.
 */
void show(struct story *s, const char *account, const char *as_of, const char *fields);
/* Writes the readings of transitions from here on. */
void story_readings(struct story *s);
/* Writes the evidence of transitions from here on: seq, begun, movers. */
void story_evidence(struct story *s);

/* Ends the step that is open. */
struct world *story_world(struct story *s);
void story_forget(struct story *s);     /* empties the trace */
void story_first_line(struct story *s); /* forgets all but the first line */

/* Ends the step that is open, compares the trace with the block, and frees all. */
void story_end_at(struct story *s, int line, const char *label, const char *expected);
#define story_end(s, expected)            story_end_at((s), __LINE__, "the story", (expected))
#define story_row_end(s, label, expected) story_end_at((s), __LINE__, (label), (expected))

/* For tests that need the parts. */
int64_t day(const char *time);
place_id place(const char *code);        /* "*" too */
commodity_id goods_of(const char *code); /* "*" too */
struct amount amount_of(const char *number, const char *unit, commodity_id goods);
struct memory heap_memory(void);

#endif
