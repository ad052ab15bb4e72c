/* Names of frames and producers. */
#include "shortfall/core/frame.h"

#include <criterion/criterion.h>
#include <string.h>

#define TEN   "0123456789"
#define SIXTY TEN TEN TEN TEN TEN TEN
#define ROW(bytes, valid)                                                                \
    {                                                                                    \
        {bytes, sizeof(bytes) - 1}, valid                                                \
    }

Test(frame, knows_the_names_of_producers)
{
    static const struct {
        struct text name;
        bool valid;
    } rows[] = {
        ROW("a", true),
        ROW("z", true),
        ROW("0", true),
        ROW("9az09", true),
        ROW("a{", false),
        ROW("a:", false),
        ROW("port-odesa.01_b", true),
        ROW(SIXTY "abcd", true),
        ROW(SIXTY "abcde", false),
        ROW("", false),
        ROW(".a", false),
        ROW("-a", false),
        ROW("_a", false),
        ROW("A", false),
        ROW("a b", false),
        ROW("a/b", false),
        ROW("a\0", false),
        ROW("\xC3\xA9", false),
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        cr_assert(frame_producer_is_valid(rows[i].name) == rows[i].valid, "row %zu: %s",
                  i, rows[i].name.at);
}

Test(frame, has_a_name_for_every_type)
{
    for (unsigned i = 0; i < FRAME_TYPE_COUNT; i++)
        for (unsigned j = 0; j < i; j++)
            cr_assert(strcmp(frame_type_name(i), frame_type_name(j)) != 0, "%u, %u", i,
                      j);
    cr_assert_str_eq(frame_type_name(FRAME_DATA), "data");
}
