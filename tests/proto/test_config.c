/* Mappings with known keys: what is found, and what is said of the rest. */
#include "shortfall/proto/config.h"

#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

enum { ROTATE, JOURNAL, WAIT, KEYS };
static const struct config_key keys[KEYS] = {{"rotate", "roll", true, NULL},
                                             {"journal", NULL, false, "at the top"},
                                             {"wait", NULL, false, NULL}};

/* Reads the text as a mapping of these keys; `out` gets the errors, one a line. */
static bool read_map(const char *text, char *rotate, size_t size, char *out,
                     size_t out_size)
{
    static struct config_errors errors;
    struct config_tree *tree = NULL;
    const struct config_node *found[KEYS];
    size_t len = 0;

    memset(&errors, 0, sizeof errors);
    cr_assert(config_read(text_of(text), &tree, &errors) == ST_OK, "%s", text);
    cr_assert(config_root(tree) != NULL, "%s", text);
    bool is_map = config_map(&errors, config_root(tree), "a recorder", keys, KEYS, found);

    rotate[0] = '\0';
    if (found[ROTATE])
        (void)text_copy(found[ROTATE]->value, rotate, size);
    cr_assert(found[JOURNAL] == NULL, "%s: found where it does not belong", text);
    out[0] = '\0';
    for (size_t i = 0; i < errors.len; i++)
        len += (size_t)snprintf(out + len, out_size - len, "%u:%u: %s\n",
                                errors.list[i].line, errors.list[i].column,
                                errors.list[i].text);
    config_free(tree);
    return is_map;
}

Test(config, known_keys_are_found_and_the_rest_is_named)
{
    static const struct {
        const char *text, *rotate, *said;
    } rows[] = {
        {"rotate: 5m\nwait: yes\n", "5m", ""},
        {"{rotate: '5m'}\n", "5m", ""},
        {"wait: 1\n", "", "1:1: a recorder needs \"rotate\"\n"},
        {"rotate: 1\nrotatte: 2\n", "1",
         "2:1: unknown key \"rotatte\" in a recorder (did you mean \"rotate\"?)\n"},
        {"rotate: 1\nroll: 2\n", "1",
         "2:1: unknown key \"roll\" in a recorder (did you mean \"rotate\"?)\n"},
        {"rotate: 1\njournal: x\n", "1",
         "2:1: \"journal\" does not belong into a recorder: it stands at the top\n"},
        {"rotate: 1\njournl: x\n", "1", "2:1: unknown key \"journl\" in a recorder\n"},
        {"rotate: 1\nrotate: 2\n", "1",
         "2:1: duplicate key \"rotate\": it stands on line 1 already\n"},
        {"rotate: 1\n[a]: 2\n", "1", "2:1: a key must be a word\n"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char rotate[32];
        char said[512];

        cr_assert(read_map(rows[i].text, rotate, sizeof rotate, said, sizeof said), "%s",
                  rows[i].text);
        cr_assert_str_eq(rotate, rows[i].rotate, "%s: %s", rows[i].text, rotate);
        cr_assert_str_eq(said, rows[i].said, "%s: %s", rows[i].text, said);
    }
}

Test(config, what_is_no_mapping_is_said_once)
{
    char rotate[32];
    char said[512];

    cr_assert(!read_map("- a\n", rotate, sizeof rotate, said, sizeof said), "a list");
    cr_assert_str_eq(said, "1:1: a recorder must be a mapping of keys\n");
    cr_assert(!read_map("&a x\n", rotate, sizeof rotate, said, sizeof said), "a value");
}
