/* What a client does to get every frame after a position, without a socket and without a
 * clock: as publisher.h. */
#ifndef SHORTFALL_BUS_FOLLOWER_H
#define SHORTFALL_BUS_FOLLOWER_H

#include "wire.h"

enum follower_state {
    FOLLOWER_IDLE,
    FOLLOWER_ASKING, /* follow is on its way */
    FOLLOWER_FOLLOWING
};

struct follower {
    enum follower_state state;
    uint16_t round; /* of the last follow; what belongs to another is not looked at */
    bool follow_due;
    uint32_t credit;
    uint64_t pos;   /* of the last frame handed to the caller */
    uint64_t until; /* the server may send frames up to this one */
    int64_t resend_us;
    int64_t heard_us, asked_us; /* last message that came, that went */
    bool knows_stream;
    uint8_t stream_id[FRAME_HASH_SIZE]; /* of the first answer */
    uint8_t message[64];                /* what follower_next lends */
};

/* Asks for the frames after `after`, from now on. */
void follower_begin(struct follower *f, uint64_t after, int64_t now_us);

/* As the functions of publisher.h. */
bool follower_next(struct follower *f, int64_t now_us, struct bytes *out);
void follower_sent(struct follower *f, int64_t now_us);
void follower_tick(struct follower *f, int64_t now_us);
int64_t follower_due_us(const struct follower *f, int64_t now_us);
MUST_USE enum status follower_take(struct follower *f, struct bytes message,
                                   int64_t now_us, struct bus_message *out,
                                   struct why *why);

#endif
