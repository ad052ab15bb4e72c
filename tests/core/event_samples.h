/* Events that event_check passes, one a kind, and the words of its tests: an event, one
 * change to it, and what becomes of it. */
#ifndef TESTS_CORE_EVENT_SAMPLES_H
#define TESTS_CORE_EVENT_SAMPLES_H

#include "shortfall/core/event.h"

#define TIME_2008 INT64_C(1225497600000000) /* 2008-11-01 */

struct amount sample_tonnes(const char *number, int64_t grams);
struct event sample_event(enum event_kind kind);
place_id sample_place(const char *code);
commodity_id sample_goods(const char *code);
struct event sample_shipment(void);
struct event sample_pledge(void);
struct event sample_price(void);
struct event sample_policy(void);
struct level sample_level(void);
struct event sample_stock(void);
struct event sample_production(void);
struct event sample_use(void);
void assert_passes(const struct event *ev, const char *label);
void assert_refused(const struct event *ev, enum event_field field, enum status st,
                    const char *label);
/* `len` bytes of text; lent until the next call. */
struct text long_text(uint32_t len);
struct event sample_paid_in(const char currency[4]);

/* An event, one change to it, and what becomes of it. */
#define PASSES(base, change)                                                             \
    do {                                                                                 \
        struct event ev = base;                                                          \
        change;                                                                          \
        assert_passes(&ev, #base ", " #change);                                          \
    } while (0)

#define REFUSED(base, change, field, st)                                                 \
    do {                                                                                 \
        struct event ev = base;                                                          \
        change;                                                                          \
        assert_refused(&ev, field, st, #base ", " #change);                              \
    } while (0)

#define INVALID(base, change, field) REFUSED(base, change, field, ST_INVALID)
#define BEYOND(base, change, field)  REFUSED(base, change, field, ST_OVERFLOW)

#endif
