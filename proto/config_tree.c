/* Builds the tree from libyaml's events, so that nothing is resolved, merged or repeated
 * behind our back: an alias is refused where it stands, and depth and the number of keys
 * have limits. Open collections are kept on a stack of our own, never by recursion. */
#include "shortfall/proto/config.h"

#include "arena.h"
#include "config_text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

/* Where a mark of libyaml, which counts characters, stands in bytes. */
struct cursor_place {
    size_t character; /* since the start of the text */
    uint32_t offset, line_start;
    unsigned line;
};

struct config_tree {
    struct config_node *root;
    struct arena arena;
};

struct builder {
    struct text text;
    struct config_tree *tree;
    struct config_errors *errors;
    struct cursor_place at;
    struct config_node *open[CONFIG_DEPTH_MAX]; /* collections, outermost first */
    struct config_node *last[CONFIG_DEPTH_MAX]; /* their last children */
    size_t open_len;
    unsigned documents;
};

static const struct cursor_place text_start = {.line = 1};

/* Marks come in rising order but for few, so that this is one pass over the text. */
static struct config_place place_of(struct builder *b, yaml_mark_t mark)
{
    if (mark.index < b->at.character)
        b->at = text_start;
    while (b->at.character < mark.index && b->at.offset < b->text.len) {
        bool newline = b->text.at[b->at.offset] == '\n';
        b->at.offset += config_character_len(b->text, b->at.offset);
        b->at.character++;
        if (newline) {
            b->at.line++;
            b->at.line_start = b->at.offset;
        }
    }
    return (struct config_place){b->at.line, b->at.offset - b->at.line_start + 1};
}

static struct config_node *add_node(struct builder *b, enum config_kind kind,
                                    struct config_place place)
{
    struct config_node *node = arena_alloc(&b->tree->arena, 1, sizeof(*node));

    if (!node)
        return NULL;
    node->kind = kind;
    node->place = place;
    if (b->open_len == 0) {
        b->tree->root = b->tree->root ? b->tree->root : node;
        return node;
    }
    struct config_node *parent = b->open[b->open_len - 1];
    struct config_node **last = &b->last[b->open_len - 1];
    if (*last)
        (*last)->next = node;
    else
        parent->first = node;
    *last = node;
    parent->children_len++;
    return node;
}

static void refuse_decoration(struct builder *b, struct config_place place,
                              const yaml_char_t *anchor, const yaml_char_t *tag)
{
    if (anchor)
        config_error_add(b->errors, place,
                         "anchors are not allowed: write the value where it is used");
    if (tag)
        config_error_add(b->errors, place, "tags are not allowed");
}

static size_t characters_in(struct text text)
{
    size_t count = 0;

    for (uint32_t at = 0; at < text.len; at += config_character_len(text, at))
        count++;
    return count;
}

/* Whether each byte of the value stands in the source, on one line, without an escape. */
static bool value_is_exact(const yaml_event_t *event, struct text value)
{
    size_t characters = event->end_mark.index - event->start_mark.index;
    yaml_scalar_style_t style = event->data.scalar.style;

    if (style == YAML_PLAIN_SCALAR_STYLE)
        return event->start_mark.line == event->end_mark.line;
    return (style == YAML_SINGLE_QUOTED_SCALAR_STYLE ||
            style == YAML_DOUBLE_QUOTED_SCALAR_STYLE) &&
           event->start_mark.line == event->end_mark.line &&
           characters == characters_in(value) + 2;
}

static void read_scalar(struct builder *b, const yaml_event_t *event,
                        struct config_place place)
{
    struct config_node *node = add_node(b, CONFIG_VALUE, place);
    size_t len = event->data.scalar.length;

