/* What the parts of the aggregator share. aggregator.c has the loop; aggregator_state.c
 * folds and commits; aggregator_start.c catches up with the journal's folder;
 * aggregator_checkpoint.c writes checkpoints and begins with one; aggregator_voice.c says
 * what the aggregator itself has to say in the journal; aggregator_outbox.c serves what
 * is committed. */
#ifndef SHORTFALL_DAEMONS_AGGREGATOR_PARTS_H
#define SHORTFALL_DAEMONS_AGGREGATOR_PARTS_H

#include "shortfall/bus/server.h"
#include "shortfall/fold/checkpoint.h"
#include "shortfall/fold/rules_file.h"
#include "shortfall/proto/pack.h"
#include "shortfall/storage/store.h"

#include <sys/types.h>

struct aggregator_settings {
    const char *ingest, *reader, *serve;
    const char *journal, *db;
    const char *rules; /* NULL: none */
    const char *producer;
    int64_t commit_every_us;
    int64_t checkpoint_every_us; /* 0: none are written */
    int64_t checkpoint_events;
    int64_t memory_max; /* bytes; 0: no limit */
};

/* What the journal says of this aggregator, up to the last frame folded. */
struct own_frames {
    uint64_t number;      /* its last frame; 0: none */
    bool is_feed;         /* exercise: declared in the opening */
    bool promised;        /* that nothing more follows of it */
    bool has_rules;       /* the journal has some */
    bool rules_are_ours;  /* the newest of them are those of the file */
    struct hash128 rules; /* of their text */
};

/* Checkpoints written, and the one that is being written by a process of its own. */
struct checkpoints {
    uint64_t seq; /* last event in the newest one */
    int64_t us;   /* monotonic time at which it was begun; 0: none yet */
    pid_t writer; /* 0: none is being written */
    uint64_t writer_pos, writer_seq;
    struct checkpoint_file *file; /* what it writes */
};

struct aggregator {
    const struct aggregator_settings *settings;
    struct rules_file rules;
    struct store *store;
    struct fold *fold;
    struct bus *bus;
    struct bus_server *server;

    struct store_cursor committed;
    uint64_t outbox;        /* last position committed and served */
    bool balances_due;      /* some changed since they were last committed */
    int64_t balances_us;    /* monotonic time of that commit; 0: none yet */
    int64_t uncommitted_us; /* monotonic time of the oldest frame not committed yet */

    uint64_t pos, seq;                   /* of the last frame folded, and its events */
    uint8_t hash[FRAME_HASH_SIZE];       /* and its hash */
    uint8_t first_hash[FRAME_HASH_SIZE]; /* of the journal's opening */
    bool met; /* the recorder has sent the frame that we ended with */
    struct own_frames own;
    struct checkpoints checkpoints;

    bool greeted, told; /* the log, that the recorder does not answer */
    uint64_t sent;      /* number of the last frame sent, read back or not */
    bool caught_up;     /* everything that there was has been read once */

    int64_t counted_us; /* monotonic time of the last counts in the log */
    uint64_t counted_pos;

    uint8_t body[TRANSITION_BODY_MAX]; /* of the transition being served */
};

/* --- aggregator_state.c --- */

/* Folds the frame after the last one. */
MUST_USE enum status aggregator_fold(struct aggregator *a, const struct frame *frame,
                                     struct why *why);

/* Commits what has been folded since the last commit; nothing: does nothing. Balances are
 * committed once a second, and with the last commit before a pause or an end. */
MUST_USE enum status aggregator_commit(struct aggregator *a, bool last, struct why *why);

/* How long until balances are to be committed; INT64_MAX: none are due. */
int64_t aggregator_balances_wait_us(const struct aggregator *a);

void aggregator_log_counts(struct aggregator *a);

/* Whether those are the rules that the aggregator was given. */
bool rules_are_given(const struct aggregator *a, struct hash128 rules);

/* --- aggregator_checkpoint.c --- */

/* Begins with the newest checkpoint that fits, if there is one: the fold, and what the
 * journal says of this aggregator. Those that can never be used again are removed. */
void aggregator_resume(struct aggregator *a, struct journal_reader *frames);

/* Begins to write a checkpoint if one is due, in a process of its own; sees to one that
 * is being written. To be called when all that was folded is committed. What fails is
 * logged: a checkpoint is only ever worth time. */
void aggregator_checkpoint(struct aggregator *a);

/* The last one before the end, written before it returns. */
void aggregator_checkpoint_last(struct aggregator *a);

/* Ends the writing of one that is not finished. */
void aggregator_checkpoint_close(struct aggregator *a);

/* How long until aggregator_checkpoint wants to be called; INT64_MAX: no matter when. */
int64_t aggregator_checkpoint_wait_us(const struct aggregator *a);

/* --- aggregator_start.c --- */

/* Folds the journal's folder to its end: what is in the store already without its effects
 * and compared with the store's digest, the rest with them. Waits for a journal that does
 * not exist yet. ST_CORRUPT: the journal ends before the store does, or gives another
 * digest; ST_CONFLICT: the store is another journal's; ST_STOPPED. */
MUST_USE enum status aggregator_catch_up(struct aggregator *a, int stop_fd,
                                         struct why *why);

/* --- aggregator_voice.c --- */

/* Whether the aggregator may say in this journal what it was told to say. ST_INVALID: an
 * exercise that does not know it as a feed, or to which it has promised its silence. */
MUST_USE enum status aggregator_check_voice(const struct aggregator *a, struct why *why);

/* Sends the next frame that is due, if all before it have been read back: the rules, the
 * promise of an exercise, a tick. */
MUST_USE enum status aggregator_speak(struct aggregator *a, struct why *why);

/* Milliseconds until a tick may be due, at most a minute. */
int64_t aggregator_patience_ms(const struct aggregator *a);

/* What became of a frame that was sent. A refusal ends the aggregator. */
MUST_USE enum status aggregator_take_refusal(const struct aggregator *a,
                                             const struct bus_message *m,
                                             struct why *why);

/* --- aggregator_outbox.c --- */

/* The last position in the store's outbox; 0: empty. */
MUST_USE enum status outbox_end(struct store *store, uint64_t *out, struct why *why);

/* A bus_read_fn: the transition at a position as a frame. */
enum status outbox_read(void *self, uint64_t pos, struct frame *out, struct why *why);

#endif
