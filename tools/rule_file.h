/* A rule file on disk: read, checked, and its errors printed all at once. */
#ifndef SHORTFALL_TOOLS_RULE_FILE_H
#define SHORTFALL_TOOLS_RULE_FILE_H

#include "shortfall/core/status.h"
#include "shortfall/core/text.h"

struct rule_file {
    struct text name, text;
    char *buffer; /* owns both */
};

/* Prints what is wrong with the file, each with its line and a caret, and returns the
 * exit code: 0 when *out is set (free it with rule_file_free), 78 for rules with errors.
 */
int rule_file_read(const char *path, struct rule_file *out);
void rule_file_free(struct rule_file *file);

/* Takes over the body of a rules frame, in place of what was there. */
MUST_USE enum status rule_file_take(struct rule_file *file, struct bytes body,
                                    struct why *why);

#endif
