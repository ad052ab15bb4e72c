/* The checked content of a table of codes, in the order of its file: what the generator
 * turns into C. Texts are lent from the input. */
#ifndef SHORTFALL_DATA_TABLE_H
#define SHORTFALL_DATA_TABLE_H

#include "strict_yaml.h"

#define CODES_MAX       1024
#define WORDS_MAX       4096
#define CODE_LEN_MAX    32 /* bytes; text_distance looks no further */
#define FACTOR_SETS_MAX 4  /* as in shortfall/core/commodity.h, which core/ asserts */

struct entry {
    const char *code, *name;
    const char *hs, *source; /* "" where not stated */
    bool energy;             /* dimension: energy, else mass */
    int group;               /* index of its group, -1: none */
    struct factor to_group;  /* 0/1: none */
    struct factor barrels[FACTOR_SETS_MAX];
    bool party;
    const yaml_node_t *node, *group_node; /* for complaints */
};

/* Another word for an entry: its name in full, its code of two letters, an alias. */
struct word {
    const char *text;
    int entry;
};

struct table {
    struct entry entries[CODES_MAX];
    int len;
    struct word words[WORDS_MAX];
    int words_len;
    const char *sets[FACTOR_SETS_MAX];
    int sets_len;
};

/* What is wrong is reported and counted in `in`; the table is good when nothing was. */
void table_read_commodities(struct input *in, struct table *table);
void table_read_places(struct input *in, struct table *table);

#endif
