/* What the makers of events share: the generator's state, and what they draw from it.
 * Private to the generator. */
#ifndef BENCH_GENERATE_PARTS_H
#define BENCH_GENERATE_PARTS_H

#include "generate.h"

#include <inttypes.h>

#define OPEN_MAX     16384 /* half as many shipments are on their way, in the long run */
#define PLEDGES_OPEN 256   /* the newest ones, which shipments that depart may name */
#define SOURCES      12
#define QUOTING      2 /* sources that quote each market */
#define LATE_ONE_IN  50
#define LATE_MAX_S   UINT64_C(31536000) /* a year */
#define FRESH_MAX_S  300

/* What is needed to report a shipment again. */
struct voyage {
    uint64_t number;
    uint32_t pledge; /* 0: none */
    uint32_t tonnes;
    uint8_t source, pledge_source;
    int32_t revision;
    place_id from, to;
    commodity_id commodity;
    int64_t departed, eta;
};

struct pledge_made {
    uint8_t source;
    place_id from, to;
    commodity_id commodity;
};

#define MARKETS 5

struct generator {
    struct generate_options options;
    uint64_t random, index, facts;
    uint64_t late_prices;
    place_id elsewhere; /* and how far generator_elsewhere has come in it */
    size_t elsewhere_done;
    place_id places[GENERATE_COUNTRIES];
    commodity_id commodities[GENERATE_COMMODITIES], steel;
    uint32_t cents[GENERATE_COMMODITIES][MARKETS]; /* the last price */
    struct voyage open[OPEN_MAX];
    size_t open_len;
    uint64_t departed;
    struct pledge_made pledges[PLEDGES_OPEN];
    uint32_t pledges_made;
    char source[32], id[EVENT_ID_MAX + 1], number[32], pledge[64], arrived_number[32];
};

/* splitmix64, below `below`: the sequence is part of what the benchmark is. */
uint64_t generate_draw(struct generator *g, uint64_t below);
void generate_draw_route(struct generator *g, place_id *from, place_id *to);
place_id generate_draw_place(struct generator *g);
commodity_id generate_draw_commodity(struct generator *g);

/* When the event in the making is reported, and whether it comes late. */
int64_t generate_reported(const struct generator *g);
bool generate_draw_late(struct generator *g);

bool generate_is_energy(commodity_id commodity);

/* Tonnes, or megawatt-hours; the text stands in `number`. */
struct amount generate_amount(char number[32], uint64_t whole, commodity_id commodity);

/* What every event has. Its time is some minutes ago; if it comes late, evenly any of the
 * last year. */
void generate_begin(struct generator *g, struct event *ev, enum event_kind kind,
                    uint64_t source, const char *what, uint64_t number);

void generate_open_markets(struct generator *g);
void generate_price(struct generator *g, struct event *ev);
void generate_shipment(struct generator *g, struct event *ev);
void generate_pledge(struct generator *g, struct event *ev);

#endif
