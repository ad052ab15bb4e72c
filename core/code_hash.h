/* The hashes of codes: the one that places them in the tables of commodities and places,
 * and the one that stands for a code in digests. The generator in data/ and the lookups
 * of core/ must agree on them, so they stand here once; this header includes nothing of
 * the house, for the generator is built before anything else. */
#ifndef SHORTFALL_CORE_CODE_HASH_H
#define SHORTFALL_CORE_CODE_HASH_H

#include <stddef.h>
#include <stdint.h>

/* Little-endian by hand: a table made on one machine serves another. Compilers turn these
 * into one load, or one store. */
static inline uint64_t code_load4(const unsigned char *at)
{
    return (uint64_t)at[0] | (uint64_t)at[1] << 8 | (uint64_t)at[2] << 16 |
           (uint64_t)at[3] << 24;
}

static inline uint64_t code_load8(const unsigned char *at)
{
    return code_load4(at) | code_load4(at + 4) << 32;
}

static inline void code_store8(unsigned char *at, uint64_t value)
{
    at[0] = (unsigned char)value;
    at[1] = (unsigned char)(value >> 8);
    at[2] = (unsigned char)(value >> 16);
    at[3] = (unsigned char)(value >> 24);
    at[4] = (unsigned char)(value >> 32);
    at[5] = (unsigned char)(value >> 40);
    at[6] = (unsigned char)(value >> 48);
    at[7] = (unsigned char)(value >> 56);
}

/* FNV-1a of 64 bits, over every byte of the code. Digests of journals rest on it: it can
 * never change. */
static inline uint64_t code_digest(const char *code, size_t len)
{
    uint64_t digest = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < len; i++)
        digest = (digest ^ (unsigned char)code[i]) * UINT64_C(0x100000001b3);
    return digest;
}

/* The first and the last eight bytes of a code, which overlap where it is shorter; with
 * its length they are the whole of a code of up to CODE_WORDS_LEN bytes. */
struct code_words {
    uint64_t first, last;
};

#define CODE_WORDS_LEN 16

static inline struct code_words code_words(const char *code, size_t len)
{
    const unsigned char *at = (const unsigned char *)code;

    if (len >= 8)
        return (struct code_words){code_load8(at), code_load8(at + len - 8)};
    if (len >= 4)
        return (struct code_words){code_load4(at), code_load4(at + len - 4)};
    if (len > 0)
        return (struct code_words){(uint64_t)at[0] | (uint64_t)at[len / 2] << 8 |
                                       (uint64_t)at[len - 1] << 16,
                                   0};
    return (struct code_words){0, 0};
}

/* Looks at the length and the two words alone: longer codes that agree in those share a
 * slot, and the lookup goes on to the next. */
static inline uint32_t code_hash(struct code_words words, size_t len)
{
    uint64_t hash = (words.first ^ len) * UINT64_C(0x9e3779b97f4a7c15);

    hash = (hash ^ hash >> 32 ^ words.last) * UINT64_C(0xd6e8feb86659fd93);
    return (uint32_t)(hash >> 32);
}

#endif
