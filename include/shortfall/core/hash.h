/* The 128-bit hash for identity and comparison (XXH3 of xxHash, keyed by a purpose).
 * Not evidence: the journal's chain uses BLAKE2b. */
#ifndef SHORTFALL_CORE_HASH_H
#define SHORTFALL_CORE_HASH_H

#include "shortfall/core/text.h"

struct hash128 {
    uint64_t low, high;
};

/* `purpose` keeps hashes of different things apart. */
struct hash128 hash128_of(const void *bytes, size_t len, uint64_t purpose);
bool hash128_equal(struct hash128 a, struct hash128 b);

/* Sums modulo 2^128: order does not matter. */
struct hash128 hash128_add(struct hash128 a, struct hash128 b);
struct hash128 hash128_subtract(struct hash128 a, struct hash128 b);

/* Big-endian bytes, as printed. */
void hash128_bytes(struct hash128 h, uint8_t out[16]);

#define HEX_SIZE(bytes) (2 * (bytes) + 1)
/* Lower-case hexadecimal with a final NUL; returns `out`, of HEX_SIZE(len) bytes. */
const char *hex_format(const uint8_t *bytes, size_t len, char *out);

#endif
