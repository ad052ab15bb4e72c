/* XXH3 of xxHash, with the purpose as its seed. The value is part of the state digest:
 * the function and the order of its bytes can never change. */
#include "shortfall/core/hash.h"

#include <xxhash.h>

struct hash128 hash128_of(const void *bytes, size_t len, uint64_t purpose)
{
    XXH128_hash_t hash = XXH3_128bits_withSeed(bytes, len, purpose);

    return (struct hash128){hash.low64, hash.high64};
}

bool hash128_equal(struct hash128 a, struct hash128 b)
{
    return a.low == b.low && a.high == b.high;
}

struct hash128 hash128_add(struct hash128 a, struct hash128 b)
{
    uint64_t low = a.low + b.low;

    return (struct hash128){low, a.high + b.high + (low < a.low)};
}

struct hash128 hash128_subtract(struct hash128 a, struct hash128 b)
{
    return (struct hash128){a.low - b.low, a.high - b.high - (a.low < b.low)};
}

void hash128_bytes(struct hash128 h, uint8_t out[16])
{
    for (unsigned i = 0; i < 8; i++) {
        out[i] = (uint8_t)(h.high >> (56 - 8 * i));
        out[8 + i] = (uint8_t)(h.low >> (56 - 8 * i));
    }
}

const char *hex_format(const uint8_t *bytes, size_t len, char *out)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < len; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 0x0F];
    }
    out[2 * len] = '\0';
    return out;
}
