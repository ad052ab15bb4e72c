/* Events through the wire and back: nothing is lost, one event has one encoding, and the
 * limits of events and frames hold. */
#include "pack_help.h"

#include "../../proto/layout.h"

#include <criterion/criterion.h>

#include <string.h>

static struct packer *packer_make(void)
{
    struct packer *p = NULL;
    cr_assert(packer_new(&p) == ST_OK);
    return p;
}

/* Unpacks the only event of the body. */
static void unpack_one(struct bytes body, const char *label, struct event *out)
{
    struct unpacker u;
    struct event none;
    struct why why = {""};
    bool skipped = false;
    cr_assert(unpack_begin(body, &u, &why) == ST_OK, "%s: %s", label, why.text);
    cr_assert(unpack_next(&u, out, &skipped, &why) == ST_OK, "%s: %s", label, why.text);
    cr_assert(unpack_next(&u, &none, &skipped, &why) == ST_NOT_FOUND, "%s: end", label);
}

Test(pack, every_kind_comes_back_as_it_was_and_packs_to_the_same_bytes)
{
    struct packer *p = packer_make(), *again = packer_make();
    for (unsigned i = 0; i < SAMPLES; i++) {
        struct event ev, back;
        const char *label = sample_event(i, &ev);
        struct event_problem problem;
        enum status checked = event_check(&ev, &problem);
        cr_assert(checked == ST_OK, "%s: the sample itself: %s", label, problem.text);
        packer_clear(p);
        packer_clear(again);
        cr_assert(packer_add(p, &ev) == ST_OK, "%s: pack", label);
        struct bytes body = packer_body(p);
        unpack_one(body, label, &back);
        const char *difference = event_difference(&ev, &back);
        cr_assert(!difference, "%s: %s differs", label, difference);
        cr_assert(packer_add(again, &back) == ST_OK, "%s: pack again", label);
        struct bytes same = packer_body(again);
        cr_assert(same.len == body.len && memcmp(same.at, body.at, body.len) == 0,
                  "%s: other bytes the second time", label);
    }
    packer_free(p);
    packer_free(again);
}

Test(pack, a_plain_shipment_takes_about_a_hundred_bytes)
{
    struct packer *p = packer_make();
    struct event ev;
    sample_event(0, &ev);
    cr_assert(packer_add(p, &ev) == ST_OK);
    cr_assert(packer_body(p).len <= 110, "%zu bytes", packer_body(p).len);
    packer_free(p);
}

static bool layout_has(struct layout layout, enum event_field field)
{
    for (size_t i = 0; i < layout.len; i++)
        if (layout.rows[i].field == field)
            return true;
    return false;
}

Test(pack, the_layout_has_the_fields_that_the_core_allows_in_ascending_order)
{
    for (unsigned k = 0; k < EVENT_KIND_COUNT; k++) {
        struct layout own = layout_of((enum event_kind)k);
        for (unsigned f = 0; f < FIELD_COUNT; f++) {
            enum event_field field = (enum event_field)f;
            bool has = layout_has(layout_common, field) || layout_has(own, field);
            cr_assert(has == event_field_allowed((enum event_kind)k, field), "%s of %s",
                      event_field_name(field), event_kind_name((enum event_kind)k));
        }
        for (size_t i = 1; i < own.len; i++)
            cr_assert(own.rows[i - 1].field < own.rows[i].field, "order of %s",
                      event_kind_name((enum event_kind)k));
    }
}

/* A text of `len` times `c`. */
static struct text filled(char *buffer, size_t len, char c)
{
    memset(buffer, c, len);
    return (struct text){buffer, (uint32_t)len};
}

static struct event stock_with(unsigned field, size_t len, char *buffer)
{
    struct event ev;
    sample_event(8, &ev);
    if (field == FIELD_SOURCE)
        ev.source = filled(buffer, len, 'a');
    else if (field == FIELD_ID)
        ev.id = filled(buffer, len, 'a');
    else if (field == FIELD_NOTE)
        ev.note = filled(buffer, len, 'a');
    else if (field == FIELD_REF)
        ev.ref = filled(buffer, len, 'a');
    else
        ev.as.stock.quantity.number = filled(buffer, len, '0');
    return ev;
}

