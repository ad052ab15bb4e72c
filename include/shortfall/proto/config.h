/* Texts in YAML that people write, rule files and configurations: as a tree in which
 * everything knows where it stands, and errors that point there. Every single value stays
 * text: what `5m` or `yes` means is for the reader of the tree to say. */
#ifndef SHORTFALL_PROTO_CONFIG_H
#define SHORTFALL_PROTO_CONFIG_H

#include "shortfall/core/status.h"
#include "shortfall/core/text.h"

struct config_place {
    unsigned line, column; /* from 1; column in bytes */
};

/* --- errors ------------------------------------------------------------------------- */

struct config_error {
    unsigned line, column;
    char text[300]; /* with a suggestion where one is near */
};

#define CONFIG_ERRORS_MAX 100

/* Of one text, in order of their place. Zero-initialised: none. */
struct config_errors {
    size_t len;   /* as kept, at most CONFIG_ERRORS_MAX */
    size_t total; /* as found */
    struct config_error list[CONFIG_ERRORS_MAX];
};

/* Keeps the errors in order of their place, and of those the first CONFIG_ERRORS_MAX. */
void config_error_add(struct config_errors *errors, struct config_place place,
                      const char *format, ...) PRINTF_LIKE(3, 4);

/* One error as it is printed: "name:line:column: error: text", the source line, and a
 * caret under the column; three lines with their newlines. Returns the length, cut at
 * size - 1. */
size_t config_error_format(const struct config_error *error, const char *name,
                           struct text source, char *out, size_t size);

#define CONFIG_QUOTE_MAX  64 /* bytes of a found value that a message repeats */
#define CONFIG_QUOTE_SIZE (CONFIG_QUOTE_MAX + 6)

/* A found value in quotes, cut, and with '?' for what does not belong on a terminal;
 * returns `buffer`. */
const char *config_quote(struct text found, char buffer[CONFIG_QUOTE_SIZE]);

#define CONFIG_NEAR_SIZE 96

/* ` (did you mean "maize"?)`, or "" when near is NULL; returns `buffer`. */
const char *config_near(const char *near, char buffer[CONFIG_NEAR_SIZE]);

/* --- the tree ----------------------------------------------------------------------- */

#define CONFIG_DEPTH_MAX 12
#define CONFIG_KEYS_MAX  64 /* of one mapping */

enum config_kind {
    CONFIG_VALUE, /* a single one */
    CONFIG_LIST,
    CONFIG_MAP,
    CONFIG_REFUSED /* an error was reported for it: to be passed over in silence */
};

struct config_node {
    enum config_kind kind;
    struct config_place place;  /* of its first byte */
    bool exact;                 /* a value that stands in the source as it is */
    struct text value;          /* with a NUL behind it; lent by the tree */
    struct config_node *first;  /* child; in a map key, value, key, value ... */
    struct config_node *next;   /* sibling */
    size_t children_len;        /* in a map keys and values together */
    struct config_place inside; /* of the first byte of the value, a quote left out */
};

struct config_tree;

/* Reads one document. Everything that is wrong with it as YAML, or that is refused
 * (aliases, anchors, tags, other documents, keys that stand twice), is added to `errors`;
 * what could be read all the same is in the tree, which lends nothing of `text`.
 * ST_NO_MEMORY. */
MUST_USE enum status config_read(struct text text, struct config_tree **out,
                                 struct config_errors *errors);
void config_free(struct config_tree *tree);

/* NULL: an empty text, or one that cannot be read. */
const struct config_node *config_root(const struct config_tree *tree);

/* Of a byte of a single value; of the whole of it where that cannot be told, as in one of
 * several lines or with escapes. */
struct config_place config_place_inside(const struct config_node *value, uint32_t offset);

/* --- mappings with known keys ------------------------------------------------------- */

struct config_key {
    const char *name;
    const char *also; /* what users of other systems write for it; or NULL */
    bool required;
    const char *belongs; /* it does not belong here but "at the top"; NULL: it does */
};

/* Finds the known keys of a mapping: found[i] becomes the value of keys[i], NULL where it
 * is missing or refused. Reports what is unknown, missing or not a mapping; false: it is
 * not one. `what` names it in messages, "a rule". */
bool config_map(struct config_errors *errors, const struct config_node *node,
                const char *what, const struct config_key *keys, size_t keys_len,
                const struct config_node **found);

/* Whether the node is a list, or a single value that is not empty; if not, reports that
 * `what` must be one. */
bool config_is_list(struct config_errors *errors, const struct config_node *node,
                    const char *what);
bool config_is_text(struct config_errors *errors, const struct config_node *node,
                    const char *what);

#endif
