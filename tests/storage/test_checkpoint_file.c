/* Checkpoint files: which there are, and that no byte of a damaged one is handed out. */
#include "scratch.h"

#include "shortfall/storage/checkpoint_file.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

TestSuite(checkpoint_file, .init = scratch_make, .fini = scratch_remove);

static const char *db(char out[SCRATCH_PATH])
{
    return scratch_path("state.db", out);
}

static struct checkpoint_mark mark_of(uint64_t pos)
{
    struct checkpoint_mark mark = {.pos = pos, .clock = -5};

    memset(mark.hash, (int)(pos % 251), sizeof mark.hash);
    return mark;
}

/* A checkpoint of `len` bytes, of which each can be told from its place. */
static uint8_t byte_at(size_t at)
{
    return (uint8_t)(at * 31 + at / 251);
}

static struct checkpoint_file *written(uint64_t pos, size_t len)
{
    const struct checkpoint_mark mark = mark_of(pos);
    struct checkpoint_file *file = NULL;
    char path[SCRATCH_PATH];
    struct why why = {""};

    expect_status(checkpoint_create(db(path), &mark, &file, &why), ST_OK, &why, "create");
    for (size_t at = 0; at < len;) {
        uint8_t bytes[1000];
        size_t part = at % 997 + 1 < len - at ? at % 997 + 1 : len - at;

        for (size_t i = 0; i < part; i++)
            bytes[i] = byte_at(at + i);
        expect_status(checkpoint_write(file, bytes, part, &why), ST_OK, &why, "write");
        at += part;
    }
    expect_status(checkpoint_seal(file, &why), ST_OK, &why, "seal");
    return file;
}

static void make(uint64_t pos, size_t len)
{
    struct checkpoint_file *file = written(pos, len);
    struct why why = {""};

    expect_status(checkpoint_publish(file, &why), ST_OK, &why, "publish");
    checkpoint_close(file);
}

/* Reads it all, in pieces of their own; every byte that comes must be the right one. */
static enum status read_back(uint64_t pos, size_t len, struct why *why)
{
    struct checkpoint_file *file;
    struct checkpoint_mark mark;
    const struct checkpoint_mark right = mark_of(pos);
    char path[SCRATCH_PATH];
    enum status st = checkpoint_open(db(path), pos, &file, &mark, why);

    if (st)
        return st;
    cr_assert(mark.pos == pos && mark.clock == right.clock &&
              memcmp(mark.hash, right.hash, sizeof mark.hash) == 0);
    for (size_t at = 0; st == ST_OK && at < len;) {
        uint8_t bytes[5000];
        size_t part = len - at < sizeof bytes ? len - at : sizeof bytes;

        st = checkpoint_read(file, bytes, part, why);
        for (size_t i = 0; st == ST_OK && i < part; i++)
            cr_assert(bytes[i] == byte_at(at + i), "byte %zu", at + i);
        at += part;
    }
    if (st == ST_OK)
        st = checkpoint_end(file, why);
    checkpoint_close(file);
    return st;
}

Test(checkpoint_file, gives_back_what_was_written)
{
    static const size_t lens[] = {0, 1, 999, 1048575, 1048576, 1048577, 3000000};

    for (size_t i = 0; i < sizeof lens / sizeof lens[0]; i++) {
        struct why why = {""};

        make(i + 1, lens[i]);
        expect_status(read_back(i + 1, lens[i], &why), ST_OK, &why, "read");
        expect_status(read_back(i + 1, lens[i] + 1, &why), ST_CORRUPT, &why, "one more");
        if (lens[i] > 0)
            expect_status(read_back(i + 1, lens[i] - 1, &why), ST_CORRUPT, &why,
                          "one less");
    }
}

Test(checkpoint_file, is_private_and_not_seen_before_it_is_whole)
{
    char path[SCRATCH_PATH];
    char name[SCRATCH_PATH];
    char folder[SCRATCH_PATH];
    uint64_t pos;
    struct why why = {""};
    struct checkpoint_file *file = written(7, 100);

    scratch_path("state.db-checkpoint-00000000000000000007", name);
    expect_status(checkpoint_find(db(path), UINT64_MAX, &pos, &why), ST_NOT_FOUND, &why,
                  "not published");
    expect_status(read_back(7, 100, &why), ST_NOT_FOUND, &why, "not published");
    expect_status(checkpoint_publish(file, &why), ST_OK, &why, "publish");
    checkpoint_close(file);
    cr_assert_eq(scratch_mode(name), 0600u);
    /* One that is given up leaves nothing behind. */
    checkpoint_close(written(8, 100));
    snprintf(folder, sizeof folder, "%.*s", (int)(strrchr(name, '/') - name), name);
    cr_assert_eq(scratch_count(folder, "state.db-checkpoint-", ""), 1u);
}

Test(checkpoint_file, what_a_killed_writer_left_is_written_over)
{
    char path[SCRATCH_PATH];
    struct why why = {""};

    scratch_write(scratch_path("state.db-checkpoint-new", path), "half of it");
    make(3, 10);
    expect_status(read_back(3, 10, &why), ST_OK, &why, "read");
    cr_assert_eq(scratch_size(path), -1);
}