Test(pack, texts_at_their_limit_pass_and_one_byte_beyond_are_refused_at_the_door)
{
    static const struct {
        const char *label;
        enum event_field field;
        size_t len;
        enum status wanted;
    } rows[] = {
        {"source at its limit", FIELD_SOURCE, EVENT_SOURCE_MAX, ST_OK},
        {"source beyond", FIELD_SOURCE, EVENT_SOURCE_MAX + 1, ST_INVALID},
        {"id at its limit", FIELD_ID, EVENT_ID_MAX, ST_OK},
        {"id beyond", FIELD_ID, EVENT_ID_MAX + 1, ST_INVALID},
        {"note at its limit", FIELD_NOTE, EVENT_NOTE_MAX, ST_OK},
        {"note beyond", FIELD_NOTE, EVENT_NOTE_MAX + 1, ST_INVALID},
        {"ref at its limit", FIELD_REF, EVENT_NOTE_MAX, ST_OK},
        {"ref beyond", FIELD_REF, EVENT_NOTE_MAX + 1, ST_INVALID},
    };
    struct packer *p = packer_make();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char buffer[1024];
        struct event ev = stock_with(rows[i].field, rows[i].len, buffer), back;
        struct unpacker u;
        struct why why = {""};
        bool skipped = false;
        packer_clear(p);
        cr_assert(packer_add(p, &ev) == ST_OK, "%s: pack", rows[i].label);
        cr_assert(unpack_begin(packer_body(p), &u, &why) == ST_OK, "%s", rows[i].label);
        enum status st = unpack_next(&u, &back, &skipped, &why);
        cr_assert(st == rows[i].wanted, "%s: %s (%s)", rows[i].label, status_text(st),
                  why.text);
        cr_assert(st == ST_OK || skipped, "%s: skipped", rows[i].label);
    }
    packer_free(p);
}

Test(pack, a_frame_takes_256_events_and_not_one_more)
{
    struct packer *p = packer_make();
    struct event ev, back;
    struct unpacker u;
    struct why why = {""};
    bool skipped = false;
    for (unsigned i = 0; i < FRAME_EVENTS_MAX; i++) {
        sample_event(i % SAMPLES, &ev);
        cr_assert(packer_add(p, &ev) == ST_OK, "event %u", i);
        cr_assert(packer_events(p) == i + 1, "count of %u", i);
    }
    size_t len = packer_body(p).len;
    cr_assert(packer_add(p, &ev) == ST_FULL);
    cr_assert(packer_events(p) == FRAME_EVENTS_MAX && packer_body(p).len == len,
              "unchanged when full");
    cr_assert(unpack_begin(packer_body(p), &u, &why) == ST_OK, "%s", why.text);
    for (unsigned i = 0; i < FRAME_EVENTS_MAX; i++) {
        sample_event(i % SAMPLES, &ev);
        cr_assert(unpack_next(&u, &back, &skipped, &why) == ST_OK, "%u: %s", i, why.text);
        cr_assert(!event_difference(&ev, &back), "event %u", i);
    }
    cr_assert(unpack_next(&u, &back, &skipped, &why) == ST_NOT_FOUND);
    cr_assert(unpack_next(&u, &back, &skipped, &why) == ST_NOT_FOUND, "for ever");
    packer_free(p);
}

Test(pack, the_list_begins_in_its_shortest_form)
{
    struct packer *p = packer_make();
    struct event ev;
    sample_event(8, &ev);
    struct bytes body = packer_body(p);
    cr_assert(body.len == 1 && body.at[0] == 0x90, "no event");
    for (unsigned i = 0; i < 15; i++)
        cr_assert(packer_add(p, &ev) == ST_OK);
    cr_assert(packer_body(p).at[0] == 0x9f, "15 events");
    cr_assert(packer_add(p, &ev) == ST_OK);
    body = packer_body(p);
    cr_assert(body.at[0] == 0xdc && body.at[1] == 0 && body.at[2] == 16, "16 events");
    packer_free(p);
}

