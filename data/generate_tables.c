/* generate_tables commodities.yaml places.yaml OUTDIR: turns the tables of facts about
 * codes into commodity_table.inc and place_table.inc, which core/ compiles in. It runs
 * when the program is built and must never guess: an unknown key, a code that stands
 * twice, a factor without a source end the build with file:line:column. */
#include "../core/code_hash.h"
#include "table.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS_MAX (4 * CODES_MAX)

/* A file that is being written; `path` is for complaints. */
struct output {
    char path[4096];
    FILE *file;
};

static void output_fail(const struct output *out)
{
    fprintf(stderr, "%s: error: cannot be written\n", out->path);
    exit(1);
}

static void output_open(struct output *out, const char *folder, const char *name,
                        const char *origin)
{
    const char *slash = strrchr(origin, '/');
    int len = snprintf(out->path, sizeof(out->path), "%s/%s", folder, name);

    if (len < 0 || (size_t)len >= sizeof(out->path) ||
        !(out->file = fopen(out->path, "w")))
        output_fail(out);
    fprintf(out->file, "/* Made from %s when the program is built: change that. */\n",
            slash ? slash + 1 : origin);
}

static void output_close(struct output *out)
{
    int failed = ferror(out->file);

    if (fclose(out->file) != 0 || failed)
        output_fail(out);
}

/* Octal for all but plain ASCII, so that no compiler's character set matters. */
static void write_string(FILE *file, const char *text)
{
    fputc('"', file);
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        if (*c < ' ' || *c > '~' || *c == '"' || *c == '\\' || *c == '?')
            fprintf(file, "\\%03o", (unsigned)*c);
        else
            fputc(*c, file);
    }
    fputc('"', file);
}

static void write_factor(FILE *file, const struct factor *f)
{
    fprintf(file, "{%" PRId64 ", %" PRId64 "}", f->num, f->den);
}

/* Four slots a code and more: nearly every code stands in the first slot it is looked
 * for. */
static void write_slots(FILE *file, const char *name, const struct table *table)
{
    static int slots[SLOTS_MAX];
    uint32_t len = 4;

    while (len < 4U * (uint32_t)table->len)
        len *= 2;
    for (uint32_t i = 0; i < len; i++)
        slots[i] = -1;
    for (int i = 0; i < table->len; i++) {
        const char *code = table->entries[i].code;
        uint32_t slot = code_hash(code, strlen(code)) & (len - 1);
        while (slots[slot] >= 0)
            slot = (slot + 1) & (len - 1);
        slots[slot] = i;
    }
    fprintf(file, "static const struct code_slot %s[%" PRIu32 "] = {\n", name, len);
    for (uint32_t i = 0; i < len; i++) {
        if (slots[i] < 0)
            continue;
        const char *code = table->entries[slots[i]].code;
        fprintf(file, "    [%" PRIu32 "] = {\"%s\", %d, %zu},\n", i, code, slots[i],
                strlen(code));
    }
    fputs("};\n", file);
}

static void write_words(FILE *file, const char *name, const struct table *table)
{
    fprintf(file, "static const struct code_word %s[] = {\n", name);
    for (int i = 0; i < table->len; i++)
        fprintf(file, "    {\"%s\", %d},\n", table->entries[i].code, i);
    for (int i = 0; i < table->words_len; i++) {
        fputs("    {", file);
        write_string(file, table->words[i].text);
        fprintf(file, ", %d},\n", table->words[i].entry);
    }
    fputs("};\n", file);
}

static void write_commodity(FILE *file, const struct entry *entry)
{
    fprintf(file, "    {\"%s\", ", entry->code);
    write_string(file, entry->name);
    fputs(", ", file);
    write_string(file, entry->hs);
    fputs(entry->energy ? ", DIMENSION_ENERGY, " : ", DIMENSION_MASS, ", file);
    if (entry->group < 0)
        fputs("COMMODITY_NONE, ", file);
    else
        fprintf(file, "%d, ", entry->group);
    write_factor(file, &entry->to_group);
    fputs(", {", file);
    for (int i = 0; i < FACTOR_SETS_MAX; i++) {
        fputs(i ? ", " : "", file);
        write_factor(file, &entry->barrels[i]);
    }
    fputs("},\n     ", file);
    write_string(file, entry->source);
    fputs("},\n", file);
}

static void write_commodities(FILE *file, const struct table *table)
{
    fprintf(file, "#define TABLE_SETS_MAX %d\n", FACTOR_SETS_MAX);
    fputs("static const char *const FACTOR_SETS[] = {", file);
    for (int i = 0; i < table->sets_len; i++) {
        fputs(i ? ", " : "", file);
        write_string(file, table->sets[i]);
    }
    fputs("};\nstatic const struct commodity COMMODITIES[] = {\n", file);
    for (int i = 0; i < table->len; i++)
        write_commodity(file, &table->entries[i]);
    fputs("};\n", file);
    write_slots(file, "COMMODITY_SLOTS", table);
    write_words(file, "COMMODITY_WORDS", table);
}

static void write_places(FILE *file, const struct table *table)
{
    fputs("static const struct place PLACES[] = {\n", file);
    for (int i = 0; i < table->len; i++) {
        const struct entry *entry = &table->entries[i];
        fprintf(file, "    {\"%s\", ", entry->code);
        write_string(file, entry->name);
        fputs(entry->party ? ", false},\n" : ", true},\n", file);
    }
    fputs("};\n", file);
    write_slots(file, "PLACE_SLOTS", table);
    write_words(file, "PLACE_WORDS", table);
}

int main(int argc, char **argv)
{
    static struct input commodities_in, places_in;
    static struct table commodities, places;
    struct output out;

    if (argc != 4) {
        fputs("usage: generate_tables commodities.yaml places.yaml OUTDIR\n", stderr);
        return 2;
    }
    input_open(&commodities_in, argv[1]);
    input_open(&places_in, argv[2]);
    table_read_commodities(&commodities_in, &commodities);
    table_read_places(&places_in, &places);
    if (commodities_in.errors || places_in.errors)
        return 1;
    output_open(&out, argv[3], "commodity_table.inc", argv[1]);
    write_commodities(out.file, &commodities);
    output_close(&out);
    output_open(&out, argv[3], "place_table.inc", argv[2]);
    write_places(out.file, &places);
    output_close(&out);
    input_close(&commodities_in);
    input_close(&places_in);
    return 0;
}
