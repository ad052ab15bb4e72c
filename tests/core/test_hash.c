/* The hash of identity and comparison: its value, its order of bytes, and its sums. */
#include "shortfall/core/hash.h"

#include <criterion/criterion.h>
#include <string.h>

/* The digest of a journal rests on these values: they must never change. */
Test(hash, has_the_values_of_xxh3)
{
    static const struct {
        const char *bytes;
        uint64_t purpose;
        const char *hex;
    } rows[] = {
        {"", 0, "99aa06d3014798d86001c324468d497f"},
        {"", 1, "d9265cc53bb2b9ae6131b78f753823cd"},
        {"shortfall", 0, "f92bfb19736cead9f08c69b9fb59239d"},
        {"shortfall", 1, "59f14d49d8c1ed669bc3b080e13c70d1"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hash128 h =
            hash128_of(rows[i].bytes, strlen(rows[i].bytes), rows[i].purpose);
        uint8_t bytes[16];
        char hex[HEX_SIZE(16)];

        hash128_bytes(h, bytes);
        cr_assert_str_eq(hex_format(bytes, sizeof(bytes), hex), rows[i].hex,
                         "row %zu: %s", i, hex);
    }
}

Test(hash, adds_and_subtracts_modulo_two_to_the_128th)
{
    struct hash128 most = {UINT64_MAX, UINT64_MAX};
    struct hash128 one = {1, 0};
    struct hash128 a = {UINT64_MAX, 6};
    struct hash128 zero = {0, 0};

    cr_assert(hash128_equal(hash128_add(most, one), zero), "wraps");
    cr_assert(hash128_equal(hash128_subtract(zero, one), most), "wraps back");
    cr_assert(hash128_equal(hash128_add(a, one), (struct hash128){0, 7}), "carries");
    cr_assert(hash128_equal(hash128_subtract((struct hash128){0, 7}, one), a), "borrows");
    cr_assert(!hash128_equal(one, zero) && !hash128_equal((struct hash128){0, 1}, zero),
              "both halves count");
}

Test(hash, shows_bytes_in_order)
{
    static const uint8_t bytes[] = {0x00, 0x0F, 0xA0, 0xFF};
    char hex[HEX_SIZE(4)];

    cr_assert_str_eq(hex_format(bytes, sizeof(bytes), hex), "000fa0ff");
    cr_assert_str_eq(hex_format(bytes, 0, hex), "");
}
