/* What the parts of the setup share. setup.c has the sections and what is derived;
 * setup_read.c fills them from a file; setup_check.c judges values against each other;
 * setup_load.c meets the system; setup_words.c makes command lines. */
#ifndef SHORTFALL_TOOLS_SETUP_PARTS_H
#define SHORTFALL_TOOLS_SETUP_PARTS_H

#include "setup.h"

/* What stands once at the top of the file, and for which option of which daemon. */
struct setup_wire {
    enum daemon_kind daemon;
    const char *option, *key;
};
extern const struct setup_wire setup_wires[];
extern const size_t setup_wires_len;

/* The sections with the daemons' own defaults; NULL: no memory. */
struct setup *setup_new(void);

/* An empty section of a daemon: every option that does not stand at the top. */
void section_begin(struct section *section, enum daemon_kind daemon, const char *name);

/* The options that one must give: the rest has a default, or one below `state`. */
bool setting_is_required(const struct section *section, const struct setting *setting);

/* Whether the value is a list of names in the file, and NAME,NAME behind the option. */
bool setting_is_list(const struct section *section, const struct setting *setting);

/* The setting of that key, or NULL. */
struct setting *section_setting(struct section *section, const char *key);

/* Sets a default: judged by its row, which must take it. */
void setting_default(struct setting *setting, const char *value);

/* Defaults below `state`, where the file says nothing. False: no memory. */
bool setup_derive(struct setup *setup);

/* The parts behind each other, up to a NULL; owned by the setup. NULL: no memory. */
const char *setup_join(struct setup *setup, const char *const *parts);

/* Values against each other, and against what daemons and bus will say of them. */
void setup_check(const struct setup *setup, struct config_errors *errors);

#endif
