/* The golden vectors: JSON and bytes of the same event, made without our code. Both doors
 * must understand them alike, and our writer must give exactly those bytes. */
#include "pack_help.h"

#include "shortfall/proto/json.h"

#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

#define VECTORS  SOURCE_DIR "/proto/vectors/"
#define FILE_MAX 16384

/* A whole file with a final NUL; its last line break is cut. */
static void file_read(const char *name, const char *extension, char content[FILE_MAX])
{
    char path[1024];
    snprintf(path, sizeof path, VECTORS "%s%s", name, extension);
    FILE *file = fopen(path, "rb");
    cr_assert(file, "%s cannot be opened", path);
    size_t len = fread(content, 1, FILE_MAX, file);
    cr_assert(len < FILE_MAX && fclose(file) == 0, "%s is too long", path);
    if (len && content[len - 1] == '\n')
        len--;
    content[len] = '\0';
}

static void vector_check(struct json_reader *reader, struct packer *packer,
                         const char *name, factor_set_id set)
{
    char json[FILE_MAX], hex[FILE_MAX];
    uint8_t bytes[FILE_MAX / 2];
    struct event stated, decoded, none;
    struct json_error error = {.text = ""};
    struct unpacker u;
    struct why why = {""};
    bool skipped = false;
    file_read(name, ".json", json);
    file_read(name, ".hex", hex);
    struct bytes body = {bytes, from_hex(hex, bytes, sizeof bytes)};
    enum status st = json_read_event(reader, text_of(json), set, &stated, &error);
    cr_assert(st == ST_OK, "%s: JSON: %s: %s", name, error.field, error.text);
    cr_assert(unpack_begin(body, &u, &why) == ST_OK, "%s: %s", name, why.text);
    cr_assert(unpack_next(&u, &decoded, &skipped, &why) == ST_OK, "%s: %s", name,
              why.text);
    cr_assert(unpack_next(&u, &none, &skipped, &why) == ST_NOT_FOUND, "%s: end", name);
    const char *difference = event_difference(&stated, &decoded);
    cr_assert(!difference, "%s: JSON and bytes differ in %s", name, difference);
    packer_clear(packer);
    cr_assert(packer_add(packer, &stated) == ST_OK, "%s: pack", name);
    struct bytes ours = packer_body(packer);
    cr_assert(ours.len == body.len && memcmp(ours.at, body.at, body.len) == 0,
              "%s: packs to other bytes", name);
}

Test(vectors, json_and_bytes_are_one_event_and_pack_to_the_golden_bytes)
{
    struct json_reader *reader = NULL;
    struct packer *packer = NULL;
    char index[FILE_MAX];
    unsigned kinds = 0, vectors = 0;
    cr_assert(json_reader_new(&reader) == ST_OK && packer_new(&packer) == ST_OK);
    file_read("index", ".tsv", index);
    char *line = strchr(index, '\n'); /* behind the headings */
    while (line) {
        char name[64], set[32], what[200];
        cr_assert(sscanf(line + 1, "%63[^\t]\t%31[^\t]\t%199[^\n]", name, set, what) == 3,
                  "index.tsv: %s", line + 1);
        factor_set_id id = factor_set_find(text_of(set));
        cr_assert(id != FACTOR_SET_NONE, "%s: factor set %s", name, set);
        vector_check(reader, packer, name, id);
        for (unsigned k = 0; k < EVENT_KIND_COUNT; k++) {
            const char *kind = event_kind_name((enum event_kind)k);
            if (strncmp(name, kind, strlen(kind)) == 0)
                kinds |= 1u << k;
        }
        vectors++;
        line = strchr(line + 1, '\n');
    }
    cr_assert(vectors >= 20, "%u vectors", vectors);
    cr_assert(kinds == (1u << EVENT_KIND_COUNT) - 1, "a vector for each kind");
    json_reader_free(reader);
    packer_free(packer);
}
