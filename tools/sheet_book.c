/* Reports by identity in one growing array, and a hash table of their places. */
#include "sheet_book.h"

#include <stdlib.h>
#include <string.h>

#define SLOT_FREE SIZE_MAX

struct book_item {
    struct hash128 identity;
    struct sheet_fact fact;
    char *credit; /* what fact.credit lends; owned */
    bool counts;
};

struct sheet_book {
    place_id country;
    struct book_item *items;
    size_t len, max;
    size_t *slots;            /* index into items; SLOT_FREE */
    size_t slots_len;         /* a power of two, more than twice `max` */
    struct sheet_fact *facts; /* of the country that was asked for last */
    size_t facts_len;
    place_id facts_of; /* that country; PLACE_NONE: reports have come since */
    bool out_of_memory;
};

enum status sheet_book_new(place_id country, struct sheet_book **out, struct why *why)
{
    struct sheet_book *book = calloc(1, sizeof *book);

    if (book == NULL)
        return why_set(why, ST_NO_MEMORY, "keep reports: no memory");
    book->country = country;
    book->facts_of = PLACE_NONE;
    *out = book;
    return ST_OK;
}

void sheet_book_free(struct sheet_book *book)
{
    if (book == NULL)
        return;
    for (size_t i = 0; i < book->len; i++)
        free(book->items[i].credit);
    free(book->items);
    free(book->slots);
    free(book->facts);
    free(book);
}

/* The slot of an identity, or the free one where it belongs. */
static size_t *slot_of(struct sheet_book *book, struct hash128 identity)
{
    size_t at = (size_t)identity.low & (book->slots_len - 1);

    while (book->slots[at] != SLOT_FREE &&
           !hash128_equal(book->items[book->slots[at]].identity, identity))
        at = (at + 1) & (book->slots_len - 1);
    return &book->slots[at];
}

static bool book_grow(struct sheet_book *book)
{
    size_t max = book->max == 0 ? 256 : 2 * book->max;
    struct book_item *items = realloc(book->items, max * sizeof *items);

    if (items == NULL)
        return false;
    book->items = items;
    size_t *slots = realloc(book->slots, 4 * max * sizeof *slots);

    if (slots == NULL)
        return false;
    book->max = max;
    book->slots = slots;
    book->slots_len = 4 * max;
    for (size_t i = 0; i < book->slots_len; i++)
        slots[i] = SLOT_FREE;
    for (size_t i = 0; i < book->len; i++)
        *slot_of(book, items[i].identity) = i;
    return true;
}

/* A shipment of a pledge may credit it from anywhere. */
static bool touches(const struct sheet_fact *f, place_id country)
{
    return f->has_pledge || f->to == country || f->from == country ||
           (f->kind == EVENT_POLICY && f->to == PLACE_ANY);
}

static struct book_item *item_of(struct sheet_book *book, struct hash128 identity,
                                 bool is_wanted)
{
    if (book->len > 0) {
        size_t at = *slot_of(book, identity);

        if (at != SLOT_FREE)
            return &book->items[at];
    }
    if (!is_wanted)
        return NULL;
    if (book->len == book->max && !book_grow(book)) {
        book->out_of_memory = true;
        return NULL;
    }
    struct book_item *item = &book->items[book->len];

    *item = (struct book_item){.identity = identity};
    *slot_of(book, identity) = book->len++;
    return item;
}

static void item_take(struct sheet_book *book, struct book_item *item,
                      const struct sheet_fact *fact)
{
    struct text credit = fact->credit;

    free(item->credit);
    item->credit = NULL;
    item->fact = *fact;
    item->counts = true;
    if (credit.len == 0)
        return;
    item->credit = malloc(credit.len);
    if (item->credit == NULL) {
        item->fact.credit = (struct text){0};
        book->out_of_memory = true;
        return;
    }
    memcpy(item->credit, credit.at, credit.len);
    item->fact.credit.at = item->credit;
}

bool sheet_book_wants(const void *self, const struct event *ev)
{
    const struct sheet_book *book = self;

    if (ev->kind == EVENT_PRICE || ev->retract || ev->alternative_to.len > 0)
        return false;
    if (book->country == PLACE_ANY)
        return true;
    const struct sheet_fact fact = sheet_fact_of(ev);

    return touches(&fact, book->country);
}

void sheet_book_watch(void *self, const struct event *ev, enum verdict verdict)
{
    struct sheet_book *book = self;

    if ((verdict != VERDICT_APPLIED && verdict != VERDICT_DANGLING) ||
        ev->kind == EVENT_PRICE)
        return;
    bool counts = !ev->retract && ev->alternative_to.len == 0;
    struct sheet_fact fact = {0};

    book->facts_of = PLACE_NONE;

    if (counts)
        fact = sheet_fact_of(ev);
    bool is_wanted =
        counts && (book->country == PLACE_ANY || touches(&fact, book->country));
    struct book_item *item = item_of(book, sheet_key(ev->source, ev->id), is_wanted);

    if (item == NULL)
        return;
    item->counts = false;
    if (is_wanted)
        item_take(book, item, &fact);
}

enum status sheet_book_facts(struct sheet_book *book, place_id country,
                             const struct sheet_fact **out, size_t *len, struct why *why)
{
    size_t found = 0;

    *out = book->facts;
    *len = book->facts_len;
    if (book->facts_of == country) /* its next account */
        return ST_OK;
    book->facts_of = PLACE_NONE;
    free(book->facts);
    book->facts = calloc(book->len + 1, sizeof *book->facts);
    if (book->facts == NULL || book->out_of_memory)
        return why_set(why, ST_NO_MEMORY, "keep reports: no memory");
    for (size_t i = 0; i < book->len; i++) {
        if (book->items[i].counts && touches(&book->items[i].fact, country))
            book->facts[found++] = book->items[i].fact;
    }
    qsort(book->facts, found, sizeof *book->facts, sheet_fact_compare);
    book->facts_of = country;
    *out = book->facts;
    *len = book->facts_len = found;
    return ST_OK;
}
