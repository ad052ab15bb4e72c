/* Places, parties, and the guesses at what a writer meant by another word for them. */
#include "shortfall/core/place.h"

#include <criterion/criterion.h>
#include <string.h>

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

Test(place, places_have_balances_and_parties_have_none)
{
    static const struct {
        const char *code, *name;
        bool has_balance;
    } ROWS[] = {
        {"PRK", "North Korea", true},
        {"KOR", "South Korea", true},
        {"CHN", "China", true},
        {"RUS", "Russia", true},
        {"JPN", "Japan", true},
        {"USA", "United States", true},
        {"NOR", "Norway", true}, /* NO is not a boolean */
        {"CIV", "C\xc3\xb4te d'Ivoire", true},
        {"WFP", "World Food Programme", false},
        {"KEDO", "Korean Peninsula Energy Development Organization", false},
        {"UN", "United Nations", false},
    };
    static const char *const PARTIES[] = {"FAO",  "UNSC", "EU",       "ICRC",
                                          "IFRC", "NGO",  "SIXPARTY", "UNKNOWN"};

    for (size_t i = 0; i < LEN(ROWS); i++) {
        place_id id = place_find(text_of(ROWS[i].code));
        cr_assert(id != PLACE_NONE, "%s is in the table", ROWS[i].code);
        cr_assert_str_eq(place_name(id), ROWS[i].name);
        cr_assert(place_has_balance(id) == ROWS[i].has_balance, "%s", ROWS[i].code);
    }
    for (size_t i = 0; i < LEN(PARTIES); i++) {
        place_id id = place_find(text_of(PARTIES[i]));
        cr_assert(id != PLACE_NONE && !place_has_balance(id), "%s", PARTIES[i]);
    }
}

Test(place, every_row_is_found_and_iso_is_complete)
{
    size_t places = 0;

    for (size_t i = 0; i < place_count(); i++) {
        place_id id = (place_id)i;
        cr_assert(place_find(text_of(place_code(id))) == id, "%s is found",
                  place_code(id));
        cr_assert(place_name(id)[0] != '\0', "%s has a name", place_code(id));
        places += place_has_balance(id);
        if (place_has_balance(id))
            cr_assert(strlen(place_code(id)) == 3, "%s is alpha-3", place_code(id));
    }
    cr_assert(places == 249, "ISO 3166-1 has 249 codes, not %zu", places);
}

Test(place, what_is_not_a_code_is_not_found)
{
    static const struct text ROWS[] = {
        {"", 0},    {"*", 1},      {"-", 1},     {"prk", 3},  {"PR", 2},
        {"KP", 2},  {"PRKK", 4},   {"PRK\0", 4}, {"PRK ", 4}, {"North Korea", 11},
        {"ZZZ", 3}, {"\0\0\0", 3},
    };

    for (size_t i = 0; i < LEN(ROWS); i++)
        cr_assert(place_find(ROWS[i]) == PLACE_NONE, "row %zu: %s", i, ROWS[i].at);
    cr_assert_str_eq(place_code(PLACE_ANY), "*");
    cr_assert_str_eq(place_code(PLACE_NONE), "-");
    cr_assert(!place_has_balance(PLACE_ANY), "any has no balance");
    cr_assert(!place_has_balance(PLACE_NONE), "none has no balance");
}

/* A code is all of its bytes: whatever slot a part of one falls into. */
Test(place, a_part_of_a_code_is_another_code_or_none)
{
    for (size_t i = 0; i < place_count(); i++) {
        struct text part = text_of(place_code((place_id)i));
        while (--part.len > 0) {
            place_id found = place_find(part);
            cr_assert(found == PLACE_NONE || text_is(part, place_code(found)), "%.*s",
                      TEXT_ARGS(part));
        }
    }
}

Test(place, suggests_aliases_then_near_codes)
{
    static const struct {
        const char *written, *meant;
    } ROWS[] = {
        {"North Korea", "PRK"},
        {"north korea", "PRK"},
        {"NORTH_KOREA", "PRK"},
        {"DPRK", "PRK"},
        {"KP", "PRK"},
        {"Korea, Dem.Ppl's.Rep.", "PRK"},
        {"Democratic Peoples Republic of Korea", "PRK"},
        {"ROK", "KOR"},
        {"prk", "PRK"},
        {"Russian Federation", "RUS"},
        {"GER", "DEU"}, /* of the Olympic committee, before the near GBR */
        {"NO", "NOR"},
        {"WFPP", "WFP"},
        {"KEDDO", "KEDO"},
        {"Nroth Korea", "PRK"}, /* near an alias */
        {"Germny", "DEU"},
        {"PRKX", "PRK"},
        {"XYZ", NULL}, /* two edits from many codes: no help to anybody */
        {"ZZ", NULL},
        {"Atlantis on the sea", NULL},
        {"", NULL},
    };

    for (size_t i = 0; i < LEN(ROWS); i++) {
        const char *meant = place_suggest(text_of(ROWS[i].written));
        if (ROWS[i].meant)
            cr_assert(meant && strcmp(meant, ROWS[i].meant) == 0, "%s: %s",
                      ROWS[i].written, meant ? meant : "nothing");
        else
            cr_assert(meant == NULL, "%s: %s", ROWS[i].written, meant);
    }
}

Test(place, a_digest_is_of_the_code_alone)
{
    cr_assert(place_digest(place_find(text_of("PRK"))) == UINT64_C(0x8d995b19f3fe02e4),
              "PRK");
    cr_assert(place_digest(PLACE_ANY) == UINT64_C(0xaf63a74c8601927d), "*");
    cr_assert(place_digest(PLACE_NONE) == UINT64_C(0xaf63a04c86018698), "-");
    for (size_t i = 0; i < place_count(); i++)
        for (size_t k = 0; k < i; k++)
            cr_assert(place_digest((place_id)i) != place_digest((place_id)k), "%s and %s",
                      place_code((place_id)i), place_code((place_id)k));
}
