/* Lines for operators:
 *
 *   2026-01-05T10:00:00.123Z warn recorder duplicate number=81 producer=odesa
 *
 * One line is one write(2), so that lines of several processes never mix. Must never wait
 * for anything but that write, and never fails. */
#ifndef SHORTFALL_DAEMONS_LOG_H
#define SHORTFALL_DAEMONS_LOG_H

#include "shortfall/core/text.h"

enum log_level {
    LOG_DEBUG, /* off by default; the only level that may have a line for each frame */
    LOG_INFO,  /* state changes: opened, caught up, stopped */
    LOG_WARN,  /* odd, we go on, somebody should look */
    LOG_ERROR, /* one piece of work failed */
    LOG_FATAL, /* the process ends, a restart may help */
    LOG_LEVEL_COUNT
};

/* "debug" ... "fatal", with a NULL behind the last: the choices of `--log-level`. */
extern const char *const log_level_names[LOG_LEVEL_COUNT + 1];

/* One key=value. A value is shown as it is when it is one plain word, else in double
 * quotes with \" \\ \n and \xNN. */
struct log_field {
    const char *key;
    enum { LOG_FIELD_TEXT, LOG_FIELD_UNSIGNED, LOG_FIELD_SIGNED, LOG_FIELD_TIME } kind;
    struct text text;
    uint64_t number;
    int64_t whole;
};

struct log_field log_text(const char *key, struct text value);
struct log_field log_string(const char *key, const char *value);
struct log_field log_count(const char *key, uint64_t value);
struct log_field log_whole(const char *key, int64_t value);
struct log_field log_time(const char *key, int64_t time);

#define LOG_LINE_MAX 4096 /* bytes, with its newline; longer lines are cut */

/* `who` stands in each line (kept, not copied); lines below `least` are dropped. Before
 * the first call: "shortfall", info, standard error. */
void log_begin(const char *who, enum log_level least, int fd);
bool log_wants(enum log_level level);

/* `word` is stable: scripts look for it. */
void log_line(enum log_level level, const char *word, const struct log_field *fields,
              size_t len);

/* log_write(LOG_INFO, "opened", log_count("pos", 7), ...): at least one field. */
#define log_write(level, word, ...)                                                      \
    log_line(level, word, (const struct log_field[]){__VA_ARGS__},                       \
             sizeof((const struct log_field[]){__VA_ARGS__}) / sizeof(struct log_field))

/* The line with its newline and, cut at LOG_LINE_MAX, its length. */
size_t log_format(int64_t wall_us, enum log_level level, const char *word,
                  const struct log_field *fields, size_t len, char out[LOG_LINE_MAX]);

#endif
