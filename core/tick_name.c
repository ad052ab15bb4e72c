/* The time at the end of an id, read as printf writes it and in no other way: one time
 * has one name. */
#include "tick_name.h"

#include "code_hash.h"

/* Eight digits at once: each step adds what its left half says to its right one. */
static bool read_eight(const char *digits, int64_t *out)
{
    uint64_t v = code_load8((const unsigned char *)digits);
    const uint64_t high_bits = UINT64_C(0x8080808080808080);

    if (((v + UINT64_C(0x4646464646464646)) | (v - UINT64_C(0x3030303030303030))) &
        high_bits)
        return false;
    v -= UINT64_C(0x3030303030303030);
    v = (v & UINT64_C(0xff00ff00ff00ff)) * 10 + (v >> 8 & UINT64_C(0xff00ff00ff00ff));
    v = (v & UINT64_C(0xffff0000ffff)) * 100 + (v >> 16 & UINT64_C(0xffff0000ffff));
    *out = (int64_t)((v & UINT64_C(0xffffffff)) * 10000 + (v >> 32));
    return true;
}

/* All times from 2001 to 2286 have sixteen digits. */
static bool read_usual(struct text id, struct tick_name *out)
{
    uint32_t at = id.len - 16;
    int64_t high;
    int64_t low;

    if (id.len <= 16 || id.at[at - 1] != '/' || id.at[at] == '0' ||
        !read_eight(id.at + at, &high) || !read_eight(id.at + at + 8, &low))
        return false;
    *out = (struct tick_name){{id.at, at}, high * 100000000 + low};
    return true;
}

/* Read from its end. */
bool tick_name_read(struct text id, struct tick_name *out)
{
    uint32_t at = id.len;
    int64_t value = 0;

    if (read_usual(id, out))
        return true;
    for (int64_t scale = 1; at > 0 && scale < INT64_C(1000000000000000000); scale *= 10) {
        unsigned digit = (unsigned)id.at[at - 1] - '0';

        if (digit > 9)
            break;
        value += digit * scale;
        at--;
    }
    bool some = at < id.len && (id.at[at] != '0' || id.len - at == 1);
    bool below = some && at > 0 && id.at[at - 1] == '-' && value > 0;

    at -= below;
    if (!some || at == 0 || id.at[at - 1] != '/')
        return false;
    *out = (struct tick_name){{id.at, at}, below ? -value : value};
    return true;
}
