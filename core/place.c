/* The table of places and parties, made from data/places.yaml when the program was built.
 * It must never read an alias as a code: a file says which place it means, or is refused.
 */
#include "shortfall/core/place.h"

#include "codes.h"

#include <assert.h>

struct place {
    const char *code;
    const char *name;
    bool has_balance;
};

#include "place_table.inc"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static_assert(COUNT(PLACES) < PLACE_ANY, "the highest ids have a meaning of their own");
static_assert(PLACE_NONE == CODE_NONE, "codes.c says none as this header does");

size_t place_count(void)
{
    return COUNT(PLACES);
}

place_id place_find(struct text code)
{
    return codes_find(PLACE_SLOTS, COUNT(PLACE_SLOTS), code);
}

const char *place_code(place_id id)
{
    if (id == PLACE_ANY)
        return "*";
    if (id == PLACE_NONE)
        return "-";
    assert(id < COUNT(PLACES));
    return PLACES[id].code;
}

uint64_t place_digest(place_id id)
{
    if (id == PLACE_ANY)
        return code_digest("*", 1);
    if (id == PLACE_NONE)
        return code_digest("-", 1);
    assert(id < COUNT(PLACE_DIGESTS));
    return PLACE_DIGESTS[id];
}

const char *place_name(place_id id)
{
    if (id == PLACE_ANY)
        return "everybody";
    if (id == PLACE_NONE)
        return "-";
    assert(id < COUNT(PLACES));
    return PLACES[id].name;
}

bool place_has_balance(place_id id)
{
    return id < COUNT(PLACES) && PLACES[id].has_balance;
}

const char *place_suggest(struct text code)
{
    uint16_t id = codes_suggest(PLACE_WORDS, COUNT(PLACE_WORDS), COUNT(PLACES), code);

    return id == CODE_NONE ? NULL : PLACES[id].code;
}