    refuse_decoration(b, place, event->data.scalar.anchor, event->data.scalar.tag);
    if (!node)
        return;
    assert(len <= UINT32_MAX);
    const char *value =
        arena_copy(&b->tree->arena,
                   (struct text){(const char *)event->data.scalar.value, (uint32_t)len});
    if (value)
        node->value = (struct text){value, (uint32_t)len};
    node->exact = value_is_exact(event, node->value);
    node->inside = place;
    if (node->exact && event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
        node->inside.column++;
}

/* false: nested too deeply to go on. */
static bool open_collection(struct builder *b, enum config_kind kind,
                            struct config_place place)
{
    if (b->open_len == CONFIG_DEPTH_MAX) {
        config_error_add(b->errors, place, "nested more than %d deep", CONFIG_DEPTH_MAX);
        return false;
    }
    struct config_node *node = add_node(b, kind, place);
    if (!node)
        return false;
    b->open[b->open_len] = node;
    b->last[b->open_len] = NULL;
    b->open_len++;
    return true;
}

static const struct config_node *first_with_key(const struct config_node *map,
                                                const struct config_node *key)
{
    const struct config_node *other = map->first;

    while (other != key &&
           !(other->kind == CONFIG_VALUE && text_equal(other->value, key->value)))
        other = other->next->next;
    return other;
}

static void check_keys(struct builder *b, const struct config_node *map)
{
    char quoted[CONFIG_QUOTE_SIZE];
    size_t keys = 0;

    for (const struct config_node *key = map->first; key; key = key->next->next) {
        if (++keys > CONFIG_KEYS_MAX) {
            config_error_add(b->errors, key->place, "more than %d keys", CONFIG_KEYS_MAX);
            return;
        }
        if (key->kind != CONFIG_VALUE)
            continue;
        const struct config_node *other = first_with_key(map, key);
        if (other != key)
            config_error_add(b->errors, key->place,
                             "duplicate key %s: it stands on line %u already",
                             config_quote(key->value, quoted), other->place.line);
    }
}

static void close_collection(struct builder *b)
{
    assert(b->open_len > 0);
    struct config_node *node = b->open[--b->open_len];
    if (node->kind == CONFIG_MAP && !b->tree->arena.failed)
        check_keys(b, node);
}

/* false: there is no sense in going on. */
static bool read_event(struct builder *b, const yaml_event_t *event)
{
    struct config_place place = place_of(b, event->start_mark);

    switch (event->type) {
    case YAML_SCALAR_EVENT:
        read_scalar(b, event, place);
        return true;
    case YAML_SEQUENCE_START_EVENT:
        refuse_decoration(b, place, event->data.sequence_start.anchor,
                          event->data.sequence_start.tag);
        return open_collection(b, CONFIG_LIST, place);
    case YAML_MAPPING_START_EVENT:
        refuse_decoration(b, place, event->data.mapping_start.anchor,
                          event->data.mapping_start.tag);
        return open_collection(b, CONFIG_MAP, place);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        close_collection(b);
        return true;
    case YAML_ALIAS_EVENT:
        config_error_add(
            b->errors, place,
            "aliases are not allowed: write the value itself, and * as \"*\"");
        (void)add_node(b, CONFIG_REFUSED, place);
        return true;
    case YAML_DOCUMENT_START_EVENT:
        if (++b->documents == 1)
            return true;
        config_error_add(b->errors, place, "a second document: a file holds one");
        return false;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        break;
    }
    return true;
}

/* What the writer of a common slip should do, beside what libyaml says of it. */
static const char *syntax_advice(const struct builder *b, const char *context)
{
    if (strcmp(context, "while scanning an alias") == 0)
        return ": write * in quotes, \"*\"";
    if (b->at.offset < b->text.len && b->text.at[b->at.offset] == '\t')
        return ": indent with spaces, not with a tab";
    return "";
}

static void report_syntax(struct builder *b, const yaml_parser_t *parser)
{
    const char *context = parser->context ? parser->context : "";
    const char *problem = parser->problem ? parser->problem : "not YAML";

    if (parser->error == YAML_MEMORY_ERROR) {
        b->tree->arena.failed = true;
        return;
    }
    struct config_place place = place_of(b, parser->problem_mark);
    config_error_add(b->errors, place, "%s%s%s%s", problem, *context ? " " : "", context,
                     syntax_advice(b, context));
}

/* false: the text was not read to its end. */
static bool read_events(struct builder *b, yaml_parser_t *parser)
{
    yaml_event_t event;
    bool more = true;
    bool done = false;

    while (more && !b->tree->arena.failed) {
        if (!yaml_parser_parse(parser, &event)) {
            report_syntax(b, parser);
            return false;
        }
        done = event.type == YAML_STREAM_END_EVENT;
        more = !done && read_event(b, &event);
        yaml_event_delete(&event);
    }
    return done;
}

/* libyaml takes other characters for ends of lines than editors do, and lets through what
 * a terminal should not be shown: neither has a place in such a file. */
static bool check_characters(struct builder *b)
{
    struct text text = b->text;
    uint32_t at = 0;

    for (size_t character = 0; at < text.len; character++) {
        uint32_t len = config_character_len(text, at);
        char c = text.at[at];
        bool end =
            c == '\n' || (c == '\r' && at + 1 < text.len && text.at[at + 1] == '\n');
        if (!end && c != '\t' && !text_is_printable((struct text){text.at + at, len})) {
            config_error_add(b->errors, place_of(b, (yaml_mark_t){.index = character}),
                             "not a character of plain UTF-8 text (byte 0x%02X)",
                             (unsigned char)c);
            return false;
        }
        at += len;
    }
    return true;
}

static void build(struct builder *b)
{
    yaml_parser_t parser;

    if (!check_characters(b))
        return;
    if (!yaml_parser_initialize(&parser)) {
        b->tree->arena.failed = true;
        return;
    }
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)b->text.at, b->text.len);
    /* A tree that was cut off would only give errors that follow from the first. */
    if (!read_events(b, &parser))
        b->tree->root = NULL;
    yaml_parser_delete(&parser);
}

enum status config_read(struct text text, struct config_tree **out,
                        struct config_errors *errors)
{
    struct config_tree *tree = calloc(1, sizeof(*tree));
    /* libyaml would count the mark as an indentation of the first line. */
    struct builder b = {
        .text = config_skip_mark(text), .tree = tree, .errors = errors, .at = text_start};

    if (!tree)
        return ST_NO_MEMORY;
    build(&b);
    if (tree->arena.failed) {
        config_free(tree);
        return ST_NO_MEMORY;
    }
    *out = tree;
    return ST_OK;
}

void config_free(struct config_tree *tree)
{
    if (!tree)
        return;
    arena_free(&tree->arena);
    free(tree);
}

const struct config_node *config_root(const struct config_tree *tree)
{
    return tree->root;
}

struct config_place config_place_inside(const struct config_node *value, uint32_t offset)
{
    struct config_place place = value->inside;

    assert(value->kind == CONFIG_VALUE && offset <= value->value.len);
    if (!value->exact)
        return value->place;
    place.column += offset;
    return place;
}
