/* A YAML text as a tree of nodes that know where they stand. Every scalar stays text:
 * what `5m` or `yes` means is for the reader of the tree to say. Private to proto. */
#ifndef PROTO_RULES_YAML_H
#define PROTO_RULES_YAML_H

#include "arena.h"
#include "rules_error.h"

#define YAML_DEPTH_MAX 12
#define YAML_KEYS_MAX  64 /* of one mapping */

enum node_kind {
    NODE_SCALAR,
    NODE_LIST,
    NODE_MAP,
    NODE_REFUSED /* an error was reported for it: to be passed over in silence */
};

struct node {
    enum node_kind kind;
    struct place place;  /* of its first byte */
    bool exact;          /* a scalar whose value stands in the source as it is */
    struct text value;   /* of a scalar; lent by the tree */
    struct node *first;  /* child; in a map key, value, key, value ... */
    struct node *next;   /* sibling */
    size_t children_len; /* in a map keys and values together */
    struct place inside; /* of the first byte of the value, a quote left out */
};

struct tree {
    struct node *root; /* NULL: an empty text, or one that cannot be read */
    struct arena arena;
};

/* Reads one document. Everything that is wrong with it as YAML, or that is refused
 * (aliases, anchors, tags, other documents, keys that stand twice), is added to `errors`;
 * what could be read all the same is in the tree. Free with tree_free, in any case. */
void tree_read(struct text text, struct tree *out, struct rules_errors *errors);
void tree_free(struct tree *tree);

/* Of a byte of a scalar's value; of the scalar where that cannot be told, as in one of
 * several lines or with escapes. */
struct place node_place_inside(const struct node *scalar, uint32_t offset);

#endif
