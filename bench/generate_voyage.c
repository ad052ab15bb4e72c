/* Pledges, and shipments that depart, are put off and arrive. */
#include "generate_parts.h"

#include <stdio.h>

static void write_voyage(struct generator *g, struct event *ev, const struct voyage *v)
{
    struct shipment *s = &ev->as.shipment;

    ev->revision = v->revision;
    *s =
        (struct shipment){.from = v->from,
                          .to = v->to,
                          .commodity = v->commodity,
                          .quantity = generate_amount(g->number, v->tonnes, v->commodity),
                          .departed = v->departed,
                          .eta = v->eta,
                          .arrived = TIME_NONE,
                          .terms = v->pledge ? TERMS_GRANT : TERMS_COMMERCIAL};
    s->arrived_quantity.amount = s->quantity.amount;
    if (v->pledge == 0)
        return;
    (void)snprintf(g->pledge, sizeof g->pledge, "authority-%02u/pledge-%09" PRIu32,
                   (unsigned)v->pledge_source, v->pledge);
    s->pledge = text_of(g->pledge);
}

static void make_departure(struct generator *g, struct event *ev)
{
    struct voyage *v = &g->open[g->open_len++];

    *v = (struct voyage){.number = ++g->departed,
                         .source = (uint8_t)generate_draw(g, SOURCES)};
    generate_begin(g, ev, EVENT_SHIPMENT, v->source, "voyage", v->number);
    v->departed = ev->time;
    v->tonnes = 1000 + (uint32_t)generate_draw(g, 60000);
    v->eta = v->departed + (5 + (int64_t)generate_draw(g, 40)) * DAY_US;
    if (g->pledges_made >= PLEDGES_OPEN && generate_draw(g, 10) < 3) {
        v->pledge = g->pledges_made - (uint32_t)generate_draw(g, PLEDGES_OPEN);
        const struct pledge_made *p = &g->pledges[v->pledge % PLEDGES_OPEN];

        v->pledge_source = p->source;
        v->from = p->from;
        v->to = p->to;
        v->commodity = p->commodity;
    } else {
        generate_draw_route(g, &v->from, &v->to);
        v->commodity = generate_draw_commodity(g);
    }
    write_voyage(g, ev, v);
    g->facts++;
}

/* A voyage that is open, with another day on which it is expected. */
static void make_delay(struct generator *g, struct event *ev)
{
    struct voyage *v = &g->open[generate_draw(g, g->open_len)];

    generate_begin(g, ev, EVENT_SHIPMENT, v->source, "voyage", v->number);
    v->revision++;
    v->eta += (1 + (int64_t)generate_draw(g, 10)) * DAY_US;
    write_voyage(g, ev, v);
}

/* A voyage that is open, for the last time: one in fifty is cancelled. */
static void make_arrival(struct generator *g, struct event *ev)
{
    size_t which = generate_draw(g, g->open_len);
    struct voyage v = g->open[which];

    g->open[which] = g->open[--g->open_len];
    generate_begin(g, ev, EVENT_SHIPMENT, v.source, "voyage", v.number);
    v.revision++;
    write_voyage(g, ev, &v);
    if (generate_draw(g, 50) == 0) {
        ev->as.shipment.cancelled = true;
        return;
    }
    if (ev->time < v.departed)
        ev->time = v.departed;
    ev->as.shipment.arrived = ev->time;
    ev->as.shipment.arrived_quantity =
        generate_amount(g->arrived_number, v.tonnes - v.tonnes / 200, v.commodity);
}

/* The more are open, the rarer another departs; after 100,000 shipments about as many
 * depart as arrive, and a voyage takes about four weeks. */
void generate_shipment(struct generator *g, struct event *ev)
{
    if (g->open_len > 0 && generate_draw(g, 5) == 0)
        make_delay(g, ev);
    else if (generate_draw(g, OPEN_MAX) >= g->open_len)
        make_departure(g, ev);
    else
        make_arrival(g, ev);
}

void generate_pledge(struct generator *g, struct event *ev)
{
    struct pledge_made *p = &g->pledges[++g->pledges_made % PLEDGES_OPEN];
    p->source = (uint8_t)generate_draw(g, SOURCES);
    generate_draw_route(g, &p->from, &p->to);
    p->commodity = generate_draw_commodity(g);
    uint64_t tonnes = 20000 + generate_draw(g, 200000);
    int64_t days = 30 + (int64_t)generate_draw(g, 150);

    generate_begin(g, ev, EVENT_PLEDGE, p->source, "pledge", g->pledges_made);
    ev->as.pledge =
        (struct pledge){.from = p->from,
                        .to = p->to,
                        .commodity = p->commodity,
                        .quantity = generate_amount(g->number, tonnes, p->commodity),
                        .due = ev->time + days * DAY_US,
                        .status = PLEDGE_AGREED};
    g->facts++;
}
