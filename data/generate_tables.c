/* generate_tables commodities.yaml places.yaml OUTDIR: turns the tables of facts about
 * codes into commodity_table.inc and place_table.inc, which core/ compiles in. It runs
 * when the program is built and must never guess: an unknown key, a code that stands
 * twice, a factor without a source end the build with file:line:column. */
#include "../core/code_hash.h"
#include "table.h"

#include <inttypes.h>
#include <stdarg.h>
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
    (void)fprintf(stderr, "%s: error: cannot be written\n", out->path);
    exit(1);
}

static void __attribute__((format(printf, 2, 3)))
emit(struct output *out, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    if (vfprintf(out->file, format, args) < 0)
        output_fail(out);
    va_end(args);
}

static void output_open(struct output *out, const char *folder, const char *name,
                        const char *origin)
{
    const char *slash = strrchr(origin, '/');
    int len = snprintf(out->path, sizeof(out->path), "%s/%s", folder, name);

    if (len < 0 || (size_t)len >= sizeof(out->path) ||
        !(out->file = fopen(out->path, "w")))
        output_fail(out);
    emit(out, "/* Made from %s when the program is built: change that. */\n",
         slash ? slash + 1 : origin);
}

static void output_close(struct output *out)
{
    int failed = ferror(out->file);

    if (fclose(out->file) != 0 || failed)
        output_fail(out);
}

/* Octal for all but plain ASCII, so that no compiler's character set matters. */
static void write_string(struct output *out, const char *text)
{
    emit(out, "\"");
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        if (*c < ' ' || *c > '~' || *c == '"' || *c == '\\' || *c == '?')
            emit(out, "\\%03o", (unsigned)*c);
        else
            emit(out, "%c", *c);
    }
    emit(out, "\"");
}

static void write_factor(struct output *out, const struct factor *f)
{
    emit(out, "{%" PRId64 ", %" PRId64 "}", f->num, f->den);
}

/* Four slots a code and more: nearly every code stands in the first slot it is looked
 * for. */
static void write_slots(struct output *out, const char *name, const struct table *table)
{
    static int slots[SLOTS_MAX];
    uint32_t len = 4;

    while (len < 4U * (uint32_t)table->len)
        len *= 2;
    for (uint32_t i = 0; i < len; i++)
        slots[i] = -1;
    for (int i = 0; i < table->len; i++) {
        const char *code = table->entries[i].code;
        uint32_t slot =
            code_hash(code_words(code, strlen(code)), strlen(code)) & (len - 1);
        while (slots[slot] >= 0)
            slot = (slot + 1) & (len - 1);
        slots[slot] = i;
    }
    emit(out, "static const struct code_slot %s[%" PRIu32 "] = {\n", name, len);
    for (uint32_t i = 0; i < len; i++) {
        if (slots[i] < 0)
            continue;
        const char *code = table->entries[slots[i]].code;
        struct code_words words = code_words(code, strlen(code));
        emit(out,
             "    [%" PRIu32 "] = {{UINT64_C(%" PRIu64 "), UINT64_C(%" PRIu64
             ")}, \"%s\", "
             "%d, %zu},\n",
             i, words.first, words.last, code, slots[i], strlen(code));
    }
    emit(out, "};\n");
}

/* Beside the entries, in their order. */
static void write_digests(struct output *out, const char *name, const struct table *table)
{
    emit(out, "static const uint64_t %s[] = {\n", name);
    for (int i = 0; i < table->len; i++) {
        const char *code = table->entries[i].code;
        emit(out, "    UINT64_C(0x%016" PRIx64 "),\n", code_digest(code, strlen(code)));
    }
    emit(out, "};\n");
}

static void write_words(struct output *out, const char *name, const struct table *table)
{
    emit(out, "static const struct code_word %s[] = {\n", name);
    for (int i = 0; i < table->len; i++)
        emit(out, "    {\"%s\", %d},\n", table->entries[i].code, i);
    for (int i = 0; i < table->words_len; i++) {
        emit(out, "    {");
        write_string(out, table->words[i].text);
        emit(out, ", %d},\n", table->words[i].entry);
    }
    emit(out, "};\n");
}

static void write_commodity(struct output *out, const struct entry *entry)
{
    emit(out, "    {\"%s\", ", entry->code);
    write_string(out, entry->name);
    emit(out, ", ");
    write_string(out, entry->hs);
    emit(out, "%s", entry->energy ? ", DIMENSION_ENERGY, " : ", DIMENSION_MASS, ");
    if (entry->group < 0)
        emit(out, "COMMODITY_NONE, ");
    else
        emit(out, "%d, ", entry->group);
    write_factor(out, &entry->to_group);
    emit(out, ", {");
    for (int i = 0; i < FACTOR_SETS_MAX; i++) {
        emit(out, "%s", i ? ", " : "");
        write_factor(out, &entry->barrels[i]);
    }
    emit(out, "},\n     ");
    write_string(out, entry->source);
    emit(out, "},\n");
}

static void write_commodities(struct output *out, const struct table *table)
{
    emit(out, "#define TABLE_SETS_MAX %d\n", FACTOR_SETS_MAX);
    emit(out, "static const char *const FACTOR_SETS[] = {");
    for (int i = 0; i < table->sets_len; i++) {
        emit(out, "%s", i ? ", " : "");
        write_string(out, table->sets[i]);
    }
    emit(out, "};\nstatic const struct commodity COMMODITIES[] = {\n");
    for (int i = 0; i < table->len; i++)
        write_commodity(out, &table->entries[i]);
    emit(out, "};\n");
    write_slots(out, "COMMODITY_SLOTS", table);
    write_digests(out, "COMMODITY_DIGESTS", table);
    write_words(out, "COMMODITY_WORDS", table);
}

static void write_places(struct output *out, const struct table *table)
{
    emit(out, "static const struct place PLACES[] = {\n");
    for (int i = 0; i < table->len; i++) {
        const struct entry *entry = &table->entries[i];
        emit(out, "    {\"%s\", ", entry->code);
        write_string(out, entry->name);
        emit(out, "%s", entry->party ? ", false},\n" : ", true},\n");
    }
    emit(out, "};\n");
    write_slots(out, "PLACE_SLOTS", table);
    write_digests(out, "PLACE_DIGESTS", table);
    write_words(out, "PLACE_WORDS", table);
}

int main(int argc, char **argv)
{
    static struct input commodities_in;
    static struct input places_in;
    static struct table commodities;
    static struct table places;
    struct output out;

    if (argc != 4) {
        (void)fputs("usage: generate_tables commodities.yaml places.yaml OUTDIR\n",
                    stderr);
        return 2;
    }
    input_open(&commodities_in, argv[1]);
    input_open(&places_in, argv[2]);
    table_read_commodities(&commodities_in, &commodities);
    table_read_places(&places_in, &places);
    if (commodities_in.errors || places_in.errors)
        return 1;
    output_open(&out, argv[3], "commodity_table.inc", argv[1]);
    write_commodities(&out, &commodities);
    output_close(&out);
    output_open(&out, argv[3], "place_table.inc", argv[2]);
    write_places(&out, &places);
    output_close(&out);
    input_close(&commodities_in);
    input_close(&places_in);
    return 0;
}
