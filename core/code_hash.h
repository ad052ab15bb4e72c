/* The hash that places codes in the tables of commodities and places. The generator in
 * data/ and the lookups of core/ must agree on it, so it stands here once; it includes
 * nothing of the house, for the generator is built before anything else. */
#ifndef SHORTFALL_CORE_CODE_HASH_H
#define SHORTFALL_CORE_CODE_HASH_H

#include <stddef.h>
#include <stdint.h>

/* Little-endian by hand: a table made on one machine serves another. Compilers turn these
 * into one load. */
static inline uint64_t code_load4(const unsigned char *at)
{
    return (uint64_t)at[0] | (uint64_t)at[1] << 8 | (uint64_t)at[2] << 16 |
           (uint64_t)at[3] << 24;
}

static inline uint64_t code_load8(const unsigned char *at)
{
    return code_load4(at) | code_load4(at + 4) << 32;
}

/* Looks at the length and at no more than the first and the last eight bytes: codes that
 * agree in those share a slot, and the lookup goes on to the next. */
static inline uint32_t code_hash(const char *code, size_t len)
{
    const unsigned char *at = (const unsigned char *)code;
    uint64_t first = 0;
    uint64_t last = 0;

    if (len >= 8) {
        first = code_load8(at);
        last = code_load8(at + len - 8);
    } else if (len >= 4) {
        first = code_load4(at);
        last = code_load4(at + len - 4);
    } else if (len > 0) {
        first =
            (uint64_t)at[0] | (uint64_t)at[len / 2] << 8 | (uint64_t)at[len - 1] << 16;
    }
    uint64_t hash = (first ^ len) * UINT64_C(0x9e3779b97f4a7c15);
    hash = (hash ^ hash >> 32 ^ last) * UINT64_C(0xd6e8feb86659fd93);
    return (uint32_t)(hash >> 32);
}

#endif
