/* What a configuration file says: every option of every daemon with its value and where
 * that comes from. The rows of the daemons' own tables judge the values; nothing here has
 * a range or a default of theirs. */
#ifndef SHORTFALL_TOOLS_SETUP_H
#define SHORTFALL_TOOLS_SETUP_H

#include "shortfall/daemons/programs.h"
#include "shortfall/proto/config.h"

#define SETUP_TEXT_MAX  262144 /* bytes of a file */
#define SETUP_FEEDS_MAX 64
#define SETTINGS_MAX    16 /* of one section */

struct setting {
    char key[32]; /* in the file: "commit_wait" */
    const struct option_row *row;
    const char *value;         /* as it would be typed, paths made absolute; NULL: none */
    union option_value read;   /* the same as the row reads it */
    struct config_place place; /* of the value; line 0: it is a default */
};

/* The top of the file, or the options of one daemon. */
struct section {
    enum daemon_kind daemon;   /* DAEMON_KIND_COUNT: the top */
    char name[32];             /* "", "recorder", "feeds[0]" */
    struct config_place place; /* line 0: it is not in the file */
    struct setting list[SETTINGS_MAX];
    size_t len;
};

struct setup_text;

struct setup {
    struct section top;
    struct section daemons[DAEMON_FEED]; /* recorder, aggregator, notifier */
    struct section *feeds;
    size_t feeds_len;
    struct config_tree *tree; /* what values are lent by, with `texts` */
    struct setup_text *texts;
};

/* Reads a text. Relative paths are taken from `folder`; `state` is the default of that
 * key, NULL: there is none. All that is wrong is in `errors`; what could be read all the
 * same is in *out. ST_NO_MEMORY. */
MUST_USE enum status setup_parse(struct text text, const char *folder, const char *state,
                                 struct setup **out, struct config_errors *errors);
void setup_free(struct setup *setup);

/* Reads a file and the rule file it names. Prints all that is wrong, each with its line
 * and a caret, and returns the exit code: 0 when *out is set. */
int setup_load(const char *path, struct setup **out);

/* The key must be one of the section's. */
const struct setting *setup_find(const struct section *section, const char *key);

/* Value of a key at the top: "state", "journal", "serve" ... */
const char *setup_top(const struct setup *setup, const char *key);

/* Each section once: the top, the daemons, the feeds. NULL behind the last. */
const struct section *setup_section(const struct setup *setup, size_t index);

/* The words that start a section's daemon, whose program lies in `folder`; it says that
 * it is ready on `ready_fd`. NULL: no memory. */
char **setup_words(const struct setup *setup, const struct section *section,
                   const char *folder, int ready_fd);
void setup_words_free(char **words);

#endif
