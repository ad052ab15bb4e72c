/* Reads YAML by libyaml's document tree, which remembers where each node began. It knows
 * nothing of commodities and places. */
#include "strict_yaml.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void give_up(const char *path, const char *problem)
{
    (void)fprintf(stderr, "%s: error: %s\n", path, problem);
    exit(1);
}

void input_open(struct input *in, const char *path)
{
    yaml_parser_t parser;
    FILE *file = fopen(path, "rb");

    in->path = path;
    in->errors = 0;
    if (!file)
        give_up(path, "cannot be read");
    if (!yaml_parser_initialize(&parser))
        give_up(path, "no memory");
    yaml_parser_set_input_file(&parser, file);
    if (!yaml_parser_load(&parser, &in->document)) {
        (void)fprintf(stderr, "%s:%zu:%zu: error: %s\n", path,
                      parser.problem_mark.line + 1, parser.problem_mark.column + 1,
                      parser.problem ? parser.problem : "no memory");
        exit(1);
    }
    yaml_parser_delete(&parser);
    (void)fclose(file);
    if (!yaml_document_get_root_node(&in->document))
        give_up(path, "is empty");
}

void input_close(struct input *in)
{
    yaml_document_delete(&in->document);
}

void input_report(struct input *in, const yaml_node_t *node, const char *format, ...)
{
    va_list args;

    (void)fprintf(stderr, "%s:%zu:%zu: error: ", in->path, node->start_mark.line + 1,
                  node->start_mark.column + 1);
    va_start(args, format);
    (void)vfprintf(stderr, format, args);
    va_end(args);
    (void)fputc('\n', stderr);
    in->errors++;
}

bool input_want(struct input *in, const yaml_node_t *node, yaml_node_type_t type)
{
    static const char *const NAMES[] = {"nothing", "a single value", "a list",
                                        "a mapping"};

    if (node->type == type)
        return true;
    input_report(in, node, "%s belongs here, not %s", NAMES[type], NAMES[node->type]);
    return false;
}

const char *scalar_text(const yaml_node_t *node)
{
    return (const char *)node->data.scalar.value;
}

yaml_node_t *list_next(struct input *in, const yaml_node_t *list, size_t *i)
{
    yaml_node_item_t *item = list->data.sequence.items.start + *i;

    if (item >= list->data.sequence.items.top)
        return NULL;
    ++*i;
    return yaml_document_get_node(&in->document, *item);
}

static void key_read(struct input *in, const yaml_node_t *name, yaml_node_t *value,
                     struct key *keys, size_t keys_len)
{
    struct key *key = NULL;

    for (size_t i = 0; i < keys_len && !key; i++) {
        if (strcmp(keys[i].name, scalar_text(name)) == 0)
            key = &keys[i];
    }
    if (!key) {
        input_report(in, name, "unknown key \"%s\"", scalar_text(name));
        return;
    }
    if (key->value)
        input_report(in, name, "key \"%s\" stands twice", scalar_text(name));
    else if (input_want(in, value, key->type) && value->type == YAML_SCALAR_NODE &&
             scalar_text(value)[0] == '\0')
        input_report(in, value, "\"%s\" is empty", key->name);
    key->value = value;
}

bool map_read(struct input *in, const yaml_node_t *node, struct key *keys,
              size_t keys_len)
{
    int errors_before = in->errors;

    if (!input_want(in, node, YAML_MAPPING_NODE))
        return false;
    for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
         pair < node->data.mapping.pairs.top; pair++) {
        const yaml_node_t *name = yaml_document_get_node(&in->document, pair->key);
        if (input_want(in, name, YAML_SCALAR_NODE))
            key_read(in, name, yaml_document_get_node(&in->document, pair->value), keys,
                     keys_len);
    }
    for (size_t i = 0; i < keys_len; i++) {
        if (keys[i].presence == KEY_REQUIRED && !keys[i].value)
            input_report(in, node, "key \"%s\" is missing", keys[i].name);
    }
    return in->errors == errors_before;
}

/* Digits, at most one point and it between digits; 0 for the number when it is not that.
 */
static struct factor factor_parse(const char *text)
{
    struct factor f = {0, 1};
    bool fraction = false;
    int digits = 0;

    for (const char *c = text; *c; c++) {
        if (*c == '.' && !fraction && digits > 0 && c[1]) {
            fraction = true;
        } else if (*c >= '0' && *c <= '9' && ++digits <= DIGITS_MAX) {
            f.num = f.num * 10 + (*c - '0');
            f.den *= fraction ? 10 : 1;
        } else {
            return (struct factor){0, 1};
        }
    }
    return f;
}

bool factor_read(struct input *in, const yaml_node_t *node, struct factor *out)
{
    struct factor f;

    if (!input_want(in, node, YAML_SCALAR_NODE))
        return false;
    f = factor_parse(scalar_text(node));
    if (f.num == 0) {
        input_report(in, node,
                     "\"%s\" is not a decimal number above 0 of at most %d digits",
                     scalar_text(node), DIGITS_MAX);
        return false;
    }
    *out = f;
    return true;
}
