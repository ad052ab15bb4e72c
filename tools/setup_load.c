/* A configuration from the disk: finds its folder, its default state and its rule file,
 * and prints what is wrong. The one validator: `config check` and `run` both end here. */
/* NOLINTNEXTLINE(bugprone-reserved-identifier): the name by which POSIX lets us ask */
#define _XOPEN_SOURCE 700 /* realpath is of the X/Open part of POSIX */
#include "setup.h"

#include "rule_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STATE_SIZE 1024

/* What belongs to the user lies in his home, what belongs to the system in /var/lib.
 * NULL: nothing says where. */
static const char *default_state(char out[STATE_SIZE])
{
    const char *state_home = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    int len = 0;

    /* What is not absolute is to be ignored, says the XDG specification. */
    if (state_home && state_home[0] == '/')
        len = snprintf(out, STATE_SIZE, "%s/shortfall", state_home);
    else if (geteuid() == 0)
        len = snprintf(out, STATE_SIZE, "/var/lib/shortfall");
    else if (home && home[0] == '/')
        len = snprintf(out, STATE_SIZE, "%s/.local/state/shortfall", home);
    return len > 0 && len < STATE_SIZE ? out : NULL;
}

/* The folder that holds the file, absolute; free it. NULL: errno says why. */
static char *folder_of(const char *path)
{
    char *folder = strdup(path);
    char *slash = folder ? strrchr(folder, '/') : NULL;
    char *found;

    if (!folder)
        return NULL;
    if (slash)
        slash[slash == folder ? 1 : 0] = '\0';
    found = realpath(slash ? folder : ".", NULL);
    free(folder);
    return found;
}

static enum status read_text(const char *path, char *out, uint32_t *len, struct why *why)
{
    FILE *f = fopen(path, "r");
    size_t got;
    bool failed;

    if (!f)
        return why_set(why, ST_IO, "%s: %s", path, strerror(errno));
    got = fread(out, 1, SETUP_TEXT_MAX + 1, f);
    failed = ferror(f) != 0;
    (void)fclose(f);
    if (failed)
        return why_set(why, ST_IO, "%s: it cannot be read", path);
    if (got > SETUP_TEXT_MAX)
        return why_set(why, ST_OVERFLOW, "%s: longer than %d bytes", path,
                       SETUP_TEXT_MAX);
    *len = (uint32_t)got;
    return ST_OK;
}

static void print_errors(const struct config_errors *errors, const char *path,
                         struct text text)
{
    char lines[2048];

    for (size_t i = 0; i < errors->len; i++) {
        (void)config_error_format(&errors->list[i], path, text, lines, sizeof lines);
        (void)fputs(lines, stderr);
    }
    (void)fprintf(stderr, "%s: %zu error%s\n", path, errors->total,
                  errors->total == 1 ? "" : "s");
}

/* The aggregator would refuse to start with them, long after everything else has. False:
 * there are errors, and they have been printed. */
static bool check_rules(const char *rules)
{
    struct rule_file file = {.buffer = NULL};
    int code = rule_file_read(rules, &file);

    rule_file_free(&file);
    return code == 0;
}

/* `errors` is big. */
static int parse(const char *path, struct text text, const char *folder,
                 struct config_errors *errors, struct setup **out)
{
    char state[STATE_SIZE];
    struct setup *setup = NULL;
    enum status st = setup_parse(text, folder, default_state(state), &setup, errors);

    if (st) {
        (void)fprintf(stderr, "%s: %s\n", path, status_text(st));
        return status_exit_code(st);
    }
    const struct setting *rules = setup_find(&setup->daemons[DAEMON_AGGREGATOR], "rules");
    bool has_rules = rules->value && access(rules->value, R_OK) == 0;

    if (rules->value && !has_rules)
        config_error_add(errors, rules->place, "%.200s: %s", rules->value,
                         strerror(errno));
    if (errors->total > 0)
        print_errors(errors, path, text);
    if ((has_rules && !check_rules(rules->value)) || errors->total > 0) {
        setup_free(setup);
        return EXIT_CONFIG;
    }
    *out = setup;
    return 0;
}

/* What is needed to read a file, all at once. */
struct desk {
    struct config_errors *errors;
    char *text;
    char *folder;
};

static enum status open_desk(const char *path, struct desk *d, struct why *why)
{
    d->errors = calloc(1, sizeof *d->errors);
    d->text = malloc(SETUP_TEXT_MAX + 1);
    if (!d->errors || !d->text)
        return why_set(why, ST_NO_MEMORY, "%s: no memory", path);
    d->folder = folder_of(path);
    if (!d->folder)
        return why_set(why, ST_IO, "%s: %s", path, strerror(errno));
    return ST_OK;
}

int setup_load(const char *path, struct setup **out)
{
    struct desk d = {NULL, NULL, NULL};
    struct why why = {""};
    uint32_t len = 0;
    int code = EXIT_CONFIG;
    enum status st = open_desk(path, &d, &why);

    if (!st)
        st = read_text(path, d.text, &len, &why);
    if (st)
        (void)fprintf(stderr, "%s\n", why.text);
    else
        code = parse(path, (struct text){d.text, len}, d.folder, d.errors, out);
    free(d.errors);
    free(d.text);
    free(d.folder);
    return code;
}
