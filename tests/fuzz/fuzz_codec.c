/* Any bytes as the body of a data frame. An event that decodes is written again, and what
 * was written decodes to the same; one that does not is refused with a reason. */
#include "fuzz.h"

#include "shortfall/proto/json.h"
#include "shortfall/proto/pack.h"

#include <string.h>

#define REFUSED_MAX 16 /* a body of nothing but bad events only takes time */

static struct packer *packer;

static struct bytes event_packed(const struct event *ev)
{
    packer_clear(packer);
    MUST(packer_add(packer, ev) == ST_OK);
    return packer_body(packer);
}

/* The JSON writer knows nothing of msgpack: it misses what the codec lost. */
static void event_again(const struct event *ev)
{
    static uint8_t kept[EVENT_SIZE_MAX + 1];
    static char said[2][JSON_EVENT_SIZE];
    struct event again;
    struct unpacker u;
    size_t len[2];
    bool skipped;
    MUST(event_check(ev, NULL) == ST_OK);
    struct bytes body = event_packed(ev);
    MUST(body.len <= sizeof kept);
    memcpy(kept, body.at, body.len);
    body.at = kept;
    MUST(unpack_begin(body, &u, NULL) == ST_OK && u.events == 1);
    MUST(unpack_next(&u, &again, &skipped, NULL) == ST_OK);
    MUST(json_write_event(ev, said[0], sizeof said[0], &len[0]) == ST_OK);
    MUST(json_write_event(&again, said[1], sizeof said[1], &len[1]) == ST_OK);
    MUST(len[0] == len[1] && memcmp(said[0], said[1], len[0]) == 0);
    struct bytes second = event_packed(&again);
    MUST(second.len == body.len && memcmp(second.at, kept, body.len) == 0);
}

/* The reader of a journal takes whatever a door takes, as the same event, and more; but
 * nothing that is out of its range. */
static void read_recorded(struct unpacker u, const struct event *door, enum status st)
{
    static uint8_t kept[EVENT_SIZE_MAX + 1];
    struct event ev;
    bool skipped;
    u.level = UNPACK_RECORDED;
    enum status recorded = unpack_next(&u, &ev, &skipped, NULL);
    MUST(recorded || event_check_recorded(&ev, NULL) == ST_OK);
    if (st)
        return;
    MUST(recorded == ST_OK);
    struct bytes body = event_packed(&ev);
    memcpy(kept, body.at, body.len);
    struct bytes other = event_packed(door);
    MUST(other.len == body.len && memcmp(other.at, kept, other.len) == 0);
}

static void data_again(struct bytes body)
{
    struct why why = {""};
    struct unpacker u;
    struct event ev;
    unsigned calls = 0, refused = 0;
    enum status st = unpack_begin(body, &u, &why);
    if (st) {
        MUST(st == ST_INVALID && why.text[0]);
        return;
    }
    while (st != ST_NOT_FOUND && refused < REFUSED_MAX) {
        bool skipped = false;
        why.text[0] = '\0';
        struct unpacker before = u;
        st = unpack_next(&u, &ev, &skipped, &why);
        read_recorded(before, &ev, st);
        MUST(++calls <= FRAME_EVENTS_MAX + 2);
        if (!st) {
            event_again(&ev);
        } else if (st != ST_NOT_FOUND) {
            MUST((st == ST_INVALID || st == ST_OVERFLOW) && why.text[0]);
            refused++;
            MUST(skipped || (u.rest.len == 0 && u.index == u.events));
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    MUST(packer || packer_new(&packer) == ST_OK);
    data_again((struct bytes){data, size});
    return 0;
}
