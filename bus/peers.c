/* A hash table of fixed size over the routing ids. Must never grow: who connects is not
 * known, and may be many. */
#include "peers.h"

#include <assert.h>
#include <string.h>

/* FNV-1a. Ids may be chosen to collide; the chain is PEERS_MAX at most. */
static uint16_t *bucket_of(struct peers *p, struct bytes id)
{
    uint32_t h = UINT32_C(2166136261);

    for (size_t i = 0; i < id.len; i++)
        h = (h ^ id.at[i]) * UINT32_C(16777619);
    return &p->buckets[h % PEERS_MAX];
}

static struct bytes id_of(const struct peer *peer)
{
    return (struct bytes){peer->id, peer->id_len};
}

struct peer *peers_find(struct peers *p, struct bytes id)
{
    for (uint16_t at = *bucket_of(p, id); at; at = p->places[at - 1].next) {
        struct peer *peer = &p->places[at - 1];

        if (peer->id_len == id.len && memcmp(peer->id, id.at, id.len) == 0)
            return peer;
    }
    return NULL;
}

static struct peer *free_place(struct peers *p)
{
    for (size_t i = 0; i < p->high; i++)
        if (p->places[i].id_len == 0)
            return &p->places[i];
    return p->high < PEERS_MAX ? &p->places[p->high++] : NULL;
}

struct peer *peers_add(struct peers *p, struct bytes id)
{
    uint16_t *bucket = bucket_of(p, id);
    struct peer *peer = free_place(p);

    assert(id.len > 0 && id.len <= PEER_ID_SIZE && !peers_find(p, id));
    if (!peer)
        return NULL;
    *peer = (struct peer){
        .generation = peer->generation + 1, .id_len = (uint8_t)id.len, .next = *bucket};
    memcpy(peer->id, id.at, id.len);
    *bucket = (uint16_t)(peer - p->places + 1);
    p->len++;
    return peer;
}

void peers_remove(struct peers *p, struct peer *peer)
{
    uint16_t place = (uint16_t)(peer - p->places + 1);
    uint16_t *link = bucket_of(p, id_of(peer));

    assert(peer->id_len > 0);
    while (*link != place)
        link = &p->places[*link - 1].next;
    *link = peer->next;
    peer->id_len = 0;
    p->len--;
}

struct peer *peers_owner(struct peers *p, struct text producer)
{
    for (size_t i = 0; i < p->high; i++) {
        struct peer *peer = &p->places[i];

        if (peer->id_len > 0 && !peer->displaced &&
            text_equal(producer, (struct text){peer->producer, peer->producer_len}))
            return peer;
    }
    return NULL;
}

struct peer *peers_oldest(struct peers *p)
{
    struct peer *oldest = NULL;

    for (size_t i = 0; i < p->high; i++) {
        struct peer *peer = &p->places[i];

        if (peer->id_len > 0 && (!oldest || peer->seen_us < oldest->seen_us))
            oldest = peer;
    }
    return oldest;
}

void peers_sweep(struct peers *p, int64_t us)
{
    for (size_t i = 0; i < p->high; i++)
        if (p->places[i].id_len > 0 && p->places[i].seen_us < us)
            peers_remove(p, &p->places[i]);
}

bus_peer peers_handle(const struct peers *p, const struct peer *peer, uint16_t round)
{
    return (bus_peer)peer->generation << 32 | (bus_peer)round << 16 |
           (bus_peer)(peer - p->places + 1);
}

struct peer *peers_of_handle(struct peers *p, bus_peer handle)
{
    size_t place = handle & 0xffff;

    if (place == 0 || place > PEERS_MAX)
        return NULL;
    if (p->places[place - 1].generation != handle >> 32)
        return NULL;
    return p->places[place - 1].id_len > 0 ? &p->places[place - 1] : NULL;
}

uint16_t peers_round(bus_peer handle)
{
    return (uint16_t)(handle >> 16 & 0xffff);
}
