/* Views of bytes: comparing, copying, judging and showing them. Text from outside may
 * hold anything, so nothing here believes that a byte is a character or that a NUL
 * follows. */
#include "shortfall/core/text.h"

#include <assert.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

struct text text_of(const char *s)
{
    size_t len = strlen(s);

    assert(len <= UINT32_MAX);
    return (struct text){s, (uint32_t)len};
}

bool text_equal(struct text a, struct text b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

bool text_is(struct text a, const char *s)
{
    return text_equal(a, text_of(s));
}

int text_compare(struct text a, struct text b)
{
    uint32_t common = a.len < b.len ? a.len : b.len;
    int order = common > 0 ? memcmp(a.at, b.at, common) : 0;

    if (order != 0)
        return order < 0 ? -1 : 1;
    return (a.len > b.len) - (a.len < b.len);
}

char *text_copy(struct text t, char *buffer, size_t size)
{
    size_t len = t.len;

    assert(size > 0);
    if (len > size - 1)
        len = size - 1;
    if (len > 0)
        memcpy(buffer, t.at, len);
    buffer[len] = '\0';
    return buffer;
}

/* What a first byte says of its sequence: bytes in all, its share of the code point, and
 * the least code point that needs so many bytes (a smaller one is an overlong form). */
struct lead {
    uint32_t len, bits, least;
};

static struct lead lead_read(uint8_t byte)
{
    if (byte < 0x80)
        return (struct lead){1, byte, 0};
    if ((byte & 0xE0) == 0xC0)
        return (struct lead){2, byte & 0x1FU, 0x80};
    if ((byte & 0xF0) == 0xE0)
        return (struct lead){3, byte & 0x0FU, 0x800};
    if ((byte & 0xF8) == 0xF0)
        return (struct lead){4, byte & 0x07U, 0x10000};
    return (struct lead){0, 0, 0};
}

/* The length in bytes of the code point at the start of `t`; 0: not well-formed. */
static uint32_t code_point_read(struct text t, uint32_t *code_point)
{
    struct lead lead = lead_read((uint8_t)t.at[0]);
    uint32_t value = lead.bits;

    if (lead.len == 0 || lead.len > t.len)
        return 0;
    for (uint32_t i = 1; i < lead.len; i++) {
        uint8_t byte = (uint8_t)t.at[i];

        if ((byte & 0xC0) != 0x80)
            return 0;
        value = value << 6 | (byte & 0x3FU);
    }
    if (value < lead.least || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return 0;
    *code_point = value;
    return lead.len;
}

/* Code points that hide, reorder or break what is shown. */
static const struct {
    uint32_t first, last;
} unprintable[] = {
    {0x0000, 0x001F}, /* C0 controls */
    {0x007F, 0x009F}, /* DEL and C1 controls */
    {0x061C, 0x061C}, /* Arabic letter mark: bidirectional */
    {0x200E, 0x200F}, /* left-to-right and right-to-left mark */
    {0x2028, 0x202E}, /* line and paragraph separator, embeddings and overrides */
    {0x2066, 0x2069}, /* isolates */
    {0xFEFF, 0xFEFF}, /* byte order mark */
};

static bool code_point_is_printable(uint32_t code_point)
{
    for (size_t i = 0; i < sizeof(unprintable) / sizeof(unprintable[0]); i++)
        if (code_point >= unprintable[i].first && code_point <= unprintable[i].last)
            return false;
    return true;
}

#define EACH_BYTE(b) (UINT64_C(0x0101010101010101) * (b))

/* Whether eight bytes are all of 0x20 to 0x7E. A byte above has its highest bit, 0x7F
 * gets it when one is added, and one below 0x20 gets it when that is taken away; what is
 * carried or borrowed only leaves a byte that has shown itself. */
static bool word_is_plain(uint64_t word)
{
    uint64_t shown = word | (word + EACH_BYTE(1)) | (word - EACH_BYTE(0x20));

    return (shown & EACH_BYTE(0x80)) == 0;
}

/* How many bytes from the start are plain, at the least: up to the word of eight with the
 * first that is not. Nearly every text is ASCII. */
static uint32_t plain_prefix(struct text t)
{
    uint32_t len = 0;
    uint64_t word = EACH_BYTE(' ');

    for (; t.len - len >= sizeof(word); len += (uint32_t)sizeof(word)) {
        memcpy(&word, t.at + len, sizeof(word));
        if (!word_is_plain(word))
            return len;
    }
    word = EACH_BYTE(' ');
    for (uint32_t i = len; i < t.len; i++)
        word = word << 8 | (uint8_t)t.at[i];
    return word_is_plain(word) ? t.len : len;
}

static uint32_t character_is_printable(struct text t)
{
    uint32_t code_point;
    uint32_t len = code_point_read(t, &code_point);

    return len > 0 && code_point_is_printable(code_point) ? len : 0;
}

bool text_is_printable(struct text t)
{
    for (uint32_t at = plain_prefix(t), len; at < t.len; at += len) {
        len = character_is_printable((struct text){t.at + at, t.len - at});
        if (len == 0)
            return false;
    }
    return true;
}

/* Writes the character at the start of `t` as it is shown; returns the bytes it took. */
static uint32_t character_escape(struct text t, char out[8])
{
    uint32_t code_point;
    uint32_t len = code_point_read(t, &code_point);

    if (len == 0 || !code_point_is_printable(code_point)) {
        (void)snprintf(out, 8, "\\x%02X", (unsigned)(uint8_t)t.at[0]);
        return 1;
    }
    if (code_point == '"' || code_point == '\\')
        (void)snprintf(out, 8, "\\%c", t.at[0]);
    else
        (void)text_copy((struct text){t.at, len}, out, 8);
    return len;
}

const char *text_quote(struct text t, char buffer[TEXT_QUOTE_SIZE])
{
    size_t len = 0;

    buffer[len++] = '"';
    while (t.len > 0) {
        char shown[8];
        uint32_t taken = character_escape(t, shown);
        size_t shown_len = strlen(shown);

        if (len + shown_len > 1 + TEXT_QUOTE_MAX)
            break;
        memcpy(buffer + len, shown, shown_len + 1);
        len += shown_len;
        t.at += taken;
        t.len -= taken;
    }
    (void)snprintf(buffer + len, TEXT_QUOTE_SIZE - len, "%s", t.len > 0 ? "\"..." : "\"");
    return buffer;
}

#define DISTANCE_WORD_MAX 32 /* bytes */

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* One cell of the table of distances: between the first i bytes of `a` and the first j of
 * `b`. rows[i % 3] is being filled; the two rows before it are complete. */
static unsigned distance_cell(struct text a, struct text b, size_t i, size_t j,
                              unsigned (*rows)[DISTANCE_WORD_MAX + 1])
{
    const unsigned *above = rows[(i + 2) % 3];
    unsigned replaced = above[j - 1] + (a.at[i - 1] != b.at[j - 1]);
    unsigned best = least(replaced, least(above[j], rows[i % 3][j - 1]) + 1);

    if (i > 1 && j > 1 && a.at[i - 1] == b.at[j - 2] && a.at[i - 2] == b.at[j - 1])
        best = least(best, rows[(i + 1) % 3][j - 2] + 1);
    return best;
}

unsigned text_distance(struct text a, struct text b, unsigned limit)
{
    unsigned rows[3][DISTANCE_WORD_MAX + 1];

    assert(limit < UINT_MAX);
    if (a.len > DISTANCE_WORD_MAX || b.len > DISTANCE_WORD_MAX)
        return limit + 1;
    for (unsigned j = 0; j <= b.len; j++)
        rows[0][j] = j;
    for (unsigned i = 1; i <= a.len; i++) {
        rows[i % 3][0] = i;
        for (unsigned j = 1; j <= b.len; j++)
            rows[i % 3][j] = distance_cell(a, b, i, j, rows);
    }
    return least(rows[a.len % 3][b.len], limit + 1);
}