Test(checkpoint_file, the_two_newest_are_kept)
{
    static const struct {
        uint64_t made, most;
        uint64_t found[3]; /* from the newest on; 0: none */
    } rows[] = {{5, UINT64_MAX, {5, 0, 0}},
                {12, UINT64_MAX, {12, 5, 0}},
                {100, UINT64_MAX, {100, 12, 0}},
                {7, UINT64_MAX, {100, 12, 0}}, /* an older one goes at once */
                {101, 100, {100, 0, 0}},
                {102, 101, {101, 0, 0}},
                {UINT64_MAX, UINT64_MAX, {UINT64_MAX, 102, 0}}};
    char path[SCRATCH_PATH];
    struct why why = {""};

    /* Names that look like it, but are not. */
    scratch_write(scratch_path("state.db-checkpoint-0000000000000000000x", path), "");
    scratch_write(scratch_path("state.db-checkpoint-99999999999999999999", path), "");
    scratch_write(scratch_path("other.db-checkpoint-00000000000000000009", path), "");
    scratch_write(scratch_path("state.db-checkpoint-9", path), "");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint64_t most = rows[i].most;

        make(rows[i].made, 10);
        for (size_t k = 0; k < 3; k++) {
            uint64_t pos = 0;
            enum status st = checkpoint_find(db(path), most, &pos, &why);

            cr_assert_eq(st, rows[i].found[k] == 0 ? ST_NOT_FOUND : ST_OK);
            cr_assert_eq(pos, rows[i].found[k], "row %zu: %llu", i,
                         (unsigned long long)pos);
            if (pos == 0)
                break;
            most = pos - 1;
        }
    }
    expect_status(checkpoint_remove(db(path), 102, &why), ST_OK, &why, "remove");
    expect_status(checkpoint_remove(db(path), 102, &why), ST_OK, &why, "it is gone");
    expect_status(read_back(102, 10, &why), ST_NOT_FOUND, &why, "removed");
}

/* --- damage ------------------------------------------------------------------------- */

#define SMALL 300

static uint8_t *slurp(const char *path, size_t *len)
{
    FILE *in = fopen(path, "rb");
    uint8_t *bytes = malloc(4096);

    cr_assert(in != NULL && bytes != NULL);
    *len = fread(bytes, 1, 4096, in);
    cr_assert(*len > SMALL && *len < 4096);
    fclose(in);
    return bytes;
}

static void put_bytes(const char *path, const uint8_t *bytes, size_t len)
{
    FILE *out = fopen(path, "wb");

    cr_assert(out != NULL && fwrite(bytes, 1, len, out) == len);
    cr_assert(fclose(out) == 0);
}

Test(checkpoint_file, every_flipped_bit_and_every_cut_is_found)
{
    char name[SCRATCH_PATH];
    size_t len;
    struct why why = {""};

    make(9, SMALL);
    uint8_t *bytes =
        slurp(scratch_path("state.db-checkpoint-00000000000000000009", name), &len);

    for (size_t at = 0; at < len; at++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            bytes[at] ^= (uint8_t)(1u << bit);
            put_bytes(name, bytes, len);
            enum status st = read_back(9, SMALL, &why);

            cr_assert(st == ST_CORRUPT || (at < 16 && st == ST_VERSION),
                      "byte %zu, bit %u: %d", at, bit, (int)st);
            bytes[at] ^= (uint8_t)(1u << bit);
        }
    }
    for (size_t cut = 0; cut < len; cut++) {
        put_bytes(name, bytes, cut);
        expect_status(read_back(9, SMALL, &why), ST_CORRUPT, &why, "cut");
    }
    bytes[len] = 0;
    put_bytes(name, bytes, len + 1);
    expect_status(read_back(9, SMALL, &why), ST_CORRUPT, &why, "one byte more");
    put_bytes(name, bytes, len);
    expect_status(read_back(9, SMALL, &why), ST_OK, &why, "as it was");
    free(bytes);
}

Test(checkpoint_file, another_position_than_the_name_says_is_damage)
{
    char name[SCRATCH_PATH];
    char other[SCRATCH_PATH];
    struct why why = {""};

    make(9, SMALL);
    scratch_path("state.db-checkpoint-00000000000000000009", name);
    scratch_path("state.db-checkpoint-00000000000000000010", other);
    cr_assert(rename(name, other) == 0);
    expect_status(read_back(10, SMALL, &why), ST_CORRUPT, &why, "renamed");
    expect_why(&why, "damaged", "renamed");
}

Test(checkpoint_file, a_folder_that_is_not_there_is_an_error)
{
    const struct checkpoint_mark mark = mark_of(1);
    struct checkpoint_file *file;
    char path[SCRATCH_PATH];
    uint64_t pos;
    struct why why = {""};

    scratch_path("none/state.db", path);
    expect_status(checkpoint_create(path, &mark, &file, &why), ST_IO, &why, "create");
    expect_status(checkpoint_find(path, 9, &pos, &why), ST_IO, &why, "find");
}
