/* How far an unpacker checks what it reads, and that the order of an event's keys, which
 * decides how it is read, decides nothing else. */
#include "pack_help.h"

#include "../../proto/cursor.h"
#include "../../proto/layout.h"

#include <criterion/criterion.h>

#include <string.h>

#define PAIRS_MAX FIELD_COUNT

/* One event, packed alone; the packer checks nothing but sizes. */
static struct bytes body_of(struct packer *p, const struct event *ev, const char *label)
{
    packer_clear(p);
    cr_assert(packer_add(p, ev) == ST_OK, "%s", label);
    return packer_body(p);
}

static enum status read_at(enum unpack_level level, struct bytes body, struct event *out,
                           struct why *why)
{
    struct unpacker u;
    bool skipped;
    cr_assert(unpack_begin(body, &u, why) == ST_OK, "%s", why->text);
    cr_assert(u.level == UNPACK_DOOR, "a door unless it is said otherwise");
    u.level = level;
    return unpack_next(&u, out, &skipped, why);
}

/* The pairs of the one event of a body, each with the offset of its end. */
static uint32_t pairs_find(struct bytes body, const uint8_t *at[PAIRS_MAX + 1])
{
    struct cursor c = cursor_of(body);
    uint32_t len = 0;
    cr_assert(cursor_list(&c, &len) == ST_OK && len == 1);
    cr_assert(cursor_map(&c, &len) == ST_OK && len <= PAIRS_MAX);
    for (uint32_t i = 0; i < len; i++) {
        at[i] = c.at;
        cr_assert(cursor_skip(&c, 0) == ST_OK && cursor_skip(&c, 1) == ST_OK);
    }
    at[len] = c.at;
    return len;
}

/* The same event with its pairs in the order that `order` lists. */
static struct bytes reordered(struct bytes body, const uint32_t *order, uint8_t *out)
{
    const uint8_t *at[PAIRS_MAX + 1];
    uint32_t pairs = pairs_find(body, at);
    size_t len = (size_t)(at[0] - body.at);
    memcpy(out, body.at, len);
    for (uint32_t i = 0; i < pairs; i++) {
        size_t size = (size_t)(at[order[i] + 1] - at[order[i]]);
        memcpy(out + len, at[order[i]], size);
        len += size;
    }
    cr_assert(len == body.len);
    return (struct bytes){out, len};
}

static void shuffle(uint32_t *order, uint32_t len, uint64_t *state)
{
    for (uint32_t i = len; i > 1; i--) {
        uint32_t other = (uint32_t)(next_random(state) % i);
        uint32_t held = order[i - 1];
        order[i - 1] = order[other];
        order[other] = held;
    }
}

Test(level, keys_in_any_order_give_the_same_event)
{
    struct packer *p = NULL;
    uint64_t state = 7;
    cr_assert(packer_new(&p) == ST_OK);
    for (unsigned i = 0; i < SAMPLES; i++) {
        struct event ev, back;
        struct why why = {""};
        uint32_t order[PAIRS_MAX];
        static uint8_t bytes[EVENT_SIZE_MAX + 8];
        const uint8_t *at[PAIRS_MAX + 1];
        const char *label = sample_event(i, &ev);
        struct bytes body = body_of(p, &ev, label);
        uint32_t pairs = pairs_find(body, at);
        for (uint32_t k = 0; k < pairs; k++)
            order[k] = k;
        for (unsigned round = 0; round < 200; round++) {
            enum unpack_level level = round % 2 ? UNPACK_RECORDED : UNPACK_DOOR;
            struct bytes other = reordered(body, order, bytes);
            cr_assert(read_at(level, other, &back, &why) == ST_OK, "%s, round %u: %s",
                      label, round, why.text);
            const char *difference = event_difference(&ev, &back);
            cr_assert(!difference, "%s, round %u: %s", label, round, difference);
            shuffle(order, pairs, &state);
        }
    }
    packer_free(p);
}

/* A stock, spoilt in one way. */
enum spoil {
    NOTHING,
    AMOUNT_OF_ANOTHER_NUMBER,
    NUMBER_THAT_IS_NONE,
    NOTE_OF_CONTROLS,
    SOURCE_WITH_A_SLASH,
    ID_TOO_LONG,
    NOTE_TOO_LONG,
    NUMBER_TOO_LONG,
    AMOUNT_BEYOND_THE_GREATEST,
    PUBLISHED_TOO_LATE,
    COUNTRY_OF_A_PARTY,
    REVISION_BELOW_ZERO
};

