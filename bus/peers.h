/* The connections that a server's socket knows, by routing id: at most PEERS_MAX, found
 * in constant time. A connection is known from its hello or its follow on, until it is
 * silent for too long or gone. */
#ifndef SHORTFALL_BUS_PEERS_H
#define SHORTFALL_BUS_PEERS_H

#include "shortfall/bus/server.h"

#define PEERS_MAX    1024
#define PEER_ID_SIZE 255 /* ZeroMQ's largest routing id */

struct peer {
    uint8_t id[PEER_ID_SIZE];
    uint8_t id_len;      /* 0: the place is free */
    uint32_t generation; /* counts who had this place */
    uint16_t next;       /* in its bucket: place + 1; 0: the last one */
    int64_t seen_us;

    /* a producer */
    char producer[FRAME_PRODUCER_MAX];
    uint8_t producer_len;
    uint64_t instance;
    bool displaced; /* a newer connection has the name */

    /* a follower */
    uint16_t round; /* of its last follow */
    uint64_t pos;   /* the last one sent */
    uint64_t until; /* the last one it has room for */
};

struct peers {
    struct peer places[PEERS_MAX];
    uint16_t buckets[PEERS_MAX]; /* place + 1 of the first; 0: none */
    size_t len;
    size_t high; /* no place from here on was ever taken */
};

struct peer *peers_find(struct peers *p, struct bytes id);

/* A new one, all else zero; NULL: no place left. `id` is not known yet. */
struct peer *peers_add(struct peers *p, struct bytes id);
void peers_remove(struct peers *p, struct peer *peer);

/* Who owns a producer's name; NULL: nobody. */
struct peer *peers_owner(struct peers *p, struct text producer);

/* Who was silent for longest; NULL: there is nobody. */
struct peer *peers_oldest(struct peers *p);

/* Removes who was last seen before `us`. */
void peers_sweep(struct peers *p, int64_t us);

/* A handle names a connection and a round of it; once the connection is removed it names
 * nothing, also when another has its place. */
bus_peer peers_handle(const struct peers *p, const struct peer *peer, uint16_t round);
struct peer *peers_of_handle(struct peers *p, bus_peer handle);
uint16_t peers_round(bus_peer handle);

#endif
