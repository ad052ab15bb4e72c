/* Any bytes as a whole journal: its frames go through the fold. A body that the door
 * would refuse must end it; what it takes gives the same alerts and digest however often
 * one looks, and books that balance. The world has little memory: that ends it, too. */
#include "frames.h"
#include "fuzz.h"

#include "shortfall/fold/fold.h"
#include "shortfall/proto/pack.h"

#include <string.h>

#define MEMORY_MAX (1024 * 1024)

struct outcome {
    enum status st;
    size_t alerts;
    uint8_t digest[DIGEST_SIZE];
};

/* What the core says of an alert, a client must be able to read. */
static void check_alert(const struct alert_row *row)
{
    uint8_t body[TRANSITION_BODY_MAX];
    struct transition_texts texts = {text_of(row->alert), text_of(row->severity),
                                     text_of(row->summary)};
    struct transition again;
    size_t len;
    MUST(pack_transition(&row->transition, &texts, body, sizeof body, &len) == ST_OK);
    MUST(unpack_transition((struct bytes){body, len}, &again, &texts, NULL) == ST_OK);
}

static void look(struct fold *f, struct outcome *out)
{
    const struct effects *effects;
    MUST(fold_effects(f, true, &effects, NULL) == ST_OK);
    out->alerts += effects->alerts_len;
    for (size_t i = 0; i < effects->alerts_len; i++)
        check_alert(&effects->alerts[i]);
    memcpy(out->digest, effects->cursor.digest, DIGEST_SIZE);
    fold_clear(f);
}

/* The year that follows, and what all accounts of each commodity sum up to. */
static enum status finish(struct fold *f, unsigned looks, struct outcome *out)
{
    struct world *w = fold_world(f);
    enum status st = fold_finish(f, NULL);
    int64_t clock = world_clock(w);
    bool waits = clock != TIME_NONE && clock < TIME_MAX - 365 * DAY_US;
    for (unsigned i = 1; !st && waits && i <= looks; i++)
        st = fold_advance(f, clock + 365 * DAY_US / looks * i, NULL);
    if (!st)
        st = world_settle(w, NULL);
    for (size_t i = 0; !st && i < world_accounts_len(w); i++) {
        place_id country;
        commodity_id commodity;
        world_account_key(w, i, &country, &commodity);
        MUST(world_imbalance(w, commodity) == 0);
    }
    look(f, out);
    return st;
}

/* The rules of an exercise are read when their turn comes. */
static bool is_read_later(const struct fold *f, const struct frame *frame)
{
    return frame->type == FRAME_RULES && fold_clock_kind(f) == CLOCK_PUBLISHED;
}

static struct outcome run(struct bytes journal, unsigned looks)
{
    struct fold_options options = {.memory_max = MEMORY_MAX, .known = TIME_END};
    struct frame frame = {.first_seq = 1, .clock = INT64_C(1199145600000000)}; /* 2008 */
    struct outcome out = {.alerts = 0};
    struct why why = {""};
    struct fold *f;
    MUST(fold_new(&options, &f, &why) == ST_OK);
    while (!out.st && frame_next(&journal, &frame)) {
        out.st = fold_frame(f, &frame, &why);
        MUST(out.st ? why.text[0] : is_read_later(f, &frame) || frame_is_sound(&frame));
        if (looks > 1 && !out.st)
            look(f, &out);
    }
    if (!out.st)
        out.st = finish(f, looks, &out);
    fold_free(f);
    return out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct outcome seldom = run((struct bytes){data, size}, 1);
    if (seldom.st) /* a fold that failed is of no more use */
        return 0;
    struct outcome often = run((struct bytes){data, size}, 5);
    MUST(often.st == ST_OK && often.alerts == seldom.alerts);
    MUST(memcmp(often.digest, seldom.digest, DIGEST_SIZE) == 0);
    return 0;
}