static void spoil(struct event *ev, enum spoil how)
{
    static char long_text[EVENT_NOTE_MAX + 1];
    memset(long_text, '1', sizeof long_text);
    switch (how) {
    case NOTHING:
        break;
    case AMOUNT_OF_ANOTHER_NUMBER:
        ev->as.stock.quantity.amount.base_units++;
        break;
    case NUMBER_THAT_IS_NONE:
        ev->as.stock.quantity.number = TEXT_LITERAL("?");
        break;
    case NOTE_OF_CONTROLS:
        ev->note = TEXT_LITERAL("\x1b[31m");
        break;
    case SOURCE_WITH_A_SLASH:
        ev->source = TEXT_LITERAL("a/b");
        break;
    case ID_TOO_LONG:
        ev->id = (struct text){long_text, EVENT_ID_MAX + 1};
        break;
    case NOTE_TOO_LONG:
        ev->note = (struct text){long_text, EVENT_NOTE_MAX + 1};
        break;
    case NUMBER_TOO_LONG:
        ev->as.stock.quantity.number = (struct text){long_text, EVENT_NUMBER_MAX + 1};
        break;
    case AMOUNT_BEYOND_THE_GREATEST:
        ev->as.stock.quantity.amount.base_units = QTY_MASS_MAX + 1;
        break;
    case PUBLISHED_TOO_LATE:
        ev->states_published = true;
        ev->published = TIME_MAX + 1;
        break;
    case COUNTRY_OF_A_PARTY:
        ev->as.stock.country = place_find(TEXT_LITERAL("WFP"));
        break;
    case REVISION_BELOW_ZERO:
        ev->states_published = true;
        ev->revision = -1;
        break;
    }
}

Test(level, of_what_is_recorded_ranges_are_checked_and_no_number_is_converted)
{
    static const struct {
        const char *label;
        enum spoil how;
        enum status door, recorded;
    } rows[] = {
        {"nothing", NOTHING, ST_OK, ST_OK},
        {"amount of another number", AMOUNT_OF_ANOTHER_NUMBER, ST_INVALID, ST_OK},
        {"number that is none", NUMBER_THAT_IS_NONE, ST_INVALID, ST_OK},
        {"note of controls", NOTE_OF_CONTROLS, ST_INVALID, ST_OK},
        {"source with a slash", SOURCE_WITH_A_SLASH, ST_INVALID, ST_OK},
        {"id too long", ID_TOO_LONG, ST_INVALID, ST_INVALID},
        {"note too long", NOTE_TOO_LONG, ST_INVALID, ST_INVALID},
        {"number too long", NUMBER_TOO_LONG, ST_OVERFLOW, ST_OVERFLOW},
        {"amount beyond", AMOUNT_BEYOND_THE_GREATEST, ST_OVERFLOW, ST_OVERFLOW},
        {"published too late", PUBLISHED_TOO_LATE, ST_OVERFLOW, ST_OVERFLOW},
        {"country of a party", COUNTRY_OF_A_PARTY, ST_INVALID, ST_INVALID},
        {"revision below zero", REVISION_BELOW_ZERO, ST_INVALID, ST_INVALID},
    };
    struct packer *p = NULL;
    cr_assert(packer_new(&p) == ST_OK);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct event ev, back;
        struct why why = {""};
        (void)sample_event(8, &ev);
        cr_assert(ev.kind == EVENT_STOCK, "the ninth sample is a stock");
        spoil(&ev, rows[i].how);
        struct bytes body = body_of(p, &ev, rows[i].label);
        enum status door = read_at(UNPACK_DOOR, body, &back, &why);
        cr_assert(door == rows[i].door, "%s, door: %s", rows[i].label, why.text);
        enum status recorded = read_at(UNPACK_RECORDED, body, &back, &why);
        cr_assert(recorded == rows[i].recorded, "%s: %s", rows[i].label, why.text);
        cr_assert(recorded || !event_difference(&ev, &back), "%s: as it was written",
                  rows[i].label);
    }
    packer_free(p);
}

Test(level, the_layout_requires_what_the_core_requires_and_an_id)
{
    for (unsigned k = 0; k < EVENT_KIND_COUNT; k++) {
        enum event_kind kind = (enum event_kind)k;
        for (unsigned f = 0; f < FIELD_COUNT; f++) {
            enum event_field field = (enum event_field)f;
            bool wanted = field == FIELD_ID || event_field_required(kind, field);
            cr_assert((layout_of(kind).required >> f & 1) == wanted, "%s of %s",
                      event_field_name(field), event_kind_name(kind));
        }
        cr_assert((layout_common.required & ~layout_of(kind).required) == 0,
                  "a retracted %s", event_kind_name(kind));
    }
}
