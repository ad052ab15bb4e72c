/* YAML read strictly, for tables that are checked when the program is built: every
 * complaint has file:line:column, and all of them are made before the program gives up.
 */
#ifndef SHORTFALL_DATA_STRICT_YAML_H
#define SHORTFALL_DATA_STRICT_YAML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <yaml.h>

#define DIGITS_MAX 9 /* of one factor, so that products of two fit 64 bits */

/* One YAML file in memory; libyaml keeps the position of every node. */
struct input {
    const char *path;
    yaml_document_t document;
    int errors;
};

/* What a mapping may hold, and what was found. */
struct key {
    const char *name;
    enum { KEY_OPTIONAL, KEY_REQUIRED } presence;
    yaml_node_type_t type;
    yaml_node_t *value; /* NULL: not there */
};

struct factor {
    int64_t num, den;
};

/* Ends the process when the file cannot be read or is not YAML. */
void input_open(struct input *in, const char *path);
void input_close(struct input *in);

void input_report(struct input *in, const yaml_node_t *node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Whether the node is of that type; if not, it has been reported. */
bool input_want(struct input *in, const yaml_node_t *node, yaml_node_type_t type);

/* The text of a scalar, lent as long as the input is open. */
const char *scalar_text(const yaml_node_t *node);

/* The items of a sequence, one by one from *i = 0; NULL after the last. */
yaml_node_t *list_next(struct input *in, const yaml_node_t *list, size_t *i);

/* Fills keys[].value. False when something was reported: an unknown, repeated or missing
 * key, a value of another type, an empty one. */
bool map_read(struct input *in, const yaml_node_t *node, struct key *keys,
              size_t keys_len);

/* 40.4 is 404/10, as it is written; nothing is rounded. */
bool factor_read(struct input *in, const yaml_node_t *node, struct factor *out);

#endif
