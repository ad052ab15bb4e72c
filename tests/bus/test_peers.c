/* The table of connections: found by id, owned by name, forgotten when silent. */
#include "../../bus/peers.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct bytes id_of(int i)
{
    static char id[16];

    snprintf(id, sizeof id, "peer %d", i);
    return (struct bytes){(const uint8_t *)id, strlen(id)};
}

static void name(struct peer *peer, const char *producer)
{
    memcpy(peer->producer, producer, strlen(producer));
    peer->producer_len = (uint8_t)strlen(producer);
}

Test(peers, as_many_as_may_be_are_found_and_no_more)
{
    struct peers *p = calloc(1, sizeof *p);

    for (int i = 0; i < PEERS_MAX; i++)
        cr_assert(peers_add(p, id_of(i)), "%d", i);
    cr_assert(!peers_add(p, id_of(PEERS_MAX)), "one beyond");
    for (int i = 0; i < PEERS_MAX; i += 3)
        peers_remove(p, peers_find(p, id_of(i)));
    for (int i = 0; i < PEERS_MAX; i++)
        cr_assert(!peers_find(p, id_of(i)) == (i % 3 == 0), "%d", i);
    cr_assert(p->len == PEERS_MAX - (PEERS_MAX + 2) / 3);
    cr_assert(peers_add(p, id_of(PEERS_MAX)), "room again");
    free(p);
}

Test(peers, handle_of_one_that_is_gone_names_nobody)
{
    struct peers *p = calloc(1, sizeof *p);
    struct peer *first = peers_add(p, id_of(1)), *second;
    bus_peer handle = peers_handle(p, first, 65535);

    cr_assert(handle != 0 && peers_round(handle) == 65535);
    cr_assert(peers_of_handle(p, handle) == first);
    peers_remove(p, first);
    cr_assert(!peers_of_handle(p, handle), "removed");
    second = peers_add(p, id_of(2));
    cr_assert(second == first, "the place is taken again");
    cr_assert(!peers_of_handle(p, handle), "by another");
    cr_assert(!peers_of_handle(p, 0) && !peers_of_handle(p, UINT64_MAX));
    free(p);
}

Test(peers, owner_is_the_one_that_is_not_displaced)
{
    struct peers *p = calloc(1, sizeof *p);
    struct peer *older = peers_add(p, id_of(1)), *newer = peers_add(p, id_of(2));

    name(older, "port-odesa-01");
    name(newer, "port-odesa-01");
    older->displaced = true;
    cr_assert(peers_owner(p, text_of("port-odesa-01")) == newer);
    cr_assert(!peers_owner(p, text_of("port-odesa-0")), "a beginning is no name");
    peers_remove(p, newer);
    cr_assert(!peers_owner(p, text_of("port-odesa-01")));
    free(p);
}

Test(peers, silent_ones_are_forgotten)
{
    struct peers *p = calloc(1, sizeof *p);

    for (int i = 0; i < 10; i++)
        peers_add(p, id_of(i))->seen_us = 100 - i;
    cr_assert(peers_oldest(p) == peers_find(p, id_of(9)));
    peers_sweep(p, 95);
    cr_assert(p->len == 6);
    cr_assert(peers_find(p, id_of(5)) && !peers_find(p, id_of(6)), "at 95, and before");
    peers_sweep(p, 1000);
    cr_assert(p->len == 0 && !peers_oldest(p));
    free(p);
}