/* Notes and refs of any length: only the packer's own limits are asked. */
static enum status add_of_size(struct packer *p, size_t note, size_t *added)
{
    static char buffer[2 * EVENT_SIZE_MAX];
    struct event ev;
    size_t before = packer_body(p).len;
    sample_event(8, &ev);
    ev.note = filled(buffer, note, 'n');
    enum status st = packer_add(p, &ev);
    *added = packer_body(p).len - before;
    return st;
}

Test(pack, a_body_never_passes_its_limit_of_bytes)
{
    struct packer *p = packer_make();
    size_t added = 0, overhead = 0, filler = 0;
    cr_assert(add_of_size(p, EVENT_SIZE_MAX - 1000, &added) == ST_OK);
    overhead = added - (EVENT_SIZE_MAX - 1000);
    packer_clear(p);
    cr_assert(add_of_size(p, EVENT_SIZE_MAX - overhead, &added) == ST_OK, "at the limit");
    cr_assert(added == EVENT_SIZE_MAX, "%zu bytes", added);
    cr_assert(add_of_size(p, EVENT_SIZE_MAX - overhead + 1, &added) == ST_OVERFLOW,
              "one byte beyond");
    cr_assert(packer_events(p) == 1 && added == 0, "unchanged");
    while (packer_body(p).len + EVENT_SIZE_MAX <= FRAME_BODY_MAX)
        cr_assert(add_of_size(p, EVENT_SIZE_MAX - overhead, &added) == ST_OK);
    filler = FRAME_BODY_MAX - packer_body(p).len - overhead;
    cr_assert(packer_events(p) == 15, "%zu events", packer_events(p));
    filler -= 2; /* the sixteenth event makes the list's beginning two bytes longer */
    cr_assert(add_of_size(p, filler + 1, &added) == ST_FULL, "one byte beyond the frame");
    cr_assert(added == 0, "unchanged");
    cr_assert(add_of_size(p, filler, &added) == ST_OK, "to the last byte");
    cr_assert(packer_body(p).len == FRAME_BODY_MAX, "%zu bytes", packer_body(p).len);
    packer_free(p);
}

Test(pack, an_encoded_event_is_added_as_it_is_within_the_same_limits)
{
    struct packer *p = packer_make(), *copy = packer_make();
    struct event ev;
    struct unpacker u;
    static uint8_t large[EVENT_SIZE_MAX + 1];
    for (unsigned i = 0; i < FRAME_EVENTS_MAX; i++) {
        sample_event(i % SAMPLES, &ev);
        packer_clear(p);
        cr_assert(packer_add(p, &ev) == ST_OK, "event %u", i);
        cr_assert(unpack_begin(packer_body(p), &u, NULL) == ST_OK, "event %u", i);
        cr_assert(packer_add_packed(copy, u.rest) == ST_OK, "event %u", i);
        if (i == 0)
            cr_assert(
                packer_body(copy).len == packer_body(p).len &&
                    !memcmp(packer_body(copy).at, packer_body(p).at, packer_body(p).len),
                "the same body");
    }
    cr_assert(packer_add_packed(copy, u.rest) == ST_FULL, "the 257th");
    packer_clear(copy);
    cr_assert(packer_add_packed(copy, (struct bytes){large, EVENT_SIZE_MAX + 1}) ==
                  ST_OVERFLOW,
              "one byte beyond");
    for (unsigned i = 0; i < 15; i++)
        cr_assert(packer_add_packed(copy, (struct bytes){large, EVENT_SIZE_MAX}) ==
                  ST_OK);
    size_t rest = FRAME_BODY_MAX - packer_body(copy).len - 2;
    cr_assert(packer_add_packed(copy, (struct bytes){large, rest + 1}) == ST_FULL);
    cr_assert(packer_add_packed(copy, (struct bytes){large, rest}) == ST_OK);
    cr_assert(packer_body(copy).len == FRAME_BODY_MAX, "to the last byte");
    packer_free(p);
    packer_free(copy);
}
